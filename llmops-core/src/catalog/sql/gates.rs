//! What stands between a model and its approval, looked at now.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;

use super::super::approval::{self, PolicyBody, UsedPolicy};
use super::super::rows::review;
use super::super::{
    Model, ModelGate, ModelGateKind, ModelGateState, ModelGates, ModelId, ModelStatus, ModelType, RequiredEvaluation,
    ReviewDecision, gates,
};
use super::SqlCatalog;
use crate::base::{Ctx, Error, Result};

impl SqlCatalog {
    pub(super) async fn gates(&self, ctx: &Ctx, id: ModelId) -> Result<ModelGates> {
        let model = self.get(ctx, id).await?;
        let policy = self.policy_now(ctx).await?;
        let mut gates = self.gates_of(ctx, &model, policy.as_ref(), false).await?;
        let unread = |gate: &&mut ModelGate| gate.gate == ModelGateKind::Code && gate.state == ModelGateState::Failed;
        for gate in gates.iter_mut().filter(unread) {
            // That the programs were read is said by who approves.
            gate.state = ModelGateState::Reviewer;
        }
        gates.push(self.reviewer(ctx, &model).await?);
        let needed = policy.as_ref().map_or(1, |policy| policy.body.approvals);
        if needed > 1 {
            gates.push(self.approvals(ctx, &model, needed).await?);
        }
        Ok(ModelGates {
            model_id: model.id,
            digest: model.digest,
            policy_version: policy.map(|policy| policy.version),
            approvable: gates.iter().all(|gate| gate.state != ModelGateState::Failed),
            gates,
        })
    }

    /// Refuses to approve what a gate holds back: without a policy by the first that does, by a policy with all of them.
    pub(super) async fn check_approvable(
        &self,
        ctx: &Ctx,
        model: &Model,
        policy: Option<&UsedPolicy>,
        code_reviewed: bool,
    ) -> Result<()> {
        if let Some(policy) = policy {
            let found = self.gates_of(ctx, model, Some(policy), code_reviewed).await?;
            return gates::check_all_passed(model, policy, &found);
        }
        gates::check_card_complete(model)?;
        let files = self.all_files(ctx, model.id).await?;
        gates::check_files(model, &files)?;
        gates::check_code(&files, code_reviewed)
    }

    /// The gates that are the same whoever asks.
    async fn gates_of(
        &self,
        ctx: &Ctx,
        model: &Model,
        policy: Option<&UsedPolicy>,
        code_reviewed: bool,
    ) -> Result<Vec<ModelGate>> {
        let of = json!({ "modelId": model.id });
        let card = gates::check_card_complete(model).map(|()| "the card holds what a review needs");
        let mut found = vec![ModelGate::of(ModelGateKind::Card, card)?.by("catalog.update_model", of.clone())];
        if model.model_type != ModelType::External {
            let files = self.all_files(ctx, model.id).await?;
            let whole = match gates::check_files(model, &files) {
                Ok(()) => self.check_imported(ctx, model.id).await,
                refused => refused,
            };
            let whole = whole.map(|()| format!("{} files are verified and could be served", files.len()));
            found.push(ModelGate::of(ModelGateKind::Files, whole)?.by("catalog.upload_model_files", of.clone()));
            let read = gates::check_code(&files, code_reviewed).map(|()| "it brings no program that nobody read");
            let decision = json!({
                "modelId": model.id, "version": model.version, "decision": ReviewDecision::Approve, "codeReviewed": true,
            });
            found.push(ModelGate::of(ModelGateKind::Code, read)?.by("catalog.review_model", decision));
        }
        let Some(policy) = policy else { return Ok(found) };
        if let Some(allowed) = &policy.body.licenses {
            let named = approval::check_license(model, allowed).map(|()| "the policy allows the card's license");
            found.push(ModelGate::of(ModelGateKind::License, named)?.by("catalog.update_model", of));
        }
        found.extend(self.measured(ctx, model, &policy.body).await?);
        Ok(found)
    }

