//! Derivations: asked for, read, followed, ended. The loop carries them out.

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::super::derive::{self, Operation};
use super::super::rows::{dataset, derivation};
use super::super::source::off_thread;
use super::super::{
    CancelDatasetDerivation, Dataset, DatasetDerivation, DatasetId, DatasetWorkState, DeriveDataset, DerivedBy,
    DerivedOutput, GetDatasetDerivation, ListDatasetDerivations, ValidationProgress,
};
use super::comparisons::no_files;
use super::datasets::{stored, to_dataset};
use super::{SqlDatasets, deriving};
use crate::base::{Ctx, Error, Events, Id, Limits, Name, Page, PageRequest, Result, Semver, Timestamp, check_text};
use crate::store::count::{signed, unsigned};
use crate::store::keyset;

/// Derivations of a project that may be under way.
const OPEN: u64 = 16;

impl SqlDatasets {
    pub(super) async fn derive(&self, ctx: &Ctx, req: DeriveDataset) -> Result<DatasetDerivation> {
        let source = to_dataset(self.load(ctx, req.dataset_id).await?)?;
        let mut by = operation(&req);
        if let Some(redact) = &mut by.redact {
            self.settle_redaction(ctx, redact).await?;
        }
        Operation::of(&by)?;
        let Some(digest) = source.digest.clone() else { return Err(no_files(&source, "datasetId")) };
        let tokenizer = match &mut by.tokens {
            Some(keep) => Some(self.settle_tokens(ctx, keep, &source).await?),
            None => None,
        };
        let operation = Operation::of(&by)?;
        check_text("changeLog", req.change_log.as_deref().unwrap_or_default(), Limits::TEXT_CHARS)?;
        let (asked, of) = (operation.clone(), source.clone());
        off_thread(move || derive::check(&asked, &of)).await?;
        let open = self.open_derivations(ctx).await?;
        if open.len() as u64 >= OPEN {
            return Err(Error::conflict(format!("{OPEN} derivations of this project are under way"))
                .code("too_many_derivations")
                .hint("wait until one of them ends, or cancel one"));
        }
        let outputs = self.outputs(ctx, &req, (&source, &operation)).await?;
        check_free(&outputs, &open)?;
        let row = derivation::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            source_id: source.id.0,
            source_digest: digest,
            operation: crate::op::encode(&by)?,
            outputs: crate::op::encode(&outputs)?,
            change_log: req.change_log,
            state: DatasetWorkState::Queued.name().to_owned(),
            rows_read: 0,
            bytes_read: 0,
            bytes_total: signed(derive::bytes_to_read(&operation, source.bytes)),
            error: None,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
            finished_at: None,
        };
        let conn = self.store.conn(ctx);
        derivation::Entity::insert(row.clone().into_active_model()).exec_without_returning(&conn).await?;
        if let Some(tokenizer) = tokenizer {
            let held = tokenizer.blobs().map(|stored| (deriving::holder(row.id, 0), stored)).collect();
            self.blobs.hold_all(&self.store, ctx, held).await?;
        }
        let names: Vec<String> = outputs.iter().map(|one| format!("{} {}", one.name, one.version)).collect();
        ctx.touch("dataset", source.id, json!({ "derivation": row.id, "operation": operation.name(), "makes": names }));
        ctx.signal(format!("dataset_derivations/{}", row.id));
        to_derivation(row)
    }

    /// Derivations of the project that did not end.
    async fn open_derivations(&self, ctx: &Ctx) -> Result<Vec<derivation::Model>> {
        let select = derivation::Entity::find()
            .filter(derivation::Column::Project.eq(ctx.project()))
            .filter(derivation::Column::FinishedAt.is_null());
        Ok(select.all(&self.store.conn(ctx)).await?)
    }

    /// How many derivations read this dataset.
    pub(super) async fn derivations_under_way(&self, ctx: &Ctx, id: DatasetId) -> Result<u64> {
        let select = derivation::Entity::find()
            .filter(derivation::Column::SourceId.eq(id.0))
            .filter(derivation::Column::FinishedAt.is_null());
        Ok(select.count(&self.store.conn(ctx)).await?)
    }

    /// What is to be made, under ids that stay, so that doing it again makes the same.
    async fn outputs(
        &self,
        ctx: &Ctx,
        req: &DeriveDataset,
        (source, operation): (&Dataset, &Operation),
    ) -> Result<Vec<DerivedOutput>> {
        let mut outputs = Vec::new();
        for part in operation.parts() {
            let base = req.name.as_deref().unwrap_or(&source.name);
            let name = part.as_ref().map_or_else(|| base.to_owned(), |part| format!("{base}-{part}"));
            let name = Name::parse("name", &name)?.as_str().to_owned();
            let version = match &req.version {
                Some(version) => Semver::parse("version", version)?.to_string(),
                None => self.next_version(ctx, &name).await?,
            };
            if name == source.name && Semver::parse("version", &version)? <= Semver::parse("version", &source.version)?
            {
                let rule = format!("must be higher than the source's, which is {}", source.version);
                return Err(Error::invalid("version", rule).hint("leave it out, or raise the number"));
            }
            self.check_version_free(ctx, &name, &version).await?;
            outputs.push(DerivedOutput { dataset_id: DatasetId(ctx.new_id()), name, version, part, rows: None });
        }
        Ok(outputs)
    }

    /// The version after the highest of a name; 1.0.0 if there is none.
    pub(super) async fn next_version(&self, ctx: &Ctx, name: &str) -> Result<String> {
        match self.highest_version(ctx, name).await? {
            Some(highest) => Ok(highest.next_patch()?.to_string()),
            None => Ok("1.0.0".to_owned()),
        }
    }

    /// The highest version of a name.
    pub(super) async fn highest_version(&self, ctx: &Ctx, name: &str) -> Result<Option<Semver>> {
        use sea_orm::QuerySelect;
        let select = dataset::Entity::find()
            .select_only()
            .column(dataset::Column::Version)
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Name.eq(name));
        let known: Vec<String> = select.into_tuple().all(&self.store.conn(ctx)).await?;
        let known: Vec<Semver> = known.iter().map(|one| Semver::parse("version", one)).collect::<Result<_>>()?;
        Ok(known.into_iter().max())
    }

    async fn check_version_free(&self, ctx: &Ctx, name: &str, version: &str) -> Result<()> {
        let select = dataset::Entity::find()
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Name.eq(name))
            .filter(dataset::Column::Version.eq(version));
        if select.count(&self.store.conn(ctx)).await? == 0 { Ok(()) } else { Err(taken(name, version)) }
    }

    async fn load_derivation(&self, ctx: &Ctx, dataset: DatasetId, id: Id) -> Result<derivation::Model> {
        self.load(ctx, dataset).await?;
        let select = derivation::Entity::find_by_id(id).filter(derivation::Column::SourceId.eq(dataset.0));
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("derivation", id))
    }

    pub(super) async fn derivation(&self, ctx: &Ctx, req: &GetDatasetDerivation) -> Result<DatasetDerivation> {
        to_derivation(self.load_derivation(ctx, req.dataset_id, req.derivation_id).await?)
    }

    pub(super) async fn derivations(&self, ctx: &Ctx, req: ListDatasetDerivations) -> Result<Page<DatasetDerivation>> {
        let of = self.load(ctx, req.dataset_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("dataset_derivations|{}", of.id),
            column: derivation::Column::CreatedAt,
            id: derivation::Column::Id,
            ascending: false,
            total: false,
        };
        let select = derivation::Entity::find().filter(derivation::Column::SourceId.eq(of.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_derivation).collect::<Result<_>>()?, page })
    }

    pub(super) async fn watch_derivation(
        &self,
        ctx: &Ctx,
        req: GetDatasetDerivation,
    ) -> Result<Events<DatasetDerivation>> {
        let mut changes = self.store.signals().listen(format!("dataset_derivations/{}", req.derivation_id));
        let mut seen = self.derivation(ctx, &req).await?;
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            yield seen.clone();
            while seen.state.is_open() {
                changes.changed().await;
                let now = room.derivation(&ctx, &req).await?;
                if now != seen {
                    seen = now;
                    yield seen.clone();
                }
            }
        };
        Ok(events.boxed())
    }

    /// Says that it is to end; the loop lets go of what was made so far.
    pub(super) async fn cancel_derivation(&self, ctx: &Ctx, req: CancelDatasetDerivation) -> Result<DatasetDerivation> {
        let row = self.load_derivation(ctx, req.dataset_id, req.derivation_id).await?;
        if !DatasetWorkState::from_name(&row.state)?.is_open() {
            return to_derivation(row);
        }
        let state = DatasetWorkState::Cancelled.name().to_owned();
        let change = derivation::ActiveModel { state: Set(state.clone()), ..Default::default() };
        let same = derivation::Entity::update_many().set(change).filter(derivation::Column::Id.eq(row.id));
        let open = same.filter(derivation::Column::FinishedAt.is_null());
        if open.exec(&self.store.conn(ctx)).await?.rows_affected == 0 {
            return to_derivation(self.load_derivation(ctx, req.dataset_id, req.derivation_id).await?); // it just ended
        }
        ctx.touch("dataset", row.source_id, json!({ "derivation": row.id, "cancelled": true }));
        ctx.signal(format!("dataset_derivations/{}", row.id));
        to_derivation(derivation::Model { state, ..row })
    }
}

