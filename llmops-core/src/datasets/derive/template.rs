//! Expressions and templates over the columns of a row: minijinja with fuel, without anything that reaches outside.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::sync::{Mutex, PoisonError};

use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind as Kind, Expression, Template, UndefinedBehavior, Value};
use regex::{Regex, RegexBuilder};

use super::super::format::{Cell, ROW_BYTES, Row};
use super::super::walk::{At, Slots};
use super::super::{ColumnType, DatasetColumn, scripts};
use super::check::{is_number, unknown_column};
use super::kinds;
use crate::base::{Error, ErrorKind, Result};

/// What one row may cost: steps, and about 64 bytes of memory each.
const FUEL: u64 = 500_000;
/// The stack on which an expression is read: of 20,000 characters each may be a level, of less than 6 KiB.
const STACK: usize = 256 << 20;
/// Patterns that are kept ready, and the memory one may take.
const PATTERNS: usize = 32;
const PATTERN_BYTES: usize = 1 << 20;
/// The name under which all columns stand.
const ROW: &str = "row";

/// What expressions and templates can use: minijinja's own filters and tests, `matching` and `written_in`.
pub(super) fn environment<'s>() -> Environment<'s> {
    let mut environment = Environment::new();
    // It would print all there is, whatever the size.
    environment.remove_global("debug");
    environment.set_fuel(Some(FUEL));
    environment.set_recursion_limit(50);
    environment.set_debug(false);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    let patterns: Mutex<HashMap<String, Regex>> = Mutex::default();
    environment.add_test("matching", move |text: &str, pattern: &str| -> Result<bool, minijinja::Error> {
        let mut patterns = patterns.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = patterns.get(pattern) {
            return Ok(known.is_match(text));
        }
        let made = RegexBuilder::new(pattern).size_limit(PATTERN_BYTES).dfa_size_limit(PATTERN_BYTES).build();
        let made = made.map_err(|e| minijinja::Error::new(Kind::InvalidOperation, format!("no pattern: {e}")))?;
        if patterns.len() >= PATTERNS {
            patterns.clear();
        }
        let matches = made.is_match(text);
        patterns.insert(pattern.to_owned(), made);
        Ok(matches)
    });
    environment.add_test("written_in", |text: &str, script: &str| -> Result<bool, minijinja::Error> {
        scripts::is_written_in(text, script).ok_or_else(|| {
            let known = scripts::names().join(", ");
            minijinja::Error::new(Kind::InvalidOperation, format!("no script: there are {known}"))
        })
    });
    environment
}

/// An expression that says of a row whether it stays.
pub(super) struct Condition<'e, 's> {
    expression: Expression<'e, 's>,
    columns: Columns,
}

impl<'e, 's> Condition<'e, 's> {
    pub(super) fn new(environment: &'e Environment<'s>, text: &'s str, columns: &[DatasetColumn]) -> Result<Self> {
        const FIELD: &str = "filter.condition";
        if text.trim().is_empty() {
            return Err(Error::invalid(FIELD, "must not be empty").hint("as `prompt|length > 10 and lang == \"en\"`"));
        }
        let (expression, used) = on_deep_stack(|| {
            let expression = environment.compile_expression(text);
            let expression = expression.map_err(|error| unreadable(FIELD, text, &error))?;
            let used = expression.undeclared_variables(false);
            Ok((expression, used))
        })?;
        let named = Columns::new(FIELD, environment, used, columns)?;
        kinds::check(FIELD, text, columns)?;
        Ok(Self { expression, columns: named })
    }

    /// Whether it holds for this row.
    pub(super) fn holds(&mut self, at: &At<'_>, row: &Row) -> Result<bool> {
        let context = self.columns.of(at, row);
        self.expression.eval(context).map(|value| value.is_true()).map_err(|error| failed("the condition", &error))
    }
}

/// A text with columns in it.
pub(super) struct Text<'e, 's> {
    template: Template<'e, 's>,
    name: String,
    columns: Columns,
}

impl<'e, 's> Text<'e, 's> {
    /// The template of the column of this name.
    pub(super) fn new(
        environment: &'e Environment<'s>,
        (field, name, text): (&str, &'s str, &'s str),
        columns: &[DatasetColumn],
    ) -> Result<Self> {
        let (template, used) = on_deep_stack(|| {
            let template = environment.template_from_named_str(name, text);
            let template = template.map_err(|error| unreadable(field, text, &error))?;
            let used = template.undeclared_variables(false);
            Ok((template, used))
        })?;
        let columns = Columns::new(field, environment, used, columns)?;
        Ok(Self { template, name: name.to_owned(), columns })
    }

