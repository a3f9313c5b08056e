//! ROUGE-1, -2, -L and -Lsum as rouge-score 0.1.2 computes them, on a scale of 0 to 1.
//!
//! Words are runs of `a`-`z` and `0`-`9` after lower-casing, so texts without Latin letters score 0, as they do there.
//! Of several references the one with the highest F-measure counts.

use serde::{Deserialize, Serialize};

use super::lcs::Lcs;
use super::ngram::{Grams, Sequences};
use super::porter::stem;
use super::words::{ABSENT, Names, Words};
use super::{Capability, Metric, Needs, Pair, Parts, Samples, Statistics, pairs_of, ratio};
use crate::base::{Error, Result};

/// The most steps of 64 cells that one comparison of two texts may take: about a second.
const MAX_STEPS: usize = 1 << 30;
/// The most steps whose rows ROUGE-Lsum may have to keep for one pair of lines: 128 MiB.
const MAX_KEPT: usize = 1 << 24;

/// Which ROUGE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RougeKind {
    /// Shared words.
    One,
    /// Shared pairs of neighbouring words.
    Two,
    /// The longest common subsequence of words.
    L,
    /// The union of the longest common subsequences of lines; lines are parted by `\n`.
    LSum,
}

/// The options of [`Rouge`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct RougeOptions {
    /// Whether words longer than three letters are reduced to their stem (Porter's, as NLTK extends it).
    pub use_stemmer: bool,
}

/// The overlap of words with a reference; the value is the mean F-measure.
#[derive(Debug, Clone)]
pub struct Rouge {
    kind: RougeKind,
    options: RougeOptions,
}

impl Rouge {
    /// This ROUGE with these options.
    pub fn new(kind: RougeKind, options: RougeOptions) -> Self {
        Self { kind, options }
    }
}

impl Metric for Rouge {
    fn name(&self) -> &str {
        match self.kind {
            RougeKind::One => "rouge1",
            RougeKind::Two => "rouge2",
            RougeKind::L => "rougeL",
            RougeKind::LSum => "rougeLsum",
        }
    }

    fn capability(&self) -> Capability {
        Capability { needs: Needs::Pairs, higher_is_better: true, highest: Some(1.0), proportion: false }
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        let pairs = pairs_of(self.name(), samples)?;
        let mut statistics = Statistics::with_width(4, pairs.len());
        let mut scratch = Scratch::default();
        for (at, pair) in pairs.iter().enumerate() {
            let best = scratch.best(self, pair).map_err(|rule| {
                Error::invalid(format!("pairs[{at}]"), rule).hint("shorten the texts, or break them into lines")
            })?;
            statistics.push([best.f, 1.0, best.precision, best.recall]);
        }
        Ok(statistics)
    }

    fn columns(&self, _width: usize) -> usize {
        2
    }

    fn value(&self, sums: &[f64]) -> f64 {
        ratio(sums[0], sums[1])
    }

