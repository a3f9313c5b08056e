//! The platform that a test works on.

use std::path::Path;

use super::{Builder, LlmOps};
use crate::blob;
use crate::store::trial;

/// A platform with its data in this folder, on the database and the store that the tests run on.
pub(crate) async fn on_trial(folder: &Path) -> Builder {
    LlmOps::builder().data_dir(folder).database(trial::database(folder).await).store(blob::trial::store(folder))
}
