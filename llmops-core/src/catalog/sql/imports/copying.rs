//! One file of an import: small ones come whole, large ones in parts, so that what is cut short goes on where it was.

use std::time::Duration;

use futures::StreamExt;
use futures::future::BoxFuture;
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::super::super::family::CONFIG;
use super::super::super::format::Format;
use super::super::super::rows::{import, import_file, model};
use super::super::super::{CompleteModelUpload, CreateModelUpload, ModelId, UploadModelPart};
use super::super::SqlCatalog;
use super::super::commit::of_file;
use super::super::files::{Checked, Received};
use super::acting::{Imports, went_on};
use crate::base::{Ctx, Error, ErrorKind, FilePath, Result, crash_point};
use crate::op::{Part, parts};
use crate::registry::RemoteFile;
use crate::store::count::{signed, unsigned};
use crate::store::{Next, Step};
use crate::uploads::{Upload, UploadId, UploadState};

/// A larger file comes in parts.
const WHOLE: i64 = 8 << 20;
/// Parts that come at the same time.
const AT_A_TIME: usize = 4;
/// How often to look whether a file is put together.
const LOOK: Duration = Duration::from_millis(500);
const AT_ONCE: Next = Next::After(Duration::ZERO);

impl Imports {
    /// A step towards this file.
    pub(super) async fn copy(
        &self,
        ctx: &Ctx,
        step: Step<'_>,
        (row, file): (&import::Model, &import_file::Model),
    ) -> Result<Next> {
        let model = ModelId(row.model_id.ok_or_else(|| Error::unexpected("an import has no model"))?);
        if file.bytes <= WHOLE || file.sha256.is_none() {
            return self.copy_whole(ctx, step, (row, file), model).await;
        }
        let upload = match file.upload_id {
            Some(id) => self.0.uploads.find(ctx, UploadId(id)).await?,
            None => None,
        };
        let Some(upload) = upload else {
            return self.open(ctx, step, file, model).await;
        };
        match upload.state {
            UploadState::Receiving if upload.refusal.is_none() => {
                self.copy_parts(ctx, step, (row, file), &upload).await
            }
            UploadState::Completing => Ok(Next::After(LOOK)),
            // Whoever may upload may have said that other bytes are the whole.
            UploadState::Complete if upload.sha256 != file.sha256 => Err(other_bytes(file)),
            UploadState::Complete => {
                let (room, file) = (self.0.clone(), file.clone());
                let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
                    Box::pin(async move { room.import_has(&ctx, &file).await.map(drop) })
                };
                self.0.store.write_fenced(ctx, step.lease, "catalog.import_model_file", work).await?;
                Ok(AT_ONCE)
            }
            _ => Err(told(&file.path, refused(&upload))),
        }
    }

    async fn copy_whole(
        &self,
        ctx: &Ctx,
        step: Step<'_>,
        (row, file): (&import::Model, &import_file::Model),
        model: ModelId,
    ) -> Result<Next> {
        let path = FilePath::parse(&file.path)?;
        let from = (row.repo.as_str(), row.commit_id.as_deref().unwrap_or_default());
        let (place, remote) = (self.0.place_of(ctx, row).await?, remote(file));
        let body = self.0.registry(&row.registry)?.read(&place, from, &remote, 0..remote.bytes).await?;
        let incoming = self.0.blobs.take_in(&self.0.store, ctx, body, remote.bytes).await?;
        crash_point("import.taken", "");
        let received = Received { format: Format::of(&path)?, path, stored: incoming.stored.clone() };
        let done = match self.0.inspect(received, file.sha256.as_deref()).await {
            Ok(checked) => {
                let (room, file, row) = (self.0.clone(), file.clone(), row.clone());
                let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
                    Box::pin(async move { room.import_take(&ctx, (&row, &file), model, checked).await })
                };
                self.0.store.write_fenced(ctx, step.lease, "catalog.import_model_file", work).await
            }
            Err(error) => Err(told(&file.path, error)),
        };
        crash_point("import.registered", "");
        self.0.blobs.let_go(&self.0.store, ctx, incoming).await?;
        done.map(|()| AT_ONCE)
    }

    /// Begins a file that comes in parts.
    async fn open(&self, ctx: &Ctx, step: Step<'_>, file: &import_file::Model, model: ModelId) -> Result<Next> {
        let request = CreateModelUpload {
            model_id: model,
            path: file.path.clone(),
            bytes: unsigned(file.bytes),
            sha256: file.sha256.clone(),
            replace: None,
        };
        let (room, file) = (self.0.clone(), file.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                room.lock_model(&ctx, model).await?;
                if !room.import_still(&ctx, file.import_id, went_on()).await? {
                    return Ok(());
                }
                let upload = room.upload_create(&ctx, request).await?;
                let change = import_file::ActiveModel { upload_id: Set(Some(upload.id.0)), ..Default::default() };
                room.import_file_change(&ctx, &file, change).await
            })
        };
        self.0.store.write_fenced(ctx, step.lease, "catalog.create_model_upload", work).await?;
        crash_point("import.opened", "");
        Ok(AT_ONCE)
    }

    /// Some of the parts that are missing, or the end of the file.
    async fn copy_parts(
        &self,
        ctx: &Ctx,
        step: Step<'_>,
        (row, file): (&import::Model, &import_file::Model),
        upload: &Upload,
    ) -> Result<Next> {
        let some: Vec<u64> =
            upload.missing.iter().flatten().flat_map(|range| range.first..=range.last).take(AT_A_TIME).collect();
        let whole = some.is_empty();
        if !whole {
            let at = self.0.place_of(ctx, row).await?;
            let all = some.into_iter().map(|number| self.copy_part(ctx, (row, file), (upload, number), &at));
            let came: Vec<Result<()>> = futures::stream::iter(all).buffer_unordered(AT_A_TIME).collect().await;
            crash_point("import.parts", "");
            // One that came late takes nothing from those that came.
            if came.iter().all(Result::is_err) {
                if self.0.uploads.find(ctx, upload.id).await?.is_none() {
                    return Ok(AT_ONCE); // somebody gave this file up, and it begins anew
                }
                came.into_iter().collect::<Result<()>>()?;
            }
        }
        let (room, id, file) = (self.0.clone(), upload.id, file.clone());
        let model = ModelId(upload.owner);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                room.lock_model(&ctx, model).await?;
                if room.import_counts(&ctx, &file).await? && whole {
                    let request = CompleteModelUpload { model_id: model, upload_id: id, sha256: None };
                    room.upload_complete(&ctx, request).await?;
                }
                Ok(())
            })
        };
        let action = if whole { "catalog.complete_model_upload" } else { "catalog.receive_model_import" };
        let by = if whole { ctx.clone() } else { ctx.quietly() };
        self.0.store.write_fenced(&by, step.lease, action, work).await?;
        Ok(AT_ONCE)
    }

    async fn copy_part(
        &self,
        ctx: &Ctx,
        (row, file): (&import::Model, &import_file::Model),
        (upload, number): (&Upload, u64),
        at: &crate::registry::Place,
    ) -> Result<()> {
        let place = upload.place(number)?;
        let from = (row.repo.as_str(), row.commit_id.as_deref().unwrap_or_default());
        let range = place.start..place.start + place.bytes;
        let body = self.0.registry(&row.registry)?.read(at, from, &remote(file), range).await?;
        let request = UploadModelPart { model_id: ModelId(upload.owner), upload_id: upload.id, number, sha256: None };
        self.0.upload_part(ctx, request, parts(vec![Part { name: file.path.clone(), body }])).await.map(drop)
    }
}

