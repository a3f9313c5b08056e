//! What is read or written piece by piece.

use std::sync::Arc;

use bytes::Bytes;
use llmops_core::base::Events;
use llmops_core::op::{Download, Pull, Push};
use pyo3::prelude::*;
use serde_json::Value;

use crate::convert::{Chunk, Json, run};

/// Items, one after the other.
#[pyclass(frozen, module = "llmops._native")]
pub struct NativeStream {
    items: Arc<Pull<Value>>,
}

impl NativeStream {
    pub fn new(items: Events<Value>) -> Self {
        Self { items: Arc::new(Pull::new(items)) }
    }
}

#[pymethods]
impl NativeStream {
    /// The next item; `None` at the end.
    fn next<'py>(&self, py: Python<'py>, awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        let items = self.items.clone();
        run(py, awaitable, async move { Ok(items.next().await.transpose()?.map(Json)) })
    }

    /// Hangs up.
    fn close(&self) {
        self.items.close();
    }
}

/// A file on its way in.
#[pyclass(frozen, module = "llmops._native")]
pub struct NativeDownload {
    chunks: Arc<Pull<Bytes>>,
    /// How many bytes come, if that is known.
    #[pyo3(get)]
    length: Option<u64>,
    /// First byte, last byte and total of a partial answer.
    #[pyo3(get)]
    range: Option<(u64, u64, u64)>,
    /// The media type.
    #[pyo3(get)]
    content_type: String,
    /// The name to save it under.
    #[pyo3(get)]
    file_name: String,
    /// The SHA-256 of the whole, in hex, if it is known.
    #[pyo3(get)]
    digest: Option<String>,
}

impl NativeDownload {
    pub fn new(download: Download) -> Self {
        let Download { body, length, range, content_type, file_name, digest } = download;
        Self { chunks: Arc::new(Pull::new(body)), length, range, content_type, file_name, digest }
    }
}

#[pymethods]
impl NativeDownload {
    /// The next bytes; `None` at the end.
    fn next<'py>(&self, py: Python<'py>, awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        let chunks = self.chunks.clone();
        run(py, awaitable, async move { Ok(chunks.next().await.transpose()?.map(Chunk)) })
    }

    /// Hangs up.
    fn close(&self) {
        self.chunks.close();
    }
}

/// Files on their way out.
#[pyclass(frozen, module = "llmops._native")]
pub struct NativeUpload {
    push: Arc<Push>,
}

impl NativeUpload {
    pub fn new(push: Push) -> Self {
        Self { push: Arc::new(push) }
    }
}

#[pymethods]
impl NativeUpload {
    /// Begins a file; `False` when nobody reads any more.
    fn part<'py>(&self, py: Python<'py>, name: String, awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        let push = self.push.clone();
        run(py, awaitable, async move { Ok(push.part(name).await) })
    }

    /// Sends bytes of it; `False` when nobody reads any more.
    fn write<'py>(&self, py: Python<'py>, data: &[u8], awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        let (push, data) = (self.push.clone(), Bytes::copy_from_slice(data));
        run(py, awaitable, async move { Ok(push.write(data).await) })
    }

    /// Says that this was all, and waits for the answer.
    fn finish<'py>(&self, py: Python<'py>, awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        let push = self.push.clone();
        run(py, awaitable, async move { push.finish().await.map(Json) })
    }

    /// Breaks the upload off.
    fn abort(&self) {
        self.push.abort();
    }
}
