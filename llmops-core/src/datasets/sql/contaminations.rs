//! Contamination checks: asked for, read, followed, ended, forgotten. The loop carries them out.

use std::collections::BTreeSet;

use futures::StreamExt;
use sea_orm::sea_query::{Expr, Query, UnionType};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect, Select,
};
use serde_json::{Value, json};

use super::super::contamination::{Columns, MIN_OVERLAP, NGRAM};
use super::super::rows::{contamination, contamination_sample, contamination_source, dataset, overlap};
use super::super::searching::{Rules, Wanted};
use super::super::similar::SIMILARITY;
use super::super::{
    CancelContaminationCheck, CheckDatasetContamination, ContaminationCheck, ContaminationMethod, ContaminationModel,
    ContaminationReport, ContaminationSource, Dataset, DatasetId, DatasetWorkState, GetContaminationCheck,
    ListContaminationChecks, ValidationProgress,
};
use super::SqlDatasets;
use super::comparisons::no_files;
use super::datasets::{stored, to_dataset};
use crate::base::{Ctx, Error, ErrorKind, Events, Id, Page, PageRequest, Result, Timestamp};
use crate::store::count::{signed, unsigned};
use crate::store::{keyset, staying};

/// Checks of a project that may be under way.
const OPEN: u64 = 16;
/// Datasets that one check looks in.
const MOST: usize = 100;
/// Ids of one statement.
const AT_ONCE: usize = 1000;

