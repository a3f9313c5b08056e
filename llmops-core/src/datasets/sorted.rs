//! Sorting more records than memory holds: runs that are sorted and written to the scratch folder, then merged. Records
//! have a fixed size and are compared byte by byte, so numbers in them are written big-endian.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::File;
use std::io::{BufReader, BufWriter, ErrorKind as IoKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::base::{Error, ErrorKind, Result};

/// Bytes of records that are sorted in memory.
const MEMORY: usize = 32 << 20;
/// Bytes of each run that are read ahead.
const AHEAD: usize = 64 << 10;

/// How long a folder of which nothing changes is taken for one in use.
const LEFT: Duration = Duration::from_secs(24 * 60 * 60);

/// A folder for one pass, removed with all that is in it when it is let go.
pub(super) struct Scratch(PathBuf);

impl Scratch {
    /// A new folder below this one.
    pub(super) fn create(below: &Path) -> Result<Self> {
        let folder = below.join(uuid::Uuid::now_v7().simple().to_string());
        std::fs::create_dir_all(&folder).map_err(disk)?;
        Ok(Self(folder))
    }

    /// A file in it.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(cause) = std::fs::remove_dir_all(&self.0) {
            tracing::warn!(%cause, "a pass left files in the scratch folder");
        }
    }
}

/// Removes what a server that was killed left below this folder a day ago or longer.
pub(super) fn sweep(below: &Path) {
    let folders = std::fs::read_dir(below).into_iter().flatten().flatten();
    let age = |folder: &std::fs::DirEntry| folder.metadata().and_then(|meta| meta.modified()).ok()?.elapsed().ok();
    for folder in folders.filter(|folder| age(folder).is_some_and(|age| age > LEFT)) {
        if let Err(cause) = std::fs::remove_dir_all(folder.path()) {
            tracing::warn!(%cause, "files of a pass that was cut short stay in the scratch folder");
        }
    }
}

/// What the machine's disk says, in the platform's words.
pub(super) fn disk(cause: std::io::Error) -> Error {
    let full = cause.kind() == IoKind::StorageFull;
    let kind = if full { ErrorKind::StorageFull } else { ErrorKind::Unavailable };
    Error::new(kind, "the scratch folder on this machine's disk cannot be used")
        .hint("free some space")
        .caused_by(cause)
}

/// Records on their way to be sorted.
pub(super) struct Sorter<const N: usize> {
    scratch: PathBuf,
    room: usize,
    waiting: Vec<[u8; N]>,
    runs: Vec<PathBuf>,
}

impl<const N: usize> Sorter<N> {
    /// Sorts with files of this name in the scratch folder.
    pub(super) fn new(scratch: &Scratch, name: &str) -> Self {
        Self::with_room(scratch, name, MEMORY / N)
    }

    /// The same with so many records in memory.
    pub(super) fn with_room(scratch: &Scratch, name: &str, room: usize) -> Self {
        Self { scratch: scratch.file(name), room, waiting: Vec::new(), runs: Vec::new() }
    }

    /// Takes a record.
    pub(super) fn add(&mut self, record: [u8; N]) -> Result<()> {
        if self.waiting.len() == self.room {
            self.spill()?;
        }
        self.waiting.push(record);
        Ok(())
    }

    fn spill(&mut self) -> Result<()> {
        self.waiting.sort_unstable();
        let path = self.scratch.with_extension(self.runs.len().to_string());
        let mut out = BufWriter::with_capacity(AHEAD, File::create(&path).map_err(disk)?);
        for record in self.waiting.drain(..) {
            out.write_all(&record).map_err(disk)?;
        }
        out.flush().map_err(disk)?;
        self.runs.push(path);
        Ok(())
    }

    /// All records in order.
    pub(super) fn finish(mut self) -> Result<Sorted<N>> {
        self.waiting.sort_unstable();
        let mut runs = vec![Run::Memory(self.waiting.into_iter())];
        for path in &self.runs {
            runs.push(Run::File(BufReader::with_capacity(AHEAD, File::open(path).map_err(disk)?)));
        }
        let mut sorted = Sorted { heads: BinaryHeap::new(), runs };
        for run in 0..sorted.runs.len() {
            sorted.refill(run)?;
        }
        Ok(sorted)
    }
}

enum Run<const N: usize> {
    Memory(std::vec::IntoIter<[u8; N]>),
    File(BufReader<File>),
}

/// Records in order, merged as they are taken.
pub(super) struct Sorted<const N: usize> {
    heads: BinaryHeap<Reverse<([u8; N], usize)>>,
    runs: Vec<Run<N>>,
}

impl<const N: usize> Sorted<N> {
    /// The next record, which stays.
    pub(super) fn peek(&self) -> Option<&[u8; N]> {
        self.heads.peek().map(|Reverse((record, _))| record)
    }

    /// The next record.
    pub(super) fn next(&mut self) -> Result<Option<[u8; N]>> {
        let Some(Reverse((record, run))) = self.heads.pop() else { return Ok(None) };
        self.refill(run)?;
        Ok(Some(record))
    }

    fn refill(&mut self, run: usize) -> Result<()> {
        let next = match &mut self.runs[run] {
            Run::Memory(rest) => rest.next(),
            Run::File(file) => {
                let mut record = [0; N];
                match file.read_exact(&mut record) {
                    Ok(()) => Some(record),
                    Err(end) if end.kind() == IoKind::UnexpectedEof => None,
                    Err(cause) => return Err(disk(cause)),
                }
            }
        };
        if let Some(record) = next {
            self.heads.push(Reverse((record, run)));
        }
        Ok(())
    }
}
