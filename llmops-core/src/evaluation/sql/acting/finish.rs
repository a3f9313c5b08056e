//! Scoring the answers, and what follows from it: the model's summary and the charge.

use std::collections::BTreeMap;

use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect};
use serde_json::{Map, Value, json};

use super::super::super::plan::Spec;
use super::super::super::rows::{run, sample};
use super::super::super::scoring::{Answered, Marks, Scored, score_all};
use super::super::super::{EvaluationRunId, EvaluationStatus, EvaluationTarget, MetricScore};
use super::super::runs::stored;
use super::super::{SqlEvaluation, off_thread};
use super::{CHUNK, Hand, NOW};
use crate::base::{Ctx, ErrorKind, Result};
use crate::catalog::ModelId;
use crate::cost::{Charge, CostResource, CostUsage};
use crate::op::encode;
use crate::store::Next;

/// What the requests of an evaluation used.
#[derive(FromQueryResult)]
struct Tokens {
    prompt: Option<i64>,
    completion: Option<i64>,
}

impl SqlEvaluation {
    /// Scores all samples and ends the evaluation.
    pub(super) async fn finish(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        if row.stopping {
            return self.give_up(hand, EvaluationStatus::Cancelled, row.status_reason.clone()).await;
        }
        let (numbers, answered) = self.answered(hand).await?;
        let spec: Spec = stored(row.spec.clone())?;
        let scored = match off_thread(move || score_all(&spec.metrics, &answered)).await {
            Ok(scored) => scored,
            Err(error) if error.stable_code() == "metric_failed" => {
                return self.give_up(hand, EvaluationStatus::Failed, error.message().to_owned()).await;
            }
            Err(error) => return Err(error),
        };
        let Scored { metrics, samples } = scored;
        let marked: Vec<(i64, Marks)> = numbers.into_iter().zip(samples).collect();
        for chunk in marked.chunks(CHUNK) {
            self.mark(hand, chunk.to_vec()).await?;
        }
        self.succeed(hand, metrics).await?;
        Ok(NOW)
    }

    async fn answered(&self, hand: Hand<'_>) -> Result<(Vec<i64>, Vec<Answered>)> {
        let (mut numbers, mut answered, mut after) = (Vec::new(), Vec::new(), -1);
        loop {
            let rows = self.batch(hand.ctx, hand.id(), after).await?;
            let Some(last) = rows.last() else { return Ok((numbers, answered)) };
            after = last.number;
            for row in rows {
                numbers.push(row.number);
                let likelihood =
                    row.log_prob.map(|sum| (sum, row.log_tokens.unsigned_abs(), row.log_bytes.unsigned_abs()));
                let (reference, prediction, ms) = (row.reference, row.prediction, row.ms);
                answered.push(Answered { reference, prediction, ms, likelihood });
            }
        }
    }

    /// Writes the scores of some samples.
    async fn mark(&self, hand: Hand<'_>, marked: Vec<(i64, Marks)>) -> Result<()> {
        self.write(hand, "evaluation.score_samples", move |room, ctx, row| {
            Box::pin(async move {
                let numbers: Vec<i64> = marked.iter().map(|(number, _)| *number).collect();
                let select = sample::Entity::find()
                    .filter(sample::Column::RunId.eq(row.id))
                    .filter(sample::Column::Number.is_in(numbers));
                let known = select.all(&room.store.conn(&ctx)).await?;
                let mut marks: BTreeMap<i64, Marks> = marked.into_iter().collect();
                let mut rows = Vec::with_capacity(known.len());
                for mut row in known {
                    let Some(marks) = marks.remove(&row.number) else { continue };
                    (row.scores, row.sums) = (encode(&marks.scores)?, encode(&marks.sums)?);
                    rows.push(row.into_active_model());
                }
                let mut same = OnConflict::columns([sample::Column::RunId, sample::Column::Number]);
                same.update_columns([sample::Column::Scores, sample::Column::Sums]);
                let upsert = sample::Entity::insert_many(rows).on_conflict(same);
                upsert.exec_without_returning(&room.store.conn(&ctx)).await?;
                Ok(())
            })
        })
        .await
    }

