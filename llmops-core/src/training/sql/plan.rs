//! Making a plan of a request: everything it names is looked up, checked and settled. Nothing is written.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::super::estimate::{Amount, estimate};
use super::super::rows::job;
use super::super::shape::Shape;
use super::super::{JobEstimate, JobStatus, SubmitJob, TrainingMethod, TrainingOutput, TrainingSpec, rules};
use super::SqlTraining;
use super::ending::cpu;
use crate::base::{Ctx, Error, ErrorKind, Result};
use crate::catalog::{
    Catalog, FileState, GetModel, ListModelFiles, ListModels, Model, ModelFile, ModelId, ModelStatus, ModelType,
};
use crate::datasets::{DatasetType, ExampleForm};

/// The largest `config.json` that is read.
const CONFIG_BYTES: u64 = 1 << 20;
/// The most models and jobs of one name that are looked at for a free version.
const VERSIONS: u32 = 1000;

/// Bytes of a weight in a file whose sizes cannot be read: the least, so that memory is not taken for smaller than it is.
const BYTES_OF_A_WEIGHT: u64 = 2;

/// A job as it would be.
pub(super) struct Plan {
    pub name: String,
    pub spec: TrainingSpec,
    pub estimate: JobEstimate,
}

/// A base model that may be trained further.
struct Base {
    model: Model,
    weights: u64,
    shape: Option<Shape>,
}

impl SqlTraining {
    pub(super) async fn plan(&self, ctx: &Ctx, req: &SubmitJob) -> Result<Plan> {
        rules::check(req)?;
        let use_gpu = self.check_machine(req)?;
        let base = match req.model_id {
            Some(id) => Some(self.base(ctx, id, req.model_family.as_deref()).await?),
            None => None,
        };
        let (dataset, form) = self.data(ctx, req).await?;
        let asked = req.architecture.as_ref().map(Shape::asked);
        let shape = asked.or(base.as_ref().and_then(|base| base.shape));
        let amount = Amount { rows: dataset.rows, bytes: dataset.bytes, running_text: form == ExampleForm::Text };
        let name = req.name.clone().unwrap_or_else(|| default_name(req, &dataset.name));
        let family = base.as_ref().map(|base| base.model.model_family.clone()).or(req.model_family.clone());
        let spec = TrainingSpec {
            model_family: family.unwrap_or_else(|| "llama".to_owned()),
            method: req.method.unwrap_or(TrainingMethod::Full),
            model_digest: base.as_ref().and_then(|base| base.model.digest.clone()),
            dataset_digest: dataset.digest.unwrap_or_default(),
            lora: rules::lora(req),
            architecture: req.architecture.clone(),
            hyperparams: rules::hyperparams(req, shape.as_ref(), amount)?,
            output: self.output(ctx, req, &name).await?,
            evaluation: req.evaluation.clone(),
            checkpoint_every: req.checkpoint_every.unwrap_or(50),
            cpu_millis: rules::cpu_millis(req),
            retry_policy: rules::retries(req),
            max_duration_seconds: rules::duration(req),
            use_gpu,
            priority: req.priority.unwrap_or_default(),
        };
        let weights = base.map_or(0, |base| base.weights);
        let shape = shape.unwrap_or_else(|| Shape::like(weights / BYTES_OF_A_WEIGHT));
        let mut estimate = estimate(&spec, &shape, amount);
        estimate.cost = self.cost.price(&cpu((estimate.cpu_seconds * 1000.0) as i64), None);
        self.check_memory(&estimate)?;
        Ok(Plan { name, spec, estimate })
    }

