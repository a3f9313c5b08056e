//! A registry in memory, for tests and for programs that try the platform out.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use super::{Change, Commit, Content, Head, Outgoing, Place, Publisher, Registry, RemoteFile, RemoteModel, Way};
use crate::base::{ByteStream, Error, Result};

/// Holds one repository, and does as it is told.
#[derive(Default)]
pub struct FakeRegistry {
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    commit: String,
    card: Option<String>,
    files: BTreeMap<String, Bytes>,
    /// What was sent by itself, by its digest.
    apart: BTreeMap<String, Bytes>,
    ignored: Vec<String>,
    errors: VecDeque<Error>,
    asked: Vec<String>,
}

/// A larger file is taken by itself, before the commit.
const WITHIN_BYTES: u64 = 1 << 20;

impl FakeRegistry {
    /// One that holds these files at a commit.
    pub fn new(commit: &str, files: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Self {
        let fake = Self::default();
        fake.commit_to(commit);
        for (path, bytes) in files {
            fake.put(path, bytes);
        }
        fake
    }

    /// Goes to another commit.
    pub fn commit_to(&self, commit: &str) {
        commit.clone_into(&mut self.now().commit);
    }

    /// Knows this of the model.
    pub fn describe(&self, card: &str) {
        self.now().card = Some(card.to_owned());
    }

    /// Puts a file there, or other bytes in its place.
    pub fn put(&self, path: &str, bytes: impl Into<Bytes>) {
        self.now().files.insert(path.to_owned(), bytes.into());
    }

    /// The paths and bytes that it holds.
    pub fn holds(&self) -> BTreeMap<String, Bytes> {
        self.now().files.clone()
    }

    /// Takes no file of this path.
    pub fn ignore(&self, path: &str) {
        self.now().ignored.push(path.to_owned());
    }

    /// Answers with these errors first.
    pub fn fail(&self, errors: impl IntoIterator<Item = Error>) {
        self.now().errors.extend(errors);
    }

    /// What was read, as `PATH START..END`, and what was brought.
    pub fn asked(&self) -> Vec<String> {
        self.now().asked.clone()
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answering(&self) -> Result<MutexGuard<'_, Now>> {
        let mut now = self.now();
        match now.errors.pop_front() {
            Some(error) => Err(error),
            None => Ok(now),
        }
    }
}

#[async_trait]
impl Registry for FakeRegistry {
    fn address(&self) -> &'static str {
        "https://registry.example"
    }

    fn check(&self, address: &str) -> Result<String> {
        Ok(address.to_owned())
    }

    async fn head(&self, _at: &Place, _repo: &str, _revision: &str) -> Result<Head> {
        let now = self.answering()?;
        if now.commit.is_empty() {
            return Err(Error::not_found("repository", "of nobody").code("repository_not_found"));
        }
        Ok(Head { commit: now.commit.clone(), card: now.card.clone() })
    }

    async fn files(&self, _at: &Place, _repo: &str, _commit: &str) -> Result<Vec<RemoteFile>> {
        let now = self.answering()?;
        let file = |(path, bytes): (&String, &Bytes)| RemoteFile {
            path: path.clone(),
            bytes: bytes.len() as u64,
            sha256: Some(hex::encode(Sha256::digest(bytes))),
            blob_id: None,
        };
        Ok(now.files.iter().map(file).collect())
    }

    async fn read(
        &self,
        _at: &Place,
        (repo, _commit): (&str, &str),
        file: &RemoteFile,
        range: Range<u64>,
    ) -> Result<ByteStream> {
        let mut now = self.answering()?;
        now.asked.push(format!("{} {}..{}", file.path, range.start, range.end));
        let bytes =
            now.files.get(&file.path).ok_or_else(|| Error::not_found("file", format!("{repo}/{}", file.path)))?;
        let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
        let part = bytes.slice(at(range.start)..at(range.end));
        Ok(futures::stream::once(async move { Ok(part) }).boxed())
    }

    async fn search(&self, _at: &Place, text: &str, _limit: u32) -> Result<Vec<RemoteModel>> {
        let commit = Some(self.answering()?.commit.clone());
        let (repo, tags) = (format!("somebody/{text}"), Vec::new());
        Ok(vec![RemoteModel { repo, commit, task: None, tags, downloads: None, gated: false, updated_at: None }])
    }

    fn publisher(&self) -> Option<&dyn Publisher> {
        Some(self)
    }
}

/// All of a file's bytes.
async fn whole(content: &dyn Content, bytes: u64) -> Result<Bytes> {
    let read: Vec<Bytes> = content.read(0..bytes).await?.try_collect().await?;
    Ok(read.concat().into())
}

#[async_trait]
impl Publisher for FakeRegistry {
    async fn create(&self, _at: &Place, repo: &str, private: bool) -> Result<()> {
        let mut now = self.answering()?;
        now.asked.push(format!("create {repo} private={private}"));
        "c0".clone_into(&mut now.commit);
        Ok(())
    }

    async fn ways(&self, _at: &Place, _repo: (&str, &str), files: &[Outgoing]) -> Result<Vec<Way>> {
        let ignored = self.answering()?.ignored.clone();
        let way = |file: &Outgoing| match file.bytes {
            _ if ignored.contains(&file.path) => Way::Left,
            bytes if bytes > WITHIN_BYTES => Way::Apart,
            _ => Way::Within,
        };
        Ok(files.iter().map(way).collect())
    }

    async fn send(&self, _at: &Place, _repo: &str, file: &Outgoing, content: &dyn Content) -> Result<()> {
        drop(self.answering()?);
        if self.now().apart.contains_key(&file.sha256) {
            return Ok(());
        }
        let bytes = whole(content, file.bytes).await?;
        let mut now = self.now();
        now.asked.push(format!("send {}", file.path));
        now.apart.insert(file.sha256.clone(), bytes);
        Ok(())
    }

    async fn commit(&self, _at: &Place, (_, revision): (&str, &str), commit: Commit<'_>) -> Result<String> {
        let before = self.answering()?.commit.clone();
        if before != commit.parent {
            return Err(Error::unavailable("another commit came before").code("repository_changed"));
        }
        let (mut taken, mut removed) = (Vec::new(), Vec::new());
        for change in commit.changes {
            match change {
                Change::Within { path, bytes, content } => taken.push((path, whole(&*content, bytes).await?)),
                Change::Apart { path, sha256, .. } => {
                    let bytes = self.now().apart.get(&sha256).cloned();
                    taken.push((path, bytes.ok_or_else(|| Error::invalid("sha256", "was not sent before"))?));
                }
                Change::Removed { path } => removed.push(path),
            }
        }
        let mut now = self.now();
        now.asked.push(format!("commit {revision} +{} -{}: {}", taken.len(), removed.len(), commit.message));
        now.files.extend(taken);
        now.files.retain(|path, _| !removed.contains(path));
        now.commit = format!("{before}1");
        Ok(now.commit.clone())
    }
}
