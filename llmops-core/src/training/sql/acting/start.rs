//! Starting the work, and the run that records it.

use std::collections::BTreeMap;

use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::super::super::recipe::{self, Examples};
use super::super::super::rows::job;
use super::super::super::status::Stage;
use super::super::super::{JobFailureClass, JobProgress, JobStatus, TrainingJob};
use super::super::SqlTraining;
use super::super::jobs::{to_job, with_moment};
use super::super::plan::{base_path, usable};
use super::{Hand, NOW, on_behalf};
use crate::base::{Ctx, Error, ErrorKind, Result, crash_point};
use crate::catalog::{Catalog, GetModel};
use crate::compute::Work;
use crate::experiments::{CreateRun, RunId};
use crate::op::encode;
use crate::store::Next;

impl SqlTraining {
    /// Starts the work of this attempt; it starts once, however often it is asked for.
    pub(super) async fn start(&self, hand: Hand<'_>) -> Result<Next> {
        if hand.row.stopping.is_some() {
            return self.stopped_before_start(hand).await;
        }
        let job = to_job(hand.row.clone())?;
        let work = match self.work(hand, &job).await {
            Ok(work) => work,
            Err(error) if error.kind() == ErrorKind::NotFound || error.stable_code() == "model_changed" => {
                let message = "its base model is not what it was";
                return self.refuse(hand, JobFailureClass::Model, message, error.message()).await;
            }
            Err(error) => return Err(error),
        };
        crash_point("training.start.before", &job.name);
        let started = self.compute.start(&work).await;
        crash_point("training.start.after", &job.name);
        match started {
            Ok(()) => {}
            Err(error) if matches!(error.kind(), ErrorKind::Invalid | ErrorKind::Unsupported | ErrorKind::NotFound) => {
                let message = "its place refused to start it";
                return self.refuse(hand, JobFailureClass::Configuration, message, error.message()).await;
            }
            Err(error) => return Err(error),
        }
        self.write(hand, "training.start_job", |room, ctx, row| {
            Box::pin(async move { room.started(&ctx, &row).await })
        })
        .await?;
        Ok(NOW)
    }

    async fn work(&self, hand: Hand<'_>, job: &TrainingJob) -> Result<Work> {
        let row = hand.row;
        let missing = || Error::unexpected("a job has no examples to start with");
        let examples = Examples {
            digest: row.data_digest.clone().ok_or_else(missing)?,
            format: row.data_format.clone().ok_or_else(missing)?,
        };
        let Some(id) = job.model_id else { return recipe::work(job, &examples, None) };
        let model = self.catalog.get_model(hand.ctx, GetModel { model_id: id }).await?;
        let files = self.base_files(hand.ctx, id).await?;
        model.check_same_files(&files)?;
        let files = usable(files);
        let path = base_path(&files).filter(|_| model.digest == job.spec.model_digest);
        let changed = || {
            Error::conflict(format!("the files of model `{}` {} changed", model.name, model.version))
                .code("model_changed")
        };
        let path = path.ok_or_else(changed)?;
        recipe::work(job, &examples, Some((&files, &path)))
    }

    /// The row and the run of an attempt that was started.
    async fn started(&self, ctx: &Ctx, row: &job::Model) -> Result<()> {
        let job = to_job(row.clone())?;
        let run = match job.run_id {
            Some(run) => run,
            None => self.begin_run(ctx, row, &job).await?,
        };
        let reason = format!("attempt {} is training", row.attempt);
        let (now, steps) = (ctx.now(), job.estimate.steps);
        let change = job::ActiveModel {
            stage: Set(Stage::Following.name().to_owned()),
            status: Set(JobStatus::Running.name().to_owned()),
            status_reason: Set(reason.clone()),
            run_id: Set(Some(run.0)),
            started_at: Set(Some(row.started_at.unwrap_or(now.micros()))),
            attempt_at: Set(Some(now.micros())),
            progress: Set(Some(encode(&JobProgress { steps, ..JobProgress::default() })?)),
            timeline: Set(with_moment(row, now, JobStatus::Running, reason)),
            ..Default::default()
        };
        self.change(ctx, row, change).await?;
        ctx.touch("job", row.id, json!({ "from": row.status, "to": "running", "attempt": row.attempt, "run": run }));
        Ok(())
    }

    async fn begin_run(&self, ctx: &Ctx, row: &job::Model, job: &TrainingJob) -> Result<RunId> {
        let request = CreateRun {
            name: job.name.clone(),
            job_id: Some(job.id.0),
            params: recipe::params(job),
            tags: BTreeMap::from([("jobType".to_owned(), job.job_type.name().to_owned())]),
        };
        Ok(self.experiments.create(&on_behalf(ctx, row), request).await?.id)
    }
}
