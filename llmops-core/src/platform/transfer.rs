//! Files of this machine on their way to a model: the small ones as they are, the large ones in parts that go on where an earlier
//! try ended.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use sha2::{Digest, Sha256};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::LlmOps;
use crate::base::{ByteStream, Ctx, Error, ErrorKind, Result};
use crate::catalog::{
    CompleteModelUpload, CreateModelUpload, GetModelUpload, ListModelUploads, ModelFile, ModelId, ModelUpload,
    UploadError, UploadModelFiles, UploadModelPart, UploadState,
};
use crate::op::{Part, parts};

/// Files of more bytes than this go in parts.
const SMALL: u64 = 8 << 20;
/// Parts of one file that are on their way at once, unless told otherwise; and the most.
const CONCURRENCY: usize = 4;
const MOST: usize = 16;
/// How often a part is sent that does not arrive, and the longest pause before.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_secs(8);

/// Files to send to a model, and how.
#[derive(Debug, Clone)]
pub struct SendFiles {
    /// Whose files.
    pub model: ModelId,
    /// Which; [`local_files`] finds them.
    pub files: Vec<Local>,
    /// How many parts of a file are on their way at once, 1 to 16; 4 if absent.
    pub concurrency: Option<usize>,
    /// Whether they take the place of other bytes under the same paths.
    pub replace: bool,
}

impl SendFiles {
    /// The files and folders of these paths, to go to the model of this id.
    ///
    /// # Errors
    /// `invalid` for an id that is none, and those of [`local_files`].
    pub fn of(model: &str, paths: &[PathBuf]) -> Result<Self> {
        let id = model.parse().map_err(|cause| {
            Error::invalid("modelId", "must be a model's id").hint("as catalog.create_model gives it").caused_by(cause)
        });
        Ok(Self { model: ModelId(id?), files: local_files(paths)?, concurrency: None, replace: false })
    }
}

/// How far the sending of files is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that arrived, those of earlier tries included.
    pub sent: u64,
    /// Bytes of all files.
    pub total: u64,
}

/// A file of this machine and its path within the model.
#[derive(Debug, Clone)]
pub struct Local {
    /// Its path within the model.
    pub name: String,
    /// Where it lies.
    pub path: PathBuf,
}

/// The files that `given` names, by name: a file under its own, a folder as the files in it under their paths within it. What
/// begins with a dot is not meant. A link to a file is followed; within a folder one
/// to a folder is refused, since it may lead round in a circle.
///
/// # Errors
/// `invalid` when one is not there, cannot be read or is no file, or a folder holds none or a link.
pub fn local_files(given: &[PathBuf]) -> Result<Vec<Local>> {
    let mut files = Vec::new();
    for path in given {
        if path.is_dir() {
            let before = files.len();
            walk(path, path, &mut files)?;
            if files.len() == before {
                let rule = format!("names the folder {}, which holds no file", path.display());
                return Err(Error::invalid("file", rule).hint("name one that does"));
            }
        } else {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            files.push(Local { name, path: path.clone() });
        }
    }
    for Local { path, .. } in &files {
        // What is no file, as a pipe, would be waited for when it is opened.
        let meta = std::fs::metadata(path).map_err(|e| unreadable(path, e))?;
        if !meta.is_file() {
            return Err(Error::invalid("file", format!("names {}, which is no file", path.display()))
                .hint("name files and folders of files"));
        }
        std::fs::File::open(path).map_err(|e| unreadable(path, e))?;
    }
    Ok(files)
}

fn walk(root: &Path, folder: &Path, files: &mut Vec<Local>) -> Result<()> {
    let entries = std::fs::read_dir(folder).map_err(|e| unreadable(folder, e))?;
    let paths: std::io::Result<Vec<_>> =
        entries.map(|entry| entry.and_then(|e| Ok((e.path(), e.file_type()?)))).collect();
    let mut paths = paths.map_err(|e| unreadable(folder, e))?;
    paths.sort_by(|(a, _), (b, _)| a.cmp(b));
    let hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    for (path, kind) in paths.into_iter().filter(|(path, _)| !hidden(path)) {
        if kind.is_dir() {
            walk(root, &path, files)?;
        } else if kind.is_symlink() && path.is_dir() {
            return Err(Error::invalid("file", format!("names {}, which is a link to a folder", path.display()))
                .hint("links to files are followed; name this folder itself, or put it in the place of the link"));
        } else {
            let within = path.strip_prefix(root).unwrap_or(&path);
            let name = within.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/");
            files.push(Local { name, path });
        }
    }
    Ok(())
}