    fn parts(&self, statistics: &Statistics) -> Parts {
        let sums = statistics.sums();
        [("fmeasure", 0), ("precision", 2), ("recall", 3)]
            .into_iter()
            .map(|(name, at)| (name.to_owned(), ratio(sums[at], sums[1])))
            .collect()
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Overlap {
    precision: f64,
    recall: f64,
    f: f64,
}

impl Overlap {
    fn new(shared: usize, predicted: usize, referred: usize) -> Self {
        let precision = ratio(shared as f64, predicted as f64);
        let recall = ratio(shared as f64, referred as f64);
        let f = ratio(2.0 * precision * recall, precision + recall);
        Self { precision, recall, f }
    }
}

#[derive(Default)]
struct Scratch {
    prediction: Words,
    reference: Words,
    names: Names,
    predicted: Sequences,
    referred: Sequences,
    grams: Grams,
    /// How often each word of the prediction is there and not matched yet.
    left: Vec<u32>,
    lcs: Lcs,
}

impl Scratch {
    fn best(&mut self, rouge: &Rouge, pair: &Pair) -> Result<Overlap, String> {
        let lines = rouge.kind == RougeKind::LSum;
        read(&pair.prediction, lines, rouge.options.use_stemmer, &mut self.prediction, &mut self.predicted);
        self.predicted.names.clear();
        self.names.fill(&self.prediction, &mut self.predicted.names);
        let mut best: Option<Overlap> = None;
        for reference in &pair.references {
            read(reference, lines, rouge.options.use_stemmer, &mut self.reference, &mut self.referred);
            self.referred.names.clear();
            self.names.find(&self.prediction, &self.reference, &mut self.referred.names);
            let overlap = self.overlap(rouge.kind)?;
            if best.is_none_or(|best| overlap.f > best.f) {
                best = Some(overlap);
            }
        }
        Ok(best.unwrap_or_default())
    }

    fn overlap(&mut self, kind: RougeKind) -> Result<Overlap, String> {
        match kind {
            RougeKind::One => Ok(self.shared_words()),
            RougeKind::Two => Ok(self.shared_pairs()),
            RougeKind::L => {
                let (referred, predicted) = (&self.referred.names, &self.predicted.names);
                check_steps(referred.len().saturating_mul(predicted.len().div_ceil(64)))?;
                let length = self.lcs.length(referred, predicted, self.names.len());
                Ok(Overlap::new(length, predicted.len(), referred.len()))
            }
            RougeKind::LSum => self.union_of_lines(),
        }
    }

    fn shared_words(&mut self) -> Overlap {
        let (predicted, referred) = (&self.predicted.names, &self.referred.names);
        self.left.clear();
        self.left.resize(self.names.len(), 0);
        predicted.iter().for_each(|name| self.left[*name as usize] += 1);
        let mut shared = 0;
        for name in referred.iter().filter(|name| **name != ABSENT) {
            let left = &mut self.left[*name as usize];
            shared += usize::from(*left > 0);
            *left = left.saturating_sub(1);
        }
        Overlap::new(shared, predicted.len(), referred.len())
    }

    fn shared_pairs(&mut self) -> Overlap {
        let (predicted, referred) = (&self.predicted.names, &self.referred.names);
        let shared = self.grams.shared_pairs(predicted, self.names.len(), referred);
        Overlap::new(shared, predicted.len().saturating_sub(1), referred.len().saturating_sub(1))
    }

    /// For each line of the reference, the words that any line of the prediction aligns with; each word of the
    /// prediction and of the reference counts once.
    fn union_of_lines(&mut self) -> Result<Overlap, String> {
        let (predicted, referred) = (&self.predicted.names, &self.referred.names);
        let strips: usize = self.predicted.ranges().map(|line| line.len().div_ceil(64)).sum();
        check_steps(referred.len().saturating_mul(strips))?;
        let mut left = [vec![0_u32; self.names.len()], vec![0_u32; self.names.len()]];
        for (left, names) in left.iter_mut().zip([predicted, referred]) {
            for name in names.iter().filter(|name| **name != ABSENT) {
                left[*name as usize] += 1;
            }
        }
        let mut hits = 0;
        let mut taken = Vec::new();
        for line in self.referred.ranges() {
            let line = &referred[line];
            taken.clear();
            taken.resize(line.len(), false);
            for other in self.predicted.ranges() {
                let other = &predicted[other];
                check_kept((line.len() + 1).saturating_mul(other.len().div_ceil(64)))?;
                self.lcs.align(line, other, self.names.len(), &mut taken);
            }
            for (name, _) in line.iter().zip(&taken).filter(|(_, taken)| **taken) {
                let name = *name as usize;
                if left[0][name] > 0 && left[1][name] > 0 {
                    hits += 1;
                    left.iter_mut().for_each(|left| left[name] -= 1);
                }
            }
        }
        Ok(Overlap::new(hits, predicted.len(), referred.len()))
    }
}

fn check_steps(steps: usize) -> Result<(), String> {
    let rule = || format!("is too long to align: {steps} steps of 64 words, and at most {MAX_STEPS} are allowed");
    if steps > MAX_STEPS { Err(rule()) } else { Ok(()) }
}

fn check_kept(steps: usize) -> Result<(), String> {
    let rule = || format!("has lines too long to align: {steps} steps of 64 words, and at most {MAX_KEPT} are allowed");
    if steps > MAX_KEPT { Err(rule()) } else { Ok(()) }
}

/// Writes the words of `text` to `words`, and where its lines end to `lines`; without `by_line` it is one line.
fn read(text: &str, by_line: bool, stemming: bool, words: &mut Words, lines: &mut Sequences) {
    words.clear();
    lines.clear();
    let mut line = |line: &str, words: &mut Words| {
        tokenize(line, stemming, words);
        lines.close_at(words.len());
    };
    if by_line {
        text.split('\n').for_each(|text| line(text, words));
    } else {
        line(text, words);
    }
}

/// What parts words in ASCII.
static MARKS: [u8; 256] = {
    let mut marks = [0; 256];
    let mut at = 0;
    while at < 256 {
        marks[at] = !(at as u8).is_ascii_alphanumeric() as u8;
        at += 1;
    }
    marks
};

fn tokenize(text: &str, stemming: bool, words: &mut Words) {
    let mut start = words.text.len();
    if text.is_ascii() && !stemming {
        words.text.extend_from_slice(text.as_bytes());
        words.text[start..].make_ascii_lowercase();
        words.split_runs(start, &MARKS);
        return;
    }
    let mut rest = text.as_bytes();
    // Of ASCII a run at once.
    while let Some(at) = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()) {
        let (run, after) = rest.split_at(at);
        words.text.extend(run.iter().map(u8::to_ascii_lowercase));
        rest = after;
        let marks = rest.iter().take_while(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).count();
        if marks > 0 {
            end_word(words, &mut start, stemming);
            rest = &rest[marks..];
            continue;
        }
        let beyond = rest.iter().position(u8::is_ascii).unwrap_or(rest.len());
        let (other, after) = rest.split_at(beyond);
        // Two characters beyond ASCII have ASCII letters in lower case: the Kelvin sign and the dotted capital I, which
        // leaves its dot behind and so ends the word.
        for c in str::from_utf8(other).unwrap_or_default().chars() {
            match c {
                '\u{212a}' => words.text.push(b'k'),
                '\u{130}' => {
                    words.text.push(b'i');
                    end_word(words, &mut start, stemming);
                }
                _ => end_word(words, &mut start, stemming),
            }
        }
        rest = after;
    }
    words.text.extend(rest.iter().map(u8::to_ascii_lowercase));
    end_word(words, &mut start, stemming);
}

fn end_word(words: &mut Words, start: &mut usize, stemming: bool) {
    let length = words.text.len() - *start;
    if length > 3 && stemming {
        stem(&mut words.text, *start);
    }
    if length > 0 {
        words.close(*start);
    }
    *start = words.text.len();
}
