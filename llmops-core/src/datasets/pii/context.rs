//! Words beside a finding, which make it more likely to be what it looks like.

use std::cell::{Cell, OnceCell};
use std::ops::Range;

/// How far back a label is looked for, in characters.
const LABEL: usize = 24;

/// The column that a text stands in: its name is a word beside everything in it.
pub(crate) struct Column<'n> {
    name: &'n str,
    /// The name in words, once somebody asks.
    words: OnceCell<String>,
    /// What was asked before, each by its bit, and what was answered.
    asked: Cell<u32>,
    held: Cell<u32>,
}

/// As much of a column's name as is looked at, in characters.
const NAME: usize = 200;

impl<'n> Column<'n> {
    /// The column of this name.
    pub(crate) fn new(name: &'n str) -> Self {
        Self { name, words: OnceCell::new(), asked: Cell::new(0), held: Cell::new(0) }
    }

    /// Its name.
    pub(super) fn name(&self) -> &'n str {
        self.name
    }

    /// Whether its name holds one of these words, which are always the same for this number below 32: the answer is kept.
    pub(super) fn is_of_known<W: AsRef<str>>(&self, number: usize, words: &[W]) -> bool {
        let bit = 1 << number;
        if self.asked.get() & bit == 0 {
            let held = if self.is_of(words) { bit } else { 0 };
            self.asked.set(self.asked.get() | bit);
            self.held.set(self.held.get() | held);
        }
        self.held.get() & bit != 0
    }

    /// Whether its name holds one of these words.
    pub(super) fn is_of<W: AsRef<str>>(&self, words: &[W]) -> bool {
        if self.name.is_empty() || words.is_empty() {
            return false;
        }
        let name = self.words.get_or_init(|| {
            let end = self.name.char_indices().nth(NAME).map_or(self.name.len(), |(at, _)| at);
            spaced(&self.name[..end])
        });
        words.iter().any(|word| holds(name, word.as_ref()))
    }
}

/// Small letters, with blanks between the words of `customer_name` and `customerName`.
fn spaced(name: &str) -> String {
    let mut words = String::new();
    let mut small = false;
    for c in name.chars() {
        if c.is_uppercase() && small {
            words.push(' ');
        }
        small = c.is_lowercase();
        words.extend(if matches!(c, '_' | '-' | '.') { ' ' } else { c }.to_lowercase());
    }
    words
}

/// Whether one of these words, in small letters, stands no more than so many characters away. A word in Latin letters must stand
/// by itself; others, as those of Korean, take endings.
pub(super) fn near<W: AsRef<str>>(text: &str, span: &Range<usize>, words: &[W], reach: usize) -> bool {
    if words.is_empty() {
        return false;
    }
    let before = text[..span.start].char_indices().rev().nth(reach.saturating_sub(1)).map_or(0, |(at, _)| at);
    let after = text[span.end..].char_indices().nth(reach).map_or(text.len(), |(at, _)| span.end + at);
    let (before, after) = (text[before..span.start].to_lowercase(), text[span.end..after].to_lowercase());
    words.iter().any(|word| holds(&before, word.as_ref()) || holds(&after, word.as_ref()))
}

/// Whether one of these words stands right before, with a colon, quotes or the like between, as in `"name": "`.
pub(super) fn label_before(text: &str, at: usize, labels: &[&str]) -> bool {
    let from = text[..at].char_indices().rev().nth(LABEL - 1).map_or(0, |(at, _)| at);
    let before = &text[from..at];
    let label =
        before.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '=' | '"' | '\'' | '>' | '\\'));
    if label.len() == before.len() {
        return false;
    }
    let label = spaced(label);
    labels.iter().any(|word| {
        label.strip_suffix(word).is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_alphanumeric()))
    })
}

/// Whether a text in small letters holds the word.
fn holds(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(at, _)| {
        let joined = |word: Option<char>, text: Option<char>| {
            word.is_some_and(|c| c.is_ascii_alphanumeric()) && text.is_some_and(|c| c.is_ascii_alphanumeric())
        };
        let (before, after) = (text[..at].chars().next_back(), text[at + word.len()..].chars().next());
        !joined(word.chars().next(), before) && !joined(word.chars().next_back(), after)
    })
}
