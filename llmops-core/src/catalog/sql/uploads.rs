//! Files that come in parts: begun, received, told about, given up. [`super::finishing`] puts them together.

use std::collections::HashMap;

use futures::TryStreamExt;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::super::format::Format;
use super::super::rows::{file, upload, upload_part};
use super::super::{
    AbortModelUpload, CompleteModelUpload, CreateModelUpload, GetModelUpload, ListModelUploads, ModelId, ModelType,
    ModelUpload, ModelUploadPart, UploadId, UploadModelPart, UploadState,
};
use super::SqlCatalog;
use super::files::{check_replace, to_file};
use super::parts::{
    ABORTED, check_digest, check_open, closed, count, differs, gaps, no_file, part_bytes, place, signed, to_part,
    to_upload, unsigned,
};
use crate::base::{Ctx, Error, FilePath, Limits, Page, PageRequest, Result};
use crate::blob::Whole;
use crate::op::Parts;
use crate::store::keyset;

/// The topic of uploads; with `/ID` of one.
pub(super) const TOPIC: &str = "uploads";
/// The most files of a model that come in parts at the same time.
const OPEN: u64 = 100;
impl SqlCatalog {
    pub(super) async fn upload_create(&self, ctx: &Ctx, req: CreateModelUpload) -> Result<ModelUpload> {
        let model = self.load(ctx, req.model_id).await?;
        if model.model_type == super::models::type_name(ModelType::External) {
            return Err(Error::conflict("an external model has no files").hint("its provider keeps them"));
        }
        let path = FilePath::parse(&req.path)?;
        Format::of(&path)?.check_size(req.bytes)?;
        if !(1..=Limits::FILE_BYTES).contains(&req.bytes) {
            return Err(Error::invalid("bytes", format!("must be 1 to {}", Limits::FILE_BYTES))
                .hint("say how many bytes the file has"));
        }
        let open = upload::Entity::find().filter(upload::Column::ModelId.eq(model.id));
        let open = open.filter(upload::Column::State.eq(UploadState::Receiving.name()));
        if open.count(&self.store.conn(ctx)).await? >= OPEN {
            return Err(Error::conflict(format!("{OPEN} uploads of this model are under way"))
                .code("too_many_uploads")
                .hint("complete or abort some; catalog.list_model_uploads names them"));
        }
        let sha256 = req.sha256.as_deref().map(check_digest).transpose()?;
        let replace = req.replace.unwrap_or(false);
        if let Some(known) = self.file_like(ctx, model.id, &path).await?
            && sha256.as_ref() != Some(&known.sha256)
        {
            check_replace(&known, &path, replace)?;
        }
        let now = ctx.now().micros();
        let row = upload::Model {
            id: ctx.new_id(),
            model_id: model.id,
            project: model.project,
            path: path.as_str().to_owned(),
            replace,
            state: UploadState::Receiving.name().to_owned(),
            sha256,
            session: None,
            error: None,
            bytes: signed(req.bytes),
            part_bytes: signed(part_bytes(req.bytes)),
            created_by: ctx.caller.actor.clone(),
            completed_by: None,
            created_at: now,
            updated_at: now,
        };
        let insert = upload::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        ctx.touch("model", model.id, json!({ "upload": row.id, "path": row.path, "bytes": row.bytes }));
        self.upload_told(ctx, row).await
    }

    pub(super) async fn upload_list(&self, ctx: &Ctx, req: ListModelUploads) -> Result<Page<ModelUpload>> {
        let model = self.load(ctx, req.model_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("uploads|{}", model.id),
            column: upload::Column::CreatedAt,
            id: upload::Column::Id,
            ascending: false,
            total: false,
        };
        let select = upload::Entity::find().filter(upload::Column::ModelId.eq(model.id));
        let select = select.filter(upload::Column::State.ne(ABORTED));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let sums = upload_part::Entity::find()
            .select_only()
            .column(upload_part::Column::UploadId)
            .column_as(Expr::col(upload_part::Column::Bytes).sum().cast_as("bigint"), "bytes")
            .filter(upload_part::Column::UploadId.is_in(ids))
            .group_by(upload_part::Column::UploadId);
        let sums: Vec<(Uuid, i64)> = sums.into_tuple().all(&self.store.conn(ctx)).await?;
        let sums: HashMap<Uuid, i64> = sums.into_iter().collect();
        let told = |row: upload::Model| {
            let received = sums.get(&row.id).copied().unwrap_or_default();
            to_upload(row, received)
        };
        Ok(Page { items: rows.into_iter().map(told).collect::<Result<_>>()?, page })
    }

