//! Rules that a project wrote itself.

use std::sync::Arc;

use regex::{Regex, RegexBuilder};

use super::context::{Column, near};
use super::table::NEAR;
use super::{PiiDetector, PiiMatch, PiiRule, PiiType};
use crate::base::{Error, Result};

/// The most memory of a compiled pattern, and of the automaton that grows from it while it searches.
const COMPILED: usize = 256 << 10;
const AUTOMATON: usize = 512 << 10;
/// Brackets within brackets.
const NESTING: u32 = 50;
/// Findings of a rule in one value. A pattern may look at all that follows for each finding, so more could take for ever.
const MOST: usize = 1000;

/// How sure a finding is when its rule does not say: by itself, and without a word that it wants near.
pub(crate) const CONFIDENCE: f64 = 0.9;
pub(crate) const ALONE: f64 = 0.3;

/// Finds by a project's own rules.
pub(crate) struct CustomDetector(Vec<Custom>);

struct Custom {
    name: Arc<str>,
    pattern: Regex,
    context: Vec<String>,
    confidence: f64,
    alone: f64,
}

impl CustomDetector {
    /// A detector for these rules.
    ///
    /// # Errors
    /// `invalid` with the field of the pattern that cannot be used.
    pub(crate) fn new(rules: &[PiiRule]) -> Result<Self> {
        let custom = |(at, rule): (usize, &PiiRule)| -> Result<Custom> {
            let words = rule.context.as_deref().unwrap_or_default();
            let confidence = rule.confidence.unwrap_or(CONFIDENCE);
            Ok(Custom {
                name: rule.name.as_str().into(),
                pattern: compile(&format!("rules[{at}].pattern"), &rule.pattern)?,
                context: words.iter().map(|word| word.to_lowercase()).collect(),
                alone: if words.is_empty() { confidence } else { rule.confidence_alone.unwrap_or(ALONE) },
                confidence,
            })
        };
        Ok(Self(rules.iter().enumerate().map(custom).collect::<Result<_>>()?))
    }
}

impl PiiDetector for CustomDetector {
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
        self.find_in("", text, found);
    }

    fn find_in(&self, column: &str, text: &str, found: &mut Vec<PiiMatch>) {
        let column = Column::new(column);
        for rule in &self.0 {
            for hit in rule.pattern.find_iter(text).take(MOST).filter(|hit| !hit.is_empty()) {
                let span = hit.range();
                let near = || near(text, &span, &rule.context, NEAR);
                let sure = rule.context.is_empty() || column.is_of(&rule.context) || near();
                let confidence = if sure { rule.confidence } else { rule.alone };
                found.push(PiiMatch::new(PiiType::Custom, span, confidence).of_rule(rule.name.clone()));
            }
        }
    }
}

/// The pattern, unless it is none, is too large, or finds nothing at all in some text.
fn compile(field: &str, pattern: &str) -> Result<Regex> {
    let built = RegexBuilder::new(pattern).size_limit(COMPILED).dfa_size_limit(AUTOMATON).nest_limit(NESTING).build();
    let built = built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => Error::invalid(field, "must take at most 256 KiB when it is compiled")
            .hint("shorten its repetitions, as `{1,1000}`, or use `[a-z]` in place of `\\w`"),
        error => Error::invalid(field, format!("is no pattern: {}", reason(&error.to_string())))
            .hint("the syntax is that of the `regex` crate: no look-around and no back-references"),
    })?;
    let empty = |text: &&str| built.find_iter(text).any(|hit| hit.is_empty());
    if ["", "a", "a 1.", "\u{e9}", "a\u{e9}", "\u{e9}a"].iter().any(empty) {
        return Err(Error::invalid(field, "must not match an empty text")
            .hint("use `+` in place of `*`, and do not leave all of it optional"));
    }
    Ok(built)
}

/// What is wrong, without the drawing of where.
fn reason(message: &str) -> String {
    let last = message.lines().rev().find_map(|line| line.strip_prefix("error: "));
    last.unwrap_or("it cannot be read").chars().take(200).collect()
}
