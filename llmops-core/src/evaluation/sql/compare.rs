//! Comparing evaluations over the same samples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::super::metric::{Metric, SEED, paired_bootstrap};
use super::super::scoring::statistics;
use super::super::{
    CompareEvaluations, ComparedMetric, EvaluationComparison, EvaluationDifference, EvaluationRun, EvaluationRunId,
    EvaluationStatus, MetricSpec,
};
use super::runs::stored;
use super::{SqlEvaluation, off_thread};
use crate::base::{Ctx, Error, Result};

const COMPARED: usize = 8;

/// The rows of sums of one evaluation, by metric, in the order of its samples; empty where a metric has none.
struct Sums {
    numbers: Vec<i64>,
    by_metric: BTreeMap<String, Vec<Vec<f64>>>,
}

impl SqlEvaluation {
    pub(super) async fn compare(&self, ctx: &Ctx, req: CompareEvaluations) -> Result<EvaluationComparison> {
        let distinct: BTreeSet<EvaluationRunId> = req.run_ids.iter().copied().collect();
        if distinct.len() != req.run_ids.len() || !(2..=COMPARED).contains(&distinct.len()) {
            return Err(Error::invalid("runIds", format!("must be 2 to {COMPARED} different evaluations"))
                .hint("name each once"));
        }
        let mut runs = Vec::with_capacity(req.run_ids.len());
        for id in &req.run_ids {
            runs.push(self.get(ctx, *id).await.map_err(|error| error.field("runIds"))?);
        }
        check_comparable(&runs)?;
        let mut sums = Vec::with_capacity(runs.len());
        for run in &runs {
            sums.push(self.sums(ctx, run).await?);
        }
        check_same_samples(&runs, &sums)?;
        off_thread(move || compared(runs, sums)).await
    }

    async fn sums(&self, ctx: &Ctx, run: &EvaluationRun) -> Result<Sums> {
        let labels: Vec<&str> = run.requested_metrics.iter().map(MetricSpec::label).collect();
        let by_metric = labels.iter().map(|label| ((*label).to_owned(), Vec::new())).collect();
        let mut all = Sums { numbers: Vec::new(), by_metric };
        let mut after = -1;
        loop {
            let rows = self.batch(ctx, run.id, after).await?;
            let Some(last) = rows.last() else { return Ok(all) };
            after = last.number;
            for row in rows {
                let mut sums: BTreeMap<String, Vec<f64>> = stored(row.sums)?;
                all.numbers.push(row.number);
                for (label, rows) in &mut all.by_metric {
                    rows.push(sums.remove(label).unwrap_or_default());
                }
            }
        }
    }
}

fn check_comparable(runs: &[EvaluationRun]) -> Result<()> {
    if let Some(open) = runs.iter().find(|run| run.status != EvaluationStatus::Succeeded) {
        return Err(Error::conflict(format!("evaluation `{}` is {} and has no scores", open.name, open.status.name()))
            .code("evaluation_not_done")
            .field("runIds")
            .hint("compare evaluations that succeeded"));
    }
    let digests: BTreeSet<&str> = runs.iter().map(|run| run.dataset_digest.as_str()).collect();
    if digests.len() == 1 {
        return Ok(());
    }
    let of =
        |run: &EvaluationRun| json!({ "runId": run.id, "dataset": run.dataset, "datasetDigest": run.dataset_digest });
    Err(Error::conflict("the evaluations are not over the same data")
        .code("datasets_differ")
        .field("runIds")
        .details(json!({ "runs": runs.iter().map(of).collect::<Vec<Value>>() }))
        .hint("compare evaluations over the same version of a dataset"))
}

fn check_same_samples(runs: &[EvaluationRun], sums: &[Sums]) -> Result<()> {
    if sums.windows(2).all(|pair| pair[0].numbers == pair[1].numbers) {
        return Ok(());
    }
    let of = |(run, sums): (&EvaluationRun, &Sums)| json!({ "runId": run.id, "samples": sums.numbers.len(), "limit": run.limit });
    Err(Error::conflict("the evaluations do not have the same samples")
        .code("samples_differ")
        .field("runIds")
        .details(json!({ "runs": runs.iter().zip(sums).map(of).collect::<Vec<Value>>() }))
        .hint("compare evaluations with the same limit"))
}

/// Every metric of the first that the others computed in the same way.
fn compared(runs: Vec<EvaluationRun>, sums: Vec<Sums>) -> Result<EvaluationComparison> {
    let (Some(first), Some(base)) = (runs.first(), sums.first()) else {
        return Err(Error::invalid("runIds", "must not be empty").hint("name the evaluations to compare"));
    };
    let shared = first
        .requested_metrics
        .iter()
        .filter(|spec| runs.iter().all(|run| run.requested_metrics.iter().any(|other| other == *spec)));
    let mut metrics = Vec::new();
    for spec in shared {
        let metric = spec.build()?;
        let rows = |sums: &Sums| statistics(sums.by_metric.get(spec.label()).map_or(&[][..], Vec::as_slice));
        let base = rows(base);
        let mut against_first = Vec::new();
        for (run, sums) in runs.iter().zip(&sums).skip(1) {
            let test = paired_bootstrap(metric.as_ref(), &base, &rows(sums), SEED)?;
            against_first.push(EvaluationDifference { run_id: run.id, test });
        }
        metrics.push(side_by_side(spec.label(), metric.as_ref(), &runs, against_first));
    }
    let samples = base.numbers.len() as u64;
    Ok(EvaluationComparison { dataset_digest: first.dataset_digest.clone(), samples, metrics, runs })
}

fn side_by_side(
    name: &str,
    metric: &dyn Metric,
    runs: &[EvaluationRun],
    against_first: Vec<EvaluationDifference>,
) -> ComparedMetric {
    let higher_is_better = metric.higher_is_better();
    let value =
        |run: &EvaluationRun| run.metrics.iter().find(|score| score.name == name).map_or(0.0, |score| score.value);
    let values: Vec<f64> = runs.iter().map(value).collect();
    let better = |one: f64, other: f64| if higher_is_better { one > other } else { one < other };
    let mut best = 0;
    for at in 1..values.len() {
        if better(values[at], values[best]) {
            best = at;
        }
    }
    ComparedMetric { name: name.to_owned(), higher_is_better, best: runs[best].id, values, against_first }
}
