//! Operations that leave rows as they are and say where each goes.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::super::format::{Cell, Row};
use super::super::progress::Progress;
use super::super::row_digest::RowDigest;
use super::super::similar::Earlier;
use super::super::sorted::{Sorted, Sorter};
use super::super::tokens::{self, Count, FILE_BYTES};
use super::super::walk::{At, Slots, Visitor};
use super::super::{DataFormat, DedupeRows, SampleRows, SplitRows, TokenRows};
use super::Reach;
use super::chance::{Chance, Shares};
use super::check::parts;
use super::template::Condition;
use crate::base::{Error, ErrorKind, Result};

/// The most different values of the column that a split is stratified by.
const STRATA: usize = 10_000;
/// Bytes that a row leaves when repeated ones are looked for: its digest and its number.
const SEEN: usize = 24;

/// Says into which part a row goes.
pub(super) enum Chooser<'e, 's> {
    /// By chance, as many as each part has places.
    Draw { chance: Chance, left: Vec<u64> },
    /// The same within all rows of one value.
    Strata { chance: Chance, digest: RowDigest, left: BTreeMap<[u8; 16], Vec<u64>> },
    /// All rows of one value into one part.
    Groups { seed: u64, digest: RowDigest, shares: Vec<f64> },
    /// Those for which it holds.
    Condition(Condition<'e, 's>),
    /// All but these, by their number, and those that are nearly an earlier one.
    Without(Sorted<8>, Option<Box<Alike>>),
    /// Those of so many tokens.
    Tokens(Box<TokenChoice>),
}

/// Counts tokens and says whether they are few and many enough.
pub(super) struct TokenChoice {
    texts: tokens::Rows,
    min: u64,
    max: u64,
}

impl TokenChoice {
    fn keeps(&mut self, at: &At<'_>, row: &Row) -> Result<bool> {
        let mut sum: u64 = 0;
        let counts = self.texts.count(row, at.places)?;
        for (count, (name, _)) in counts.into_iter().zip(&self.texts.columns().named) {
            match count {
                None => {}
                Some(Count::Tokens(tokens)) => sum = sum.saturating_add(tokens),
                Some(Count::Not(why)) => {
                    let what = format!("the tokens of `{name}` cannot be counted: {why}");
                    return Err(Error::new(ErrorKind::Invalid, what).code("tokens_not_counted"));
                }
            }
        }
        Ok((self.min..=self.max).contains(&sum))
    }
}

/// Holds rows against those that stay, by some columns.
pub(super) struct Alike {
    earlier: Earlier,
    columns: Vec<usize>,
    slots: Slots,
}

impl Alike {
    fn holds(&mut self, at: &At<'_>, row: &Row) -> bool {
        self.slots.set(at.places);
        let cells = self.columns.iter().map(|column| self.slots.cell(row, *column));
        self.earlier.has(cells.map(|cell| cell.filter(|cell| cell.kind().is_some()).and_then(Cell::text)))
    }
}

impl Chooser<'_, '_> {
    pub(super) fn part(&mut self, at: &At<'_>, row: &Row) -> Result<Option<usize>> {
        Ok(match self {
            Self::Draw { chance, left } => chance.draw(left),
            Self::Strata { chance, digest, left } => {
                left.get_mut(&digest.of(row, at.places)).and_then(|left| chance.draw(left))
            }
            Self::Groups { seed, digest, shares } => Some(of_group(*seed, digest.of(row, at.places), shares)),
            Self::Condition(condition) => condition.holds(at, row)?.then_some(0),
            Self::Without(numbers, alike) => {
                let repeated = numbers.peek().is_some_and(|number| u64::from_be_bytes(*number) == at.row);
                if repeated {
                    numbers.next()?;
                }
                let leaves = repeated || alike.as_mut().is_some_and(|alike| alike.holds(at, row));
                (!leaves).then_some(0)
            }
            Self::Tokens(choice) => choice.keeps(at, row)?.then_some(0),
        })
    }
}

/// The part of a group: where a hash of it and the seed falls.
fn of_group(seed: u64, group: [u8; 16], shares: &[f64]) -> usize {
    let hash = Sha256::new().chain_update(seed.to_be_bytes()).chain_update(group).finalize();
    let mut first = [0; 8];
    first.copy_from_slice(&hash[..8]);
    let mut at = u64::from_be_bytes(first) as f64 / u64::MAX as f64;
    for (part, share) in shares.iter().enumerate() {
        if at < *share {
            return part;
        }
        at -= share;
    }
    shares.len() - 1
}

/// Rows drawn by chance.
pub(super) fn sample(rows: u64, sample: &SampleRows) -> Chooser<'static, 'static> {
    let share = |share: f64| ((rows as f64 * share).round() as u64).min(rows);
    let wanted = sample.rows.or(sample.share.map(share)).unwrap_or(rows);
    // The second part has no writer: its rows go nowhere.
    Chooser::Draw { chance: Chance::new(sample.seed.unwrap_or(0)), left: vec![wanted, rows - wanted.min(rows)] }
}

