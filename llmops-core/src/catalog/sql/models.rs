//! Models themselves: made, read, changed, deleted.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};
use uuid::Uuid;

use super::super::family::CONFIG;
use super::super::rows::{learned, model, tag};
use super::super::{CreateModel, DeletedModel, Lineage, Model, ModelId, ModelStatus, ModelType, UpdateModel, gates};
use super::SqlCatalog;
use super::external::Subject;
use crate::base::{Ctx, Error, ErrorKind, Id, Limits, Name, Result, Semver, Timestamp, check_text, etag_of};
use crate::cards::{check_card, check_tags, object, patched};
use crate::store::{Named, is_unique_violation, staying};

impl SqlCatalog {
    pub(super) async fn load(&self, ctx: &Ctx, id: ModelId) -> Result<model::Model> {
        let select = model::Entity::find_by_id(id.0).filter(model::Column::Project.eq(ctx.project()));
        staying(ctx, select).one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("model", id))
    }

    /// Whoever deletes the model locks it first: so does everybody.
    pub(super) async fn lock_model(&self, ctx: &Ctx, id: ModelId) -> Result<()> {
        model::Entity::find_by_id(id.0).lock_exclusive().one(&self.store.conn(ctx)).await?;
        Ok(())
    }

    /// The models of these rows, their tags read in one statement.
    pub(super) async fn dress(&self, ctx: &Ctx, rows: Vec<model::Model>) -> Result<Vec<Model>> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let found = tag::Entity::find().filter(tag::Column::ModelId.is_in(ids)).order_by_asc(tag::Column::Tag);
        let mut tags: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
        for row in found.all(&self.store.conn(ctx)).await? {
            tags.entry(row.model_id).or_default().push(row.tag);
        }
        rows.into_iter()
            .map(|row| {
                let tags = tags.remove(&row.id).unwrap_or_default();
                to_model(row, tags)
            })
            .collect()
    }

    pub(super) async fn create(&self, ctx: &Ctx, mut req: CreateModel) -> Result<Model> {
        let name = Name::parse("name", &req.name)?;
        let version = Semver::parse("version", &req.version)?;
        let (id, tags) = (ModelId(ctx.new_id()), check_tags(&req.tags)?);
        check_card(&req.metadata)?;
        ctx.touch("model", id, json!({ "name": name.as_str(), "version": version.to_string() }));
        let of = Subject { id, name: name.as_str(), version: &req.version, model_type: req.model_type };
        self.admit_card(ctx, &of, &mut req.metadata).await?;
        if let Some(team) = &req.owner_team {
            check_text("ownerTeam", team, Limits::NAME_CHARS)?;
        }
        if let Some(parent) = req.lineage.parent_model_id {
            self.load(ctx, parent).await.map_err(|e| e.field("lineage.parentModelId"))?;
        }
        let now = ctx.now().micros();
        let row = model::Model {
            id: id.0,
            project: ctx.project().to_owned(),
            name: name.as_str().to_owned(),
            version: version.to_string(),
            model_type: type_name(req.model_type).to_owned(),
            model_family: req.model_family,
            status: ModelStatus::Draft.name().to_owned(),
            owner_team: req.owner_team,
            metadata: Value::Object(req.metadata),
            lineage: crate::op::encode(&req.lineage)?,
            parent_id: req.lineage.parent_model_id.map(|id| id.0),
            digest: None,
            evaluation_summary: json!({}),
            created_by: ctx.caller.actor.clone(),
            created_at: now,
            updated_at: now,
            revision: 1,
            review_began: None,
        };
        self.families.check(&row.model_family)?;
        self.insert_model(ctx, &row).await?;
        self.set_tags(ctx, &row, &tags).await?;
        ctx.signal(format!("catalog/{}", row.id));
        to_model(row, tags.into_iter().collect())
    }

    pub(super) async fn get(&self, ctx: &Ctx, id: ModelId) -> Result<Model> {
        let row = self.load(ctx, id).await?;
        let mut models = self.dress(ctx, vec![row]).await?;
        models.pop().ok_or_else(|| Error::not_found("model", id))
    }

    pub(super) async fn update(&self, ctx: &Ctx, req: UpdateModel) -> Result<Model> {
        let row = self.load(ctx, req.model_id).await?;
        ctx.check_etag(&etag_of(row.revision))?;
        let before = object(row.metadata.clone());
        let mut card = patched(before.clone(), req.metadata);
        check_card(&card)?;
        if row.status == ModelStatus::Approved.name() {
            gates::check_card_stays(&before, &card)?;
        }
        ctx.touch("model", row.id, json!({ "revision": { "before": row.revision, "after": row.revision + 1 } }));
        let model_type = type_of(&row.model_type)?;
        let of = Subject { id: req.model_id, name: &row.name, version: &row.version, model_type };
        let readdressed = self.change_card(ctx, &of, &before, &mut card).await?;
        let anew = readdressed || gates::is_relicensed(&before, &card);
        if let Some(team) = req.owner_team.given() {
            check_text("ownerTeam", team, Limits::NAME_CHARS)?;
        }
        if !req.tags.stays() {
            let tags = check_tags(&req.tags.over(None).unwrap_or_default())?;
            tag::Entity::delete_many().filter(tag::Column::ModelId.eq(row.id)).exec(&self.store.conn(ctx)).await?;
            self.set_tags(ctx, &row, &tags).await?;
        }
        let mut change = model::ActiveModel {
            metadata: Set(Value::Object(card)),
            owner_team: Set(req.owner_team.over(row.owner_team.clone())),
            model_family: Set(self.family(ctx, &row, req.model_family).await?),
            ..Default::default()
        };
        if anew && row.status != ModelStatus::Draft.name() {
            // What was approved is who answers, and under which license: anything else is looked at anew.
            self.check_not_in_production(ctx, &row).await?;
            change.status = Set(ModelStatus::Draft.name().to_owned());
            ctx.touch("model", row.id, json!({ "from": row.status, "to": ModelStatus::Draft.name() }));
        }
        self.change(ctx, &row, change).await?;
        self.get(ctx, req.model_id).await
    }

    /// The family that a model is to be of, which is that of its files. What was reviewed stays what it was.
    async fn family(&self, ctx: &Ctx, row: &model::Model, wanted: Option<String>) -> Result<String> {
        let Some(family) = wanted.filter(|family| *family != row.model_family) else {
            return Ok(row.model_family.clone());
        };
        self.families.check(&family)?;
        if row.status != ModelStatus::Draft.name() {
            return Err(Error::conflict(format!("a model that is {} keeps its family", row.status))
                .field("modelFamily")
                .hint("begin a new version"));
        }
        for file in self.all_files(ctx, ModelId(row.id)).await?.iter().filter(|file| file.path == CONFIG) {
            let named = file.scan.as_ref().map(|scan| scan.architectures.as_slice()).unwrap_or_default();
            self.families.check_architectures(&family, named).map_err(|error| error.field("modelFamily"))?;
        }
        Ok(family)
    }

    pub(super) async fn delete(&self, ctx: &Ctx, id: ModelId) -> Result<DeletedModel> {
        // Whoever builds on it meanwhile is done before, or finds it gone.
        self.lock_model(ctx, id).await?;
        let row = self.load(ctx, id).await?;
        ctx.check_etag(&etag_of(row.revision))?;
        let blockers = self.blockers(ctx, id).await?;
        if !blockers.is_empty() {
            let names: Vec<String> = blockers.iter().map(|b| format!("{} {}", b.kind, b.name)).collect();
            return Err(Error::conflict(format!(
                "model `{}` {} is needed by {}",
                row.name,
                row.version,
                names.join(", ")
            ))
            .code("in_use")
            .hint("end, deprecate or delete these first")
            .details(json!({ "blockers": blockers })));
        }
        self.end_imports(ctx, id).await?;
        self.end_exports(ctx, id).await?;
        self.uploads.give_up_all(ctx, row.id).await?;
        let gone = self.discard(ctx, &row).await?;
        let told = json!({
            "name": row.name, "version": row.version, "digest": row.digest, "files": gone.files,
            "restorableUntil": gone.restorable_until,
        });
        ctx.touch("model", row.id, told);
        self.forget_keys(ctx, id).await?;
        ctx.signal(format!("catalog/{id}"));
        Ok(gone)
    }

    /// Writes a change over the row as it was read; another writer in between is a conflict.
    pub(super) async fn change(&self, ctx: &Ctx, row: &model::Model, change: model::ActiveModel) -> Result<()> {
        let now = ctx.now().micros();
        let change = model::ActiveModel { updated_at: Set(now), revision: Set(row.revision + 1), ..change };
        let same = model::Entity::update_many()
            .set(change)
            .filter(model::Column::Id.eq(row.id))
            .filter(model::Column::Revision.eq(row.revision));
        if same.exec(&self.store.conn(ctx)).await?.rows_affected == 1 {
            let tags = tag::Entity::update_many().col_expr(tag::Column::UpdatedAt, now.into());
            tags.filter(tag::Column::ModelId.eq(row.id)).exec(&self.store.conn(ctx)).await?;
            ctx.signal(format!("catalog/{}", row.id));
            return Ok(());
        }
        Err(changed_meanwhile())
    }

    /// The row of a model, and what it learned from where that is asked the other way.
    pub(super) async fn insert_model(&self, ctx: &Ctx, of: &model::Model) -> Result<()> {
        let inserted = model::Entity::insert(of.clone().into_active_model());
        let inserted = inserted.exec_without_returning(&self.store.conn(ctx)).await;
        inserted.map_err(|e| if is_unique_violation(&e) { exists(ctx, of) } else { e.into() })?;
        Named::Models.add(&self.store, ctx, (&of.project, &of.name, of.id)).await?;
        let ids: BTreeSet<Id> = to_lineage(of.lineage.clone())?.dataset_ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(());
        }
        let row = |dataset_id| learned::Model { model_id: of.id, dataset_id, project: of.project.clone() };
        let rows = ids.into_iter().map(|id| row(id).into_active_model());
        learned::Entity::insert_many(rows).exec_without_returning(&self.store.conn(ctx)).await?;
        Ok(())
    }

    pub(super) async fn set_tags(&self, ctx: &Ctx, of: &model::Model, tags: &BTreeSet<String>) -> Result<()> {
        if tags.is_empty() {
            return Ok(());
        }
        let row = |tag: &String| tag::Model {
            model_id: of.id,
            tag: tag.clone(),
            project: of.project.clone(),
            name: of.name.clone(),
            created_at: of.created_at,
            updated_at: of.updated_at,
        };
        let rows = tags.iter().map(|tag| row(tag).into_active_model());
        let inserted = tag::Entity::insert_many(rows).exec_without_returning(&self.store.conn(ctx)).await;
        inserted.map(drop).map_err(|e| if is_unique_violation(&e) { changed_meanwhile() } else { e.into() })
    }
}

