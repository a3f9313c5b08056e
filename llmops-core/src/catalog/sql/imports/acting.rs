//! The loop that takes models over: it asks what there is, and then lets one file come after the other.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::super::super::import::{Choice, Taken};
use super::super::super::rows::{import, import_file};
use super::super::super::{CreateModel, ExternalFailure, ImportId, ModelType, TransferState};
use super::super::SqlCatalog;
use super::super::models::passing;
use super::{TOPIC, open_states, topic};
use crate::base::{Caller, Ctx, Error, Result, crash_point};
use crate::cards::{FrontMatter, check_card};
use crate::registry::{Head, RemoteFile};
use crate::store::count::signed;
use crate::store::{Listener, Next, Reconcile, Step};

/// Imports that are looked at.
const DUE: u64 = 2000;
/// How often in a row it may fail before somebody has to look: with the pauses between, over about four minutes.
pub(in super::super) const TRIES: i64 = 8;
/// The first pause in seconds; each is twice the one before.
pub(in super::super) const PAUSE: u64 = 2;
/// Imports of one project that go on at the same time: another project's do not wait for them.
const AT_A_TIME: usize = 4;
/// How many rows are written in one statement.
const MANY: usize = 500;
/// Nothing is in the way of the next step.
const AT_ONCE: Next = Next::After(Duration::ZERO);

/// Takes models over from registries.
pub struct Imports(pub(super) Arc<SqlCatalog>);

impl Imports {
    /// The loop over this room.
    pub fn new(room: Arc<SqlCatalog>) -> Self {
        Self(room)
    }

    /// Asks what there is, and makes the draft that it comes into.
    async fn begin(&self, ctx: &Ctx, step: Step<'_>, row: &import::Model) -> Result<Next> {
        let registry = self.0.registry(&row.registry)?;
        let place = self.0.place_of(ctx, row).await?;
        let head = registry.head(&place, &row.repo, &row.revision).await?;
        let found = registry.files(&place, &row.repo, &head.commit).await?;
        let choice: Choice = serde_json::from_value(row.choice.clone())
            .map_err(|e| Error::unexpected("what an import takes cannot be read").caused_by(e))?;
        // Many patterns over many paths take a while.
        let taken = tokio::task::spawn_blocking(move || choice.take(found));
        let taken = taken.await.map_err(|e| Error::unexpected("choosing files broke off").caused_by(e))??;
        crash_point("import.listed", "");
        let (room, row) = (self.0.clone(), row.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { room.import_begun(&ctx, row, head, taken).await })
        };
        self.0.store.write_fenced(ctx, step.lease, "catalog.begin_model_import", work).await?;
        crash_point("import.begun", "");
        Ok(AT_ONCE)
    }

    /// The next file, or the end.
    async fn go_on(&self, ctx: &Ctx, step: Step<'_>, row: &import::Model) -> Result<Next> {
        let next = import_file::Entity::find()
            .filter(import_file::Column::ImportId.eq(row.id))
            .filter(import_file::Column::Done.eq(false))
            .order_by_asc(import_file::Column::Position);
        if let Some(file) = next.one(&self.0.store.conn(ctx)).await? {
            return self.copy(ctx, step, (row, &file)).await;
        }
        let (room, row) = (self.0.clone(), row.clone());
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move {
                if room.import_moves(&ctx, row.id, &[TransferState::Running], TransferState::Succeeded).await? {
                    room.forget_files(&ctx, row.id).await?;
                    let told = json!({ "imported": row.repo, "commit": row.commit_id, "from": row.base_url });
                    ctx.touch("model", row.model_id.unwrap_or_default(), told);
                }
                Ok(())
            })
        };
        self.0.store.write_fenced(ctx, step.lease, "catalog.finish_model_import", work).await?;
        Ok(Next::Rest)
    }

    /// Ends when somebody ends the import.
    async fn given_up(&self, ctx: &Ctx, id: Uuid, mut signals: Listener) {
        loop {
            signals.changed().await;
            let open = import::Entity::find_by_id(id).filter(import::Column::State.is_in(open_states()));
            if matches!(open.one(&self.0.store.conn(ctx)).await, Ok(None)) {
                return;
            }
        }
    }

    /// Writes down what is in the way. What may pass is tried again for a while.
    async fn stumble(&self, ctx: &Ctx, step: Step<'_>, row: &import::Model, error: &Error) -> Result<Next> {
        let goes_on = passing(error) && row.failures + 1 < TRIES;
        if !goes_on {
            // Who sees that it failed finds on record why; a crash between the two records it twice.
            let about = ctx.clone().about(Some(("import", row.id.to_string())));
            self.0.store.record_refused(&about, "catalog.import_model", error).await?;
        }
        let state = if goes_on { row.state.as_str() } else { TransferState::Failed.name() };
        let change = import::ActiveModel {
            state: Set(state.to_owned()),
            failures: Set(row.failures + 1),
            error: Set(Some(crate::op::encode(&ExternalFailure::from(error))?)),
            ..Default::default()
        };
        let (room, id) = (self.0.clone(), row.id);
        let work = move |ctx: Ctx| -> BoxFuture<'static, Result<()>> {
            Box::pin(async move { room.import_still(&ctx, id, change).await.map(drop) })
        };
        self.0.store.write_fenced(&ctx.quietly(), step.lease, "catalog.delay_model_import", work).await?;
        if !goes_on {
            return Ok(Next::Rest);
        }
        Ok(Next::After(Duration::from_secs(PAUSE << row.failures.clamp(0, TRIES))))
    }
}

