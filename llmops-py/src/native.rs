//! The platform for Python: operations by name, requests and answers as Python's own values.

use std::ffi::OsString;
use std::path::PathBuf;

use llmops_core::LlmOps;
use llmops_core::base::{Ctx, Secret};
use llmops_core::blob::StoreUrl;
use llmops_core::op::{OperationTable, Push, describe as described};
use llmops_core::platform::{ClientOptions, Progress, SendFiles, To, domains};
use llmops_core::store::DatabaseUrl;
use pyo3::prelude::*;
use serde_json::Value;

use crate::convert::{Json, raise, run};
use crate::streams::{NativeDownload, NativeStream, NativeUpload};

/// What a platform in this process is made of.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Opening {
    data_dir: PathBuf,
    database: Option<String>,
    store: Option<String>,
    runtime: Vec<OsString>,
    loops: bool,
}

/// What is sent to a model or a dataset, and how.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Sending {
    to: Request,
    paths: Vec<PathBuf>,
    concurrency: Option<usize>,
    replace: bool,
    told: Option<Py<PyAny>>,
}

/// How a call is made: idempotency key, entity tag, and whether to answer with an awaitable.
type How = (Option<String>, Option<String>, bool);

/// One platform, embedded or on a server.
#[pyclass(frozen, module = "llmops._native")]
pub struct Native {
    ops: LlmOps,
}

#[pymethods]
impl Native {
    /// Opens a platform in this process.
    #[staticmethod]
    fn open<'py>(py: Python<'py>, opening: Opening, awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        run(py, awaitable, async move {
            let builder = LlmOps::builder().data_dir(opening.data_dir).loops(opening.loops);
            let mut builder = builder.runtime_command(opening.runtime);
            if let Some(database) = opening.database {
                builder = builder.database(DatabaseUrl::parse("database", &database)?);
            }
            if let Some(store) = opening.store {
                builder = builder.store(StoreUrl::parse("store", &store)?);
            }
            Ok(Self { ops: builder.open().await? })
        })
    }

    /// The platform on a server; nothing is contacted yet.
    #[staticmethod]
    fn connect(url: &str, api_key: Option<String>) -> PyResult<Self> {
        LlmOps::connect(url, api_key.map(Secret::new)).map(|ops| Self { ops }).map_err(raise)
    }

    /// The same platform for the holder of another key.
    fn with_api_key(&self, api_key: String) -> PyResult<Self> {
        self.ops.with_api_key(Secret::new(api_key)).map(|ops| Self { ops }).map_err(raise)
    }

    /// The same platform, at work in another project.
    fn with_project(&self, project: &str) -> PyResult<Self> {
        self.ops.with_project(project).map(|ops| Self { ops }).map_err(raise)
    }

    /// The same server, called with other patience: seconds, and how often a call is made again.
    fn with_options(&self, timeout: Option<f64>, max_retries: Option<u32>) -> PyResult<Self> {
        let options = ClientOptions::new(timeout, max_retries).map_err(raise)?;
        Ok(Self { ops: self.ops.with_options(options) })
    }

    /// Carries out an operation.
    fn call<'py>(&self, py: Python<'py>, name: String, request: Request, how: How) -> PyResult<Bound<'py, PyAny>> {
        let (ops, ctx) = (self.ops.clone(), self.ctx(&how));
        run(py, how.2, async move { ops.call(ctx, &name, request.0).await.map(Json) })
    }

    /// Follows an operation.
    fn stream<'py>(&self, py: Python<'py>, name: String, request: Request, how: How) -> PyResult<Bound<'py, PyAny>> {
        let (ops, ctx) = (self.ops.clone(), self.ctx(&how));
        run(py, how.2, async move { ops.stream(ctx, &name, request.0).await.map(NativeStream::new) })
    }

    /// Begins to send files to an operation.
    fn upload<'py>(&self, py: Python<'py>, name: String, request: Request, how: How) -> PyResult<Bound<'py, PyAny>> {
        let (ops, ctx) = (self.ops.clone(), self.ctx(&how));
        let work = move |parts| async move { ops.upload(ctx, &name, request.0, parts).await };
        run(py, how.2, async move { Ok(NativeUpload::new(Push::start(work))) })
    }

    /// Sends files of this machine to a model or a dataset; `told` hears how far it is.
    fn send<'py>(&self, py: Python<'py>, sending: Sending, awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        let (ops, ctx) = (self.ops.clone(), self.ops.ctx());
        run(py, awaitable, async move {
            let what = SendFiles::of(To::parse(sending.to.0)?, &sending.paths)?;
            let what = SendFiles { concurrency: sending.concurrency, replace: sending.replace, ..what };
            let told = |now: Progress| {
                let Some(told) = &sending.told else { return };
                Python::attach(|py| {
                    if let Err(raised) = told.call1(py, (now.sent, now.total)) {
                        raised.write_unraisable(py, None);
                    }
                });
            };
            ops.send_files(&ctx, what, &told).await.map(|files| Json(Value::Array(files)))
        })
    }

    /// Receives bytes from an operation.
    fn download<'py>(&self, py: Python<'py>, name: String, request: Request, how: How) -> PyResult<Bound<'py, PyAny>> {
        let (ops, ctx) = (self.ops.clone(), self.ctx(&how));
        run(py, how.2, async move { ops.download(ctx, &name, request.0).await.map(NativeDownload::new) })
    }

    /// Ends the loops and closes the database.
    fn close<'py>(&self, py: Python<'py>, awaitable: bool) -> PyResult<Bound<'py, PyAny>> {
        let ops = self.ops.clone();
        run(py, awaitable, async move {
            ops.shutdown().await;
            Ok(())
        })
    }
}

impl Native {
    fn ctx(&self, (key, tag, _): &How) -> Ctx {
        let mut ctx = self.ops.ctx();
        ctx.idempotency_key.clone_from(key);
        ctx.if_match.clone_from(tag);
        ctx
    }
}

/// A request as JSON.
pub struct Request(Value);

impl<'py> FromPyObject<'_, 'py> for Request {
    type Error = PyErr;

    fn extract(given: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        Ok(Self(pythonize::depythonize(&given)?))
    }
}

/// The operations there are, with their types.
#[pyfunction]
pub fn describe() -> Json {
    Json(described(&OperationTable::new(&domains())))
}
