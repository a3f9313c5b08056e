//! What is refused, and how: each names its field and says what to do.

use super::*;

/// What a request is changed to, the field that is named and the code or the beginning of the rule.
fn merged(mut request: Value, change: Value) -> Value {
    for (key, value) in change.as_object().cloned().unwrap_or_default() {
        request[key] = value;
    }
    request
}

/// Changes that spoil a job which fine-tunes, each with the field it spoils.
fn wrong_tunings(corpus: DatasetId) -> Vec<(Value, &'static str)> {
    let lora = |part: Value| json!({ "method": "lora", "lora": part });
    let hyper = |part: Value| json!({ "hyperparams": part });
    vec![
        (json!({ "name": "a b" }), "name"),
        (json!({ "modelFamily": "gemma" }), "modelFamily"),
        (json!({ "modelFamily": "mistral" }), "modelFamily"),
        (json!({ "modelId": null }), "modelId"),
        (json!({ "architecture": from_scratch(corpus)["architecture"] }), "architecture"),
        (json!({ "datasetId": corpus }), "datasetId"),
        (json!({ "method": "qlora" }), "method"),
        (json!({ "useGpu": true }), "useGpu"),
        (json!({ "lora": {} }), "lora"),
        (lora(json!({ "rank": 0 })), "lora.rank"),
        (lora(json!({ "rank": 257 })), "lora.rank"),
        (lora(json!({ "alpha": 0 })), "lora.alpha"),
        (lora(json!({ "targets": [] })), "lora.targets"),
        (lora(json!({ "targets": ["q_proj", "x"] })), "lora.targets[1]"),
        (lora(json!({ "targets": ["q_proj", "q_proj"] })), "lora.targets[1]"),
        (hyper(json!({ "lr": 0 })), "hyperparams.lr"),
        (hyper(json!({ "lr": 1.5 })), "hyperparams.lr"),
        (hyper(json!({ "batchSize": 0 })), "hyperparams.batchSize"),
        (hyper(json!({ "batchSize": 1025 })), "hyperparams.batchSize"),
        (hyper(json!({ "maxSteps": 0 })), "hyperparams.maxSteps"),
        (hyper(json!({ "maxSteps": 1_000_001 })), "hyperparams.maxSteps"),
        (hyper(json!({ "numEpochs": 0 })), "hyperparams.numEpochs"),
        (hyper(json!({ "numEpochs": 1, "maxSteps": 1 })), "hyperparams.numEpochs"),
        (hyper(json!({ "maxSeqLen": 7 })), "hyperparams.maxSeqLen"),
        (hyper(json!({ "maxSeqLen": 129 })), "hyperparams.maxSeqLen"),
        (hyper(json!({ "maxSteps": 10, "warmup": 11 })), "hyperparams.warmup"),
        (hyper(json!({ "weightDecay": 1.1 })), "hyperparams.weightDecay"),
        (hyper(json!({ "clip": 0 })), "hyperparams.clip"),
        (hyper(json!({ "seed": 9_007_199_254_740_993u64 })), "hyperparams.seed"),
        (hyper(json!({ "batchSize": 1024, "maxSeqLen": 128 })), "hyperparams.batchSize"),
        (json!({ "evaluation": { "split": 0.6, "every": 10 } }), "evaluation.split"),
        (json!({ "evaluation": { "split": 0.1, "every": 0 } }), "evaluation.every"),
        (json!({ "checkpointEvery": 0 }), "checkpointEvery"),
        (json!({ "resources": { "cpu": 0 } }), "resources.cpu"),
        (json!({ "resources": { "cpu": 1.5 } }), "resources.cpu"),
        (json!({ "retryPolicy": { "maxRetries": 4 } }), "retryPolicy.maxRetries"),
        (json!({ "retryPolicy": { "backoffSeconds": 3601 } }), "retryPolicy.backoffSeconds"),
        (json!({ "maxDurationSeconds": 0 }), "maxDurationSeconds"),
        (json!({ "priority": 101 }), "priority"),
        (json!({ "output": { "name": "a b" } }), "output.name"),
        (json!({ "output": { "version": "one" } }), "output.version"),
        (json!({ "jobType": "distributed" }), "jobType"),
    ]
}

/// The same of a job from nothing.
fn wrong_makings(base: ModelId, pairs: DatasetId) -> Vec<(Value, &'static str)> {
    let shape = |change: Value| {
        let usual = json!({ "hiddenSize": 64, "layers": 2, "heads": 4, "vocabulary": 512, "context": 128 });
        json!({ "architecture": merged(usual, change) })
    };
    vec![
        (json!({ "modelId": base }), "modelId"),
        (json!({ "architecture": null }), "architecture"),
        (json!({ "method": "lora" }), "method"),
        (json!({ "datasetId": pairs }), "datasetId"),
        (shape(json!({ "hiddenSize": 66 })), "architecture.hiddenSize"),
        (shape(json!({ "hiddenSize": 60 })), "architecture.hiddenSize"),
        (shape(json!({ "hiddenSize": 15 })), "architecture.hiddenSize"),
        (shape(json!({ "layers": 0 })), "architecture.layers"),
        (shape(json!({ "heads": 257 })), "architecture.heads"),
        (shape(json!({ "kvHeads": 3 })), "architecture.kvHeads"),
        (shape(json!({ "intermediateSize": 1 })), "architecture.intermediateSize"),
        (shape(json!({ "vocabulary": 100 })), "architecture.vocabulary"),
        (shape(json!({ "context": 32_769 })), "architecture.context"),
        (json!({ "hyperparams": { "maxSeqLen": 129 } }), "hyperparams.maxSeqLen"),
    ]
}

