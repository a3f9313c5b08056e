//! The steps, each of which takes up what is there from a run before.

use std::path::Path;

use llmops_core::base::{Error, Result};
use llmops_core::op::{Part, parts};
use serde_json::{Value, json};

use super::data::{CAPITALS, Given, HELDOUT, SPEECHES, VERSION, questions};
use super::narrator::Narrator;
use super::people::People;
use super::settings::{ANSWER_TOKENS, METRICS, Settings, card};
use super::{commands, import};
use crate::cli::chat::Conversation;
use crate::cli::output::{bytes, decimal};
use crate::cli::{Client, datasets, endpoints, evaluate, follow, reference, text, train};
use crate::config::Config;

/// The name under which the tuned model answers.
pub(super) const ROUTE: &str = "capitals";
/// What the base model is called.
pub(super) const BASE: &str = "quickstart-base";
/// What the tuned model is called.
pub(super) const TUNED: &str = "quickstart-capitals";

/// What came out of the story.
pub(super) struct Outcome {
    /// The base model.
    pub(super) base: Value,
    /// The tuned model.
    pub(super) tuned: Value,
    /// The evaluation of the base.
    pub(super) base_run: Value,
    /// The evaluation of the tuned model.
    pub(super) tuned_run: Value,
    /// Where the tuned model answers.
    pub(super) endpoint: Value,
    /// What was said.
    pub(super) chat: Vec<Value>,
    /// CPU seconds of the trainings and evaluations of this telling.
    pub(super) cpu_seconds: f64,
}

/// The story under way.
pub(super) struct Story {
    /// Who plays.
    pub(super) people: People,
    /// Who tells.
    pub(super) narrator: Narrator,
    /// How.
    pub(super) settings: Settings,
    cpu_seconds: f64,
}

impl Story {
    /// Before the first step.
    pub(super) fn new(maker: Client, settings: Settings, narrator: Narrator) -> Self {
        Self { people: People::new(maker), narrator, settings, cpu_seconds: 0.0 }
    }

    /// The caller of the server.
    pub(super) fn client(&self) -> &Client {
        &self.people.maker
    }

    /// Says where the server is and how to call it.
    pub(super) fn opening(&self, data: &Path) {
        let say = |line: &str| self.narrator.line(line);
        say(
            "The life of a model, from a text to a chat, on this machine. Each step shows the command that does the same.",
        );
        say("");
        say(&format!("A server listens on {}; its data is in {}.", self.client().url(), data.display()));
        let key = data.join("admin.key").display().to_string();
        self.narrator.command(&format!("export LLMOPS_URL={}", self.client().url()));
        self.narrator.command(&format!("export LLMOPS_API_KEY=$(cat {})", commands::quoted(&key)));
        self.narrator.command(&commands::reviewer());
    }

    /// The story of a model that is made here.
    pub(super) async fn of_a_new_model(&mut self) -> Result<Outcome> {
        let speeches = self.dataset(&SPEECHES).await?;
        let (pairs, heldout) = (self.dataset(&CAPITALS).await?, self.dataset(&HELDOUT).await?);
        let request = self.settings.base.clone().unwrap_or_default();
        let base = self.train(("Train a small language model from scratch", BASE), request, &speeches, None).await?;
        let base = self.approve(base, "learns capitals in the quickstart").await?;
        self.tune(base, &pairs, &heldout).await
    }

    /// The story of a model that comes out of a file.
    pub(super) async fn of_a_file(&mut self, file: &Path, config: &Config) -> Result<Outcome> {
        let (pairs, heldout) = (self.dataset(&CAPITALS).await?, self.dataset(&HELDOUT).await?);
        self.narrator.begin("Bring the base model into the catalog");
        for command in commands::import(file) {
            self.narrator.command(&command);
        }
        let found = self.model(BASE).await?;
        let there = found.is_some();
        let base = match found {
            Some(found) => found,
            None => import::import(&self.people.maker, file, config).await?,
        };
        self.narrator.end(&format!("{BASE} {VERSION} is in the catalog"), there);
        let base = self.approve(base, "is tuned on capitals in the quickstart").await?;
        self.tune(base, &pairs, &heldout).await
    }

    /// From an approved base to the chat.
    async fn tune(&mut self, base: Value, pairs: &Value, heldout: &Value) -> Result<Outcome> {
        let base_run = self.evaluate("Measure the base on questions in other words", BASE, &base, heldout).await?;
        let request = self.settings.tuning.clone();
        let tuned = self.train(("Fine-tune it on the questions", TUNED), request, pairs, Some(&base)).await?;
        let tuned_run = self.evaluate("Measure the tuned model on the same questions", TUNED, &tuned, heldout).await?;
        let tuned = self.approve(tuned, "names the capitals of the states of the USA").await?;
        let endpoint = self.deploy(&tuned).await?;
        let chat = self.chat().await?;
        Ok(Outcome { base, tuned, base_run, tuned_run, endpoint, chat, cpu_seconds: self.cpu_seconds })
    }

