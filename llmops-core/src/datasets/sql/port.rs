//! What other rooms ask of this one.

use super::super::{DatasetId, DatasetSource};
use super::SqlDatasets;
use crate::base::{Ctx, Result};

impl SqlDatasets {
    /// A version of a dataset, resolved for work, within the caller's unit and project. Whether it may be used is
    /// another question: [`DatasetSource::check_usable`].
    pub async fn source(&self, ctx: &Ctx, id: DatasetId) -> Result<DatasetSource> {
        let dataset = self.get(ctx, id).await?;
        let walk = self.walk(ctx, &dataset).await?;
        Ok(DatasetSource::new(dataset, walk))
    }
}
