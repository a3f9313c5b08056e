//! Operations that write rows anew.

use minijinja::Environment;
use serde_json::{Number, Value};

use super::super::format::{Cell, Row};
use super::super::walk::{At, Slots};
use super::super::{ColumnType, DataFormat, DatasetColumn, MapRows};
use super::redact::Redactor;
use super::template::Text;
use crate::base::{Error, Result};

/// A row as it is to be written.
pub(super) enum Rewritten {
    /// As it stands.
    Same,
    /// Of these values.
    Cells(Vec<Cell>),
}

/// Writes rows anew.
pub(super) enum Rewriter<'e, 's> {
    Map(Mapper<'e, 's>),
    Redact(Box<Redactor>),
    Convert { types: Vec<ColumnType>, to: DataFormat },
}

impl Rewriter<'_, '_> {
    pub(super) fn rewrite(&mut self, at: &At<'_>, row: &Row) -> Result<Rewritten> {
        match self {
            Self::Map(mapper) => mapper.cells(at, row).map(Rewritten::Cells),
            Self::Redact(redactor) => Ok(redacted(redactor, at, row)),
            Self::Convert { types, to } => {
                let mut slots = Slots::default();
                slots.set(at.places);
                let cell = |place| slots.cell(row, place).cloned().unwrap_or(Cell::Absent);
                let cells = types.iter().enumerate().map(|(place, kind)| match *to {
                    DataFormat::Jsonl => typed(cell(place), *kind),
                    DataFormat::Csv | DataFormat::Text => cell(place),
                });
                Ok(Rewritten::Cells(cells.collect()))
            }
        }
    }
}

fn redacted(redactor: &mut Redactor, at: &At<'_>, row: &Row) -> Rewritten {
    let width = at.places.iter().filter(|place| **place != usize::MAX).max().map_or(0, |place| place + 1);
    let (mut cells, mut changed) = (vec![Cell::Absent; width], false);
    for (cell, place) in row.cells.iter().zip(at.places) {
        let clean = redactor.cell(*place, cell);
        changed |= clean.is_some();
        if let Some(slot) = cells.get_mut(*place) {
            *slot = clean.unwrap_or_else(|| cell.clone());
        }
    }
    if changed { Rewritten::Cells(cells) } else { Rewritten::Same }
}

/// A table's value as JSON, of the type of its column; nothing becomes null.
fn typed(cell: Cell, kind: ColumnType) -> Cell {
    let Cell::Raw(text) = cell else { return cell };
    let trimmed = text.trim();
    let value = match kind {
        _ if text.is_empty() => Some(Value::Null),
        ColumnType::Boolean => Some(Value::Bool(trimmed.eq_ignore_ascii_case("true"))),
        ColumnType::Integer => trimmed.parse::<i64>().ok().map(Value::from),
        ColumnType::Number => match trimmed.parse::<i64>() {
            Ok(whole) => Some(Value::from(whole)),
            Err(_) => trimmed.parse().ok().and_then(Number::from_f64).map(Value::Number),
        },
        _ => None,
    };
    Cell::Json(value.unwrap_or_else(|| Value::String(text.into())))
}

/// Columns made by templates.
pub(super) struct Mapper<'e, 's> {
    outputs: Vec<(String, From<'e, 's>)>,
    slots: Slots,
}

/// Where the values of a column come from.
enum From<'e, 's> {
    /// From this column of the source.
    Source(usize),
    /// From a template; whether its text is JSON.
    Template(Box<Text<'e, 's>>, bool),
}

impl<'e, 's> Mapper<'e, 's> {
    pub(super) fn new(environment: &'e Environment<'s>, map: &'s MapRows, columns: &[DatasetColumn]) -> Result<Self> {
        let mut outputs: Vec<(String, From<'e, 's>)> = Vec::new();
        if map.keep.unwrap_or(false) {
            outputs =
                columns.iter().enumerate().map(|(place, column)| (column.name.clone(), From::Source(place))).collect();
        }
        for (at, made) in map.columns.iter().enumerate() {
            if made.name.trim().is_empty() || made.name.trim() != made.name {
                return Err(Error::invalid(
                    format!("map.columns[{at}].name"),
                    "must name a column, without space around it",
                )
                .hint("as `prompt`"));
            }
            if map.columns[..at].iter().any(|other| other.name == made.name) {
                return Err(Error::invalid(format!("map.columns[{at}].name"), format!("names `{}` twice", made.name))
                    .hint("make each column once"));
            }
            let field = format!("map.columns[{at}].template");
            let text = Text::new(environment, (&field, &made.name, &made.template), columns)?;
            let from = From::Template(Box::new(text), made.json.unwrap_or(false));
            match outputs.iter_mut().find(|(name, _)| *name == made.name) {
                Some((_, kept)) => *kept = from,
                None => outputs.push((made.name.clone(), from)),
            }
        }
        if outputs.len() > super::super::format::COLUMNS {
            return Err(Error::invalid("map.columns", "makes more columns than a dataset may have").hint("make fewer"));
        }
        Ok(Self { outputs, slots: Slots::default() })
    }

    /// The names of the columns.
    pub(super) fn columns(&self) -> Vec<String> {
        self.outputs.iter().map(|(name, _)| name.clone()).collect()
    }

    fn cells(&mut self, at: &At<'_>, row: &Row) -> Result<Vec<Cell>> {
        self.slots.set(at.places);
        let mut cells = Vec::with_capacity(self.outputs.len());
        for (name, from) in &mut self.outputs {
            cells.push(match from {
                From::Source(place) => self.slots.cell(row, *place).cloned().unwrap_or(Cell::Absent),
                From::Template(text, false) => Cell::Text(text.of(at, row)?),
                From::Template(text, true) => {
                    let text = text.of(at, row)?;
                    let value = serde_json::from_str(&text).map_err(|error| {
                        Error::invalid("operation", format!("the template of `{name}` does not make JSON: {error}"))
                            .code("expression_failed")
                    })?;
                    Cell::Json(value)
                }
            });
        }
        Ok(cells)
    }
}