    async fn succeed(&self, hand: Hand<'_>, metrics: Vec<MetricScore>) -> Result<()> {
        self.write(hand, "evaluation.end_run", move |room, ctx, row| {
            Box::pin(async move {
                let change = run::ActiveModel {
                    scores: Set(encode(&metrics)?),
                    cost: Set(room.charge(&ctx, &row).await?),
                    ..Default::default()
                };
                let reason = match row.failed {
                    0 => format!("{} samples answered and scored", row.done),
                    failed => format!("{} samples scored, {failed} of them without an answer", row.done),
                };
                room.end(&ctx, &row, (EvaluationStatus::Succeeded, reason), change).await?;
                room.summarise(&ctx, &row, &metrics).await
            })
        })
        .await
    }

    /// Charges the CPU time of its processes, in the caller's unit; says what the evaluation cost. The requests to an
    /// endpoint are charged by the gateway, so their price is only told.
    pub(super) async fn charge(&self, ctx: &Ctx, row: &run::Model) -> Result<Option<Value>> {
        let target: EvaluationTarget = stored(row.target.clone())?;
        let usage = match row.endpoint_id {
            Some(_) => self.tokens(ctx, EvaluationRunId(row.id)).await?,
            None => BTreeMap::from([(CostUsage::CpuMillis, row.cpu_millis.unsigned_abs())]),
        };
        let price = self.cost.price(&usage, Some(&target.name));
        if row.endpoint_id.is_none() && row.cpu_millis > 0 {
            let charge = Charge {
                key: format!("evaluation/{}", row.id),
                resource: CostResource::Evaluation,
                resource_id: row.id.to_string(),
                model_id: Some(target.model_id.0),
                model: Some(target.name),
                project: row.project.clone(),
                actor: row.run_by.clone(),
                usage,
                at: ctx.now(),
            };
            self.cost.record(ctx, vec![charge]).await?;
        }
        price.map(|price| encode(&price)).transpose()
    }

    async fn tokens(&self, ctx: &Ctx, id: EvaluationRunId) -> Result<BTreeMap<CostUsage, u64>> {
        use sea_orm::sea_query::{Expr, ExprTrait};
        let sum = |column: sample::Column| Expr::col(column).sum().cast_as("bigint");
        let select = sample::Entity::find()
            .select_only()
            .expr_as(sum(sample::Column::PromptTokens), "prompt")
            .expr_as(sum(sample::Column::CompletionTokens), "completion")
            .filter(sample::Column::RunId.eq(id.0));
        let tokens = select.into_model::<Tokens>().one(&self.store.conn(ctx)).await?;
        let count = |sum: Option<i64>| sum.unwrap_or_default().unsigned_abs();
        let tokens = tokens.map_or((0, 0), |tokens| (count(tokens.prompt), count(tokens.completion)));
        Ok(BTreeMap::from([(CostUsage::InputTokens, tokens.0), (CostUsage::OutputTokens, tokens.1)]))
    }

    /// Tells the catalog by which scores the model is known. A model that is gone needs none.
    async fn summarise(&self, ctx: &Ctx, row: &run::Model, metrics: &[MetricScore]) -> Result<()> {
        let values: Map<String, Value> = metrics.iter().map(|score| (score.name.clone(), json!(score.value))).collect();
        let summary = json!({
            "runId": row.id,
            "datasetId": row.dataset_id,
            "samples": row.done,
            "completedAt": ctx.now(),
            "metrics": values,
        });
        let summary = Map::from_iter([(row.dataset.clone(), summary)]);
        match self.catalog.set_evaluation_summary(ctx, ModelId(row.model_id), summary).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            told => told,
        }
    }
}
