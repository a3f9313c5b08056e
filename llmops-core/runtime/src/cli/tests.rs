use std::path::Path;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::code;
use crate::convert::inspected;
use crate::files::{save_folder, whole};
use crate::serve::tests::tiny;

/// The exit code of a command line; `DIR` stands for the folder.
fn run(dir: &Path, line: &str) -> u8 {
    let words = line.split_whitespace().map(|word| word.replace("DIR", &dir.display().to_string()).into());
    code(&words.collect::<Vec<_>>())
}

fn place() -> TempDir {
    let dir = tempfile::tempdir().unwrap();
    let save = |part: &Path| save_folder(part, &tiny::config(), &tiny::weights(), &tiny::text());
    whole(&dir.path().join("model"), save).unwrap();
    dir
}

#[test]
fn a_wrong_command_line_is_told_by_its_code() {
    let dir = place();
    for line in [
        "",
        "dance",
        "train",
        "train --spec DIR/spec.json",
        "serve",
        "eval --model DIR/model",
        "--threads 0 inspect DIR/model",
    ] {
        assert_eq!(run(dir.path(), line), 2, "{line}");
    }
    assert_eq!(run(dir.path(), "--help"), 0);
    assert_eq!(run(dir.path(), "train --help"), 0);
}

#[test]
fn failures_are_told_by_their_codes() {
    let dir = place();
    std::fs::write(dir.path().join("spec.json"), "{}").unwrap();
    assert_eq!(run(dir.path(), "train --spec DIR/spec.json --out DIR/out"), 2);
    assert_eq!(run(dir.path(), "eval --model DIR/model --data DIR/nowhere --out DIR/out"), 65);
    assert_eq!(run(dir.path(), "inspect DIR/nowhere"), 66);
    assert_eq!(run(dir.path(), "tokenizer --text DIR/nowhere --out DIR/out"), 65);
    std::fs::write(dir.path().join("data"), "{\"text\": \"a\"}\n").unwrap();
    assert_eq!(run(dir.path(), "eval --model DIR/model --data DIR/data --out DIR/data/out"), 70);
}

#[test]
fn a_model_goes_into_one_file_and_back() {
    let dir = place();
    assert_eq!(run(dir.path(), "convert --from DIR/model --to DIR/one.gguf --store f32"), 0);
    assert_eq!(run(dir.path(), "convert --from DIR/one.gguf --to DIR/back"), 0);
    let read = |name: &str| std::fs::read(dir.path().join(name)).unwrap();
    assert!(read("model/model.safetensors") == read("back/model.safetensors"), "the weights differ");
    assert!(read("model/tokenizer.json") == read("back/tokenizer.json"), "the tokenizers differ");
}

#[test]
fn a_model_says_what_it_is() {
    let dir = place();
    let said = inspected(&dir.path().join("model")).unwrap();
    assert_eq!((&said["form"], &said["params"]), (&json!("folder"), &json!(tiny::config().parameters())));
    assert_eq!(said["tensors"].as_array().unwrap().len(), 20);
    assert_eq!(said["tokenizer"]["chat_template"], Value::Bool(true));
    assert_eq!(run(dir.path(), "inspect DIR/model"), 0);
}

#[test]
fn a_tokenizer_of_its_own_can_be_trained() {
    let dir = place();
    std::fs::write(dir.path().join("text"), "to be or not to be\n".repeat(9)).unwrap();
    assert_eq!(run(dir.path(), "tokenizer --text DIR/text --vocab 265 --out DIR/tokenizer"), 0);
    assert!(dir.path().join("tokenizer/tokenizer.json").exists());
    assert_eq!(run(dir.path(), "tokenizer --text DIR/text --vocab 5 --out DIR/tokenizer"), 2);
}
