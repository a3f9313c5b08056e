//! The loop that sends models out: it makes the repository, sends one large file after the other, and commits what differs.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::super::super::rows::export;
use super::super::super::{ExternalFailure, ModelId, TransferState};
use super::super::SqlCatalog;
use super::super::imports::{PAUSE, TRIES, in_turn};
use super::super::models::passing;
use super::sending::{Sent, Target};
use super::{TOPIC, approved, open_states, topic, went_on};
use crate::base::{Caller, Ctx, Error, ErrorKind, Result, crash_point};
use crate::registry::{Place, Publisher, Registry};
use crate::store::count::{signed, unsigned};
use crate::store::{Listener, Next, Reconcile, Step};

/// Exports that are looked at.
const DUE: u64 = 2000;
/// Nothing is in the way of the next step.
const AT_ONCE: Next = Next::After(Duration::ZERO);

/// Sends models to registries.
pub struct Exports(Arc<SqlCatalog>);

impl Exports {
    /// The loop over this room.
    pub fn new(room: Arc<SqlCatalog>) -> Self {
        Self(room)
    }

    async fn go_on(&self, ctx: &Ctx, step: Step<'_>, row: &export::Model) -> Result<Next> {
        let model = self.0.load(ctx, ModelId(row.model_id)).await?;
        if approved(&model)? != row.digest {
            return Err(Error::conflict("other files were approved since it was asked for").code("not_approved"));
        }
        let registry = self.0.registry(&row.registry)?;
        let key = row.credential_id.map(crate::vault::CredentialId);
        let at = self.0.place(ctx, row.base_url.clone(), key).await?;
        let files = self.0.outgoing(ctx, &model).await?;
        if row.state == TransferState::Queued.name() {
            repository(registry, &at, row).await?;
            crash_point("export.created", "");
            let bytes = files.iter().map(|file| file.bytes).sum();
            let change = export::ActiveModel {
                state: Set(TransferState::Running.name().to_owned()),
                files: Set(signed(files.len() as u64)),
                bytes: Set(signed(bytes)),
                ..went_on()
            };
            self.write(ctx, step, row, ("catalog.begin_model_export", change)).await?;
            return Ok(AT_ONCE);
        }
        let target = Target { at: &at, registry, publisher: publisher(registry)?, row };
        let done = usize::try_from(row.sent_files).unwrap_or(usize::MAX);
        if let Some(rest) = files.get(done..).filter(|rest| !rest.is_empty()) {
            let sent = self.0.send_some(&target, rest).await?;
            crash_point("export.sent", "");
            let change = export::ActiveModel {
                sent_files: Set(signed(unsigned(row.sent_files) + sent.files)),
                sent_bytes: Set(signed(unsigned(row.sent_bytes) + sent.bytes)),
                ..went_on()
            };
            self.write(&ctx.quietly(), step, row, ("catalog.send_model_export", change)).await?;
            return Ok(AT_ONCE);
        }
        match self.0.commit_some(&target, &files).await? {
            Sent::All { commit } => self.finish(ctx, step, row, commit).await,
            Sent::Some => {
                crash_point("export.committed", "");
                let change = export::ActiveModel { commits: Set(row.commits + 1), ..went_on() };
                self.write(&ctx.quietly(), step, row, ("catalog.commit_model_export", change)).await?;
                Ok(AT_ONCE)
            }
        }
    }