#[tokio::test]
async fn bounds_are_named_with_their_field() {
    // The shape of a base is read while it is asked for only where its bytes lie on this machine.
    let fresh = Fresh::on_a_folder().await;
    let (base, pairs, corpus) = (fresh.base("llama", true).await, fresh.pairs().await, fresh.corpus().await);
    fresh.fake.set_capability(|capability| capability.memory_bytes = 1 << 30);
    let tuned = wrong_tunings(corpus).into_iter().map(|(change, field)| (merged(finetune(base, pairs), change), field));
    let made = wrong_makings(base, pairs).into_iter();
    let made = made.map(|(change, field)| (merged(from_scratch(corpus), change), field));
    for (request, field) in tuned.chain(made) {
        let error = fresh.submit(request.clone()).await.err().unwrap_or_else(|| panic!("{field}: {request}"));
        assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some(field)), "{error}");
        assert!(error.hint_text().is_some(), "{field} has no remedy");
    }
    let none = fresh.call("training.list_jobs", json!({})).await;
    assert_eq!(none["items"], json!([]));
}

#[track_caller]
fn check(error: &crate::base::Error, code: &str, field: &str) {
    assert_eq!((error.stable_code(), error.field_name()), (code, Some(field)), "{error}");
}

#[tokio::test]
async fn a_base_nobody_approved_is_refused() {
    let fresh = Fresh::open().await;
    let request = finetune(fresh.base("llama", false).await, fresh.pairs().await);
    check(&fresh.submit(request).await.unwrap_err(), "not_approved", "modelId");
}

#[tokio::test]
async fn a_base_of_a_family_that_is_not_trained_is_refused() {
    let fresh = Fresh::open().await;
    let request = finetune(fresh.base("bert", true).await, fresh.pairs().await);
    check(&fresh.submit(request).await.unwrap_err(), "family_unknown", "modelId");
}

#[tokio::test]
async fn data_nobody_approved_is_refused() {
    let fresh = Fresh::open().await;
    let base = fresh.base("llama", true).await;
    let data = fresh.draft_data("raw", "sft_pair", ("a.jsonl", "{\"prompt\":\"a\",\"response\":\"b\"}\n")).await;
    let request = finetune(base, serde_json::from_value(data).unwrap());
    check(&fresh.submit(request).await.unwrap_err(), "not_approved", "datasetId");
}

#[tokio::test]
async fn what_does_not_exist_is_named() {
    let fresh = Fresh::open().await;
    let (base, data) = (fresh.base("llama", true).await, fresh.pairs().await);
    let nothing = uuid::Uuid::nil();
    check(&fresh.submit(finetune(ModelId(nothing), data)).await.unwrap_err(), "not_found", "modelId");
    check(&fresh.submit(finetune(base, DatasetId(nothing))).await.unwrap_err(), "not_found", "datasetId");
}

#[tokio::test]
async fn a_version_that_is_taken_is_refused() {
    let fresh = Fresh::open().await;
    let mut request = from_scratch(fresh.corpus().await);
    request["output"] = json!({ "name": "made", "version": "1.2.3" });
    fresh.submit(request.clone()).await.unwrap();
    check(&fresh.submit(request).await.unwrap_err(), "model_exists", "output.version");
}

#[tokio::test]
async fn a_place_without_a_runtime_says_so() {
    let fresh = Fresh::open().await;
    fresh.fake.set_capability(|capability| capability.runtime = false);
    let error = fresh.submit(from_scratch(fresh.corpus().await)).await.unwrap_err();
    assert_eq!(error.stable_code(), "no_runtime");
}

#[tokio::test]
async fn without_a_gpu_the_cpu_is_taken_where_that_is_allowed() {
    let fresh = Fresh::open().await;
    let mut request = from_scratch(fresh.corpus().await);
    (request["useGpu"], request["gpuFallback"]) = (json!(true), json!(true));
    assert!(!fresh.submit(request).await.unwrap().spec.use_gpu);
}

#[tokio::test]
async fn a_dry_run_submits_nothing() {
    let fresh = Fresh::open().await;
    let mut request = from_scratch(fresh.corpus().await);
    request["dryRun"] = json!(true);
    let job = fresh.submit(request.clone()).await.unwrap();
    assert_eq!(job.spec.hyperparams.max_steps, Some(200));
    assert_eq!(fresh.call("training.list_jobs", json!({})).await["items"], json!([]));
    request["dryRun"] = json!(null);
    let estimate = fresh.call("training.estimate_job", request).await;
    assert_eq!(estimate["parameters"], job.estimate.parameters);
}
