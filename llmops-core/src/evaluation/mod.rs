//! Evaluation: how good models are.

pub mod metric;
mod score;

pub use score::{MAX_METRICS, MAX_PAIRS, MetricScore, MetricSpec, SampleScores, ScoreReport, ScoreRequest, score};

#[cfg(test)]
mod tests;