    pub(super) async fn upload_get(&self, ctx: &Ctx, req: GetModelUpload) -> Result<ModelUpload> {
        let row = self.upload_row(ctx, req.model_id, req.upload_id).await?;
        self.upload_told(ctx, row).await
    }

    pub(super) async fn upload_part(
        &self,
        ctx: &Ctx,
        req: UploadModelPart,
        mut body: Parts,
    ) -> Result<ModelUploadPart> {
        let row = self.upload_row(ctx, req.model_id, req.upload_id).await?;
        check_open(&row)?;
        let said = req.sha256.as_deref().map(check_digest).transpose()?;
        let place = place(&row, req.number)?;
        let sent = body.try_next().await?.ok_or_else(no_file)?;
        let session = self.upload_session(ctx, &row).await?;
        let name = row.id.simple().to_string();
        let whole = Whole { name: &name, session: &session, tags: &[] };
        let known = upload_part::Entity::find_by_id((row.id, signed(req.number)));
        if let Some(known) = known.one(&self.store.conn(ctx)).await? {
            // Written over, it would be lost if this connection broke off: it is only compared.
            let digest = crate::blob::digest_of(&place, sent.body).await?;
            return if digest == known.sha256 { Ok(to_part(known)) } else { Err(differs(req.number)) };
        }
        let kept = self.blobs.put_part(&whole, &place, sent.body).await?;
        if said.as_ref().is_some_and(|said| *said != kept.digest) {
            return Err(Error::invalid("sha256", format!("is not that of the part's bytes, which is {}", kept.digest))
                .code("checksum_mismatch")
                .hint("send the part again"));
        }
        if body.try_next().await?.is_some() {
            return Err(
                Error::invalid("file", "must be one: this call takes one part").hint("send each part by itself")
            );
        }
        let part = upload_part::Model {
            upload_id: row.id,
            number: signed(req.number),
            bytes: signed(place.bytes),
            sha256: kept.digest,
            tag: kept.tag,
            checked: said.is_some(),
        };
        self.upload_kept(ctx, &row, part).await
    }

    /// Writes down that a part is there, unless the upload was closed meanwhile.
    async fn upload_kept(&self, ctx: &Ctx, of: &upload::Model, row: upload_part::Model) -> Result<ModelUploadPart> {
        let unit = self.store.begin(&ctx.clone().without_operation()).await?;
        let written = async {
            let conn = self.store.conn(&unit);
            let open = upload::Entity::update_many()
                .col_expr(upload::Column::UpdatedAt, ctx.now().micros().into())
                .filter(upload::Column::Id.eq(of.id))
                .filter(upload::Column::State.eq(UploadState::Receiving.name()));
            if open.exec(&conn).await?.rows_affected == 0 {
                return Err(closed(of));
            }
            let there = upload_part::Entity::find_by_id((row.upload_id, row.number)).one(&conn).await?;
            match there {
                Some(there) if there.sha256 != row.sha256 => return Err(differs(unsigned(row.number))),
                Some(_) => {}
                None => {
                    let insert = upload_part::Entity::insert(row.clone().into_active_model());
                    insert.exec_without_returning(&conn).await?;
                }
            }
            Ok(())
        };
        match written.await {
            Ok(()) => self.store.commit(unit).await?,
            Err(error) => {
                self.store.rollback(unit).await;
                return Err(error);
            }
        }
        Ok(to_part(row))
    }

    /// What the store calls the upload; the first part asks for it.
    async fn upload_session(&self, ctx: &Ctx, row: &upload::Model) -> Result<String> {
        if let Some(session) = &row.session {
            return Ok(session.clone());
        }
        let name = row.id.simple().to_string();
        let session = self.blobs.begin_parts(&name).await?;
        let first = upload::Entity::update_many()
            .col_expr(upload::Column::Session, session.clone().into())
            .filter(upload::Column::Id.eq(row.id))
            .filter(upload::Column::Session.is_null());
        if first.exec(&self.store.conn(ctx)).await?.rows_affected == 1 {
            return Ok(session);
        }
        // Another part was the first.
        self.blobs.forget_parts(&Whole { name: &name, session: &session, tags: &[] }).await?;
        let found = upload::Entity::find_by_id(row.id).one(&self.store.conn(ctx)).await?;
        found.and_then(|row| row.session).ok_or_else(|| Error::not_found("upload", row.id))
    }

