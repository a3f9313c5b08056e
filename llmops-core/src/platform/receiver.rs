//! Who takes the files of this machine: a model or a dataset, by which operations, and with which words about them.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::base::{Id, Result};
use crate::catalog::{ModelFile, ModelId};
use crate::datasets::{DataFormat, DatasetFile, DatasetId};
use crate::op::{decode, encode};

/// The operations that take the files of a kind of things.
#[derive(Debug)]
pub struct Taking {
    /// The field of the thing's id.
    pub(super) field: &'static str,
    pub(super) whole: &'static str,
    pub(super) list: &'static str,
    pub(super) create: &'static str,
    pub(super) get: &'static str,
    pub(super) part: &'static str,
    pub(super) complete: &'static str,
}

const OF_MODELS: Taking = Taking {
    field: "modelId",
    whole: "catalog.upload_model_files",
    list: "catalog.list_model_uploads",
    create: "catalog.create_model_upload",
    get: "catalog.get_model_upload",
    part: "catalog.upload_model_part",
    complete: "catalog.complete_model_upload",
};
const OF_DATASETS: Taking = Taking {
    field: "datasetId",
    whole: "datasets.upload_dataset_files",
    list: "datasets.list_dataset_uploads",
    create: "datasets.create_dataset_upload",
    get: "datasets.get_dataset_upload",
    part: "datasets.upload_dataset_part",
    complete: "datasets.complete_dataset_upload",
};

/// Whose files they are to be: a model's by its id, or those of [`ToDataset`].
pub trait Receiver: Send + Sync {
    /// One of its files.
    type File: DeserializeOwned + Send;

    /// How it takes them.
    fn taking(&self) -> &'static Taking;

    /// Its id.
    fn id(&self) -> Id;

    /// What is said of each file that goes to it, field by field.
    ///
    /// # Errors
    /// None that a caller could mend.
    fn said(&self) -> Result<Value> {
        Ok(json!({}))
    }
}

impl Receiver for ModelId {
    type File = ModelFile;

    fn taking(&self) -> &'static Taking {
        &OF_MODELS
    }

    fn id(&self) -> Id {
        self.0
    }
}

/// A dataset that files go to, and how they are written; what is not said is found out.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ToDataset {
    /// Whose files.
    #[serde(skip_serializing)]
    pub dataset_id: DatasetId,
    /// Their format, when the paths' endings do not tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<DataFormat>,
    /// What separates the values of tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<String>,
    /// Whether the first record of tables names their columns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// What the texts are written in, when it is not UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub encoding: Option<String>,
}

impl ToDataset {
    /// This dataset, whose files say themselves how they are written.
    pub fn new(dataset_id: DatasetId) -> Self {
        Self { dataset_id, format: None, delimiter: None, header: None, encoding: None }
    }
}

impl Receiver for ToDataset {
    type File = DatasetFile;

    fn taking(&self) -> &'static Taking {
        &OF_DATASETS
    }

    fn id(&self) -> Id {
        self.dataset_id.0
    }

    fn said(&self) -> Result<Value> {
        encode(self)
    }
}

/// Either of them, as a door in another language names it; its files are JSON.
#[derive(Debug, Clone)]
pub enum To {
    /// `{"modelId": ..}`
    Model(ModelId),
    /// `{"datasetId": .., "encoding": ..}`
    Dataset(ToDataset),
}

impl To {
    /// Reads which is meant.
    ///
    /// # Errors
    /// `invalid` when it is neither.
    pub fn parse(said: Value) -> Result<Self> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct ToModel {
            model_id: ModelId,
        }
        match said.get("datasetId") {
            Some(_) => decode(said).map(Self::Dataset),
            None => decode(said).map(|ToModel { model_id }| Self::Model(model_id)),
        }
    }
}

impl Receiver for To {
    type File = Value;

    fn taking(&self) -> &'static Taking {
        match self {
            Self::Model(of) => of.taking(),
            Self::Dataset(of) => of.taking(),
        }
    }

    fn id(&self) -> Id {
        match self {
            Self::Model(of) => of.id(),
            Self::Dataset(of) => of.id(),
        }
    }

    fn said(&self) -> Result<Value> {
        match self {
            Self::Model(of) => of.said(),
            Self::Dataset(of) => of.said(),
        }
    }
}
