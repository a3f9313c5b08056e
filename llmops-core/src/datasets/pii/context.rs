//! Words beside a finding, which make it more likely to be what it looks like.

use std::ops::Range;

/// How far a word may stand from a finding, in characters.
const NEAR: usize = 50;
/// How far back a label is looked for, in characters.
const LABEL: usize = 24;

/// The column that a text stands in: its name is a word beside everything in it.
pub(super) struct Column(String);

/// As much of a column's name as is looked at, in characters.
const NAME: usize = 200;

impl Column {
    /// The column of this name.
    pub(super) fn new(name: &str) -> Self {
        let end = name.char_indices().nth(NAME).map_or(name.len(), |(at, _)| at);
        Self(spaced(&name[..end]))
    }

    /// Whether its name holds one of these words.
    pub(super) fn is_of<W: AsRef<str>>(&self, words: &[W]) -> bool {
        !self.0.is_empty() && words.iter().any(|word| holds(&self.0, word.as_ref()))
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

/// Whether one of these words, in small letters, stands near. A word in Latin letters must stand by itself; others, as those
/// of Korean, take endings.
pub(super) fn near<W: AsRef<str>>(text: &str, span: &Range<usize>, words: &[W]) -> bool {
    let before = text[..span.start].char_indices().rev().nth(NEAR - 1).map_or(0, |(at, _)| at);
    let after = text[span.end..].char_indices().nth(NEAR).map_or(text.len(), |(at, _)| span.end + at);
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
