//! Bringing the model that came out into the catalog: a draft with its lineage, then its files. Both are found again after a
//! crash, so neither comes twice.

use std::collections::BTreeSet;

use sea_orm::ActiveValue::Set;
use serde_json::{Map, Value, json};

use super::super::super::rows::job;
use super::super::super::{JobFailureClass, JobId, JobStatus, TrainingJob, recipe};
use super::super::SqlTraining;
use super::super::jobs::to_job;
use super::super::plan::output_type;
use super::{Hand, NOW, on_behalf};
use crate::base::{Ctx, ErrorKind, Result, crash_point};
use crate::catalog::{Catalog, CreateModel, GetModel, Lineage, ListModels, ModelId, UploadModelFiles};
use crate::compute::WorkId;
use crate::op::{Part, parts};
use crate::store::Next;

impl SqlTraining {
    /// Registers the model, one step at a time.
    pub(super) async fn register(&self, hand: Hand<'_>) -> Result<Next> {
        let job = to_job(hand.row.clone())?;
        let Some(model) = job.output_model_id else {
            self.create_model(hand, &job).await?;
            return Ok(NOW);
        };
        let work = recipe::work_id(job.id, job.attempt)?;
        match self.upload(hand, &work, model).await {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::TooLarge) => {
                let message = "the catalog refused its model";
                return self.refuse(hand, JobFailureClass::Code, message, error.message()).await;
            }
            Err(error) => return Err(error),
        }
        let reason = format!("its model is `{}` {}", hand.row.output_name, hand.row.output_version);
        self.write(hand, "training.finish_job", |room, ctx, row| {
            Box::pin(async move {
                let change = job::ActiveModel { failure: Set(None), ..Default::default() };
                room.end(&ctx, &row, (JobStatus::Succeeded, reason), change).await
            })
        })
        .await?;
        Ok(NOW)
    }

    /// The draft and its id in the job's row, together.
    async fn create_model(&self, hand: Hand<'_>, job: &TrainingJob) -> Result<()> {
        let as_submitter = on_behalf(hand.ctx, hand.row);
        let mut request = self.draft(&as_submitter, hand.row, job).await?;
        if self.is_taken(&as_submitter, &request).await? {
            // Somebody took the version while the job ran; the work is not lost for it.
            request.version = format!("{}-job.{}", request.version, job.id.0.simple());
        }
        self.write(hand, "training.register_model", move |room, ctx, row| {
            Box::pin(async move {
                let version = request.version.clone();
                let model = room.catalog.create_model(&on_behalf(&ctx, &row), request).await?;
                let change = job::ActiveModel {
                    output_model_id: Set(Some(model.id.0)),
                    output_version: Set(version),
                    ..Default::default()
                };
                room.change(&ctx, &row, change).await
            })
        })
        .await
    }

    async fn draft(&self, ctx: &Ctx, row: &job::Model, job: &TrainingJob) -> Result<CreateModel> {
        let mut metadata = Map::new();
        if let Some(base) = job.model_id {
            let base = self.catalog.get_model(ctx, GetModel { model_id: base }).await?;
            // What was made of a model stands under its license.
            metadata.extend(base.metadata.get("license").map(|license| ("license".to_owned(), license.clone())));
        }
        metadata.insert("training".to_owned(), provenance(row, job));
        Ok(CreateModel {
            name: row.output_name.clone(),
            version: row.output_version.clone(),
            model_type: output_type(job.job_type.begins_from_nothing()),
            model_family: job.spec.model_family.clone(),
            owner_team: None,
            metadata,
            tags: Vec::new(),
            lineage: Lineage {
                dataset_ids: vec![job.dataset_id.0],
                parent_model_id: job.model_id,
                training_job_id: Some(job.id.0),
            },
        })
    }

    async fn is_taken(&self, ctx: &Ctx, request: &CreateModel) -> Result<bool> {
        let same = ListModels {
            name: Some(request.name.clone()),
            model_type: Some(request.model_type),
            limit: Some(1000),
            ..ListModels::default()
        };
        let models = self.catalog.list_models(ctx, same).await?;
        Ok(models.items.iter().any(|model| model.version == request.version))
    }

    /// Brings the files that are not there yet.
    async fn upload(&self, hand: Hand<'_>, work: &WorkId, model: ModelId) -> Result<()> {
        let ctx = on_behalf(hand.ctx, hand.row);
        let there = self.base_files(&ctx, model).await?;
        let there: BTreeSet<&str> = there.iter().map(|file| file.path.as_str()).collect();
        for file in self.compute.outputs(work).await? {
            if there.contains(file.path.as_str()) {
                continue;
            }
            let body = self.compute.open_output(work, &file.path).await?;
            let request = UploadModelFiles { model_id: model, path: None, replace: None, sha256: None };
            crash_point("training.upload.before", &file.path);
            self.catalog.upload_model_files(&ctx, request, parts(vec![Part { name: file.path.clone(), body }])).await?;
            crash_point("training.upload.after", &file.path);
        }
        Ok(())
    }
}

/// How the model came about, for its card.
fn provenance(row: &job::Model, job: &TrainingJob) -> Value {
    json!({
        "jobId": JobId(row.id),
        "jobType": job.job_type,
        "method": job.spec.method,
        "hyperparams": job.spec.hyperparams,
        "lora": job.spec.lora,
        "modelDigest": job.spec.model_digest,
        "datasetDigest": job.spec.dataset_digest,
        "examplesDigest": row.data_digest,
        "runId": job.run_id,
    })
}
