//! What is read or written piece by piece.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures::FutureExt;
use futures::future::{AbortHandle, Abortable, BoxFuture};
use llmops_core::base::{Error, ErrorKind, Events, Result};
use llmops_core::op::{Download, Pull, Push};
use napi::bindgen_prelude::{Buffer, Either};
use napi_derive::napi;
use serde_json::Value;

use crate::native::envelope;

/// Items, one after the other.
#[napi]
pub struct NativeStream {
    items: Arc<Pull<Value>>,
}

impl NativeStream {
    pub fn new(items: Events<Value>) -> Self {
        Self { items: Arc::new(Pull::new(items)) }
    }
}

#[napi]
impl NativeStream {
    /// The text of the next item or error; `null` at the end.
    #[napi]
    pub async fn next(&self) -> napi::Result<Option<String>> {
        Ok(self.items.next().await.map(envelope))
    }

    /// Hangs up.
    #[napi]
    pub fn close(&self) {
        self.items.close();
    }
}

/// A file on its way in.
#[napi]
pub struct NativeDownload {
    chunks: Arc<Pull<Bytes>>,
    about: String,
}

impl NativeDownload {
    pub fn new(download: Download) -> Self {
        let Download { body, length, range, content_type, file_name, digest } = download;
        let about = serde_json::json!({
            "length": length, "range": range, "contentType": content_type, "fileName": file_name, "digest": digest,
        });
        Self { chunks: Arc::new(Pull::new(body)), about: about.to_string() }
    }
}

#[napi]
impl NativeDownload {
    /// Its length, range, media type, name and digest, as JSON.
    #[napi(getter)]
    pub fn about(&self) -> String {
        self.about.clone()
    }

    /// The next bytes, or the text of an error; `null` at the end.
    #[napi]
    pub async fn next(&self) -> napi::Result<Option<Either<Buffer, String>>> {
        let chunk = self.chunks.next().await;
        Ok(chunk.map(|chunk| match chunk {
            Ok(bytes) => Either::A(Vec::from(bytes).into()),
            Err(error) => Either::B(envelope(Err(error))),
        }))
    }

    /// Hangs up.
    #[napi]
    pub fn close(&self) {
        self.chunks.close();
    }
}

/// Files on their way out.
#[napi]
pub struct NativeUpload {
    push: Arc<Push>,
}

impl NativeUpload {
    pub fn new(push: Push) -> Self {
        Self { push: Arc::new(push) }
    }
}

#[napi]
impl NativeUpload {
    /// Begins a file; `false` when nobody reads any more.
    #[napi]
    pub async fn part(&self, name: String) -> napi::Result<bool> {
        Ok(self.push.part(name).await)
    }

    /// Sends bytes of it; `false` when nobody reads any more.
    #[napi]
    pub async fn write(&self, data: Buffer) -> napi::Result<bool> {
        Ok(self.push.write(Bytes::copy_from_slice(&data)).await)
    }

    /// Says that this was all; the text of the answer or the error.
    #[napi]
    pub async fn finish(&self) -> napi::Result<String> {
        Ok(envelope(self.push.finish().await))
    }

    /// Breaks the upload off.
    #[napi]
    pub fn abort(&self) {
        self.push.abort();
    }
}

/// Files of this machine on their way to a model.
#[napi]
pub struct NativeSend {
    work: Mutex<Option<BoxFuture<'static, Result<Value>>>>,
    abort: AbortHandle,
}

impl NativeSend {
    pub fn new(work: impl Future<Output = Result<Value>> + Send + 'static) -> Self {
        let (abort, registration) = AbortHandle::new_pair();
        let given_up = |_| Error::new(ErrorKind::Conflict, "the files were given up on their way");
        let work = Abortable::new(work, registration).map(move |ended| ended.map_err(given_up)?).boxed();
        Self { work: Mutex::new(Some(work)), abort }
    }
}

#[napi]
impl NativeSend {
    /// Sends them; the text of the answer or the error.
    #[napi]
    pub async fn finish(&self) -> napi::Result<String> {
        let work = self.work.lock().unwrap_or_else(PoisonError::into_inner).take();
        let again = || Error::unexpected("the files were sent already");
        Ok(envelope(match work {
            Some(work) => work.await,
            None => Err(again()),
        }))
    }

    /// Gives up; what arrived stays for the next try.
    #[napi]
    pub fn abort(&self) {
        self.abort.abort();
    }
}