impl SqlCatalog {
    /// In the open unit: makes the bytes one of the model's files. The first that says what the model is decides its family.
    async fn import_take(
        &self,
        ctx: &Ctx,
        (row, file): (&import::Model, &import_file::Model),
        id: ModelId,
        checked: Checked,
    ) -> Result<()> {
        self.lock_model(ctx, id).await?;
        if !self.import_has(ctx, file).await? {
            return Ok(());
        }
        if file.path == CONFIG
            && row.model_family.is_none()
            && let Some(family) = self.families.of(&checked.scan.architectures)
        {
            let change = model::ActiveModel { model_family: Set(family.to_owned()), ..Default::default() };
            let same = model::Entity::update_many().set(change).filter(model::Column::Id.eq(id.0));
            same.exec(&self.store.conn(ctx)).await?;
        }
        self.register_in(ctx, id, false, checked).await.map(drop)
    }

    /// In the open unit: a file is there, unless the import was given up.
    async fn import_has(&self, ctx: &Ctx, file: &import_file::Model) -> Result<bool> {
        // The import's row first, as whoever gives it up does.
        if !self.import_still(ctx, file.import_id, went_on()).await? {
            return Ok(false);
        }
        let change = import_file::ActiveModel { done: Set(true), ..Default::default() };
        self.import_file_change(ctx, file, change).await?;
        self.import_counts(ctx, file).await
    }

