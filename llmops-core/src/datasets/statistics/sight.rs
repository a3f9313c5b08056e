//! What some rows add to the statistics, found apart from the rest and counted in the order of the rows.

use super::super::ColumnType;
use super::super::format::Cell;
use super::super::schema::Seen;
use super::{VALUE_CHARS, hash_of};

/// What a value is, looked at once.
pub(super) struct Look<'t> {
    /// The hash of the whole text.
    pub(super) hash: u64,
    /// As much of the text as is kept, and the hash of that.
    pub(super) text: &'t str,
    pub(super) of_text: u64,
    /// Its number, if it is one.
    pub(super) number: Option<f64>,
    /// The characters of a text.
    pub(super) length: Option<f64>,
}

impl<'t> Look<'t> {
    /// Looks at a value of this kind whose text is known.
    pub(super) fn at(cell: &Cell, kind: ColumnType, text: &'t str) -> Self {
        let hash = hash_of(text.as_bytes());
        let over = (text.len() > VALUE_CHARS).then(|| text.char_indices().nth(VALUE_CHARS)).flatten();
        let (kept, of_text) = over.map_or((text, hash), |(at, _)| (&text[..at], hash_of(&text.as_bytes()[..at])));
        let length = (kind == ColumnType::Text).then(|| text.chars().count() as f64);
        Self { hash, text: kept, of_text, number: cell.number_of(Some(kind)), length }
    }
}

/// What some rows add to one column.
#[derive(Default)]
pub(super) struct Sight {
    pub(super) seen: Seen,
    /// Of each value its hash, that of the text that is kept, and where that ends in `texts`.
    values: Vec<(u64, u64, usize)>,
    texts: String,
    pub(super) numbers: Vec<f64>,
    pub(super) lengths: Vec<f64>,
}

impl Sight {
    fn add(&mut self, look: &Look<'_>) {
        self.texts.push_str(look.text);
        self.values.push((look.hash, look.of_text, self.texts.len()));
        self.numbers.extend(look.number);
        self.lengths.extend(look.length);
    }

    /// The hash of each value, that of the text that is kept, and that text.
    pub(super) fn values(&self) -> impl Iterator<Item = (u64, u64, &str)> {
        let mut start = 0;
        self.values.iter().map(move |(hash, of_text, end)| {
            let text = &self.texts[std::mem::replace(&mut start, *end)..*end];
            (*hash, *of_text, text)
        })
    }
}

/// What some rows add to all columns.
pub(in super::super) struct Sights {
    rows: u64,
    pub(super) columns: Vec<Sight>,
}

impl Sights {
    /// Nothing of so many columns yet.
    pub(in super::super) fn new(width: usize) -> Self {
        Self { rows: 0, columns: (0..width).map(|_| Sight::default()).collect() }
    }

    /// How many rows.
    pub(in super::super) fn rows(&self) -> u64 {
        self.rows
    }

    /// Begins a row; its number among these.
    pub(in super::super) fn row(&mut self) -> u64 {
        self.rows += 1;
        self.rows - 1
    }

    /// Looks at a value of the row, of this column, kind and text.
    pub(in super::super) fn cell(
        &mut self,
        place: usize,
        cell: &Cell,
        (kind, text): (Option<ColumnType>, Option<&str>),
    ) {
        let Some(column) = self.columns.get_mut(place) else { return };
        column.seen.add(kind);
        if let (Some(kind), Some(text)) = (kind, text) {
            column.add(&Look::at(cell, kind, text));
        }
    }
}
