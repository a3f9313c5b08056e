//! What models learned from, as this room is told by the one who puts the rooms together.

use std::collections::BTreeMap;

use async_trait::async_trait;

use super::DatasetId;
use crate::base::{Ctx, Id, Result};

/// What a model, and the models it was tuned from, learned from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LearnedFrom {
    /// The model's name and version, as `tiny:1.0.0`.
    pub name: String,
    /// The dataset versions, with the digests of what jobs read of them, where jobs are known. A dataset may be deleted since.
    pub datasets: BTreeMap<DatasetId, Vec<String>>,
    /// Whether it comes from a model that is deleted, or from more than are followed.
    pub truncated: bool,
}

/// Who knows what models learned from.
#[async_trait]
pub trait ModelData: Send + Sync + 'static {
    /// What each of these models of the caller's project learned from, in as many reads as it has generations, however
    /// many models are asked for. A model that is not there is not in the answer.
    async fn learned_from(&self, ctx: &Ctx, models: &[Id]) -> Result<BTreeMap<Id, LearnedFrom>>;
}
