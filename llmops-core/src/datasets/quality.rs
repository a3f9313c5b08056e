//! How good the rows are: parts that are counted in the pass, weighted to one number.

use std::collections::HashSet;

use super::format::{Cell, Row};
use super::statistics::hash_of;
use super::walk::At;
use super::{QualityPart, QualityReport};

/// Different rows that are remembered; what repeats one beyond them goes unseen.
const REMEMBERED: usize = 2_000_000;

/// The counts of a pass.
#[derive(Default)]
pub(super) struct Quality {
    rows: u64,
    /// Values that should be there.
    wanted: u64,
    /// Values that are.
    present: u64,
    /// Rows that repeat another.
    repeated: u64,
    hashes: HashSet<u64>,
    /// Values with replacement or control characters.
    garbled: u64,
    /// The columns that count: those that play a part, or all.
    counted: Vec<usize>,
}

/// What the rest of the pass knows.
pub(super) struct Known {
    /// Rows that cannot be read.
    pub bad_rows: u64,
    /// Columns that are missing, and how many the type needs.
    pub missing: usize,
    pub needed: usize,
    /// Values of another type than their column's most frequent, and all values.
    pub strangers: (u64, u64),
}

impl Quality {
    /// Counts these columns of the dataset.
    pub(super) fn new(counted: Vec<usize>) -> Self {
        Self { counted, ..Self::default() }
    }

    /// Counts a row.
    pub(super) fn add(&mut self, at: &At<'_>, row: &Row) {
        self.rows += 1;
        let mut content: Vec<u8> = Vec::new();
        for column in &self.counted {
            self.wanted += 1;
            let Some(cell) = at.cell(row, *column).filter(|cell| cell.kind().is_some()) else {
                content.push(0);
                continue;
            };
            self.present += 1;
            self.garbled += u64::from(is_garbled(cell));
            content.extend_from_slice(cell.text().unwrap_or_default().trim().as_bytes());
            content.push(0);
        }
        let hash = hash_of(&content);
        if self.hashes.contains(&hash) {
            self.repeated += 1;
        } else if self.hashes.len() < REMEMBERED {
            self.hashes.insert(hash);
        }
    }

    /// Rows that repeat another.
    pub(super) fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Values that are missing.
    pub(super) fn missing(&self) -> u64 {
        self.wanted - self.present
    }

    /// Values with characters that show a wrong encoding.
    pub(super) fn garbled(&self) -> u64 {
        self.garbled
    }

    /// The report; `threshold` is the least that may be approved.
    pub(super) fn finish(&self, known: &Known, threshold: f64) -> QualityReport {
        let (strangers, values) = known.strangers;
        let odd = strangers + self.garbled;
        let parts = vec![
            part(
                "completeness",
                0.25,
                share(self.present, self.wanted),
                format!("{} of {} values are missing", self.missing(), self.wanted),
            ),
            part(
                "uniqueness",
                0.25,
                share(self.rows - self.repeated, self.rows),
                format!("{} of {} rows repeat another", self.repeated, self.rows),
            ),
            part(
                "schema",
                0.2,
                share((known.needed - known.missing.min(known.needed)) as u64, known.needed as u64),
                format!("{} of {} required columns are missing", known.missing, known.needed),
            ),
            part(
                "format",
                0.15,
                share(self.rows, self.rows + known.bad_rows),
                format!("{} of {} rows cannot be read", known.bad_rows, self.rows + known.bad_rows),
            ),
            part(
                "consistency",
                0.15,
                share(values.saturating_sub(odd), values),
                format!(
                    "{strangers} of {values} values are of another type than their column, {} hold characters of a wrong encoding",
                    self.garbled
                ),
            ),
        ];
        let score: f64 = parts.iter().map(|part| part.score * part.weight).sum();
        QualityReport { score: (score * 10.0).round() / 10.0, threshold, parts }
    }
}

fn part(name: &str, weight: f64, score: f64, detail: String) -> QualityPart {
    QualityPart { name: name.to_owned(), score, weight, detail }
}

/// Of 100; all of nothing is all.
fn share(good: u64, all: u64) -> f64 {
    if all == 0 { 100.0 } else { good as f64 * 100.0 / all as f64 }
}

/// The replacement character, or controls that are no white space.
fn is_garbled(cell: &Cell) -> bool {
    let odd = |c: char| c == '\u{FFFD}' || (c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{c}'));
    cell.text().is_some_and(|text| text.chars().any(odd))
}
