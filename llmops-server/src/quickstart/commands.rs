//! The command lines that do what the story does, as a shell takes them.

use std::path::Path;

use serde_json::{Value, json};

use super::data::VERSION;
use super::settings::{ANSWER_TOKENS, METRICS};
use super::story::{BASE, ROUTE};

/// Takes the secret out of a key that was just made, with nothing but what every machine has.
pub(super) const SECRET: &str = r#"sed -n 's/^ *"secret": "\(.*\)",\{0,1\}$/\1/p'"#;

/// A word as a shell reads it back.
pub(super) fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    if word.contains('\'') && !word.contains(['"', '$', '`', '\\', '!']) {
        return format!("\"{word}\"");
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// Makes the key of the reviewer.
pub(super) fn reviewer() -> String {
    format!(
        "REVIEWER=$(llmops-server call governance.create_api_key name=reviewer 'roles=[\"reviewer\"]' --json | {SECRET})"
    )
}

/// Brings a file into the catalog as the base model.
pub(super) fn import(file: &Path) -> [String; 2] {
    [
        format!("llmops-server runtime convert --from {} --to model", quoted(&file.display().to_string())),
        format!("llmops-server models create {BASE} {VERSION} model/*"),
    ]
}

/// Writes the card of a model.
pub(super) fn card(name: &str, card: &Value) -> String {
    let lines = card.as_object().into_iter().flatten().map(|(key, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        format!(" --card {key}={}", quoted(&value))
    });
    format!("llmops-server models update {name}{}", lines.collect::<String>())
}

/// Measures a model on a dataset, on at most so many questions.
pub(super) fn evaluate(model: &str, dataset: &str, most: Option<u32>) -> String {
    let metrics = METRICS.map(|name| format!(" --metric {name}")).concat();
    let limit = most.map(|most| format!(" --limit {most}")).unwrap_or_default();
    format!(
        "llmops-server evaluate start --model {model} --dataset {dataset} --max-tokens {ANSWER_TOKENS}{limit}{metrics}"
    )
}

/// What is sent with every question of the chat.
pub(super) fn chat_settings() -> Value {
    json!({ "temperature": 0.0, "max_tokens": ANSWER_TOKENS })
}

/// Asks the tuned model.
pub(super) fn chat(question: &str) -> String {
    format!("llmops-server chat {ROUTE} {} --temperature 0 --max-tokens {ANSWER_TOKENS}", quoted(question))
}
