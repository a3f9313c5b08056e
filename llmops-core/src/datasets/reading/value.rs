//! One value, and what it is in a column of each type.

use std::borrow::Cow;

use super::super::ColumnType;
use crate::base::Error;

/// A value as its file has it.
#[derive(Debug, Clone, Copy)]
pub(super) enum Given<'r> {
    /// The row lacks the column.
    Nothing,
    /// A value of a table, whose type its column tells.
    Table(&'r str),
    /// JSON as it is written.
    Json(&'r str),
    /// A line of text.
    Text(&'r str),
}

impl<'r> Given<'r> {
    /// Without what holds nothing: a blank value of a table, and null.
    pub(super) fn some(self) -> Option<Self> {
        match self {
            Self::Nothing | Self::Json("null") => None,
            Self::Table(text) if text.trim().is_empty() => None,
            given => Some(given),
        }
    }

    /// The word or number that it is, in a column of such; a blank text is none.
    pub(super) fn plain(self) -> Option<&'r str> {
        match self.some()? {
            Self::Table(text) | Self::Text(text) => Some(text.trim()),
            Self::Json(written) if written.starts_with('"') => None,
            Self::Json(written) => Some(written),
            Self::Nothing => None,
        }
    }

    /// True or false, in a column of booleans.
    pub(super) fn boolean(self) -> Option<bool> {
        self.plain().map(|word| word.eq_ignore_ascii_case("true"))
    }

    /// Its text, in a column of text.
    pub(super) fn text(self) -> serde_json::Result<Option<Cow<'r, str>>> {
        Ok(match self.some() {
            None => None,
            Some(Self::Json(written)) => match written.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(inside) if !inside.contains('\\') => Some(inside.into()),
                Some(_) => Some(Cow::Owned(serde_json::from_str(written)?)),
                None => Some(written.into()),
            },
            Some(Self::Table(text) | Self::Text(text)) => Some(text.into()),
            Some(Self::Nothing) => None,
        })
    }

    /// What it is in a column of this type, or what has no room in it. JSON that is none of the simple types stays text.
    pub(super) fn typed(self, of: ColumnType) -> Result<Typed<'r>, String> {
        Ok(match of {
            ColumnType::Boolean => self.boolean().map_or(Typed::Nothing, Typed::Boolean),
            ColumnType::Integer => match self.plain() {
                Some(digits) => Typed::Integer(digits.parse().map_err(|_| digits.to_owned())?),
                None => Typed::Nothing,
            },
            ColumnType::Number => match self.plain() {
                Some(digits) => Typed::Number(digits.parse().map_err(|_| digits.to_owned())?),
                None => Typed::Nothing,
            },
            ColumnType::Empty | ColumnType::Text => {
                self.text().map_err(|error| error.to_string())?.map_or(Typed::Nothing, Typed::Text)
            }
            ColumnType::Json | ColumnType::Mixed => match self.some() {
                Some(Self::Json(written) | Self::Table(written) | Self::Text(written)) => Typed::Text(written.into()),
                Some(Self::Nothing) | None => Typed::Nothing,
            },
        })
    }
}

/// A value of the type of its column.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Typed<'r> {
    /// There is none.
    Nothing,
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Number(f64),
    /// A text, or a value of any type as JSON.
    Text(Cow<'r, str>),
}

/// A whole number of more than 64 bits with sign: what type the column has is sent, or written, by the time it is seen.
pub(super) fn no_room(format: &str, column: &str, found: &str) -> Error {
    let found: String = found.chars().take(60).collect();
    Error::invalid("format", format!("cannot be `{format}`: `{column}` holds {found}, which is no number of 64 bits"))
        .code("number_too_large")
        .hint("read it as `jsonl`, or leave the column out")
}
