//! Aliases: what they mean, how they move and go back.

use std::collections::HashMap;

use sea_orm::sea_query::LockType;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::super::rows::{alias, alias_move, model};
use super::super::{
    DeletedModelAlias, GetModelAlias, ListModelAliasMoves, ListModelAliases, ModelAlias, ModelAliasMove, ModelId,
    ModelStatus, RollBackModelAlias, SetModelAlias,
};
use super::SqlCatalog;
use super::comparing::Sought;
use super::models::type_of;
use crate::base::{Ctx, Error, Limits, Name, Page, PageRequest, Result, Timestamp, check_text, etag_of};
use crate::store::is_unique_violation;
use crate::store::keyset::{self, Keyset};

/// The most aliases of a name.
const ALIASES: u64 = 100;
/// The alias that means what users get, and takes nothing that was not approved.
const PRODUCTION: &str = "production";
/// How many moves back a rollback looks for a version that is still there.
const BACK: usize = 100;

/// Where an alias goes.
struct Move {
    to: model::Model,
    /// The move that a rollback of this one goes back to.
    replaced: Option<Uuid>,
    notes: Option<String>,
}

impl SqlCatalog {
    pub(super) async fn alias_set(&self, ctx: &Ctx, req: SetModelAlias) -> Result<ModelAlias> {
        let name = Name::parse("name", &req.name)?;
        check_alias(&req.alias)?;
        check_text("notes", req.notes.as_deref().unwrap_or_default(), Limits::TEXT_CHARS)?;
        let to = self
            .version(
                ctx,
                Sought { name: name.as_str(), version: &req.version, model_type: req.model_type, field: "version" },
            )
            .await?;
        let to = self
            .as_it_stays(ctx, to.id)
            .await?
            .ok_or_else(|| Error::not_found("model", &to.version).field("version"))?;
        check_fit(&req.alias, &to)?;
        let current = self.find_alias(ctx, name.as_str(), &req.alias).await?;
        ctx.check_etag(&current.as_ref().map_or_else(String::new, |row| etag_of(row.revision)))?;
        match current {
            Some(row) if row.model_id == to.id => to_alias(row, &to),
            Some(row) => {
                let replaced = Some(row.move_id);
                self.alias_move(ctx, row, Move { to, replaced, notes: req.notes }).await
            }
            None => self.alias_make(ctx, &req, to).await,
        }
    }