/// Refuses a version that a derivation under way is about to make.
fn check_free(outputs: &[DerivedOutput], open: &[derivation::Model]) -> Result<()> {
    for row in open.iter().filter(|row| row.state != DatasetWorkState::Cancelled.name()) {
        let theirs: Vec<DerivedOutput> = stored(row.outputs.clone())?;
        for output in outputs {
            if theirs.iter().any(|other| other.name == output.name && other.version == output.version) {
                return Err(Error::conflict(format!("`{}` {} is being made already", output.name, output.version))
                    .code("derivation_running")
                    .field("version")
                    .hint(format!("wait for the derivation {}, cancel it, or use another version", row.id)));
            }
        }
    }
    Ok(())
}

pub(super) fn taken(name: &str, version: &str) -> Error {
    Error::conflict(format!("dataset `{name}` {version} already exists"))
        .code("dataset_exists")
        .field("version")
        .hint("use a new version, or leave it out")
}

fn operation(req: &DeriveDataset) -> DerivedBy {
    DerivedBy {
        split: req.split.clone(),
        filter: req.filter.clone(),
        map: req.map.clone(),
        dedupe: req.dedupe.clone(),
        redact: req.redact.clone(),
        sample: req.sample.clone(),
        convert: req.convert.clone(),
        tokens: req.tokens.clone(),
    }
}

pub(super) fn to_derivation(row: derivation::Model) -> Result<DatasetDerivation> {
    Ok(DatasetDerivation {
        id: row.id,
        dataset_id: DatasetId(row.source_id),
        digest: row.source_digest,
        operation: stored(row.operation)?,
        outputs: stored(row.outputs)?,
        state: DatasetWorkState::from_name(&row.state)?,
        progress: ValidationProgress {
            rows: unsigned(row.rows_read),
            bytes: unsigned(row.bytes_read),
            total_bytes: unsigned(row.bytes_total),
        },
        error: row.error,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
    })
}
