use serde_json::{Value, json};
use tempfile::TempDir;

use super::*;
use crate::files::{Text, save_folder, whole};
use crate::model::Config;
use crate::serve::tests::tiny;

/// A working folder with a small model and some data.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        let save = |part: &std::path::Path| save_folder(part, &tiny::config(), &tiny::weights(), &tiny::text());
        whole(&place.path("model"), save).unwrap();
        let lines = (0..9).map(|i| json!({"id": format!("q{i}"), "prompt": "ab".repeat(i + 1), "response": "yes"}));
        place.write("data.jsonl", &lines.map(|line| format!("{line}\n")).collect::<String>());
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn args(&self, out: &str) -> EvalArgs {
        EvalArgs {
            model: self.path("model"),
            data: self.path("data.jsonl"),
            out: self.path(out),
            max_tokens: 12,
            temperature: 0.0,
            seed: 0,
            batch: 4,
            generate: true,
            likelihood: true,
            limit: None,
            quant: Quant::F32,
            events: Some(self.path(&format!("{out}-events"))),
        }
    }

    fn eval(&self, args: &EvalArgs) -> Vec<Value> {
        eval_until(args, &Ending::default()).unwrap();
        read(&args.out.join("samples.jsonl"))
    }

    fn starts(&self, out: &str) -> Vec<Value> {
        let all = read(&self.path(&format!("{out}-events")));
        all.into_iter().filter(|event| event["event"] == "start").collect()
    }
}

