//! How versions differ from those they were made from, as far as their records tell.

use std::collections::{BTreeSet, HashMap};

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::super::rows::{comparison, dataset, file};
use super::super::{Dataset, DatasetColumn, DatasetDiffSummary, DatasetId, DatasetWorkState, DiffedRows};
use super::SqlDatasets;
use super::datasets::{stored, to_dataset};
use crate::base::{Ctx, Result};
use crate::store::count::unsigned;

/// What is known of a comparison without its report.
#[derive(FromQueryResult)]
struct Counted {
    a_id: Uuid,
    b_id: Uuid,
    a_digest: String,
    b_digest: String,
    added: Option<i64>,
    removed: Option<i64>,
    modified: Option<i64>,
    keys: Value,
}

impl Counted {
    /// Whether it is about the bytes that these two have.
    fn is_of(&self, base: &Dataset, version: &Dataset) -> bool {
        let has = |of: &Dataset, id: Uuid, digest: &String| of.id.0 == id && of.digest.as_ref() == Some(digest);
        has(base, self.a_id, &self.a_digest) && has(version, self.b_id, &self.b_digest)
    }
}

impl SqlDatasets {
    /// Says of each of these versions how it differs from the one it was made from.
    pub(super) async fn tell_differences(&self, ctx: &Ctx, versions: &mut [Dataset]) -> Result<()> {
        let parents: BTreeSet<Uuid> = versions.iter().filter_map(|one| one.parent_version_id).map(|id| id.0).collect();
        if parents.is_empty() {
            return Ok(());
        }
        let conn = self.store.conn(ctx);
        let bases = dataset::Entity::find()
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Id.is_in(parents.iter().copied()));
        let bases = bases.all(&conn).await?.into_iter().map(|row| Ok((row.id, to_dataset(row)?)));
        let bases: HashMap<Uuid, Dataset> = bases.collect::<Result<_>>()?;
        let ids: BTreeSet<Uuid> = versions.iter().map(|one| one.id.0).chain(parents).collect();
        let files = self.files_by_dataset(ctx, &ids).await?;
        let compared = self.counted_comparisons(ctx, &ids).await?;
        for version in versions {
            let Some(base) = version.parent_version_id.and_then(|id| bases.get(&id.0)) else { continue };
            let count = |of: DatasetId| files.get(&of.0).copied().unwrap_or_default();
            let mut summary = summary(base, version);
            summary.files = count(version.id) - count(base.id);
            if summary.compared.is_none() {
                summary.compared = compared_rows(&compared, base, version)?;
            }
            version.diff_summary = Some(summary);
        }
        Ok(())
    }

    /// How many files each of these datasets has.
    async fn files_by_dataset(&self, ctx: &Ctx, ids: &BTreeSet<Uuid>) -> Result<HashMap<Uuid, i64>> {
        let counted = file::Entity::find()
            .select_only()
            .column(file::Column::DatasetId)
            .column_as(file::Column::Id.count(), "files")
            .filter(file::Column::DatasetId.is_in(ids.iter().copied()))
            .group_by(file::Column::DatasetId);
        let counted: Vec<(Uuid, i64)> = counted.into_tuple().all(&self.store.conn(ctx)).await?;
        Ok(counted.into_iter().collect())
    }

    /// What comparisons of these datasets counted, the last first.
    async fn counted_comparisons(&self, ctx: &Ctx, ids: &BTreeSet<Uuid>) -> Result<Vec<Counted>> {
        use comparison::Column;
        let found = comparison::Entity::find()
            .select_only()
            .columns([Column::AId, Column::BId, Column::ADigest, Column::BDigest])
            .columns([Column::Added, Column::Removed, Column::Modified, Column::Keys])
            .filter(Column::BId.is_in(ids.iter().copied()))
            .filter(Column::State.eq(DatasetWorkState::Succeeded.name()))
            .order_by_desc(Column::CreatedAt);
        Ok(found.into_model().all(&self.store.conn(ctx)).await?)
    }
}

/// What the records of two versions tell.
fn summary(base: &Dataset, version: &Dataset) -> DatasetDiffSummary {
    let has = |columns: &[DatasetColumn], name: &str| columns.iter().any(|column| column.name == name);
    let lacked =
        |of: &[DatasetColumn], by: &[DatasetColumn]| of.iter().filter(|one| !has(by, &one.name)).count() as u64;
    let changed = version.schema.iter().filter(|now| {
        base.schema.iter().any(|before| before.name == now.name && before.column_type != now.column_type)
    });
    let same_files = version.digest == base.digest;
    DatasetDiffSummary {
        base_version_id: base.id,
        base_version: base.version.clone(),
        same_files,
        files: 0,
        rows: more(version.rows, base.rows),
        bytes: more(version.bytes, base.bytes),
        columns_added: lacked(&version.schema, &base.schema),
        columns_removed: lacked(&base.schema, &version.schema),
        columns_changed: changed.count() as u64,
        compared: same_files.then(DiffedRows::default),
    }
}

fn more(now: u64, before: u64) -> i64 {
    i64::try_from(i128::from(now) - i128::from(before)).unwrap_or(if now > before { i64::MAX } else { i64::MIN })
}

/// What a comparison of these bytes counted; one by keys says more than one without.
fn compared_rows(all: &[Counted], base: &Dataset, version: &Dataset) -> Result<Option<DiffedRows>> {
    let mut told: Option<DiffedRows> = None;
    for one in all.iter().filter(|one| one.is_of(base, version)) {
        let (Some(added), Some(removed), Some(modified)) = (one.added, one.removed, one.modified) else { continue };
        let keys: Vec<String> = stored(one.keys.clone())?;
        if told.as_ref().is_none_or(|told| told.keys.is_empty() && !keys.is_empty()) {
            let [added, removed, modified] = [added, removed, modified].map(unsigned);
            told = Some(DiffedRows { added, removed, modified, keys });
        }
    }
    Ok(told)
}
