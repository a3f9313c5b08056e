//! What the catalog is told of evaluations, as it is told by the room that makes them.

use async_trait::async_trait;
use serde_json::{Map, Value};

use super::{ModelId, RequiredEvaluation};
use crate::base::{Ctx, Id, Result};

/// Where a measurement stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MeasurementState {
    /// It goes on.
    Open,
    /// It has values.
    Succeeded,
    /// It ended without any.
    Failed,
}

/// One value of a measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct MeasuredValue {
    /// The metric, whatever the evaluation calls it.
    pub metric: String,
    /// All its options.
    pub options: Map<String, Value>,
    /// What was measured; nothing while it goes on.
    pub value: Option<f64>,
}

/// An evaluation of a model.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// The evaluation.
    pub run_id: Id,
    /// The digest of the model's files that answered.
    pub digest: Option<String>,
    /// The dataset version that it is over.
    pub dataset_id: Id,
    /// Its name and version, as `faq:1.0.0`.
    pub dataset: String,
    /// Where it stands.
    pub state: MeasurementState,
    /// Samples that got an answer.
    pub answered: u64,
    /// What is known against its values.
    pub warnings: Vec<String>,
    /// What it was asked to measure.
    pub values: Vec<MeasuredValue>,
}

/// Who knows how good models are.
#[async_trait]
pub trait Measurements: Send + Sync + 'static {
    /// The same requirement with the metric's own name and all its options.
    ///
    /// # Errors
    /// `invalid` or `not_found`, with a field below `place`, when nothing could meet it.
    async fn settle(&self, ctx: &Ctx, place: &str, required: RequiredEvaluation) -> Result<RequiredEvaluation>;

    /// The newest evaluations of a model of the caller's project, the newest first, without those that were cancelled and those
    /// of endpoints, which do not tell whose bytes answered. At most 500 are looked at.
    async fn of_model(&self, ctx: &Ctx, model: ModelId) -> Result<Vec<Measurement>>;

    /// The name and version of a dataset, as `faq:1.0.0`; nothing if it is gone.
    async fn dataset(&self, ctx: &Ctx, id: Id) -> Result<Option<String>>;
}
