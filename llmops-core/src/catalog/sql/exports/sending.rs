//! What of a model goes out, and what of it is there already.

use std::collections::HashMap;
use std::ops::Range;

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};

use super::super::super::rows::{export, model};
use super::super::super::{FileState, ModelFile, ModelId};
use super::super::SqlCatalog;
use super::super::models::changed_meanwhile;
use crate::base::{ByteStream, Ctx, Error, Result};
use crate::blob::Blobs;
use crate::cards::README;
use crate::registry::{
    Change, Commit, Content, Outgoing, Place, Publisher, Registry, RemoteFile, SAMPLE_BYTES, Way, git_blob_id,
};
use crate::store::count::signed;

/// The most files that a registry is asked about at once.
const ASKED: usize = 50;
/// The most that one commit does; what is more comes in the next.
const CHANGES: usize = 200;
/// The most bytes that go within one commit, in base 64 a third more.
const COMMIT_BYTES: u64 = 64 << 20;
/// What registries keep beside a model.
const KEPT: &str = ".gitattributes";

/// Where an export goes.
pub(super) struct Target<'a> {
    pub(super) at: &'a Place,
    pub(super) registry: &'a dyn Registry,
    pub(super) publisher: &'a dyn Publisher,
    pub(super) row: &'a export::Model,
}

impl Target<'_> {
    fn repo(&self) -> (&str, &str) {
        (&self.row.repo, &self.row.revision)
    }

    /// How each of these goes. What was approved goes whole: a registry that leaves a file out gets none.
    async fn ways(&self, files: &[Outgoing]) -> Result<Vec<Way>> {
        let ways = self.publisher.ways(self.at, self.repo(), files).await?;
        match files.iter().zip(&ways).find(|(_, way)| **way == Way::Left) {
            None => Ok(ways),
            Some((file, _)) => Err(Error::invalid("repo", format!("leaves `{}` out", file.path))
                .code("registry_refused")
                .hint("look there for a `.gitignore` that names it")),
        }
    }
}

/// A file of a model that goes out.
#[derive(Clone)]
pub(super) struct OneFile {
    path: String,
    pub(super) bytes: u64,
    sha256: String,
    source: Source,
}

/// Where its bytes are.
#[derive(Clone)]
enum Source {
    Here(Bytes),
    Kept(Blobs),
}

/// How far it is.
pub(super) enum Sent {
    /// All is there, in this commit.
    All { commit: String },
    /// Some of it went.
    Some,
}

/// Files that are done with.
pub(super) struct Progress {
    pub(super) files: u64,
    pub(super) bytes: u64,
}

