//! How good models are: answers to the samples of a dataset, scored, recorded and compared. Rank 6.
//!
//! A model that is not deployed answers in a process of its own; an endpoint is asked through the gateway. Either way
//! each answer is recorded before the next step, so an evaluation that is cut short goes on where it was.

mod asking;
mod describe;
mod examples;
pub mod metric;
mod plan;
mod recipe;
mod rows;
mod score;
mod scoring;
mod sql;
mod status;
#[cfg(test)]
mod tests;
mod through;
mod types;
mod verdict;

pub use asking::{Answer, Answering, EvaluationTarget, Message, Question};
pub use score::{MAX_METRICS, MAX_PAIRS, MetricScore, MetricSpec, SampleScores, ScoreReport, ScoreRequest, score};
pub use sql::{EvaluationParts, EvaluationUses, Evaluations, SqlEvaluation};
pub use through::ThroughGateway;
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::{Download, service};

service! {
    /// How good models are: answers to the samples of a dataset, scored, recorded and compared.
    pub trait Evaluation as evaluation {
        /// Starts an evaluation of a model or an endpoint over an approved dataset version. Follow it with `watch_run`.
        #[op(unary POST "/evaluation/runs", Write("evaluation:run"))]
        async fn start_run(&self, ctx: &Ctx, req: StartEvaluation) -> Result<EvaluationRun>;

        /// Lists evaluations, newest first.
        #[op(unary GET "/evaluation/runs", Read("evaluation:read"))]
        async fn list_runs(&self, ctx: &Ctx, req: ListEvaluations) -> Result<Page<EvaluationRun>>;

        /// Compares evaluations over the same samples: values side by side, and whether their differences are chance.
        #[op(unary GET "/evaluation/runs/compare", Read("evaluation:read"))]
        async fn compare_runs(&self, ctx: &Ctx, req: CompareEvaluations) -> Result<EvaluationComparison>;

        /// Reads one evaluation.
        #[op(unary GET "/evaluation/runs/{runId}", Read("evaluation:read"))]
        async fn get_run(&self, ctx: &Ctx, req: GetEvaluation) -> Result<EvaluationRun>;

        /// Ends an evaluation. One that has ended stays as it is.
        #[op(unary DELETE "/evaluation/runs/{runId}", Write("evaluation:run"))]
        async fn cancel_run(&self, ctx: &Ctx, req: CancelEvaluation) -> Result<EvaluationRun>;

        /// Follows an evaluation: its present state, then each change until it has ended.
        #[op(stream GET "/evaluation/runs/{runId}/events", Read("evaluation:read"))]
        async fn watch_run(&self, ctx: &Ctx, req: GetEvaluation) -> Result<EvaluationRun>;

        /// Lists the samples of an evaluation with their answers and scores.
        #[op(unary GET "/evaluation/runs/{runId}/samples", Read("evaluation:read"))]
        async fn list_samples(&self, ctx: &Ctx, req: ListEvaluationSamples) -> Result<Page<EvaluationSample>>;

        /// Sends an evaluation with all its samples as JSON, or its samples as CSV.
        #[op(download GET "/evaluation/runs/{runId}/export", Read("evaluation:read"))]
        async fn export_run(&self, ctx: &Ctx, req: ExportEvaluation) -> Result<Download>;

        /// Lists the metrics that can be computed, with their options.
        #[op(unary GET "/evaluation/metrics", Read("evaluation:read"))]
        async fn list_metrics(&self, ctx: &Ctx, req: ListEvaluationMetrics) -> Result<EvaluationMetrics>;

        /// Scores answers that exist already. No model is asked.
        #[op(unary POST "/evaluation/score", Read("evaluation:read"))]
        async fn score(&self, ctx: &Ctx, req: ScoreRequest) -> Result<ScoreReport>;
    }
}
