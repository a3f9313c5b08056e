//! What is asked of a place, and what it says.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::lines::check_below;
use crate::base::{Error, Result, Secret, Timestamp};

/// What a piece of work is called: 1 to 63 of `a-z`, `0-9` and `-`, beginning and ending with a letter or digit, so that
/// it is a name on every place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct WorkId(String);

impl WorkId {
    /// Checks a name.
    ///
    /// # Errors
    /// `invalid` when it has other characters or another length.
    pub fn parse(name: impl Into<String>) -> Result<Self> {
        let name = name.into();
        let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        let inner = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if name.len() > 63 || !inner || !edge(name.as_bytes().first()) || !edge(name.as_bytes().last()) {
            return Err(Error::invalid(
                "workId",
                "must be 1 to 63 of a-z, 0-9 and -, with a letter or digit at both ends",
            ));
        }
        Ok(Self(name))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WorkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for WorkId {
    type Error = Error;

    fn try_from(name: String) -> Result<Self> {
        Self::parse(name)
    }
}

impl From<WorkId> for String {
    fn from(id: WorkId) -> Self {
        id.0
    }
}

/// What to run. Arguments name files relative to the working folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Program {
    /// The runtime that comes with llmops, with these arguments.
    Runtime(Vec<String>),
    /// A program of the place with its arguments.
    Command(Vec<String>),
}

/// Whether work ends by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkKind {
    /// It does, leaving results below `out/`.
    Batch,
    /// It answers until it is stopped, and writes where to a file of the working folder once it listens.
    Service {
        /// The file that will hold `HOST:PORT`.
        address_file: String,
    },
}

impl WorkKind {
    /// `batch` or `service`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Batch => "batch",
            Self::Service { .. } => "service",
        }
    }
}

/// What a piece of work may use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    /// Thousandths of a core.
    pub cpu_millis: u32,
    /// The most address space or container memory, in bytes; nothing for no limit.
    pub memory_bytes: Option<u64>,
    /// GPUs.
    pub gpus: u32,
    /// The largest file it may write, in bytes; nothing for no limit.
    pub file_bytes: Option<u64>,
}

/// Bytes the work finds in its folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// Where, relative to the working folder.
    pub path: String,
    /// Their SHA-256, as the blob store knows them.
    pub digest: String,
}

/// A piece of work.
#[derive(Debug, Clone)]
pub struct Work {
    /// Its name.
    pub id: WorkId,
    /// Whether it ends by itself.
    pub kind: WorkKind,
    /// What runs.
    pub program: Program,
    /// The whole environment it sees beside what any program needs (`PATH`, `HOME`, `TMPDIR`, `LANG`, and
    /// where an interpreter finds its parts).
    pub environment: BTreeMap<String, Secret>,
    /// Small files written to its folder before it starts, as its specification.
    pub files: BTreeMap<String, String>,
    /// Bytes brought to its folder before it starts.
    pub inputs: Vec<Input>,
    /// What it may use.
    pub resources: Resources,
    /// How it is found by its owner: at most 16, such as `room` and `job`.
    pub labels: BTreeMap<String, String>,
}

impl Work {
    /// Work that ends by itself, with nothing but a name and a program; fill in the rest.
    pub fn batch(id: WorkId, program: Program) -> Self {
        Self {
            id,
            kind: WorkKind::Batch,
            program,
            environment: BTreeMap::new(),
            files: BTreeMap::new(),
            inputs: Vec::new(),
            resources: Resources::default(),
            labels: BTreeMap::new(),
        }
    }

    /// Work that answers until it is stopped, and writes its address to this file.
    pub fn service(id: WorkId, program: Program, address_file: impl Into<String>) -> Self {
        Self { kind: WorkKind::Service { address_file: address_file.into() }, ..Self::batch(id, program) }
    }

    /// Checks what every place refuses.
    ///
    /// # Errors
    /// `invalid` for an empty command, a path that leaves the working folder, or more than 16 labels.
    pub(super) fn check(&self) -> Result<()> {
        if matches!(&self.program, Program::Command(words) if words.first().is_none_or(String::is_empty)) {
            return Err(Error::invalid("program", "must name a program"));
        }
        let (Program::Runtime(words) | Program::Command(words)) = &self.program;
        if words.iter().any(|word| word.contains('\0')) {
            return Err(Error::invalid("program", "must not have a NUL in an argument"));
        }
        if self.labels.len() > 16 {
            return Err(Error::invalid("labels", "must be at most 16"));
        }
        let address = match &self.kind {
            WorkKind::Service { address_file } => Some(address_file),
            WorkKind::Batch => None,
        };
        for path in self.files.keys().chain(self.inputs.iter().map(|input| &input.path)).chain(address) {
            check_below("path", path)?;
            if path.starts_with('.') || path == "out" || path.starts_with("out/") {
                return Err(Error::invalid("path", "must not begin with a dot or lie below `out`"));
            }
        }
        Ok(())
    }
}

/// Where a piece of work stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Accepted; inputs or a place are still missing.
    Waiting,
    /// Running.
    Running,
    /// Over, with an [`Exit`].
    Ended,
}

/// How work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exit {
    /// The exit status, when the program gave one.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether it was ended for using too much memory.
    pub out_of_memory: bool,
    /// Whether we were asked to stop it before it ended.
    pub stopped: bool,
}

/// A piece of work as it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Observed {
    /// Its name.
    pub id: WorkId,
    /// Where it stands.
    pub phase: Phase,
    /// Why it stands there, in words; empty when there is nothing to say.
    pub reason: String,
    /// How it ended.
    pub exit: Option<Exit>,
    /// Since when it runs.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// CPU seconds used by it and its children, as far as the place knows.
    pub cpu_seconds: f64,
    /// The most memory it held, in bytes, as far as the place knows.
    pub memory_peak_bytes: u64,
    /// The `HOST:PORT` of a service that listens.
    pub address: Option<String>,
    /// The labels it was started with.
    pub labels: BTreeMap<String, String>,
}

/// What a piece of work writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Its events: JSON lines on standard output.
    Events,
    /// Its words to people: standard error.
    Text,
}

/// Part of a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogChunk {
    /// The bytes.
    pub bytes: Vec<u8>,
    /// Where to read on.
    pub next: u64,
}

/// A file that work left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Its path below `out/`, with `/` between folders.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
}

/// What a place can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// `local`, `fake`, ..
    pub backend: &'static str,
    /// Which place this is: two servers that say the same see the same work.
    pub place: String,
    /// Whether services run here.
    pub services: bool,
    /// Whether [`Program::Runtime`] can be run here.
    pub runtime: bool,
    /// Whether work goes on while no server runs.
    pub outlives_server: bool,
    /// Thousandths of cores there are.
    pub cpu_millis: u32,
    /// Bytes of memory there are.
    pub memory_bytes: u64,
    /// GPUs there are.
    pub gpus: u32,
}
