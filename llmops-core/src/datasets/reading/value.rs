//! One value, and what it is in a column of each type.

use std::borrow::Cow;

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
}
