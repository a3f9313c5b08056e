//! A dataset as what a trainer or an evaluation reads: one JSON object a line, its fields named by the part they play.

use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::format::{Cell, Row};
use super::walk::{At, Visitor, Walk};
use super::{ColumnRoles, Dataset, DatasetFile, DatasetStatus, conversation, roles};
use crate::base::{Error, ErrorKind, Result};

/// What an example is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExampleForm {
    /// `{"text"}`.
    Text,
    /// `{"prompt", "response"}`.
    Prompt,
    /// `{"messages": [{"role", "content"}]}`, and `tools` where the dataset has a column of that name.
    Chat,
    /// The parts of the dataset's type under their own names.
    Parts,
}

impl ExampleForm {
    /// As the local runtime calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Prompt => "prompt",
            Self::Chat => "chat",
            Self::Parts => "parts",
        }
    }

    fn of(roles: &ColumnRoles) -> Self {
        match roles {
            ColumnRoles { messages: Some(_), .. } => Self::Chat,
            ColumnRoles { prompt: Some(_), response: Some(_), .. } => Self::Prompt,
            ColumnRoles { text: Some(_), .. } => Self::Text,
            _ => Self::Parts,
        }
    }
}

/// A version of a dataset, resolved for work: what it is, and which of its columns plays which part.
#[derive(Clone)]
pub struct DatasetSource {
    /// The version as it was when it was resolved; its digest is what the work is bound to.
    pub dataset: Dataset,
    /// Its files, by path.
    pub files: Vec<DatasetFile>,
    /// The column of every part that its type has.
    pub columns: ColumnRoles,
    /// Parts that no column plays; with one of them it is of no use.
    pub missing: Vec<String>,
    /// What its examples are made of.
    pub form: ExampleForm,
    pub(super) walk: Walk,
}

/// Examples in a file of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenExamples {
    /// The file.
    pub path: PathBuf,
    /// What an example is made of.
    pub form: ExampleForm,
    /// How many there are.
    pub examples: u64,
    /// Rows left out because a part is empty in them.
    pub skipped: u64,
}

impl DatasetSource {
    pub(super) fn new(dataset: Dataset, walk: Walk) -> Self {
        let resolved = roles::resolve(dataset.dataset_type, &dataset.columns, &dataset.schema);
        let (columns, missing) = match resolved {
            Ok(columns) => (columns, Vec::new()),
            Err(missing) => (ColumnRoles::default(), missing),
        };
        let form = ExampleForm::of(&columns);
        Self { files: walk.files.clone(), dataset, columns, missing, form, walk }
    }

    /// Refuses data that nobody approved, or in which a part is missing.
    ///
    /// # Errors
    /// A conflict with the code `not_approved` or `columns_missing`.
    pub fn check_usable(&self) -> Result<()> {
        let Dataset { name, version, status, .. } = &self.dataset;
        if *status != DatasetStatus::Approved {
            return Err(Error::conflict(format!("dataset `{name}` {version} is {} and not approved", status.name()))
                .code("not_approved")
                .field("datasetId")
                .hint("have it reviewed first"));
        }
        if !self.missing.is_empty() {
            let missing = self.missing.join(", ");
            return Err(Error::conflict(format!("dataset `{name}` {version} lacks the columns {missing}"))
                .code("columns_missing")
                .field("datasetId")
                .hint("map them with `columns` in a new version"));
        }
        Ok(())
    }

    /// Writes all examples, in the form the local runtime reads, to `path` as JSON lines, in the order of the rows. Writing it again writes the same bytes.
    ///
    /// # Errors
    /// A conflict with the code `beyond_text` at the first conversation that holds images or other things than text.
    pub async fn write_examples(&self, path: &Path) -> Result<WrittenExamples> {
        let (source, path) = (self.clone(), path.to_owned());
        let handle = tokio::runtime::Handle::current();
        super::source::off_thread(move || {
            let file = std::fs::File::create(&path).map_err(disk)?;
            let mut writer = Writer {
                out: BufWriter::new(file),
                parts: source.parts(),
                messages: source.columns.messages.clone().unwrap_or_default(),
                tools: source.tools(),
                written: WrittenExamples { path, form: source.form, examples: 0, skipped: 0 },
                failed: None,
            };
            source.walk.run(&handle, &mut writer)?;
            writer.finish()
        })
        .await
    }

