mod refused;
mod tools;

use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::lessons::lay;
use super::*;
use crate::data::{Example, Message, Record};
use crate::files::{AdapterSettings, Loaded, Quant, Source};
use crate::model::ops::CrossEntropy;
use crate::model::{Kv, Model};

const TEXTS: [&str; 4] =
    ["the cat sat on the mat", "the dog sat on the log", "the cat saw the dog", "the dog saw the cat on the mat"];

/// A working folder.
pub(super) struct Place(TempDir);

impl Place {
    pub(super) fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.write("text.jsonl", &lines(TEXTS.iter().map(|text| json!({"text": text}))));
        let answers = [("cat", "meow"), ("dog", "woof"), ("mat", "soft"), ("log", "hard")];
        let prompts = answers.map(|(what, says)| json!({"prompt": format!("the {what}"), "response": says}));
        place.write("prompt.jsonl", &lines(prompts.into_iter()));
        place
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    /// A specification for a new model, with its fields replaced by those of `changes`.
    pub(super) fn spec(&self, changes: Value) -> Value {
        let mut spec = json!({
            "job_type": "from_scratch",
            "architecture": {
                "hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
                "intermediate_size": 24, "vocab_size": 280, "max_position_embeddings": 96,
            },
            "data": [{"path": self.path("text.jsonl"), "format": "text"}],
            "hyper": {"steps": 10, "batch": 2, "context": 16, "lr": 0.01},
            "checkpoint_every": 4,
        });
        spec.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
        spec
    }

    pub(super) fn tuning(&self, base: &str, changes: Value) -> Value {
        let data = json!([{"path": self.path("prompt.jsonl"), "format": "prompt"}]);
        let hyper = json!({"steps": 10, "batch": 2, "context": 64, "lr": 0.01});
        let changed = json!({"job_type": "finetune", "base": self.path(base), "data": data, "hyper": hyper});
        let mut spec = self.spec(changed);
        let fields = spec.as_object_mut().unwrap();
        fields.remove("architecture");
        fields.extend(changes.as_object().unwrap().clone());
        spec
    }

    pub(super) fn args(&self, out: &str, spec: &Value) -> TrainArgs {
        self.write("spec.json", &spec.to_string());
        TrainArgs {
            spec: self.path("spec.json"),
            out: self.path(out),
            checkpoints: self.path(&format!("{out}-checkpoints")),
            resume: Resume::Auto,
            events: Some(self.path(&format!("{out}-events"))),
        }
    }

    /// Trains to the end.
    pub(super) fn train(&self, out: &str, spec: &Value) -> Vec<Value> {
        train_until(&self.args(out, spec), &Ending::default()).unwrap();
        self.events(out)
    }

    /// What was told, of all processes.
    fn events(&self, out: &str) -> Vec<Value> {
        let told = std::fs::read_to_string(self.path(&format!("{out}-events"))).unwrap_or_default();
        told.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    fn weights(&self, out: &str) -> Vec<u8> {
        std::fs::read(self.path(out).join("model.safetensors")).unwrap()
    }
}

fn lines(values: impl Iterator<Item = Value>) -> String {
    values.map(|value| format!("{value}\n")).collect()
}

fn find<'a>(events: &'a [Value], kind: &str) -> Vec<&'a Value> {
    events.iter().filter(|event| event["event"] == kind).collect()
}

#[test]
fn the_loss_falls_on_a_tiny_corpus() {
    let place = Place::new();
    let changes = json!({"hyper": {"steps": 60, "batch": 4, "context": 16, "lr": 0.02}, "eval": {"split": 0.25}});
    let events = place.train("out", &place.spec(changes));
    let steps = find(&events, "step");
    assert_eq!(steps.len(), 60);
    let loss = |step: &Value| step["loss"].as_f64().unwrap();
    assert!(loss(steps[59]) < 0.3 * loss(steps[0]), "{} {}", steps[0], steps[59]);
    assert_eq!(find(&events, "eval").len(), 2);
    assert_eq!(events.last().unwrap()["reason"], "completed");
}