    /// A gate for each evaluation that the policy requires of the model.
    async fn measured(&self, ctx: &Ctx, model: &Model, body: &PolicyBody) -> Result<Vec<ModelGate>> {
        let required: Vec<&RequiredEvaluation> = body.required_of(model.model_type).collect();
        if required.is_empty() {
            return Ok(Vec::new());
        }
        // Never taken for well because nobody is there to ask.
        let room = self.measurements.get().ok_or_else(|| Error::unexpected("no room measures models"))?;
        let all = room.of_model(ctx, model.id).await?;
        let mut found = Vec::with_capacity(required.len());
        for one in required {
            let dataset = match one.dataset_id {
                Some(id) => match all.iter().find(|known| known.dataset_id == id) {
                    Some(known) => Some(known.dataset.clone()),
                    None => Some(room.dataset(ctx, id).await?.unwrap_or_else(|| id.to_string())),
                },
                None => None,
            };
            let asked = (one, dataset.as_deref());
            let judged = approval::judge(asked, &all, model.digest.as_deref(), body.allow_warnings);
            found.push(ModelGate::of_evaluation(model, (one, dataset.clone()), judged)?);
        }
        Ok(found)
    }

    /// Whether the caller may decide.
    async fn reviewer(&self, ctx: &Ctx, model: &Model) -> Result<ModelGate> {
        let who = &ctx.caller.actor;
        let allowed = if ctx.caller.may("catalog:approve") {
            match gates::check_reviewer(ctx, model) {
                Ok(()) => self.check_brought(ctx, model).await,
                refused => refused,
            }
        } else {
            Err(Error::denied("approving needs the permission `catalog:approve`")
                .code("permission_missing")
                .hint("ask a reviewer"))
        };
        let said = allowed.map(|()| format!("{who} neither made it nor brought a file of it"));
        let gate = ModelGate::of(ModelGateKind::Reviewer, said)?;
        // Somebody else may.
        let state = match gate.state {
            ModelGateState::Failed => ModelGateState::Reviewer,
            state => state,
        };
        Ok(ModelGate { state, ..gate })
    }

    async fn approvals(&self, ctx: &Ctx, model: &Model, needed: u32) -> Result<ModelGate> {
        if model.status == ModelStatus::Approved {
            return Ok(ModelGate::new(ModelGateKind::Approvals, ModelGateState::Passed, "it is approved"));
        }
        let approved_by: Vec<String> = self.approvers(ctx, model).await?.into_iter().collect();
        let by = if approved_by.is_empty() { String::new() } else { format!(", by {}", approved_by.join(", ")) };
        let text = format!("{} of {needed} approvals are there{by}", approved_by.len());
        let gate = ModelGate::new(ModelGateKind::Approvals, ModelGateState::Reviewer, text);
        let code = Some("approvals_missing".to_owned());
        Ok(ModelGate { code, approved_by, approvals_needed: Some(needed), ..gate })
    }

    /// Who approved these files since the model came before its reviewers.
    async fn approvers(&self, ctx: &Ctx, model: &Model) -> Result<BTreeSet<String>> {
        if model.status != ModelStatus::UnderReview {
            return Ok(BTreeSet::new());
        }
        let row = self.load(ctx, model.id).await?;
        let same_files = match &model.digest {
            Some(digest) => review::Column::Digest.eq(digest),
            None => review::Column::Digest.is_null(),
        };
        let select = review::Entity::find()
            .select_only()
            .column(review::Column::Reviewer)
            .filter(review::Column::ModelId.eq(row.id))
            .filter(review::Column::CreatedAt.gte(row.review_began.unwrap_or_default()))
            .filter(review::Column::Decision.eq(ReviewDecision::Approve.name()))
            .filter(same_files);
        let who: Vec<String> = select.into_tuple().all(&self.store.conn(ctx)).await?;
        Ok(who.into_iter().collect())
    }

    /// How many more must approve once the caller has. Nobody counts twice.
    pub(super) async fn still_needed(&self, ctx: &Ctx, model: &Model, policy: Option<&UsedPolicy>) -> Result<u32> {
        let needed = policy.map_or(1, |policy| policy.body.approvals);
        if needed <= 1 {
            return Ok(0);
        }
        let mut given = self.approvers(ctx, model).await?;
        let first = given.insert(ctx.caller.actor.clone());
        let left = needed.saturating_sub(u32::try_from(given.len()).unwrap_or(u32::MAX));
        if first || left == 0 {
            return Ok(left);
        }
        Err(Error::conflict(format!(
            "{} approved it already, and the policy wants {needed} reviewers",
            ctx.caller.actor
        ))
        .code("already_approved")
        .hint("ask somebody else with the reviewer's role"))
    }
}
