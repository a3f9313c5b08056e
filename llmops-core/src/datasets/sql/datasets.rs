//! Datasets themselves: made, listed, read, changed.

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, IntoActiveModel, QueryFilter};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::super::rows::dataset;
use super::super::{
    CreateDataset, DataFormat, Dataset, DatasetId, DatasetSort, DatasetStatus, DatasetType, ListDatasets,
    PiiScanStatus, UpdateDataset, ValidationState, gates, roles,
};
use super::SqlDatasets;
use super::cards::{Card, Prose, tags_of};
use crate::base::{Ctx, Error, Limits, Name, Page, PageRequest, Patch, Result, Semver, Timestamp, check_text, etag_of};
use crate::cards::object;
use crate::store::count::unsigned;
use crate::store::{Named, is_unique_violation, keyset, staying};

impl SqlDatasets {
    pub(super) async fn load(&self, ctx: &Ctx, id: DatasetId) -> Result<dataset::Model> {
        let select = dataset::Entity::find_by_id(id.0).filter(dataset::Column::Project.eq(ctx.project()));
        staying(ctx, select).one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("dataset", id))
    }

    pub(super) async fn get(&self, ctx: &Ctx, id: DatasetId) -> Result<Dataset> {
        let mut dataset = to_dataset(self.load(ctx, id).await?)?;
        self.tell_differences(ctx, std::slice::from_mut(&mut dataset)).await?;
        Ok(dataset)
    }

    pub(super) async fn create(&self, ctx: &Ctx, req: CreateDataset) -> Result<Dataset> {
        let name = Name::parse("name", &req.name)?;
        let version = Semver::parse("version", &req.version)?;
        check_texts(req.owner_team.as_deref(), req.change_log.as_deref())?;
        roles::check(req.dataset_type, &req.columns)?;
        let card = Card::new(req.metadata, &req.tags)?;
        let row = dataset::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            name: name.as_str().to_owned(),
            version: version.to_string(),
            dataset_type: req.dataset_type.name().to_owned(),
            status: DatasetStatus::Draft.name().to_owned(),
            pii_scan_status: PiiScanStatus::Pending.name().to_owned(),
            quality_score: None,
            owner_team: req.owner_team,
            change_log: req.change_log,
            parent_id: None,
            digest: None,
            rows: 0,
            bytes: 0,
            stored_bytes: None,
            format: None,
            schema: json!([]),
            card_digest: card.digest(name.as_str(), &Prose::default())?,
            metadata: Value::Object(card.fields),
            tags: card.tags.into(),
            columns: crate::op::encode(&req.columns)?,
            validation_state: None,
            derived_from: None,
            pii_waiver: None,
            approved_at: None,
            approved_by: None,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
            updated_at: ctx.now().micros(),
            revision: 1,
        };
        self.insert(ctx, row).await
    }

    /// Keeps a new version, unless there is one of its name and version.
    pub(super) async fn insert(&self, ctx: &Ctx, row: dataset::Model) -> Result<Dataset> {
        self.insert_row(ctx, &row, || exists(ctx, &row)).await?;
        ctx.touch("dataset", row.id, json!({ "name": row.name, "version": row.version, "parent": row.parent_id }));
        ctx.signal(format!("datasets/{}", row.id));
        to_dataset(row)
    }

    /// The row of a dataset, and what its name is found by.
    pub(super) async fn insert_row(
        &self,
        ctx: &Ctx,
        row: &dataset::Model,
        taken: impl FnOnce() -> Error + Send,
    ) -> Result<()> {
        let inserted = dataset::Entity::insert(row.clone().into_active_model());
        let inserted = inserted.exec_without_returning(&self.store.conn(ctx)).await;
        inserted.map_err(|e| if is_unique_violation(&e) { taken() } else { e.into() })?;
        Named::Datasets.add(&self.store, ctx, (&row.project, &row.name, row.id)).await
    }

    pub(super) async fn list(&self, ctx: &Ctx, req: ListDatasets) -> Result<Page<Dataset>> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let (column, ascending) = match req.sort.unwrap_or_default() {
            DatasetSort::NewestFirst => (dataset::Column::CreatedAt, false),
            DatasetSort::OldestFirst => (dataset::Column::CreatedAt, true),
            DatasetSort::LastChangedFirst => (dataset::Column::UpdatedAt, false),
            DatasetSort::Name => (dataset::Column::Name, true),
            DatasetSort::NameBackwards => (dataset::Column::Name, false),
        };
        check_quality(&req)?;
        let filters = ListDatasets { cursor: None, limit: None, ..req.clone() };
        let order = keyset::Keyset {
            list: format!("datasets|{}", crate::op::encode(&filters)?),
            column,
            id: dataset::Column::Id,
            ascending,
            total: req.include_total.unwrap_or(false),
        };
        let columns = [dataset::Column::Id, dataset::Column::Project, dataset::Column::Name];
        let found = Named::Datasets.search(&self.store, ctx, req.text.as_deref(), columns).await?;
        let select = dataset::Entity::find().filter(found).filter(wanted(&req));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_dataset).collect::<Result<_>>()?, page })
    }

    pub(super) async fn update(&self, ctx: &Ctx, req: UpdateDataset) -> Result<Dataset> {
        let row = self.load(ctx, req.dataset_id).await?;
        ctx.check_etag(&etag_of(row.revision))?;
        let given = |field: &Patch<String>| field.given().cloned();
        check_texts(given(&req.owner_team).as_deref(), given(&req.change_log).as_deref())?;
        let mut change = self.patch_card(ctx, &row, (req.metadata, req.tags)).await?;
        if !req.columns.stays() || req.dataset_type.is_some() {
            let dataset = to_dataset(row.clone())?;
            let columns = req.columns.over(Some(dataset.columns.clone())).unwrap_or_default();
            let kind = req.dataset_type.unwrap_or(dataset.dataset_type);
            roles::check(kind, &columns)?;
            if (kind, &columns) != (dataset.dataset_type, &dataset.columns) {
                self.check_open(ctx, &dataset).await?;
                unvalidated(&mut change);
                change.columns = Set(crate::op::encode(&columns)?);
                change.dataset_type = Set(kind.name().to_owned());
            }
        }
        change.owner_team = Set(req.owner_team.over(row.owner_team.clone()));
        change.change_log = Set(req.change_log.over(row.change_log.clone()));
        self.change(ctx, &row, change).await?;
        ctx.touch("dataset", row.id, json!({ "revision": { "before": row.revision, "after": row.revision + 1 } }));
        self.get(ctx, req.dataset_id).await
    }

    /// Refuses to change data that people rely on.
    pub(super) async fn check_open(&self, ctx: &Ctx, dataset: &Dataset) -> Result<()> {
        let report = match dataset.pii_scan_status {
            PiiScanStatus::Clean => self.report(ctx, dataset.id).await?,
            PiiScanStatus::Pending | PiiScanStatus::Failed => None,
        };
        gates::check_open(dataset, report.as_ref())
    }

    /// Writes a change over the row as it was read; another writer in between is a conflict.
    pub(super) async fn change(&self, ctx: &Ctx, row: &dataset::Model, change: dataset::ActiveModel) -> Result<()> {
        let change =
            dataset::ActiveModel { updated_at: Set(ctx.now().micros()), revision: Set(row.revision + 1), ..change };
        let same = dataset::Entity::update_many()
            .set(change)
            .filter(dataset::Column::Id.eq(row.id))
            .filter(dataset::Column::Revision.eq(row.revision));
        if same.exec(&self.store.conn(ctx)).await?.rows_affected == 1 {
            ctx.signal(format!("datasets/{}", row.id));
            return Ok(());
        }
        Err(changed_meanwhile())
    }
}

