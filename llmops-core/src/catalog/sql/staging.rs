//! Bytes that wait for a commit: received, looked at, and forgotten when nobody comes for them.

use std::sync::Arc;

use async_trait::async_trait;
use futures::TryStreamExt;
use futures::future::BoxFuture;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QuerySelect};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::super::format::{Format, HEAD_BYTES};
use super::super::rows::{model, staged};
use super::super::{FileScan, ModelType, StageModelFile, StagedModelFile};
use super::SqlCatalog;
use crate::base::{Ctx, Error, ErrorKind, Limits, Result, Timestamp};
use crate::blob::Stored;
use crate::op::Parts;
use crate::store::{Next, Reconcile, Step};
use crate::uploads::{check_digest, no_part};

/// How long bytes wait, in microseconds.
const KEPT: i64 = 24 * 3600 * 1_000_000;
/// The most files of one sender that wait for models of one name.
const WAITING: u64 = 2000;
/// Rows that are looked at.
const DUE: u64 = 100;

impl SqlCatalog {
    pub(super) async fn stage(&self, ctx: &Ctx, req: StageModelFile, mut body: Parts) -> Result<StagedModelFile> {
        let model = self.load(ctx, req.model_id).await?;
        if model.model_type == super::models::type_name(ModelType::External) {
            return Err(Error::conflict("an external model has no files").hint("its provider keeps them"));
        }
        let said = req.sha256.as_deref().map(check_digest).transpose()?;
        let waiting = mine(ctx, &model).count(&self.store.conn(ctx)).await?;
        if waiting >= WAITING {
            return Err(Error::conflict(format!("{WAITING} files wait for a commit already"))
                .code("too_many_uploads")
                .hint("commit some; those that nobody commits are forgotten after a day"));
        }
        let sent = body.try_next().await?.ok_or_else(no_part)?;
        let incoming = self.blobs.take_in(&self.store, ctx, sent.body, Limits::FILE_BYTES).await?;
        let kept = match body.try_next().await {
            Ok(None) => self.keep(ctx, &model, &incoming.stored, said.as_deref()).await,
            Ok(Some(_)) => Err(Error::invalid("file", "must be one").hint("send each file by itself")),
            Err(error) => Err(error),
        };
        self.blobs.let_go(&self.store, ctx, incoming).await?;
        kept
    }

    /// Writes down what came, and of which formats it cannot be: nobody knows yet by which path it will go.
    async fn keep(&self, ctx: &Ctx, of: &model::Model, stored: &Stored, said: Option<&str>) -> Result<StagedModelFile> {
        if said.is_some_and(|said| said != stored.digest) {
            let rule = format!("is not that of the bytes that came, which is {}", stored.digest);
            return Err(Error::invalid("sha256", rule).code("checksum_mismatch").hint("send the file again"));
        }
        let [refusals, scans] = self.looks(stored).await?;
        let row = staged::Model {
            id: ctx.new_id(),
            project: of.project.clone(),
            name: of.name.clone(),
            created_by: ctx.caller.actor.clone(),
            sha256: stored.digest.clone(),
            bytes: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
            refusals: Value::Object(refusals),
            scans: Value::Object(scans),
            created_at: ctx.now().micros(),
        };
        let answer = StagedModelFile {
            sha256: row.sha256.clone(),
            bytes: stored.bytes,
            expires_at: Timestamp::from_micros(row.created_at + KEPT),
        };
        let unit = self.store.begin(&ctx.clone().without_operation()).await?;
        match self.keep_in(&unit, of, row, stored).await {
            Ok(()) => self.store.commit(unit).await?,
            Err(error) => {
                self.store.rollback(unit).await;
                return Err(error);
            }
        }
        Ok(answer)
    }

    async fn keep_in(&self, ctx: &Ctx, of: &model::Model, row: staged::Model, stored: &Stored) -> Result<()> {
        let conn = self.store.conn(ctx);
        let before = mine(ctx, of).filter(staged::Column::Sha256.eq(row.sha256.as_str())).one(&conn).await?;
        if let Some(before) = before {
            self.unstage(ctx, &before).await?;
        }
        self.blobs.hold(&self.store, ctx, &holder(row.id), stored).await?;
        staged::Entity::insert(row.into_active_model()).exec_without_returning(&conn).await?;
        Ok(())
    }

    /// Takes a row away and lets go of its bytes.
    pub(super) async fn unstage(&self, ctx: &Ctx, row: &staged::Model) -> Result<()> {
        staged::Entity::delete_by_id(row.id).exec(&self.store.conn(ctx)).await?;
        self.blobs.release(&self.store, ctx, &holder(row.id), &row.sha256).await
    }

    /// Why the bytes cannot be of each format, or what was found in them if they are of it.
    async fn looks(&self, stored: &Stored) -> Result<[Map<String, Value>; 2]> {
        let head = self.first_bytes(stored, HEAD_BYTES).await?;
        let (mut refusals, mut scans) = (Map::new(), Map::new());
        for format in Format::ALL {
            let looked = match format.check_size(stored.bytes) {
                Ok(()) => self.look(format, stored, Some(&head)).await,
                Err(refusal) => Err(refusal),
            };
            match looked {
                Ok(scan) if scan == FileScan::default() => {}
                Ok(scan) => drop(scans.insert(format.name().to_owned(), crate::op::encode(&scan)?)),
                Err(refusal) if refusal.kind() == ErrorKind::Invalid => {
                    refusals.insert(format.name().to_owned(), refusal.to_json());
                }
                Err(error) => return Err(error),
            }
        }
        Ok([refusals, scans])
    }
}

/// What this caller staged for models of a name.
pub(super) fn mine(ctx: &Ctx, of: &model::Model) -> sea_orm::Select<staged::Entity> {
    staged::Entity::find()
        .filter(staged::Column::Project.eq(of.project.as_str()))
        .filter(staged::Column::Name.eq(of.name.as_str()))
        .filter(staged::Column::CreatedBy.eq(ctx.caller.actor.as_str()))
}

/// Who holds the bytes while they wait.
fn holder(id: Uuid) -> String {
    format!("staged/{id}")
}

/// Forgets bytes that no commit took.
pub struct StagedFiles(Arc<SqlCatalog>);

impl StagedFiles {
    /// The loop over this room.
    pub fn new(room: Arc<SqlCatalog>) -> Self {
        Self(room)
    }
}

#[async_trait]
impl Reconcile for StagedFiles {
    fn name(&self) -> &'static str {
        "staged_files"
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let old = staged::Entity::find().select_only().column(staged::Column::Id);
        let old = old.filter(staged::Column::CreatedAt.lt(ctx.now().micros() - KEPT)).limit(DUE);
        let ids: Vec<Uuid> = old.into_tuple().all(&self.0.store.conn(ctx)).await?;
        Ok(ids.iter().map(ToString::to_string).collect())
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Uuid = step.key.parse().map_err(|_| Error::unexpected("a staged file's key is no id"))?;
        let room = self.0.clone();
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                match staged::Entity::find_by_id(id).one(&room.store.conn(&ctx)).await? {
                    Some(row) => room.unstage(&ctx, &row).await,
                    None => Ok(()),
                }
            })
        };
        self.0.store.write_fenced(&ctx.quietly(), step.lease, "catalog.forget_staged_file", work).await?;
        Ok(Next::Rest)
    }
}
