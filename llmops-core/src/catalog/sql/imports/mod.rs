//! Models that come from registries: asked for, told about, given up. [`acting`] carries them out.

mod acting;
mod copying;
mod remote;

pub use acting::Imports;
pub(super) use acting::{PAUSE, TRIES, in_turn};

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, Select};
use serde_json::json;
use uuid::Uuid;

use super::super::import::{Choice, check_repo, check_revision};
use super::super::rows::{import, import_file, model};
use super::super::{
    ImportId, ImportModel, ListModelImports, ListModelRegistryLinks, ModelId, ModelImport, TransferState,
};
use super::SqlCatalog;
use crate::base::{Ctx, Error, Events, Limits, Name, Page, PageRequest, Result, Semver, Timestamp, check_text};
use crate::registry::HUGGING_FACE;
use crate::store::count::unsigned;
use crate::store::keyset;
use crate::uploads::UploadId;
use crate::vault::CredentialId;

/// What wakes the loop; with `/ID` for one import. What it writes itself wakes nobody, or no pause would last.
pub(super) const TOPIC: &str = "imports";
/// The most imports of a project that are under way at once.
const OPEN: u64 = 100;
/// The version of the first import of a name.
const FIRST: &str = "1.0.0";

/// What the watchers of an import follow.
fn topic(id: ImportId) -> String {
    format!("model-imports/{id}")
}

impl TransferState {
    const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    pub(super) fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|state| state.name() == name);
        found.ok_or_else(|| Error::unexpected(format!("a transfer has the unknown state `{name}`")))
    }

    /// Whether the loop has something to do with it.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

/// Which uploads of an import are given up.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Which {
    All,
    Refused,
}

