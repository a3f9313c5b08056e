//! Processes of this machine, as `/proc` shows them.

use std::path::{Path, PathBuf};

/// The server's executable, built beside this test.
pub fn server_executable() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let found = here.ancestors().nth(2).unwrap().join("llmops-server");
    assert!(found.is_file(), "{} is missing: run `cargo build -p llmops-server` first", found.display());
    found
}

/// The processes whose working folder is this one or below it.
pub fn with_working_folder(folder: &Path) -> Vec<u32> {
    let folder = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let in_it = |pid: &u32| std::fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|cwd| cwd.starts_with(&folder));
    let mut found: Vec<u32> = pids().filter(in_it).collect();
    found.sort_unstable();
    found
}

/// The processes whose command line names this path, as supervisors do.
pub fn that_name(path: &Path) -> Vec<u32> {
    let path = path.to_string_lossy().into_owned();
    let name = |pid: &u32| {
        let line = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        String::from_utf8_lossy(&line).contains(&path)
    };
    pids().filter(name).collect()
}

fn pids() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The parent of a process.
pub fn parent(pid: u32) -> u32 {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
    stat[stat.rfind(')').unwrap() + 1..].split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Ends a process as `kill -9` does.
pub fn kill(pid: u32) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
}
