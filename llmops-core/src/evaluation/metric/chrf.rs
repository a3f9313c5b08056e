//! chrF and chrF++ as sacrebleu 2.6 computes them, on a scale of 0 to 100.

use serde::{Deserialize, Serialize};

use super::ngram::{Grams, Sequences, count};
use super::unicode::{is_space, lowercase};
use super::words::{Names, Pairs, Words};
use super::{Capability, Metric, Needs, Pair, Samples, Statistics, pairs_of, ratio};
use crate::base::{Error, Result};

/// The longest n-grams that may be asked for, of characters as of words.
const MAX_ORDER: usize = 8;
/// The reference implementation whose scores these equal; it ends the signature.
const VERSION: &str = "2.6.0";

/// The options of [`Chrf`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct ChrfOptions {
    /// The longest n-grams of characters, 1 to 8.
    pub char_order: usize,
    /// The longest n-grams of words, 0 to 8: 0 is chrF, 2 is chrF++.
    pub word_order: usize,
    /// How many times as much recall weighs as precision, 1 to 10.
    pub beta: u32,
    /// Whether case is ignored.
    pub lowercase: bool,
    /// Whether white space counts as a character.
    pub whitespace: bool,
}

impl Default for ChrfOptions {
    fn default() -> Self {
        Self { char_order: 6, word_order: 0, beta: 2, lowercase: false, whitespace: false }
    }
}

/// The F-score of character n-grams.
#[derive(Debug, Clone)]
pub struct Chrf {
    options: ChrfOptions,
}

impl Chrf {
    /// chrF with these options, if they are within their bounds.
    pub fn new(options: ChrfOptions) -> Result<Self> {
        let bounds = [
            ("charOrder", 1, MAX_ORDER, options.char_order),
            ("wordOrder", 0, MAX_ORDER, options.word_order),
            ("beta", 1, 10, options.beta as usize),
        ];
        for (field, low, high, value) in bounds {
            if !(low..=high).contains(&value) {
                return Err(Error::invalid(
                    format!("options.{field}"),
                    format!("must be {low} to {high}, not {value}"),
                )
                .hint("leave it out for sacrebleu's default"));
            }
        }
        Ok(Self { options })
    }

    fn orders(&self) -> usize {
        self.options.char_order + self.options.word_order
    }
}

impl Metric for Chrf {
    fn name(&self) -> &str {
        "chrf"
    }

    fn capability(&self) -> Capability {
        Capability { needs: Needs::Pairs, higher_is_better: true, highest: Some(100.0), proportion: false }
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        let pairs = pairs_of(self.name(), samples)?;
        let mut statistics = Statistics::with_width(3 * self.orders(), pairs.len());
        let mut scratch = Scratch::default();
        for pair in pairs {
            statistics.push(scratch.best(self, pair));
        }
        Ok(statistics)
    }

    fn value(&self, sums: &[f64]) -> f64 {
        let (mut precision, mut recall, mut orders) = (0.0, 0.0, 0.0);
        for order in sums.chunks_exact(3) {
            let [predicted, referred, shared] = [order[0], order[1], order[2]];
            if predicted > 0.0 && referred > 0.0 {
                precision += shared / predicted;
                recall += shared / referred;
                orders += 1.0;
            }
        }
        let (precision, recall) = (ratio(precision, orders), ratio(recall, orders));
        if precision + recall == 0.0 {
            return 0.0;
        }
        let factor = f64::from(self.options.beta).powi(2);
        100.0 * ((1.0 + factor) * precision * recall / (factor * precision + recall))
    }

    fn signature(&self, samples: Samples<'_>) -> Option<String> {
        let Samples::Pairs(pairs) = samples else { return None };
        let first = pairs.first()?.references.len();
        let same = pairs.iter().all(|pair| pair.references.len() == first);
        let references = if same { first.to_string() } else { "var".to_owned() };
        let ChrfOptions { char_order, word_order, lowercase, whitespace, .. } = self.options;
        let case = if lowercase { "lc" } else { "mixed" };
        let space = if whitespace { "yes" } else { "no" };
        Some(format!(
            "nrefs:{references}|case:{case}|eff:yes|nc:{char_order}|nw:{word_order}|space:{space}|version:{VERSION}"
        ))
    }
}