    /// Refuses what this machine cannot do; says whether a GPU is used.
    fn check_machine(&self, req: &SubmitJob) -> Result<bool> {
        let here = self.compute.capability();
        if !here.runtime {
            return Err(Error::new(ErrorKind::Unsupported, "this platform has no runtime to train with")
                .code("no_runtime")
                .hint("name it with `runtime_command` of the builder or LLMOPS_RUNTIME_BIN"));
        }
        let (wanted, fallback) = (req.use_gpu.unwrap_or(false), req.gpu_fallback.unwrap_or(false));
        let gpu = here.gpus > 0 && wanted;
        if req.method == Some(TrainingMethod::Qlora) && !gpu {
            return Err(Error::invalid("method", "must not be `qlora` without a GPU")
                .code("gpu_missing")
                .hint("use `lora`, which trains on the CPU too"));
        }
        if wanted && !gpu && !fallback {
            return Err(Error::invalid("useGpu", "must be false here: this machine has no GPU")
                .code("gpu_missing")
                .hint("leave it out, or allow the CPU with `gpuFallback`"));
        }
        self.scheduler.check(rules::cpu_millis(req))?;
        Ok(gpu)
    }

    fn check_memory(&self, estimate: &JobEstimate) -> Result<()> {
        let there = self.compute.capability().memory_bytes;
        if there == 0 || estimate.memory_bytes <= there {
            return Ok(());
        }
        let mib = |bytes: u64| bytes >> 20;
        let rule = format!("asks for about {} MiB of memory, and there are {}", mib(estimate.memory_bytes), mib(there));
        Err(Error::invalid("hyperparams.batchSize", rule)
            .code("too_much_memory")
            .hint("halve the batch or `maxSeqLen`; or train less, by `lora` or a smaller `architecture`"))
    }

    async fn base(&self, ctx: &Ctx, id: ModelId, family: Option<&str>) -> Result<Base> {
        let found = self.catalog.get_model(ctx, GetModel { model_id: id }).await;
        let model = found.map_err(|error| error.field("modelId").hint("take an approved model of the catalog"))?;
        if model.status != ModelStatus::Approved {
            let status = model.status.name();
            return Err(Error::conflict(format!(
                "model `{}` {} is {status} and not approved",
                model.name, model.version
            ))
            .code("not_approved")
            .field("modelId")
            .hint("have it reviewed first"));
        }
        rules::check_family("modelId", &model.model_family)?;
        if family.is_some_and(|family| family != model.model_family) {
            return Err(Error::invalid("modelFamily", format!("must be the base model's, {}", model.model_family))
                .hint("leave it out"));
        }
        let all = self.base_files(ctx, id).await?;
        model.check_same_files(&all)?;
        let files = usable(all);
        if base_path(&files).is_none() {
            return Err(Error::conflict(format!("model `{}` {} has no weights to train", model.name, model.version))
                .code("files_missing")
                .field("modelId")
                .hint("it needs config.json and tokenizer.json with safetensors weights, or one gguf file"));
        }
        let weights = files.iter().filter(|file| is_weights(file)).map(|file| file.bytes).sum();
        let shape = self.base_shape(&files).await;
        Ok(Base { model, weights, shape })
    }

    /// Every file of a model.
    pub(super) async fn base_files(&self, ctx: &Ctx, id: ModelId) -> Result<Vec<ModelFile>> {
        let (mut files, mut cursor) = (Vec::new(), None);
        loop {
            let request = ListModelFiles { model_id: id, limit: Some(VERSIONS), cursor };
            let page = self.catalog.list_model_files(ctx, request).await?;
            files.extend(page.items);
            cursor = page.page.next_cursor;
            if cursor.is_none() {
                return Ok(files);
            }
        }
    }

    /// The shape that the base model states. Read only where that is reading a file of this machine: this runs inside a
    /// transaction, which waits for no network.
    async fn base_shape(&self, files: &[ModelFile]) -> Option<Shape> {
        let config = files.iter().find(|file| file.path == "config.json")?;
        self.blobs.local_file(&config.sha256)?;
        Shape::read(&self.blobs.read(&config.sha256, CONFIG_BYTES).await.ok()?)
    }

