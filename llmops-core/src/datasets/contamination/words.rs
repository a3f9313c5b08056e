//! Texts cut into words that can be held against each other, whatever language they are in.
//!
//! A text is taken in its compatibility composition (NFKC, Unicode Standard Annex 15), so that full-width letters and Korean
//! written in single letters are what they look like; letter case, punctuation and blanks are left aside. A word is a run of
//! letters and digits. Scripts that put no blanks between words have no such runs, and Korean puts them as the writer likes:
//! there each character is a word.

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::is_combining_mark;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::super::similar::mix;
use super::super::statistics::hash_of;

/// The text in the form in which its words are cut.
pub(super) fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.nfkc().collect())
    }
}

/// Whether the character is of a script in which each one is a word.
fn stands_alone(c: char) -> bool {
    matches!(c,
        // Thai, Lao, Tibetan, Burmese; Korean in single letters; Khmer
        '\u{0e00}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        // Kana, Chinese characters of the first plane, Korean
        | '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}'
        // and of the others
        | '\u{20000}'..='\u{323af}')
}

/// Calls with the hash of each word and its bytes within a text that is [`composed`].
pub(super) fn each_word(text: &str, mut each: impl FnMut(u64, Range<usize>)) {
    let mut open: Option<usize> = None;
    let mut word = |bytes: Range<usize>| each(hash_of_word(&text[bytes.clone()]), bytes);
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric() && !stands_alone(c) {
            open.get_or_insert(at);
        } else if c.is_alphanumeric() {
            if let Some(begun) = open.take() {
                word(begun..at);
            }
            word(at..at + c.len_utf8());
        } else if !is_combining_mark(c) {
            // A mark on a letter ends no word.
            if let Some(begun) = open.take() {
                word(begun..at);
            }
        }
    }
    if let Some(begun) = open {
        word(begun..text.len());
    }
}

fn hash_of_word(word: &str) -> u64 {
    if word.is_ascii() {
        let mut small = [0; 32];
        match small.get_mut(..word.len()) {
            Some(small) => {
                small.copy_from_slice(word.as_bytes());
                small.make_ascii_lowercase();
                hash_of(small)
            }
            None => hash_of(word.to_ascii_lowercase().as_bytes()),
        }
    } else {
        hash_of(word.to_lowercase().as_bytes())
    }
}

/// The hash of words in their order. Of 64 bits: among a thousand million runs held against four million the chance
/// that two meet which are not the same is about 1 in 5,000.
pub(super) fn hash_of_words(words: &[u64]) -> u64 {
    words.iter().fold(words.len() as u64, |mixed, word| mix(mixed ^ word))
}

/// The words of a row: those of each of its texts, one after the other. Used again from row to row.
#[derive(Default)]
pub(super) struct Cut {
    words: Vec<u64>,
    ends: Vec<usize>,
}

impl Cut {
    /// Forgets the row before.
    pub(super) fn clear(&mut self) {
        self.words.clear();
        self.ends.clear();
    }

    /// Adds a text of the row.
    pub(super) fn add(&mut self, text: &str) {
        let before = self.words.len();
        each_word(&composed(text), |word, _| self.words.push(word));
        if self.words.len() > before {
            self.ends.push(self.words.len());
        }
    }

    /// All words.
    pub(super) fn words(&self) -> &[u64] {
        &self.words
    }

    /// The words of each text that has some.
    pub(super) fn texts(&self) -> impl Iterator<Item = &[u64]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| &self.words[start..*end])
    }

    /// The runs of `n` words within its texts; where no text has one, those of all texts put together.
    pub(super) fn runs(&self, n: usize) -> impl Iterator<Item = u64> {
        let apart = self.texts().any(|text| text.len() >= n);
        let whole = (!apart).then(|| self.words.windows(n)).into_iter().flatten();
        let within = apart.then(|| self.texts().flat_map(move |text| text.windows(n))).into_iter().flatten();
        within.chain(whole).map(hash_of_words)
    }

    /// The runs of `n` words of all its texts put together, which are also those within them.
    pub(super) fn all_runs(&self, n: usize) -> impl Iterator<Item = u64> {
        self.words.windows(n).map(hash_of_words)
    }
}