    pub(super) async fn upload_complete(&self, ctx: &Ctx, req: CompleteModelUpload) -> Result<ModelUpload> {
        let mut row = self.upload_row(ctx, req.model_id, req.upload_id).await?;
        if matches!(UploadState::of(&row), Some(UploadState::Completing | UploadState::Complete)) {
            ctx.touch("model", row.model_id, json!({ "upload": row.id, "state": row.state }));
            return self.upload_told(ctx, row).await;
        }
        check_open(&row)?;
        let said = req.sha256.as_deref().map(check_digest).transpose()?;
        let parts = self.upload_parts(ctx, row.id).await?;
        let sha256 = match (&row.sha256, said) {
            (Some(known), Some(said)) if *known != said => {
                return Err(Error::invalid("sha256", format!("is not the one that was said before, {known}"))
                    .hint("leave it out, or begin the upload anew"));
            }
            (Some(known), _) => Some(known.clone()),
            (None, None) if parts.iter().any(|part| !part.checked) => {
                return Err(Error::invalid("sha256", "is required, for not every part was sent with its own")
                    .hint("send the SHA-256 of the whole file, in hex"));
            }
            (None, said) => said,
        };
        let missing = gaps(&parts, count(&row));
        if !missing.is_empty() {
            let first = missing.first().map_or(0, |range| range.first);
            return Err(Error::conflict(format!("parts are missing, part {first} the first of them"))
                .code("parts_missing")
                .hint("send them; catalog.get_model_upload lists them")
                .details(json!({ "missing": missing })));
        }
        row.state = UploadState::Completing.name().to_owned();
        row.sha256 = sha256;
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
        ctx.touch("model", row.model_id, json!({ "upload": row.id, "path": row.path, "sha256": row.sha256 }));
        ctx.signal(format!("{TOPIC}/{}", row.id));
        self.upload_told(ctx, row).await
    }

    pub(super) async fn upload_abort(&self, ctx: &Ctx, req: AbortModelUpload) -> Result<ModelUpload> {
        let row = self.upload_row(ctx, req.model_id, req.upload_id).await?;
        if UploadState::of(&row) == Some(UploadState::Completing) {
            return Err(closed(&row));
        }
        let same = upload::Column::Id.eq(row.id).and(upload::Column::State.eq(row.state.as_str()));
        if !self.abort_uploads(ctx, same).await? {
            return Err(closed(&row)); // somebody just said that it is whole
        }
        ctx.touch("model", row.model_id, json!({ "upload": row.id, "path": row.path }));
        self.upload_told(ctx, row).await
    }

    /// Leaves these uploads to the loop to forget; whether there were any.
    pub(super) async fn abort_uploads(&self, ctx: &Ctx, which: sea_orm::sea_query::SimpleExpr) -> Result<bool> {
        let end = upload::Entity::update_many().col_expr(upload::Column::State, ABORTED.into()).filter(which);
        let any = end.exec(&self.store.conn(ctx)).await?.rows_affected > 0;
        if any {
            ctx.signal(TOPIC);
        }
        Ok(any)
    }

    async fn upload_row(&self, ctx: &Ctx, model: ModelId, id: UploadId) -> Result<upload::Model> {
        let model = self.load(ctx, model).await?;
        let found = upload::Entity::find_by_id(id.0).filter(upload::Column::ModelId.eq(model.id));
        let found = found.filter(upload::Column::State.ne(ABORTED)).one(&self.store.conn(ctx)).await?;
        found.ok_or_else(|| Error::not_found("upload", id))
    }

    /// The parts that came, in order.
    pub(super) async fn upload_parts(&self, ctx: &Ctx, id: Uuid) -> Result<Vec<upload_part::Model>> {
        let parts = upload_part::Entity::find().filter(upload_part::Column::UploadId.eq(id));
        Ok(parts.order_by_asc(upload_part::Column::Number).all(&self.store.conn(ctx)).await?)
    }

    async fn upload_told(&self, ctx: &Ctx, row: upload::Model) -> Result<ModelUpload> {
        let parts = self.upload_parts(ctx, row.id).await?;
        let missing = gaps(&parts, count(&row));
        let file = match UploadState::of(&row) {
            Some(UploadState::Complete) => self.file_like(ctx, row.model_id, &FilePath::parse(&row.path)?).await?,
            _ => None,
        };
        let received = parts.iter().map(|part| part.bytes).sum();
        Ok(ModelUpload { missing: Some(missing), file: file.map(to_file).transpose()?, ..to_upload(row, received)? })
    }

    async fn file_like(&self, ctx: &Ctx, model: Uuid, path: &FilePath) -> Result<Option<file::Model>> {
        let same = file::Entity::find().filter(file::Column::ModelId.eq(model));
        Ok(same.filter(file::Column::PathKey.eq(path.key())).one(&self.store.conn(ctx)).await?)
    }
}
