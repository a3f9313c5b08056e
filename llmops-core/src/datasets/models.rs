//! What models learned from and how they cut texts, as this room is told by the one who puts the rooms together.

use std::collections::BTreeMap;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

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

/// A file of a model, whose bytes are in the same object store as those of datasets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelPart {
    /// Its SHA-256.
    pub digest: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// How a model cuts texts into tokens: the files that say it, where it has them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ModelTokenizer {
    /// The model's name and version, as `tiny:1.0.0`.
    pub name: String,
    /// Its `tokenizer.json`.
    pub tokenizer: Option<ModelPart>,
    /// Its `config.json`.
    pub config: Option<ModelPart>,
    /// Its `tokenizer_config.json`.
    pub settings: Option<ModelPart>,
}

/// Who knows models.
#[async_trait]
pub trait ModelData: Send + Sync + 'static {
    /// What each of these models of the caller's project learned from, in as many reads as it has generations, however
    /// many models are asked for. A model that is not there is not in the answer.
    async fn learned_from(&self, ctx: &Ctx, models: &[Id]) -> Result<BTreeMap<Id, LearnedFrom>>;

    /// How a model of the caller's project cuts texts; `None` if there is no such model. Nothing is read but the record.
    async fn tokenizer_of(&self, ctx: &Ctx, model: Id) -> Result<Option<ModelTokenizer>>;
}
