//! A model answers questions and is judged, and a training is called off, through whatever death.

use serde_json::{Value, json};

use super::story::{Story, text};

impl Story {
    /// Twenty questions that models may be asked. Answers with their id.
    pub async fn questions(&mut self) -> String {
        let line = |i: u32| {
            let (prompt, response) = (format!("What is {i} plus 1?"), format!("It is {}.", i + 1));
            format!("{}\n", json!({ "prompt": prompt, "response": response }))
        };
        self.approved(("questions", "benchmark"), (0..20).map(line).collect()).await
    }

    /// The model is asked in a process of its own, and then through its endpoint; each answer is there once.
    pub async fn judged(&mut self, model: &str, endpoint: &str) {
        let questions = self.questions().await;
        for (key, whom) in [("model", json!({ "modelId": model })), ("endpoint", json!({ "endpointId": endpoint }))] {
            let mut request = json!({
                "datasetId": questions, "metrics": ["exact_match"], "limit": 3, "parameters": { "maxTokens": 4 },
            });
            request.as_object_mut().unwrap().extend(whom.as_object().cloned().unwrap());
            let run = text(&self.ask_once(key, "evaluation.start_run", request).await["id"]);
            let at = json!({ "runId": run });
            let ended = self.until("evaluation.get_run", at.clone(), |seen| seen["status"] == "succeeded").await;
            assert_eq!(ended["metrics"][0]["name"], "exact_match", "{ended:#}");
            assert_eq!(items(&self.ask("evaluation.list_samples", at).await), 3, "{ended:#}");
        }
        assert_eq!(items(&self.ask("evaluation.list_runs", json!({})).await), 2);
    }

    /// A training that would go on for long is called off while it runs.
    pub async fn called_off(&mut self, dataset: &str) {
        let request = json!({
            "name": "long", "jobType": "from_scratch", "datasetId": dataset,
            "architecture": { "hiddenSize": 16, "layers": 1, "heads": 2, "vocabulary": 384, "context": 32 },
            "hyperparams": { "maxSteps": 1_000_000, "batchSize": 2, "maxSeqLen": 32 },
            "output": { "name": "long", "version": "1.0.0" },
        });
        let job = text(&self.ask_once("long", "training.submit_job", request).await["id"]);
        let at = json!({ "jobId": job });
        self.until("training.get_job", at.clone(), |job| job["status"] == "running").await;
        self.ask("training.cancel_job", at.clone()).await;
        let ended = self.until("training.get_job", at, |job| job["status"] == "cancelled").await;
        assert_eq!(ended["outputModelId"], Value::Null, "{ended:#}");
    }
}

fn items(list: &Value) -> usize {
    list["items"].as_array().map_or(0, Vec::len)
}
