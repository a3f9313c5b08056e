//! What other rooms ask of this one.

use super::super::{Dataset, DatasetId, DatasetSource, DatasetStatus, roles};
use super::SqlDatasets;
use crate::base::{Ctx, Error, Result};

impl SqlDatasets {
    /// A version of a dataset, resolved for work, within the caller's unit and project.
    ///
    /// # Errors
    /// `not_found`; a conflict with the code `not_approved` or `columns_missing`.
    pub async fn source(&self, ctx: &Ctx, id: DatasetId) -> Result<DatasetSource> {
        let dataset = self.get(ctx, id).await?;
        check_approved(&dataset)?;
        let resolved = roles::resolve(dataset.dataset_type, &dataset.columns, &dataset.schema);
        let columns = resolved.map_err(|missing| {
            Error::conflict(format!("{} {} lacks the columns {}", dataset.name, dataset.version, missing.join(", ")))
                .code("columns_missing")
                .hint("map them with `columns` in a new version")
        })?;
        let walk = self.walk(ctx, &dataset).await?;
        Ok(DatasetSource::new(dataset, columns, walk))
    }
}

fn check_approved(dataset: &Dataset) -> Result<()> {
    if dataset.status == DatasetStatus::Approved {
        return Ok(());
    }
    let (name, version) = (&dataset.name, &dataset.version);
    Err(Error::conflict(format!("dataset `{name}` {version} is {} and not approved", dataset.status.name()))
        .code("not_approved")
        .field("datasetId")
        .hint("have it reviewed first"))
}