/// Parts for training and what follows it.
pub(super) fn split(reach: &Reach<'_>, split: &SplitRows) -> Result<Chooser<'static, 'static>> {
    let shares: Vec<f64> = parts(split).into_iter().map(|(_, share)| share).collect();
    let seed = split.seed.unwrap_or(0);
    if let Some(column) = &split.group_by {
        return Ok(Chooser::Groups { seed, digest: by(reach, std::slice::from_ref(column)), shares });
    }
    let Some(column) = &split.stratify_by else {
        let left = Shares::new(&shares).of(reach.task.rows());
        return Ok(Chooser::Draw { chance: Chance::new(seed), left });
    };
    let digest = by(reach, std::slice::from_ref(column));
    let mut counting = Looking { digest, found: Counts(BTreeMap::new()), failed: None, progress: reach.progress };
    reach.task.walk.run(reach.handle, &mut counting)?;
    let Looking { digest, found: Counts(counts), failed, .. } = counting;
    if let Some(error) = failed {
        return Err(error);
    }
    let mut whole = Shares::new(&shares);
    let left = counts.into_iter().map(|(value, count)| (value, whole.of(count))).collect();
    Ok(Chooser::Strata { chance: Chance::new(seed), digest, left })
}

/// All but rows that repeat an earlier one, wholly or nearly.
pub(super) fn dedupe(reach: &Reach<'_>, dedupe: &DedupeRows) -> Result<Chooser<'static, 'static>> {
    let names = dedupe.columns.clone().unwrap_or_else(|| reach.task.walk.names());
    let found = Rows(Sorter::new(reach.scratch, "seen"));
    let mut looking = Looking { digest: by(reach, &names), found, failed: None, progress: reach.progress };
    reach.task.walk.run(reach.handle, &mut looking)?;
    let Looking { found: Rows(rows), failed, .. } = looking;
    if let Some(error) = failed {
        return Err(error);
    }
    let (mut rows, mut repeated) = (rows.finish()?, Sorter::<8>::new(reach.scratch, "repeated"));
    let mut last = None;
    while let Some(record) = rows.next()? {
        let (mut digest, mut number) = ([0; 16], [0; 8]);
        digest.copy_from_slice(&record[..16]);
        number.copy_from_slice(&record[16..]);
        if last == Some(digest) {
            repeated.add(number)?;
        }
        last = Some(digest);
    }
    let alike = dedupe.near.unwrap_or(false).then(|| {
        let all = reach.task.walk.names();
        let columns = names.iter().filter_map(|name| all.iter().position(|column| column == name)).collect();
        Box::new(Alike { earlier: Earlier::new(reach.task.rows()), columns, slots: Slots::default() })
    });
    Ok(Chooser::Without(repeated.finish()?, alike))
}

/// Rows of so many tokens.
pub(super) fn tokens(reach: &Reach<'_>, keep: &TokenRows) -> Result<Chooser<'static, 'static>> {
    let nothing = || Error::unexpected("nothing says with which tokenizer to count");
    let (digest, columns) = (keep.tokenizer.as_ref().ok_or_else(nothing)?, reach.task.tokens.clone());
    let json = reach.handle.block_on(reach.task.walk.blobs.read(digest, FILE_BYTES))?;
    let counter = tokens::open(&format!("the model {}", keep.model_id), &json)?;
    let texts = tokens::Rows::new(counter, columns.ok_or_else(nothing)?);
    let choice = TokenChoice { texts, min: keep.min.unwrap_or(0), max: keep.max.unwrap_or(u64::MAX) };
    Ok(Chooser::Tokens(Box::new(choice)))
}

fn by(reach: &Reach<'_>, columns: &[String]) -> RowDigest {
    let names = reach.task.walk.names();
    let place = |column: &String| names.iter().position(|name| name == column);
    RowDigest::new(columns.iter().map(place), reach.task.format == DataFormat::Jsonl)
}

/// What a first look at the rows keeps.
trait Keep {
    fn keep(&mut self, row: u64, digest: [u8; 16]) -> Result<()>;
}

/// How many rows there are of each value.
struct Counts(BTreeMap<[u8; 16], u64>);

impl Keep for Counts {
    fn keep(&mut self, _row: u64, digest: [u8; 16]) -> Result<()> {
        *self.0.entry(digest).or_default() += 1;
        if self.0.len() <= STRATA {
            return Ok(());
        }
        Err(Error::invalid("split.stratifyBy", format!("names a column with more than {STRATA} different values"))
            .code("too_many_values")
            .hint("split by a column with fewer values, or by `groupBy`"))
    }
}

/// Every row, by its digest.
struct Rows(Sorter<SEEN>);

impl Keep for Rows {
    fn keep(&mut self, row: u64, digest: [u8; 16]) -> Result<()> {
        let mut record = [0; SEEN];
        record[..16].copy_from_slice(&digest);
        record[16..].copy_from_slice(&row.to_be_bytes());
        self.0.add(record)
    }
}

/// A first look at the rows.
struct Looking<'p, K> {
    digest: RowDigest,
    found: K,
    failed: Option<Error>,
    progress: &'p Progress,
}

impl<K: Keep> Visitor for Looking<'_, K> {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        if self.failed.is_none() {
            self.failed = self.found.keep(at.row, self.digest.of(row, at.places)).err();
        }
    }

    fn progress(&mut self, rows: u64, bytes: u64) -> Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.progress.is_at(rows, bytes)
    }
}
