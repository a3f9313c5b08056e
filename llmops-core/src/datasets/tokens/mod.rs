//! How many tokens the texts of a dataset are for a model: one pass over the rows, with the tokenizer that stands among the
//! model's files.

mod counter;
mod shape;
#[cfg(test)]
mod tests;
mod texts;

#[cfg(test)]
pub(super) use tests::words;

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;
use tokio::runtime::Handle;

pub(super) use counter::{Count, Counter, FILE_BYTES};
pub(super) use texts::{Rows, text_columns};

use super::contamination::Columns;
use super::format::{Problem, Row};
use super::progress::Progress;
use super::statistics::{Spread, TOKEN_QUANTILES};
use super::walk::{At, Visitor, Walk};
use super::{ColumnTokens, TokenDistribution, TokenReport};
use crate::base::{Error, Result};

/// The largest `config.json` and `tokenizer_config.json` that are looked at.
pub(super) const CONFIG_BYTES: u64 = 8 << 20;
/// Numbers kept for quantiles, of all columns together and of one.
const KEPT_ALL: usize = 1_000_000;
const KEPT: usize = 100_000;
/// What to do about a tokenizer that is no good; said with the rule, as of what failed only one sentence is kept.
const REMEDY: &str = "choose another model, or give this one a tokenizer.json as the `tokenizers` library writes it";
/// Reasons why texts were not counted that are told apart.
const REASONS: usize = 16;

/// What is counted, with what.
pub(super) struct Task {
    pub walk: Walk,
    pub columns: Columns,
    /// The model's name and version.
    pub model: String,
    /// Its `tokenizer.json`.
    pub tokenizer: Bytes,
    /// Its `config.json` and `tokenizer_config.json`, where there are such.
    pub config: Option<Bytes>,
    pub settings: Option<Bytes>,
}

/// Opens a model's tokenizer.
pub(super) fn open(model: &str, json: &[u8]) -> Result<Counter> {
    Counter::open(json).map_err(|why| {
        let rule = format!("names {model}, whose tokenizer.json cannot be used: {why}; {REMEDY}");
        Error::invalid("modelId", rule).code("unusable_tokenizer")
    })
}

/// Counts.
pub(super) fn run(task: &Task, (handle, progress): (&Handle, Arc<Progress>)) -> Result<TokenReport> {
    let counter = open(&task.model, &task.tokenizer)?;
    let json = |bytes: &Option<Bytes>| bytes.as_ref().and_then(|bytes| serde_json::from_slice::<Value>(bytes).ok());
    let (config, settings) = (json(&task.config), json(&task.settings));
    let context = texts::context_length(config.as_ref(), settings.as_ref());
    let mut counting = Counting::new(Rows::new(counter, task.columns.clone()), context, &progress);
    task.walk.run(handle, &mut counting)?;
    if let Some(error) = counting.failed {
        return Err(error);
    }
    Ok(counting.finish())
}

/// The pass.
struct Counting<'p> {
    texts: Rows,
    context: Option<u64>,
    columns: Vec<Sum>,
    together: Sum,
    rows: u64,
    bad_rows: u64,
    reasons: BTreeMap<String, u64>,
    failed: Option<Error>,
    progress: &'p Progress,
}

/// Counts of one column in the making of their report.
struct Sum {
    counted: u64,
    missing: u64,
    left_out: u64,
    total: u64,
    over: u64,
    spread: Spread,
}

impl Sum {
    fn new(room: usize) -> Self {
        Self { counted: 0, missing: 0, left_out: 0, total: 0, over: 0, spread: Spread::new(room) }
    }

    fn add(&mut self, tokens: u64, context: Option<u64>) {
        self.counted += 1;
        self.total = self.total.saturating_add(tokens);
        self.over += u64::from(context.is_some_and(|most| tokens > most));
        self.spread.add(tokens as f64);
    }

    fn finish(self, context: Option<u64>) -> TokenDistribution {
        TokenDistribution {
            counted: self.counted,
            missing: self.missing,
            left_out: self.left_out,
            total: self.total,
            over_context: context.map(|_| self.over),
            distribution: self.spread.finish_at(f64::ln_1p, &TOKEN_QUANTILES),
        }
    }
}

impl<'p> Counting<'p> {
    fn new(texts: Rows, context: Option<u64>, progress: &'p Progress) -> Self {
        let width = texts.columns().named.len();
        let room = KEPT.min(KEPT_ALL / (width + 1));
        Self {
            columns: (0..width).map(|_| Sum::new(room)).collect(),
            together: Sum::new(room),
            texts,
            context,
            rows: 0,
            bad_rows: 0,
            reasons: BTreeMap::new(),
            failed: None,
            progress,
        }
    }

    fn add(&mut self, at: &At<'_>, row: &Row) -> Result<()> {
        self.rows += 1;
        let counts = self.texts.count(row, at.places).map_err(|error| located(error, at, row))?;
        let (mut sum, mut whole, mut some) = (0u64, true, false);
        for (column, count) in self.columns.iter_mut().zip(counts) {
            match count {
                None => column.missing += 1,
                Some(Count::Tokens(tokens)) => {
                    column.add(tokens, self.context);
                    (sum, some) = (sum + tokens, true);
                }
                Some(Count::Not(why)) => {
                    column.left_out += 1;
                    whole = false;
                    // What a tokenizer says of a text may hold some of it, so that no two are the same.
                    let why = if self.reasons.len() < REASONS { why.chars().take(200).collect() } else { OTHER.into() };
                    *self.reasons.entry(why).or_default() += 1;
                }
            }
        }
        match (whole, some) {
            (false, _) => self.together.left_out += 1,
            (true, false) => self.together.missing += 1,
            (true, true) => self.together.add(sum, self.context),
        }
        Ok(())
    }

    fn finish(self) -> TokenReport {
        let context = self.context;
        let mut left_out: Vec<String> =
            self.reasons.into_iter().map(|(why, count)| format!("{}: {why}", many(count, "text"))).collect();
        if self.bad_rows > 0 {
            left_out.push(format!("{}: it cannot be read", many(self.bad_rows, "row")));
        }
        let columns = self.texts.columns();
        let chat = columns.chat;
        let names = columns.named.iter().map(|(name, place)| (name.clone(), chat == Some(*place)));
        let of = |((name, conversation), sum): ((String, bool), Sum)| ColumnTokens {
            name,
            conversation,
            tokens: sum.finish(context),
        };
        TokenReport {
            complete: left_out.is_empty(),
            left_out,
            rows: self.rows,
            bad_rows: self.bad_rows,
            context_length: context,
            together: self.together.finish(context),
            columns: names.zip(self.columns).map(of).collect(),
        }
    }
}

const OTHER: &str = "for another reason";

fn many(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Says at which row it was.
pub(super) fn located(error: Error, at: &At<'_>, row: &Row) -> Error {
    let place = format!("`{}` line {}: {}", at.path, row.place.line, error.message());
    Error::new(error.kind(), place).code(error.stable_code().to_owned())
}

impl Visitor for Counting<'_> {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        if self.failed.is_none() {
            self.failed = self.add(at, row).err();
        }
    }

    fn bad(&mut self, _path: &str, _problem: Problem) {
        self.bad_rows += 1;
    }

    fn progress(&mut self, rows: u64, bytes: u64) -> Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.progress.is_at(rows, bytes)
    }
}
