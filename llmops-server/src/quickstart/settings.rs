//! What is trained, and how: found by trying, so that the story is short and the tuned model right.

use serde_json::{Value, json};

/// The settings of one telling.
pub(super) struct Settings {
    /// The base model's shape and training; nothing when it comes out of a file.
    pub(super) base: Option<Value>,
    /// The tuning.
    pub(super) tuning: Value,
    /// At most so many held-out questions; all if absent.
    pub(super) questions: Option<u32>,
    /// Whether the trainings are too short to learn from.
    pub(super) quick: bool,
}

impl Settings {
    /// Of a story whose base comes out of a file or not, quick or not.
    pub(super) fn new(file: bool, quick: bool) -> Self {
        let steps = |full: u32, short: u32| if quick { short } else { full };
        let base = json!({
            "jobType": "from_scratch",
            "architecture": {
                "hiddenSize": 128, "layers": 4, "heads": 4, "kvHeads": 2, "intermediateSize": 344,
                "vocabulary": 1024, "context": 128,
            },
            "hyperparams": {
                "maxSteps": steps(120, 4), "batchSize": 16, "maxSeqLen": 96, "lr": 0.002, "warmup": steps(6, 1),
                "weightDecay": 0.1, "seed": 1,
            },
        });
        let full = json!({
            "jobType": "finetune",
            "method": "full",
            // Less pull leaves the capitals tied to the wording of the questions; a lower rate learns them too late.
            "hyperparams": {
                "maxSteps": steps(300, 4), "batchSize": 16, "lr": 0.003, "warmup": steps(15, 1), "weightDecay": 1.0,
                "seed": 1,
            },
        });
        let lora = json!({
            "jobType": "finetune",
            "method": "lora",
            "lora": { "rank": 8, "alpha": 16 },
            "hyperparams": { "maxSteps": steps(60, 2), "batchSize": 4, "lr": 0.001, "seed": 1 },
        });
        Self {
            base: (!file).then_some(base),
            tuning: if file { lora } else { full },
            questions: if quick { Some(8) } else { file.then_some(40) },
            quick,
        }
    }
}

/// What is measured, the first of all first.
pub(super) const METRICS: [&str; 5] = ["exact_match", "token_f1", "bleu", "rougeL", "latency"];

/// At most so many tokens an answer, in evaluations and in the chat.
pub(super) const ANSWER_TOKENS: u32 = 32;

/// What a reviewer wants to read on a model's card before anything else.
pub(super) fn card(purpose: &str) -> Value {
    json!({
        "purpose": purpose,
        "scope": "a demonstration on one machine; not for any decision",
        "contact": "whoever ran the quickstart",
        "license": "CC0-1.0",
    })
}