#[test]
fn one_specification_gives_one_model() {
    let place = Place::new();
    let spec = place.spec(json!({}));
    place.train("a", &spec);
    place.train("b", &spec);
    assert_eq!(place.weights("a"), place.weights("b"));
    place.train("c", &place.spec(json!({"hyper": {"steps": 10, "batch": 2, "context": 16, "lr": 0.01, "seed": 1}})));
    assert_ne!(place.weights("a"), place.weights("c"));
}

/// Trains, then takes the run back to its checkpoint before the last and lets it go on.
fn check_resumed(place: &Place, spec: &Value) {
    place.train("whole", spec);
    place.train("parts", spec);
    let checkpoints = place.path("parts-checkpoints");
    std::fs::remove_dir_all(checkpoints.join("step-000000010")).unwrap();
    std::fs::remove_dir_all(place.path("parts")).unwrap();
    let events = place.train("parts", spec);
    let starts = find(&events, "start");
    assert_eq!(starts[1]["resumed_from"], 8);
    assert_eq!(find(&events, "step").len(), 12, "ten, and two again");
    assert!(place.weights("whole") == place.weights("parts"), "the weights differ");
}

#[test]
fn a_resumed_run_equals_an_uninterrupted_one() {
    let place = Place::new();
    check_resumed(&place, &place.spec(json!({})));
}

#[test]
fn a_resumed_adapter_equals_an_uninterrupted_one() {
    let place = Place::new();
    place.train("base", &place.spec(json!({})));
    check_resumed(&place, &place.tuning("base", json!({"method": "lora"})));
}

#[test]
fn a_damaged_checkpoint_is_passed_over() {
    let place = Place::new();
    let spec = place.spec(json!({}));
    place.train("out", &spec);
    let weights = place.weights("out");
    std::fs::write(place.path("out-checkpoints/step-000000010/optimizer.safetensors"), "half").unwrap();
    let events = place.train("out", &spec);
    assert_eq!(find(&events, "start")[1]["resumed_from"], 8);
    assert!(place.weights("out") == weights, "the weights differ");
}

#[test]
fn a_checkpoint_of_other_work_is_none() {
    let place = Place::new();
    place.train("out", &place.spec(json!({})));
    place.write("text.jsonl", &lines(TEXTS[..3].iter().map(|text| json!({"text": text}))));
    let events = place.train("out", &place.spec(json!({})));
    assert_eq!(find(&events, "start")[1]["resumed_from"], Value::Null);
}

#[test]
fn a_request_to_end_leaves_a_checkpoint_and_no_model() {
    let place = Place::new();
    let hyper = json!({"steps": 100_000, "batch": 2, "context": 16, "lr": 0.01});
    let args = place.args("out", &place.spec(json!({"hyper": hyper})));
    let ending = Ending::default();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| train_until(&args, &ending));
        while find(&place.events("out"), "step").len() < 3 && !run.is_finished() {
            std::thread::sleep(std::time::Duration::from_millis(5));
        }
        ending.ask();
        run.join().unwrap().unwrap();
    });
    let events = place.events("out");
    assert_eq!(events.last().unwrap()["reason"], "cancelled");
    let step = find(&events, "checkpoint").last().unwrap()["step"].as_u64().unwrap();
    assert!(place.path(&format!("out-checkpoints/step-{step:09}/state.json")).exists());
    assert!(!place.path("out").exists());
}

#[test]
fn time_that_is_over_ends_with_a_model() {
    let place = Place::new();
    let hyper = json!({"max_seconds": 0.2, "batch": 2, "context": 16});
    let events = place.train("out", &place.spec(json!({"hyper": hyper})));
    assert_eq!(events.last().unwrap()["reason"], "max_seconds");
    Loaded::open(&place.path("out"), Quant::F32).unwrap();
}

