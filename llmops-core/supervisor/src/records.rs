//! What is written in the folder of a piece of work, under `.work/`, and by whom.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rustix::fs::{FlockOperation, flock};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::usage;

/// How often a claim is tried, and the pause between.
const CLAIMS: u32 = 40;
const CLAIM_PAUSE: Duration = Duration::from_millis(5);

/// What is to be run, by the server. The environment is not here: it may hold secrets, and comes with the process.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Order {
    /// The program and its arguments.
    pub program: Vec<OsString>,
    /// The command that supervises, to which a folder is added.
    pub supervisor: Vec<OsString>,
    /// The most address space, in bytes.
    pub memory_bytes: Option<u64>,
    /// The largest file, in bytes.
    pub file_bytes: Option<u64>,
    /// The largest log, in bytes; work that writes more is ended.
    pub log_bytes: u64,
    /// How much it stands back behind others, 0 to 19.
    pub nice: i32,
    /// Whatever the server wants to find again.
    pub note: serde_json::Value,
}

/// Which process the work is, by itself before it begins. A later process with the same number has another start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its number, which is its group's too.
    pub pid: i32,
    /// When it started, in the kernel's ticks since boot; 0 where the kernel does not say.
    pub start: u64,
    /// Which boot.
    pub boot: String,
    /// Microseconds since 1970.
    pub at: i64,
}

impl Identity {
    /// Whether this very process lives, as far as the kernel tells.
    pub fn lives(&self) -> bool {
        usage::lives(self)
    }

    /// Ends it and its group, if it lives.
    pub fn end(&self) {
        if let (true, Some(group)) = (self.lives(), Pid::from_raw(self.pid)) {
            // Who has ended meanwhile is not missed.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
}

/// What it has used, by the supervisor.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// Milliseconds of CPU, of it and all that it started.
    pub cpu_ms: u64,
    /// The most memory at a time, in bytes.
    pub memory_peak: u64,
}

/// That it should end, by the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct StopOrder {
    /// How long it may take, in milliseconds.
    pub grace_ms: u64,
}

/// How it ended, by the supervisor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// The exit status.
    pub code: Option<i32>,
    /// The signal that ended it.
    pub signal: Option<i32>,
    /// Whether it was for want of memory.
    pub out_of_memory: bool,
    /// Whether it had been asked to.
    pub stopped: bool,
    /// Why, when the supervisor knows more.
    pub reason: String,
    /// What it used in all.
    pub usage: Usage,
    /// Microseconds since 1970.
    pub at: i64,
}

/// The records of one folder.
#[derive(Debug, Clone)]
pub struct Records {
    folder: PathBuf,
}

impl Records {
    /// Those of this folder, whether or not there are any.
    pub fn of(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// The working folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a record lies.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(".work").join(name)
    }

    /// The work's standard output.
    pub fn events(&self) -> PathBuf {
        self.path("events")
    }

    /// The work's standard error.
    pub fn text(&self) -> PathBuf {
        self.path("text")
    }

    /// What is to be run.
    pub fn order(&self) -> io::Result<Option<Order>> {
        self.read("order.json")
    }

    /// Writes what is to be run.
    pub fn write_order(&self, order: &Order) -> io::Result<()> {
        self.write("order.json", order)
    }

    /// Which process began, if one did.
    pub fn identity(&self) -> io::Result<Option<Identity>> {
        self.read("process.json")
    }

    /// Says who begins, unless somebody did: then it answers no.
    pub fn begin(&self, identity: &Identity) -> io::Result<bool> {
        let own = self.path(&format!("process.{}", identity.pid));
        write_synced(&own, &serde_json::to_vec(identity)?)?;
        let linked = std::fs::hard_link(&own, self.path("process.json"));
        std::fs::remove_file(&own)?;
        match linked {
            Ok(()) => sync_folder(&own).map(|()| true),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// What it has used by the last look.
    pub fn usage(&self) -> io::Result<Option<Usage>> {
        self.read("usage.json")
    }

    /// Writes what it has used; a loss of power may lose it.
    pub fn write_usage(&self, usage: &Usage) -> io::Result<()> {
        let beside = self.path("usage.new");
        std::fs::write(&beside, serde_json::to_vec(usage)?)?;
        std::fs::rename(beside, self.path("usage.json"))
    }

    /// Whether it should end.
    pub fn stop(&self) -> io::Result<Option<StopOrder>> {
        self.read("stop.json")
    }

    /// Asks it to end.
    pub fn write_stop(&self, stop: StopOrder) -> io::Result<()> {
        self.write("stop.json", &stop)
    }

    /// How it ended.
    pub fn ending(&self) -> io::Result<Option<Ending>> {
        self.read("exit.json")
    }

    /// Takes the room that [`Records::write_ending`] needs, so that a full disk does not lose an ending.
    pub fn reserve_ending(&self) -> io::Result<()> {
        write_synced(&self.path("exit.new"), &[b' '; 2048])
    }

    /// Writes how it ended.
    pub fn write_ending(&self, ending: &Ending) -> io::Result<()> {
        let reserved = self.path("exit.new");
        let mut file = File::options().write(true).create(true).truncate(false).open(&reserved)?;
        let mut bytes = serde_json::to_vec(ending)?;
        bytes.resize(bytes.len().max(2048), b' ');
        file.write_all(&bytes)?;
        file.sync_all()?;
        std::fs::rename(&reserved, self.path("exit.json"))?;
        sync_folder(&reserved)
    }

    /// Takes the right to supervise, for as long as the file that comes back is open; nothing when another has it.
    pub fn claim(&self) -> io::Result<Option<File>> {
        let file = File::options().write(true).create(true).truncate(false).open(self.path("claim"))?;
        // Who only looks has the lock for an instant, and is no other supervisor.
        for _ in 0..CLAIMS {
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => return Ok(Some(file)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(CLAIM_PAUSE),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(None)
    }

    /// Whether a supervisor lives.
    pub fn is_claimed(&self) -> io::Result<bool> {
        let file = match File::options().read(true).open(self.path("claim")) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(error),
        };
        // Shared, so that two who look do not take each other for a supervisor.
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Ok(()) => Ok(false),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(true),
            Err(error) => Err(error.into()),
        }
    }

    fn read<T: DeserializeOwned>(&self, name: &str) -> io::Result<Option<T>> {
        match std::fs::read(self.path(name)) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes)?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn write(&self, name: &str, record: &impl Serialize) -> io::Result<()> {
        write_durably(&self.path(name), &serde_json::to_vec(record)?)
    }
}

/// Writes a whole file or none, so that it outlasts a loss of power.
pub fn write_durably(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.new", std::process::id()));
    let beside = PathBuf::from(beside);
    write_synced(&beside, bytes)?;
    std::fs::rename(&beside, path)?;
    sync_folder(path)
}

/// Microseconds since 1970.
pub(crate) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_micros()).unwrap_or(i64::MAX)
}

fn write_synced(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes the names in the folder of this file last.
fn sync_folder(of: &Path) -> io::Result<()> {
    of.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}
