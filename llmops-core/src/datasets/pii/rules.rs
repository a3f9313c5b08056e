//! Finding by patterns, each finding judged by what it is made of.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::Column;
use super::edges::is_fraction;
use super::marks::Marks;
use super::names::Names;
use super::numbers::NOBODY;
use super::table::{Spec, table};
use super::words::WORDS;
use super::{PiiDetector, PiiMatch, PiiType};
use crate::base::{Error, Result};

/// One pattern of the table.
#[derive(Clone)]
struct Rule {
    kind: PiiType,
    pattern: Regex,
    spec: Spec,
}

/// Finds by rules; see the table.
pub struct RuleDetector {
    rules: Vec<Rule>,
    /// See [`WORDS`].
    words: Regex,
    names: Option<Names>,
}

impl RuleDetector {
    /// A detector for these kinds.
    ///
    /// # Errors
    /// `unexpected` when a pattern is not one, which its tests rule out.
    pub fn new(types: &[PiiType]) -> Result<Self> {
        let (rules, words) = compiled()?;
        let rules = rules.iter().filter(|rule| types.contains(&rule.kind)).cloned().collect();
        let names = types.contains(&PiiType::PersonName).then(Names::new);
        Ok(Self { rules, words: words.clone(), names })
    }

    /// The patterns that it looks for, as the `regex` crate reads them. What one finds is judged before it counts.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.pattern.as_str())
    }
}

/// All rules and what they need a word of, compiled once: every search begins with them.
fn compiled() -> Result<&'static (Vec<Rule>, Regex)> {
    static COMPILED: LazyLock<std::result::Result<(Vec<Rule>, Regex), regex::Error>> = LazyLock::new(|| {
        let rule = |(kind, pattern, spec)| Ok(Rule { kind, pattern: Regex::new(pattern)?, spec });
        Ok((table().into_iter().map(rule).collect::<std::result::Result<_, _>>()?, Regex::new(WORDS)?))
    });
    let failed = |e: &regex::Error| Error::unexpected("a rule for personal data is no pattern").caused_by(e.clone());
    COMPILED.as_ref().map_err(failed)
}

impl PiiDetector for RuleDetector {
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
        self.find_in("", text, found);
    }

    fn find_in(&self, column: &str, text: &str, found: &mut Vec<PiiMatch>) {
        self.find_at(&Column::new(column), text, found);
    }
}

impl RuleDetector {
    /// The same for a column that more is looked for in.
    pub(super) fn find_at(&self, column: &Column<'_>, text: &str, found: &mut Vec<PiiMatch>) {
        if is_fraction(text) {
            return;
        }
        let (marks, mut taken) = (Marks::of(text), Taken::new(found));
        let mut worded = None;
        for (number, rule) in self.rules.iter().enumerate().filter(|(_, rule)| (rule.spec.needs)(&marks)) {
            let mut has_word = || *worded.get_or_insert_with(|| self.words.is_match(text));
            let named = rule.spec.beside.is_some_and(|beside| column.is_of_known(number, beside.words));
            if rule.spec.worded && !has_word() && !named {
                continue;
            }
            for hit in rule.pattern.find_iter(text) {
                let Some(part) = (rule.spec.part)(hit.as_str()) else { continue };
                let span = hit.start() + part.start..hit.start() + part.end;
                let Some(judged) = (rule.spec.judge)(&text[span.clone()]) else { continue };
                if !(rule.spec.stands)(text, &span) || taken.surely(&span) {
                    continue;
                }
                let surer = rule.spec.beside.filter(|beside| NOBODY < judged && judged < beside.confidence);
                match surer.filter(|beside| beside.holds(column, named, (text, &span))) {
                    Some(beside) => taken.add(PiiMatch::new(rule.kind, span, beside.confidence)),
                    None if rule.spec.weak => {}
                    None => taken.add(PiiMatch::new(rule.kind, span, judged)),
                }
            }
        }
        if let Some(names) = self.names.as_ref().filter(|_| marks.capitals || marks.hangul) {
            names.find(text, column, &mut |span, confidence| {
                taken.add(PiiMatch::new(PiiType::PersonName, span, confidence));
            });
        }
        taken.end();
    }
}

/// A finding of at least this confidence keeps its bytes; a weaker one gives way to one that reaches it.
const SURE: f64 = 0.5;

/// Findings of a text, no two over the same bytes.
struct Taken<'f> {
    found: &'f mut Vec<PiiMatch>,
    before: usize,
    /// Where each ends and which it is, by where it begins.
    spans: BTreeMap<usize, (usize, usize)>,
}

impl<'f> Taken<'f> {
    fn new(found: &'f mut Vec<PiiMatch>) -> Self {
        Self { before: found.len(), found, spans: BTreeMap::new() }
    }

    /// The findings over some of these bytes, by where they begin.
    fn over(&self, span: &Range<usize>) -> impl Iterator<Item = (usize, usize)> + '_ {
        let start = span.start;
        let back = self.spans.range(..span.end).rev().take_while(move |(_, (end, _))| *end > start);
        back.map(|(begin, (_, at))| (*begin, *at))
    }

    /// Whether some of these bytes belong to a finding that keeps them.
    fn surely(&self, span: &Range<usize>) -> bool {
        self.over(span).any(|(_, at)| self.found[at].confidence >= SURE)
    }

    /// Adds a finding unless its bytes are taken.
    fn add(&mut self, one: PiiMatch) {
        let over: Vec<(usize, usize)> = self.over(&one.span).collect();
        if !over.is_empty() && (one.confidence < SURE || self.surely(&one.span)) {
            return;
        }
        for (begin, at) in over {
            self.spans.remove(&begin);
            self.found[at].confidence = 0.0;
        }
        self.spans.insert(one.span.start, (one.span.end, self.found.len()));
        self.found.push(one);
    }

    /// Leaves out what gave way.
    fn end(self) {
        let (mut at, before) = (0, self.before);
        self.found.retain(|one| {
            at += 1;
            at <= before || one.confidence > 0.0
        });
    }
}