    /// Uploads, validates and approves a dataset.
    async fn dataset(&mut self, given: &Given) -> Result<Value> {
        let name = given.name;
        self.narrator.begin(&format!("Bring in {name}: {}", given.holds));
        self.narrator.command(&format!(
            "llmops-server datasets create {name} {VERSION} examples/data/{} --type {}",
            given.file, given.kind
        ));
        self.narrator
            .command(&format!("llmops-server datasets validate {name} && llmops-server datasets submit {name}"));
        self.narrator.command(&format!("LLMOPS_API_KEY=$REVIEWER llmops-server datasets approve {name}"));
        let client = &self.people.maker;
        let found = client.list("datasets.list_datasets", json!({ "name": name, "version": VERSION }), 1).await?;
        let mut dataset = match found.into_iter().next() {
            Some(there) => there,
            None => client.call("datasets.create_dataset", given.request()).await?,
        };
        let of = json!({ "datasetId": dataset["id"] });
        if dataset["digest"].is_null() {
            let file = parts(vec![Part::from_bytes(given.file, given.bytes)]);
            client.upload("datasets.upload_dataset_files", of.clone(), file).await?;
        }
        if text(&dataset, "validation") != "succeeded" {
            client.call("datasets.validate_dataset", of.clone()).await?;
            let report = follow::validation(client, text(&dataset, "id"), "validating").await?;
            if !datasets::is_sound(&report) {
                return Err(Error::unexpected(format!("{name} is not sound: {}", datasets::summary(&report))));
            }
            self.narrator.line(&format!("  {}", datasets::summary(&report).replace('\n', "\n  ")));
            dataset = client.call("datasets.get_dataset", of).await?;
        }
        let there = text(&dataset, "status") == "approved";
        let dataset = self.people.approve_dataset(dataset).await?;
        let size = bytes(dataset["bytes"].as_u64().unwrap_or_default());
        self.narrator.end(&format!("{} rows, {size}, approved", dataset["rows"]), there);
        Ok(dataset)
    }

    /// The model of this name, if it is complete.
    async fn model(&self, name: &str) -> Result<Option<Value>> {
        let all = self.client().list("catalog.list_models", json!({ "name": name }), usize::MAX).await?;
        Ok(all.into_iter().find(|one| text(one, "version") == VERSION && one["digest"].is_string()))
    }

    /// The model that a training makes, or made before.
    async fn train(
        &mut self,
        (step, name): (&str, &str),
        mut request: Value,
        data: &Value,
        base: Option<&Value>,
    ) -> Result<Value> {
        self.narrator.begin(step);
        request["name"] = name.into();
        request["output"] = json!({ "name": name, "version": VERSION });
        let on = text(data, "name");
        let of = base.map(|base| format!(" --model {}", text(base, "name"))).unwrap_or_default();
        let spec = commands::quoted(&request.to_string());
        self.narrator.command(&format!("llmops-server train start --dataset {on}{of} --spec <(echo {spec})"));
        request["datasetId"] = data["id"].clone();
        if let Some(base) = base {
            request["modelId"] = base["id"].clone();
        }
        let jobs = self.client().list("training.list_jobs", json!({}), usize::MAX).await?;
        let job = jobs
            .into_iter()
            .find(|job| text(job, "name") == name && matches!(text(job, "status"), "queued" | "running" | "succeeded"));
        let there = job.as_ref().is_some_and(ended);
        let job = match job {
            Some(found) => found,
            None => self.client().call("training.submit_job", request).await?,
        };
        let job = follow::job(self.client(), text(&job, "id"), "training").await?;
        train::check(&job)?;
        let model = self.client().call("catalog.get_model", json!({ "modelId": job["outputModelId"] })).await?;
        let number = |pointer: &str| job.pointer(pointer).and_then(Value::as_f64).unwrap_or_default();
        let (steps, loss) = (number("/progress/step"), decimal(number("/progress/loss")));
        let cpu = spent(&job, there);
        let took = if there { String::new() } else { format!(", {cpu:.1} CPU seconds") };
        self.narrator.end(&format!("{steps} steps, loss {loss}{took}"), there);
        self.cpu_seconds += cpu;
        Ok(model)
    }

