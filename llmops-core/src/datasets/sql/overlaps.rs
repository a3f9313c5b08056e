//! What is known against measuring a model with a dataset.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::super::rows::overlap;
use super::super::{DatasetId, LearnedFrom};
use super::SqlDatasets;
use crate::base::{Ctx, Error, ErrorKind, Id, Result};
use crate::store::count::unsigned;

/// Digests of one statement.
const AT_ONCE: usize = 500;

/// What a check found of a dataset in one that a model learned from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// The dataset that the model learned from, as `train:1.0.0`.
    pub source: String,
    /// Rows that were looked for.
    pub rows: u64,
    /// Those that were found.
    pub affected: u64,
    /// The checked dataset.
    pub dataset_id: DatasetId,
    /// The check; none once it was deleted with one of its datasets.
    pub check_id: Option<Id>,
}

/// What is known of a model and a dataset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownOverlaps {
    /// Whether the model, or one it was tuned from, learned from these very bytes.
    pub learned: bool,
    /// What the newest checks that found something found, the most first.
    pub overlaps: Vec<Overlap>,
}

impl SqlDatasets {
    /// What models of the caller's project learned from.
    pub(super) async fn learned_from(&self, ctx: &Ctx, models: &[Id]) -> Result<BTreeMap<Id, LearnedFrom>> {
        match &self.models {
            Some(known) => known.learned_from(ctx, models).await,
            None => Err(Error::new(ErrorKind::Unsupported, "nobody here knows what models learned from")
                .field("modelId")
                .hint("name dataset versions with `against`")),
        }
    }

    /// What is known of each model and the digest of the dataset it is measured with, in a number of reads that does not
    /// depend on how many are asked for. Where nothing was checked nothing is known.
    pub async fn known_overlaps(&self, ctx: &Ctx, asked: &[(Id, String)]) -> Result<Vec<KnownOverlaps>> {
        let Some(models) = self.models.as_ref().filter(|_| !asked.is_empty()) else {
            return Ok(vec![KnownOverlaps::default(); asked.len()]);
        };
        let ids: BTreeSet<Id> = asked.iter().map(|(model, _)| *model).collect();
        let ids: Vec<Id> = ids.into_iter().collect();
        let learned = models.learned_from(ctx, &ids).await?;
        let datasets: BTreeSet<DatasetId> = learned.values().flat_map(|of| of.datasets.keys().copied()).collect();
        let datasets: Vec<DatasetId> = datasets.into_iter().collect();
        let now = self.datasets_of(ctx, &datasets).await?;
        let now: BTreeMap<DatasetId, String> =
            now.into_iter().filter_map(|dataset| Some((dataset.id, dataset.digest?))).collect();
        let digests = |of: &LearnedFrom| -> BTreeSet<String> {
            let known = |(id, recorded): (&DatasetId, &Vec<String>)| {
                // What a job read goes before what is there now.
                if recorded.is_empty() { now.get(id).cloned().into_iter().collect() } else { recorded.clone() }
            };
            of.datasets.iter().flat_map(known).collect()
        };
        let learned: BTreeMap<Id, BTreeSet<String>> = learned.iter().map(|(id, of)| (*id, digests(of))).collect();
        let found = self.overlaps_of(ctx, asked).await?;
        let none = BTreeSet::new();
        let known = |(model, digest): &(Id, String)| {
            let sources = learned.get(model).unwrap_or(&none);
            let of = found.get(digest).into_iter().flatten();
            let of = of.filter(|row| row.source_digest != *digest && sources.contains(&row.source_digest));
            KnownOverlaps { learned: sources.contains(digest), overlaps: of.map(to_overlap).collect() }
        };
        Ok(asked.iter().map(known).collect())
    }

    /// What was found of these bytes, the most first.
    async fn overlaps_of(&self, ctx: &Ctx, asked: &[(Id, String)]) -> Result<BTreeMap<String, Vec<overlap::Model>>> {
        let digests: BTreeSet<&str> = asked.iter().map(|(_, digest)| digest.as_str()).collect();
        let digests: Vec<&str> = digests.into_iter().collect();
        let mut found: BTreeMap<String, Vec<overlap::Model>> = BTreeMap::new();
        for digests in digests.chunks(AT_ONCE) {
            let select = overlap::Entity::find()
                .filter(overlap::Column::Project.eq(ctx.project()))
                .filter(overlap::Column::Digest.is_in(digests.iter().copied()))
                .order_by_desc(overlap::Column::Affected)
                .order_by_asc(overlap::Column::Id);
            for row in select.all(&self.store.conn(ctx)).await? {
                found.entry(row.digest.clone()).or_default().push(row);
            }
        }
        Ok(found)
    }
}

fn to_overlap(row: &overlap::Model) -> Overlap {
    Overlap {
        source: row.source.clone(),
        rows: unsigned(row.rows),
        affected: unsigned(row.affected),
        dataset_id: DatasetId(row.dataset_id),
        check_id: row.check_id,
    }
}