impl SqlCatalog {
    /// The verified files of a model by path, its card among them as the README that it is now.
    pub(super) async fn outgoing(&self, ctx: &Ctx, model: &model::Model) -> Result<Vec<OneFile>> {
        let all = self.all_files(ctx, ModelId(model.id)).await?;
        if !ModelFile::have_digest(&all, model.digest.as_deref()) {
            return Err(changed_meanwhile());
        }
        ModelFile::check_whole(&all)?;
        let mut files = Vec::with_capacity(all.len() + 1);
        for found in all {
            if found.state == FileState::Verified && found.path != README {
                let source = Source::Kept(self.blobs.clone());
                files.push(OneFile { path: found.path, bytes: found.bytes, sha256: found.sha256, source });
            }
        }
        let card = self.card(ctx, ModelId(model.id)).await?.body;
        let card: Bytes = card.try_collect::<Vec<_>>().await?.concat().into();
        let sha256 = hex::encode(Sha256::digest(&card));
        files.push(OneFile { path: README.to_owned(), bytes: card.len() as u64, sha256, source: Source::Here(card) });
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// Sends the next file that goes by itself, and passes those that go within the commit.
    pub(super) async fn send_some(&self, to: &Target<'_>, rest: &[OneFile]) -> Result<Progress> {
        let some = &rest[..rest.len().min(ASKED)];
        let outgoing = described(some).await?;
        let ways = to.ways(&outgoing).await?;
        let apart = ways.iter().position(|way| *way == Way::Apart);
        if let Some(at) = apart {
            to.publisher.send(to.at, &to.row.repo, &outgoing[at], &some[at]).await?;
        }
        let done = apart.map_or(some.len(), |at| at + 1);
        Ok(Progress { files: done as u64, bytes: some[..done].iter().map(|file| file.bytes).sum() })
    }

    /// Commits what is not there as it is here. Nothing is taken on trust: it is over when the registry lists all of it.
    pub(super) async fn commit_some(&self, to: &Target<'_>, files: &[OneFile]) -> Result<Sent> {
        let (repo, revision) = to.repo();
        let head = to.registry.head(to.at, repo, revision).await?;
        let there = to.registry.files(to.at, repo, &head.commit).await?;
        let most = signed((files.len() + there.len()) as u64);
        let Difference { lacking, extra } = difference(files, there, to.row.prune).await?;
        let outgoing = described(&lacking).await?;
        let ways = match outgoing.is_empty() {
            true => Vec::new(),
            false => to.ways(&outgoing).await?,
        };
        let mut changes: Vec<Change> = extra.into_iter().map(|path| Change::Removed { path }).collect();
        let mut within = 0;
        for (file, way) in lacking.into_iter().zip(ways) {
            let OneFile { path, bytes, sha256, .. } = file.clone();
            match way {
                Way::Apart => changes.push(Change::Apart { path, bytes, sha256 }),
                _ if within + bytes > COMMIT_BYTES && within > 0 => {} // it goes with the next
                _ => {
                    within += bytes;
                    changes.push(Change::Within { path, bytes, content: Box::new(file) });
                }
            }
        }
        if changes.is_empty() {
            return Ok(Sent::All { commit: head.commit });
        }
        // Each commit leaves less to do, or the registry does not keep what it is sent.
        if to.row.commits > most {
            return Err(Error::invalid("repo", "does not keep the files as they are sent")
                .code("registry_refused")
                .hint("look there whether something rewrites them"));
        }
        let commit = Commit { parent: &head.commit, message: &to.row.message, changes };
        to.publisher.commit(to.at, to.repo(), commit).await?;
        Ok(Sent::Some)
    }
}

/// What a repository lacks, and what it has beside.
struct Difference {
    lacking: Vec<OneFile>,
    extra: Vec<String>,
}

/// At most as much as one commit does.
async fn difference(files: &[OneFile], there: Vec<RemoteFile>, prune: bool) -> Result<Difference> {
    let there: HashMap<String, RemoteFile> = there.into_iter().map(|file| (file.path.clone(), file)).collect();
    let mut lacking = Vec::new();
    for file in files {
        if lacking.len() < CHANGES && !same(file, there.get(&file.path)).await? {
            lacking.push(file.clone());
        }
    }
    let mut extra = Vec::new();
    if prune {
        let ours: std::collections::HashSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
        extra = there.into_keys().filter(|path| !ours.contains(path.as_str()) && path != KEPT).take(CHANGES).collect();
        extra.sort();
    }
    Ok(Difference { lacking, extra })
}

/// Whether a registry has a file as it is here.
async fn same(file: &OneFile, there: Option<&RemoteFile>) -> Result<bool> {
    let Some(there) = there.filter(|there| there.bytes == file.bytes) else { return Ok(false) };
    match (&there.sha256, &there.blob_id) {
        (Some(sha256), _) => Ok(*sha256 == file.sha256),
        (None, Some(id)) => Ok(*id == git_blob_id(file.bytes, file.read(0..file.bytes).await?).await?),
        (None, None) => Ok(false),
    }
}

async fn described(files: &[OneFile]) -> Result<Vec<Outgoing>> {
    let one = |file: OneFile| async move {
        let sample = file.read(0..file.bytes.min(SAMPLE_BYTES)).await?.try_collect::<Vec<_>>().await?.concat().into();
        Ok::<_, Error>(Outgoing { path: file.path, bytes: file.bytes, sha256: file.sha256, sample })
    };
    futures::stream::iter(files.to_vec()).map(one).buffered(8).try_collect().await
}

#[async_trait]
impl Content for OneFile {
    async fn read(&self, range: Range<u64>) -> Result<ByteStream> {
        if range.is_empty() {
            return Ok(futures::stream::empty().boxed());
        }
        match &self.source {
            Source::Kept(blobs) => blobs.get(&self.sha256, Some(range)).await,
            Source::Here(bytes) => {
                let at = |place: u64| usize::try_from(place).unwrap_or(usize::MAX).min(bytes.len());
                let part = bytes.slice(at(range.start)..at(range.end));
                Ok(futures::stream::once(async move { Ok(part) }).boxed())
            }
        }
    }
}