    /// Lets somebody else approve a model.
    async fn approve(&mut self, model: Value, purpose: &str) -> Result<Value> {
        let name = text(&model, "name").to_owned();
        self.narrator.begin(&format!("Let a reviewer approve {name}"));
        let card = card(purpose);
        self.narrator.command(&commands::card(&name, &card));
        self.narrator.command(&format!(
            "llmops-server models submit {name} && LLMOPS_API_KEY=$REVIEWER llmops-server models approve {name}"
        ));
        let there = text(&model, "status") == "approved";
        let model = self.people.approve_model(model, card).await?;
        self.narrator.end(&format!("{name} is {}", text(&model, "status")), there);
        Ok(model)
    }

    /// Scores of a model on the held-out questions.
    async fn evaluate(&mut self, step: &str, name: &str, model: &Value, heldout: &Value) -> Result<Value> {
        self.narrator.begin(step);
        self.narrator.command(&commands::evaluate(name, HELDOUT.name, self.settings.questions));
        let client = &self.people.maker;
        let before = json!({ "modelId": model["id"], "datasetId": heldout["id"] });
        let runs = client.list("evaluation.list_runs", before.clone(), usize::MAX).await?;
        let found = runs.into_iter().find(|run| matches!(text(run, "status"), "queued" | "running" | "succeeded"));
        let there = found.as_ref().is_some_and(ended);
        let run = match found {
            Some(found) => found,
            None => {
                let mut request = before;
                request["name"] = format!("quickstart {name}").into();
                request["metrics"] = json!(METRICS);
                request["parameters"] = json!({ "maxTokens": ANSWER_TOKENS, "temperature": 0.0 });
                if let Some(most) = self.settings.questions {
                    request["limit"] = most.into();
                }
                client.call("evaluation.start_run", request).await?
            }
        };
        let run = follow::evaluation(client, text(&run, "id"), "answering").await?;
        evaluate::check(&run)?;
        let scores =
            METRICS.map(|name| format!("{name} {}", evaluate::score(&run, name).map(decimal).unwrap_or_default()));
        self.narrator.end(&format!("{} questions: {}", run["samples"], scores.join(", ")), there);
        self.cpu_seconds += spent(&run, there);
        Ok(run)
    }

    /// Lets the approved model answer.
    async fn deploy(&mut self, model: &Value) -> Result<Value> {
        self.narrator.begin("Deploy it");
        self.narrator.command(&format!("llmops-server deploy {TUNED} --route {ROUTE}"));
        let client = &self.people.maker;
        let all = client.list("serving.list_endpoints", json!({ "modelId": model["id"] }), usize::MAX).await?;
        let found = all.into_iter().find(|one| reference::answers(one, ROUTE));
        let there = found.as_ref().is_some_and(|found| text(found, "status") == "healthy");
        let endpoint = match found {
            Some(found) => {
                let request = json!({ "endpointId": found["id"], "status": "running" });
                client.call("serving.update_endpoint", request).await?
            }
            None => client.call("serving.deploy_endpoint", json!({ "modelId": model["id"], "route": ROUTE })).await?,
        };
        let endpoint = follow::endpoint(client, text(&endpoint, "id"), "starting").await?;
        endpoints::check(&endpoint)?;
        self.narrator.end(&format!("{ROUTE} is {}", text(&endpoint, "status")), there);
        Ok(endpoint)
    }

    /// Asks what nobody trained on.
    async fn chat(&mut self) -> Result<Vec<Value>> {
        self.narrator.begin("Chat with it over POST /v1/chat/completions, streamed");
        let (mut said, mut right) = (Vec::new(), 0);
        for (question, expected) in questions(3) {
            self.narrator.command(&commands::chat(&question));
            let mut talk = Conversation::new(ROUTE, None, commands::chat_settings())?;
            let mut pieces = 0;
            let answer = talk.say(self.client(), &question, |_| pieces += 1).await?;
            let words = text(&answer, "content").trim();
            self.narrator.line(&format!("  {words}"));
            right += usize::from(words == expected);
            said.push(json!({ "question": question, "answer": words, "expected": expected, "pieces": pieces }));
        }
        self.narrator.end(&format!("{right} of {} answers are right", said.len()), false);
        Ok(said)
    }
}

/// Whether a record found at the beginning of a step is of work that a run before ended.
fn ended(record: &Value) -> bool {
    text(record, "status") == "succeeded"
}

/// CPU seconds that a training or an evaluation took in this telling: none if it was `there` before.
pub(super) fn spent(record: &Value, there: bool) -> f64 {
    if there { 0.0 } else { record["cpuSeconds"].as_f64().unwrap_or_default() }
}