/// One text as characters and as words.
#[derive(Default)]
struct Text {
    lower: String,
    chars: Vec<u32>,
    words: Words,
}

impl Text {
    fn read(&mut self, options: &ChrfOptions, text: &str) {
        if options.lowercase {
            lowercase(text, &mut self.lower);
        } else {
            self.lower.clear();
            self.lower.push_str(text);
        }
        self.chars.clear();
        self.chars.extend(self.lower.chars().filter(|c| options.whitespace || !is_space(*c)).map(u32::from));
        self.words.clear();
        if options.word_order > 0 {
            self.lower.split(is_space).for_each(|word| part_word(word, &mut self.words));
        }
    }
}

/// Parts one ASCII mark from the end of a word, else from its beginning.
fn part_word(word: &str, words: &mut Words) {
    let long = word.chars().nth(1).is_some();
    let (first, second) = match word.as_bytes() {
        [] => return,
        [.., last] if long && last.is_ascii_punctuation() => word.split_at(word.len() - 1),
        [first, ..] if long && first.is_ascii_punctuation() => word.split_at(1),
        _ => (word, ""),
    };
    for part in [first, second].into_iter().filter(|part| !part.is_empty()) {
        let start = words.text.len();
        words.text.extend_from_slice(part.as_bytes());
        words.close(start);
    }
}

#[derive(Default)]
struct Scratch {
    prediction: Text,
    reference: Text,
    chars: Pairs,
    words: Names,
    predicted_chars: Vec<u32>,
    predicted_words: Vec<u32>,
    referred: Sequences,
    grams: Grams,
}

impl Scratch {
    /// The counts (prediction, reference, shared) by order for the reference with the best score.
    fn best(&mut self, chrf: &Chrf, pair: &Pair) -> Vec<f64> {
        self.prediction.read(&chrf.options, &pair.prediction);
        let chars = &self.prediction.chars;
        self.chars.reset(chars.len());
        self.predicted_chars.clear();
        self.predicted_chars.extend(chars.iter().map(|c| self.chars.insert(0, *c)));
        self.predicted_words.clear();
        self.words.fill(&self.prediction.words, &mut self.predicted_words);
        let mut best = (-1.0, Vec::new());
        for reference in &pair.references {
            let row = self.row(chrf, reference);
            let score = chrf.value(&row);
            if score > best.0 {
                best = (score, row);
            }
        }
        best.1
    }

    fn row(&mut self, chrf: &Chrf, reference: &str) -> Vec<f64> {
        self.reference.read(&chrf.options, reference);
        let mut row = Vec::with_capacity(3 * chrf.orders());
        self.referred.clear();
        self.referred.names.extend(self.reference.chars.iter().map(|c| self.chars.get(0, *c)));
        self.referred.close();
        self.count(false, chrf.options.char_order, &mut row);
        if chrf.options.word_order > 0 {
            self.referred.clear();
            self.words.find(&self.prediction.words, &self.reference.words, &mut self.referred.names);
            self.referred.close();
            self.count(true, chrf.options.word_order, &mut row);
        }
        row
    }

    /// Appends (prediction, reference, shared) for each order of words or characters.
    fn count(&mut self, words: bool, orders: usize, row: &mut Vec<f64>) {
        let (own, distinct) = match words {
            true => (&self.predicted_words, self.words.len()),
            false => (&self.predicted_chars, self.chars.len()),
        };
        let mut shared = [0; MAX_ORDER];
        self.grams.matches(own, distinct, &self.referred, &mut shared[..orders]);
        for order in 1..=orders {
            let referred = count(self.referred.names.len(), order);
            // An order that the reference is too short for is left out on both sides.
            let predicted = if referred > 0 { count(own.len(), order) } else { 0 };
            row.extend([predicted as f64, referred as f64, shared[order - 1] as f64]);
        }
    }
}
