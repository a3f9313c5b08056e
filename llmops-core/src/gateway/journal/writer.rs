//! The thread that writes.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::{BEGUN, Closed, EXTENSION, UsageRecord, frame, lock};
use crate::base::crash_point;

/// The longest a record may be on the disk's cache alone.
const GROUP: Duration = Duration::from_millis(50);
/// The largest file, in bytes.
const FILE_BYTES: u64 = 16 << 20;
/// The pause before writing is tried again.
const PAUSE: Duration = Duration::from_millis(200);
/// How often it is tried again while the journal is open; a disk that is full gets time to be emptied.
const TRIES: u32 = 300;

/// What the thread is told.
pub(super) enum Message {
    /// To write a record down, and give its room back.
    Record(Box<UsageRecord>, OwnedSemaphorePermit),
    /// To end the file.
    Cut(oneshot::Sender<()>),
    /// To end. Requests under way hold slots that may come too late.
    End,
}

struct Open {
    name: String,
    file: File,
    bytes: u64,
    /// Since when something waits to be synchronised.
    dirty: Option<Instant>,
}

/// Writes records to files.
pub(super) struct Writer {
    folder: PathBuf,
    closed: Arc<Mutex<Closed>>,
    open: Option<Open>,
    buffer: Vec<u8>,
}

impl Writer {
    pub(super) fn new(folder: PathBuf, closed: Arc<Mutex<Closed>>) -> Self {
        Self { folder, closed, open: None, buffer: Vec::new() }
    }

    /// Works until it is told to end, and then everything is on the disk.
    pub(super) fn run(mut self, messages: &Receiver<Message>) {
        loop {
            let dirty = self.open.as_ref().and_then(|open| open.dirty);
            let received = match dirty {
                None => messages.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(since) => messages.recv_timeout(GROUP.saturating_sub(since.elapsed())),
            };
            match received {
                Ok(Message::Record(record, permit)) => {
                    self.write(&record);
                    drop(permit);
                }
                Ok(Message::Cut(done)) => {
                    self.cut();
                    // The one who asked may have left.
                    let _ = done.send(());
                }
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Message::End) | Err(RecvTimeoutError::Disconnected) => break,
            }
            let due = |since: Instant| since.elapsed() >= GROUP;
            if self.open.as_ref().and_then(|open| open.dirty).is_some_and(due) {
                self.sync();
            }
        }
        self.sync();
    }

    /// Writes a record, on a file of its own after a failure: the one before may end in half a record.
    fn write(&mut self, record: &UsageRecord) {
        self.buffer.clear();
        if let Err(error) = frame::write(record, &mut self.buffer) {
            tracing::error!(%error, id = record.id, "a usage record is lost");
            return;
        }
        crash_point("journal.append.before", "usage");
        for tried in 1..=TRIES {
            match self.append() {
                Ok(()) => {
                    crash_point("journal.append.after", "usage");
                    return;
                }
                Err(error) => {
                    tracing::error!(%error, tried, "the usage journal cannot be written; it is tried again");
                    self.cut();
                    std::thread::sleep(PAUSE);
                }
            }
        }
        metrics::counter!("llmops_gateway_usage_lost_total").increment(1);
        tracing::error!(id = record.id, "a usage record is lost: the journal could not be written for a minute");
    }

    fn append(&mut self) -> std::io::Result<()> {
        if self.open.as_ref().is_some_and(|open| open.bytes >= FILE_BYTES) {
            self.cut();
        }
        let open = match &mut self.open {
            Some(open) => open,
            none => none.insert(begin(&self.folder)?),
        };
        open.file.write_all(&self.buffer)?;
        open.bytes += self.buffer.len() as u64;
        open.dirty.get_or_insert_with(Instant::now);
        Ok(())
    }

    fn sync(&mut self) {
        let Some(open) = &mut self.open else { return };
        if open.dirty.take().is_none() {
            return;
        }
        if let Err(error) = open.file.sync_data() {
            tracing::error!(%error, "the usage journal is not safe on the disk yet");
        }
        crash_point("journal.sync.after", "usage");
    }

    fn cut(&mut self) {
        self.sync();
        if let Some(open) = self.open.take() {
            lock(&self.closed).insert(open.name, open.file);
        }
    }
}

/// A new file, locked before it has its name, so that nobody takes it for one left behind.
fn begin(folder: &std::path::Path) -> std::io::Result<Open> {
    let name = uuid::Uuid::now_v7().simple().to_string();
    let path = folder.join(&name).with_extension(BEGUN);
    let file = File::options().append(true).create_new(true).open(&path)?;
    file.lock()?;
    std::fs::rename(&path, folder.join(&name).with_extension(EXTENSION))?;
    // The folder's own entry must be as safe as what is in the file.
    File::open(folder)?.sync_all()?;
    Ok(Open { name, file, bytes: 0, dirty: None })
}
