//! A search by several detectors, of which only what counts is kept.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Column, PiiDetector, PiiMatch, PiiType, RuleDetector};

/// What counts of a search.
#[derive(Debug, Default)]
pub(crate) struct Least {
    /// The least confidence by kind; other kinds do not count.
    pub kinds: BTreeMap<PiiType, f64>,
    /// The same by the name of a rule, which goes before its kind.
    pub rules: BTreeMap<String, f64>,
}

impl Least {
    fn counts(&self, found: &PiiMatch) -> bool {
        let rule = found.rule.as_ref().and_then(|rule| self.rules.get(&**rule));
        rule.or_else(|| self.kinds.get(&found.kind)).is_some_and(|least| found.confidence >= *least)
    }
}

/// Detectors and what counts of their findings.
pub(crate) struct Search {
    rules: RuleDetector,
    others: Vec<Arc<dyn PiiDetector>>,
    least: Least,
}

impl Search {
    pub(crate) fn new(rules: RuleDetector, others: Vec<Arc<dyn PiiDetector>>, least: Least) -> Self {
        Self { rules, others, least }
    }

    /// Puts what counts in place of what was in `found`, by where it begins. Findings of different kinds may overlap: each
    /// is judged by itself. Of the same kind the detector that comes first has it.
    pub(crate) fn find(&self, column: &str, text: &str, found: &mut Vec<PiiMatch>) {
        self.find_at(&Column::new(column), text, found);
    }

    /// The same for a column that more is looked for in.
    pub(crate) fn find_at(&self, column: &Column<'_>, text: &str, found: &mut Vec<PiiMatch>) {
        found.clear();
        let text = &*unescaped(text);
        self.rules.find_at(column, text, found);
        found.retain(|one| self.counts(one, text));
        for detector in &self.others {
            let before = found.len();
            detector.find_in(column.name(), text, found);
            let mut at = 0;
            found.retain(|one| {
                at += 1;
                at <= before || self.counts(one, text)
            });
            if before > 0 && found.len() > before {
                let new = found.split_off(before);
                let known: Vec<PiiMatch> = std::mem::take(found);
                found.extend(merge(known, new));
            }
        }
        found.sort_by_key(|one| one.span.start);
    }
}

impl Search {
    fn counts(&self, one: &PiiMatch, text: &str) -> bool {
        self.least.counts(one) && text.get(one.span.clone()).is_some_and(|of| !of.is_empty())
    }
}

/// JSON with blanks in the place of escapes that end in a letter, so that nothing stands before the number in `"call\n010-.."`,
/// also where JSON is a text within JSON, as the arguments of a tool call. Every byte keeps its place.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.trim_start().starts_with(['[', '{']) || !text.contains('\\') {
        return Cow::Borrowed(text);
    }
    let mut blank = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, run) = rest.split_at(at);
        let length = run.bytes().take_while(|byte| *byte == b'\\').count();
        blank.push_str(before);
        let taken = if run[length..].starts_with(['n', 'r', 't', 'b', 'f']) {
            blank.extend(std::iter::repeat_n(' ', length + 1));
            length + 1
        } else {
            blank.push_str(&run[..length]);
            length
        };
        rest = &run[taken..];
    }
    blank.push_str(rest);
    Cow::Owned(blank)
}

/// What is known, and of the new what does not overlap the same there.
fn merge(known: Vec<PiiMatch>, new: Vec<PiiMatch>) -> Vec<PiiMatch> {
    let mut taken: BTreeMap<(PiiType, Option<Arc<str>>, usize), usize> = BTreeMap::new();
    let key = |one: &PiiMatch, at: usize| (one.kind, one.rule.clone(), at);
    for one in &known {
        taken.insert(key(one, one.span.start), one.span.end);
    }
    let free = |one: &PiiMatch| {
        let before = taken.range(key(one, 0)..key(one, one.span.end)).next_back();
        before.is_none_or(|(_, end)| *end <= one.span.start)
    };
    let new: Vec<PiiMatch> = new.into_iter().filter(free).collect();
    known.into_iter().chain(new).collect()
}
