//! Validations: asked for, joined, read. The loop carries them out.

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::{Value, json};

use super::super::format::Row;
use super::super::rows::{dataset, validation};
use super::super::searching::{Rules, Wanted};
use super::super::statistics::Statistics;
use super::super::walk::{At, Visitor};
use super::super::{
    DataFormat, Dataset, DatasetId, DatasetStatistics, DatasetStatus, DatasetValidation, GetDatasetStatistics,
    ValidateDataset, ValidationProgress, ValidationReport, ValidationState, source,
};
use super::SqlDatasets;
use super::datasets::{stored, to_dataset};
use crate::base::{Ctx, Error, Events, Result, Timestamp};
use crate::store::count::{signed, unsigned};

/// The largest dataset that is counted while the caller waits.
const COUNTED_BYTES: u64 = 256 << 20;

impl SqlDatasets {
    pub(super) async fn validate(&self, ctx: &Ctx, req: ValidateDataset) -> Result<DatasetValidation> {
        let row = self.load(ctx, req.dataset_id).await?;
        let dataset = to_dataset(row.clone())?;
        let Some(digest) = dataset.digest.clone() else {
            return Err(Error::conflict(format!("{} {} has no files", dataset.name, dataset.version))
                .code("no_files")
                .hint("upload its files first"));
        };
        let policy = self.policy_for(ctx, "policy", (req.policy.as_deref(), None)).await?;
        let wanted = Wanted { of: "", types: req.pii_types.as_deref(), min_confidence: req.min_confidence };
        let used = Rules::of(&wanted, policy)?;
        let rules = crate::op::encode(&used)?;
        if let Some(open) = self.last_validation(ctx, req.dataset_id).await?
            && ValidationState::from_name(&open.state)?.is_open()
        {
            if open.rules == rules {
                return to_validation(open);
            }
            return Err(Error::conflict("another validation, by other rules, is under way")
                .code("validation_running")
                .hint("wait for its report"));
        }
        check_state(&dataset)?;
        let made = validation::Model {
            id: ctx.new_id(),
            dataset_id: row.id,
            state: ValidationState::Queued.name().to_owned(),
            digest,
            rules,
            rows_read: 0,
            bytes_read: 0,
            bytes_total: signed(dataset.bytes),
            report: None,
            error: None,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
            finished_at: None,
            checkpoint: None,
        };
        let conn = self.store.conn(ctx);
        validation::Entity::insert(made.clone().into_active_model()).exec_without_returning(&conn).await?;
        // A waiver is of one validation.
        let change = dataset::ActiveModel {
            validation_state: Set(Some(made.state.clone())),
            pii_waiver: Set(None),
            ..Default::default()
        };
        self.change(ctx, &row, change).await?;
        let searched =
            json!({ "piiTypes": used.pii_types, "minConfidence": used.min_confidence, "policy": used.policy() });
        ctx.touch("dataset", row.id, json!({ "validation": made.id, "digest": made.digest, "rules": searched }));
        to_validation(made)
    }

    /// The newest validation of a dataset.
    pub(super) async fn last_validation(&self, ctx: &Ctx, id: DatasetId) -> Result<Option<validation::Model>> {
        let select = validation::Entity::find()
            .filter(validation::Column::DatasetId.eq(id.0))
            .order_by_desc(validation::Column::CreatedAt)
            .order_by_desc(validation::Column::Id);
        Ok(select.one(&self.store.conn(ctx)).await?)
    }

    pub(super) async fn validation(&self, ctx: &Ctx, id: DatasetId) -> Result<DatasetValidation> {
        self.load(ctx, id).await?;
        let found = self.last_validation(ctx, id).await?;
        to_validation(
            found.ok_or_else(|| Error::not_found("validation of dataset", id).hint("call `validate_dataset` first"))?,
        )
    }

