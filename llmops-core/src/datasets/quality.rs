//! How good the rows are: parts that are counted in the pass, weighted to one number.

use super::binary::{In, Out};
use super::hashed::Hashes;
use super::scripts::Scripts;
use super::similar::{Near, Similar, Words, append};
use super::statistics::hash_of;
use super::{ColumnStatistics, DatasetStatistics, DriftReport, QualityPart, QualityReport};

/// Different rows that are remembered; what repeats one beyond them goes unseen.
const REMEMBERED: usize = 2_000_000;

/// One in so many numbers and lengths may lie far out: every tail has some.
const TAIL: u64 = 50;

/// The counts of a pass.
pub(super) struct Quality {
    rows: u64,
    values: Present,
    /// Rows that repeat another.
    repeated: u64,
    hashes: Hashes,
    /// Rows that nearly do.
    nearly: u64,
    similar: Similar,
    scripts: Scripts,
    /// The columns that count: those that play a part, or all.
    counted: Vec<usize>,
}

/// Values of the columns that count.
#[derive(Default, Clone, Copy)]
struct Present {
    /// Those that should be there.
    wanted: u64,
    /// Those that are.
    present: u64,
    /// Those with replacement or control characters.
    garbled: u64,
    /// Rows that lack one.
    gaps: u64,
}

/// What some rows add, found apart from the rest and counted in the order of the rows.
#[derive(Default)]
pub(super) struct Marks {
    /// Of each row the hash of what it says, and what it is held against others by.
    rows: Vec<(u64, Option<Box<Near>>)>,
    values: Present,
    scripts: Scripts,
    /// The row that is looked at, and its words; kept for their memory.
    content: String,
    words: Words,
}

impl Marks {
    /// Looks at a row by the texts of the columns that count; a value that is not there has none.
    pub(super) fn row<'t>(&mut self, texts: impl Iterator<Item = Option<&'t str>>) {
        self.content.clear();
        let lacking = self.values.wanted - self.values.present;
        for text in texts {
            self.values.wanted += 1;
            if let Some(text) = text {
                self.values.present += 1;
                self.values.garbled += u64::from(is_garbled(text));
            }
            append(&mut self.content, text);
        }
        self.values.gaps += u64::from(self.values.wanted - self.values.present > lacking);
        self.scripts.add(&self.content);
        self.rows.push((hash_of(self.content.as_bytes()), Near::of(&self.content, &mut self.words).map(Box::new)));
    }
}

/// What the rest of the pass knows.
pub(super) struct Known<'k> {
    /// Rows that cannot be read.
    pub bad_rows: u64,
    /// Columns that are missing, and how many the type needs.
    pub missing: usize,
    pub needed: usize,
    /// Values of another type than their column's most frequent, and all values.
    pub strangers: (u64, u64),
    pub statistics: &'k DatasetStatistics,
    /// What changed since the parent, if it has a report.
    pub drift: Option<DriftReport>,
    /// The least that may be approved.
    pub threshold: f64,
}

impl Quality {
    /// Counts these columns of a dataset of so many rows.
    pub(super) fn new(counted: Vec<usize>, rows: u64) -> Self {
        Self {
            rows: 0,
            values: Present::default(),
            repeated: 0,
            hashes: Hashes::default(),
            nearly: 0,
            similar: Similar::new(rows),
            scripts: Scripts::default(),
            counted,
        }
    }

    /// Counts what rows were found to add; they come in their order.
    pub(super) fn take(&mut self, marks: &Marks) {
        self.rows += marks.rows.len() as u64;
        self.values.wanted += marks.values.wanted;
        self.values.present += marks.values.present;
        self.values.garbled += marks.values.garbled;
        self.values.gaps += marks.values.gaps;
        self.scripts.merge(&marks.scripts);
        for (hash, near) in &marks.rows {
            if self.hashes.contains(hash) {
                self.repeated += 1;
                continue;
            }
            if self.hashes.len() < REMEMBERED {
                self.hashes.insert(*hash);
            }
            self.nearly += u64::from(near.as_ref().is_some_and(|near| self.similar.add(near)));
        }
    }

    /// As bytes.
    pub(super) fn put(&self, out: &mut Out) {
        let Present { wanted, present, garbled, gaps } = self.values;
        [self.rows, wanted, present, garbled, gaps, self.repeated, self.nearly]
            .into_iter()
            .for_each(|count| out.u64(count));
        out.numbers(self.hashes.iter().copied());
        self.scripts.put(out);
        self.similar.put(out);
    }

    /// Takes up what was put there, of the same columns; half of it, if it is none.
    pub(super) fn take_up(&mut self, from: &mut In<'_>) -> Option<()> {
        self.rows = from.u64()?;
        let (wanted, present, garbled, gaps) = (from.u64()?, from.u64()?, from.u64()?, from.u64()?);
        self.values = Present { wanted, present, garbled, gaps };
        (self.repeated, self.nearly) = (from.u64()?, from.u64()?);
        self.hashes = from.numbers()?;
        self.scripts = Scripts::read(from)?;
        self.similar.take_up(from)
    }

    /// The columns that count.
    pub(super) fn counted(&self) -> &[usize] {
        &self.counted
    }

    /// Rows that repeat another.
    pub(super) fn repeated(&self) -> u64 {
        self.repeated
    }

    /// Rows that nearly repeat another.
    pub(super) fn nearly(&self) -> u64 {
        self.nearly
    }

