//! Values, errors and waiting, between Rust and Python.

use std::time::Duration;

use bytes::Bytes;
use llmops_core::base::{Error, Result};
use llmops_core::op::drive;
use pyo3::IntoPyObjectExt;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde_json::Value;

/// How often a thread that waits looks whether somebody pressed Ctrl-C.
const HEAR: Duration = Duration::from_millis(100);

/// JSON as Python's own values.
pub struct Json(pub Value);

impl<'py> IntoPyObject<'py> for Json {
    type Target = PyAny;
    type Output = Bound<'py, PyAny>;
    type Error = PyErr;

    fn into_pyobject(self, py: Python<'py>) -> PyResult<Self::Output> {
        Ok(pythonize::pythonize(py, &self.0)?)
    }
}

/// Bytes as Python's `bytes`.
pub struct Chunk(pub Bytes);

impl<'py> IntoPyObject<'py> for Chunk {
    type Target = PyBytes;
    type Output = Bound<'py, PyBytes>;
    type Error = std::convert::Infallible;

    fn into_pyobject(self, py: Python<'py>) -> std::result::Result<Self::Output, Self::Error> {
        Ok(PyBytes::new(py, &self.0))
    }
}

/// The exception of this error's kind.
pub fn raise(error: Error) -> PyErr {
    Python::attach(|py| {
        let made = || py.import("llmops.errors")?.getattr("from_json")?.call1((Json(error.to_json()),));
        made().map_or_else(|broken| broken, PyErr::from_value)
    })
}

/// Does work for Python: as an awaitable, or now, with the interpreter free and Ctrl-C heard.
pub fn run<'py, T, F>(py: Python<'py>, awaitable: bool, work: F) -> PyResult<Bound<'py, PyAny>>
where
    T: for<'a> IntoPyObject<'a> + Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    if awaitable {
        return pyo3_async_runtimes::tokio::future_into_py(py, async move { work.await.map_err(raise) });
    }
    let runtime = pyo3_async_runtimes::tokio::get_runtime();
    // What is given up when somebody presses Ctrl-C returns its connection, which takes a runtime.
    let _inside = runtime.enter();
    let mut work = Box::pin(work);
    loop {
        match py.detach(|| drive(work.as_mut(), HEAR)) {
            Some(outcome) => return outcome.map_err(raise)?.into_bound_py_any(py),
            None => py.check_signals()?,
        }
    }
}
