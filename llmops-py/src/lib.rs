//! llmops for Python: translation only. What it does belongs to the core, what it repeats is generated.

mod convert;
mod native;
mod runtime;
mod streams;

use pyo3::prelude::*;

#[pymodule]
mod _native {
    #[pymodule_export]
    use crate::native::{Native, describe};
    #[pymodule_export]
    use crate::runtime::runtime_main;
    #[pymodule_export]
    use crate::streams::{NativeDownload, NativeStream, NativeUpload};
    #[pymodule_export]
    #[allow(non_upper_case_globals)]
    const __version__: &str = env!("CARGO_PKG_VERSION");
}
