//! What the process tells its parent: JSON lines on standard output, and in a file where one is named.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

use crate::error::{Error, Result};

/// Writes one line to standard output.
///
/// A parent that no longer listens is no reason to stop working, so a failure to write is passed over.
pub fn emit(event: &Value) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "{event}").and_then(|()| out.flush());
}

/// The events of one job.
#[derive(Debug, Default)]
pub(crate) struct Events {
    file: Option<File>,
}

impl Events {
    /// Events on standard output, and at the end of `path` where one is given, so that whoever comes later can read
    /// what happened.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self> {
        let append = |path: &Path| File::options().create(true).append(true).open(path).map_err(Error::at(path));
        Ok(Self { file: path.map(append).transpose()? })
    }

    /// Tells one event.
    pub(crate) fn emit(&mut self, event: &Value) {
        emit(event);
        if let Some(file) = &mut self.file {
            let _ = file.write_all(format!("{event}\n").as_bytes());
        }
    }
}
