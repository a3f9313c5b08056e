//! Models are approved by what evaluations say of them.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use serde_json::{Value, json};

use super::super::{EvaluationRunId, recipe};
use super::world::{Seed, questions};
use crate::LlmOps;
use crate::base::{Caller, Ctx, Error};
use crate::compute::Fake;
use crate::op::{Part, parts};
use crate::platform::on_trial;

struct Bench {
    ops: LlmOps,
    fake: Arc<Fake>,
    model: Value,
    questions: Value,
}

impl Bench {
    async fn open(dir: &Path, kind: &str) -> Self {
        let fake = Fake::new();
        fake.set_capability(|capability| capability.cpu_millis = 1000);
        let ops = on_trial(dir).await.compute(fake.clone()).open().await.unwrap();
        let seed = Seed { ops: &ops };
        let questions = seed.dataset("questions", "benchmark", ("rows.jsonl", &questions())).await;
        let card = json!({ "purpose": "p", "scope": "s", "contact": "c", "license": "MIT" });
        let model = json!({ "name": "tiny", "version": "1.0.0", "type": kind, "metadata": card });
        let model = json!(seed.model_of(model).await);
        Self { ops, fake, model, questions }
    }

    async fn call(&self, name: &str, request: Value) -> Value {
        Seed { ops: &self.ops }.call(name, request).await
    }

    async fn until(&self, run: &Value, status: &str) -> Value {
        for _ in 0..3000 {
            let now = self.call("evaluation.get_run", json!({ "runId": run })).await;
            if now["status"] == status {
                return now;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        panic!("it does not become {status}");
    }

    async fn start(&self, metrics: Value) -> Value {
        let request = json!({ "modelId": self.model, "datasetId": self.questions, "metrics": metrics });
        self.call("evaluation.start_run", request).await["id"].clone()
    }

    /// An evaluation in which so many of ten answers are right.
    async fn evaluated(&self, metrics: Value, right: usize) -> Value {
        let run = self.start(metrics).await;
        self.until(&run, "running").await;
        let id: EvaluationRunId = serde_json::from_value(run.clone()).unwrap();
        let work = recipe::work_id(id, 1).unwrap();
        let answer = |at: usize| {
            let said = if at < right { format!("It is {at}.") } else { "no idea".to_owned() };
            let answer = json!({
                "id": at, "prediction": said, "finish_reason": "stop", "prompt_tokens": 1, "completion_tokens": 1, "ms": 10.0,
            });
            format!("{answer}\n")
        };
        self.fake.output(&work, "samples.jsonl", (0..10).map(answer).collect::<String>());
        self.fake.usage(&work, 1.0, 1 << 20);
        self.fake.end(&work, 0);
        self.until(&run, "succeeded").await;
        run
    }

    async fn policy(&self, evaluation: Value) -> Value {
        self.call("catalog.put_model_approval_policy", json!({ "evaluations": [evaluation] })).await
    }

    /// What the gate of the only evaluation says.
    async fn gate(&self) -> Value {
        let gates = self.call("catalog.get_model_gates", json!({ "modelId": self.model })).await;
        let all = gates["gates"].as_array().unwrap();
        let mut of = all.iter().filter(|gate| gate["gate"] == "evaluation");
        let gate = of.next().cloned().unwrap_or_default();
        assert!(of.next().is_none());
        gate
    }

    async fn approve(&self) -> Result<Value, Error> {
        let permissions = BTreeSet::from(["*".to_owned()]);
        let rita = Caller { actor: "rita".into(), permissions: Arc::new(permissions), ..self.ops.ctx().caller };
        let request = json!({ "modelId": self.model, "version": "1.0.0", "decision": "approve" });
        self.ops.call(Ctx::new(rita), "catalog.review_model", request).await
    }

    async fn submit(&self) {
        let request = json!({ "modelId": self.model, "status": "under_review" });
        self.call("catalog.set_model_status", request).await;
    }
}

#[tokio::test]
async fn an_evaluation_counts_for_the_files_that_it_measured() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::open(dir.path(), "fine-tuned").await;
    let asked = json!({ "metric": "EM", "datasetId": bench.questions, "atLeast": 0.7, "minSamples": 10 });
    bench.policy(asked).await;
    let gate = bench.gate().await;
    assert_eq!((&gate["state"], &gate["code"]), (&json!("failed"), &json!("evaluation_missing")));
    assert_eq!(gate["text"], "there is no evaluation by exact_match over questions:1.0.0");
    let start = &gate["operation"];
    let request = json!({ "modelId": bench.model, "datasetId": bench.questions, "metrics": ["exact_match"] });
    assert_eq!((&start["name"], &start["parameters"]), (&json!("evaluation.start_run"), &request));

    let run = bench.evaluated(json!(["token_f1", "exact_match"]), 7).await;
    let gate = bench.gate().await;
    assert_eq!((&gate["state"], &gate["value"], &gate["runId"]), (&json!("passed"), &json!(0.7), &run), "{gate:#}");
    bench.submit().await;
    assert_eq!(bench.approve().await.unwrap()["status"], "approved");

    // Other bytes have to be measured anew.
    let upload = json!({ "modelId": bench.model });
    let body = parts(vec![Part::from_bytes("notes.txt", "more")]);
    bench.ops.upload(bench.ops.ctx(), "catalog.upload_model_files", upload, body).await.unwrap();
    assert_eq!(bench.gate().await["code"], "evaluation_of_other_files");
    bench.submit().await;
    assert_eq!(bench.approve().await.unwrap_err().stable_code(), "not_approvable");
    let open = bench.start(json!(["exact_match"])).await;
    let gate = bench.gate().await;
    assert_eq!((&gate["code"], &gate["operation"]["parameters"]["runId"]), (&json!("evaluation_running"), &open));
    bench.ops.shutdown().await;
}

#[tokio::test]
async fn a_value_out_of_its_bounds_holds_the_model_back_until_the_policy_changes() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::open(dir.path(), "base").await;
    bench.policy(json!({ "metric": "exact_match", "atLeast": 0.7 })).await;
    let run = bench.evaluated(json!(["exact_match"]), 5).await;
    bench.submit().await;
    let error = bench.approve().await.unwrap_err();
    assert_eq!(error.to_json()["details"]["mend"], json!(["exact_match is 0.5, and 0.7 is the least"]));
    assert_eq!(bench.gate().await["operation"]["parameters"], json!({ "runId": run }));
    bench.policy(json!({ "metric": "exact_match", "atLeast": 0.5 })).await;
    assert_eq!(bench.approve().await.unwrap()["status"], "approved");
    let reviews = bench.call("catalog.list_model_reviews", json!({ "modelId": bench.model })).await;
    assert_eq!(reviews["items"][0]["policyVersion"], 2);
    bench.ops.shutdown().await;
}

