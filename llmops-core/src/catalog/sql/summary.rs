//! The scores a model is known by.

use sea_orm::ActiveValue::Set;
use serde_json::{Map, Value, json};

use super::super::ModelId;
use super::super::rows::model;
use super::SqlCatalog;
use crate::base::{Ctx, Result};

/// Datasets whose scores a model keeps.
const DATASETS: usize = 20;

impl SqlCatalog {
    /// Adds scores to those a model is known by, in the caller's unit: for each dataset an object with `completedAt`, which
    /// takes the place of the one before. Of more than 20 datasets the oldest are dropped.
    pub async fn set_evaluation_summary(&self, ctx: &Ctx, id: ModelId, scores: Map<String, Value>) -> Result<()> {
        let row = self.load(ctx, id).await?;
        let mut summary = row.evaluation_summary.as_object().cloned().unwrap_or_default();
        summary.extend(scores);
        while summary.len() > DATASETS {
            let age = |value: &Value| value.get("completedAt").and_then(Value::as_str).unwrap_or_default().to_owned();
            let Some(oldest) = summary.iter().min_by_key(|(_, value)| age(value)).map(|(key, _)| key.clone()) else {
                break;
            };
            summary.remove(&oldest);
        }
        let change = model::ActiveModel { evaluation_summary: Set(Value::Object(summary)), ..Default::default() };
        self.change(ctx, &row, change).await?;
        ctx.touch("model", row.id, json!({ "evaluationSummary": true }));
        Ok(())
    }
}