/// A file of this machine that cannot be read.
pub fn unreadable(path: &Path, cause: std::io::Error) -> Error {
    let why = match cause.kind() {
        std::io::ErrorKind::NotFound => "which is not there",
        std::io::ErrorKind::PermissionDenied => "which this user may not read",
        std::io::ErrorKind::IsADirectory => "which is a folder",
        _ => "which cannot be read",
    };
    Error::invalid("file", format!("names {}, {why}", path.display()))
        .hint("check its path and permissions")
        .caused_by(cause)
}

/// Files as the parts of an upload, read as they are sent; one is open at a time, however many there are.
pub fn as_parts(files: Vec<Local>) -> crate::op::Parts {
    futures::stream::iter(files)
        .then(|Local { name, path }| async move { Ok(Part { name, body: read(&path, 0, u64::MAX).await? }) })
        .boxed()
}

/// The bytes of a file from a place on.
async fn read(path: &Path, start: u64, bytes: u64) -> Result<ByteStream> {
    let owned = path.to_owned();
    let mut file = tokio::fs::File::open(path).await.map_err(|e| unreadable(path, e))?;
    file.seek(std::io::SeekFrom::Start(start)).await.map_err(|e| unreadable(path, e))?;
    let body = ReaderStream::with_capacity(file.take(bytes), 64 * 1024);
    Ok(body.map_err(move |e| unreadable(&owned, e)).boxed())
}

/// What the sending of one file shares.
struct Sending<'a> {
    ops: &'a LlmOps,
    ctx: &'a Ctx,
    model: ModelId,
    at_once: usize,
    replace: Option<bool>,
    sent: Arc<AtomicU64>,
    total: u64,
    told: &'a (dyn Fn(Progress) + Send + Sync),
}

impl LlmOps {
    /// Sends files to a model, large ones in parts: broken off, and called again with the same files, it goes on where it ended.
    /// A server that is away for half a minute is waited for. `told` hears how far it is.
    ///
    /// # Errors
    /// What the operations of the catalog say; `invalid` for a file that cannot be read or changes meanwhile.
    pub async fn send_model_files(
        &self,
        ctx: &Ctx,
        what: SendFiles,
        told: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Vec<ModelFile>> {
        let at_once = what.concurrency.unwrap_or(CONCURRENCY);
        if !(1..=MOST).contains(&at_once) {
            return Err(Error::invalid("concurrency", format!("must be 1 to {MOST}")).hint("leave it out for 4"));
        }
        let mut sized = Vec::with_capacity(what.files.len());
        for file in what.files {
            let meta = tokio::fs::metadata(&file.path).await.map_err(|e| unreadable(&file.path, e))?;
            sized.push((meta.len(), file));
        }
        let total = sized.iter().map(|(bytes, _)| bytes).sum();
        let replace = what.replace.then_some(true);
        let sending =
            Sending { ops: self, ctx, model: what.model, at_once, replace, sent: Arc::default(), total, told };
        sending.tell(0);
        let (large, small): (Vec<_>, Vec<_>) = sized.into_iter().partition(|(bytes, _)| *bytes > SMALL);
        let mut done = sending.small(small).await?;
        for (bytes, file) in large {
            done.push(sending.large(bytes, &file).await?);
        }
        Ok(done)
    }
}

impl Sending<'_> {
    fn tell(&self, more: u64) {
        let sent = self.sent.fetch_add(more, Ordering::Relaxed) + more;
        (self.told)(Progress { sent, total: self.total });
    }

