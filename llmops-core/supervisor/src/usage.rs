//! What a process and all that it started use, from `/proc`. Where there is none, nothing is known.

use std::path::PathBuf;

use rustix::process::{Pid, WaitOptions, waitpid};

use crate::{Identity, Usage};

/// Milliseconds in the kernel's unit of CPU time, which its interface fixes at a hundredth of a second.
const TICK_MS: u64 = 10;
/// Processes that are looked at.
const MOST: usize = 4096;

/// The part of `/proc/PID/stat` after the name: state, times and start.
struct Stat {
    state: char,
    own_ticks: u64,
    waited_ticks: u64,
    start: u64,
}

fn stat(pid: i32) -> Option<Stat> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name is in brackets and may hold anything, brackets too.
    let fields: Vec<&str> = text[text.rfind(')')? + 1..].split_ascii_whitespace().collect();
    let number = |at: usize| fields.get(at).and_then(|field| field.parse::<u64>().ok());
    Some(Stat {
        state: fields.first()?.chars().next()?,
        own_ticks: number(11)? + number(12)?,
        waited_ticks: number(13)? + number(14)?,
        start: number(19)?,
    })
}

/// Who this process is.
pub(crate) fn own_identity() -> Identity {
    let pid = rustix::process::getpid().as_raw_nonzero().get();
    let start = stat(pid).map_or(0, |stat| stat.start);
    Identity { pid, start, boot: boot(), at: crate::records::now() }
}

/// Whether this process, and no later one with its number, lives.
pub(crate) fn lives(identity: &Identity) -> bool {
    let same = |stat: Stat| stat.start == identity.start && !matches!(stat.state, 'Z' | 'X');
    identity.boot == boot() && stat(identity.pid).is_some_and(same)
}

/// Which boot of the machine this is.
fn boot() -> String {
    let boot = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    boot.trim().to_owned()
}

/// The children of a process, as far as the kernel tells.
fn children(pid: i32) -> Vec<i32> {
    let threads = std::fs::read_dir(PathBuf::from(format!("/proc/{pid}/task"))).into_iter().flatten().flatten();
    let lists = threads.filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| list.split_ascii_whitespace().filter_map(|pid| pid.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// All below this process, parents first.
pub(crate) fn descendants() -> Vec<i32> {
    let mut found = children(rustix::process::getpid().as_raw_nonzero().get());
    let mut next = 0;
    while next < found.len() && found.len() < MOST {
        let below = children(found[next]);
        found.extend(below);
        next += 1;
    }
    found
}

/// Takes note of orphans that ended under us, all but `main`, whose status is waited for elsewhere.
pub(crate) fn reap_others(main: i32) {
    for pid in children(rustix::process::getpid().as_raw_nonzero().get()) {
        let ended = pid != main && stat(pid).is_some_and(|stat| stat.state == 'Z');
        if let (true, Some(pid)) = (ended, Pid::from_raw(pid)) {
            // It is looked at again if it is not to be had now.
            let _ = waitpid(Some(pid), WaitOptions::NOHANG);
        }
    }
}

/// What has been used until now, `before` being what was found the last time.
pub(crate) fn measure(before: Usage) -> Usage {
    let own = stat(rustix::process::getpid().as_raw_nonzero().get());
    let mut ticks = own.map_or(0, |stat| stat.waited_ticks);
    let (mut resident, mut highest) = (0, 0);
    for pid in descendants() {
        ticks += stat(pid).map_or(0, |stat| stat.own_ticks + stat.waited_ticks);
        let (now, peak) = memory(pid);
        resident += now;
        highest = highest.max(peak);
    }
    Usage {
        // A process between its end and its parent's wait is counted a moment later; no sum goes back for it.
        cpu_ms: before.cpu_ms.max(ticks * TICK_MS),
        memory_peak: before.memory_peak.max(resident).max(highest),
    }
}

/// The memory a process holds and the most it held, in bytes.
fn memory(pid: i32) -> (u64, u64) {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    let bytes = |key: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(key));
        line.and_then(|rest| rest.split_ascii_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
    };
    (bytes("VmRSS:"), bytes("VmHWM:"))
}

/// How many processes the kernel has ended for want of memory since it started.
pub(crate) fn oom_kills() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/vmstat").ok()?;
    text.lines().find_map(|line| line.strip_prefix("oom_kill ")?.trim().parse().ok())
}
