//! Uploads over the database: begun, told about, said to be whole, given up.

mod finishing;
mod packs;
mod receiving;
mod staging;
mod state;

pub use finishing::Finishing;
pub use staging::{NewStaged, Staged, StagedFiles, StagedFor, Staging};
pub use state::{check_digest, check_said, no_part};

use std::collections::HashMap;

use sea_orm::sea_query::{Expr, ExprTrait, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::{Value, json};

use super::rows::{part, upload};
use super::{Upload, UploadId, UploadKind, UploadState};
use crate::base::{Ctx, Error, FilePath, Id, Limits, Page, PageRequest, Result};
use crate::blob::Blobs;
use crate::store::count::{signed, unsigned};
use crate::store::{Store, keyset};
use state::{ABORTED, check_open, closed, gaps, part_bytes, to_upload};

/// The most files of one thing that come in parts at the same time.
const OPEN: u64 = 100;

/// The uploads of a kind of things. Cheap to clone.
#[derive(Clone)]
pub struct Uploads {
    store: Store,
    blobs: Blobs,
    kind: &'static UploadKind,
}

/// A file that is to come in parts.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Whose, and in which project that is.
    pub owner: (Id, String),
    /// Its path.
    pub path: FilePath,
    /// How it is written, as its sender said.
    pub told: Option<Value>,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its SHA-256 as [`check_digest`] has it, if it is known.
    pub sha256: Option<String>,
    /// Whether it takes the place of other bytes.
    pub replace: bool,
}

impl Uploads {
    /// Those of this kind.
    pub fn new(store: Store, blobs: Blobs, kind: &'static UploadKind) -> Self {
        Self { store, blobs, kind }
    }

    /// Begins a file, in the open unit of work.
    ///
    /// # Errors
    /// `invalid` when it is empty or too large; `conflict` when too many of the same thing are under way.
    pub async fn create(&self, ctx: &Ctx, new: NewUpload) -> Result<Upload> {
        if !(1..=Limits::FILE_BYTES).contains(&new.bytes) {
            return Err(Error::invalid("bytes", format!("must be 1 to {}", Limits::FILE_BYTES))
                .hint("say how many bytes the file has"));
        }
        let (owner_id, project) = new.owner;
        let open = upload::Entity::find().filter(upload::Column::OwnerId.eq(owner_id));
        let open = open.filter(upload::Column::State.eq(UploadState::Receiving.name()));
        if open.count(&self.store.conn(ctx)).await? >= OPEN {
            return Err(Error::conflict(format!("{OPEN} uploads of this {} are under way", self.kind.thing))
                .code("too_many_uploads")
                .hint(format!("complete or abort some; {} names them", self.kind.list)));
        }
        let now = ctx.now().micros();
        let row = upload::Model {
            id: ctx.new_id(),
            kind: self.kind.thing.to_owned(),
            owner_id,
            project,
            path: new.path.as_str().to_owned(),
            told: new.told,
            replace: new.replace,
            state: UploadState::Receiving.name().to_owned(),
            sha256: new.sha256,
            session: None,
            error: None,
            bytes: signed(new.bytes),
            part_bytes: signed(part_bytes(new.bytes)),
            kept_as: None,
            created_by: ctx.caller.actor.clone(),
            completed_by: None,
            created_at: now,
            updated_at: now,
        };
        let insert = upload::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        self.touch(ctx, &row, json!({ "upload": row.id, "path": row.path, "bytes": row.bytes }));
        self.told(ctx, row).await
    }