#[tokio::test]
async fn what_an_evaluation_calls_a_metric_does_not_matter() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::open(dir.path(), "base").await;
    bench.policy(json!({ "metric": "bleu", "options": { "tokenizer": "char" } })).await;
    bench.evaluated(json!([{ "name": "exact_match", "label": "bleu" }]), 10).await;
    assert_eq!(bench.gate().await["code"], "evaluation_missing");
    bench.evaluated(json!(["bleu"]), 10).await;
    assert_eq!(bench.gate().await["code"], "evaluation_missing", "its options are others");
    let options = json!({ "tokenizer": "char", "lowercase": false });
    bench.evaluated(json!([{ "name": "BLEU", "label": "by letters", "options": options }]), 10).await;
    assert_eq!(bench.gate().await["state"], "passed");
    bench.ops.shutdown().await;
}

#[tokio::test]
async fn only_the_types_that_are_named_must_have_it() {
    let dir = tempfile::tempdir().unwrap();
    let bench = Bench::open(dir.path(), "base").await;
    bench.policy(json!({ "metric": "exact_match", "modelTypes": ["fine-tuned"] })).await;
    assert_eq!(bench.gate().await, Value::Null);
    let request = json!({ "evaluations": [{ "metric": "exactly" }] });
    let refused = bench.ops.call(bench.ops.ctx(), "catalog.put_model_approval_policy", request).await.unwrap_err();
    assert_eq!(refused.field_name(), Some("evaluations[0].metric"));
    let request = json!({ "evaluations": [{ "metric": "bleu", "options": { "tokenizer": "ducks" } }] });
    let refused = bench.ops.call(bench.ops.ctx(), "catalog.put_model_approval_policy", request).await.unwrap_err();
    assert_eq!(refused.field_name(), Some("evaluations[0].options.tokenizer"));
    bench.ops.shutdown().await;
}
