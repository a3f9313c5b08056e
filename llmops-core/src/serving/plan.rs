//! What runs for a replica: from the model's files to the work.

use std::collections::BTreeMap;

use super::supervise::Replica;
use super::{EndpointFile, EndpointId, EndpointLimits, EndpointPlan};
use crate::base::{Error, Result, Secret};
use crate::catalog::{FileState, Model, ModelFile};
use crate::compute::{Input, Program, Resources, Work};

/// The label that finds the work of an endpoint.
pub(super) const LABEL: &str = "endpoint";
/// Where a replica writes its address.
const ADDRESS_FILE: &str = "address";
/// The variable that holds the key between the gateway and a replica.
const KEY: &str = "LLMOPS_SERVE_KEY";
/// Thousandths of a core for each replica.
const CPU_MILLIS: u32 = 1000;

impl EndpointPlan {
    /// What runs for this model within these limits.
    ///
    /// # Errors
    /// `conflict` when no file of the model can be served.
    pub(super) fn new(model: &Model, files: &[ModelFile], limits: &EndpointLimits) -> Result<Self> {
        let usable: Vec<&ModelFile> = files.iter().filter(|file| file.state == FileState::Verified).collect();
        let is_folder = usable.iter().any(|file| file.path == "config.json")
            && usable.iter().any(|file| file.format == "safetensors");
        let packed = usable.iter().find(|file| file.format == "gguf");
        let (entry, brought) = match packed {
            _ if is_folder => {
                ("model".to_owned(), usable.iter().filter(|file| file.format != "gguf").copied().collect())
            }
            Some(file) => (format!("model/{}", file.path), vec![*file]),
            None => {
                return Err(Error::conflict(format!(
                    "model `{}` {} has no weights to serve",
                    model.name, model.version
                ))
                .code("model_without_files")
                .field("modelId")
                .hint("upload config.json with safetensors weights, or one gguf file"));
            }
        };
        let brought = brought.into_iter().map(|file| EndpointFile {
            path: format!("model/{}", file.path),
            sha256: file.sha256.clone(),
            bytes: file.bytes,
        });
        Ok(Self {
            model_digest: model.digest.clone().unwrap_or_default(),
            files: brought.collect(),
            arguments: arguments(&entry, &model.name, limits),
            cpu_millis: CPU_MILLIS,
        })
    }

    /// The same within other limits.
    pub(super) fn within(mut self, limits: &EndpointLimits) -> Self {
        let batch = self.arguments.iter().position(|argument| argument == "--max-batch");
        if let Some(value) = batch.and_then(|at| self.arguments.get_mut(at + 1)) {
            *value = limits.max_concurrent_requests.to_string();
        }
        self
    }

    /// The work of one replica.
    pub(super) fn work(&self, endpoint: EndpointId, replica: &Replica, key: Secret) -> Result<Work> {
        let id = replica.work(endpoint)?;
        let inputs = self.files.iter().map(|file| Input { path: file.path.clone(), digest: file.sha256.clone() });
        let labels = [
            ("room".to_owned(), "serving".to_owned()),
            (LABEL.to_owned(), endpoint.to_string()),
            ("revision".to_owned(), replica.revision.to_string()),
        ];
        Ok(Work {
            environment: BTreeMap::from([(KEY.to_owned(), key)]),
            inputs: inputs.collect(),
            resources: Resources { cpu_millis: self.cpu_millis, ..Resources::default() },
            labels: BTreeMap::from(labels),
            ..Work::service(id, Program::Runtime(self.arguments.clone()), ADDRESS_FILE)
        })
    }
}

fn arguments(entry: &str, name: &str, limits: &EndpointLimits) -> Vec<String> {
    let batch = limits.max_concurrent_requests.to_string();
    let words = [
        "serve",
        "--model",
        entry,
        "--name",
        name,
        "--listen",
        "127.0.0.1:0",
        "--addr-file",
        ADDRESS_FILE,
        "--api-key-env",
        KEY,
        "--threads",
        "1",
        "--max-batch",
        &batch,
    ];
    words.map(str::to_owned).to_vec()
}
