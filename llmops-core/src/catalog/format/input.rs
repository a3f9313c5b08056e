//! Bytes of a file read where they are needed: forward, with jumps over what need not be seen.

use std::io::{self, BufRead, BufReader, Read, Seek};

/// A file that is read from its beginning, and how far.
pub(super) struct Input<R: Read + Seek> {
    inner: BufReader<R>,
    at: u64,
    size: u64,
}

impl<R: Read + Seek> Input<R> {
    /// A file of `size` bytes.
    pub(super) fn new(inner: R, size: u64) -> Self {
        Self { inner: BufReader::with_capacity(64 << 10, inner), at: 0, size }
    }

    /// How many bytes were read or jumped over.
    pub(super) fn at(&self) -> u64 {
        self.at
    }

    /// How many are left.
    pub(super) fn left(&self) -> u64 {
        self.size - self.at
    }

    /// The next byte, left where it is; `None` at the end.
    pub(super) fn peek(&mut self) -> io::Result<Option<u8>> {
        Ok(if self.left() == 0 { None } else { self.inner.fill_buf()?.first().copied() })
    }

    /// The next byte; `None` at the end.
    pub(super) fn byte(&mut self) -> io::Result<Option<u8>> {
        if self.left() == 0 {
            return Ok(None);
        }
        let mut one = [0];
        self.inner.read_exact(&mut one)?;
        self.at += 1;
        Ok(Some(one[0]))
    }

    /// The next `length` bytes; what they would cost has been bounded by the caller. `None` if the file ends before.
    pub(super) fn take(&mut self, length: usize) -> io::Result<Option<Vec<u8>>> {
        if length as u64 > self.left() {
            return Ok(None);
        }
        let mut bytes = vec![0; length];
        self.inner.read_exact(&mut bytes)?;
        self.at += length as u64;
        Ok(Some(bytes))
    }

    /// Jumps over bytes. Whether the file has so many.
    pub(super) fn skip(&mut self, length: u64) -> io::Result<bool> {
        if length > self.left() {
            return Ok(false);
        }
        self.inner.seek_relative(i64::try_from(length).map_err(io::Error::other)?)?;
        self.at += length;
        Ok(true)
    }
}