impl SqlDatasets {
    pub(super) async fn check_contamination(
        &self,
        ctx: &Ctx,
        req: CheckDatasetContamination,
    ) -> Result<ContaminationCheck> {
        let of = self.get(ctx, req.dataset_id).await?;
        let Some(digest) = of.digest.clone() else { return Err(no_files(&of, "datasetId")) };
        let method = method(&req, &of)?;
        let (others, model) = self.looked_in(ctx, &req).await?;
        if self.open_checks(ctx).await? >= OPEN {
            return Err(Error::conflict(format!("{OPEN} contamination checks of this project are under way"))
                .code("too_many_checks")
                .hint("wait until one of them ends, or cancel one"));
        }
        let differs = |other: &&Dataset| other.digest.as_ref() != Some(&digest);
        let read: Vec<u64> = others.iter().filter(differs).map(|other| other.bytes).collect();
        let total = if read.is_empty() { 0 } else { of.bytes + read.into_iter().sum::<u64>() };
        let sources: Vec<ContaminationSource> = others.into_iter().map(source).collect();
        let row = contamination::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            dataset_id: of.id.0,
            digest,
            model: model.map(|model| crate::op::encode(&model)).transpose()?,
            sources: crate::op::encode(&sources)?,
            method: crate::op::encode(&method)?,
            rules: crate::op::encode(&self.masked_by(ctx).await?)?,
            state: DatasetWorkState::Queued.name().to_owned(),
            rows_read: 0,
            bytes_read: 0,
            bytes_total: signed(total),
            report: None,
            error: None,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
            finished_at: None,
        };
        let conn = self.store.conn(ctx);
        contamination::Entity::insert(row.clone().into_active_model()).exec_without_returning(&conn).await?;
        let links = sources
            .iter()
            .map(|source| contamination_source::Model { check_id: row.id, dataset_id: source.dataset_id.0 });
        let links = links.map(IntoActiveModel::into_active_model);
        contamination_source::Entity::insert_many(links).exec_without_returning(&conn).await?;
        let against: Vec<Value> = sources.iter().map(|one| json!([one.dataset_id, one.digest])).collect();
        let said =
            json!({ "contaminationCheck": row.id, "digest": row.digest, "against": against, "model": req.model_id });
        ctx.touch("dataset", of.id, said);
        ctx.signal(topic(row.id));
        to_check(row, None)
    }

    /// What is masked in excerpts: all that is known to be personal, and what the project's policy asks for.
    async fn masked_by(&self, ctx: &Ctx) -> Result<Vec<Rules>> {
        let wanted = Wanted { of: "", types: None, min_confidence: None };
        let mut rules = vec![Rules::of(&wanted, None)?];
        if let Some(policy) = self.policy_for(ctx, "policy", (None, None)).await? {
            rules.push(Rules::of(&wanted, Some(policy))?);
        }
        Ok(rules)
    }

    /// The datasets that are named, and those that the model learned from.
    async fn looked_in(
        &self,
        ctx: &Ctx,
        req: &CheckDatasetContamination,
    ) -> Result<(Vec<Dataset>, Option<ContaminationModel>)> {
        let named = req.against.as_deref().unwrap_or_default();
        if named.is_empty() && req.model_id.is_none() {
            return Err(Error::invalid("against", "must name a dataset, as no model is named")
                .hint("name dataset versions, or a model with `modelId`"));
        }
        if named.contains(&req.dataset_id) {
            return Err(Error::invalid("against", "names the dataset itself").hint("leave it out"));
        }
        let known = self.datasets_of(ctx, named).await?;
        let mut others: Vec<Dataset> = Vec::new();
        for id in named {
            let missing = || Error::not_found("dataset", id).field("against");
            let found = known.iter().find(|dataset| dataset.id == *id).ok_or_else(missing)?;
            if found.digest.is_none() {
                return Err(no_files(found, "against"));
            }
            if !others.iter().any(|other| other.id == *id) {
                others.push(found.clone());
            }
        }
        let Some(id) = req.model_id else { return Ok((others, None)) };
        let (of_model, model) = self.data_of_model(ctx, id).await?;
        let new: Vec<Dataset> =
            of_model.into_iter().filter(|one| others.iter().all(|other| other.id != one.id)).collect();
        others.extend(new);
        if others.is_empty() {
            return Err(Error::conflict(format!("no dataset is known that {} learned from", model.name))
                .code("no_training_data")
                .field("modelId")
                .hint("name dataset versions with `against`"));
        }
        if others.len() > MOST {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("{} learned from {} datasets, and a check looks in at most {MOST}", model.name, others.len()),
            )
            .field("modelId")
            .hint("name the most important ones with `against`, in several checks"));
        }
        Ok((others, Some(model)))
    }

    /// What a model learned from, of which some may be gone.
    async fn data_of_model(&self, ctx: &Ctx, id: Id) -> Result<(Vec<Dataset>, ContaminationModel)> {
        if !ctx.caller.may("catalog:read") {
            return Err(Error::denied("naming a model needs the permission `catalog:read`")
                .code("permission_missing")
                .field("modelId")
                .hint("name dataset versions with `against`"));
        }
        let missing = || Error::not_found("model", id).field("modelId").hint("take a model of the catalog");
        let learned = self.learned_from(ctx, &[id]).await?.remove(&id).ok_or_else(missing)?;
        let ids: Vec<DatasetId> = learned.datasets.keys().copied().collect();
        let mut known = self.datasets_of(ctx, &ids).await?;
        known.retain(|dataset| dataset.digest.is_some());
        known.sort_by_key(|dataset| dataset.created_at);
        let gone = |id: &DatasetId| known.iter().all(|dataset| dataset.id != *id);
        let model = ContaminationModel {
            model_id: id,
            name: learned.name,
            missing: ids.into_iter().filter(gone).collect(),
            truncated: learned.truncated,
        };
        Ok((known, model))
    }

    /// Those of these datasets that are of the caller's project.
    pub(super) async fn datasets_of(&self, ctx: &Ctx, ids: &[DatasetId]) -> Result<Vec<Dataset>> {
        let mut found = Vec::new();
        for ids in ids.chunks(AT_ONCE) {
            let select = dataset::Entity::find()
                .filter(dataset::Column::Project.eq(ctx.project()))
                .filter(dataset::Column::Id.is_in(ids.iter().map(|id| id.0)));
            for row in staying(ctx, select).all(&self.store.conn(ctx)).await? {
                found.push(to_dataset(row)?);
            }
        }
        Ok(found)
    }

    async fn open_checks(&self, ctx: &Ctx) -> Result<u64> {
        let select = contamination::Entity::find()
            .filter(contamination::Column::Project.eq(ctx.project()))
            .filter(contamination::Column::FinishedAt.is_null());
        Ok(select.count(&self.store.conn(ctx)).await?)
    }

    async fn load_check(&self, ctx: &Ctx, dataset: DatasetId, id: Id) -> Result<contamination::Model> {
        self.load(ctx, dataset).await?;
        let select = contamination::Entity::find_by_id(id).filter(contamination::Column::DatasetId.eq(dataset.0));
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("contamination check", id))
    }

    pub(super) async fn contamination_check(
        &self,
        ctx: &Ctx,
        req: &GetContaminationCheck,
    ) -> Result<ContaminationCheck> {
        let row = self.load_check(ctx, req.dataset_id, req.check_id).await?;
        let samples = match row.report {
            Some(_) => contamination_sample::Entity::find_by_id(row.id).one(&self.store.conn(ctx)).await?,
            None => None,
        };
        to_check(row, samples)
    }

    pub(super) async fn contamination_checks(
        &self,
        ctx: &Ctx,
        req: ListContaminationChecks,
    ) -> Result<Page<ContaminationCheck>> {
        let of = self.load(ctx, req.dataset_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("contamination_checks|{}", of.id),
            column: contamination::Column::CreatedAt,
            id: contamination::Column::Id,
            ascending: false,
            total: false,
        };
        let select = contamination::Entity::find().filter(contamination::Column::DatasetId.eq(of.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(|row| to_check(row, None)).collect::<Result<_>>()?, page })
    }

    pub(super) async fn watch_check(
        &self,
        ctx: &Ctx,
        req: GetContaminationCheck,
    ) -> Result<Events<ContaminationCheck>> {
        let mut changes = self.store.signals().listen(topic(req.check_id));
        let mut seen = self.contamination_check(ctx, &req).await?;
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            yield seen.clone();
            while seen.state.is_open() {
                changes.changed().await;
                let now = room.contamination_check(&ctx, &req).await?;
                if now != seen {
                    seen = now;
                    yield seen.clone();
                }
            }
        };
        Ok(events.boxed())
    }

    /// Says that it is to end; the loop ends it.
    pub(super) async fn cancel_check(&self, ctx: &Ctx, req: CancelContaminationCheck) -> Result<ContaminationCheck> {
        let row = self.load_check(ctx, req.dataset_id, req.check_id).await?;
        if !DatasetWorkState::from_name(&row.state)?.is_open() {
            return self.contamination_check(ctx, &req.into()).await;
        }
        let state = DatasetWorkState::Cancelled.name().to_owned();
        let change = contamination::ActiveModel { state: Set(state.clone()), ..Default::default() };
        let same = contamination::Entity::update_many().set(change).filter(contamination::Column::Id.eq(row.id));
        let open = same.filter(contamination::Column::FinishedAt.is_null());
        if open.exec(&self.store.conn(ctx)).await?.rows_affected == 0 {
            return self.contamination_check(ctx, &req.into()).await; // it just ended
        }
        ctx.touch("dataset", row.dataset_id, json!({ "contaminationCheck": row.id, "cancelled": true }));
        ctx.signal(topic(row.id));
        to_check(contamination::Model { state, ..row }, None)
    }

    /// How many checks under way read this dataset, on either side.
    pub(super) async fn checks_under_way(&self, ctx: &Ctx, id: DatasetId) -> Result<u64> {
        let open = about(id).filter(contamination::Column::FinishedAt.is_null());
        Ok(open.count(&self.store.conn(ctx)).await?)
    }

    /// Forgets the checks of a dataset and those that looked in it, since they show rows of it. What they found of the bytes
    /// stays known.
    pub(super) async fn forget_checks(&self, ctx: &Ctx, id: DatasetId) -> Result<()> {
        let conn = self.store.conn(ctx);
        let ids: Vec<Id> = about(id).select_only().column(contamination::Column::Id).into_tuple().all(&conn).await?;
        for ids in ids.chunks(AT_ONCE) {
            let of = |column: contamination_source::Column| column.is_in(ids.iter().copied());
            contamination_source::Entity::delete_many()
                .filter(of(contamination_source::Column::CheckId))
                .exec(&conn)
                .await?;
            contamination_sample::Entity::delete_many()
                .filter(contamination_sample::Column::CheckId.is_in(ids.iter().copied()))
                .exec(&conn)
                .await?;
            overlap::Entity::update_many()
                .col_expr(overlap::Column::CheckId, Expr::value(Option::<Id>::None))
                .filter(overlap::Column::CheckId.is_in(ids.iter().copied()))
                .exec(&conn)
                .await?;
            contamination::Entity::delete_many()
                .filter(contamination::Column::Id.is_in(ids.iter().copied()))
                .exec(&conn)
                .await?;
        }
        Ok(())
    }
}

