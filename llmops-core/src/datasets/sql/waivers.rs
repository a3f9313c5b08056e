//! Personal data that a reviewer lets pass, and that he takes it back.

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::super::rows::dataset;
use super::super::{Dataset, PiiWaiver, WaiveDatasetPii, WithdrawPiiWaiver, gates};
use super::SqlDatasets;
use super::datasets::to_dataset;
use super::validations::to_validation;
use crate::base::{Ctx, Error, Result, check_text};

/// The longest reason, in characters.
const REASON: usize = 2000;

impl SqlDatasets {
    pub(super) async fn waive(&self, ctx: &Ctx, req: WaiveDatasetPii) -> Result<Dataset> {
        let row = self.load(ctx, req.dataset_id).await?;
        let dataset = to_dataset(row.clone())?;
        ctx.check_etag(&dataset.etag)?;
        gates::check_reviewer(ctx, &dataset)?;
        self.check_brought(ctx, &dataset).await?;
        check_text("reason", &req.reason, REASON)?;
        if req.reason.trim().is_empty() {
            return Err(Error::invalid("reason", "must say something").hint("say why what was found may stay"));
        }
        let last = self.last_validation(ctx, req.dataset_id).await?.map(to_validation).transpose()?;
        let Some(validation) = last.filter(|last| last.id == req.validation_id) else {
            return Err(Error::conflict("this is not the last validation of the dataset")
                .code("validation_changed")
                .field("validationId")
                .hint("look at the report of the last one again"));
        };
        let used = gates::check_waivable(&dataset, &validation)?;
        let named = (Some(used.name.as_str()), None);
        let policy = self.policy_for(ctx, "policy", named).await?.filter(|now| now.version == used.version);
        match policy {
            None => {
                let said = format!("the policy `{}` is another than the report was made by", used.name);
                return Err(Error::conflict(said).code("policy_changed").hint("validate the dataset again"));
            }
            Some(policy) if !policy.body.waivers => return Err(gates::no_waivers(&used.name)),
            Some(_) => {}
        }
        let waiver = PiiWaiver {
            validation_id: validation.id,
            digest: validation.digest,
            policy: used,
            findings: validation.report.map_or(0, |report| report.pii.total),
            reason: req.reason,
            waived_by: ctx.caller.actor.clone(),
            waived_at: ctx.now(),
        };
        let change = dataset::ActiveModel { pii_waiver: Set(Some(crate::op::encode(&waiver)?)), ..Default::default() };
        self.change(ctx, &row, change).await?;
        ctx.touch("dataset", row.id, json!({ "waived": waiver }));
        self.get(ctx, req.dataset_id).await
    }

    pub(super) async fn withdraw_waiver(&self, ctx: &Ctx, req: WithdrawPiiWaiver) -> Result<Dataset> {
        let row = self.load(ctx, req.dataset_id).await?;
        let dataset = to_dataset(row.clone())?;
        ctx.check_etag(&dataset.etag)?;
        gates::check_reviewer(ctx, &dataset)?;
        let waiver = gates::check_withdrawable(&dataset)?;
        self.change(ctx, &row, dataset::ActiveModel { pii_waiver: Set(None), ..Default::default() }).await?;
        ctx.touch("dataset", row.id, json!({ "waiverWithdrawn": waiver }));
        self.get(ctx, req.dataset_id).await
    }
}