    pub(super) async fn watch_validation(&self, ctx: &Ctx, id: DatasetId) -> Result<Events<DatasetValidation>> {
        let mut changes = self.store.signals().listen(format!("datasets/{id}"));
        let mut seen = self.validation(ctx, id).await?;
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            yield seen.clone();
            while seen.state.is_open() {
                changes.changed().await;
                let now = room.validation(&ctx, id).await?;
                if now != seen {
                    seen = now;
                    yield seen.clone();
                }
            }
        };
        Ok(events.boxed())
    }

    /// The report of the newest validation, if it succeeded.
    pub(super) async fn report(&self, ctx: &Ctx, id: DatasetId) -> Result<Option<ValidationReport>> {
        let last = self.last_validation(ctx, id).await?;
        last.and_then(|row| row.report).map(to_report).transpose()
    }

    pub(super) async fn statistics(&self, ctx: &Ctx, req: GetDatasetStatistics) -> Result<DatasetStatistics> {
        let dataset = self.get(ctx, req.dataset_id).await?;
        let Some(digest) = &dataset.digest else {
            return Err(Error::conflict(format!("{} {} has no files", dataset.name, dataset.version))
                .code("no_files")
                .hint("upload its files first"));
        };
        match self.report(ctx, dataset.id).await? {
            Some(report) if report.statistics.digest == *digest => Ok(report.statistics),
            _ => self.count(ctx, &dataset, digest.clone()).await,
        }
    }

    /// Counts now, while somebody waits: for datasets that are not validated yet and not large.
    async fn count(&self, ctx: &Ctx, dataset: &Dataset, digest: String) -> Result<DatasetStatistics> {
        if dataset.bytes > COUNTED_BYTES {
            return Err(Error::conflict(format!("{} {} is not validated yet", dataset.name, dataset.version))
                .code("not_validated")
                .hint("over 256 MiB the statistics come with the validation: call `validate_dataset`"));
        }
        let closed = |e| Error::unexpected("nothing is counted any more").caused_by(e);
        let turn = self.counting.clone().acquire_owned().await.map_err(closed)?;
        let walk = self.walk(ctx, dataset).await?;
        let statistics = Statistics::new(&walk.names(), dataset.format == Some(DataFormat::Csv));
        let handle = tokio::runtime::Handle::current();
        source::off_thread(move || {
            let _turn = turn; // who asked may leave, and the counting goes on
            let mut counting = Counting(statistics);
            walk.run(&handle, &mut counting)?;
            Ok(counting.0.finish(digest))
        })
        .await
    }
}

/// Counts and nothing else.
struct Counting(Statistics);

impl Visitor for Counting {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        self.0.add(row, at.places);
    }
}

/// Data under review or in use is validated already; a deprecated version is not asked for again.
fn check_state(dataset: &Dataset) -> Result<()> {
    if matches!(dataset.status, DatasetStatus::Draft | DatasetStatus::Rejected) {
        return Ok(());
    }
    Err(Error::conflict(format!("a dataset that is {} is not validated again", dataset.status.name()))
        .code("status_move")
        .field("status")
        .hint(match dataset.status {
            DatasetStatus::UnderReview => "return it to draft, or begin a new version",
            _ => "begin a new version",
        }))
}

/// A report as it was kept. Recommendations were texts and nothing else once.
fn to_report(mut report: Value) -> Result<ValidationReport> {
    for one in report["recommendations"].as_array_mut().into_iter().flatten().filter(|one| one.is_string()) {
        *one = json!({ "text": one.take() });
    }
    stored(report)
}

pub(super) fn to_validation(row: validation::Model) -> Result<DatasetValidation> {
    Ok(DatasetValidation {
        id: row.id,
        dataset_id: DatasetId(row.dataset_id),
        state: ValidationState::from_name(&row.state)?,
        digest: row.digest,
        progress: ValidationProgress {
            rows: unsigned(row.rows_read),
            bytes: unsigned(row.bytes_read),
            total_bytes: unsigned(row.bytes_total),
        },
        report: row.report.map(to_report).transpose()?,
        error: row.error,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
    })
}
