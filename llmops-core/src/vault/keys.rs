//! The master keys: the first seals, all of them open.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{PoisonError, RwLock};

use rustix::fs::{FlockOperation, flock};

use super::seal::MasterKey;
use crate::base::{Error, Result, Secret, create_private, write_private};

/// How many of the last master keys stay, used or not.
const LAST: usize = 3;

/// Where the master keys are.
#[derive(Debug, Clone)]
pub enum MasterKeys {
    /// In a file of the owner's alone, one a line in hex, newest first. It is made when it is first needed.
    File(PathBuf),
    /// Given by the environment, separated by commas: 64 hex digits each, the one to seal with first.
    Given(Secret),
}

/// The keys, read when they are needed.
pub(super) struct Ring {
    source: MasterKeys,
    known: RwLock<Vec<MasterKey>>,
}

impl Ring {
    /// # Errors
    /// `invalid` when what was given holds no keys.
    pub(super) fn new(source: MasterKeys) -> Result<Self> {
        let known = match &source {
            MasterKeys::File(_) => Vec::new(),
            MasterKeys::Given(text) => read(text.expose(), ',').ok_or_else(|| {
                Error::invalid("credentials_key", "must be 64 hex digits, or several of those with commas between")
                    .hint("`openssl rand -hex 32` makes one")
            })?,
        };
        Ok(Self { source, known: RwLock::new(known) })
    }

    /// The key to seal with; makes the file when there is none. The file is read each time: another server may have put a
    /// newer key there, and dropped the one that is known here.
    pub(super) async fn current(&self) -> Result<MasterKey> {
        self.load(|file| {
            if !file.exists() {
                create_private(file, &MasterKey::fresh().write())?;
            }
            std::fs::read_to_string(file)
        })
        .await?;
        self.known().first().cloned().ok_or_else(|| Error::unexpected("there is no master key"))
    }

    /// The key of this id. Another server may have made it a moment ago.
    pub(super) async fn find(&self, id: &str) -> Result<MasterKey> {
        let find = || self.known().iter().find(|key| key.id == id).cloned();
        if let Some(key) = find() {
            return Ok(key);
        }
        let loaded = self.load(|file| std::fs::read_to_string(file)).await;
        find().ok_or_else(|| {
            let missing = Error::unavailable(format!(
                "the master key {id} is not here, and what it sealed does not open"
            ))
            .code("master_key_missing")
            .hint(
                "bring the key back (the file credentials.key, or LLMOPS_CREDENTIALS_KEY), or store the secret again",
            );
            match loaded {
                Ok(()) => missing,
                Err(cause) => missing.caused_by(cause),
            }
        })
    }

    /// Puts a fresh key in front of those in the file, and drops older ones that `used` does not name. Keys that were given are
    /// another's to choose: the first of them stays in front.
    pub(super) async fn renew(&self, used: Vec<String>) -> Result<MasterKey> {
        if matches!(self.source, MasterKeys::File(_)) {
            self.current().await?;
            self.load(move |file| {
                // One at a time, on one machine: whoever comes second finds the other's key and keeps it.
                let lock =
                    File::options().create(true).truncate(false).write(true).open(file.with_extension("lock"))?;
                flock(&lock, FlockOperation::LockExclusive)?;
                let text = zeroize::Zeroizing::new(std::fs::read_to_string(file)?);
                let old = read(&text, '\n').ok_or_else(|| std::io::Error::other("it holds something else"))?;
                // Whoever is about to commit what he sealed may have done so under one of the last.
                let kept = old.into_iter().enumerate().filter(|(age, key)| *age < LAST || used.contains(&key.id));
                let keys: Vec<MasterKey> = [MasterKey::fresh()].into_iter().chain(kept.map(|(_, key)| key)).collect();
                let lines: Vec<_> = keys.iter().map(MasterKey::write).collect();
                let lines: Vec<&str> = lines.iter().map(|line| line.as_str()).collect();
                let text = lines.join("\n");
                write_private(file, &text)?;
                Ok(text)
            })
            .await?;
        }
        self.current().await
    }

    /// Reads the file on a thread that may wait for it.
    async fn load(&self, work: impl FnOnce(&Path) -> std::io::Result<String> + Send + 'static) -> Result<()> {
        let MasterKeys::File(file) = &self.source else { return Ok(()) };
        let unusable = |why: &str| {
            let what = file.file_name().unwrap_or_default().to_string_lossy();
            Error::unavailable(format!("the file of master keys, {what}, {why}"))
                .hint("it belongs to the data folder; bring it back, or let this user read and write there")
        };
        let path = file.clone();
        let text = tokio::task::spawn_blocking(move || work(&path)).await;
        let text = text.map_err(|e| Error::unexpected("a file was not read to its end").caused_by(e))?;
        let text = zeroize::Zeroizing::new(text.map_err(|e| unusable("cannot be used").caused_by(e))?);
        let keys = read(&text, '\n').ok_or_else(|| unusable("holds something else"))?;
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }

    fn known(&self) -> std::sync::RwLockReadGuard<'_, Vec<MasterKey>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The keys of a text; `None` when it holds none, or something else.
fn read(text: &str, between: char) -> Option<Vec<MasterKey>> {
    let words = text.split(between).map(str::trim).filter(|word| !word.is_empty());
    let keys = words.map(MasterKey::read).collect::<Option<Vec<_>>>()?;
    (!keys.is_empty()).then_some(keys)
}
