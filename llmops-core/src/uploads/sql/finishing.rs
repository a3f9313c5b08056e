//! The loop that puts files together from their parts, and forgets uploads that nobody goes on with.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::super::rows::{part, upload};
use super::super::{UploadKind, UploadOwner, UploadState};
use super::Uploads;
use super::state::{due, is_over, to_upload};
use crate::base::{Caller, Ctx, Error, ErrorKind, Id, Result, crash_point};
use crate::blob::{Stored, Whole, whole_holder};
use crate::store::count::unsigned;
use crate::store::{Next, Reconcile, Step};

/// Uploads that are looked at.
const DUE: u64 = 100;
/// Nobody waits for the file any more.
const GIVEN_UP: &str = "upload_given_up";

/// Puts the files of a room's things together.
pub struct Finishing<O>(Arc<O>);

/// How an upload ends.
struct End {
    state: UploadState,
    error: Option<String>,
    kept_as: Option<String>,
}

impl<O: UploadOwner> Finishing<O> {
    /// The loop over this room.
    pub fn new(room: Arc<O>) -> Self {
        Self(room)
    }

    fn uploads(&self) -> &Uploads {
        self.0.uploads()
    }

    fn kind(&self) -> &'static UploadKind {
        self.uploads().kind
    }

    async fn finish(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model) -> Result<()> {
        let (ctx, on) = (&as_completer(ctx, row), self.uploads());
        let name = row.id.simple().to_string();
        let tags: Vec<String> = on.parts(ctx, row.id).await?.into_iter().map(|part| part.tag).collect();
        let whole = Whole { name: &name, session: row.session.as_deref().unwrap_or_default(), tags: &tags };
        let Some(digest) = row.sha256.clone() else {
            return self.find_digest(ctx, step, row, &whole).await;
        };
        let said = Stored { digest, bytes: unsigned(row.bytes) };
        let incoming = match on.blobs.take_whole(&on.store, ctx, &whole, &said).await {
            Ok(incoming) => incoming,
            Err(error) if self.passing(&error) => return Err(error),
            Err(error) => return self.fail(ctx, step, row, &error).await,
        };
        crash_point("upload.whole", self.kind().thing);
        let done = self.register(ctx, step, row, &incoming.stored).await;
        crash_point("upload.registered", self.kind().thing);
        let said = match done {
            Err(error) if self.passing(&error) => return Err(error),
            Err(error) => self.fail(ctx, step, row, &error).await,
            Ok(()) => Ok(()),
        };
        on.blobs.let_go(&on.store, ctx, incoming).await?;
        said
    }

    /// Writes the digest of a file down whose parts were checked one by one: what comes then goes by it, also after a crash.
    async fn find_digest(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, whole: &Whole<'_>) -> Result<()> {
        let Some(found) = self.uploads().blobs.look_at_whole(whole).await? else {
            return self.fail(ctx, step, row, &crate::blob::parts_gone()).await;
        };
        let change = upload::ActiveModel { sha256: Set(Some(found.digest)), ..Default::default() };
        self.write(ctx, step, row.id, change).await
    }

    /// Checks the bytes as what they claim to be, and makes them one of the owner's files.
    async fn register(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, stored: &Stored) -> Result<()> {
        let upload = to_upload(row.clone(), 0)?;
        let (checked, made) = self.0.check_whole(ctx, &upload, stored).await?;
        let (room, on) = (self.0.clone(), self.uploads());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let kept_as = Some(room.take_whole(&ctx, &upload, checked).await?);
                let whole = End { state: UploadState::Complete, error: None, kept_as };
                match end(room.uploads(), &ctx, upload.id.0, whole).await? {
                    true => Ok(()),
                    false => Err(given_up()),
                }
            })
        };
        let done = on.store.write_fenced(ctx, step.lease, self.kind().complete, work).await;
        for one in made {
            on.blobs.let_go(&on.store, ctx, one).await?;
        }
        done
    }

    /// Writes down why the file was refused. Another digest than was said leaves the parts as they are: the right one may follow.
    async fn fail(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, error: &Error) -> Result<()> {
        let (room, id, said) = (self.0.clone(), row.id, error.to_json().to_string());
        let is_digest = error.stable_code() == "checksum_mismatch";
        let state = if is_digest { UploadState::Receiving } else { UploadState::Failed };
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            let refused = End { state, error: Some(said), kept_as: None };
            Box::pin(async move { end(room.uploads(), &ctx, id, refused).await.map(drop) })
        };
        if error.stable_code() == GIVEN_UP {
            return Ok(());
        }
        // Who sees that it failed finds on record why; a crash between the two records it twice.
        let about = ctx.clone().about(Some((self.kind().thing, row.owner_id.to_string())));
        let store = &self.uploads().store;
        store.record_refused(&about, self.kind().complete, error).await?;
        store.write_fenced(&ctx.quietly(), step.lease, "uploads.refuse", work).await
    }

    /// Writes down what keeps the file from being put together; it is tried again.
    async fn stumble(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model, error: &Error) -> Result<()> {
        let said = error.to_json().to_string();
        if row.error.as_ref() == Some(&said) || error.stable_code() == self.kind().changed {
            return Ok(());
        }
        let change = upload::ActiveModel { error: Set(Some(said)), ..Default::default() };
        self.write(ctx, step, row.id, change).await
    }

    /// Writes something down of an upload that is still being put together.
    async fn write(&self, ctx: &Ctx, step: Step<'_>, id: Id, change: upload::ActiveModel) -> Result<()> {
        let room = self.0.clone();
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { completing(room.uploads(), &ctx, id, change).await.map(drop) })
        };
        self.uploads().store.write_fenced(&ctx.quietly(), step.lease, "uploads.look_at", work).await
    }

    /// Deletes what came, and then the rows. Bytes that a crash left held are let go.
    async fn forget(&self, ctx: &Ctx, step: Step<'_>, row: &upload::Model) -> Result<()> {
        let name = row.id.simple().to_string();
        let session = row.session.as_deref().unwrap_or_default();
        self.uploads().blobs.drop_parts(&Whole { name: &name, session, tags: &[] }).await?;
        let (on, id) = (self.uploads().clone(), row.id);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                on.blobs.release_all(&on.store, &ctx, &whole_holder(&name)).await?;
                let conn = on.store.conn(&ctx);
                part::Entity::delete_many().filter(part::Column::UploadId.eq(id)).exec(&conn).await?;
                upload::Entity::delete_by_id(id).exec(&conn).await?;
                ctx.signal(on.kind.seen());
                Ok(())
            })
        };
        self.uploads().store.write_fenced(&ctx.quietly(), step.lease, "uploads.forget", work).await
    }

    /// Whether trying again may help: the store or the server was away, or what is in the way ends by itself.
    fn passing(&self, error: &Error) -> bool {
        let (kind, code) = (self.kind(), error.stable_code());
        error.kind().retryable()
            || error.kind() == ErrorKind::StorageFull
            || code == kind.changed
            || kind.waits.contains(&code)
    }
}

