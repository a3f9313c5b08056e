//! What differs between two versions of a model: pure.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{
    ComparedModel, FieldChange, FileChange, FileCounts, FileDifference, Model, ModelComparison, ModelFile, ScoreChange,
};

/// How deep objects of a card are compared by their parts.
const DEPTH: usize = 8;
/// The most files that are listed.
const FILES: usize = 1000;

/// Compares two versions with their files.
pub(super) fn compare(a: &Model, b: &Model, files_a: &[ModelFile], files_b: &[ModelFile]) -> ModelComparison {
    let (files, file_counts) = files(files_a, files_b);
    ModelComparison {
        name: a.name.clone(),
        a: compared(a),
        b: compared(b),
        same_bytes: a.digest == b.digest,
        fields: fields(a, b),
        files,
        file_counts,
        scores: scores(a, b),
    }
}

fn compared(model: &Model) -> ComparedModel {
    ComparedModel {
        id: model.id,
        version: model.version.clone(),
        model_type: model.model_type,
        status: model.status,
        digest: model.digest.clone(),
        created_at: model.created_at,
    }
}

/// The lines of the record that two versions may differ in; the card by its own lines.
fn lines(model: &Model) -> BTreeMap<String, Value> {
    let mut lines = BTreeMap::from([
        ("type".to_owned(), json!(model.model_type)),
        ("modelFamily".to_owned(), json!(model.model_family)),
        ("ownerTeam".to_owned(), json!(model.owner_team)),
        ("lineage.parentModelId".to_owned(), json!(model.lineage.parent_model_id)),
        ("lineage.trainingJobId".to_owned(), json!(model.lineage.training_job_id)),
    ]);
    if !model.tags.is_empty() {
        lines.insert("tags".to_owned(), json!(model.tags));
    }
    if !model.lineage.dataset_ids.is_empty() {
        lines.insert("lineage.datasetIds".to_owned(), json!(model.lineage.dataset_ids));
    }
    for (key, value) in &model.metadata {
        unfold(format!("metadata.{key}"), value, DEPTH, &mut lines);
    }
    lines.retain(|_, value| !value.is_null());
    lines
}

/// An object by what is in it, so that one line of it may differ alone.
fn unfold(name: String, value: &Value, depth: usize, lines: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(parts) if depth > 0 && !parts.is_empty() => {
            for (key, part) in parts {
                unfold(format!("{name}.{key}"), part, depth - 1, lines);
            }
        }
        _ => drop(lines.insert(name, value.clone())),
    }
}

/// Numbers are alike by what they are worth: clients write 1.0 and 1.
fn alike(a: Option<&Value>, b: Option<&Value>) -> bool {
    match (a, b) {
        (Some(Value::Number(a)), Some(Value::Number(b))) => a == b || a.as_f64() == b.as_f64(),
        _ => a == b,
    }
}

fn fields(a: &Model, b: &Model) -> Vec<FieldChange> {
    let (a, b) = (lines(a), lines(b));
    let names: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let differing = names.into_iter().filter(|name| !alike(a.get(*name), b.get(*name)));
    differing
        .map(|name| FieldChange { field: name.clone(), a: a.get(name).cloned(), b: b.get(name).cloned() })
        .collect()
}

fn files(a: &[ModelFile], b: &[ModelFile]) -> (Vec<FileChange>, FileCounts) {
    let by_path = |files: &[ModelFile]| -> BTreeMap<String, (u64, String)> {
        files.iter().map(|file| (file.path.clone(), (file.bytes, file.sha256.clone()))).collect()
    };
    let (a, b) = (by_path(a), by_path(b));
    let paths: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    let (mut changes, mut counts) = (Vec::new(), FileCounts::default());
    for path in paths {
        let (count, difference) = match (a.get(path), b.get(path)) {
            (Some(before), Some(after)) if before == after => {
                counts.same += 1;
                continue;
            }
            (Some(_), Some(_)) => (&mut counts.changed, FileDifference::Changed),
            (None, _) => (&mut counts.added, FileDifference::Added),
            (_, None) => (&mut counts.removed, FileDifference::Removed),
        };
        *count += 1;
        if changes.len() < FILES {
            let bytes = |files: &BTreeMap<String, (u64, String)>| files.get(path).map(|(bytes, _)| *bytes);
            changes.push(FileChange { path: path.clone(), difference, bytes_a: bytes(&a), bytes_b: bytes(&b) });
        }
    }
    (changes, counts)
}

/// Every score that a version is known by, by dataset and metric.
fn known(model: &Model) -> BTreeMap<(String, String), f64> {
    let mut known = BTreeMap::new();
    for (dataset, summary) in &model.evaluation_summary {
        for (metric, value) in summary.get("metrics").and_then(Value::as_object).into_iter().flatten() {
            if let Some(value) = value.as_f64() {
                known.insert((dataset.clone(), metric.clone()), value);
            }
        }
    }
    known
}

fn scores(a: &Model, b: &Model) -> Vec<ScoreChange> {
    let (a, b) = (known(a), known(b));
    let names: BTreeSet<&(String, String)> = a.keys().chain(b.keys()).collect();
    let score = |name: &(String, String)| {
        let (a, b) = (a.get(name).copied(), b.get(name).copied());
        let difference = a.zip(b).map(|(a, b)| b - a);
        ScoreChange { dataset: name.0.clone(), metric: name.1.clone(), a, b, difference }
    };
    names.into_iter().map(score).collect()
}