    async fn data(&self, ctx: &Ctx, req: &SubmitJob) -> Result<(crate::datasets::Dataset, ExampleForm)> {
        let found = self.datasets.source(ctx, req.dataset_id).await;
        let source = found.map_err(|error| error.field("datasetId").hint("take an approved dataset of the catalog"))?;
        let (wanted, kind) = match req.job_type.begins_from_nothing() {
            true => (DatasetType::PretrainCorpus, req.job_type.name()),
            false => (DatasetType::SftPair, req.job_type.name()),
        };
        let dataset = &source.dataset;
        if dataset.dataset_type != wanted {
            let (wanted, is) = (wanted.name(), dataset.dataset_type.name());
            return Err(Error::invalid("datasetId", format!("must be of type {wanted} for {kind}, not {is}"))
                .code("dataset_type")
                .hint(format!("take a dataset of type {wanted}, or another job type")));
        }
        source.check_usable()?;
        Ok((source.dataset.clone(), source.form))
    }

    /// What comes out, under a version that is free.
    async fn output(&self, ctx: &Ctx, req: &SubmitJob, name: &str) -> Result<TrainingOutput> {
        let name = req.output.name.clone().unwrap_or_else(|| name.to_owned());
        let taken = self.taken_versions(ctx, req, &name).await?;
        let version = match &req.output.version {
            Some(version) if taken.contains(version) => {
                return Err(Error::conflict(format!("model `{name}` {version} exists, or a job is making it"))
                    .code("model_exists")
                    .field("output.version")
                    .hint("use a new version, or leave it out"));
            }
            Some(version) => version.clone(),
            None => {
                let majors = taken.iter().filter_map(|version| version.split('.').next()?.parse::<u64>().ok());
                format!("{}.0.0", majors.max().map_or(1, |major| major.saturating_add(1)))
            }
        };
        Ok(TrainingOutput { name: Some(name), version: Some(version) })
    }

    async fn taken_versions(&self, ctx: &Ctx, req: &SubmitJob, name: &str) -> Result<Vec<String>> {
        let request = ListModels {
            name: Some(name.to_owned()),
            model_type: Some(output_type(req.job_type.begins_from_nothing())),
            limit: Some(VERSIONS),
            ..ListModels::default()
        };
        let models = self.catalog.list_models(ctx, request).await?;
        let open = [JobStatus::Queued.name(), JobStatus::Running.name()];
        let being_made = job::Entity::find()
            .select_only()
            .column(job::Column::OutputVersion)
            .filter(job::Column::Project.eq(ctx.project()))
            .filter(job::Column::OutputName.eq(name))
            .filter(job::Column::Status.is_in(open))
            .limit(u64::from(VERSIONS));
        let mut taken: Vec<String> = being_made.into_tuple().all(&self.store.conn(ctx)).await?;
        taken.extend(models.items.into_iter().map(|model| model.version));
        Ok(taken)
    }
}

/// The type of the model that comes out.
pub(super) fn output_type(from_nothing: bool) -> ModelType {
    if from_nothing { ModelType::Base } else { ModelType::FineTuned }
}

/// Those files of a model that may be used.
pub(super) fn usable(files: Vec<ModelFile>) -> Vec<ModelFile> {
    files.into_iter().filter(|file| file.state == FileState::Verified).collect()
}

fn is_weights(file: &ModelFile) -> bool {
    matches!(file.format.as_str(), "safetensors" | "gguf") && !file.path.contains('/')
}

/// Where the runtime finds the base model among its inputs: a folder of Hugging Face's layout, or one GGUF file.
pub(super) fn base_path(files: &[ModelFile]) -> Option<String> {
    let has = |path: &str| files.iter().any(|file| file.path == path);
    let safetensors = files.iter().any(|file| is_weights(file) && file.format == "safetensors");
    if has("config.json") && has("tokenizer.json") && safetensors {
        return Some("base".to_owned());
    }
    let mut gguf = files.iter().filter(|file| file.format == "gguf");
    match (gguf.next(), gguf.next()) {
        (Some(one), None) => Some(format!("base/{}", one.path)),
        _ => None,
    }
}

fn default_name(req: &SubmitJob, dataset: &str) -> String {
    let name: String = format!("{}-{dataset}", req.job_type.name().replace('_', "-")).chars().take(120).collect();
    name.trim_end_matches(['.', '/', '-']).to_owned()
}