/// Somebody wrote to the same model at the same time; it is read again.
pub(super) const CHANGED: &str = "model_changed";

/// Whether trying again may help: the store or the server was away.
pub(super) fn passing(error: &Error) -> bool {
    error.kind().retryable() || error.kind() == ErrorKind::StorageFull || error.stable_code() == CHANGED
}

pub(super) fn changed_meanwhile() -> Error {
    Error::conflict("somebody else changed the model at the same time")
        .code(CHANGED)
        .hint("look at it again and repeat what you did")
}

pub(super) fn exists(ctx: &Ctx, row: &model::Model) -> Error {
    let (name, version, project) = (&row.name, &row.version, ctx.project());
    Error::conflict(format!("model `{name}` {version} already exists (project={project})"))
        .code("model_exists")
        .field("version")
        .hint("use a new version")
}

pub(super) fn type_name(model_type: ModelType) -> &'static str {
    match model_type {
        ModelType::Base => "base",
        ModelType::FineTuned => "fine-tuned",
        ModelType::External => "external",
    }
}

pub(super) fn type_of(name: &str) -> Result<ModelType> {
    let found =
        [ModelType::Base, ModelType::FineTuned, ModelType::External].into_iter().find(|t| type_name(*t) == name);
    found.ok_or_else(|| Error::unexpected(format!("a model has the unknown type `{name}`")))
}

fn to_model(row: model::Model, tags: Vec<String>) -> Result<Model> {
    let lineage = to_lineage(row.lineage)?;
    Ok(Model {
        id: ModelId(row.id),
        storage_uri: format!("models/{}/{}", row.id, row.version),
        name: row.name,
        version: row.version,
        model_type: type_of(&row.model_type)?,
        model_family: row.model_family,
        status: ModelStatus::from_name(&row.status)?,
        owner_team: row.owner_team,
        project: row.project,
        metadata: object(row.metadata),
        tags,
        lineage,
        digest: row.digest,
        evaluation_summary: object(row.evaluation_summary),
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        etag: etag_of(row.revision),
    })
}

pub(super) fn to_lineage(value: Value) -> Result<Lineage> {
    serde_json::from_value(value).map_err(|e| Error::unexpected("a model's lineage cannot be read").caused_by(e))
}
