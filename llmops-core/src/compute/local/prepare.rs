//! Making the folder of a piece of work, whole or not at all.

use std::ffi::OsString;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use llmops_supervisor::{Order, Records, write_durably};
use serde::{Deserialize, Serialize};

use super::{Inner, is_folder, off_thread, place_error};
use crate::base::{Error, Result, crash_point};
use crate::compute::{Work, WorkId, WorkKind};

/// The largest log of one piece of work.
const LOG_BYTES: u64 = 256 << 20;
/// How far batch work stands back behind servers and services.
const BATCH_NICE: i32 = 5;
/// A folder that was begun is given up after this long.
const LEFTOVER: Duration = Duration::from_secs(24 * 3600);

/// What we want to find again, beside what is run.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) id: WorkId,
    pub(super) address_file: Option<String>,
    pub(super) labels: std::collections::BTreeMap<String, String>,
}

/// Makes the folder of this work, unless it is there.
pub(super) async fn prepare(inner: &Inner, runtime: &[OsString], work: &Work) -> Result<()> {
    let place = inner.folder_of(&work.id);
    if is_folder(&place) {
        return Ok(());
    }
    let beside = inner.folder.join(format!(".new-{}-{}", work.id, uuid::Uuid::now_v7().simple()));
    let filled = fill(inner, runtime, work, &beside).await;
    let moved = match filled {
        Ok(()) => put_in_place(work, beside.clone(), place).await,
        Err(error) => Err(error),
    };
    if moved.is_err() {
        // What cannot be deleted now is deleted at a later start.
        let _ = off_thread(move || std::fs::remove_dir_all(beside).map_err(|e| place_error("a folder", e))).await;
    }
    moved
}

async fn fill(inner: &Inner, runtime: &[OsString], work: &Work, beside: &Path) -> Result<()> {
    let (folder, files) = (beside.to_owned(), work.files.clone());
    let inputs: Vec<PathBuf> = work.inputs.iter().map(|input| beside.join(&input.path)).collect();
    let targets = inputs.clone();
    off_thread(move || {
        let failed = |e| place_error("the folder of the work", e);
        make_folder(&folder.join(".work")).and_then(|()| make_folder(&folder.join("tmp"))).map_err(failed)?;
        for (path, text) in &files {
            let path = folder.join(path);
            make_parent(&path).and_then(|()| write_durably(&path, text.as_bytes())).map_err(failed)?;
        }
        targets.iter().try_for_each(|path| make_parent(path)).map_err(failed)
    })
    .await?;
    for (input, path) in work.inputs.iter().zip(inputs) {
        inner.inputs.fetch(&input.digest, &path).await?;
        crash_point("compute.input", "");
    }
    let (order, records) = (order(inner, runtime, work)?, Records::of(beside));
    off_thread(move || records.write_order(&order).map_err(|e| place_error("the order of the work", e))).await
}

fn order(inner: &Inner, runtime: &[OsString], work: &Work) -> Result<Order> {
    let (address_file, nice) = match &work.kind {
        WorkKind::Service { address_file } => (Some(address_file.clone()), 0),
        WorkKind::Batch => (None, BATCH_NICE),
    };
    let note = Note { id: work.id.clone(), address_file, labels: work.labels.clone() };
    Ok(Order {
        program: inner.words(runtime, work),
        supervisor: runtime.iter().cloned().chain(["supervise".into()]).collect(),
        memory_bytes: work.resources.memory_bytes,
        file_bytes: work.resources.file_bytes,
        log_bytes: LOG_BYTES,
        nice,
        note: serde_json::to_value(note).map_err(|e| Error::unexpected("a note cannot be written").caused_by(e))?,
    })
}

/// Moves the folder to its place; when another was quicker, ours is not needed.
async fn put_in_place(work: &Work, beside: PathBuf, place: PathBuf) -> Result<()> {
    let kind = work.kind.name();
    crash_point("compute.prepare.before", kind);
    off_thread(move || {
        let moved = match std::fs::rename(&beside, &place) {
            Err(e) if matches!(e.kind(), io::ErrorKind::AlreadyExists | io::ErrorKind::DirectoryNotEmpty) => {
                std::fs::remove_dir_all(&beside)
            }
            moved => moved,
        };
        let lasting = moved.and_then(|()| place.parent().map_or(Ok(()), |all| std::fs::File::open(all)?.sync_all()));
        lasting.map_err(|e| place_error("the folder of the work", e))
    })
    .await?;
    crash_point("compute.prepare.after", kind);
    Ok(())
}

/// A folder for this user alone.
fn make_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn make_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), make_folder)
}

/// Deletes what earlier servers began and did not finish: at once what was on its way out, and what was on its way in
/// when no other server can be at it any more.
pub(super) fn clear_leftovers(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let old = entry
            .metadata()
            .and_then(|meta| meta.modified())
            .is_ok_and(|at| SystemTime::now().duration_since(at).is_ok_and(|age| age > LEFTOVER));
        if (name.starts_with(".gone-") || (name.starts_with(".new-") && old))
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::warn!(%error, name = %name, "a folder of ended work cannot be deleted");
        }
    }
}
