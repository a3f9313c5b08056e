//! Versions of a dataset: begun from one another, listed, followed, deleted.

use futures::StreamExt;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::super::rows::{dataset, derivation, file, index};
use super::super::{
    ColumnRoles, CreateDatasetVersion, Dataset, DatasetId, DatasetStatus, DatasetUse, DeletedDataset,
    ListDatasetVersions, PiiScanStatus, RestoreDatasetVersion, roles,
};
use super::cards::Card;
use super::comparisons::no_files;
use super::datasets::to_dataset;
use super::{SqlDatasets, owner};
use crate::base::{Ctx, Error, Events, Id, Limits, Page, PageRequest, Result, Semver, check_text, etag_of};
use crate::blob::Stored;
use crate::store::count::unsigned;
use crate::store::keyset;

/// The most versions that are named as what needs another.
const VERSIONS: usize = 1000;

/// What a new version is to be.
pub(super) struct Begun {
    pub(super) version: String,
    pub(super) change_log: Option<String>,
    pub(super) columns: ColumnRoles,
}

impl SqlDatasets {
    pub(super) async fn create_version(&self, ctx: &Ctx, req: CreateDatasetVersion) -> Result<Dataset> {
        let parent = self.load(ctx, req.dataset_id).await?;
        let of = to_dataset(parent.clone())?;
        let version = Semver::parse("version", &req.version)?;
        if version <= Semver::parse("version", &parent.version)? {
            return Err(Error::invalid(
                "version",
                format!("must be higher than its parent's, which is {}", parent.version),
            )
            .hint("raise the number"));
        }
        check_text("changeLog", req.change_log.as_deref().unwrap_or_default(), Limits::TEXT_CHARS)?;
        let columns = req.columns.unwrap_or_else(|| of.columns.clone());
        roles::check(of.dataset_type, &columns)?;
        let begun = Begun { version: version.to_string(), change_log: req.change_log, columns };
        self.begin_version(ctx, parent, begun, req.with_files.unwrap_or(false)).await
    }

    /// An old version's files under the next number of its name.
    pub(super) async fn restore(&self, ctx: &Ctx, req: RestoreDatasetVersion) -> Result<Dataset> {
        let of = self.load(ctx, req.dataset_id).await?;
        let old = self.version_of(ctx, &of, ("version", &req.version)).await?;
        if old.digest.is_none() {
            return Err(no_files(&to_dataset(old)?, "version"));
        }
        check_text("changeLog", req.change_log.as_deref().unwrap_or_default(), Limits::TEXT_CHARS)?;
        let said = || format!("Restored from {}.", old.version);
        let begun = Begun {
            version: self.next_version(ctx, &old.name).await?,
            change_log: Some(req.change_log.unwrap_or_else(said)),
            columns: to_dataset(old.clone())?.columns,
        };
        self.begin_version(ctx, old, begun, true).await
    }

    pub(super) async fn begin_version(
        &self,
        ctx: &Ctx,
        parent: dataset::Model,
        begun: Begun,
        with_files: bool,
    ) -> Result<Dataset> {
        let from = DatasetId(parent.id);
        let parent = if with_files { self.as_it_stays(ctx, from).await? } else { parent };
        let (prose, card) = (self.prose(ctx, parent.id).await?, Card::of(&parent));
        let card = if with_files { card } else { card.of_other_rows() };
        let row = dataset::Model {
            id: ctx.new_id(),
            version: begun.version,
            status: DatasetStatus::Draft.name().to_owned(),
            pii_scan_status: PiiScanStatus::Pending.name().to_owned(),
            quality_score: None,
            change_log: begun.change_log,
            parent_id: Some(parent.id),
            digest: parent.digest.clone().filter(|_| with_files),
            rows: if with_files { parent.rows } else { 0 },
            bytes: if with_files { parent.bytes } else { 0 },
            stored_bytes: None,
            format: parent.format.clone().filter(|_| with_files),
            schema: if with_files { parent.schema.clone() } else { json!([]) },
            columns: crate::op::encode(&begun.columns)?,
            card_digest: card.digest(&parent.name, &prose)?,
            metadata: Value::Object(card.fields),
            tags: card.tags.into(),
            validation_state: None,
            derived_from: None,
            pii_waiver: None,
            approved_at: None,
            approved_by: None,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
            updated_at: ctx.now().micros(),
            revision: 1,
            ..parent
        };
        let made = self.insert(ctx, row).await?;
        self.put_prose(ctx, made.id.0, prose).await?;
        if with_files {
            self.take_files(ctx, from, made.id).await?;
        }
        self.get(ctx, made.id).await
    }

    /// A dataset whose files nobody changes until the unit is over: what is said of them holds for those that are taken.
    async fn as_it_stays(&self, ctx: &Ctx, id: DatasetId) -> Result<dataset::Model> {
        let found = dataset::Entity::find_by_id(id.0).lock_shared().one(&self.store.conn(ctx)).await?;
        found.ok_or_else(|| Error::not_found("dataset", id))
    }