    /// Small files, all in one call.
    async fn small(&self, files: Vec<(u64, Local)>) -> Result<Vec<ModelFile>> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let bytes = files.iter().map(|(bytes, _)| bytes).sum();
        let request = UploadModelFiles { model_id: self.model, path: None, replace: self.replace, sha256: None };
        let body = as_parts(files.into_iter().map(|(_, file)| file).collect());
        let uploaded = self.ops.catalog().upload_model_files(self.ctx, request, body).await?;
        self.tell(bytes);
        Ok(uploaded.files)
    }

    async fn large(&self, bytes: u64, file: &Local) -> Result<ModelFile> {
        let sha256 = digest(&file.path).await?;
        let upload = self.begin(bytes, file, sha256).await?;
        self.tell(upload.received_bytes);
        let missing = upload.missing.clone().unwrap_or_default();
        let numbers = missing.into_iter().flat_map(|range| range.first..=range.last);
        futures::stream::iter(numbers.map(|number| self.part(&upload, file, number)))
            .buffer_unordered(self.at_once)
            .try_collect::<()>()
            .await?;
        self.complete(&upload).await
    }

    /// The upload that an earlier try began, or a new one.
    async fn begin(&self, bytes: u64, file: &Local, sha256: String) -> Result<ModelUpload> {
        let catalog = self.ops.catalog();
        let mut request = ListModelUploads { model_id: self.model, limit: Some(1000), cursor: None };
        loop {
            let page = catalog.list_model_uploads(self.ctx, request.clone()).await?;
            let same = page.items.iter().find(|one| {
                let open = matches!(one.state, UploadState::Receiving | UploadState::Completing);
                open && one.path == file.name && one.bytes == bytes && one.sha256.as_ref() == Some(&sha256)
            });
            if let Some(found) = same {
                let request = GetModelUpload { model_id: self.model, upload_id: found.id };
                return catalog.get_model_upload(self.ctx, request).await;
            }
            request.cursor = page.page.next_cursor;
            if request.cursor.is_none() {
                break;
            }
        }
        let (path, sha256, replace) = (file.name.clone(), Some(sha256), self.replace);
        let request = CreateModelUpload { model_id: self.model, path, bytes, sha256, replace };
        catalog.create_model_upload(self.ctx, request).await
    }

    /// Sends one part, again and again while that may help.
    async fn part(&self, upload: &ModelUpload, file: &Local, number: u64) -> Result<()> {
        let start = number * upload.part_bytes;
        let bytes = upload.part_bytes.min(upload.bytes - start);
        let request = UploadModelPart { model_id: self.model, upload_id: upload.id, number, sha256: None };
        patiently(|| async {
            let body = read(&file.path, start, bytes).await?;
            let body = parts(vec![Part { name: "part".into(), body }]);
            self.ops.catalog().upload_model_part(self.ctx, request.clone(), body).await
        })
        .await?;
        self.tell(bytes);
        Ok(())
    }

    async fn complete(&self, upload: &ModelUpload) -> Result<ModelFile> {
        let catalog = self.ops.catalog();
        let request = CompleteModelUpload { model_id: self.model, upload_id: upload.id, sha256: None };
        let mut now = patiently(|| catalog.complete_model_upload(self.ctx, request.clone())).await?;
        let mut pause = Duration::from_millis(20);
        while now.state == UploadState::Completing {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
            let request = GetModelUpload { model_id: self.model, upload_id: upload.id };
            now = patiently(|| catalog.get_model_upload(self.ctx, request.clone())).await?;
        }
        match (now.file, now.error) {
            (Some(file), _) => Ok(file),
            (None, Some(error)) => Err(refused(&now.path, error)),
            (None, None) => Err(Error::conflict(format!("the upload of `{}` was given up meanwhile", now.path))
                .code("upload_closed")
                .hint("begin it again")),
        }
    }
}

/// The error that a whole was refused with, as if the call had been answered with it.
fn refused(path: &str, error: UploadError) -> Error {
    let hint = match error.code.as_str() {
        "checksum_mismatch" => Some("the file changed while it was sent: send it again".to_owned()),
        _ => error.hint,
    };
    let said = serde_json::json!({
        "kind": error.kind, "code": error.code, "field": path, "message": error.message, "hint": hint,
    });
    Error::from_json(&said, ErrorKind::Invalid)
}

/// Does what can be done again until it is done, with growing pauses.
async fn patiently<T, F: Future<Output = Result<T>>>(mut work: impl FnMut() -> F) -> Result<T> {
    let mut tried = 0;
    loop {
        match work().await {
            Err(error) if tried + 1 < TRIES && may_help(&error) => {
                tokio::time::sleep(PAUSE.min(Duration::from_millis(250 << tried))).await;
                tried += 1;
            }
            outcome => return outcome,
        }
    }
}

fn may_help(error: &Error) -> bool {
    error.kind().retryable() || error.kind() == ErrorKind::Upstream
}

/// SHA-256 of a file, in hex.
async fn digest(path: &Path) -> Result<String> {
    let path = path.to_owned();
    let hashed = tokio::task::spawn_blocking(move || {
        let mut file = std::fs::File::open(&path).map_err(|e| unreadable(&path, e))?;
        let mut sha = Sha256::new();
        let mut buffer = vec![0; 1 << 20];
        loop {
            match file.read(&mut buffer).map_err(|e| unreadable(&path, e))? {
                0 => break,
                count => sha.update(&buffer[..count]),
            }
        }
        Ok(hex::encode(sha.finalize()))
    });
    hashed.await.map_err(|cause| Error::unexpected("the hashing of a file broke off").caused_by(cause))?
}
