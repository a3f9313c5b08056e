//! What is known against the scores of evaluations: their models may have learned what they are asked.

use serde_json::{Map, Value, json};

use super::super::{EvaluationRun, EvaluationWarning, EvaluationWarningCode};
use super::SqlEvaluation;
use crate::base::{Ctx, Id, Result};
use crate::datasets::{KnownOverlaps, Overlap, RecommendedOperation};

/// Warnings of one evaluation.
const MOST: usize = 10;

impl SqlEvaluation {
    /// Adds to each evaluation what is known against it, in a number of reads that does not depend on how many there are.
    pub(super) async fn warn(&self, ctx: &Ctx, runs: &mut [EvaluationRun]) -> Result<()> {
        let asked: Vec<(Id, String)> = runs
            .iter()
            .map(|run| (run.model_id.map(|id| id.0).unwrap_or_default(), run.dataset_digest.clone()))
            .collect();
        let known = self.datasets.known_overlaps(ctx, &asked).await?;
        for (run, known) in runs.iter_mut().zip(known) {
            run.warnings = warnings(run, &known);
        }
        Ok(())
    }
}

fn warnings(run: &EvaluationRun, known: &KnownOverlaps) -> Vec<EvaluationWarning> {
    let mut warnings = Vec::new();
    if known.learned {
        let text = format!(
            "{}, or a model it was tuned from, learned from {} itself: its scores say what it remembers",
            run.model, run.dataset
        );
        let operation = operation("catalog.get_model_lineage", json!({ "modelId": run.model_id }));
        warnings.push(EvaluationWarning { code: EvaluationWarningCode::TrainedOnDataset, text, operation });
    }
    let room = MOST - warnings.len();
    warnings.extend(known.overlaps.iter().take(room).map(|found| contaminated(run, found)));
    warnings
}

fn contaminated(run: &EvaluationRun, found: &Overlap) -> EvaluationWarning {
    let (affected, rows) = (found.affected, found.rows);
    let text = format!(
        "{affected} of {rows} rows of {} that were looked for stand in {}, which {}, or a model it was tuned from, learned from",
        run.dataset, found.source, run.model
    );
    let tells = |check: Id| {
        operation("datasets.get_contamination_check", json!({ "datasetId": found.dataset_id, "checkId": check }))
    };
    EvaluationWarning {
        code: EvaluationWarningCode::ContaminatedDataset,
        text,
        operation: found.check_id.and_then(tells),
    }
}

fn operation(name: &str, parameters: Value) -> Option<RecommendedOperation> {
    let parameters: Map<String, Value> = parameters.as_object()?.clone();
    Some(RecommendedOperation { name: name.to_owned(), parameters })
}
