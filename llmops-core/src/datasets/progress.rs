//! How far a pass over a dataset is, and whether it should go on.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::base::{Error, Result};

/// Shared by the thread that reads and by who looks at it.
#[derive(Default)]
pub(super) struct Progress {
    rows: AtomicU64,
    bytes: AtomicU64,
    stop: AtomicBool,
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
        if self.stop.load(Ordering::Relaxed) {
            return Err(Error::unavailable("the pass over the rows is interrupted").code("interrupted"));
        }
        Ok(())
    }

    /// Ends the pass at its next row.
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}
