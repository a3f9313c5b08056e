//! What is found out about a batch of rows without knowing any other.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::super::conversation;
use super::super::format::{Cell, Item, Keys, Problem, Row};
use super::super::pii::{Column, PiiMatch, Search, mask};
use super::super::progress::Progress;
use super::super::quality::Marks;
use super::super::schema::PROBLEMS;
use super::super::statistics::Sights;
use super::super::strangers::Strangers;
use super::super::walk::{Slots, Walk};
use super::super::{ColumnType, DataFormat, PiiFinding, PiiType, StructureError};
use super::FINDINGS;
use super::feed::{Batch, Mark};

/// How often something was found, by its kind and the rule that found it.
pub(super) type Counts = BTreeMap<(PiiType, Option<Arc<str>>), u64>;

/// What is looked for; all threads share it.
pub(super) struct Looking<'w> {
    pub(super) walk: &'w Walk,
    pub(super) names: Vec<String>,
    pub(super) search: Search,
    /// The columns that count for quality.
    pub(super) counted: Vec<usize>,
    /// The column of conversations, which must be such, and that of the tools beside them.
    pub(super) messages: Option<usize>,
    pub(super) tools: Option<usize>,
    pub(super) progress: Arc<Progress>,
    /// Whether so much was found before that no more is kept.
    pub(super) full: AtomicBool,
}

/// What was found out about a batch.
pub(super) struct Piece {
    pub(super) sights: Sights,
    pub(super) marks: Marks,
    pub(super) counts: Counts,
    /// The first findings; their rows are counted from the first of the batch.
    pub(super) findings: Vec<PiiFinding>,
    pub(super) errors: Vec<StructureError>,
    pub(super) strangers: Strangers,
    pub(super) bad_rows: u64,
    /// Where the next batch begins, and bytes of the dataset before that.
    pub(super) end: Mark,
    pub(super) bytes: u64,
}

impl Piece {
    fn bad(&mut self, path: &str, problem: Problem) {
        self.bad_rows += 1;
        if self.errors.len() < PROBLEMS {
            let Problem { line, column, reason } = problem;
            self.errors.push(StructureError { path: path.to_owned(), line, column, reason });
        }
    }
}

/// A value that was looked at: what it is and its text.
type Seen<'r> = (Option<ColumnType>, Option<Cow<'r, str>>);

/// One thread that looks.
pub(super) struct Worker<'l, 'w> {
    looking: &'l Looking<'w>,
    columns: Vec<Column<'l>>,
    /// The file that the following is of.
    file: Option<usize>,
    places: Vec<usize>,
    slots: Slots,
    keys: Keys,
    /// Kept for its memory.
    matches: Vec<PiiMatch>,
}

impl<'l, 'w> Worker<'l, 'w> {
    pub(super) fn new(looking: &'l Looking<'w>) -> Self {
        let columns = looking.names.iter().map(|name| Column::new(name)).collect();
        let (slots, keys) = (Slots::default(), Keys::default());
        Self { looking, columns, file: None, places: Vec::new(), slots, keys, matches: Vec::new() }
    }

    /// Looks at a batch. One that is interrupted is not looked at to its end.
    pub(super) fn look(&mut self, batch: Batch) -> Piece {
        self.enter(batch.file);
        let file = &self.looking.walk.files[batch.file];
        let mut piece = Piece {
            sights: Sights::new(self.looking.names.len()),
            marks: Marks::default(),
            counts: Counts::new(),
            findings: Vec::new(),
            errors: Vec::new(),
            strangers: Strangers::default(),
            bad_rows: 0,
            end: batch.end,
            bytes: batch.bytes,
        };
        for item in batch.items {
            if self.looking.progress.stopped() {
                break;
            }
            match self.parsed(item, file.format) {
                Item::Row(row) => self.row(&file.path, &row, &mut piece),
                Item::Bad(problem) => piece.bad(&file.path, problem),
            }
        }
        piece
    }

