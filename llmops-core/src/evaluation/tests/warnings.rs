//! What is known against the scores of an evaluation.

use futures::TryStreamExt;
use serde_json::{Value, json};

use super::world::{Seed, questions};
use crate::LlmOps;
use crate::catalog::ModelId;
use crate::compute::Fake;
use crate::platform::on_trial;

async fn open(dir: &std::path::Path) -> LlmOps {
    on_trial(dir).await.compute(Fake::new()).open().await.unwrap()
}

/// Four of the ten questions, and another.
fn lessons() -> String {
    let known: Vec<String> = questions().lines().take(4).map(|line| format!("{line}\n")).collect();
    format!("{}{}\n", known.concat(), json!({ "prompt": "Say hello.", "response": "Hello." }))
}

async fn run(seed: &Seed<'_>, model: ModelId, dataset: &Value) -> Value {
    let request = json!({ "modelId": model, "datasetId": dataset, "metrics": ["exact_match"] });
    seed.call("evaluation.start_run", request).await
}

async fn checked(seed: &Seed<'_>, request: Value) -> Value {
    let begun = seed.call("datasets.check_dataset_contamination", request).await;
    let at = json!({ "datasetId": begun["datasetId"], "checkId": begun["id"] });
    let events = seed.ops.stream(seed.ops.ctx(), "datasets.watch_contamination_check", at).await.unwrap();
    let seen: Vec<Value> = events.try_collect().await.unwrap();
    let ended = seen.last().unwrap().clone();
    assert_eq!(ended["state"], "succeeded", "{ended:#}");
    ended
}

#[tokio::test]
async fn a_finding_warns_of_evaluations_before_and_after_it() {
    let dir = tempfile::tempdir().unwrap();
    let ops = open(dir.path()).await;
    let seed = Seed { ops: &ops };
    let benchmark = seed.dataset("questions", "benchmark", ("rows.jsonl", &questions())).await;
    let lessons = seed.dataset("lessons", "sft_pair", ("rows.jsonl", &lessons())).await;
    let base = json!({ "name": "base", "version": "1.0.0", "lineage": { "datasetIds": [lessons] } });
    let base = seed.model_of(base).await;
    let tuned = json!({ "name": "tuned", "version": "1.0.0", "lineage": { "datasetIds": [], "parentModelId": base } });
    let tuned = seed.model_of(tuned).await;
    let free = seed.model_of(json!({ "name": "free", "version": "1.0.0" })).await;
    let (of_tuned, of_free) = (run(&seed, tuned, &benchmark).await, run(&seed, free, &benchmark).await);
    assert_eq!((&of_tuned["warnings"], &of_free["warnings"]), (&json!([]), &json!([])), "nothing is known yet");

    let check = checked(&seed, json!({ "datasetId": benchmark, "modelId": tuned })).await;
    assert_eq!((&check["report"]["affected"]["exact"], &check["model"]["name"]), (&json!(4), &json!("tuned:1.0.0")));
    let warning = json!([{
        "code": "contaminated_dataset",
        "text": "4 of 10 rows of questions:1.0.0 that were looked for stand in lessons:1.0.0, which tuned:1.0.0, or a model it \
                 was tuned from, learned from",
        "operation": {
            "name": "datasets.get_contamination_check",
            "parameters": { "datasetId": benchmark, "checkId": check["id"] },
        },
    }]);
    let now = seed.call("evaluation.get_run", json!({ "runId": of_tuned["id"] })).await;
    assert_eq!(now["warnings"], warning);
    let all = seed.call("evaluation.list_runs", json!({})).await;
    let warnings: Vec<&Value> = all["items"].as_array().unwrap().iter().map(|run| &run["warnings"]).collect();
    assert_eq!(warnings, [&json!([]), &warning], "the newest first: of the free model nothing is known");

    // A check that finds nothing, by other bounds, takes nothing back.
    let narrow = json!({ "datasetId": benchmark, "modelId": tuned, "columns": ["prompt"], "ngram": 50 });
    checked(&seed, narrow).await;
    let now = seed.call("evaluation.get_run", json!({ "runId": of_tuned["id"] })).await;
    assert_eq!(now["warnings"][0]["code"], "contaminated_dataset");
    ops.shutdown().await;
}

#[tokio::test]
async fn a_model_that_learned_its_questions_is_told_of() {
    let dir = tempfile::tempdir().unwrap();
    let ops = open(dir.path()).await;
    let seed = Seed { ops: &ops };
    let lessons = seed.dataset("lessons", "sft_pair", ("rows.jsonl", &lessons())).await;
    let again = seed.dataset("lessons-again", "sft_pair", ("rows.jsonl", &self::lessons())).await;
    let model = json!({ "name": "base", "version": "1.0.0", "lineage": { "datasetIds": [lessons] } });
    let model = seed.model_of(model).await;
    for dataset in [&lessons, &again] {
        // The same bytes under another name are the same rows.
        let run = run(&seed, model, dataset).await;
        assert_eq!(run["warnings"][0]["code"], "trained_on_dataset", "{run:#}");
        assert_eq!(run["warnings"][0]["operation"]["parameters"], json!({ "modelId": model }));
        assert_eq!(run["warnings"].as_array().unwrap().len(), 1);
    }
    ops.shutdown().await;
}

#[tokio::test]
async fn a_finding_outlives_its_check() {
    let dir = tempfile::tempdir().unwrap();
    let ops = open(dir.path()).await;
    let seed = Seed { ops: &ops };
    let benchmark = seed.dataset("questions", "benchmark", ("rows.jsonl", &questions())).await;
    let kept = seed.dataset("kept", "sft_pair", ("rows.jsonl", &lessons())).await;
    let other = format!("{}\n", json!({ "prompt": "a", "response": "b" }));
    let gone = seed.dataset("gone", "sft_pair", ("rows.jsonl", &other)).await;
    let model = json!({ "name": "base", "version": "1.0.0", "lineage": { "datasetIds": [kept, gone] } });
    let model = seed.model_of(model).await;
    checked(&seed, json!({ "datasetId": benchmark, "modelId": model })).await;
    seed.call("datasets.delete_dataset", json!({ "datasetId": gone })).await;
    let run = run(&seed, model, &benchmark).await;
    let warning = &run["warnings"][0];
    assert_eq!(warning["code"], "contaminated_dataset", "{run:#}");
    assert!(warning.get("operation").is_none_or(Value::is_null), "its rows went with the dataset: {warning:#}");
    ops.shutdown().await;
}