impl SqlCatalog {
    pub(super) async fn import(&self, ctx: &Ctx, req: ImportModel) -> Result<ModelImport> {
        check_sender(ctx)?;
        check_repo(&req.repo)?;
        let revision = req.revision.clone().unwrap_or_else(|| "main".to_owned());
        check_revision(&revision)?;
        let choice = crate::op::encode(&Choice::of(&req)?)?;
        let name = req.name.clone().unwrap_or_else(|| req.repo.rsplit('/').next().unwrap_or_default().to_owned());
        let name = Name::parse("name", &name)?;
        if let Some(family) = &req.model_family {
            self.families.check(family)?;
        }
        if let Some(team) = &req.owner_team {
            check_text("ownerTeam", team, Limits::NAME_CHARS)?;
        }
        let registry = req.registry.clone().unwrap_or_else(|| HUGGING_FACE.to_owned());
        let base_url = self.registry_at(&registry, req.base_url.as_deref())?;
        if let Some(id) = req.credential_id {
            let named = |error: Error| error.field("credentialId");
            self.check_key(ctx, id, &base_url).await.map_err(named)?;
        }
        self.check_room(ctx).await?;
        let version = self.import_version(ctx, &name, req.version.as_deref()).await?;
        let now = ctx.now().micros();
        let row = import::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            state: TransferState::Queued.name().to_owned(),
            registry,
            base_url,
            credential_id: req.credential_id.map(|id| id.0),
            repo: req.repo,
            revision,
            commit_id: None,
            name: name.as_str().to_owned(),
            version,
            model_family: req.model_family,
            owner_team: req.owner_team,
            choice,
            model_id: None,
            files: 0,
            received_files: 0,
            bytes: 0,
            received_bytes: 0,
            skipped: json!([]),
            error: None,
            failures: 0,
            created_by: ctx.caller.actor.clone(),
            created_at: now,
            updated_at: now,
        };
        let insert = import::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        ctx.touch("import", row.id, json!({ "repo": row.repo, "revision": row.revision, "from": row.base_url }));
        ctx.signal(TOPIC);
        to_import(row)
    }

    async fn check_room(&self, ctx: &Ctx) -> Result<()> {
        use sea_orm::PaginatorTrait;
        let open = of_project(ctx).filter(import::Column::State.is_in(open_states()));
        if open.count(&self.store.conn(ctx)).await? < OPEN {
            return Ok(());
        }
        Err(Error::conflict(format!("{OPEN} imports are under way in this project"))
            .code("too_many_imports")
            .hint("wait for some, or cancel them; catalog.list_model_imports names them"))
    }

    /// The version that an import makes: as asked, if it is free.
    async fn import_version(&self, ctx: &Ctx, name: &Name, asked: Option<&str>) -> Result<String> {
        let newest = model::Entity::find()
            .filter(model::Column::Project.eq(ctx.project()))
            .filter(model::Column::Name.eq(name.as_str()));
        let conn = self.store.conn(ctx);
        let Some(asked) = asked else {
            let newest = newest.order_by_desc(model::Column::CreatedAt).order_by_desc(model::Column::Id);
            return match newest.one(&conn).await? {
                Some(newest) => self.free_version(ctx, &newest).await,
                None => Ok(FIRST.to_owned()),
            };
        };
        let version = Semver::parse("version", asked)?.to_string();
        match newest.filter(model::Column::Version.eq(version.as_str())).one(&conn).await? {
            None => Ok(version),
            Some(taken) => Err(super::models::exists(ctx, &taken)),
        }
    }

    pub(super) async fn import_list(&self, ctx: &Ctx, req: ListModelImports) -> Result<Page<ModelImport>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let state = req.state.map(TransferState::name);
        let mut select = of_project(ctx);
        if let Some(state) = state {
            select = select.filter(import::Column::State.eq(state));
        }
        self.import_page(ctx, select, (format!("imports|{}", state.unwrap_or_default()), request)).await
    }

    pub(super) async fn registry_links(&self, ctx: &Ctx, req: ListModelRegistryLinks) -> Result<Page<ModelImport>> {
        let model = self.load(ctx, req.model_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let select = of_project(ctx).filter(import::Column::ModelId.eq(model.id));
        self.import_page(ctx, select, (format!("links|{}", model.id), request)).await
    }

    async fn import_page(
        &self,
        ctx: &Ctx,
        select: Select<import::Entity>,
        (list, request): (String, PageRequest),
    ) -> Result<Page<ModelImport>> {
        let (column, id) = (import::Column::CreatedAt, import::Column::Id);
        let order = keyset::Keyset { list, column, id, ascending: false, total: false };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_import).collect::<Result<_>>()?, page })
    }

    pub(super) async fn import_get(&self, ctx: &Ctx, id: ImportId) -> Result<ModelImport> {
        to_import(self.import_row(ctx, id).await?)
    }

    pub(super) async fn import_watch(&self, ctx: &Ctx, id: ImportId) -> Result<Events<ModelImport>> {
        let mut changes = self.store.signals().listen(topic(id));
        let mut seen = self.import_get(ctx, id).await?;
        let (ctx, room) = (ctx.clone(), self.reader());
        let events = async_stream::try_stream! {
            yield seen.clone();
            while seen.state.is_open() {
                changes.changed().await;
                let now = room.import_get(&ctx, id).await?;
                if now != seen {
                    seen = now;
                    yield seen.clone();
                }
            }
        };
        Ok(events.boxed())
    }

    pub(super) async fn import_resume(&self, ctx: &Ctx, id: ImportId) -> Result<ModelImport> {
        check_sender(ctx)?;
        let row = self.import_row(ctx, id).await?;
        let state = TransferState::from_name(&row.state)?;
        if state.is_open() {
            ctx.touch("import", row.id, json!({ "state": row.state }));
            return to_import(row);
        }
        self.check_room(ctx).await?;
        let next = if row.files > 0 { TransferState::Running } else { TransferState::Queued };
        if !self.import_moves(ctx, row.id, &[TransferState::Failed], next).await? {
            return Err(over(&row.state, "does not go on").hint("begin another one"));
        }
        self.forget_uploads(ctx, row.id, Which::Refused).await?;
        ctx.touch("import", row.id, json!({ "state": next.name() }));
        ctx.signal(TOPIC);
        self.import_get(ctx, id).await
    }

    pub(super) async fn import_cancel(&self, ctx: &Ctx, id: ImportId) -> Result<ModelImport> {
        let row = self.import_row(ctx, id).await?;
        self.give_up(ctx, row.id).await?;
        let now = self.import_get(ctx, id).await?;
        if now.state != TransferState::Cancelled {
            return Err(over(now.state.name(), "is not given up").hint("delete the model if it is not wanted"));
        }
        ctx.touch("import", row.id, json!({ "state": now.state.name() }));
        Ok(now)
    }

    /// Gives up what is on its way into a model that goes.
    pub(super) async fn end_imports(&self, ctx: &Ctx, model: ModelId) -> Result<()> {
        let mine = import::Entity::find().filter(import::Column::ModelId.eq(model.0));
        for row in mine.all(&self.store.conn(ctx)).await? {
            self.give_up(ctx, row.id).await?;
        }
        Ok(())
    }

    /// Ends an import that is not done; first its row, so that whoever works on it sees that before he touches the rest.
    async fn give_up(&self, ctx: &Ctx, id: Uuid) -> Result<()> {
        let from = [TransferState::Queued, TransferState::Running, TransferState::Failed];
        if self.import_moves(ctx, id, &from, TransferState::Cancelled).await? {
            self.forget_uploads(ctx, id, Which::All).await?;
            self.forget_files(ctx, id).await?;
            ctx.signal(format!("{TOPIC}/{id}"));
        }
        Ok(())
    }

    /// Gives up what came in parts and is not whole. Of an import that goes on, what was refused begins anew.
    async fn forget_uploads(&self, ctx: &Ctx, import: Uuid, which: Which) -> Result<()> {
        let conn = self.store.conn(ctx);
        let mine = import_file::Entity::find()
            .filter(import_file::Column::ImportId.eq(import))
            .filter(import_file::Column::Done.eq(false))
            .filter(import_file::Column::UploadId.is_not_null());
        for file in mine.all(&conn).await? {
            let Some(id) = file.upload_id else { continue };
            if !self.uploads.give_up(ctx, UploadId(id), which == Which::Refused).await? {
                continue;
            }
            let change = import_file::ActiveModel { upload_id: Set(None), ..Default::default() };
            let same = import_file::Entity::update_many().set(change);
            let same = same.filter(import_file::Column::ImportId.eq(import));
            same.filter(import_file::Column::Position.eq(file.position)).exec(&conn).await?;
        }
        Ok(())
    }

    /// The list of files is needed by an import that goes on.
    async fn forget_files(&self, ctx: &Ctx, import: Uuid) -> Result<()> {
        let mine = import_file::Entity::delete_many().filter(import_file::Column::ImportId.eq(import));
        mine.exec(&self.store.conn(ctx)).await?;
        Ok(())
    }

    /// Moves an import from one of these states to another, if it is in one; its row is locked then until the unit ends.
    async fn import_moves(&self, ctx: &Ctx, id: Uuid, from: &[TransferState], to: TransferState) -> Result<bool> {
        let change = import::ActiveModel {
            state: Set(to.name().to_owned()),
            updated_at: Set(ctx.now().micros()),
            ..acting::went_on()
        };
        let same = import::Entity::update_many().set(change).filter(import::Column::Id.eq(id));
        let same = same.filter(import::Column::State.is_in(from.iter().map(|state| state.name())));
        ctx.signal(topic(ImportId(id)));
        Ok(same.exec(&self.store.conn(ctx)).await?.rows_affected == 1)
    }

    pub(super) async fn import_change(&self, ctx: &Ctx, id: Uuid, change: import::ActiveModel) -> Result<()> {
        let change = import::ActiveModel { updated_at: Set(ctx.now().micros()), ..change };
        let row = import::Entity::update_many().set(change).filter(import::Column::Id.eq(id));
        row.exec(&self.store.conn(ctx)).await?;
        ctx.signal(topic(ImportId(id)));
        Ok(())
    }

    async fn import_row(&self, ctx: &Ctx, id: ImportId) -> Result<import::Model> {
        let found = of_project(ctx).filter(import::Column::Id.eq(id.0)).one(&self.store.conn(ctx)).await?;
        found.ok_or_else(|| Error::not_found("import", id))
    }

    /// Refuses to send a model to review of which files are still to come.
    pub(super) async fn check_imported(&self, ctx: &Ctx, model: ModelId) -> Result<()> {
        let over = [TransferState::Succeeded.name(), TransferState::Cancelled.name()];
        let open = of_project(ctx).filter(import::Column::ModelId.eq(model.0));
        let open = open.filter(import::Column::State.is_not_in(over)).one(&self.store.conn(ctx)).await?;
        let Some(row) = open else { return Ok(()) };
        Err(Error::conflict(format!("the import of `{}` is {}: files are missing", row.repo, row.state))
            .code("import_unfinished")
            .hint("wait for it, or resume it; cancel it if the files that came are enough")
            .details(json!({ "importId": row.id, "state": row.state })))
    }
}

