//! What became of work, read from its folder.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::net::SocketAddr;
use std::path::Path;

use llmops_supervisor::{Ending, Identity, Records, Usage};

use super::prepare::Note;
use super::{if_there, place_error};
use crate::base::{Error, Result, Timestamp};
use crate::compute::{Capability, Exit, Observed, Phase, WorkId};

/// The largest file that may hold an address.
const ADDRESS_BYTES: usize = 256;

/// What became of the work of a folder; nothing when no supervisor has taken it yet.
pub(super) fn look(folder: &Path) -> Result<Option<Observed>> {
    let records = Records::of(folder);
    let failed = |e| place_error("the records of the work", e);
    let Some(order) = records.order().map_err(failed)? else { return Ok(None) };
    let note: Note = serde_json::from_value(order.note)
        .map_err(|e| Error::unexpected("the note of a piece of work cannot be read").caused_by(e))?;
    let Some(seen) = life(&records).map_err(failed)? else { return Ok(None) };
    let mut observed = to_observed(note.id, note.labels, seen);
    if observed.phase != Phase::Ended {
        if let Some(usage) = records.usage().map_err(failed)? {
            (observed.cpu_seconds, observed.memory_peak_bytes) = (seconds(usage), usage.memory_peak);
        }
        observed.address = note.address_file.and_then(|file| address(&folder.join(file)));
    }
    Ok(Some(observed))
}

enum Life {
    Starting,
    Running(Identity),
    Ended(Option<Identity>, Ending),
}

/// Each record is read after those that are written later have been, so that no step between two reads misleads.
fn life(records: &Records) -> io::Result<Option<Life>> {
    for last in [false, true] {
        let claimed = records.is_claimed()?;
        let identity = records.identity()?;
        match (records.ending()?, identity, claimed) {
            (Some(ending), identity, _) => return Ok(Some(Life::Ended(identity, ending))),
            (None, Some(identity), true) => return Ok(Some(Life::Running(identity))),
            (None, None, true) => return Ok(Some(Life::Starting)),
            (None, None, false) => return Ok(None),
            // Begun, no supervisor, no ending: so it was lost, unless all that happened since we asked who has it. It
            // dies with its supervisor; where it does not, we see to it.
            (None, Some(identity), false) if last && identity.lives() => {
                identity.end();
                return Ok(Some(Life::Running(identity)));
            }
            (None, Some(identity), false) if last => {
                let usage = records.usage()?.unwrap_or_default();
                let ending = Ending {
                    code: None,
                    signal: None,
                    out_of_memory: false,
                    stopped: records.stop()?.is_some(),
                    reason: "it was cut off: its supervisor was killed, or the machine went down".into(),
                    usage,
                    at: identity.at,
                };
                return Ok(Some(Life::Ended(Some(identity), ending)));
            }
            (None, Some(_), false) => {}
        }
    }
    Ok(None)
}

fn to_observed(id: WorkId, labels: std::collections::BTreeMap<String, String>, life: Life) -> Observed {
    let (phase, identity, ending) = match life {
        Life::Starting => (Phase::Waiting, None, None),
        Life::Running(identity) => (Phase::Running, Some(identity), None),
        Life::Ended(identity, ending) => (Phase::Ended, identity, Some(ending)),
    };
    let reason = match (&ending, phase) {
        (Some(ending), _) => ending.reason.clone(),
        (None, Phase::Waiting) => "it is being started".to_owned(),
        (None, _) => String::new(),
    };
    let usage = ending.as_ref().map(|ending| ending.usage).unwrap_or_default();
    Observed {
        id,
        phase,
        reason,
        exit: ending.as_ref().map(|ending| Exit {
            code: ending.code,
            signal: ending.signal,
            out_of_memory: ending.out_of_memory,
            stopped: ending.stopped,
        }),
        started_at: identity.map(|identity| Timestamp::from_micros(identity.at)),
        ended_at: ending.map(|ending| Timestamp::from_micros(ending.at)),
        cpu_seconds: seconds(usage),
        memory_peak_bytes: usage.memory_peak,
        address: None,
        labels,
    }
}

fn seconds(usage: Usage) -> f64 {
    usage.cpu_ms as f64 / 1000.0
}

/// The address a service wrote, once it is one.
fn address(path: &Path) -> Option<String> {
    let plain = std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file());
    let bytes = if plain { read_from(path, 0, ADDRESS_BYTES).ok()? } else { return None };
    let text = String::from_utf8(bytes).ok()?;
    text.trim().parse::<SocketAddr>().ok().map(|address| address.to_string())
}

/// The names of all work in the place.
pub(super) fn names(folder: &Path) -> Result<Vec<WorkId>> {
    let failed = |e| place_error("the folder of the work", e);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        found.extend(name.to_str().and_then(|name| WorkId::parse(name).ok()));
    }
    found.sort();
    Ok(found)
}

/// At most `limit` bytes of a file from an offset on; nothing of one that is not there.
pub(super) fn read_from(path: &Path, from: u64, limit: usize) -> io::Result<Vec<u8>> {
    let Some(mut file) = if_there(File::open(path))? else { return Ok(Vec::new()) };
    file.seek(SeekFrom::Start(from))?;
    let mut bytes = Vec::new();
    file.take(limit as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What this machine has.
pub(super) fn capability(folder: &Path, runtime: bool) -> Capability {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Capability {
        backend: "local",
        place: format!("{}:{}", host.trim(), folder.display()),
        services: runtime,
        runtime,
        outlives_server: true,
        cpu_millis: u32::try_from(cores * 1000).unwrap_or(u32::MAX),
        memory_bytes: memory_bytes(),
        gpus: 0,
    }
}

/// The machine's memory; 0 where the system does not say.
fn memory_bytes() -> u64 {
    let text = std::fs::read_to_string("/proc/meminfo").unwrap_or_default();
    let total = text.lines().find_map(|line| line.strip_prefix("MemTotal:"));
    total.and_then(|rest| rest.split_ascii_whitespace().next()?.parse::<u64>().ok()).unwrap_or(0) * 1024
}