/// Somebody wrote to the same dataset at the same time; it is read again.
pub(super) const CHANGED: &str = "dataset_changed";

pub(super) fn changed_meanwhile() -> Error {
    Error::conflict("somebody else changed the dataset at the same time")
        .code(CHANGED)
        .hint("look at it again and repeat what you did")
}

/// What other bytes, or another meaning of them, undo.
pub(super) fn unvalidated(change: &mut dataset::ActiveModel) {
    change.pii_scan_status = Set(PiiScanStatus::Pending.name().to_owned());
    change.quality_score = Set(None);
    change.validation_state = Set(None);
    change.pii_waiver = Set(None);
}

/// What a dataset must be, its project and a text aside.
fn wanted(req: &ListDatasets) -> Condition {
    let mut all = Condition::all();
    let equal = [
        (dataset::Column::Name, req.name.clone()),
        (dataset::Column::Version, req.version.clone()),
        (dataset::Column::OwnerTeam, req.owner_team.clone()),
        (dataset::Column::DatasetType, req.dataset_type.map(|t| t.name().to_owned())),
        (dataset::Column::Status, req.status.map(|s| s.name().to_owned())),
        (dataset::Column::PiiScanStatus, req.pii_scan_status.map(|s| s.name().to_owned())),
    ];
    for (column, value) in equal {
        all = all.add_option(value.map(|value| column.eq(value)));
    }
    all = all.add_option(req.min_quality.map(|least| dataset::Column::QualityScore.gte(least)));
    all = all.add_option(req.max_quality.map(|most| dataset::Column::QualityScore.lte(most)));
    let digest = |begins: &String| crate::store::begins_in_hex(dataset::Column::Digest, begins);
    all = all.add_option(req.digest.as_ref().map(digest));
    all.add_option(req.newest.filter(|newest| *newest).map(|_| newer().not()))
}

