//! A dataset's life: its moves and the decisions on it.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::super::rows::{dataset, file, review};
use super::super::{
    Dataset, DatasetDecision, DatasetId, DatasetReview, DatasetStatus, ListDatasetReviews, ReviewDataset,
    SetDatasetStatus, ValidationReport, gates,
};
use super::SqlDatasets;
use super::datasets::{changed_meanwhile, stored};
use super::policies::DEFAULT;
use crate::base::{Ctx, Error, Limits, Page, PageRequest, Result, Timestamp, check_text, etag_of};
use crate::store::keyset;

impl SqlDatasets {
    pub(super) async fn set_status(&self, ctx: &Ctx, req: SetDatasetStatus) -> Result<Dataset> {
        let dataset = self.get(ctx, req.dataset_id).await?;
        ctx.check_etag(&dataset.etag)?;
        let decision = match (dataset.status, req.status) {
            (DatasetStatus::UnderReview, DatasetStatus::Approved) => Some(DatasetDecision::Approve),
            (DatasetStatus::UnderReview, DatasetStatus::Rejected) => Some(DatasetDecision::Reject),
            _ => None,
        };
        match decision {
            Some(decision) if ctx.caller.may("datasets:approve") => {
                self.decide(ctx, &dataset, decision, req.notes).await
            }
            Some(_) => Err(Error::denied("approving and rejecting need the permission `datasets:approve`")
                .code("permission_missing")
                .hint("ask a reviewer")),
            None => {
                dataset.status.check_move(req.status)?;
                if req.status == DatasetStatus::UnderReview {
                    gates::check_validated(&dataset)?;
                }
                self.enter(ctx, &dataset, req.status).await
            }
        }
    }

    pub(super) async fn review(&self, ctx: &Ctx, req: ReviewDataset) -> Result<Dataset> {
        let dataset = self.get(ctx, req.dataset_id).await?;
        ctx.check_etag(&dataset.etag)?;
        if dataset.version != req.version {
            return Err(Error::invalid("version", format!("must be the dataset's, which is {}", dataset.version))
                .hint("look at this version before deciding"));
        }
        if req.digest.is_some() && req.digest != dataset.digest {
            return Err(Error::conflict("the files changed since you looked at them")
                .code("digest_changed")
                .field("digest")
                .hint("look at the files again"));
        }
        self.decide(ctx, &dataset, req.decision, req.notes).await
    }

    /// Nobody reviews files that he brought.
    pub(super) async fn check_brought(&self, ctx: &Ctx, dataset: &Dataset) -> Result<()> {
        let mine = file::Entity::find()
            .filter(file::Column::DatasetId.eq(dataset.id.0))
            .filter(file::Column::UploadedBy.eq(&ctx.caller.actor));
        match mine.one(&self.store.conn(ctx)).await? {
            None => Ok(()),
            Some(file) => Err(gates::brought(&ctx.caller.actor, &file.path)),
        }
    }

    async fn decide(
        &self,
        ctx: &Ctx,
        dataset: &Dataset,
        decision: DatasetDecision,
        notes: Option<String>,
    ) -> Result<Dataset> {
        dataset.status.check_move(decision.leads_to())?;
        gates::check_reviewer(ctx, dataset)?;
        self.check_brought(ctx, dataset).await?;
        if decision == DatasetDecision::Approve {
            let report = self.report(ctx, dataset.id).await?;
            let changed = self.policy_changed(ctx, report.as_ref()).await?;
            gates::check_approvable(dataset, report.as_ref(), changed)?;
        } else if notes.as_deref().unwrap_or_default().trim().is_empty() {
            return Err(Error::invalid("notes", "is required to reject or to request changes").hint("say what to mend"));
        }
        check_text("notes", notes.as_deref().unwrap_or_default(), Limits::TEXT_CHARS)?;
        let row = review::Model {
            id: ctx.new_id(),
            dataset_id: dataset.id.0,
            decision: decision.name().to_owned(),
            reviewer: ctx.caller.actor.clone(),
            notes,
            digest: dataset.digest.clone(),
            waiver: match (&dataset.pii_waiver, decision) {
                (Some(waiver), DatasetDecision::Approve) => Some(crate::op::encode(waiver)?),
                _ => None,
            },
            created_at: ctx.now().micros(),
        };
        review::Entity::insert(row.into_active_model()).exec_without_returning(&self.store.conn(ctx)).await?;
        self.enter(ctx, dataset, decision.leads_to()).await
    }

    /// How the policy is another than a report was made by. Who approves does so by what the project asks for now.
    async fn policy_changed(&self, ctx: &Ctx, report: Option<&ValidationReport>) -> Result<Option<String>> {
        let used = report.and_then(|report| report.pii.policy.as_ref());
        let now = self.policy_now(ctx, used.map_or(DEFAULT, |used| &used.name)).await?;
        Ok(match (used, now) {
            (Some(used), Some(now)) if now != used.version => Some(format!(
                "it was validated by version {} of the policy `{}`, which is at version {now} since",
                used.version, used.name
            )),
            (None, Some(_)) => Some(format!("it was validated before the project had the policy `{DEFAULT}`")),
            _ => None,
        })
    }

    async fn enter(&self, ctx: &Ctx, dataset: &Dataset, status: DatasetStatus) -> Result<Dataset> {
        let row = self.load(ctx, dataset.id).await?;
        if etag_of(row.revision) != dataset.etag {
            return Err(changed_meanwhile());
        }
        let mut change = dataset::ActiveModel { status: Set(status.name().to_owned()), ..Default::default() };
        if status == DatasetStatus::Approved {
            change.approved_at = Set(Some(ctx.now().micros()));
            change.approved_by = Set(Some(ctx.caller.actor.clone()));
        }
        self.change(ctx, &row, change).await?;
        let mut moved = json!({ "from": dataset.status.name(), "to": status.name(), "digest": dataset.digest });
        if let Some(waiver) = dataset.pii_waiver.as_ref().filter(|_| status == DatasetStatus::Approved) {
            moved["waiver"] = crate::op::encode(waiver)?;
        }
        ctx.touch("dataset", dataset.id, moved);
        self.get(ctx, dataset.id).await
    }

    pub(super) async fn reviews(&self, ctx: &Ctx, req: ListDatasetReviews) -> Result<Page<DatasetReview>> {
        let row = self.load(ctx, req.dataset_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("dataset_reviews|{}", row.id),
            column: review::Column::CreatedAt,
            id: review::Column::Id,
            ascending: false,
            total: false,
        };
        let select = review::Entity::find().filter(review::Column::DatasetId.eq(row.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_review).collect::<Result<_>>()?, page })
    }
}

fn to_review(row: review::Model) -> Result<DatasetReview> {
    Ok(DatasetReview {
        id: row.id,
        dataset_id: DatasetId(row.dataset_id),
        decision: DatasetDecision::from_name(&row.decision)?,
        reviewer: row.reviewer,
        notes: row.notes,
        digest: row.digest,
        waiver: row.waiver.map(stored).transpose()?,
        created_at: Timestamp::from_micros(row.created_at),
    })
}
