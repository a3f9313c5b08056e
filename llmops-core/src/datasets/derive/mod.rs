//! Making a dataset from another: one pass over its rows, two where something must be known before the first row is
//! written. The same bytes, operation and seed give the same bytes.

mod chance;
mod check;
mod choose;
mod kinds;
mod output;
mod redact;
mod rewrite;
mod template;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::runtime::Handle;

pub(super) use check::{Operation, check, check_columns};

use super::DataFormat;
use super::contamination::Columns;
use super::format::Row;
use super::pii::Search;
use super::progress::Progress;
use super::sorted::Scratch;
use super::walk::{At, Visitor, Walk};
use crate::base::{Error, Result};
use choose::Chooser;
use output::RowWriter;
use rewrite::{Rewriter, Rewritten};

/// What is to be made, from which rows.
pub(super) struct Task {
    pub walk: Walk,
    pub format: DataFormat,
    pub operation: Operation,
    /// The name of each part, in the order of the outputs; one without a name if there are no parts.
    pub parts: Vec<Option<String>>,
    /// What finds that which is redacted.
    pub search: Option<Arc<Search>>,
    /// The columns whose tokens are counted.
    pub tokens: Option<Columns>,
}

/// A file that was made.
#[derive(Debug)]
pub(super) struct Made {
    pub path: PathBuf,
    /// What it is called in its dataset.
    pub name: String,
    pub format: DataFormat,
    pub delimiter: u8,
    pub rows: u64,
}

impl Task {
    fn delimiter(&self) -> u8 {
        super::sql::form_of(&self.walk.files[0]).delimiter
    }

    fn rows(&self) -> u64 {
        self.walk.files.iter().map(|file| file.rows).sum()
    }
}

/// Bytes that the operation reads of a dataset with so many.
pub(super) fn bytes_to_read(operation: &Operation, bytes: u64) -> u64 {
    bytes * if operation.looks_first() { 2 } else { 1 }
}

/// Makes the files.
pub(super) fn run(task: &Task, scratch: &Scratch, (handle, progress): (&Handle, Arc<Progress>)) -> Result<Vec<Made>> {
    if task.walk.files.is_empty() {
        return Err(Error::conflict("the dataset has no files"));
    }
    let environment = template::environment();
    let reach = Reach { task, scratch, handle, progress: &progress };
    let (action, format, columns) = action(&reach, &environment)?;
    let ending = match format {
        DataFormat::Csv => "csv",
        DataFormat::Jsonl => "jsonl",
        DataFormat::Text => "txt",
    };
    let safe = matches!(&task.operation, Operation::Convert(convert) if convert.safe_cells.unwrap_or(true));
    let mut writers = Vec::new();
    for part in &task.parts {
        let name = format!("{}.{ending}", part.as_deref().unwrap_or("rows"));
        let form = output::Form { format, delimiter: task.delimiter(), safe };
        writers.push(RowWriter::create(scratch.file(&name), name, form, columns.clone())?);
    }
    let mut writing = Writing { action, writers, failed: None, progress: &progress, before: progress.read() };
    task.walk.run(handle, &mut writing)?;
    if let Some(error) = writing.failed {
        return Err(error);
    }
    let made: Vec<Made> = writing.writers.into_iter().map(RowWriter::finish).collect::<Result<_>>()?;
    if let Some(empty) = made.iter().find(|made| made.rows == 0) {
        let what = task.parts.iter().flatten().find(|part| empty.name.starts_with(part.as_str()));
        let what = what.map_or_else(|| "the result".to_owned(), |part| format!("the part `{part}`"));
        return Err(Error::conflict(format!("{what} would have no row; nothing was made")).code("no_rows"));
    }
    Ok(made)
}

/// What an operation needs to begin.
struct Reach<'r> {
    task: &'r Task,
    scratch: &'r Scratch,
    handle: &'r Handle,
    progress: &'r Arc<Progress>,
}

/// What is done with each row.
enum Action<'e, 's> {
    /// It goes into a part as it is, or nowhere.
    Choose(Chooser<'e, 's>),
    /// It is written anew.
    Rewrite(Rewriter<'e, 's>),
}

/// The action, and the format and columns of what it makes.
fn action<'e, 's>(
    reach: &Reach<'s>,
    environment: &'e minijinja::Environment<'s>,
) -> Result<(Action<'e, 's>, DataFormat, Vec<String>)> {
    let (task, columns) = (reach.task, &reach.task.walk.columns);
    let (same, names) = (task.format, task.walk.names());
    Ok(match &task.operation {
        Operation::Split(split) => (Action::Choose(choose::split(reach, split)?), same, names),
        Operation::Sample(sample) => (Action::Choose(choose::sample(task.rows(), sample)), same, names),
        Operation::Filter(filter) => {
            let condition = template::Condition::new(environment, &filter.condition, columns)?;
            (Action::Choose(Chooser::Condition(condition)), same, names)
        }
        Operation::Tokens(keep) => (Action::Choose(choose::tokens(reach, keep)?), same, names),
        Operation::Dedupe(dedupe) => (Action::Choose(choose::dedupe(reach, dedupe)?), same, names),
        Operation::Map(map) => {
            let mapper = rewrite::Mapper::new(environment, map, columns)?;
            let format = if same == DataFormat::Text { DataFormat::Jsonl } else { same };
            let names = mapper.columns();
            (Action::Rewrite(Rewriter::Map(mapper)), format, names)
        }
        Operation::Redact(redact) => {
            let search = task.search.clone().ok_or_else(|| Error::unexpected("nothing says what to redact"))?;
            let redactor = redact::Redactor::new(redact, columns, search);
            (Action::Rewrite(Rewriter::Redact(Box::new(redactor))), same, names)
        }
        Operation::Convert(convert) => {
            let types = columns.iter().map(|column| column.column_type).collect();
            (Action::Rewrite(Rewriter::Convert { types, to: convert.to }), convert.to, names)
        }
    })
}

struct Writing<'e, 's, 'p> {
    action: Action<'e, 's>,
    writers: Vec<RowWriter>,
    failed: Option<Error>,
    progress: &'p Progress,
    /// Rows and bytes of the pass before.
    before: (u64, u64),
}

impl Writing<'_, '_, '_> {
    fn write(&mut self, at: &At<'_>, row: &Row) -> Result<()> {
        let located = |error: Error| {
            let place = format!("`{}` line {}: {}", at.path, row.place.line, error.message());
            Error::new(error.kind(), place).code(error.stable_code().to_owned())
        };
        match &mut self.action {
            Action::Choose(chooser) => match chooser.part(at, row).map_err(located)? {
                Some(part) => self.writers.get_mut(part).map_or(Ok(()), |writer| writer.same(at, row)),
                None => Ok(()),
            },
            Action::Rewrite(rewriter) => {
                let Some(writer) = self.writers.first_mut() else { return Ok(()) };
                match rewriter.rewrite(at, row).map_err(located)? {
                    Rewritten::Same => writer.same(at, row),
                    Rewritten::Cells(cells) => writer.cells(&cells).map_err(located),
                }
            }
        }
    }
}

impl Visitor for Writing<'_, '_, '_> {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        if self.failed.is_none() {
            self.failed = self.write(at, row).err();
        }
    }

    fn progress(&mut self, rows: u64, bytes: u64) -> Result<()> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        self.progress.is_at(self.before.0 + rows, self.before.1 + bytes)
    }
}
