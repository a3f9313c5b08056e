//! JSON line by line: a body of any length, of which one line is in memory.

use bytes::{Buf, Bytes, BytesMut};
use futures::TryStreamExt;
use llmops_core::base::{ByteStream, Error, ErrorKind, Result};

/// The lines of a body, each of at most so many bytes.
pub(super) struct Lines {
    body: ByteStream,
    kept: BytesMut,
    /// How much of `kept` is known to hold no end of a line.
    searched: usize,
    most: usize,
}

impl Lines {
    pub(super) fn new(body: ByteStream, most: usize) -> Self {
        Self { body, kept: BytesMut::new(), searched: 0, most }
    }

    /// The next line that is not empty.
    pub(super) async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            if let Some(at) = self.kept[self.searched..].iter().position(|byte| *byte == b'\n') {
                let line = self.kept.split_to(self.searched + at).freeze();
                self.kept.advance(1);
                self.searched = 0;
                if let Some(line) = filled(line) {
                    return Ok(Some(line));
                }
                continue;
            }
            self.searched = self.kept.len();
            if self.searched > self.most {
                let rule = format!("a line is longer than {} MiB", self.most >> 20);
                return Err(Error::new(ErrorKind::TooLarge, rule)
                    .code("line_too_long")
                    .hint("a file within a commit has at most 10 MiB; a larger one is sent by itself before"));
            }
            match self.body.try_next().await? {
                Some(chunk) => self.kept.extend_from_slice(&chunk),
                None => {
                    self.searched = 0;
                    return Ok(filled(self.kept.split().freeze()));
                }
            }
        }
    }
}

fn filled(line: Bytes) -> Option<Bytes> {
    (!line.trim_ascii().is_empty()).then_some(line)
}