/// The checks of a dataset, and those that look in it.
fn about(id: DatasetId) -> Select<contamination::Entity> {
    let mut looks_in = Query::select();
    looks_in
        .column(contamination_source::Column::CheckId)
        .from(contamination_source::Entity)
        .and_where(contamination_source::Column::DatasetId.eq(id.0));
    let mut either = Query::select();
    either
        .column(contamination::Column::Id)
        .from(contamination::Entity)
        .and_where(contamination::Column::DatasetId.eq(id.0))
        .union(UnionType::Distinct, looks_in);
    // Both by an index, where the one or the other would read every check.
    contamination::Entity::find().filter(contamination::Column::Id.in_subquery(either))
}

/// What wakes the loop and the watchers of a check.
pub(super) fn topic(id: Id) -> String {
    format!("contamination_checks/{id}")
}

impl From<CancelContaminationCheck> for GetContaminationCheck {
    fn from(req: CancelContaminationCheck) -> Self {
        Self { dataset_id: req.dataset_id, check_id: req.check_id }
    }
}

fn source(dataset: Dataset) -> ContaminationSource {
    ContaminationSource {
        dataset_id: dataset.id,
        name: dataset.name,
        version: dataset.version,
        digest: dataset.digest.unwrap_or_default(),
    }
}