#[test]
fn a_merged_adapter_gives_what_the_adapted_model_gave() {
    let place = Place::new();
    place.train("base", &place.spec(json!({})));
    let lora = json!({"rank": 2, "alpha": 4.0, "targets": ["q_proj", "v_proj", "down_proj"]});
    let spec = place.tuning("base", json!({"method": "lora", "lora": lora}));
    let events = place.train("tuned", &spec);
    assert!(find(&events, "start")[0]["trained_params"].as_u64().unwrap() < 1000);

    let mut base = Source::open(&place.path("base")).unwrap();
    let (settings, thin) = AdapterSettings::open(&place.path("tuned/adapter")).unwrap();
    let vars =
        thin.iter().map(|(name, tensor)| (name.clone(), candle_core::Var::from_tensor(tensor).unwrap())).collect();
    let (rank, alpha, targets) = (settings.rank, settings.alpha, settings.targets.as_slice());
    let mut adapted = Model::from_named(base.config().clone(), &base.tensors().unwrap()).unwrap();
    let plain = Model::from_named(base.config().clone(), &base.tensors().unwrap()).unwrap();
    adapted.adapt(&crate::model::Adapter { rank, alpha, targets, weights: &vars }).unwrap();
    let merged = Loaded::open(&place.path("tuned"), Quant::F32).unwrap().model;
    let logits = |model: &Model| model.step_all(&mut [(&[5, 80, 17], &mut Kv::new(model.config()))]).unwrap();
    let apart = |a: &Model, b: &Model| -> f32 {
        let difference = (logits(a) - logits(b)).unwrap().abs().unwrap();
        difference.flatten_all().unwrap().max(0).unwrap().to_scalar().unwrap()
    };
    assert!(apart(&merged, &adapted) < 1e-4, "{}", apart(&merged, &adapted));
    assert!(apart(&merged, &plain) > 1e-2, "the adapter changed nothing");
}