    /// The column of the tools beside conversations.
    fn tools(&self) -> Option<usize> {
        let is_chat = self.form == ExampleForm::Chat;
        self.walk.names().iter().position(|name| is_chat && name == conversation::TOOLS)
    }

    /// The field of an example and the column it is taken from.
    fn parts(&self) -> Vec<(&'static str, usize)> {
        let roles = &self.columns;
        let fields = [
            ("text", &roles.text),
            ("prompt", &roles.prompt),
            ("response", &roles.response),
            (MESSAGES, &roles.messages),
            ("question", &roles.question),
            ("context", &roles.context),
            ("answer", &roles.answer),
            ("chosen", &roles.chosen),
            ("rejected", &roles.rejected),
        ];
        let names = self.walk.names();
        let at = |column: &str| names.iter().position(|name| name == column);
        fields.into_iter().filter_map(|(field, column)| Some((field, at(column.as_deref()?)?))).collect()
    }
}

/// The field of conversations.
const MESSAGES: &str = "messages";

struct Writer {
    out: BufWriter<std::fs::File>,
    parts: Vec<(&'static str, usize)>,
    /// The name of the column of conversations, and the column of the tools that they may call.
    messages: String,
    tools: Option<usize>,
    written: WrittenExamples,
    failed: Option<Error>,
}

impl Writer {
    /// The example of a row, if every part of it is there.
    fn example(&self, at: &At<'_>, row: &Row) -> Result<Option<Value>> {
        let mut example = Map::new();
        for (field, column) in &self.parts {
            let cell = at.cell(row, *column).filter(|cell| cell.kind().is_some());
            let Some(value) = cell.and_then(|cell| value(cell, field)) else { return Ok(None) };
            let value = if *field == MESSAGES { self.conversation(value, at, row)? } else { value };
            example.insert((*field).to_owned(), value);
        }
        match self.tools.and_then(|column| at.cell(row, column)).map(conversation::tools_of) {
            Some(Err(_)) => return Ok(None),
            Some(Ok(Some(tools))) => example.insert(conversation::TOOLS.to_owned(), tools),
            Some(Ok(None)) | None => None,
        };
        Ok(Some(Value::Object(example)))
    }

    /// A conversation of texts alone. What reads texts cannot learn or answer another.
    fn conversation(&self, messages: Value, at: &At<'_>, row: &Row) -> Result<Value> {
        let Some((number, kind)) = conversation::beyond_text(&messages) else {
            return Ok(conversation::plain(messages));
        };
        let (path, line, column) = (at.path, row.place.line, &self.messages);
        Err(Error::conflict(format!(
            "`{path}` line {line}: message {number} has a part of the type `{kind}`, and what is learnt and asked here is \
             text; derive a dataset without such conversations by the filter `'\"type\": \"{kind}\"' not in {column}|tojson`"
        ))
        .code("beyond_text")
        .field("datasetId"))
    }

    fn finish(mut self) -> Result<WrittenExamples> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        self.out.flush().map_err(disk)?;
        Ok(self.written)
    }
}

impl Visitor for Writer {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        if self.failed.is_some() {
            return;
        }
        match self.example(at, row) {
            Ok(None) => self.written.skipped += 1,
            Ok(Some(example)) => match writeln!(self.out, "{example}") {
                Ok(()) => self.written.examples += 1,
                Err(cause) => self.failed = Some(disk(cause)),
            },
            Err(error) => self.failed = Some(error),
        }
    }

    fn progress(&mut self, _rows: u64, _bytes: u64) -> Result<()> {
        self.failed.take().map_or(Ok(()), Err)
    }
}

/// Conversations stay what they are, also where a table holds them as text; everything else is text.
fn value(cell: &Cell, field: &str) -> Option<Value> {
    match field {
        MESSAGES => conversation::of(cell).ok(),
        _ => cell.text().map(|text| Value::String(text.into_owned())),
    }
}

fn disk(cause: std::io::Error) -> Error {
    let full = cause.kind() == std::io::ErrorKind::StorageFull;
    let kind = if full { ErrorKind::StorageFull } else { ErrorKind::Unavailable };
    Error::new(kind, "the examples cannot be written to this machine's disk").hint("free some space").caused_by(cause)
}
