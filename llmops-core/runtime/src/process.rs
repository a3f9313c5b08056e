//! What this process knows of itself: its time, its memory, its threads, and whether it was asked to end.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};

use crate::error::{Error, Result};

/// Both libraries that compute read their number of threads from the environment, once.
const THREADS: [&str; 2] = ["RAYON_NUM_THREADS", "CANDLE_NUM_THREADS"];

/// CPU seconds that all threads of this process used.
pub(crate) fn cpu_seconds() -> f64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

/// Bytes of memory that this process holds, where the system tells.
pub(crate) fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    Some(line.trim().trim_end_matches("kB").trim().parse::<u64>().ok()? * 1024)
}

/// Threads to compute with where nobody says: all cores but one, so that a machine with two stays usable and threads
/// that wait for one another never wait for a core.
fn default_threads() -> usize {
    std::thread::available_parallelism().map_or(1, |cores| cores.get().saturating_sub(1).max(1))
}

/// Computes with this many threads from now on.
///
/// The libraries read the environment, and a running process cannot change its own, so it starts itself anew with the
/// right one, which keeps its process id. It does so only where `args` are the last of the process's own: a program that
/// calls [`crate::main`] with arguments of its choice is not ended for that.
pub(crate) fn use_threads(asked: Option<usize>, args: &[OsString]) -> Result<()> {
    let set = THREADS.map(|name| std::env::var(name).ok().and_then(|value| value.parse::<usize>().ok()));
    let threads = asked.or(set[0]).unwrap_or_else(default_threads);
    let mine: Vec<OsString> = std::env::args_os().skip(1).collect();
    if set.iter().all(|set| *set == Some(threads)) || args.is_empty() || !mine.ends_with(args) {
        // Somebody else may have begun to compute already; then their number stands.
        let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
        return Ok(());
    }
    let mut again = Command::new(std::env::current_exe()?);
    again.args(&mine).envs(THREADS.map(|name| (name, threads.to_string())));
    Err(Error::internal(format!("this program cannot start itself anew: {}", again.exec())))
}

/// Whether this process was asked to end.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ending(Arc<AtomicBool>);

impl Ending {
    /// Hears SIGTERM and SIGINT from now on.
    pub(crate) fn listen() -> Result<Self> {
        let ending = Self::default();
        let told = ending.clone();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (mut terminate, mut interrupt) = {
            let _inside = runtime.enter();
            (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?)
        };
        let wait = async move {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            told.ask();
        };
        std::thread::Builder::new().name("signals".into()).spawn(move || runtime.block_on(wait))?;
        Ok(ending)
    }

    /// Asks it to end.
    pub(crate) fn ask(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked.
    pub(crate) fn asked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
