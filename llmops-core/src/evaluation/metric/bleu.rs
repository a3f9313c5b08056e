//! BLEU as sacrebleu 2.6 computes it, on a scale of 0 to 100.

use serde::{Deserialize, Serialize};

use super::ngram::{Grams, Sequences, count};
use super::tokenize::{Tokenizer, Tokenizing};
use super::words::{Names, Words};
use super::{Capability, Metric, Needs, Pair, Parts, Samples, Statistics, pairs_of, ratio};
use crate::base::{Error, Result};

/// The reference implementation whose scores these equal; it ends the signature.
const VERSION: &str = "2.6.0";
/// The longest n-grams that may be asked for.
const MAX_ORDER: usize = 8;
/// What sacrebleu takes for the logarithm of 0.
const LOG_ZERO: f64 = -9_999_999_999.0;

/// What to do about n-gram orders without a match.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Smoothing {
    /// Each such order counts half of the one before: NIST's method.
    #[default]
    Exp,
    /// Such an order counts `smoothValue` matches, 0.1 unless told.
    Floor,
    /// `smoothValue`, 1 unless told, is added to matches and totals from order 2.
    AddK,
    /// Nothing: the score is 0.
    None,
}

/// The options of [`Bleu`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct BleuOptions {
    /// How texts are parted into words: 13a, intl, char, zh or none.
    pub tokenizer: Tokenizer,
    /// What to do about orders without a match: exp, floor, add-k or none.
    pub smoothing: Smoothing,
    /// The amount for `floor` and `add-k`, greater than 0 and at most 1000.
    pub smooth_value: Option<f64>,
    /// Whether case is ignored.
    pub lowercase: bool,
    /// Whether orders that no prediction is long enough for are left out. Unset, they are for the scores of samples
    /// and are not for the whole, as in sacrebleu's `sentence_bleu` and `corpus_bleu`.
    pub effective_order: Option<bool>,
    /// The longest n-grams, 1 to 8; 4 if unset.
    pub max_ngram_order: Option<usize>,
}

/// The geometric mean of n-gram precisions with a penalty for brevity.
#[derive(Debug, Clone)]
pub struct Bleu {
    options: BleuOptions,
    order: usize,
    amount: f64,
}

/// What one score is made of.
struct Computed {
    score: f64,
    precisions: [f64; MAX_ORDER],
    penalty: f64,
}

impl Bleu {
    /// BLEU with these options, if they are within their bounds.
    pub fn new(options: BleuOptions) -> Result<Self> {
        let order = options.max_ngram_order.unwrap_or(4);
        if !(1..=MAX_ORDER).contains(&order) {
            return Err(Error::invalid("options.maxNgramOrder", format!("must be 1 to {MAX_ORDER}, not {order}"))
                .hint("leave it out for 4"));
        }
        let amount = options.smooth_value.unwrap_or(if options.smoothing == Smoothing::Floor { 0.1 } else { 1.0 });
        if !(amount > 0.0 && amount <= 1000.0) {
            return Err(Error::invalid("options.smoothValue", "must be greater than 0 and at most 1000")
                .hint("leave it out for 0.1 with `floor` and 1 with `add-k`"));
        }
        Ok(Self { options, order, amount })
    }

    /// The score from sums of (length, reference length, matches by order, totals by order).
    fn compute(&self, sums: &[f64], effective: bool) -> Computed {
        let (length, reference) = (sums[0], sums[1]);
        let penalty = match length {
            length if length >= reference => 1.0,
            length if length > 0.0 => (1.0 - reference / length).exp(),
            _ => 0.0,
        };
        let mut precisions = [0.0; MAX_ORDER];
        let (matches, totals) = sums[2..].split_at(self.order);
        if matches.iter().all(|count| *count == 0.0) {
            return Computed { score: 0.0, precisions, penalty };
        }
        let mut halves = 1.0;
        let mut orders = self.order;
        for (at, precision) in precisions[..self.order].iter_mut().enumerate() {
            let added = if at > 0 && self.options.smoothing == Smoothing::AddK { self.amount } else { 0.0 };
            let (shared, total) = (matches[at] + added, totals[at] + added);
            if total == 0.0 {
                break;
            }
            if effective {
                orders = at + 1;
            }
            *precision = match self.options.smoothing {
                _ if shared != 0.0 => 100.0 * shared / total,
                Smoothing::Exp => {
                    halves *= 2.0;
                    100.0 / (halves * total)
                }
                Smoothing::Floor => 100.0 * self.amount / total,
                Smoothing::AddK | Smoothing::None => 0.0,
            };
        }
        let logs: f64 = precisions[..orders].iter().map(|p| if *p == 0.0 { LOG_ZERO } else { p.ln() }).sum();
        Computed { score: penalty * (logs / orders as f64).exp(), precisions, penalty }
    }
}

