//! The data and the settings of the story.

use super::data::{CAPITALS, HELDOUT, questions};
use super::settings::Settings;

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