fn method(req: &CheckDatasetContamination, of: &Dataset) -> Result<ContaminationMethod> {
    let columns = match &req.columns {
        None => Columns::of(of).names(),
        Some(asked) => {
            let known: BTreeSet<&str> = of.schema.iter().map(|column| column.name.as_str()).collect();
            if let Some(other) = asked.iter().find(|name| !known.contains(name.as_str())) {
                let some: Vec<&str> = of.schema.iter().take(50).map(|column| column.name.as_str()).collect();
                return Err(Error::invalid("columns", format!("names `{other}`, which is no column of this dataset"))
                    .hint(format!("its columns are {}", some.join(", "))));
            }
            Columns::named(of, asked.clone()).names()
        }
    };
    Ok(ContaminationMethod {
        columns,
        ngram: req.ngram.unwrap_or(NGRAM),
        min_overlap: req.min_overlap.unwrap_or(MIN_OVERLAP),
        similarity: req.similarity.unwrap_or(SIMILARITY),
    })
}

pub(super) fn to_check(
    row: contamination::Model,
    samples: Option<contamination_sample::Model>,
) -> Result<ContaminationCheck> {
    let report: Option<ContaminationReport> = row.report.map(stored).transpose()?;
    let samples = samples.map(|row| stored(row.samples)).transpose()?;
    Ok(ContaminationCheck {
        id: row.id,
        dataset_id: DatasetId(row.dataset_id),
        digest: row.digest,
        model: row.model.map(stored).transpose()?,
        sources: stored(row.sources)?,
        method: stored(row.method)?,
        state: DatasetWorkState::from_name(&row.state)?,
        progress: ValidationProgress {
            rows: unsigned(row.rows_read),
            bytes: unsigned(row.bytes_read),
            total_bytes: unsigned(row.bytes_total),
        },
        report: report.map(|report| ContaminationReport { samples, ..report }),
        error: row.error,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
    })
}