impl Metric for Bleu {
    fn name(&self) -> &str {
        "bleu"
    }

    fn capability(&self) -> Capability {
        Capability { needs: Needs::Pairs, higher_is_better: true, highest: Some(100.0), proportion: false }
    }

    fn statistics(&self, samples: Samples<'_>) -> Result<Statistics> {
        let pairs = pairs_of(self.name(), samples)?;
        let mut statistics = Statistics::with_width(2 + 2 * self.order, pairs.len());
        let mut scratch = Scratch::default();
        for pair in pairs {
            let (length, reference, matches) = scratch.count(self, pair);
            let totals = (1..=self.order).map(|order| count(length, order) as f64);
            let shared = matches[..self.order].iter().map(|count| *count as f64);
            statistics.push([length as f64, reference as f64].into_iter().chain(shared).chain(totals));
        }
        Ok(statistics)
    }

    fn value(&self, sums: &[f64]) -> f64 {
        self.compute(sums, self.options.effective_order.unwrap_or(false)).score
    }

    fn sample_score(&self, row: &[f64]) -> f64 {
        self.compute(row, self.options.effective_order.unwrap_or(true)).score
    }

    fn parts(&self, statistics: &Statistics) -> Parts {
        let sums = statistics.sums();
        let computed = self.compute(&sums, self.options.effective_order.unwrap_or(false));
        let mut parts = Parts::from([
            ("brevityPenalty".to_owned(), computed.penalty),
            ("predictionLength".to_owned(), sums[0]),
            ("referenceLength".to_owned(), sums[1]),
            ("lengthRatio".to_owned(), ratio(sums[0], sums[1])),
        ]);
        for at in 0..self.order {
            parts.insert(format!("precision{}", at + 1), computed.precisions[at]);
        }
        parts
    }

    fn signature(&self, samples: Samples<'_>) -> Option<String> {
        let Samples::Pairs(pairs) = samples else { return None };
        let first = pairs.first()?.references.len();
        let same = pairs.iter().all(|pair| pair.references.len() == first);
        let references = if same { first.to_string() } else { "var".to_owned() };
        let smoothing = match self.options.smoothing {
            Smoothing::Exp => "exp".to_owned(),
            Smoothing::Floor => format!("floor[{:.2}]", self.amount),
            Smoothing::AddK => format!("add-k[{:.2}]", self.amount),
            Smoothing::None => "none".to_owned(),
        };
        let case = if self.options.lowercase { "lc" } else { "mixed" };
        let effective = if self.options.effective_order == Some(true) { "yes" } else { "no" };
        let tokenizer = self.options.tokenizer.name();
        Some(format!(
            "nrefs:{references}|case:{case}|eff:{effective}|tok:{tokenizer}|smooth:{smoothing}|version:{VERSION}"
        ))
    }
}

#[derive(Default)]
struct Scratch {
    tokenizing: Tokenizing,
    prediction: Words,
    reference: Words,
    names: Names,
    predicted: Vec<u32>,
    referred: Sequences,
    grams: Grams,
}

impl Scratch {
    /// The length of the prediction, that of the closest reference, and the matches by order.
    fn count(&mut self, bleu: &Bleu, pair: &Pair) -> (usize, usize, [u64; MAX_ORDER]) {
        let (tokenizer, lower) = (bleu.options.tokenizer, bleu.options.lowercase);
        self.tokenizing.tokenize(tokenizer, lower, &pair.prediction, &mut self.prediction);
        self.predicted.clear();
        self.referred.clear();
        self.names.fill(&self.prediction, &mut self.predicted);
        let length = self.prediction.len();
        let mut closest = None;
        for reference in &pair.references {
            self.tokenizing.tokenize(tokenizer, lower, reference, &mut self.reference);
            self.names.find(&self.prediction, &self.reference, &mut self.referred.names);
            self.referred.close();
            // The closest; of two as close, the shorter.
            let candidate = (length.abs_diff(self.reference.len()), self.reference.len());
            closest = Some(closest.map_or(candidate, |best: (usize, usize)| best.min(candidate)));
        }
        let mut matches = [0; MAX_ORDER];
        self.grams.matches(&self.predicted, self.names.len(), &self.referred, &mut matches[..bleu.order]);
        (length, closest.unwrap_or_default().1, matches)
    }
}
