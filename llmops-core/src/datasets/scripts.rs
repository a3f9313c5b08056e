//! The scripts that rows are written in. A row that is in another than nearly all others may have come by mistake.

use std::collections::BTreeMap;

use super::ScriptShare;
use super::binary::{In, Out};

/// A script of fewer than one in so many rows is a stray.
const RARE: u64 = 20;
/// Rows with a script before strays are spoken of: of fewer, one row would be one.
const ENOUGH: u64 = 100;

/// The scripts that are told apart, with the letters of each.
const SCRIPTS: [(&str, &[(char, char)]); 10] = [
    ("latin", &[('A', 'Z'), ('a', 'z'), ('\u{C0}', '\u{24F}'), ('\u{1E00}', '\u{1EFF}')]),
    ("hangul", &[('\u{AC00}', '\u{D7A3}'), ('\u{1100}', '\u{11FF}'), ('\u{3130}', '\u{318F}')]),
    ("kana", &[('\u{3040}', '\u{30FF}')]),
    ("han", &[('\u{4E00}', '\u{9FFF}'), ('\u{3400}', '\u{4DBF}')]),
    ("cyrillic", &[('\u{400}', '\u{52F}')]),
    ("greek", &[('\u{370}', '\u{3FF}')]),
    ("arabic", &[('\u{600}', '\u{6FF}'), ('\u{750}', '\u{77F}')]),
    ("hebrew", &[('\u{590}', '\u{5FF}')]),
    ("devanagari", &[('\u{900}', '\u{97F}')]),
    ("thai", &[('\u{E00}', '\u{E7F}')]),
];

/// Rows by script.
#[derive(Default)]
pub(super) struct Scripts {
    rows: BTreeMap<&'static str, u64>,
}

impl Scripts {
    /// Counts a row.
    pub(super) fn add(&mut self, text: &str) {
        if let Some(script) = script_of(text) {
            *self.rows.entry(script).or_default() += 1;
        }
    }

    /// Counts what others counted.
    pub(super) fn merge(&mut self, other: &Self) {
        for (script, rows) in &other.rows {
            *self.rows.entry(*script).or_default() += rows;
        }
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        out.u64(self.rows.len() as u64);
        for (script, rows) in &self.rows {
            out.text(script);
            out.u64(*rows);
        }
    }

    /// What was put there.
    pub(super) fn read(from: &mut In<'_>) -> Option<Self> {
        let mut read = Self::default();
        for _ in 0..from.count(16)? {
            let name = from.text()?;
            let (script, _) = SCRIPTS.iter().find(|(script, _)| *script == name)?;
            read.rows.insert(script, from.u64()?);
        }
        Some(read)
    }

    /// Rows with letters.
    pub(super) fn rows(&self) -> u64 {
        self.rows.values().sum()
    }

    /// Rows of scripts that hardly any other row is in.
    pub(super) fn strays(&self) -> u64 {
        self.rare().iter().filter_map(|script| self.rows.get(script)).sum()
    }

    /// Those scripts.
    pub(super) fn rare(&self) -> Vec<&'static str> {
        let all = self.rows();
        let rare = self.rows.iter().filter(|(_, rows)| all >= ENOUGH && **rows * RARE < all);
        rare.map(|(script, _)| *script).collect()
    }

    /// The scripts, the most frequent first.
    pub(super) fn shares(&self) -> Vec<ScriptShare> {
        let mut shares: Vec<ScriptShare> =
            self.rows.iter().map(|(script, rows)| ScriptShare { script: (*script).to_owned(), rows: *rows }).collect();
        shares.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| a.script.cmp(&b.script)));
        shares
    }
}

/// Whether most letters are of this script; nothing if there is none of that name.
pub(super) fn is_written_in(text: &str, script: &str) -> Option<bool> {
    SCRIPTS.iter().find(|(name, _)| *name == script).map(|_| script_of(text) == Some(script))
}

/// The names of the scripts that are told apart.
pub(super) fn names() -> Vec<&'static str> {
    SCRIPTS.iter().map(|(name, _)| *name).collect()
}

/// The script of most letters. Kana says Japanese, whatever is written with it in characters of Chinese.
fn script_of(text: &str) -> Option<&'static str> {
    if text.is_ascii() {
        return text.bytes().any(|byte| byte.is_ascii_alphabetic()).then(|| SCRIPTS[0].0);
    }
    let mut counts = [0u64; SCRIPTS.len()];
    let mut last = 0;
    for byte_or_char in text.chars().filter(|c| c.is_alphabetic()) {
        let fits = |at: usize| SCRIPTS[at].1.iter().any(|(from, to)| (*from..=*to).contains(&byte_or_char));
        if fits(last) {
            counts[last] += 1;
        } else if let Some(at) = (0..SCRIPTS.len()).find(|at| fits(*at)) {
            counts[at] += 1;
            last = at;
        }
    }
    let (kana, han) = (2, 3);
    if counts[kana] > 0 {
        counts[kana] += std::mem::take(&mut counts[han]);
    }
    let most = counts.iter().enumerate().max_by_key(|(at, count)| (**count, usize::MAX - at))?;
    (*most.1 > 0).then(|| SCRIPTS[most.0].0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_that_of_most_letters() {
        let texts = ["It is 서울", "서울시 is", "東京です", "北京", "Привет", "12:30", "naïve"];
        let found = texts.map(|text| script_of(text).unwrap_or("none"));
        assert_eq!(found, ["latin", "hangul", "kana", "han", "cyrillic", "none", "latin"]);
    }

    #[test]
    fn a_few_among_many_are_strays() {
        let mut scripts = Scripts::default();
        (0..96).for_each(|_| scripts.add("words"));
        (0..4).for_each(|_| scripts.add("слова"));
        assert_eq!((scripts.rows(), scripts.strays()), (100, 4));
        scripts.add("слова");
        scripts.add("слова");
        assert_eq!(scripts.strays(), 0);
    }
}