    /// Learns where the columns of a file are.
    fn enter(&mut self, file: usize) {
        if self.file == Some(file) {
            return;
        }
        let walk = self.looking.walk;
        self.file = Some(file);
        self.places = walk.places(&walk.files[file]);
        self.slots.set(&self.places);
        self.keys = Keys::new(walk.files[file].schema.iter().map(|column| column.name.clone()).collect());
    }

    /// The row that a line of JSON is. All keys of its file are known, so it does not matter in which order lines are read.
    fn parsed(&mut self, item: Item, format: DataFormat) -> Item {
        match &item {
            Item::Row(Row { place, cells }) if format == DataFormat::Jsonl => match &cells[..] {
                [Cell::Text(line)] => self.keys.read(*place, line),
                _ => item,
            },
            _ => item,
        }
    }

    fn row(&mut self, path: &str, row: &Row, piece: &mut Piece) {
        let seen: Vec<Seen<'_>> = row.cells.iter().map(|cell| (cell.kind(), cell.text())).collect();
        let number = piece.sights.row();
        for ((cell, place), (kind, text)) in row.cells.iter().zip(&self.places).zip(&seen) {
            piece.sights.cell(*place, cell, (*kind, text.as_deref()));
            piece.strangers.note((*place, *kind), self.file.unwrap_or_default(), row.place.line);
        }
        let there = |column: &usize| {
            let (kind, text) = seen.get(self.slots.at(*column)?)?;
            kind.and(text.as_deref())
        };
        piece.marks.row(self.looking.counted.iter().map(there));
        if let Some(reason) = self.no_conversation(row) {
            piece.bad(path, Problem { line: row.place.line, column: None, reason });
        }
        for ((kind, text), place) in seen.iter().zip(&self.places) {
            if let Some(text) = text
                && !matches!(kind, None | Some(ColumnType::Boolean))
            {
                let Some(column) = self.columns.get(*place) else { continue };
                self.looking.search.find_at(column, text, &mut self.matches);
                self.found((path, row.place.line, number), (&self.looking.names[*place], text), piece);
            }
        }
    }

    /// Why what should be a conversation, or the tools beside it, is none.
    fn no_conversation(&self, row: &Row) -> Option<String> {
        let Looking { messages, tools, names, .. } = self.looking;
        let wrong = |column: &Option<usize>, check: fn(&Cell) -> Result<(), String>| {
            let column = column.as_ref()?;
            let cell = self.slots.cell(row, *column).filter(|cell| cell.kind().is_some())?;
            check(cell).err().map(|reason| format!("`{}`: {reason}", names[*column]))
        };
        wrong(messages, conversation::check).or_else(|| wrong(tools, |cell| conversation::tools_of(cell).map(drop)))
    }

    /// Counts what was found in a value, and keeps the first.
    fn found(&self, (path, line, row): (&str, u64, u64), (column, text): (&str, &str), piece: &mut Piece) {
        let full = self.matches.is_empty() || self.looking.full.load(Ordering::Relaxed);
        // Characters up to a byte, counted on from finding to finding.
        let (mut bytes, mut chars) = (0, 0u64);
        for found in &self.matches {
            *piece.counts.entry((found.kind, found.rule.clone())).or_default() += 1;
            if full || piece.findings.len() >= FINDINGS {
                continue;
            }
            let what = &text[found.span.clone()];
            chars += text[bytes..found.span.start].chars().count() as u64;
            bytes = found.span.start;
            piece.findings.push(PiiFinding {
                pii_type: found.kind,
                rule: found.rule.as_deref().map(str::to_owned),
                row,
                path: path.to_owned(),
                line,
                column: column.to_owned(),
                start: chars,
                end: chars + what.chars().count() as u64,
                confidence: found.confidence,
                excerpt: mask(found.kind, what),
            });
        }
    }
}