fn of_project(ctx: &Ctx) -> Select<import::Entity> {
    import::Entity::find().filter(import::Column::Project.eq(ctx.project()))
}

pub(super) fn open_states() -> [&'static str; 2] {
    [TransferState::Queued.name(), TransferState::Running.name()]
}

/// What comes with an import is as if he had sent it.
fn check_sender(ctx: &Ctx) -> Result<()> {
    if ctx.caller.may("catalog:upload") {
        return Ok(());
    }
    Err(Error::denied("an import brings files, which needs the permission `catalog:upload` as well")
        .code("permission_missing")
        .hint("ask an administrator for a role or key that holds it"))
}

fn over(state: &str, what: &str) -> Error {
    Error::conflict(format!("an import that is {state} {what}")).code("import_over")
}

pub(super) fn to_import(row: import::Model) -> Result<ModelImport> {
    let broken = |e| Error::unexpected("an import cannot be read").caused_by(e);
    Ok(ModelImport {
        id: ImportId(row.id),
        state: TransferState::from_name(&row.state)?,
        registry: row.registry,
        base_url: row.base_url,
        credential_id: row.credential_id.map(CredentialId),
        repo: row.repo,
        revision: row.revision,
        commit: row.commit_id,
        name: row.name,
        version: row.version,
        model_id: row.model_id.map(ModelId),
        files: unsigned(row.files),
        received_files: unsigned(row.received_files),
        bytes: unsigned(row.bytes),
        received_bytes: unsigned(row.received_bytes),
        skipped: serde_json::from_value(row.skipped).map_err(broken)?,
        error: row.error.map(serde_json::from_value).transpose().map_err(broken)?,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
    })
}
