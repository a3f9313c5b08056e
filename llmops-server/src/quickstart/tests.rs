//! The data and the settings of the story, and what it prints.

use serde_json::{Map, Value, json};

use super::commands;
use super::data::{CAPITALS, HELDOUT, questions};
use super::narrator::Narrator;
use super::settings::{Settings, card};
use super::story::spent;
use crate::cli::Output;

#[test]
fn no_question_asked_in_the_end_was_trained_on() {
    let trained = String::from_utf8_lossy(CAPITALS.bytes);
    let asked = questions(5);
    assert_eq!(asked.len(), 5);
    for (question, answer) in asked {
        assert!(!trained.contains(&question), "{question}");
        assert!(answer.starts_with("The capital of ") && answer.ends_with('.'), "{answer}");
    }
}

#[test]
fn the_data_is_what_ships_with_the_examples() {
    assert_eq!(String::from_utf8_lossy(HELDOUT.bytes).lines().count(), 201);
    assert_eq!(String::from_utf8_lossy(CAPITALS.bytes).lines().count(), 601);
}

#[test]
fn a_base_out_of_a_file_is_tuned_with_lora() {
    let settings = Settings::new(true, false);
    assert!(settings.base.is_none());
    assert_eq!(settings.tuning["method"], "lora");
}

#[test]
fn a_quick_story_trains_for_few_steps() {
    let settings = Settings::new(false, true);
    let base = settings.base.unwrap_or_default();
    assert!(base["hyperparams"]["maxSteps"].as_u64() < Some(10));
    assert!(settings.tuning["hyperparams"]["maxSteps"].as_u64() < Some(10));
}

/// What a shell makes of a line.
fn shell(line: &str) -> String {
    let ended = std::process::Command::new("sh").args(["-c", line]).output().unwrap();
    assert!(ended.status.success(), "{line}: {}", String::from_utf8_lossy(&ended.stderr));
    String::from_utf8(ended.stdout).unwrap()
}

/// The words of a command line, as the program gets them.
fn words(command: &str) -> Vec<String> {
    shell(&format!("set -f; printf '%s\\n' {command}")).lines().map(str::to_owned).collect()
}

#[test]
fn a_shell_reads_every_word_back_as_it_was() {
    for word in
        ["plain-1.0.0", "two words", "What's the capital?", "it's \"$HOME\"", "", "a;b|c&d", "back`tick`\\!", "~/x"]
    {
        assert_eq!(shell(&format!("printf %s {}", commands::quoted(word))), word);
    }
}

#[test]
fn the_printed_chat_asks_for_as_many_tokens_as_the_story() {
    let (question, _) = questions(1).remove(0);
    let words = words(&commands::chat(&question));
    assert_eq!(words[3], question);
    let most = words.iter().position(|word| word == "--max-tokens").map(|at| words[at + 1].clone());
    assert_eq!(most, Some(commands::chat_settings()["max_tokens"].to_string()));
}

#[test]
fn the_printed_card_is_the_card() {
    let card = card("names the state's capital");
    let words = words(&commands::card("tuned", &card));
    assert_eq!(&words[..4], ["llmops-server", "models", "update", "tuned"]);
    let lines = words[4..].iter().filter_map(|word| word.split_once('='));
    let printed: Map<_, _> = lines.map(|(key, value)| (key.to_owned(), Value::from(value))).collect();
    assert_eq!(Value::Object(printed), card);
}

#[test]
fn the_printed_conversion_makes_the_folder_that_is_sent() {
    let [convert, create] = commands::import("my models/tiny.gguf".as_ref()).map(|command| words(&command));
    assert_eq!(convert[3..], ["--from", "my models/tiny.gguf", "--to", "model"]);
    assert_eq!(create.last().map(String::as_str), Some("model/*"));
}

#[test]
fn the_secret_of_a_new_key_comes_out_as_the_reviewer_needs_it() {
    let made = json!({ "name": "reviewer", "secret": "llmops_a-b_c", "roles": ["reviewer"], "tenant": "default" });
    let last = json!({ "name": "reviewer", "secret": "llmops_a-b_c" });
    for made in [made, last] {
        assert_eq!(shell(&format!("printf '%s\\n' '{made:#}' | {}", commands::SECRET)), "llmops_a-b_c\n");
    }
    assert!(commands::reviewer().ends_with(&format!("--json | {})", commands::SECRET)));
}

#[test]
fn a_step_that_was_done_before_says_so() {
    let mut narrator = Narrator::new(Output::new(true));
    for there in [false, true] {
        narrator.begin("Train");
        narrator.end("4 steps", there);
    }
    let told: Vec<_> = narrator.told.iter().map(|told| told.result.as_str()).collect();
    assert_eq!(told, ["4 steps", "there already: 4 steps"]);
}

#[test]
fn only_what_ran_this_time_counts_as_spent() {
    let job = json!({ "cpuSeconds": 1.5 });
    assert_eq!([spent(&job, false), spent(&job, true)], [1.5, 0.0]);
}