    async fn alias_make(&self, ctx: &Ctx, req: &SetModelAlias, to: model::Model) -> Result<ModelAlias> {
        let conn = self.store.conn(ctx);
        let there = alias::Entity::find()
            .filter(alias::Column::Project.eq(ctx.project()))
            .filter(alias::Column::Name.eq(to.name.as_str()));
        if there.count(&conn).await? >= ALIASES {
            return Err(Error::conflict(format!("`{}` has {ALIASES} aliases, which is the most", to.name))
                .code("too_many_aliases")
                .field("alias")
                .hint("delete one that nobody uses"));
        }
        let row = alias::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            name: to.name.clone(),
            alias: req.alias.clone(),
            model_id: to.id,
            move_id: ctx.new_id(),
            updated_at: ctx.now().micros(),
            revision: 1,
        };
        let inserted = alias::Entity::insert(row.clone().into_active_model()).exec_without_returning(&conn).await;
        inserted.map_err(|e| if is_unique_violation(&e) { moved_meanwhile() } else { e.into() })?;
        let made = Move { to, replaced: None, notes: req.notes.clone() };
        self.alias_record(ctx, &row, &made).await?;
        to_alias(row, &made.to)
    }

    /// Moves an alias as it was read; another who moved it in between is a conflict.
    async fn alias_move(&self, ctx: &Ctx, row: alias::Model, go: Move) -> Result<ModelAlias> {
        let moved = alias::Model {
            model_id: go.to.id,
            move_id: ctx.new_id(),
            updated_at: ctx.now().micros(),
            revision: row.revision + 1,
            ..row
        };
        let change = alias::ActiveModel {
            model_id: Set(moved.model_id),
            move_id: Set(moved.move_id),
            updated_at: Set(moved.updated_at),
            revision: Set(moved.revision),
            ..Default::default()
        };
        let same = alias::Entity::update_many()
            .set(change)
            .filter(alias::Column::Id.eq(moved.id))
            .filter(alias::Column::Revision.eq(row.revision));
        if same.exec(&self.store.conn(ctx)).await?.rows_affected != 1 {
            return Err(moved_meanwhile());
        }
        self.alias_record(ctx, &moved, &go).await?;
        to_alias(moved, &go.to)
    }

    async fn alias_record(&self, ctx: &Ctx, row: &alias::Model, Move { to, replaced, notes }: &Move) -> Result<()> {
        let one = alias_move::Model {
            id: row.move_id,
            alias_id: row.id,
            model_id: to.id,
            version: to.version.clone(),
            replaced: *replaced,
            moved_by: ctx.caller.actor.clone(),
            notes: notes.clone(),
            created_at: row.updated_at,
        };
        alias_move::Entity::insert(one.into_active_model()).exec_without_returning(&self.store.conn(ctx)).await?;
        let told = json!({ "name": row.name, "alias": row.alias, "version": to.version, "modelId": to.id });
        ctx.touch("alias", row.id, told);
        ctx.signal(format!("catalog/{}", to.id));
        Ok(())
    }

    pub(super) async fn alias_roll_back(&self, ctx: &Ctx, req: RollBackModelAlias) -> Result<ModelAlias> {
        check_text("notes", req.notes.as_deref().unwrap_or_default(), Limits::TEXT_CHARS)?;
        let row = self.load_alias(ctx, &req.name, &req.alias).await?;
        ctx.check_etag(&etag_of(row.revision))?;
        let nowhere = || {
            Error::conflict(format!("`{}` of `{}` meant nothing before that is still there", req.alias, req.name))
                .code("nothing_before")
                .hint("set it to a version")
        };
        let mut at = self.alias_move_of(ctx, row.move_id).await?.and_then(|now| now.replaced);
        for _ in 0..BACK {
            let before = self.alias_move_of(ctx, at.ok_or_else(nowhere)?).await?.ok_or_else(nowhere)?;
            if let Some(to) = self.as_it_stays(ctx, before.model_id).await? {
                check_fit(&req.alias, &to)?;
                let go = Move { to, replaced: before.replaced, notes: req.notes };
                return self.alias_move(ctx, row, go).await;
            }
            at = before.replaced;
        }
        Err(nowhere())
    }

    /// A model that nobody changes or deletes until the unit is over: what an alias comes to mean is what was looked at.
    async fn as_it_stays(&self, ctx: &Ctx, id: Uuid) -> Result<Option<model::Model>> {
        Ok(model::Entity::find_by_id(id).lock_shared().one(&self.store.conn(ctx)).await?)
    }

    async fn alias_move_of(&self, ctx: &Ctx, id: Uuid) -> Result<Option<alias_move::Model>> {
        Ok(alias_move::Entity::find_by_id(id).one(&self.store.conn(ctx)).await?)
    }

    pub(super) async fn alias_get(&self, ctx: &Ctx, req: GetModelAlias) -> Result<ModelAlias> {
        let row = self.load_alias(ctx, &req.name, &req.alias).await?;
        let to = self.load(ctx, ModelId(row.model_id)).await?;
        to_alias(row, &to)
    }

    pub(super) async fn alias_list(&self, ctx: &Ctx, req: ListModelAliases) -> Result<Page<ModelAlias>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = Keyset {
            list: format!("aliases|{}", req.name.as_deref().unwrap_or_default()),
            column: alias::Column::Name,
            id: alias::Column::Alias,
            ascending: true,
            total: false,
        };
        let mut select = alias::Entity::find().filter(alias::Column::Project.eq(ctx.project()));
        if let Some(name) = &req.name {
            select = select.filter(alias::Column::Name.eq(name.as_str()));
        }
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        let ids = rows.iter().map(|row| row.model_id);
        let models = model::Entity::find().filter(model::Column::Id.is_in(ids)).all(&self.store.conn(ctx)).await?;
        let models: HashMap<Uuid, model::Model> = models.into_iter().map(|row| (row.id, row)).collect();
        let items = rows.into_iter().filter_map(|row| {
            let to = models.get(&row.model_id)?;
            Some(to_alias(row, to))
        });
        Ok(Page { items: items.collect::<Result<_>>()?, page })
    }

    pub(super) async fn alias_moves(&self, ctx: &Ctx, req: ListModelAliasMoves) -> Result<Page<ModelAliasMove>> {
        let row = self.load_alias(ctx, &req.name, &req.alias).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = Keyset {
            list: format!("alias-moves|{}", row.id),
            column: alias_move::Column::CreatedAt,
            id: alias_move::Column::Id,
            ascending: false,
            total: false,
        };
        let select = alias_move::Entity::find().filter(alias_move::Column::AliasId.eq(row.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_move).collect(), page })
    }

    pub(super) async fn alias_delete(&self, ctx: &Ctx, req: GetModelAlias) -> Result<DeletedModelAlias> {
        let row = self.load_alias(ctx, &req.name, &req.alias).await?;
        ctx.check_etag(&etag_of(row.revision))?;
        let conn = self.store.conn(ctx);
        let same = alias::Entity::delete_many()
            .filter(alias::Column::Id.eq(row.id))
            .filter(alias::Column::Revision.eq(row.revision));
        if same.exec(&conn).await?.rows_affected != 1 {
            return Err(moved_meanwhile());
        }
        alias_move::Entity::delete_many().filter(alias_move::Column::AliasId.eq(row.id)).exec(&conn).await?;
        ctx.touch("alias", row.id, json!({ "name": row.name, "alias": row.alias, "modelId": row.model_id }));
        Ok(DeletedModelAlias { name: row.name, alias: row.alias })
    }

    /// The aliases that mean this model.
    pub(super) async fn aliases_of(&self, ctx: &Ctx, id: ModelId) -> Result<Vec<alias::Model>> {
        let select = alias::Entity::find().filter(alias::Column::ModelId.eq(id.0)).limit(ALIASES);
        Ok(select.all(&self.store.conn(ctx)).await?)
    }

    /// Refuses to take from users what was approved for them: other bytes would be nobody's who approved them.
    pub(super) async fn check_not_in_production(&self, ctx: &Ctx, row: &model::Model) -> Result<()> {
        if row.status == ModelStatus::Draft.name() {
            return Ok(());
        }
        // An alias that just comes to mean it is seen here, or whoever moves it sees what changes.
        model::Entity::find_by_id(row.id).lock(LockType::NoKeyUpdate).one(&self.store.conn(ctx)).await?;
        let aliases = self.aliases_of(ctx, ModelId(row.id)).await?;
        if aliases.iter().all(|alias| alias.alias != PRODUCTION) {
            return Ok(());
        }
        let what = format!("{} {} is what `{PRODUCTION}` means, and stays as it was approved", row.name, row.version);
        Err(Error::conflict(what).code("in_production").hint("have a new version approved, and move the alias first"))
    }

    async fn find_alias(&self, ctx: &Ctx, name: &str, alias: &str) -> Result<Option<alias::Model>> {
        let select = alias::Entity::find()
            .filter(alias::Column::Project.eq(ctx.project()))
            .filter(alias::Column::Name.eq(name))
            .filter(alias::Column::Alias.eq(alias));
        Ok(select.one(&self.store.conn(ctx)).await?)
    }

    async fn load_alias(&self, ctx: &Ctx, name: &str, alias: &str) -> Result<alias::Model> {
        let found = self.find_alias(ctx, name, alias).await?;
        found
            .ok_or_else(|| Error::not_found("alias", format!("{alias} of {name}")).hint("list the aliases of the name"))
    }
}