    /// In the open unit: counts what came; whether the import still goes on.
    async fn import_counts(&self, ctx: &Ctx, file: &import_file::Model) -> Result<bool> {
        let conn = self.store.conn(ctx);
        let mine = || import_file::Entity::find().filter(import_file::Column::ImportId.eq(file.import_id));
        let done = mine().filter(import_file::Column::Done.eq(true));
        let sum = |column: Expr| column.sum().cast_as("bigint");
        let whole = done.clone().select_only().column_as(sum(Expr::col(import_file::Column::Bytes)), "bytes");
        let whole: Option<Option<i64>> = whole.into_tuple().one(&conn).await?;
        let open = mine().filter(import_file::Column::Done.eq(false));
        let open = open.filter(import_file::Column::UploadId.is_not_null());
        let parts = self.uploads.received(ctx, uploads(open.all(&conn).await?)).await?;
        let change = import::ActiveModel {
            received_files: Set(signed(done.count(&conn).await?)),
            received_bytes: Set(whole.flatten().unwrap_or_default() + signed(parts)),
            ..went_on()
        };
        self.import_still(ctx, file.import_id, change).await
    }

    async fn import_file_change(
        &self,
        ctx: &Ctx,
        file: &import_file::Model,
        change: import_file::ActiveModel,
    ) -> Result<()> {
        let same = import_file::Entity::update_many().set(change);
        let same = same.filter(import_file::Column::ImportId.eq(file.import_id));
        same.filter(import_file::Column::Position.eq(file.position)).exec(&self.store.conn(ctx)).await?;
        Ok(())
    }
}

fn other_bytes(file: &import_file::Model) -> Error {
    Error::conflict(format!("somebody sent other bytes for `{}` than the registry has", file.path))
        .code("checksum_mismatch")
        .field("path")
        .hint("delete the draft and import it again")
}

fn uploads(files: Vec<import_file::Model>) -> Vec<Uuid> {
    files.into_iter().filter_map(|file| file.upload_id).collect()
}

fn remote(file: &import_file::Model) -> RemoteFile {
    RemoteFile {
        path: file.path.clone(),
        bytes: unsigned(file.bytes),
        sha256: file.sha256.clone(),
        blob_id: file.blob_id.clone(),
    }
}

/// Why a file is not taken, in words that name it.
fn told(path: &str, error: Error) -> Error {
    match error.kind() {
        ErrorKind::Invalid if error.stable_code() == "checksum_mismatch" => {
            Error::invalid(path, "has other bytes than the registry says")
                .code("checksum_mismatch")
                .hint("resume the import, which asks for the file anew")
        }
        ErrorKind::Invalid => of_file(path, &error),
        _ => error,
    }
}

/// Why a file that came in parts is not taken.
fn refused(upload: &Upload) -> Error {
    match &upload.refusal {
        Some(said) => Error::from_json(said, ErrorKind::Invalid),
        None => Error::conflict(format!("the upload of `{}` broke off", upload.path)).code("upload_closed"),
    }
}