fn read(path: &std::path::Path) -> Vec<Value> {
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Samples without the time they took.
fn timeless(mut samples: Vec<Value>) -> Vec<Value> {
    samples.iter_mut().for_each(|sample| sample["ms"] = Value::Null);
    samples
}

#[test]
fn every_line_has_its_sample_in_its_place() {
    let place = Place::new();
    let samples = place.eval(&place.args("out"));
    let ids: Vec<&str> = samples.iter().map(|sample| sample["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["q0", "q1", "q2", "q3", "q4", "q5", "q6", "q7", "q8"]);
    for (at, sample) in samples.iter().enumerate() {
        let template = "<|im_start|>user\n<|im_end|>\n<|im_start|>assistant\n";
        let bytes = tiny::text().encode(template).unwrap().len() + 2 * (at + 1);
        assert_eq!(sample["prompt_tokens"], bytes, "{sample}");
        assert_eq!(sample["log_probs"].as_array().unwrap().len(), 3, "a token a byte");
        assert_eq!(sample["bytes"], 3);
    }
    assert!(!place.path("out.part").exists());
}

#[test]
fn damaged_weights_are_the_models_fault() {
    let place = Place::new();
    tiny::save_damaged(&place.path("damaged"));
    for (out, generate, likelihood) in [("answers", true, false), ("likely", false, true)] {
        let args = EvalArgs { model: place.path("damaged"), generate, likelihood, ..place.args(out) };
        let error = eval_until(&args, &Ending::default()).unwrap_err();
        assert!(error.exit_code() == 66 && error.to_string().contains("damaged"), "{out}: {error}");
    }
}

/// A template that no messages can please is a part of the model; one that says what it does not take speaks of the data.
#[test]
fn a_template_that_cannot_be_carried_out_is_the_models_fault() {
    let place = Place::new();
    for (name, template, code) in [
        ("broken", "{{ messages | nosuchfilter }}", 66),
        ("endless", "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", 66),
        ("picky", "{{ raise_exception('no users here') }}", 65),
    ] {
        let text = Text { template: Some(template.into()), ..tiny::text() };
        let save = |part: &std::path::Path| save_folder(part, &tiny::config(), &tiny::weights(), &text);
        whole(&place.path(name), save).unwrap();
        let args = EvalArgs { model: place.path(name), ..place.args(&format!("out-{name}")) };
        let error = eval_until(&args, &Ending::default()).unwrap_err();
        assert_eq!(error.exit_code(), code, "{name}: {error}");
    }
}

#[test]
fn a_batch_gives_what_each_line_gets_alone() {
    let place = Place::new();
    let together = place.eval(&place.args("together"));
    let alone = place.eval(&EvalArgs { batch: 1, ..place.args("alone") });
    assert_eq!(timeless(together), timeless(alone));
}

#[test]
fn draws_follow_the_seed() {
    let place = Place::new();
    let draw = |out: &str, seed| timeless(place.eval(&EvalArgs { temperature: 1.0, seed, ..place.args(out) }));
    assert_eq!(draw("a", 1), draw("b", 1));
    assert_ne!(draw("a", 1), draw("c", 5));
}

#[test]
fn a_killed_run_goes_on_behind_its_last_whole_line() {
    let place = Place::new();
    let samples = place.eval(&place.args("out"));
    let mut partial = Partial::open(&place.path("out"), &work(&place.args("out")).unwrap()).unwrap();
    partial.push(&json!({"id": "kept"})).unwrap();
    partial.push(&samples[1]).unwrap();
    drop(partial);
    let path = place.path("out.part/samples.jsonl");
    let held = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, held + "{\"id\": \"q2\", \"predi").unwrap();
    let resumed = place.eval(&place.args("out"));
    assert_eq!(place.starts("out")[1]["resumed_from"], 2);
    assert_eq!(resumed[0], json!({"id": "kept"}), "what was there is not made again");
    assert_eq!(timeless(resumed)[1..], timeless(samples)[1..]);
}

#[test]
fn samples_of_other_work_are_not_kept() {
    let place = Place::new();
    let mut partial = Partial::open(&place.path("out"), "other work").unwrap();
    partial.push(&json!({"id": "other"})).unwrap();
    drop(partial);
    assert_eq!(place.eval(&place.args("out"))[0]["id"], "q0");
    assert_eq!(place.starts("out")[0]["resumed_from"], 0);
}

#[test]
fn a_request_to_end_keeps_what_is_there() {
    let place = Place::new();
    let ending = Ending::default();
    ending.ask();
    eval_until(&place.args("out"), &ending).unwrap();
    assert!(!place.path("out").exists());
    assert_eq!(read(&place.path("out.part/samples.jsonl")).len(), 1);
    assert_eq!(read(&place.path("out-events")).last().unwrap()["reason"], "cancelled");
}

#[test]
fn log_probabilities_are_those_of_one_pass() {
    let place = Place::new();
    let sample = &place.eval(&place.args("out"))[2];
    let (model, text) = (tiny::tiny(), tiny::text());
    let ask = "<|im_start|>user\nababab<|im_end|>\n<|im_start|>assistant\n";
    let (prompt, answer) = (text.encode(ask).unwrap(), text.encode("yes").unwrap());
    let all = [prompt.clone(), answer].concat();
    let rows = model.model.step_all(&mut [(&all, &mut Kv::new(model.model.config()))]).unwrap();
    let rows: Vec<Vec<f32>> = rows.to_vec2().unwrap();
    for (at, said) in sample["log_probs"].as_array().unwrap().iter().enumerate() {
        let row = &rows[prompt.len() + at - 1];
        let sum: f64 = row.iter().map(|&x| f64::from(x).exp()).sum();
        let expected = f64::from(row[all[prompt.len() + at] as usize]) - sum.ln();
        assert!((said.as_f64().unwrap() - expected).abs() < 1e-3, "{said} {expected}");
    }
}

#[test]
fn a_text_longer_than_the_context_is_measured_whole() {
    let place = Place::new();
    let config = Config { max_position_embeddings: 16, ..tiny::config() };
    let save = |part: &std::path::Path| save_folder(part, &config, &tiny::weights(), &tiny::text());
    whole(&place.path("model"), save).unwrap();
    let text = "the quick brown fox jumps over the lazy dog";
    let long = json!({"prompt": "x".repeat(50), "response": "yes"});
    place.write("data.jsonl", &format!("{}\n{long}\n", json!({"text": text})));
    let samples = place.eval(&place.args("out"));
    assert_eq!(samples[0]["log_probs"].as_array().unwrap().len(), text.len());
    assert_eq!((&samples[0]["bytes"], samples[0].get("prediction")), (&json!(text.len()), None));
    assert_eq!(samples[1]["log_probs"].as_array().unwrap().len(), 3);
    assert_eq!((&samples[1]["prediction"], &samples[1]["finish_reason"]), (&json!(""), &json!("length")));
}

#[test]
fn a_limit_takes_the_first_lines() {
    let place = Place::new();
    assert_eq!(place.eval(&EvalArgs { limit: Some(2), ..place.args("out") }).len(), 2);
}

fn code(args: &EvalArgs) -> u8 {
    eval_until(args, &Ending::default()).unwrap_err().exit_code()
}

#[test]
fn wrong_arguments_data_and_models_are_told_apart() {
    let place = Place::new();
    assert_eq!(code(&EvalArgs { temperature: f32::NAN, ..place.args("out") }), 2);
    assert_eq!(code(&EvalArgs { data: place.path("nowhere"), ..place.args("out") }), 65);
    assert_eq!(code(&EvalArgs { limit: Some(0), ..place.args("out") }), 65);
    assert_eq!(code(&EvalArgs { model: place.path("nowhere"), ..place.args("out") }), 66);
    place.write("data.jsonl", "{\"question\": \"a\"}\n");
    assert_eq!(code(&place.args("out")), 65);
}
