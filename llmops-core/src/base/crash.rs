//! Places where the process may be killed by a test, so that every instant of a write or an action outside is tried.
//!
//! Built with the feature `crash-points` alone; a product build has none of it. `LLMOPS_CRASH_LOG=FILE` appends the name
//! of every point that is passed; `LLMOPS_CRASH_AT=NAME#N` kills the process, as `kill -9` would, the Nth time (from 1)
//! that NAME is passed. `LLMOPS_CRASH_SLOW=NAME=MILLISECONDS` has each step of that long work take so long, so that a test
//! meets it half done however fast the machine is.

/// A place between two things that a crash must not tear apart: `what` is being done to `whom`.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub fn crash_point(_what: &str, _whom: &str) {}

/// A place between two things that a crash must not tear apart: `what` is being done to `whom`.
#[cfg(feature = "crash-points")]
pub fn crash_point(what: &str, whom: &str) {
    points::pass(&if whom.is_empty() { what.to_owned() } else { format!("{what}:{whom}") });
}

/// A step of work that goes on for long.
#[cfg(not(feature = "crash-points"))]
#[inline(always)]
pub fn slow_point(_what: &str) {}

/// A step of work that goes on for long. Blocks for as long as a test wants.
#[cfg(feature = "crash-points")]
pub fn slow_point(what: &str) {
    points::linger(what);
}

#[cfg(feature = "crash-points")]
mod points {
    use std::collections::HashMap;
    use std::io::Write;
    use std::sync::{LazyLock, Mutex, PoisonError};
    use std::time::Duration;

    static LOG: LazyLock<Option<std::ffi::OsString>> = LazyLock::new(|| std::env::var_os("LLMOPS_CRASH_LOG"));
    static AT: LazyLock<Option<(String, u64)>> = LazyLock::new(|| {
        let text = std::env::var("LLMOPS_CRASH_AT").ok()?;
        let (name, count) = text.rsplit_once('#')?;
        Some((name.to_owned(), count.parse().ok()?))
    });
    static SLOW: LazyLock<Option<(String, u64)>> = LazyLock::new(|| {
        let text = std::env::var("LLMOPS_CRASH_SLOW").ok()?;
        let (name, milliseconds) = text.rsplit_once('=')?;
        Some((name.to_owned(), milliseconds.parse().ok()?))
    });
    static PASSED: LazyLock<Mutex<HashMap<String, u64>>> = LazyLock::new(Mutex::default);

    pub(super) fn linger(name: &str) {
        if let Some((slow, milliseconds)) = &*SLOW
            && slow == name
        {
            std::thread::sleep(Duration::from_millis(*milliseconds));
        }
    }

    pub(super) fn pass(name: &str) {
        if LOG.is_none() && AT.is_none() {
            return;
        }
        let mut passed = PASSED.lock().unwrap_or_else(PoisonError::into_inner);
        let count = passed.entry(name.to_owned()).or_default();
        *count += 1;
        if let Some(file) = &*LOG {
            let opened = std::fs::File::options().create(true).append(true).open(file);
            // A log that cannot be written shows as a point that is missing.
            let _ = opened.and_then(|mut file| writeln!(file, "{name}#{count}"));
        }
        if AT.as_ref().is_some_and(|(at, nth)| at == name && nth == count) {
            let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
        }
    }
}
