//! The loop that puts files together from their parts, and forgets uploads that nobody goes on with.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::super::format::Format;
use super::super::rows::{upload, upload_part};
use super::super::{ModelId, UploadState};
use super::SqlCatalog;
use super::files::Received;
use super::parts::{due, is_over};
use super::uploads::TOPIC;
use crate::base::{Caller, Ctx, Error, ErrorKind, FilePath, Result, crash_point};
use crate::blob::{Incoming, Stored, Whole, whole_holder};
use crate::store::{Next, Reconcile, Step};

/// Uploads that are looked at.
const DUE: u64 = 100;
/// Nobody waits for the file any more.
const GIVEN_UP: &str = "upload_given_up";
/// Somebody wrote to the same model at the same time; it is read again.
pub(super) const CHANGED: &str = "model_changed";
/// What the loop does when a file is refused.
const REFUSED: &str = "catalog.refuse_model_upload";

/// Puts files together.
pub struct Uploads(Arc<SqlCatalog>);

impl Uploads {
    /// The loop over this room.
    pub fn new(room: Arc<SqlCatalog>) -> Self {
        Self(room)
    }

    async fn finish(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model) -> Result<()> {
        let ctx = &as_completer(ctx, row);
        let name = row.id.simple().to_string();
        let tags: Vec<String> = self.0.upload_parts(ctx, row.id).await?.into_iter().map(|part| part.tag).collect();
        let whole = Whole { name: &name, session: row.session.as_deref().unwrap_or_default(), tags: &tags };
        let Some(digest) = row.sha256.clone() else {
            return self.find_digest(ctx, step, row, &whole).await;
        };
        let said = Stored { digest, bytes: u64::try_from(row.bytes).unwrap_or_default() };
        let incoming = match self.0.blobs.take_whole(&self.0.store, ctx, &whole, &said).await {
            Ok(incoming) => incoming,
            Err(error) if passing(&error) => return Err(error),
            Err(error) => return self.fail(ctx, step, row, &error).await,
        };
        crash_point("upload.whole", "");
        let done = self.register(ctx, step, row, &incoming).await;
        crash_point("upload.registered", "");
        let said = match done {
            Err(error) if passing(&error) => return Err(error),
            Err(error) => self.fail(ctx, step, row, &error).await,
            Ok(()) => Ok(()),
        };
        self.0.blobs.let_go(&self.0.store, ctx, incoming).await?;
        said
    }

    /// Writes the digest of a file down whose parts were checked one by one: what comes then goes by it, also after a crash.
    async fn find_digest(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, whole: &Whole<'_>) -> Result<()> {
        let Some(found) = self.0.blobs.look_at_whole(whole).await? else {
            return self.fail(ctx, step, row, &crate::blob::parts_gone()).await;
        };
        let (room, id) = (self.0.clone(), row.id);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let row = upload::Entity::update_many().col_expr(upload::Column::Sha256, found.digest.into());
                row.filter(upload::Column::Id.eq(id)).exec(&room.store.conn(&ctx)).await?;
                Ok(())
            })
        };
        self.0.store.write_fenced(&quietly(ctx), step.lease, "catalog.hash_model_upload", work).await
    }

    /// Checks the bytes as what their path claims, and makes them one of the model's files.
    async fn register(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, incoming: &Incoming) -> Result<()> {
        let path = FilePath::parse(&row.path)?;
        let received = Received { format: Format::of(&path)?, path, stored: incoming.stored.clone() };
        let checked = self.0.inspect(received, None).await?;
        let (room, model, replace, id) = (self.0.clone(), ModelId(row.model_id), row.replace, row.id);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                room.register_in(&ctx, model, replace, checked).await?;
                match end(&room, &ctx, id, UploadState::Complete, None).await? {
                    true => Ok(()),
                    false => Err(given_up()),
                }
            })
        };
        self.0.store.write_fenced(ctx, step.lease, "catalog.complete_model_upload", work).await
    }

    /// Writes down why the file was refused. Another digest than was said leaves the parts as they are: the right one may follow.
    async fn fail(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, error: &Error) -> Result<()> {
        let (room, id, said) = (self.0.clone(), row.id, error.to_json().to_string());
        let is_digest = error.stable_code() == "checksum_mismatch";
        let state = if is_digest { UploadState::Receiving } else { UploadState::Failed };
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { end(&room, &ctx, id, state, Some(said)).await.map(drop) })
        };
        if error.stable_code() == GIVEN_UP {
            return Ok(());
        }
        // Who sees that it failed finds on record why; a crash between the two records it twice.
        let about = ctx.clone().about(Some(("model", row.model_id.to_string())));
        self.0.store.record_refused(&about, "catalog.complete_model_upload", error).await?;
        self.0.store.write_fenced(&quietly(ctx), step.lease, REFUSED, work).await
    }

    /// Writes down what keeps the file from being put together; it is tried again.
    async fn stumble(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, error: &Error) -> Result<()> {
        let (room, id, said) = (self.0.clone(), row.id, error.to_json().to_string());
        if row.error.as_ref() == Some(&said) || error.stable_code() == CHANGED {
            return Ok(());
        }
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = upload::ActiveModel { error: Set(Some(said)), ..Default::default() };
                let row = upload::Entity::update_many().set(change).filter(upload::Column::Id.eq(id));
                let row = row.filter(upload::Column::State.eq(UploadState::Completing.name()));
                row.exec(&room.store.conn(&ctx)).await?;
                Ok(())
            })
        };
        self.0.store.write_fenced(&quietly(ctx), step.lease, "catalog.stumble_model_upload", work).await
    }

    /// Deletes what came, and then the rows. Bytes that a crash left held are let go.
    async fn forget(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model) -> Result<()> {
        let name = row.id.simple().to_string();
        let session = row.session.as_deref().unwrap_or_default();
        self.0.blobs.drop_parts(&Whole { name: &name, session, tags: &[] }).await?;
        let (room, id) = (self.0.clone(), row.id);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                room.blobs.release_all(&room.store, &ctx, &whole_holder(&name)).await?;
                let conn = room.store.conn(&ctx);
                upload_part::Entity::delete_many().filter(upload_part::Column::UploadId.eq(id)).exec(&conn).await?;
                upload::Entity::delete_by_id(id).exec(&conn).await?;
                Ok(())
            })
        };
        self.0.store.write_fenced(&quietly(ctx), step.lease, "catalog.forget_model_upload", work).await
    }
}