impl SqlCatalog {
    /// In the open unit: the draft, and the list of what comes into it.
    async fn import_begun(&self, ctx: &Ctx, row: import::Model, head: Head, taken: Taken) -> Result<()> {
        if !self.import_moves(ctx, row.id, &[TransferState::Queued], TransferState::Running).await? {
            return Ok(());
        }
        let mut request = CreateModel {
            name: row.name,
            version: row.version,
            model_type: ModelType::Base,
            owner_team: row.owner_team,
            ..CreateModel::default()
        };
        if let Some(family) = row.model_family {
            request.model_family = family;
        }
        // A `README.md` among the files adds what is lacking.
        let FrontMatter { fields, tags } = head.card.as_deref().map(FrontMatter::read_json).unwrap_or_default();
        if check_card(&fields).is_ok() {
            (request.metadata, request.tags) = (fields, tags);
        }
        let model = self.create(ctx, request).await?;
        let change = import::ActiveModel {
            commit_id: Set(Some(head.commit)),
            model_id: Set(Some(model.id.0)),
            files: Set(signed(taken.files.len() as u64)),
            bytes: Set(signed(taken.bytes)),
            skipped: Set(crate::op::encode(&taken.skipped)?),
            ..went_on()
        };
        self.import_change(ctx, row.id, change).await?;
        let file = |(position, file): (usize, RemoteFile)| import_file::Model {
            import_id: row.id,
            position: signed(position as u64),
            path: file.path,
            bytes: signed(file.bytes),
            sha256: file.sha256,
            blob_id: file.blob_id,
            upload_id: None,
            done: false,
        };
        let files: Vec<_> = taken.files.into_iter().enumerate().map(file).collect();
        for some in files.chunks(MANY) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            import_file::Entity::insert_many(rows).exec_without_returning(&self.store.conn(ctx)).await?;
        }
        Ok(())
    }

    /// Changes an import unless somebody gave it up meanwhile; locks its row until the unit ends.
    pub(super) async fn import_still(&self, ctx: &Ctx, id: Uuid, change: import::ActiveModel) -> Result<bool> {
        let change = import::ActiveModel { updated_at: Set(ctx.now().micros()), ..change };
        let open = import::Entity::update_many().set(change).filter(import::Column::Id.eq(id));
        let open = open.filter(import::Column::State.is_in(open_states())).exec(&self.store.conn(ctx)).await?;
        ctx.signal(topic(ImportId(id)));
        Ok(open.rows_affected == 1)
    }
}

/// The oldest of each project; those that wait for who is away keep no others from their turn.
pub(in super::super) fn in_turn(open: Vec<(Uuid, String, i64)>) -> Vec<String> {
    let mut counts: HashMap<(String, bool), usize> = HashMap::new();
    let mut goes = |project: String, waits: bool| {
        let count = counts.entry((project, waits)).or_default();
        *count += 1;
        *count <= AT_A_TIME
    };
    open.into_iter().filter_map(|(id, of, failures)| goes(of, failures > 0).then(|| id.to_string())).collect()
}

/// Whatever was in the way is not any more.
pub(super) fn went_on() -> import::ActiveModel {
    import::ActiveModel { failures: Set(0), error: Set(None), ..Default::default() }
}

/// Acts for whoever asked for the import, in his project.
fn as_importer(ctx: &Ctx, row: &import::Model) -> Ctx {
    let mut ctx = ctx.clone();
    let actor = row.created_by.clone();
    ctx.caller = Caller { actor, project: row.project.clone(), all_projects: false, ..Caller::system() };
    ctx
}

#[async_trait]
impl Reconcile for Imports {
    fn name(&self) -> &'static str {
        TOPIC
    }

    async fn due(&self, ctx: &Ctx) -> Result<Vec<String>> {
        let columns = [import::Column::Id, import::Column::Project, import::Column::Failures];
        let select = import::Entity::find().select_only().columns(columns);
        let open = select.filter(import::Column::State.is_in(open_states())).order_by_asc(import::Column::CreatedAt);
        Ok(in_turn(open.limit(DUE).into_tuple().all(&self.0.store.conn(ctx)).await?))
    }

    async fn step(&self, ctx: &Ctx, step: Step<'_>) -> Result<Next> {
        let id: Uuid = step.key.parse().map_err(|_| Error::unexpected("an import's key is no id"))?;
        // Before the row is read, or what ends it right after would be missed.
        let signals = self.0.store.signals().listen(format!("{TOPIC}/{id}"));
        let found = import::Entity::find_by_id(id).filter(import::Column::State.is_in(open_states()));
        let Some(row) = found.one(&self.0.store.conn(ctx)).await? else { return Ok(Next::Rest) };
        let ctx = &as_importer(ctx, &row);
        let work = async {
            match row.state == TransferState::Queued.name() {
                true => self.begin(ctx, step, &row).await,
                false => self.go_on(ctx, step, &row).await,
            }
        };
        // Whoever gives it up does not wait for a slow registry.
        let went = tokio::select! {
            went = work => went,
            () = self.given_up(ctx, id, signals) => return Ok(Next::Rest),
        };
        match went {
            Err(error) if error.stable_code() == "lease_lost" => Err(error),
            Err(error) => self.stumble(ctx, step, &row, &error).await,
            went => went,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_project_does_not_keep_the_others_waiting() {
        let id = |n: u128| Uuid::from_u128(n);
        let many = (0..10).map(|n| (id(n), "many".to_owned(), i64::from(n < 6)));
        let open: Vec<_> = many.chain([(id(10), "one".to_owned(), 0)]).collect();
        let turn: Vec<String> = [0, 1, 2, 3, 6, 7, 8, 9, 10].map(|n| id(n).to_string()).to_vec();
        assert_eq!(in_turn(open), turn);
    }
}
