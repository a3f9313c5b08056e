//! Models that go to registries: asked for, told about, given up. [`acting`] carries them out.

mod acting;
mod sending;

pub use acting::Exports;

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, Select};
use serde_json::json;
use uuid::Uuid;

use super::super::import::{check_repo, check_revision};
use super::super::rows::{export, model};
use super::super::{
    ExportId, ExportModel, ListModelExports, ModelExport, ModelId, ModelStatus, ModelType, TransferState,
};
use super::SqlCatalog;
use super::models::type_name;
use crate::base::{Ctx, Error, Events, Page, PageRequest, Result, Timestamp, check_text};
use crate::registry::HUGGING_FACE;
use crate::store::count::unsigned;
use crate::store::keyset;
use crate::vault::CredentialId;

/// What wakes the loop; with `/ID` for one export.
const TOPIC: &str = "exports";
/// The most exports of a project that are under way at once.
const OPEN: u64 = 100;
/// The longest message of a commit, in characters.
const MESSAGE_CHARS: usize = 200;

/// What the watchers of an export follow.
fn topic(id: ExportId) -> String {
    format!("model-exports/{id}")
}

impl SqlCatalog {
    pub(super) async fn export(&self, ctx: &Ctx, req: ExportModel) -> Result<ModelExport> {
        check_repo(&req.repo)?;
        let revision = req.revision.clone().unwrap_or_else(|| "main".to_owned());
        check_revision(&revision)?;
        let registry = req.registry.clone().unwrap_or_else(|| HUGGING_FACE.to_owned());
        let base_url = self.registry_at(&registry, req.base_url.as_deref())?;
        if self.registry(&registry)?.publisher().is_none() {
            return Err(Error::invalid(
                "registry",
                format!("must be one that takes models in, and `{registry}` does not"),
            )
            .hint("leave it out for a hub"));
        }
        if let Some(id) = req.credential_id {
            let named = |error: Error| error.field("credentialId");
            self.check_key(ctx, id, &base_url).await.map_err(named)?;
        }
        self.lock_model(ctx, req.model_id).await?; // one export of a model at a time
        let model = self.load(ctx, req.model_id).await?;
        let digest = approved(&model)?.to_owned();
        let message = req.message.unwrap_or_else(|| format!("{} {}", model.name, model.version));
        check_text("message", &message, MESSAGE_CHARS)?;
        self.check_open(ctx, &model).await?;
        let now = ctx.now().micros();
        let row = export::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            state: TransferState::Queued.name().to_owned(),
            registry,
            base_url,
            credential_id: req.credential_id.map(|id| id.0),
            repo: req.repo,
            revision,
            private: req.private.unwrap_or(true),
            prune: req.prune.unwrap_or(false),
            message,
            model_id: model.id,
            name: model.name,
            version: model.version,
            digest,
            commit_id: None,
            files: 0,
            sent_files: 0,
            bytes: 0,
            sent_bytes: 0,
            commits: 0,
            error: None,
            failures: 0,
            created_by: ctx.caller.actor.clone(),
            created_at: now,
            updated_at: now,
        };
        let insert = export::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        let told = json!({ "exportId": row.id, "repo": row.repo, "to": row.base_url, "digest": row.digest });
        ctx.touch("model", row.model_id, told);
        ctx.signal(TOPIC);
        to_export(row)
    }

    /// Refuses more than so many, and one that another one would get in the way of.
    async fn check_open(&self, ctx: &Ctx, model: &model::Model) -> Result<()> {
        let open = of_project(ctx).filter(export::Column::State.is_in(open_states()));
        let conn = self.store.conn(ctx);
        if open.clone().count(&conn).await? >= OPEN {
            return Err(Error::conflict(format!("{OPEN} exports are under way in this project"))
                .code("too_many_exports")
                .hint("wait for some, or cancel them; catalog.list_model_exports names them"));
        }
        let Some(same) = open.filter(export::Column::ModelId.eq(model.id)).one(&conn).await? else { return Ok(()) };
        Err(Error::conflict(format!("`{}` {} is on its way to `{}`", model.name, model.version, same.repo))
            .code("export_unfinished")
            .hint("wait for it, or cancel it")
            .details(json!({ "exportId": same.id, "state": same.state })))
    }

    pub(super) async fn export_list(&self, ctx: &Ctx, req: ListModelExports) -> Result<Page<ModelExport>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let state = req.state.map(TransferState::name);
        let mut select = of_project(ctx);
        if let Some(state) = state {
            select = select.filter(export::Column::State.eq(state));
        }
        if let Some(model) = req.model_id {
            select = select.filter(export::Column::ModelId.eq(model.0));
        }
        let model = req.model_id.map(|id| id.to_string()).unwrap_or_default();
        let list = format!("exports|{}|{model}", state.unwrap_or_default());
        let (column, id) = (export::Column::CreatedAt, export::Column::Id);
        let order = keyset::Keyset { list, column, id, ascending: false, total: false };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_export).collect::<Result<_>>()?, page })
    }

    pub(super) async fn export_get(&self, ctx: &Ctx, id: ExportId) -> Result<ModelExport> {
        to_export(self.export_row(ctx, id).await?)
    }

    pub(super) async fn export_watch(&self, ctx: &Ctx, id: ExportId) -> Result<Events<ModelExport>> {
        let mut changes = self.store.signals().listen(topic(id));
        let mut seen = self.export_get(ctx, id).await?;
        let (ctx, room) = (ctx.clone(), self.reader());
        let events = async_stream::try_stream! {
            yield seen.clone();
            while seen.state.is_open() {
                changes.changed().await;
                let now = room.export_get(&ctx, id).await?;
                if now != seen {
                    seen = now;
                    yield seen.clone();
                }
            }
        };
        Ok(events.boxed())
    }

    pub(super) async fn export_resume(&self, ctx: &Ctx, id: ExportId) -> Result<ModelExport> {
        let row = self.export_row(ctx, id).await?;
        if !TransferState::from_name(&row.state)?.is_open() {
            self.lock_model(ctx, ModelId(row.model_id)).await?;
            let model = self.load(ctx, ModelId(row.model_id)).await?;
            self.check_open(ctx, &model).await?;
            let next = if row.files > 0 { TransferState::Running } else { TransferState::Queued };
            let change = export::ActiveModel { commits: Set(0), ..went_on() };
            if !self.export_moves(ctx, row.id, &[TransferState::Failed], (next, change)).await? {
                return Err(over(&row.state, "does not go on").hint("begin another one"));
            }
            ctx.signal(TOPIC);
        }
        let now = self.export_get(ctx, id).await?;
        ctx.touch("export", row.id, json!({ "state": now.state.name() }));
        Ok(now)
    }

    pub(super) async fn export_cancel(&self, ctx: &Ctx, id: ExportId) -> Result<ModelExport> {
        let row = self.export_row(ctx, id).await?;
        self.stop(ctx, row.id).await?;
        let now = self.export_get(ctx, id).await?;
        if now.state != TransferState::Cancelled {
            return Err(
                over(now.state.name(), "is not given up").hint("delete the repository there if it is not wanted")
            );
        }
        ctx.touch("export", row.id, json!({ "state": now.state.name() }));
        Ok(now)
    }

    /// Gives up what is on its way out of a model that goes.
    pub(super) async fn end_exports(&self, ctx: &Ctx, model: ModelId) -> Result<()> {
        let mine = export::Entity::find().filter(export::Column::ModelId.eq(model.0));
        let mine = mine.filter(export::Column::State.is_in(open_states()));
        for row in mine.all(&self.store.conn(ctx)).await? {
            self.stop(ctx, row.id).await?;
        }
        Ok(())
    }

    async fn stop(&self, ctx: &Ctx, id: Uuid) -> Result<()> {
        let from = [TransferState::Queued, TransferState::Running, TransferState::Failed];
        if self.export_moves(ctx, id, &from, (TransferState::Cancelled, went_on())).await? {
            ctx.signal(format!("{TOPIC}/{id}"));
        }
        Ok(())
    }

    /// Moves an export from one of these states to another, with what else changes, if it is in one.
    async fn export_moves(
        &self,
        ctx: &Ctx,
        id: Uuid,
        from: &[TransferState],
        (to, change): (TransferState, export::ActiveModel),
    ) -> Result<bool> {
        let change =
            export::ActiveModel { state: Set(to.name().to_owned()), updated_at: Set(ctx.now().micros()), ..change };
        let same = export::Entity::update_many().set(change).filter(export::Column::Id.eq(id));
        let same = same.filter(export::Column::State.is_in(from.iter().map(|state| state.name())));
        ctx.signal(topic(ExportId(id)));
        Ok(same.exec(&self.store.conn(ctx)).await?.rows_affected == 1)
    }

    async fn export_row(&self, ctx: &Ctx, id: ExportId) -> Result<export::Model> {
        let found = of_project(ctx).filter(export::Column::Id.eq(id.0)).one(&self.store.conn(ctx)).await?;
        found.ok_or_else(|| Error::not_found("export", id))
    }
}

