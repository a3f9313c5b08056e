//! Personal and secret data in text: who finds it, and how a finding is shown without showing it.

mod context;
mod custom;
mod edges;
mod marks;
mod names;
mod numbers;
mod rules;
mod search;
mod secrets;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::ops::Range;
use std::sync::Arc;

pub(super) use context::Column;
pub(super) use custom::{ALONE, CONFIDENCE, CustomDetector};
pub use rules::RuleDetector;
pub(super) use search::{Least, Search};

use super::{PiiRule, PiiType};

/// The longest excerpt, in characters.
const EXCERPT: usize = 60;

/// Something found in a text.
#[derive(Debug, Clone, PartialEq)]
pub struct PiiMatch {
    /// What it is.
    pub kind: PiiType,
    /// Its bytes within the text.
    pub span: Range<usize>,
    /// 0 to 1.
    pub confidence: f64,
    /// What found it, of a finding of the kind `custom`: a rule of a policy, or a detector's own word for it.
    pub rule: Option<Arc<str>>,
}

impl PiiMatch {
    /// A finding by no rule of its own name.
    pub fn new(kind: PiiType, span: Range<usize>, confidence: f64) -> Self {
        Self { kind, span, confidence, rule: None }
    }

    /// The same, found under this name.
    pub fn of_rule(self, name: impl Into<Arc<str>>) -> Self {
        Self { rule: Some(name.into()), ..self }
    }
}

/// Finds personal data. The rules here are one; a model may be another. It is called on threads of its own, on several at a
/// time, each time with one value of the data.
pub trait PiiDetector: Send + Sync + 'static {
    /// Adds what is found in `text`, no two findings over the same bytes. The same text gives the same findings, or what was
    /// redacted would be found again.
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>);

    /// The same for a text of this column, whose name may say what it holds.
    fn find_in(&self, column: &str, text: &str, found: &mut Vec<PiiMatch>) {
        let _ = column;
        self.find(text, found);
    }
}

/// A finding of which only its first and last letter is shown, and what stands between words; of a secret only its beginning, which
/// of a short one is a letter, and of a kind that nobody knows only its first letter.
pub(super) fn mask(kind: PiiType, text: &str) -> String {
    let shown = text.chars().take(EXCERPT);
    let letters: Vec<usize> = text.chars().enumerate().filter(|(_, c)| c.is_alphanumeric()).map(|(at, _)| at).collect();
    let secret = matches!(kind, PiiType::Secret | PiiType::UrlCredentials);
    let keep = |at: usize| match (letters.first(), letters.last()) {
        (Some(first), _) if secret => at < first + if letters.len() < 12 { 1 } else { 3 },
        (Some(first), _) if kind == PiiType::Custom => at == *first && letters.len() > 3,
        (Some(first), Some(last)) => (at == *first && letters.len() > 1) || (at == *last && letters.len() > 3),
        _ => false,
    };
    let between = |c: char| c.is_whitespace() || matches!(c, '-' | '_' | '.' | ',' | '@' | '/' | ':' | '+' | '(' | ')');
    let hidden = |at: usize, c: char| if c.is_alphanumeric() { !keep(at) } else { !between(c) };
    shown.enumerate().map(|(at, c)| if hidden(at, c) { '*' } else { c }).collect()
}
