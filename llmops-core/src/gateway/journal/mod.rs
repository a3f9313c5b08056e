//! The usage journal: what requests used, safe on the disk before it is in the database.
//!
//! A request takes a slot before it is sent to a model, and a slot always has room: when the journal cannot keep up,
//! requests are refused rather than forgotten. A thread of its own writes records as they come, which is enough for
//! them to outlive the process, and makes them outlive the machine every 50 ms. Files are cut off when the ledger is
//! ready for them, and deleted once it has them.

mod frame;
mod record;
mod writer;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

pub use record::{UsageOutcome, UsageRecord};

use crate::base::{Error, Result, crash_point};
use writer::{Message, Writer};

/// Records on their way to the disk, those of requests under way included.
const SLOTS: usize = 16_384;
/// How the files of a journal end.
const EXTENSION: &str = "usage";
/// How they end until they are locked.
const BEGUN: &str = "new";

/// The journal of this server.
pub struct Journal {
    folder: PathBuf,
    slots: Arc<Semaphore>,
    writer: Mutex<Option<Sender<Message>>>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Files that nobody writes to any more, each with the lock that makes it ours.
    closed: Arc<Mutex<Closed>>,
}

pub(super) type Closed = BTreeMap<String, File>;

/// Room for one record.
pub(super) struct Slot {
    writer: Sender<Message>,
    permit: OwnedSemaphorePermit,
}

impl Slot {
    /// Hands the record over. Never waits.
    pub(super) fn write(self, record: UsageRecord) {
        // Fails only when the thread is gone, which logs why it went.
        if self.writer.send(Message::Record(Box::new(record), self.permit)).is_err() {
            tracing::error!("the usage journal is closed; what a request used is lost");
        }
    }
}

impl Journal {
    /// Opens the journal in a folder, and takes over the files of servers that are gone.
    ///
    /// # Errors
    /// `unavailable` when the folder cannot be used.
    pub fn open(folder: &Path) -> Result<Arc<Self>> {
        let unusable = |e: std::io::Error| {
            Error::unavailable("the usage journal's folder cannot be used")
                .hint("let this user write to `journal` in the data folder")
                .caused_by(e)
        };
        std::fs::create_dir_all(folder).map_err(unusable)?;
        let closed = Arc::new(Mutex::new(orphans(folder).map_err(unusable)?));
        let (sender, receiver) = channel();
        let writer = Writer::new(folder.to_owned(), closed.clone());
        let thread = std::thread::Builder::new().name("usage-journal".into()).spawn(move || writer.run(&receiver));
        Ok(Arc::new(Self {
            folder: folder.to_owned(),
            slots: Arc::new(Semaphore::new(SLOTS)),
            writer: Mutex::new(Some(sender)),
            thread: Mutex::new(Some(thread.map_err(unusable)?)),
            closed,
        }))
    }

    /// Takes room for one record.
    ///
    /// # Errors
    /// `unavailable` when the disk cannot keep up or the journal is closed.
    pub(super) fn slot(&self) -> Result<Slot> {
        let full = || {
            Error::unavailable("what requests use cannot be written down fast enough")
                .code("journal_full")
                .hint("try again shortly; the administrator should look at the disk of the data folder")
                .retry_after_ms(1000)
        };
        let permit = self.slots.clone().try_acquire_owned().map_err(|_| full())?;
        let writer = lock(&self.writer).clone();
        Ok(Slot { writer: writer.ok_or_else(full)?, permit })
    }

    /// Ends the file that is written to, and names all that nobody writes to any more.
    pub(super) async fn cut(&self) -> Vec<String> {
        let (done, ended) = oneshot::channel();
        let sent = lock(&self.writer).as_ref().is_some_and(|writer| writer.send(Message::Cut(done)).is_ok());
        if sent {
            // An error means that the thread is gone; the files that were closed before are still there.
            let _ = ended.await;
        }
        self.closed()
    }

    /// The files that nobody writes to any more.
    pub(super) fn closed(&self) -> Vec<String> {
        lock(&self.closed).keys().cloned().collect()
    }

    /// The records of a file that nobody writes to any more. What a crash tore off at its end is left out.
    pub(super) fn read(&self, name: &str) -> Result<Vec<UsageRecord>> {
        let unreadable = |e| Error::unavailable("a file of the usage journal cannot be read").caused_by(e);
        match std::fs::read(self.path(name)) {
            Ok(bytes) => {
                let (records, torn) = frame::records(&bytes);
                if torn > 0 {
                    tracing::warn!(file = name, torn, "the end of a usage journal was torn off by a crash");
                }
                Ok(records)
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(e) => Err(unreadable(e)),
        }
    }

    /// Deletes a file whose records are in the ledger.
    pub(super) fn remove(&self, name: &str) -> Result<()> {
        crash_point("journal.remove.before", "usage");
        match std::fs::remove_file(self.path(name)) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => {
                return Err(Error::unavailable("a file of the usage journal cannot be deleted").caused_by(e));
            }
            _ => {}
        }
        crash_point("journal.remove.after", "usage");
        lock(&self.closed).remove(name);
        Ok(())
    }

    /// Whether the file is one of ours that nobody writes to any more.
    pub(super) fn is_closed(&self, name: &str) -> bool {
        lock(&self.closed).contains_key(name)
    }

    /// Takes no more, and waits until all is on the disk.
    pub fn close(&self) {
        if let Some(writer) = lock(&self.writer).take() {
            // Fails only when the thread is gone.
            let _ = writer.send(Message::End);
        }
        let thread = lock(&self.thread).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("the usage journal's thread ended in a panic");
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.{EXTENSION}"))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The files that no living server holds.
fn orphans(folder: &Path) -> std::io::Result<Closed> {
    let mut found = Closed::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_stem().and_then(|stem| stem.to_str()).map(str::to_owned);
        let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
        let (Some(name), EXTENSION | BEGUN) = (name, extension) else { continue };
        // Gone in between means that whoever held it is done with it.
        let Ok(file) = File::options().read(true).write(true).open(&path) else { continue };
        match file.try_lock() {
            // Its maker died before anything was written.
            Ok(()) if extension == BEGUN => std::fs::remove_file(&path)?,
            Ok(()) => drop(found.insert(name, file)),
            Err(_) => {}
        }
    }
    Ok(found)
}