    /// Rows of a script that hardly any other is in.
    pub(super) fn strays(&self) -> u64 {
        self.scripts.strays()
    }

    /// Those scripts.
    pub(super) fn rare_scripts(&self) -> Vec<&'static str> {
        self.scripts.rare()
    }

    /// Values that are missing.
    pub(super) fn missing(&self) -> u64 {
        self.values.wanted - self.values.present
    }

    /// Rows that lack a value.
    pub(super) fn gaps(&self) -> u64 {
        self.values.gaps
    }

    /// Values with characters that show a wrong encoding.
    pub(super) fn garbled(&self) -> u64 {
        self.values.garbled
    }

    /// The report.
    pub(super) fn finish(&self, known: Known<'_>) -> QualityReport {
        let mut parts = self.of_rows(&known);
        parts.extend(self.of_spreads(&known));
        let score: f64 = parts.iter().map(|part| part.score * part.weight).sum();
        QualityReport {
            score: (score * 10.0).round() / 10.0,
            threshold: known.threshold,
            parts,
            scripts: self.scripts.shares(),
            drift: known.drift,
        }
    }

    /// What is counted row by row.
    fn of_rows(&self, known: &Known<'_>) -> Vec<QualityPart> {
        let (strangers, values) = known.strangers;
        let missing = format!("{} of {} values are missing", self.missing(), self.values.wanted);
        let repeated = format!("{} of {} rows repeat another", self.repeated, self.rows);
        let nearly = format!("{} of {} rows are nearly another", self.nearly, self.rows);
        let columns = format!("{} of {} required columns are missing", known.missing, known.needed);
        let bad = format!("{} of {} rows cannot be read", known.bad_rows, self.rows + known.bad_rows);
        let odd = format!(
            "{strangers} of {values} values are of another type than their column, {} hold characters of a wrong encoding",
            self.values.garbled
        );
        let there = (known.needed - known.missing.min(known.needed)) as u64;
        vec![
            part("completeness", 0.2, share(self.values.present, self.values.wanted), missing),
            part("uniqueness", 0.2, share(self.rows - self.repeated, self.rows), repeated),
            part("near_duplicates", 0.1, share(self.rows - self.nearly, self.rows), nearly),
            part("schema", 0.15, share(there, known.needed as u64), columns),
            part("format", 0.15, share(self.rows, self.rows + known.bad_rows), bad),
            part("consistency", 0.1, share(values.saturating_sub(strangers + self.values.garbled), values), odd),
        ]
    }

    /// What is odd about the whole.
    fn of_spreads(&self, known: &Known<'_>) -> Vec<QualityPart> {
        let (out, spread) = outliers(known.statistics);
        let costly = if are_far_out(known.statistics) { out } else { 0 };
        let (strays, written) = (self.scripts.strays(), self.scripts.rows());
        let (drifted, both, drift) = match &known.drift {
            None => (0, 0, "there is no parent with a report".to_owned()),
            Some(drift) => {
                let drifted = drift.columns.len() as u64;
                let said = format!("{drifted} of {} columns drifted from {}", drift.compared, drift.version);
                (drifted, drift.compared, said)
            }
        };
        let far = format!("{out} of {spread} numbers and lengths lie far out");
        let rare = format!("{strays} of {written} rows are in a script that hardly any other is in");
        vec![
            part("outliers", 0.04, share(spread.saturating_sub(costly), spread), far),
            part("scripts", 0.03, share(written - strays, written), rare),
            part("drift", 0.03, share(both - drifted, both), drift),
        ]
    }
}

/// Numbers and lengths that lie far out, of all; of a sample as many as would be in all.
fn outliers(statistics: &DatasetStatistics) -> (u64, u64) {
    let spreads = statistics.columns.iter().filter_map(|column| Some((outliers_of(column)?, column.count)));
    spreads.fold((0, 0), |(out, all), (more, count)| (out + more, all + count))
}

/// Those of a column, if it has numbers or lengths.
pub(super) fn outliers_of(column: &ColumnStatistics) -> Option<u64> {
    let spread = column.numbers.as_ref().or(column.lengths.as_ref())?;
    let kept: u64 = spread.histogram.iter().map(|bar| bar.count).sum();
    let out = spread.outliers as f64 / kept.max(1) as f64 * column.count as f64;
    Some(out.round() as u64)
}

/// Whether more lie far out than a tail has.
pub(super) fn are_far_out(statistics: &DatasetStatistics) -> bool {
    let (out, spread) = outliers(statistics);
    out > spread / TAIL
}

fn part(name: &str, weight: f64, score: f64, detail: String) -> QualityPart {
    QualityPart { name: name.to_owned(), score, weight, detail }
}

/// Of 100; all of nothing is all.
fn share(good: u64, all: u64) -> f64 {
    if all == 0 { 100.0 } else { good as f64 * 100.0 / all as f64 }
}

/// The replacement character, or controls that are no white space.
fn is_garbled(text: &str) -> bool {
    let odd = |byte: u8| (byte < b' ' && !matches!(byte, b'\n' | b'\r' | b'\t' | b'\x0c')) || byte == 0x7f;
    let beyond = |c: char| c == '\u{FFFD}' || (!c.is_ascii() && c.is_control());
    text.bytes().any(odd) || (!text.is_ascii() && text.chars().any(beyond))
}
