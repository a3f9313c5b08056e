//! Words beside a finding, which make it more likely to be what it looks like.

use std::ops::Range;

/// How far a word may stand from a finding, in characters.
const NEAR: usize = 50;

/// Whether one of these words, in small letters, stands near. A word in Latin letters must stand by itself; others, as those
/// of Korean, take endings.
pub(super) fn near<W: AsRef<str>>(text: &str, span: &Range<usize>, words: &[W]) -> bool {
    let before = text[..span.start].char_indices().rev().nth(NEAR - 1).map_or(0, |(at, _)| at);
    let after = text[span.end..].char_indices().nth(NEAR).map_or(text.len(), |(at, _)| span.end + at);
    let (before, after) = (text[before..span.start].to_lowercase(), text[span.end..after].to_lowercase());
    words.iter().any(|word| holds(&before, word.as_ref()) || holds(&after, word.as_ref()))
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
