//! A model's life: its moves and the decisions on it.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;

use super::super::rows::{file, model, review};
use super::super::{
    ListModelReviews, Model, ModelId, ModelReview, ModelStatus, ReviewDecision, ReviewModel, SetModelStatus, gates,
};
use super::SqlCatalog;
use super::approval::to_version;
use super::models::changed_meanwhile;
use crate::base::{Ctx, Error, Limits, Page, PageRequest, Result, Timestamp, check_text, etag_of};
use crate::store::keyset;

/// What a reviewer says.
struct Verdict {
    decision: ReviewDecision,
    notes: Option<String>,
    code_reviewed: bool,
}

impl SqlCatalog {
    pub(super) async fn set_status(&self, ctx: &Ctx, req: SetModelStatus) -> Result<Model> {
        let model = self.get(ctx, req.model_id).await?;
        ctx.check_etag(&model.etag)?;
        let decision = match (model.status, req.status) {
            (ModelStatus::UnderReview, ModelStatus::Approved) => Some(ReviewDecision::Approve),
            (ModelStatus::UnderReview, ModelStatus::Rejected) => Some(ReviewDecision::Reject),
            _ => None,
        };
        match decision {
            Some(decision) if ctx.caller.may("catalog:approve") => {
                self.decide(ctx, &model, Verdict { decision, notes: req.notes, code_reviewed: false }).await
            }
            Some(_) => Err(Error::denied("approving and rejecting need the permission `catalog:approve`")
                .code("permission_missing")
                .hint("ask a reviewer")),
            None => {
                gates::check_move(model.status, req.status)?;
                if matches!(req.status, ModelStatus::UnderReview | ModelStatus::Draft | ModelStatus::Deprecated) {
                    // From there its files could change, or nobody is to take it any more.
                    self.check_not_in_production(ctx, &self.load(ctx, model.id).await?).await?;
                }
                if req.status == ModelStatus::UnderReview {
                    gates::check_card_complete(&model)?;
                    self.check_imported(ctx, model.id).await?;
                }
                self.enter(ctx, &model, req.status).await
            }
        }
    }

    pub(super) async fn review(&self, ctx: &Ctx, req: ReviewModel) -> Result<Model> {
        let model = self.get(ctx, req.model_id).await?;
        ctx.check_etag(&model.etag)?;
        if model.version != req.version {
            return Err(Error::invalid("version", format!("must be the model's, which is {}", model.version))
                .hint("look at this version before deciding"));
        }
        if req.digest.is_some() && req.digest != model.digest {
            return Err(Error::conflict("the files changed since you looked at them")
                .code("digest_changed")
                .field("digest")
                .hint("look at the files again"));
        }
        let code_reviewed = req.code_reviewed.unwrap_or(false);
        self.decide(ctx, &model, Verdict { decision: req.decision, notes: req.notes, code_reviewed }).await
    }

    /// Nobody reviews files that he brought.
    pub(super) async fn check_brought(&self, ctx: &Ctx, model: &Model) -> Result<()> {
        let mine = file::Entity::find()
            .filter(file::Column::ModelId.eq(model.id.0))
            .filter(file::Column::UploadedBy.eq(&ctx.caller.actor));
        match mine.one(&self.store.conn(ctx)).await? {
            None => Ok(()),
            Some(file) => Err(gates::brought(&ctx.caller.actor, &file.path)),
        }
    }

    async fn decide(&self, ctx: &Ctx, model: &Model, verdict: Verdict) -> Result<Model> {
        let Verdict { decision, notes, code_reviewed } = verdict;
        gates::check_move(model.status, decision.leads_to())?;
        gates::check_reviewer(ctx, model)?;
        self.check_brought(ctx, model).await?;
        let (mut status, mut policy) = (decision.leads_to(), None);
        if decision == ReviewDecision::Approve {
            policy = self.policy_now(ctx).await?;
            self.check_approvable(ctx, model, policy.as_ref(), code_reviewed).await?;
            if code_reviewed {
                ctx.touch("model", model.id, json!({ "codeReviewed": true }));
            }
            let left = self.still_needed(ctx, model, policy.as_ref()).await?;
            if left > 0 {
                ctx.touch("model", model.id, json!({ "approvalsNeeded": left }));
                status = ModelStatus::UnderReview;
            }
        } else if notes.as_deref().unwrap_or_default().trim().is_empty() {
            return Err(Error::invalid("notes", "is required to reject or to request changes").hint("say what to mend"));
        }
        check_text("notes", notes.as_deref().unwrap_or_default(), Limits::TEXT_CHARS)?;
        let row = review::Model {
            id: ctx.new_id(),
            model_id: model.id.0,
            decision: decision.name().to_owned(),
            reviewer: ctx.caller.actor.clone(),
            notes,
            digest: model.digest.clone(),
            policy_version: policy.map(|policy| i64::from(policy.version)),
            created_at: ctx.now().micros(),
        };
        review::Entity::insert(row.into_active_model()).exec_without_returning(&self.store.conn(ctx)).await?;
        self.enter(ctx, model, status).await
    }

    async fn enter(&self, ctx: &Ctx, model: &Model, status: ModelStatus) -> Result<Model> {
        let row = self.load(ctx, model.id).await?;
        if etag_of(row.revision) != model.etag {
            return Err(changed_meanwhile());
        }
        let mut change = model::ActiveModel { status: Set(status.name().to_owned()), ..Default::default() };
        if status == ModelStatus::UnderReview && model.status != status {
            change.review_began = Set(Some(ctx.now().micros()));
        }
        self.change(ctx, &row, change).await?;
        let moved = json!({ "from": model.status.name(), "to": status.name(), "digest": model.digest });
        ctx.touch("model", model.id, moved);
        self.get(ctx, model.id).await
    }

    pub(super) async fn reviews(&self, ctx: &Ctx, req: ListModelReviews) -> Result<Page<ModelReview>> {
        let row = self.load(ctx, req.model_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("reviews|{}", row.id),
            column: review::Column::CreatedAt,
            id: review::Column::Id,
            ascending: false,
            total: false,
        };
        let select = review::Entity::find().filter(review::Column::ModelId.eq(row.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_review).collect::<Result<_>>()?, page })
    }
}

fn to_review(row: review::Model) -> Result<ModelReview> {
    Ok(ModelReview {
        id: row.id,
        model_id: ModelId(row.model_id),
        decision: ReviewDecision::from_name(&row.decision)?,
        reviewer: row.reviewer,
        notes: row.notes,
        digest: row.digest,
        policy_version: row.policy_version.map(to_version),
        created_at: Timestamp::from_micros(row.created_at),
    })
}
