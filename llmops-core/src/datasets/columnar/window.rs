//! A stretch of the file for each column: pages are read one after another, and their headers byte by byte.

use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use parquet::errors::{ParquetError, Result};
use parquet::file::reader::{ChunkReader, Length};

use crate::datasets::source::Ranges;

/// What all columns keep of the file at most, and one at least and at most.
const ALL: usize = 32 << 20;
const LEAST: usize = 16 << 10;
const MOST: usize = 1 << 20;

/// The file, of which the bytes read last stay.
#[derive(Clone)]
pub(super) struct Window(Arc<Kept>);

struct Kept {
    file: Arc<Ranges>,
    size: usize,
    last: Mutex<(u64, Bytes)>,
}

impl Window {
    /// One of so many.
    pub(super) fn new(file: Arc<Ranges>, of: usize) -> Self {
        let size = (ALL / of.max(1)).clamp(LEAST, MOST);
        Self(Arc::new(Kept { file, size, last: Mutex::default() }))
    }
}

impl Length for Window {
    fn len(&self) -> u64 {
        self.0.file.length
    }
}

impl ChunkReader for Window {
    type T = Reading;

    fn get_read(&self, start: u64) -> Result<Reading> {
        Ok(Reading { window: self.clone(), at: start })
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes> {
        let Kept { file, size, last } = &*self.0;
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        let before = start.checked_sub(last.0).and_then(|before| usize::try_from(before).ok());
        if let Some(before) = before.filter(|before| before.saturating_add(length) <= last.1.len()) {
            return Ok(last.1.slice(before..before + length));
        }
        let failed = |error: std::io::Error| ParquetError::External(Box::new(error));
        if length >= *size {
            return file.read(start, length).map_err(failed);
        }
        let rest = usize::try_from(file.length.saturating_sub(start)).unwrap_or(usize::MAX);
        let read = file.read(start, rest.min(*size).max(length)).map_err(failed)?;
        let wanted = read.slice(..length);
        *last = (start, read);
        Ok(wanted)
    }
}

/// Reading on from a place.
pub(super) struct Reading {
    window: Window,
    at: u64,
}

impl Read for Reading {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let rest = usize::try_from(self.window.len().saturating_sub(self.at)).unwrap_or(usize::MAX);
        let length = into.len().min(rest);
        let bytes = self.window.get_bytes(self.at, length).map_err(std::io::Error::other)?;
        into[..length].copy_from_slice(&bytes);
        self.at += length as u64;
        Ok(length)
    }
}