/// Whether there is a newer version of the same name.
fn newer() -> SimpleExpr {
    let other = Alias::new("newer");
    let of = |column| Expr::col((other.clone(), column));
    let this = |column| Expr::col((dataset::Entity, column));
    let tie = of(dataset::Column::CreatedAt).eq(this(dataset::Column::CreatedAt));
    let later = of(dataset::Column::CreatedAt)
        .gt(this(dataset::Column::CreatedAt))
        .or(tie.and(of(dataset::Column::Id).gt(this(dataset::Column::Id))));
    let mut found = Query::select();
    found
        .expr(Expr::value(1))
        .from_as(dataset::Entity, other.clone())
        .and_where(of(dataset::Column::Project).eq(this(dataset::Column::Project)))
        .and_where(of(dataset::Column::Name).eq(this(dataset::Column::Name)))
        .and_where(later);
    Expr::exists(found)
}

fn check_quality(req: &ListDatasets) -> Result<()> {
    for (field, bound) in [("minQuality", req.min_quality), ("maxQuality", req.max_quality)] {
        if bound.is_some_and(|bound| !(0.0..=100.0).contains(&bound)) {
            return Err(Error::invalid(field, "must be between 0 and 100").hint("leave it out for any quality"));
        }
    }
    Ok(())
}

fn check_texts(team: Option<&str>, change_log: Option<&str>) -> Result<()> {
    check_text("ownerTeam", team.unwrap_or_default(), Limits::NAME_CHARS)?;
    check_text("changeLog", change_log.unwrap_or_default(), Limits::TEXT_CHARS)
}

pub(super) fn exists(ctx: &Ctx, row: &dataset::Model) -> Error {
    let (name, version, project) = (&row.name, &row.version, ctx.project());
    Error::conflict(format!("dataset `{name}` {version} already exists (project={project})"))
        .code("dataset_exists")
        .field("version")
        .hint("use a new version")
}

/// Reads JSON that this room wrote.
pub(super) fn stored<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::unexpected("a dataset's record cannot be read").caused_by(e))
}

/// The name of a format in the tables.
pub(super) fn format_name(format: DataFormat) -> &'static str {
    match format {
        DataFormat::Csv => "csv",
        DataFormat::Jsonl => "jsonl",
        DataFormat::Text => "text",
    }
}

/// The format of this name.
pub(super) fn format_of(name: &str) -> Result<DataFormat> {
    let all = [DataFormat::Csv, DataFormat::Jsonl, DataFormat::Text];
    let found = all.into_iter().find(|format| format_name(*format) == name);
    found.ok_or_else(|| Error::unexpected(format!("a dataset has the unknown format `{name}`")))
}

pub(super) fn to_dataset(row: dataset::Model) -> Result<Dataset> {
    Ok(Dataset {
        id: DatasetId(row.id),
        storage_uri: format!("datasets/{}/{}", row.id, row.version),
        name: row.name,
        version: row.version,
        dataset_type: DatasetType::from_name(&row.dataset_type)?,
        status: DatasetStatus::from_name(&row.status)?,
        pii_scan_status: PiiScanStatus::from_name(&row.pii_scan_status)?,
        quality_score: row.quality_score,
        owner_team: row.owner_team,
        project: row.project,
        change_log: row.change_log,
        parent_version_id: row.parent_id.map(DatasetId),
        diff_summary: None,
        derived_from: row.derived_from.map(stored).transpose()?,
        pii_waiver: row.pii_waiver.map(stored).transpose()?,
        digest: row.digest,
        rows: unsigned(row.rows),
        bytes: unsigned(row.bytes),
        stored_bytes: row.stored_bytes.map(unsigned),
        format: row.format.as_deref().map(format_of).transpose()?,
        schema: stored(row.schema)?,
        columns: stored(row.columns)?,
        metadata: object(row.metadata),
        tags: tags_of(row.tags),
        card_digest: row.card_digest,
        validation: row.validation_state.as_deref().map(ValidationState::from_name).transpose()?,
        approved_at: row.approved_at.map(Timestamp::from_micros),
        approved_by: row.approved_by,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        etag: etag_of(row.revision),
    })
}
