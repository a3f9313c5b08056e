//! The samples of a run that is not over.

use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::error::{Error, Result};
use crate::files::whole;

/// The file of samples.
pub(super) const SAMPLES: &str = "samples.jsonl";
/// Says beside it what work they are of.
const WORK: &str = "work";

/// A folder beside the one that is asked for, with the samples so far.
pub(super) struct Partial {
    dir: PathBuf,
    file: File,
    lines: usize,
}

impl Partial {
    /// Goes on behind the last whole line of the same work, or begins anew.
    pub(super) fn open(out: &Path, work: &str) -> Result<Self> {
        let mut name = out.as_os_str().to_owned();
        name.push(".part");
        let dir = PathBuf::from(name);
        fs::create_dir_all(&dir).map_err(Error::at(&dir))?;
        let (path, said) = (dir.join(SAMPLES), dir.join(WORK));
        if !fs::read_to_string(&said).is_ok_and(|known| known == work) {
            // The samples go first: at no time do they stand beside the name of other work.
            fs::write(&path, "").map_err(Error::at(&path))?;
            fs::write(&said, work).map_err(Error::at(&said))?;
        }
        let file = File::options().write(true).create(true).truncate(false).open(&path);
        let mut file = file.map_err(Error::at(&path))?;
        let held = fs::read(&path).map_err(Error::at(&path))?;
        let whole = held.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        file.set_len(whole as u64).map_err(Error::at(&path))?;
        file.seek(SeekFrom::End(0)).map_err(Error::at(&path))?;
        let lines = held[..whole].iter().filter(|byte| **byte == b'\n').count();
        Ok(Self { dir, file, lines })
    }

    /// Number of samples.
    pub(super) fn lines(&self) -> usize {
        self.lines
    }

    /// Adds a sample.
    pub(super) fn push(&mut self, sample: &Value) -> Result<()> {
        self.file.write_all(format!("{sample}\n").as_bytes()).map_err(Error::at(&self.dir))?;
        self.lines += 1;
        Ok(())
    }

    /// Puts the samples in the place that was asked for.
    pub(super) fn finish(self, out: &Path) -> Result<()> {
        self.file.sync_all().map_err(Error::at(&self.dir))?;
        let from = self.dir.join(SAMPLES);
        whole(out, |part| fs::rename(&from, part.join(SAMPLES)).map_err(Error::at(&from)))?;
        fs::remove_dir_all(&self.dir).map_err(Error::at(&self.dir))
    }
}