/// The same, done by the platform: the audit tells of what callers do.
pub(super) fn quietly(ctx: &Ctx) -> Ctx {
    let mut ctx = ctx.clone();
    ctx.caller.actor = Caller::system().actor;
    ctx
}

/// Whether it was still being put together.
async fn end(room: &SqlCatalog, ctx: &Ctx, id: Uuid, state: UploadState, error: Option<String>) -> Result<bool> {
    let mut change = upload::ActiveModel {
        state: Set(state.name().to_owned()),
        error: Set(error),
        updated_at: Set(ctx.now().micros()),
        ..Default::default()
    };
    if state == UploadState::Receiving {
        change.sha256 = Set(None);
    }
    let row = upload::Entity::update_many().set(change).filter(upload::Column::Id.eq(id));
    let row = row.filter(upload::Column::State.eq(UploadState::Completing.name()));
    Ok(row.exec(&room.store.conn(ctx)).await?.rows_affected == 1)
}

fn given_up() -> Error {
    Error::conflict("the upload was given up meanwhile").code(GIVEN_UP)
}

/// Acts for whoever said that the file is whole, in the model's project.
fn as_completer(ctx: &Ctx, row: &upload::Model) -> Ctx {
    let actor = row.completed_by.clone().unwrap_or_else(|| row.created_by.clone());
    let mut ctx = ctx.clone();
    ctx.caller = Caller { actor, project: row.project.clone(), all_projects: false, ..Caller::system() };
    ctx
}

/// Whether trying again may help: the store or the server was away.
pub(super) fn passing(error: &Error) -> bool {
    error.kind().retryable()
        || matches!(error.kind(), ErrorKind::Upstream | ErrorKind::StorageFull)
        || error.stable_code() == CHANGED
}

#[async_trait]
impl Reconcile for Uploads {
    fn name(&self) -> &'static str {
        TOPIC
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let select = upload::Entity::find().select_only().column(upload::Column::Id).filter(due(ctx.now().micros()));
        let ids: Vec<Uuid> = select.limit(DUE).into_tuple().all(&self.0.store.conn(ctx)).await?;
        Ok(ids.iter().map(ToString::to_string).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Uuid = step.key.parse().map_err(|_| Error::unexpected("an upload's key is no id"))?;
        let found = upload::Entity::find_by_id(id).one(&self.0.store.conn(ctx)).await?;
        let Some(row) = found else { return Ok(Next::Rest) };
        if is_over(&row, ctx.now().micros()) {
            self.forget(ctx, step, &row).await?;
        } else if UploadState::of(&row) == Some(UploadState::Completing) {
            if let Err(error) = self.finish(ctx, step, &row).await {
                self.stumble(ctx, step, &row, &error).await?;
                return Err(error);
            }
            if row.sha256.is_none() {
                return Ok(Next::After(Duration::ZERO));
            }
        }
        Ok(Next::Rest)
    }
}