/// Whether it was still being put together.
async fn end(on: &Uploads, ctx: &Ctx, id: Id, how: End) -> Result<bool> {
    let mut change = upload::ActiveModel {
        state: Set(how.state.name().to_owned()),
        error: Set(how.error),
        kept_as: Set(how.kept_as),
        updated_at: Set(ctx.now().micros()),
        ..Default::default()
    };
    if how.state == UploadState::Receiving {
        change.sha256 = Set(None);
    }
    completing(on, ctx, id, change).await
}

async fn completing(on: &Uploads, ctx: &Ctx, id: Id, change: upload::ActiveModel) -> Result<bool> {
    let row = upload::Entity::update_many().set(change).filter(upload::Column::Id.eq(id));
    let row = row.filter(upload::Column::State.eq(UploadState::Completing.name()));
    ctx.signal(on.kind.seen());
    Ok(row.exec(&on.store.conn(ctx)).await?.rows_affected == 1)
}

fn given_up() -> Error {
    Error::conflict("the upload was given up meanwhile").code(GIVEN_UP)
}

/// Acts for whoever said that the file is whole, in the owner's project.
fn as_completer(ctx: &Ctx, row: &upload::Model) -> Ctx {
    let actor = row.completed_by.clone().unwrap_or_else(|| row.created_by.clone());
    let mut ctx = ctx.clone();
    ctx.caller = Caller { actor, project: row.project.clone(), all_projects: false, ..Caller::system() };
    ctx
}

#[async_trait]
impl<O: UploadOwner> Reconcile for Finishing<O> {
    fn name(&self) -> &'static str {
        self.kind().topic
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let due = upload::Entity::find().filter(due(self.kind(), ctx.now().micros()));
        let select = due.select_only().column(upload::Column::Id).limit(DUE);
        let ids: Vec<Id> = select.into_tuple().all(&self.uploads().store.conn(ctx)).await?;
        Ok(ids.iter().map(ToString::to_string).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Id = step.key.parse().map_err(|_| Error::unexpected("an upload's key is no id"))?;
        let found = upload::Entity::find_by_id(id).one(&self.uploads().store.conn(ctx)).await?;
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
