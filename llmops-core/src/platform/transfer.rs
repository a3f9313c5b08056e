//! Files of this machine on their way to a model or a dataset: the small ones as they are, the large ones in parts that go on where
//! an earlier try ended.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::{StreamExt, TryStreamExt};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::LlmOps;
use super::local::{Local, as_parts, digest, local_files, read, unreadable};
use super::receiver::{Receiver, Taking};
use crate::base::{Ctx, Error, ErrorKind, Id, Result};
use crate::op::{Part, decode, parts};
use crate::uploads::{PartRange, UploadError, UploadId, UploadState};

/// Files of more bytes than this go in parts.
const SMALL: u64 = 8 << 20;
/// Parts of one file that are on their way at once, unless told otherwise; and the most.
const CONCURRENCY: usize = 4;
const MOST: usize = 16;
/// How often a part is sent that does not arrive, and the longest pause before.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_secs(8);

/// Files to send, and how.
#[derive(Debug, Clone)]
pub struct SendFiles<R> {
    /// Whose they are to be.
    pub to: R,
    /// Which; [`local_files`] finds them.
    pub files: Vec<Local>,
    /// How many parts of a file are on their way at once, 1 to 16; 4 if absent.
    pub concurrency: Option<usize>,
    /// Whether they take the place of other bytes under the same paths.
    pub replace: bool,
}

impl<R: Receiver> SendFiles<R> {
    /// The files and folders of these paths.
    ///
    /// # Errors
    /// Those of [`local_files`].
    pub fn of(to: R, paths: &[PathBuf]) -> Result<Self> {
        Ok(Self { to, files: local_files(paths)?, concurrency: None, replace: false })
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

/// A file that comes in parts, as far as its sender looks.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", bound = "F: DeserializeOwned")]
struct Begun<F> {
    id: UploadId,
    path: String,
    bytes: u64,
    sha256: Option<String>,
    state: UploadState,
    part_bytes: u64,
    received_bytes: u64,
    missing: Option<Vec<PartRange>>,
    file: Option<F>,
    error: Option<UploadError>,
    /// How it is said to be written, among what else is known of it.
    #[serde(flatten)]
    said: Map<String, Value>,
}

/// What the sending of one file shares.
struct Sending<'a> {
    ops: &'a LlmOps,
    ctx: &'a Ctx,
    taking: &'static Taking,
    id: Id,
    said: Value,
    at_once: usize,
    replace: bool,
    sent: Arc<AtomicU64>,
    total: u64,
    told: &'a (dyn Fn(Progress) + Send + Sync),
}

impl LlmOps {
    /// Sends files to a model or a dataset, large ones in parts: broken off, and called again with the same files, it goes on where
    /// it ended. A server that is away for half a minute is waited for. `told` hears how far it is.
    ///
    /// # Errors
    /// What the operations say; `invalid` for a file that cannot be read or changes meanwhile.
    pub async fn send_files<R: Receiver>(
        &self,
        ctx: &Ctx,
        what: SendFiles<R>,
        told: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Vec<R::File>> {
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
        let (taking, id, said, replace) = (what.to.taking(), what.to.id(), what.to.said()?, what.replace);
        let sent = Arc::default();
        let sending = Sending { ops: self, ctx, taking, id, said, at_once, replace, sent, total, told };
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

    /// A request about the thing.
    fn about(&self, with: Value) -> Value {
        let mut request = with;
        request[self.taking.field] = json!(self.id);
        request
    }

    /// One that says how files go to it.
    fn saying(&self, with: Value) -> Value {
        let mut request = self.about(with);
        for (name, said) in self.said.as_object().into_iter().flatten() {
            request[name] = said.clone();
        }
        if self.replace {
            request["replace"] = true.into();
        }
        request
    }

    async fn call<T: DeserializeOwned>(&self, operation: &str, request: Value) -> Result<T> {
        decode(self.ops.call(self.ctx.clone(), operation, request).await?)
    }

    /// Small files, all in one call.
    async fn small<F: DeserializeOwned>(&self, files: Vec<(u64, Local)>) -> Result<Vec<F>> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let bytes = files.iter().map(|(bytes, _)| bytes).sum();
        let body = as_parts(files.into_iter().map(|(_, file)| file).collect());
        let mut sent = self.ops.upload(self.ctx.clone(), self.taking.whole, self.saying(json!({})), body).await?;
        self.tell(bytes);
        decode(sent["files"].take())
    }

    async fn large<F: DeserializeOwned>(&self, bytes: u64, file: &Local) -> Result<F> {
        let sha256 = digest(&file.path).await?;
        let upload: Begun<F> = self.begin(bytes, file, sha256).await?;
        self.tell(upload.received_bytes);
        let missing = upload.missing.iter().flatten();
        let numbers: Vec<u64> = missing.flat_map(|range| range.first..=range.last).collect();
        futures::stream::iter(numbers.into_iter().map(|number| self.part(&upload, file, number)))
            .buffer_unordered(self.at_once)
            .try_collect::<()>()
            .await?;
        self.complete(upload.id).await
    }

    /// The upload that an earlier try began, or a new one.
    async fn begin<F: DeserializeOwned>(&self, bytes: u64, file: &Local, sha256: String) -> Result<Begun<F>> {
        let mut request = self.about(json!({ "limit": 1000 }));
        loop {
            let page = self.ops.call(self.ctx.clone(), self.taking.list, request.clone()).await?;
            let all: Vec<Begun<F>> = decode(page["items"].clone())?;
            let same = all.into_iter().find(|one| {
                let open = matches!(one.state, UploadState::Receiving | UploadState::Completing);
                let alike = one.path == file.name && one.bytes == bytes && one.sha256.as_ref() == Some(&sha256);
                open && alike && self.is_said(&one.said)
            });
            if let Some(found) = same {
                return self.call(self.taking.get, self.about(json!({ "uploadId": found.id }))).await;
            }
            request["cursor"] = page["page"]["nextCursor"].clone();
            if request["cursor"].is_null() {
                break;
            }
        }
        let new = json!({ "path": file.name, "bytes": bytes, "sha256": sha256 });
        self.call(self.taking.create, self.saying(new)).await
    }

    /// Whether an earlier try said the same of how the file is written.
    fn is_said(&self, before: &Map<String, Value>) -> bool {
        ["format", "delimiter", "header", "encoding"].iter().all(|name| before.get(*name) == self.said.get(*name))
    }

    /// Sends one part, again and again while that may help.
    async fn part<F>(&self, upload: &Begun<F>, file: &Local, number: u64) -> Result<()> {
        let start = number * upload.part_bytes;
        let bytes = upload.part_bytes.min(upload.bytes - start);
        let request = self.about(json!({ "uploadId": upload.id, "number": number }));
        patiently(|| async {
            let body = read(&file.path, start, bytes).await?;
            let body = parts(vec![Part { name: "part".into(), body }]);
            self.ops.upload(self.ctx.clone(), self.taking.part, request.clone(), body).await
        })
        .await?;
        self.tell(bytes);
        Ok(())
    }

    async fn complete<F: DeserializeOwned>(&self, id: UploadId) -> Result<F> {
        let request = self.about(json!({ "uploadId": id }));
        let ask = |operation: &'static str| patiently(|| self.call::<Begun<F>>(operation, request.clone()));
        let mut now = ask(self.taking.complete).await?;
        let mut pause = Duration::from_millis(20);
        while now.state == UploadState::Completing {
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(1));
            now = ask(self.taking.get).await?;
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