    async fn finish(&self, ctx: &Ctx, step: Step<'_>, row: &export::Model, commit: String) -> Result<Next> {
        let (room, row) = (self.0.clone(), row.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = export::ActiveModel { commit_id: Set(Some(commit.clone())), ..went_on() };
                let to = (TransferState::Succeeded, change);
                if room.export_moves(&ctx, row.id, &[TransferState::Running], to).await? {
                    let told = json!({ "exported": row.repo, "commit": commit, "to": row.base_url });
                    ctx.touch("model", row.model_id, told);
                }
                Ok(())
            })
        };
        self.0.store.write_fenced(ctx, step.lease, "catalog.finish_model_export", work).await?;
        Ok(Next::Rest)
    }

    /// Writes down how far it is, unless somebody gave it up meanwhile.
    async fn write(
        &self,
        ctx: &Ctx,
        step: Step<'_>,
        row: &export::Model,
        (action, change): (&'static str, export::ActiveModel),
    ) -> Result<()> {
        let (room, id) = (self.0.clone(), row.id);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                let change = export::ActiveModel { updated_at: Set(ctx.now().micros()), ..change };
                let open = export::Entity::update_many().set(change).filter(export::Column::Id.eq(id));
                let open = open.filter(export::Column::State.is_in(open_states()));
                open.exec(&room.store.conn(&ctx)).await?;
                ctx.signal(topic(super::super::super::ExportId(id)));
                Ok(())
            })
        };
        self.0.store.write_fenced(ctx, step.lease, action, work).await
    }

    /// Ends when somebody ends the export.
    async fn given_up(&self, ctx: &Ctx, id: Uuid, mut signals: Listener) {
        loop {
            signals.changed().await;
            let open = export::Entity::find_by_id(id).filter(export::Column::State.is_in(open_states()));
            if matches!(open.one(&self.0.store.conn(ctx)).await, Ok(None)) {
                return;
            }
        }
    }

    /// Writes down what is in the way. What may pass is tried again for a while.
    async fn stumble(&self, ctx: &Ctx, step: Step<'_>, row: &export::Model, error: &Error) -> Result<Next> {
        let goes_on = passing(error) && row.failures + 1 < TRIES;
        if !goes_on {
            // Who sees that it failed finds on record why; a crash between the two records it twice.
            let about = ctx.clone().about(Some(("export", row.id.to_string())));
            self.0.store.record_refused(&about, "catalog.export_model", error).await?;
        }
        let state = if goes_on { row.state.as_str() } else { TransferState::Failed.name() };
        let change = export::ActiveModel {
            state: Set(state.to_owned()),
            failures: Set(row.failures + 1),
            error: Set(Some(crate::op::encode(&ExternalFailure::from(error))?)),
            ..Default::default()
        };
        self.write(&ctx.quietly(), step, row, ("catalog.delay_model_export", change)).await?;
        if !goes_on {
            return Ok(Next::Rest);
        }
        Ok(Next::After(Duration::from_secs(PAUSE << row.failures.clamp(0, TRIES))))
    }
}

/// The side of a registry that takes models in.
fn publisher(registry: &dyn Registry) -> Result<&dyn Publisher> {
    registry.publisher().ok_or_else(|| Error::unexpected("the registry takes no models in any more"))
}

/// Makes the repository unless it is there.
async fn repository(registry: &dyn Registry, at: &Place, row: &export::Model) -> Result<()> {
    match registry.head(at, &row.repo, &row.revision).await {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    publisher(registry)?.create(at, &row.repo, row.private).await?;
    registry.head(at, &row.repo, &row.revision).await.map(drop)
}

/// Acts for whoever asked for the export, in his project.
fn as_exporter(ctx: &Ctx, row: &export::Model) -> Ctx {
    let mut ctx = ctx.clone();
    let actor = row.created_by.clone();
    ctx.caller = Caller { actor, project: row.project.clone(), all_projects: false, ..Caller::system() };
    ctx
}

#[async_trait]
impl Reconcile for Exports {
    fn name(&self) -> &'static str {
        TOPIC
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let columns = [export::Column::Id, export::Column::Project, export::Column::Failures];
        let select = export::Entity::find().select_only().columns(columns);
        let open = select.filter(export::Column::State.is_in(open_states())).order_by_asc(export::Column::CreatedAt);
        Ok(in_turn(open.limit(DUE).into_tuple().all(&self.0.store.conn(ctx)).await?))
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Uuid = step.key.parse().map_err(|_| Error::unexpected("an export's key is no id"))?;
        // Before the row is read, or what ends it right after would be missed.
        let signals = self.0.store.signals().listen(format!("{TOPIC}/{id}"));
        let found = export::Entity::find_by_id(id).filter(export::Column::State.is_in(open_states()));
        let Some(row) = found.one(&self.0.store.conn(ctx)).await? else { return Ok(Next::Rest) };
        let ctx = &as_exporter(ctx, &row);
        // Whoever gives it up does not wait for a slow registry.
        let went = tokio::select! {
            went = self.go_on(ctx, step, &row) => went,
            () = self.given_up(ctx, id, signals) => return Ok(Next::Rest),
        };
        match went {
            Err(error) if error.stable_code() == "lease_lost" => Err(error),
            Err(error) => self.stumble(ctx, step, &row, &error).await,
            went => went,
        }
    }
}
