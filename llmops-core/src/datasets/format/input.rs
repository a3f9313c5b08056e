//! Bytes with their place: offset and line, whatever the line ends are.

use std::io::Read;

use crate::base::{Error, ErrorKind, Result};

/// Bytes read at a time.
const BUFFER: usize = 256 << 10;

/// Where something stands in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) struct Place {
    /// Bytes before it.
    pub offset: u64,
    /// Its line, from 1.
    pub line: u64,
}

impl Place {
    /// The beginning of a file.
    pub(in super::super) const START: Self = Self { offset: 0, line: 1 };
}

/// How reading a line ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum LineEnd {
    /// It is in the buffer.
    Whole,
    /// It is longer than the limit; what is beyond was skipped.
    TooLong,
    /// There is none.
    Nothing,
}

/// A file being read forwards, with nothing kept but one buffer.
pub(super) struct Input {
    reader: Box<dyn Read + Send>,
    buffer: Box<[u8]>,
    at: usize,
    filled: usize,
    offset: u64,
    line: u64,
    line_start: u64,
}

impl Input {
    /// Reads on from a place, which must be the beginning of a line.
    pub(super) fn new(reader: Box<dyn Read + Send>, place: Place) -> Self {
        Self {
            reader,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            at: 0,
            filled: 0,
            offset: place.offset,
            line: place.line,
            line_start: place.offset,
        }
    }

    /// Where the next byte stands.
    pub(super) fn place(&self) -> Place {
        Place { offset: self.offset, line: self.line }
    }

    /// The column of the byte before the next, from 1.
    pub(super) fn column(&self) -> u64 {
        self.offset - self.line_start
    }

    /// The next byte, which stays.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<Option<u8>> {
        if self.at == self.filled && !self.fill()? {
            return Ok(None);
        }
        Ok(Some(self.buffer[self.at]))
    }

    /// The next byte.
    #[inline]
    pub(super) fn next(&mut self) -> Result<Option<u8>> {
        let byte = self.peek()?;
        if byte.is_some() {
            self.at += 1;
            self.offset += 1;
        }
        Ok(byte)
    }

    /// Takes the bytes before the first of these as far as they are in the buffer, at most so many.
    pub(super) fn take_until(&mut self, stop: impl Fn(u8) -> bool, most: usize, into: &mut Vec<u8>) {
        let ahead = &self.buffer[self.at..self.filled.min(self.at.saturating_add(most))];
        let count = ahead.iter().position(|byte| stop(*byte)).unwrap_or(ahead.len());
        into.extend_from_slice(&ahead[..count]);
        self.at += count;
        self.offset += count as u64;
    }

    /// Says that the byte just read, `\r` or `\n`, ended a line; takes the `\n` of a `\r\n` along.
    pub(super) fn end_line(&mut self, byte: u8) -> Result<()> {
        if byte == b'\r' && self.peek()? == Some(b'\n') {
            self.next()?;
        }
        self.line += 1;
        self.line_start = self.offset;
        Ok(())
    }

    /// Reads a line of at most `limit` bytes into `into`, without its end.
    pub(super) fn read_line(&mut self, into: &mut Vec<u8>, limit: usize) -> Result<LineEnd> {
        into.clear();
        if self.peek()?.is_none() {
            return Ok(LineEnd::Nothing);
        }
        let mut too_long = false;
        while self.peek()?.is_some() {
            let ahead = &self.buffer[self.at..self.filled];
            let end = ahead.iter().position(|b| matches!(b, b'\n' | b'\r'));
            let text = &ahead[..end.unwrap_or(ahead.len())];
            let room = limit - into.len();
            too_long |= text.len() > room;
            into.extend_from_slice(&text[..text.len().min(room)]);
            self.at += text.len();
            self.offset += text.len() as u64;
            if end.is_some() {
                if let Some(byte) = self.next()? {
                    self.end_line(byte)?;
                }
                break;
            }
        }
        Ok(if too_long { LineEnd::TooLong } else { LineEnd::Whole })
    }

    /// Skips what is left of the line.
    pub(super) fn skip_line(&mut self) -> Result<()> {
        while let Some(byte) = self.next()? {
            if matches!(byte, b'\n' | b'\r') {
                return self.end_line(byte);
            }
        }
        Ok(())
    }

    /// Skips the mark that some programs put before UTF-8.
    pub(super) fn skip_byte_order_mark(&mut self) -> Result<()> {
        if self.offset == 0 && self.peek()?.is_some() && self.buffer[self.at..self.filled].starts_with(b"\xEF\xBB\xBF")
        {
            self.at += 3;
            self.offset += 3;
            self.line_start = 3;
        }
        Ok(())
    }

    /// Reads on. It takes at least three bytes, if there are as many, so that a byte order mark is seen whole.
    fn fill(&mut self) -> Result<bool> {
        (self.at, self.filled) = (0, 0);
        while self.filled < 3 {
            match self.reader.read(&mut self.buffer[self.filled..]) {
                Ok(0) => break,
                Ok(read) => self.filled += read,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => {
                    return Err(Error::new(ErrorKind::Upstream, "the file's bytes cannot be read from the store")
                        .hint("see `llmops-server doctor`; the call may be repeated")
                        .caused_by(error));
                }
            }
        }
        Ok(self.filled > 0)
    }
}