    /// Those of a thing, newest first.
    pub async fn list(&self, ctx: &Ctx, owner: Id, request: &PageRequest) -> Result<Page<Upload>> {
        let order = keyset::Keyset {
            list: format!("uploads|{owner}"),
            column: upload::Column::CreatedAt,
            id: upload::Column::Id,
            ascending: false,
            total: false,
        };
        let select = upload::Entity::find().filter(upload::Column::OwnerId.eq(owner));
        let select = select.filter(upload::Column::State.ne(ABORTED));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, request).await?;
        let sums = part::Entity::find()
            .select_only()
            .column(part::Column::UploadId)
            .column_as(Expr::col(part::Column::Bytes).sum().cast_as("bigint"), "bytes")
            .filter(part::Column::UploadId.is_in(rows.iter().map(|row| row.id)))
            .group_by(part::Column::UploadId);
        let sums: Vec<(Id, i64)> = sums.into_tuple().all(&self.store.conn(ctx)).await?;
        let sums: HashMap<Id, i64> = sums.into_iter().collect();
        let told = |row: upload::Model| {
            let received = sums.get(&row.id).copied().unwrap_or_default();
            to_upload(row, received)
        };
        Ok(Page { items: rows.into_iter().map(told).collect::<Result<_>>()?, page })
    }

    /// How far one of a thing is.
    pub async fn get(&self, ctx: &Ctx, owner: Id, id: UploadId) -> Result<Upload> {
        let row = self.row(ctx, owner, id).await?;
        self.told(ctx, row).await
    }

    /// How far one is, whosever it is; `None` when nobody goes on with it.
    pub async fn find(&self, ctx: &Ctx, id: UploadId) -> Result<Option<Upload>> {
        let found = upload::Entity::find_by_id(id.0).filter(upload::Column::State.ne(ABORTED));
        match found.one(&self.store.conn(ctx)).await? {
            Some(row) => self.told(ctx, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// How many bytes of these came.
    pub async fn received(&self, ctx: &Ctx, ids: Vec<Id>) -> Result<u64> {
        let sum = part::Entity::find()
            .select_only()
            .column_as(Expr::col(part::Column::Bytes).sum().cast_as("bigint"), "bytes")
            .filter(part::Column::UploadId.is_in(ids));
        let sum: Option<Option<i64>> = sum.into_tuple().one(&self.store.conn(ctx)).await?;
        Ok(unsigned(sum.flatten().unwrap_or_default()))
    }

    /// Says that all parts came, in the open unit of work; saying it again changes nothing.
    ///
    /// # Errors
    /// `conflict` when parts are missing, `invalid` when nobody said what the digest is.
    pub async fn complete(&self, ctx: &Ctx, owner: Id, id: UploadId, sha256: Option<&str>) -> Result<Upload> {
        let mut row = self.row(ctx, owner, id).await?;
        if matches!(UploadState::of(&row), Some(UploadState::Completing | UploadState::Complete)) {
            self.touch(ctx, &row, json!({ "upload": row.id, "state": row.state }));
            return self.told(ctx, row).await;
        }
        check_open(&row)?;
        let parts = self.parts(ctx, row.id).await?;
        row.sha256 = agreed(row.sha256.take(), sha256.map(check_digest).transpose()?, &parts)?;
        let count = unsigned(row.bytes).div_ceil(unsigned(row.part_bytes));
        let missing = gaps(&parts, count);
        if !missing.is_empty() {
            let first = missing.first().map_or(0, |range| range.first);
            return Err(Error::conflict(format!("parts are missing, part {first} the first of them"))
                .code("parts_missing")
                .hint(format!("send them; {} lists them", self.kind.get))
                .details(json!({ "missing": missing })));
        }
        row.state = UploadState::Completing.name().to_owned();
        row.error = None;
        row.completed_by = Some(ctx.caller.actor.clone());
        row.updated_at = ctx.now().micros();
        let change = upload::ActiveModel {
            state: Set(row.state.clone()),
            sha256: Set(row.sha256.clone()),
            error: Set(None),
            completed_by: Set(row.completed_by.clone()),
            updated_at: Set(row.updated_at),
            ..Default::default()
        };
        let open = upload::Entity::update_many().set(change).filter(upload::Column::Id.eq(row.id));
        let open = open.filter(upload::Column::State.eq(UploadState::Receiving.name()));
        if open.exec(&self.store.conn(ctx)).await?.rows_affected == 0 {
            return Err(closed(&row));
        }
        self.touch(ctx, &row, json!({ "upload": row.id, "path": row.path, "sha256": row.sha256 }));
        ctx.signal(format!("{}/{}", self.kind.topic, row.id));
        self.told(ctx, row).await
    }

    /// Gives one up, in the open unit of work.
    ///
    /// # Errors
    /// `conflict` when it is being put together.
    pub async fn abort(&self, ctx: &Ctx, owner: Id, id: UploadId) -> Result<Upload> {
        let row = self.row(ctx, owner, id).await?;
        if UploadState::of(&row) == Some(UploadState::Completing) {
            return Err(closed(&row));
        }
        let same = upload::Column::Id.eq(row.id).and(upload::Column::State.eq(row.state.as_str()));
        if !self.forget(ctx, same).await? {
            return Err(closed(&row)); // somebody just said that it is whole
        }
        self.touch(ctx, &row, json!({ "upload": row.id, "path": row.path }));
        self.told(ctx, row).await
    }

    /// Gives one up whatever it is at, or only if something was wrong with it; whether there was one.
    pub async fn give_up(&self, ctx: &Ctx, id: UploadId, only_refused: bool) -> Result<bool> {
        let begun = upload::Column::Id.eq(id.0).and(upload::Column::State.ne(ABORTED));
        let which = if only_refused { begun.and(upload::Column::Error.is_not_null()) } else { begun };
        self.forget(ctx, which).await
    }

    /// Gives all of a thing up, which goes.
    pub async fn give_up_all(&self, ctx: &Ctx, owner: Id) -> Result<()> {
        self.forget(ctx, upload::Column::OwnerId.eq(owner)).await.map(drop)
    }

    /// Leaves these uploads to the loop to forget; whether there were any.
    async fn forget(&self, ctx: &Ctx, which: SimpleExpr) -> Result<bool> {
        let end = upload::Entity::update_many().col_expr(upload::Column::State, ABORTED.into()).filter(which);
        let any = end.exec(&self.store.conn(ctx)).await?.rows_affected > 0;
        if any {
            ctx.signal(self.kind.topic);
        }
        Ok(any)
    }

    async fn row(&self, ctx: &Ctx, owner: Id, id: UploadId) -> Result<upload::Model> {
        let found = upload::Entity::find_by_id(id.0).filter(upload::Column::OwnerId.eq(owner));
        let found = found.filter(upload::Column::State.ne(ABORTED)).one(&self.store.conn(ctx)).await?;
        found.ok_or_else(|| Error::not_found("upload", id))
    }

    /// The parts that came, in order.
    async fn parts(&self, ctx: &Ctx, id: Id) -> Result<Vec<part::Model>> {
        let parts = part::Entity::find().filter(part::Column::UploadId.eq(id));
        Ok(parts.order_by_asc(part::Column::Number).all(&self.store.conn(ctx)).await?)
    }

    async fn told(&self, ctx: &Ctx, row: upload::Model) -> Result<Upload> {
        let parts = self.parts(ctx, row.id).await?;
        let upload = to_upload(row, parts.iter().map(|part| part.bytes).sum())?;
        Ok(Upload { missing: Some(gaps(&parts, upload.parts)), ..upload })
    }

    fn touch(&self, ctx: &Ctx, row: &upload::Model, told: Value) {
        ctx.touch(self.kind.thing, row.owner_id, told);
    }
}

/// The digest that the whole must have; none while those of its parts stand for it.
fn agreed(known: Option<String>, said: Option<String>, parts: &[part::Model]) -> Result<Option<String>> {
    match (known, said) {
        (Some(known), Some(said)) if known != said => {
            Err(Error::invalid("sha256", format!("is not the one that was said before, {known}"))
                .hint("leave it out, or begin the upload anew"))
        }
        (Some(known), _) => Ok(Some(known)),
        (None, None) if parts.iter().any(|part| !part.checked) => {
            Err(Error::invalid("sha256", "is required, for not every part was sent with its own")
                .hint("send the SHA-256 of the whole file, in hex"))
        }
        (None, said) => Ok(said),
    }
}
