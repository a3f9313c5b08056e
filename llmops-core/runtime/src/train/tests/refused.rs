//! What is refused, and with which exit code.

use super::*;
use crate::serve::tests::tiny;

/// Trains with these fields and expects this exit code and these words.
fn check(changes: Value, code: u8, words: &str) {
    let place = Place::new();
    check_at(&place, &place.spec(changes), code, words);
}

fn check_at(place: &Place, spec: &Value, code: u8, words: &str) {
    let error = train_until(&place.args("out", spec), &Ending::default()).unwrap_err();
    assert_eq!(error.exit_code(), code, "{error}");
    assert!(error.to_string().contains(words), "{error}");
    assert!(!place.path("out").exists());
}

#[test]
fn wrong_specifications_name_the_field() {
    check(json!({"stepz": 3}), 2, "stepz");
    check(json!({"hyper": {"lr": "fast"}}), 2, "hyper.lr");
    check(json!({"hyper": {"lr": 100}}), 2, "hyper.lr");
    check(json!({"hyper": {"batch": 0}}), 2, "hyper.batch");
    check(json!({"hyper": {"steps": 0}}), 2, "hyper.steps");
    check(json!({"hyper": {"steps": -1}}), 2, "hyper.steps");
    check(json!({"hyper": {"learning_rate": 1}}), 2, "learning_rate");
    check(json!({"data": []}), 2, "`data`");
    check(json!({"job_type": "finetune"}), 2, "`base`");
    check(json!({"job_type": "magic"}), 2, "job_type");
    check(json!({"base": "base"}), 2, "`base`");
    check(json!({"method": "lora"}), 2, "`method`");
    check(json!({"architecture": {"vocab_size": 10}}), 2, "architecture.vocab_size");
    check(json!({"architecture": {"hidden_size": 15, "num_attention_heads": 4}}), 2, "hidden_size");
    check(json!({"architecture": {"hidden_size": -4}}), 2, "architecture.hidden_size");
    check(json!({"lora": {"targets": ["everything"]}}), 2, "lora.targets");
    check(json!({"lora": {"rank": 0}}), 2, "lora.rank");
    check(json!({"eval": {"split": 0.9}}), 2, "eval.split");
}

/// Another rate of learning would not help.
#[test]
fn a_base_with_damaged_weights_is_at_fault() {
    let place = Place::new();
    tiny::save_damaged(&place.path("base"));
    check_at(&place, &place.tuning("base", json!({})), 66, "damaged");
}

#[test]
fn a_specification_that_is_no_json_is_refused() {
    let place = Place::new();
    let args = place.args("out", &json!(null));
    place.write("spec.json", "{");
    assert_eq!(train_until(&args, &Ending::default()).unwrap_err().exit_code(), 2);
    std::fs::remove_file(place.path("spec.json")).unwrap();
    assert_eq!(train_until(&args, &Ending::default()).unwrap_err().exit_code(), 2);
}

/// Trains on a file with this content.
fn check_data(content: &str, format: &str, words: &str) {
    let place = Place::new();
    place.write("bad.jsonl", content);
    let spec = place.spec(json!({"data": [{"path": place.path("bad.jsonl"), "format": format}]}));
    check_at(&place, &spec, 65, words);
}

#[test]
fn wrong_data_say_where() {
    check_data("", "text", "no examples");
    check_data("\n\n", "text", "no examples");
    check_data("{\"text\": \"a\"}\n{\"text\":", "text", "line 2 is not JSON");
    check_data("{\"text\": 3}", "text", "line 1: `text` is no text");
    check_data("{\"prompt\": \"a\"}", "prompt", "line 1: it has no field `response`");
    check_data("{\"messages\": [{\"role\": \"user\", \"content\": \"a\"}]}", "chat", "no message is the assistant's");
    check_data("{\"messages\": 7}", "chat", "line 1: `messages` is no list");
    check_data("{\"text\": \"\"}", "text", "no token to learn");
    check_data("\u{0}\u{1}", "text", "line 1 is not JSON");
}

#[test]
fn data_that_do_not_exist_are_wrong_data() {
    check(json!({"data": [{"path": "/nowhere.jsonl", "format": "text"}]}), 65, "/nowhere.jsonl");
}

#[test]
fn answers_beyond_the_context_are_wrong_data() {
    let place = Place::new();
    place.train("base", &place.spec(json!({})));
    let hyper = json!({"steps": 2, "context": 4});
    check_at(&place, &place.tuning("base", json!({"hyper": hyper})), 65, "hyper.context");
}

#[test]
fn wrong_bases_are_wrong_models() {
    let place = Place::new();
    check_at(&place, &place.tuning("nowhere", json!({})), 66, "nowhere");
    place.train("base", &place.spec(json!({})));
    let weights = place.path("base/model.safetensors");
    let whole = std::fs::read(&weights).unwrap();
    std::fs::write(&weights, &whole[..whole.len() / 2]).unwrap();
    check_at(&place, &place.tuning("base", json!({})), 66, "model.safetensors");
    place.write("base.gguf", "GGUF, or so it says");
    check_at(&place, &place.tuning("base.gguf", json!({})), 66, "base.gguf");
}

#[test]
fn work_without_memory_for_it_is_not_begun() {
    let wide = json!({"hidden_size": 262_144, "intermediate_size": 1000, "num_hidden_layers": 1024, "vocab_size": 280});
    check(json!({"architecture": wide}), 69, "MiB");
    check(json!({"hyper": {"batch": 65_536, "context": 30}, "architecture": {"hidden_size": 256}}), 69, "MiB");
}
