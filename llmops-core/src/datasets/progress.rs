//! How far a pass over a dataset is, and whether it should go on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use crate::base::{Error, Result};

/// Shared by the thread that reads and by who looks at it.
#[derive(Default)]
pub(super) struct Progress {
    rows: AtomicU64,
    bytes: AtomicU64,
    stop: AtomicBool,
    offered: Mutex<Option<Kept>>,
}

/// What a pass counted up to a row, to go on from.
pub(super) struct Kept {
    /// Rows before.
    pub rows: u64,
    /// The counts.
    pub state: Bytes,
}

impl Progress {
    /// Rows and bytes read.
    pub(super) fn read(&self) -> (u64, u64) {
        (self.rows.load(Ordering::Relaxed), self.bytes.load(Ordering::Relaxed))
    }

    /// Says how far the pass is; an error ends it.
    pub(super) fn is_at(&self, rows: u64, bytes: u64) -> Result<()> {
        self.rows.store(rows, Ordering::Relaxed);
        self.bytes.store(bytes, Ordering::Relaxed);
        if self.stopped() {
            return Err(Error::unavailable("the pass over the rows is interrupted").code("interrupted"));
        }
        Ok(())
    }

    fn offered(&self) -> MutexGuard<'_, Option<Kept>> {
        self.offered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether what was offered last was taken.
    pub(super) fn is_taken(&self) -> bool {
        self.offered().is_none()
    }

    /// Offers what was counted so far, to be written down.
    pub(super) fn offer(&self, kept: Kept) {
        *self.offered() = Some(kept);
    }

    /// Takes what was offered last.
    pub(super) fn take(&self) -> Option<Kept> {
        self.offered().take()
    }

    /// Whether the pass is to end.
    pub(super) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Ends the pass at its next row.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
