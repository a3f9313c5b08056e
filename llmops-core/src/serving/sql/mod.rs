//! The room over the database, the catalog and the place where replicas run.

mod port;

use std::sync::Arc;

use crate::blob::Blobs;
use crate::catalog::Catalog;
use crate::compute::Compute;
use crate::store::Store;

/// Serving over SQLite or PostgreSQL. Cheap to clone.
#[derive(Clone)]
pub struct SqlServing {
    store: Store,
    blobs: Blobs,
    catalog: Arc<dyn Catalog>,
    compute: Arc<dyn Compute>,
}

impl SqlServing {
    /// The room on this database and these blobs, with models from this catalog and replicas in this place.
    pub fn new(store: Store, blobs: Blobs, catalog: Arc<dyn Catalog>, compute: Arc<dyn Compute>) -> Self {
        Self { store, blobs, catalog, compute }
    }
}