#[test]
fn a_saved_folder_loads_again_bit_by_bit() {
    let place = Place::new();
    place.train("out", &place.spec(json!({})));
    let mut source = Source::open(&place.path("out")).unwrap();
    let (config, tensors, text) = (source.config().clone(), source.tensors().unwrap(), source.text().unwrap());
    crate::files::save_folder(place.0.path(), &config, &tensors, &text).unwrap();
    for file in
        ["config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]
    {
        assert!(
            std::fs::read(place.path("out").join(file)).unwrap() == std::fs::read(place.path(file)).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn chat_markers_are_single_tokens() {
    let text = tokenizer::train(&TEXTS, 280).unwrap();
    for marker in ["<|im_start|>", "<|im_end|>", "<|endoftext|>"] {
        assert_eq!(text.encode(marker).unwrap().len(), 1, "{marker}");
    }
    assert_eq!(text.ends.len(), 2);
}

fn chat(turns: &[(&str, &str)]) -> Record {
    let message = |(role, content): &(&str, &str)| Message {
        role: (*role).into(),
        content: (*content).into(),
        ..Message::default()
    };
    Record::Chat(turns.iter().map(message).collect(), ().into())
}

/// The learnt tokens of an example, as text with its markers.
fn learnt(text: &Text, example: &Example) -> String {
    let chosen = example.tokens.iter().zip(&example.learnt).filter(|(_, learnt)| **learnt);
    text.tokenizer.decode(&chosen.map(|(token, _)| *token).collect::<Vec<_>>(), false).unwrap()
}

#[test]
fn only_answers_and_their_ends_are_learnt() {
    let text = tokenizer::train(&TEXTS, 280).unwrap();
    let encoder = Encoder::new(&text).unwrap();
    let turns = [("system", "be"), ("user", "the cat"), ("assistant", "meow"), ("user", "dog"), ("assistant", "woof")];
    let example = encoder.example(&chat(&turns)).unwrap();
    assert_eq!(learnt(&text, &example), "meow<|im_end|>woof<|im_end|>");
    let whole = text.tokenizer.decode(&example.tokens, false).unwrap();
    let said = "<|im_start|>system\nbe<|im_end|>\n<|im_start|>user\nthe cat<|im_end|>\n<|im_start|>assistant\nmeow<|im_end|>\n\
                <|im_start|>user\ndog<|im_end|>\n<|im_start|>assistant\nwoof<|im_end|>";
    assert_eq!(whole, said);
    let batch = lay(&[&example]).unwrap();
    assert_eq!(text.tokenizer.decode(&batch.targets, false).unwrap(), "meow<|im_end|>woof<|im_end|>");
}

#[test]
fn a_question_is_what_comes_before_its_answer() {
    let text = tokenizer::train(&TEXTS, 280).unwrap();
    let encoder = Encoder::new(&text).unwrap();
    let record = chat(&[("user", "the cat"), ("assistant", "meow")]);
    let (prompt, answer) = encoder.question(&record).unwrap();
    let example = encoder.example(&record).unwrap();
    assert_eq!(answer, "meow");
    assert!(example.tokens.starts_with(&prompt));
    assert_eq!(example.learnt.iter().position(|learnt| *learnt), Some(prompt.len()));
}

/// A learner and two examples of different lengths.
fn learner() -> (Learner, Model, [Example; 2]) {
    let place = Place::new();
    let spec = Spec::parse(&place.spec(json!({})).to_string()).unwrap();
    let text = tokenizer::train(&TEXTS, 280).unwrap();
    let encoder = Encoder::new(&text).unwrap();
    let example = |ask: &str, say: &str| encoder.example(&chat(&[("user", ask), ("assistant", say)])).unwrap();
    let examples = [example("cat", "meow"), example("the dog", "woof and")];
    let origin = Origin::drawn(&spec, text.clone()).unwrap();
    let learner = Learner::new(&origin, &spec).unwrap();
    let tensors = learner.vars.iter().map(|(name, var)| (name.clone(), var.as_tensor().clone())).collect();
    let model = Model::from_named(origin.config, &tensors).unwrap();
    (learner, model, examples)
}

#[test]
fn the_loss_is_that_of_one_example_after_the_other() {
    let (learner, model, examples) = learner();
    let mut losses = vec![];
    for example in &examples {
        let seen = &example.tokens[..example.tokens.len() - 1];
        let logits = model.step_all(&mut [(seen, &mut Kv::new(model.config()))]).unwrap();
        let logits: Vec<f32> = logits.flatten_all().unwrap().to_vec1().unwrap();
        let rows = CrossEntropy::rows(&logits, &example.tokens[1..]);
        losses.extend(rows.into_iter().zip(&example.learnt[1..]).filter(|(_, learnt)| **learnt).map(|(loss, _)| loss));
    }
    let expected = losses.iter().sum::<f32>() / losses.len() as f32;
    let loss: f32 = learner.loss(lay(&[&examples[0], &examples[1]]).unwrap()).unwrap().to_scalar().unwrap();
    assert!((loss - expected).abs() < 1e-4, "{loss} {expected}");
    let measured = learner.measure(&examples, 1).unwrap();
    assert!((measured - f64::from(expected)).abs() < 1e-4, "{measured} {expected}");
}

#[test]
fn a_round_takes_every_example_once() {
    let place = Place::new();
    let spec = Spec::parse(&place.spec(json!({})).to_string()).unwrap();
    let text = tokenizer::train(&TEXTS, 280).unwrap();
    let files = lessons::read(&spec).unwrap();
    let mut lessons = Lessons::new(&spec, &files, &Encoder::new(&text).unwrap(), 3).unwrap();
    let many = lessons.train.len();
    let round = |lessons: &mut Lessons, round: usize| -> Vec<Vec<u32>> {
        let steps = round * many..(round + 1) * many;
        steps.map(|step| lessons.batch(step as u64, 1).unwrap().targets).collect()
    };
    let (first, second) = (round(&mut lessons, 0), round(&mut lessons, 1));
    let sorted = |mut all: Vec<Vec<u32>>| {
        all.sort_unstable();
        all
    };
    assert_ne!(first, second, "each round has an order of its own");
    assert_eq!(sorted(first), sorted(second));
}
