//! Where the tests of passes over rows keep them.

use super::super::format::{Form, Records};
use super::super::schema::Profile;
use super::super::walk::Walk;
use super::super::{DataFormat, DatasetFile};
use crate::base::Timestamp;
use crate::blob::{Blobs, StoreUrl};

/// Blobs in a folder, and a runtime to reach them.
pub(in super::super) struct Place {
    pub dir: tempfile::TempDir,
    pub runtime: tokio::runtime::Runtime,
    pub blobs: Blobs,
}

impl Place {
    pub(in super::super) fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let blobs = Blobs::open_store(&StoreUrl::folder(&dir.path().join("blobs")).unwrap()).unwrap();
        Self { dir, runtime, blobs }
    }

    /// A dataset of one file.
    pub(in super::super) fn walk(&self, text: &str, format: DataFormat) -> Walk {
        let stored = self.runtime.block_on(self.blobs.put_bytes(text.as_bytes().to_vec())).unwrap();
        let table = format == DataFormat::Csv;
        let form = Form { format, delimiter: b',', header: table };
        let reader = Box::new(std::io::Cursor::new(text.as_bytes().to_vec()));
        let profile = Profile::of(Records::open(reader, form).unwrap(), table).unwrap();
        let file = DatasetFile {
            path: "rows".into(),
            bytes: stored.bytes,
            sha256: stored.digest,
            format,
            delimiter: table.then(|| ",".into()),
            header: table,
            guessed: Vec::new(),
            encoding: None,
            rows: profile.rows,
            bad_rows: profile.bad_rows,
            schema: profile.columns.clone(),
            created_at: Timestamp::from_micros(0),
        };
        Walk { blobs: self.blobs.clone(), files: vec![file], columns: profile.columns }
    }
}
