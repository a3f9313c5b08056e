//! How answers are shown: a table or the fields of a record for people, JSON for programs.

use std::io::{IsTerminal, Write};

use comfy_table::{Table, presets};
use serde_json::Value;

use super::say;

/// A column: its title, and where its value is in an item, as a JSON pointer.
pub(crate) type Column = (&'static str, &'static str);

/// Where answers go, and in which form.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    /// JSON, or a form for people.
    pub(crate) fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether programs read it.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Shows one thing.
    pub(crate) fn record(self, value: &Value) {
        if self.json { say(&pretty(value)) } else { say(&sheet(value)) }
    }

    /// Shows of one thing what a person asks first, and all of it to a program.
    pub(crate) fn brief(self, value: &Value, fields: &[Column]) {
        if self.json {
            return say(&pretty(value));
        }
        let shown = fields.iter().filter_map(|(title, pointer)| {
            let text = value.pointer(pointer).map(|value| cell(pointer, value)).filter(|text| !text.is_empty())?;
            Some(((*title).to_owned(), text))
        });
        say(&aligned(&shown.collect::<Vec<_>>()));
    }

    /// Shows several things of one kind.
    pub(crate) fn rows(self, items: &[Value], columns: &[Column]) {
        if self.json {
            return say(&pretty(&Value::Array(items.to_vec())));
        }
        say(&table(items, columns));
        if items.is_empty() {
            self.note("nothing found");
        }
    }

    /// Shows one of many things that come one after the other: a line of JSON, or of text.
    pub(crate) fn line(self, value: &Value, text: impl FnOnce(&Value) -> String) {
        if self.json { say(&value.to_string()) } else { say(&text(value)) }
    }

    /// Tells a person something beside the answer.
    pub(crate) fn note(self, text: &str) {
        // Nothing is to be done when the terminal is gone.
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Whether a person watches standard error, where progress is shown.
    pub(crate) fn watched(self) -> bool {
        std::io::stderr().is_terminal()
    }
}

fn pretty(value: &Value) -> String {
    // Alternate formatting of a JSON value indents it.
    format!("{value:#}")
}

/// Items as a table without lines.
pub(crate) fn table(items: &[Value], columns: &[Column]) -> String {
    let rows = items.iter().map(|item| {
        columns.iter().map(|(_, pointer)| item.pointer(pointer).map(|value| cell(pointer, value)).unwrap_or_default())
    });
    let titles = columns.iter().map(|(title, _)| (*title).to_owned());
    grid(titles.collect(), rows.map(Iterator::collect).collect())
}

/// Texts as a table without lines.
pub(crate) fn grid(titles: Vec<String>, rows: Vec<Vec<String>>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_header(titles).add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt()
}

/// The fields of a record, one a line; those of records within it by their path.
fn sheet(value: &Value) -> String {
    let mut rows = Vec::new();
    flatten("", value, &mut rows);
    aligned(&rows)
}

/// Names and texts, one pair a line.
fn aligned(rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
    let lines = rows.iter().map(|(name, text)| format!("{name:<width$}  {text}").trim_end().to_owned());
    lines.collect::<Vec<_>>().join("\n")
}

fn flatten(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (name, value) in fields {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                flatten(&path, value, rows);
            }
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            for (place, value) in items.iter().enumerate() {
                flatten(&format!("{path}[{place}]"), value, rows);
            }
        }
        value => rows.push((path.to_owned(), cell(path, value))),
    }
}

/// A value for people. What it is shows in the name of its field.
pub(crate) fn cell(field: &str, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if field.ends_with("At") || field.ends_with("/at") || field.ends_with("imestamp") => {
            time(text)
        }
        Value::String(text) => text.replace(['\n', '\r', '\t'], " "),
        Value::Number(number) if field.to_ascii_lowercase().ends_with("bytes") => {
            number.as_u64().map_or_else(|| number.to_string(), bytes)
        }
        Value::Number(number) if number.is_f64() => decimal(number.as_f64().unwrap_or_default()),
        Value::Array(items) => items.iter().map(|item| cell(field, item)).collect::<Vec<_>>().join(", "),
        Value::Object(fields) if fields.is_empty() => String::new(),
        Value::Object(fields) if fields.contains_key("amount") => {
            format!("{} {}", cell("", &value["amount"]), cell("", &value["currency"])).trim_end().to_owned()
        }
        other => other.to_string(),
    }
}

/// A number with at most five digits that matter after the point, none of them an empty one.
pub(crate) fn decimal(number: f64) -> String {
    if number != 0.0 && number.abs() < 1e-3 {
        return format!("{number:.3e}");
    }
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// A time to the second.
fn time(text: &str) -> String {
    match text.split_once('.') {
        Some((seconds, rest)) if rest.ends_with('Z') => format!("{seconds}Z"),
        _ => text.to_owned(),
    }
}

/// A size for people.
pub(crate) fn bytes(bytes: u64) -> String {
    let units = [("GiB", 1_u64 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)];
    match units.iter().find(|(_, unit)| bytes >= *unit) {
        Some((name, unit)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} B"),
    }
}
