//! Accepting an evaluation: everything it names is looked up and checked, then its row is written.

use sea_orm::{EntityTrait, IntoActiveModel};
use serde_json::json;

use super::super::plan::{self, MOST, Spec};
use super::super::rows::run;
use super::super::status::Stage;
use super::super::{EvaluationRun, EvaluationRunId, EvaluationStatus, EvaluationTarget, StartEvaluation, recipe};
use super::acting::PREPARING;
use super::{SqlEvaluation, topic, wakes};
use crate::base::{Ctx, Error, ErrorKind, Limits, Result, Timestamp, check_text};
use crate::catalog::{Catalog, GetModel, ListModelFiles, ModelFile, ModelId};
use crate::datasets::{DatasetSource, ExampleForm};
use crate::op::encode;
use crate::scheduling::{Owner, Reserve};
use crate::store::Named;

impl SqlEvaluation {
    pub(super) async fn start(&self, ctx: &Ctx, req: StartEvaluation) -> Result<EvaluationRun> {
        let spec = plan::settle(&req)?;
        let found = self.datasets.source(ctx, req.dataset_id).await;
        let source = found.map_err(|error| error.field("datasetId").hint("take an approved dataset of the catalog"))?;
        let target = self.target(ctx, &req).await?;
        check_source(&source, &spec)?;
        plan::check_suits(&spec.metrics, source.form, req.endpoint_id.is_some())?;
        let row = row(ctx, &req, (&spec, &target), &source)?;
        let id = EvaluationRunId(row.id);
        run::Entity::insert(row.clone().into_active_model()).exec_without_returning(&self.store.conn(ctx)).await?;
        Named::Evaluations.add(&self.store, ctx, (&row.project, &row.name, row.id)).await?;
        if req.endpoint_id.is_none() {
            let cores = Reserve { owner: owner(id), cpu_millis: recipe::CPU_MILLIS, priority: 0, since: ctx.now() };
            self.scheduler.reserve(ctx, cores).await?;
        }
        ctx.touch(
            "evaluation",
            id,
            json!({ "name": row.name, "model": target.label(), "dataset": row.dataset, "digest": row.dataset_digest }),
        );
        ctx.signal(wakes(id));
        ctx.signal(topic(id));
        self.get(ctx, id).await
    }

    async fn target(&self, ctx: &Ctx, req: &StartEvaluation) -> Result<EvaluationTarget> {
        if let Some(endpoint) = req.endpoint_id {
            return self.answering.find(ctx, endpoint).await.map_err(|error| error.field("endpointId"));
        }
        let missing =
            || Error::invalid("modelId", "must be given").hint("name the model, or the endpoint that serves it");
        let id = req.model_id.ok_or_else(missing)?;
        let model = self.catalog.get_model(ctx, GetModel { model_id: id }).await;
        let model = model.map_err(|error| error.field("modelId").hint("take a model of the catalog"))?;
        if !self.compute.capability().runtime {
            return Err(Error::new(ErrorKind::Unsupported, "this platform has no runtime to evaluate models with")
                .code("no_runtime")
                .hint("name it with `runtime_command` of the builder or LLMOPS_RUNTIME_BIN"));
        }
        let files = self.model_files(ctx, id).await?;
        model.check_same_files(&files)?;
        let target = EvaluationTarget {
            model_id: id,
            name: model.name,
            version: model.version,
            digest: model.digest,
            route: None,
        };
        recipe::check_files(&target.label(), &files)?;
        Ok(target)
    }

    /// What its process asks for.
    pub(super) fn cores(&self, id: EvaluationRunId, since: Timestamp) -> Reserve {
        let cpu_millis = recipe::CPU_MILLIS.min(self.scheduler.site().cpu_millis);
        Reserve { owner: owner(id), cpu_millis, priority: 0, since }
    }

    /// Every file of a model.
    pub(super) async fn model_files(&self, ctx: &Ctx, id: ModelId) -> Result<Vec<ModelFile>> {
        let (mut files, mut cursor) = (Vec::new(), None);
        loop {
            let request = ListModelFiles { model_id: id, limit: Some(Limits::PAGE), cursor };
            let page = self.catalog.list_model_files(ctx, request).await?;
            files.extend(page.items);
            cursor = page.page.next_cursor;
            if cursor.is_none() {
                return Ok(files);
            }
        }
    }
}

/// Whose reservation it is.
pub(super) fn owner(id: EvaluationRunId) -> Owner {
    Owner::new("evaluation", id.0)
}

fn check_source(source: &DatasetSource, spec: &Spec) -> Result<()> {
    source.check_usable()?;
    let unnamed =
        source.form == ExampleForm::Parts && source.columns.answer.is_none() && source.columns.chosen.is_none();
    if unnamed {
        return Err(Error::conflict("the dataset says neither what is asked nor what is right")
            .code("columns_missing")
            .field("datasetId")
            .hint("map `prompt` and `response`, or `text`, with `columns` in a new version"));
    }
    let rows = source.dataset.rows;
    if spec.limit.is_none() && rows > MOST {
        return Err(Error::invalid("limit", format!("must be given: the dataset has {rows} rows"))
            .hint(format!("an evaluation takes at most {MOST} samples")));
    }
    Ok(())
}

fn row(
    ctx: &Ctx,
    req: &StartEvaluation,
    (spec, target): (&Spec, &EvaluationTarget),
    source: &DatasetSource,
) -> Result<run::Model> {
    let dataset = &source.dataset;
    let name = match &req.name {
        Some(name) => {
            check_text("name", name, Limits::NAME_CHARS)?;
            name.clone()
        }
        None => format!("{} over {}", target.label(), dataset.name).chars().take(Limits::NAME_CHARS).collect(),
    };
    let digest = dataset.digest.clone();
    let (stage, reason) = match req.endpoint_id {
        Some(_) => (Stage::Preparing, PREPARING),
        None => (Stage::Waiting, "waiting for its turn"),
    };
    Ok(run::Model {
        id: ctx.new_id(),
        project: ctx.project().to_owned(),
        name,
        model_id: target.model_id.0,
        endpoint_id: req.endpoint_id.map(|id| id.0),
        target: encode(target)?,
        dataset_id: dataset.id.0,
        dataset: format!("{}:{}", dataset.name, dataset.version),
        dataset_digest: digest.ok_or_else(|| Error::unexpected("an approved dataset has no digest"))?,
        form: source.form.name().to_owned(),
        status: EvaluationStatus::Queued.name().to_owned(),
        status_reason: reason.to_owned(),
        stage: stage.name().to_owned(),
        stopping: false,
        spec: encode(spec)?,
        data_digest: None,
        place: None,
        attempt: 0,
        events_read: 0,
        fault: String::new(),
        setbacks: 0,
        total: 0,
        done: 0,
        failed: 0,
        scores: json!([]),
        cpu_millis: 0,
        cost: None,
        run_by: ctx.caller.actor.clone(),
        created_at: ctx.now().micros(),
        started_at: None,
        completed_at: None,
        revision: 1,
    })
}