fn check_alias(alias: &str) -> Result<()> {
    let rule = |rule: &str| Err(Error::invalid("alias", rule).hint("for example `production` or `candidate`"));
    if alias.len() > 64 {
        return rule("must be at most 64 characters");
    }
    if !alias.starts_with(|c: char| c.is_ascii_lowercase()) {
        return rule("must begin with a small letter");
    }
    if alias.chars().any(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.'))) {
        return rule("must hold small letters, digits, `-`, `_` and `.` only");
    }
    if matches!(alias, "latest" | "main") {
        return rule("must not be `latest` or `main`, which mean the newest version");
    }
    Ok(())
}

/// Whether the alias may mean this version.
fn check_fit(alias: &str, to: &model::Model) -> Result<()> {
    let status = ModelStatus::from_name(&to.status)?;
    if alias != PRODUCTION || status == ModelStatus::Approved {
        return Ok(());
    }
    let what =
        format!("`{PRODUCTION}` takes approved versions only, and {} {} is {}", to.name, to.version, status.name());
    Err(Error::conflict(what).code("not_approved").field("version").hint("have it reviewed first"))
}

fn moved_meanwhile() -> Error {
    Error::conflict("somebody else moved the alias at the same time").hint("read it again and repeat the change")
}

fn to_alias(row: alias::Model, to: &model::Model) -> Result<ModelAlias> {
    Ok(ModelAlias {
        name: row.name,
        alias: row.alias,
        model_id: ModelId(row.model_id),
        version: to.version.clone(),
        model_type: type_of(&to.model_type)?,
        status: ModelStatus::from_name(&to.status)?,
        updated_at: Timestamp::from_micros(row.updated_at),
        etag: etag_of(row.revision),
    })
}

fn to_move(row: alias_move::Model) -> ModelAliasMove {
    ModelAliasMove {
        id: row.id,
        model_id: ModelId(row.model_id),
        version: row.version,
        replaced: row.replaced,
        moved_by: row.moved_by,
        notes: row.notes,
        created_at: Timestamp::from_micros(row.created_at),
    }
}
