//! What this process knows of itself: its time, its memory, its threads, and whether it was asked to end.

use std::ffi::OsString;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{SignalKind, signal};

use crate::error::Result;

/// Both libraries that compute read their number of threads from the environment, once.
const THREADS: [&str; 2] = ["RAYON_NUM_THREADS", "CANDLE_NUM_THREADS"];
/// Makes the usual allocator of Linux keep what a step freed for the next one, which takes as much: a sixth of the time
/// goes into getting the same pages again otherwise.
const KEEP_MEMORY: [(&str, &str); 2] =
    [("MALLOC_TRIM_THRESHOLD_", "4294967296"), ("MALLOC_MMAP_THRESHOLD_", "33554432")];

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

/// Computes with this many threads from now on, and keeps freed memory where `repeats` says that the same work comes again
/// and again.
///
/// The libraries read the environment, and a running process cannot change its own, so it starts itself anew with the
/// right one, which keeps its process id. It does so only where `args` are the last of the process's own: a program that
/// calls [`crate::main`] with arguments of its choice is not ended for that.
pub(crate) fn prepare(asked: Option<usize>, repeats: bool, args: &[OsString]) -> Result<()> {
    let stated = std::env::var(THREADS[0]).ok().and_then(|value| value.parse().ok());
    let threads = asked.or(stated).unwrap_or_else(default_threads);
    let mut wanted = THREADS.map(|name| (name, threads.to_string())).to_vec();
    if repeats {
        wanted.extend(KEEP_MEMORY.map(|(name, value)| (name, value.to_string())));
    }
    let mine: Vec<OsString> = std::env::args_os().skip(1).collect();
    let is_set = wanted.iter().all(|(name, value)| std::env::var(name).is_ok_and(|set| set == *value));
    if !is_set && !args.is_empty() && mine.ends_with(args) {
        llmops_supervisor::keep_standard_streams();
        let failed = Command::new(std::env::current_exe()?).args(&mine).envs(wanted).exec();
        // Slower, but nothing is wrong: its file may have been replaced meanwhile.
        let _ = writeln!(std::io::stderr(), "this program cannot start itself anew: {failed}");
    }
    // Somebody else may have begun to compute already; then their number stands.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads).build_global();
    Ok(())
}

/// Works within the threads that the libraries compute with. From any other thread each of their calls would be handed to one
/// of these and waited for, which costs more than what a small model computes in it.
pub(crate) fn compute<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::scope(|_| work())
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