    /// The text for a row.
    pub(super) fn of(&mut self, at: &At<'_>, row: &Row) -> Result<String> {
        let context = self.columns.of(at, row);
        let mut out = Bounded(Vec::new());
        let written = self.template.render_captured_to(context, &mut out).map(drop);
        written.map_err(|error| failed(&format!("the template of `{}`", self.name), &error))?;
        String::from_utf8(out.0).map_err(|_| Error::unexpected("a template made a text that is none"))
    }
}

/// Takes no more than a row may hold.
struct Bounded(Vec<u8>);

impl Write for Bounded {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.0.len() + bytes.len() > ROW_BYTES {
            return Err(std::io::Error::other("the text would be longer than a row may be"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The columns that an expression names.
struct Columns {
    used: Vec<(String, usize, ColumnType)>,
    /// Whether they also stand under `row`, all of them.
    row: bool,
    slots: Slots,
}

impl Columns {
    fn new(
        field: &str,
        environment: &Environment<'_>,
        used: impl IntoIterator<Item = String>,
        columns: &[DatasetColumn],
    ) -> Result<Self> {
        let mut names: Vec<String> = used.into_iter().collect();
        names.sort_unstable();
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        let row = names.iter().any(|name| name == ROW) && place(ROW).is_none();
        for name in &names {
            let global = environment.globals().any(|(global, _)| global == name);
            if place(name).is_none() && !global && !(row && name == ROW) {
                return Err(unknown_column(field, name, columns));
            }
        }
        let used = columns.iter().enumerate().filter(|(_, column)| row || names.contains(&column.name));
        let used = used.map(|(place, column)| (column.name.clone(), place, column.column_type)).collect();
        Ok(Self { used, row, slots: Slots::default() })
    }

    fn of(&mut self, at: &At<'_>, row: &Row) -> Value {
        self.slots.set(at.places);
        let values = self.used.iter().map(|(name, place, kind)| {
            let cell = self.slots.cell(row, *place);
            (name.clone(), cell.map_or(Value::from(()), |cell| value(cell, *kind)))
        });
        let mut values: BTreeMap<String, Value> = values.collect();
        if self.row {
            values.insert(ROW.to_owned(), Value::from(values.clone()));
        }
        Value::from(values)
    }
}

/// A cell as expressions see it. A table's values are of the type of their column.
fn value(cell: &Cell, kind: ColumnType) -> Value {
    match cell {
        Cell::Absent => Value::from(()),
        Cell::Raw(text) if text.is_empty() => Value::from(()),
        Cell::Raw(text) => {
            let trimmed = text.trim();
            match kind {
                ColumnType::Boolean => Value::from(trimmed.eq_ignore_ascii_case("true")),
                kind if is_number(kind) => match (trimmed.parse::<i64>(), trimmed.parse::<f64>()) {
                    (Ok(whole), _) => Value::from(whole),
                    (_, Ok(number)) => Value::from(number),
                    _ => Value::from(()),
                },
                _ => Value::from(text.as_str()),
            }
        }
        Cell::Text(text) => Value::from(text.as_str()),
        Cell::Json(value) => Value::from(Serde(value)),
    }
}

/// Reads an expression on a stack that holds the deepest one that its length allows: what is read is walked over by
/// recursion. What is made of it runs without.
fn on_deep_stack<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
        let thread =
            thread.map_err(|cause| Error::unavailable("no thread is left to read an expression").caused_by(cause))?;
        thread.join().unwrap_or_else(|_| Err(Error::unexpected("reading an expression broke off")))
    })
}

/// An expression that is none, with the place where that shows.
fn unreadable(field: &str, text: &str, error: &minijinja::Error) -> Error {
    let place = error.range().and_then(|range| text.get(..range.start)).map(|before| {
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        if text.contains('\n') {
            format!(" at line {line}, character {column}")
        } else {
            format!(" at character {column}")
        }
    });
    Error::invalid(field, format!("cannot be read{}: {}", place.unwrap_or_default(), said(error)))
        .code("invalid_expression")
        .hint("the grammar is in docs/concepts/datasets.md")
}

/// A row for which it cannot be computed.
fn failed(what: &str, error: &minijinja::Error) -> Error {
    if error.kind() == Kind::OutOfFuel {
        return Error::new(ErrorKind::TooLarge, format!("{what} takes too many steps or too much memory for one row"))
            .code("out_of_fuel");
    }
    Error::invalid("operation", format!("{what} cannot be computed: {}", said(error))).code("expression_failed")
}

fn said(error: &minijinja::Error) -> String {
    match error.detail() {
        Some(detail) => format!("{}: {detail}", error.kind()),
        None => error.kind().to_string(),
    }
}