/// The digest of a model that may leave.
fn approved(model: &model::Model) -> Result<&str> {
    let named = format!("`{}` {}", model.name, model.version);
    if model.model_type == type_name(ModelType::External) {
        return Err(Error::conflict(format!("{named} has no files: its provider keeps them")).code("external_model"));
    }
    match &model.digest {
        Some(digest) if model.status == ModelStatus::Approved.name() => Ok(digest),
        _ => Err(Error::conflict(format!("{named} is {}, and only what is approved is sent to others", model.status))
            .code("not_approved")
            .hint("have it reviewed and approved first")),
    }
}

fn of_project(ctx: &Ctx) -> Select<export::Entity> {
    export::Entity::find().filter(export::Column::Project.eq(ctx.project()))
}

fn open_states() -> [&'static str; 2] {
    [TransferState::Queued.name(), TransferState::Running.name()]
}

/// Whatever was in the way is not any more.
fn went_on() -> export::ActiveModel {
    export::ActiveModel { failures: Set(0), error: Set(None), ..Default::default() }
}

fn over(state: &str, what: &str) -> Error {
    Error::conflict(format!("an export that is {state} {what}")).code("export_over")
}

fn to_export(row: export::Model) -> Result<ModelExport> {
    let broken = |e| Error::unexpected("an export cannot be read").caused_by(e);
    Ok(ModelExport {
        id: ExportId(row.id),
        state: TransferState::from_name(&row.state)?,
        model_id: ModelId(row.model_id),
        name: row.name,
        version: row.version,
        digest: row.digest,
        registry: row.registry,
        base_url: row.base_url,
        credential_id: row.credential_id.map(CredentialId),
        repo: row.repo,
        revision: row.revision,
        commit: row.commit_id,
        files: unsigned(row.files),
        sent_files: unsigned(row.sent_files),
        bytes: unsigned(row.bytes),
        sent_bytes: unsigned(row.sent_bytes),
        error: row.error.map(serde_json::from_value).transpose().map_err(broken)?,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}
