//! Who tells the story: each step with the command line that does the same, and how long it took.

use std::time::Instant;

use serde_json::{Value, json};

use crate::cli::{Output, say};

/// A step that is over.
pub(super) struct Told {
    /// What was done.
    pub(super) step: String,
    /// How long it took.
    pub(super) seconds: f64,
    /// What came out.
    pub(super) result: String,
    /// Whether a run before had already done it.
    pub(super) there: bool,
}

impl Told {
    /// The step for programs.
    pub(super) fn to_json(&self) -> Value {
        json!({ "step": self.step, "seconds": (self.seconds * 1000.0).round() / 1000.0, "result": self.result })
    }
}

/// Tells the story to people; to programs only what came out of it.
pub(super) struct Narrator {
    out: Output,
    began: Instant,
    step: Option<(String, Instant)>,
    /// The steps that are over.
    pub(super) told: Vec<Told>,
}

impl Narrator {
    /// Begins to tell.
    pub(super) fn new(out: Output) -> Self {
        Self { out, began: Instant::now(), step: None, told: Vec::new() }
    }

    /// Seconds since the story began.
    pub(super) fn seconds(&self) -> f64 {
        self.began.elapsed().as_secs_f64()
    }

    /// A line of the story.
    pub(super) fn line(&self, text: &str) {
        if !self.out.is_json() {
            say(text);
        }
    }

    /// A command line that does what comes next.
    pub(super) fn command(&self, command: &str) {
        self.line(&format!("  $ {command}"));
    }

    /// A step begins.
    pub(super) fn begin(&mut self, step: &str) {
        self.line(&format!("\n{}. {step}", self.told.len() + 1));
        self.step = Some((step.to_owned(), Instant::now()));
    }

    /// The step is over, and this came out; `there` if a run before had already done it.
    pub(super) fn end(&mut self, result: &str, there: bool) {
        if let Some((step, began)) = self.step.take() {
            let seconds = began.elapsed().as_secs_f64();
            let result = if there { format!("there already: {result}") } else { result.to_owned() };
            self.line(&format!("  {result} ({seconds:.1} s)"));
            self.told.push(Told { step, seconds, result, there });
        }
    }
}