    /// Gives a version the files of its parent: the rows are copied, the bytes are held twice and stored once.
    async fn take_files(&self, ctx: &Ctx, from: DatasetId, to: DatasetId) -> Result<()> {
        let conn = self.store.conn(ctx);
        let is_approved = self.load(ctx, from).await?.status == DatasetStatus::Approved.name();
        for known in self.file_rows(ctx, from).await? {
            let points = index::Entity::find_by_id(known.id).one(&conn).await?;
            let bytes = Stored { digest: known.sha256.clone(), bytes: unsigned(known.bytes) };
            self.blobs.hold(&self.store, ctx, &owner(to, &known.path), &bytes).await?;
            // What was approved counts from here on as brought by who goes on with it.
            let uploaded_by = if is_approved { Some(ctx.caller.actor.clone()) } else { known.uploaded_by.clone() };
            let (id, dataset_id, created_at) = (ctx.new_id(), to.0, ctx.now().micros());
            let row = file::Model { id, dataset_id, created_at, uploaded_by, ..known };
            if let Some(points) = points {
                let points = index::Model { file_id: row.id, ..points };
                index::Entity::insert(points.into_active_model()).exec_without_returning(&conn).await?;
            }
            file::Entity::insert(row.into_active_model()).exec_without_returning(&conn).await?;
        }
        Ok(())
    }

    pub(super) async fn versions(&self, ctx: &Ctx, req: ListDatasetVersions) -> Result<Page<Dataset>> {
        let of = self.load(ctx, req.dataset_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let select = dataset::Entity::find()
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Name.eq(of.name.as_str()));
        let order = keyset::Keyset {
            list: format!("dataset_versions|{}", of.name),
            column: dataset::Column::CreatedAt,
            id: dataset::Column::Id,
            ascending: false,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        let mut items: Vec<Dataset> = rows.into_iter().map(to_dataset).collect::<Result<_>>()?;
        self.tell_differences(ctx, &mut items).await?;
        Ok(Page { items, page })
    }

    async fn children(&self, ctx: &Ctx, of: &[Id]) -> Result<Vec<Dataset>> {
        let select = dataset::Entity::find()
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::ParentId.is_in(of.iter().copied()))
            .order_by_asc(dataset::Column::CreatedAt)
            .limit(VERSIONS as u64);
        select.all(&self.store.conn(ctx)).await?.into_iter().map(to_dataset).collect()
    }

    /// What other rooms made with this dataset.
    async fn uses(&self, ctx: &Ctx, id: DatasetId) -> Result<Vec<DatasetUse>> {
        let mut uses = Vec::new();
        for room in self.users() {
            uses.extend(room.uses_of(ctx, id).await?);
        }
        Ok(uses)
    }

    pub(super) async fn delete(&self, ctx: &Ctx, id: DatasetId) -> Result<DeletedDataset> {
        // Whoever builds on it meanwhile is done before, or finds it gone.
        dataset::Entity::find_by_id(id.0).lock_exclusive().one(&self.store.conn(ctx)).await?;
        let row = self.load(ctx, id).await?;
        ctx.check_etag(&etag_of(row.revision))?;
        let children = self.children(ctx, &[id.0]).await?;
        // What was derived has bytes of its own, and says what it came from.
        let needs = |child: &Dataset| child.status != DatasetStatus::Deprecated && child.derived_from.is_none();
        let children = children.into_iter().filter(needs);
        let mut blockers: Vec<DatasetUse> = children.map(|child| as_use(&child)).collect();
        blockers.extend(self.uses(ctx, id).await?.into_iter().filter(|found| found.blocks));
        if !blockers.is_empty() {
            let names: Vec<String> = blockers.iter().map(|b| format!("{} {}", b.kind, b.name)).collect();
            let (name, version) = (&row.name, &row.version);
            return Err(Error::conflict(format!("dataset `{name}` {version} is needed by {}", names.join(", ")))
                .code("in_use")
                .hint("end, deprecate or delete these first")
                .details(json!({ "blockers": blockers })));
        }
        if self.derivations_under_way(ctx, id).await? > 0 {
            return Err(Error::conflict(format!("a dataset is being derived from `{}` {}", row.name, row.version))
                .code("derivation_running")
                .hint("wait until it ends, or cancel it"));
        }
        if self.checks_under_way(ctx, id).await? > 0 {
            let what = format!("a contamination check reads `{}` {}", row.name, row.version);
            return Err(Error::conflict(what).code("contamination_running").hint("wait until it ends, or cancel it"));
        }
        if self.counts_under_way(ctx, id).await? > 0 {
            let what = format!("the tokens of `{}` {} are being counted", row.name, row.version);
            return Err(Error::conflict(what).code("token_count_running").hint("wait until it ends, or cancel it"));
        }
        self.forget_comparisons(ctx, id).await?;
        self.forget_checks(ctx, id).await?;
        self.forget_counts(ctx, id).await?;
        self.uploads.give_up_all(ctx, row.id).await?;
        let mine = derivation::Entity::delete_many().filter(derivation::Column::SourceId.eq(row.id));
        mine.exec(&self.store.conn(ctx)).await?;
        let gone = self.discard(ctx, &row).await?;
        let told = json!({
            "name": row.name, "version": row.version, "digest": row.digest, "files": gone.files,
            "restorableUntil": gone.restorable_until,
        });
        ctx.touch("dataset", row.id, told);
        ctx.signal(format!("datasets/{id}"));
        Ok(gone)
    }

    pub(super) async fn watch(&self, ctx: &Ctx, id: DatasetId) -> Result<Events<Dataset>> {
        let mut changes = self.store.signals().listen(format!("datasets/{id}"));
        let mut seen = self.get(ctx, id).await?;
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            yield seen.clone();
            loop {
                changes.changed().await;
                match room.get(&ctx, id).await {
                    Ok(now) if now != seen => {
                        seen = now.clone();
                        yield now;
                    }
                    Ok(_) => {}
                    Err(gone) => Err(gone)?,
                }
            }
        };
        Ok(events.boxed())
    }
}

fn as_use(dataset: &Dataset) -> DatasetUse {
    DatasetUse {
        kind: "dataset".into(),
        id: dataset.id.0,
        name: format!("{} {}", dataset.name, dataset.version),
        blocks: true,
    }
}
