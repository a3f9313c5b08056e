//! Tables of separated values as RFC 4180 has them. The reader is strict where leniency would swallow rows (a quote that
//! is never closed), keeps the place of everything, and never holds more than one record.

use std::collections::HashSet;

use compact_str::CompactString;

use super::{COLUMNS, Cell, Form, Input, Item, Place, Problem, ROW_BYTES, Row, check_utf8, too_long};
use crate::base::{Error, Result};

/// A table being read.
pub(super) struct Table {
    /// The names of the columns.
    pub(super) columns: Vec<String>,
    record: Record,
    /// The first record of a table without a header, read to learn how many columns there are.
    first: Option<Item>,
}

/// One record in the making; its buffers are used again.
pub(super) struct Record {
    delimiter: u8,
    bytes: Vec<u8>,
    /// Where each value ends in `bytes`.
    ends: Vec<usize>,
    fields: usize,
}

enum State {
    Start,
    Plain,
    Quoted,
    Closed,
}

/// How a record ended.
pub(super) enum Ended {
    Nothing,
    Whole(Place),
    Broken(Problem),
}

impl Table {
    pub(super) fn open(input: &mut Input, form: Form) -> Result<Self> {
        let mut record = Record::new(form.delimiter);
        let refuse = |line: u64, reason: &str| {
            Error::invalid("file", format!("cannot be read as a table: line {line}: {reason}"))
                .code("invalid_table")
                .hint("give the delimiter and whether there is a header, or mend the line")
        };
        let place = match record.read(input)? {
            Ended::Whole(place) => place,
            Ended::Nothing => return Err(Error::invalid("file", "holds no record").hint("send its rows")),
            Ended::Broken(problem) => return Err(refuse(problem.line, &problem.reason)),
        };
        if record.fields > COLUMNS {
            let found = record.fields;
            return Err(refuse(place.line, &format!("{found} columns, and {COLUMNS} is the most"))
                .code("too_many_columns")
                .hint("split the table, or keep rare columns as JSON in one"));
        }
        let values = record.values(place).map_err(|problem| refuse(problem.line, &problem.reason))?;
        if !form.header {
            let columns = (1..=values.len()).map(|n| format!("column_{n}")).collect();
            let cells = values.into_iter().map(Cell::Raw).collect();
            return Ok(Self { columns, record, first: Some(Item::Row(Row { place, cells })) });
        }
        let columns: Vec<String> = values.into_iter().map(|name| name.trim().to_owned()).collect();
        let mut seen = HashSet::new();
        for (at, name) in columns.iter().enumerate() {
            if name.is_empty() {
                return Err(refuse(place.line, &format!("the header leaves column {} without a name", at + 1)));
            }
            if !seen.insert(name) {
                return Err(refuse(place.line, &format!("the header names the column `{}` twice", short(name))));
            }
        }
        Ok(Self { columns, record, first: None })
    }

    pub(super) fn resume(form: Form, columns: Vec<String>) -> Self {
        Self { columns, record: Record::new(form.delimiter), first: None }
    }

    pub(super) fn next(&mut self, input: &mut Input) -> Result<Option<Item>> {
        if let Some(first) = self.first.take() {
            return Ok(Some(first));
        }
        let place = match self.record.read(input)? {
            Ended::Nothing => return Ok(None),
            Ended::Broken(problem) => return Ok(Some(Item::Bad(problem))),
            Ended::Whole(place) => place,
        };
        let (found, wanted) = (self.record.fields, self.columns.len());
        if found != wanted {
            let reason = format!("{found} values where the table has {wanted} columns");
            return Ok(Some(Item::Bad(Problem { line: place.line, column: None, reason })));
        }
        Ok(Some(match self.record.values(place) {
            Ok(values) => Item::Row(Row { place, cells: values.into_iter().map(Cell::Raw).collect() }),
            Err(problem) => Item::Bad(problem),
        }))
    }
}

impl Record {
    pub(super) fn new(delimiter: u8) -> Self {
        Self { delimiter, bytes: Vec::new(), ends: Vec::new(), fields: 0 }
    }

    /// How many values the record has.
    pub(super) fn fields(&self) -> usize {
        self.fields
    }

    /// Reads the next record; blank lines are none.
    pub(super) fn read(&mut self, input: &mut Input) -> Result<Ended> {
        self.bytes.clear();
        self.ends.clear();
        self.fields = 0;
        while let Some(byte @ (b'\n' | b'\r')) = input.peek()? {
            input.next()?;
            input.end_line(byte)?;
        }
        let place = input.place();
        let (mut state, mut opened) = (State::Start, (place.line, 1));
        let mut broken: Option<Problem> = None;
        loop {
            let Some(byte) = input.next()? else {
                return Ok(self.end_of_file(place, &state, opened, broken));
            };
            match (&state, byte) {
                (State::Quoted, b'"') => state = State::Closed,
                (State::Quoted, _) => self.take_quoted(input, byte)?,
                (State::Closed, b'"') => {
                    self.bytes.push(byte);
                    state = State::Quoted;
                }
                (_, b'\n' | b'\r') => {
                    self.end_value();
                    input.end_line(byte)?;
                    return Ok(broken.map_or(Ended::Whole(place), Ended::Broken));
                }
                (_, byte) if byte == self.delimiter => {
                    self.end_value();
                    state = State::Start;
                }
                (State::Start, b'"') => {
                    state = State::Quoted;
                    opened = (input.place().line, input.column());
                }
                (State::Closed, _) => {
                    broken.get_or_insert(Problem {
                        line: input.place().line,
                        column: Some(input.column()),
                        reason: "a value goes on after its closing quote".into(),
                    });
                    state = State::Plain;
                }
                (State::Start | State::Plain, _) => {
                    self.bytes.push(byte);
                    state = State::Plain;
                    self.take_run(input, self.delimiter);
                }
            }
            if self.bytes.len() > ROW_BYTES {
                let problem = long(&state, place, opened);
                input.skip_line()?;
                return Ok(Ended::Broken(problem));
            }
        }
    }

    /// The values of the record just read.
    pub(super) fn values(&self, place: Place) -> Result<Vec<CompactString>, Problem> {
        let bad = |column: Option<u64>, reason: String| Problem { line: place.line, column, reason };
        let mut start = 0;
        let mut values = Vec::with_capacity(self.ends.len());
        for (at, end) in self.ends.iter().enumerate() {
            let text = check_utf8(&self.bytes[start..*end])
                .map_err(|(_, reason)| bad(None, format!("in the value of column {}: {reason}", at + 1)))?;
            values.push(text.into());
            start = *end;
        }
        Ok(values)
    }

    /// Takes a byte between quotes, and the text behind it.
    fn take_quoted(&mut self, input: &mut Input, byte: u8) -> Result<()> {
        self.bytes.push(byte);
        if matches!(byte, b'\n' | b'\r') {
            self.keep_line_end(input, byte)?;
        }
        self.take_run(input, b'"');
        Ok(())
    }

    fn keep_line_end(&mut self, input: &mut Input, byte: u8) -> Result<()> {
        let before = input.place().offset;
        input.end_line(byte)?;
        if input.place().offset > before {
            self.bytes.push(b'\n');
        }
        Ok(())
    }

    /// Takes what is nothing but text along, up to the end of the line or this byte.
    fn take_run(&mut self, input: &mut Input, end: u8) {
        let most = (ROW_BYTES + 1).saturating_sub(self.bytes.len());
        input.take_until(|byte| byte == end || matches!(byte, b'\n' | b'\r'), most, &mut self.bytes);
    }

    fn end_value(&mut self) {
        self.fields += 1;
        if self.fields <= COLUMNS {
            self.ends.push(self.bytes.len());
        }
    }

    fn end_of_file(&mut self, place: Place, state: &State, opened: (u64, u64), broken: Option<Problem>) -> Ended {
        if matches!(state, State::Start) && self.fields == 0 {
            return Ended::Nothing;
        }
        self.end_value();
        if matches!(state, State::Quoted) {
            return Ended::Broken(Problem {
                line: opened.0,
                column: Some(opened.1),
                reason: "a quote is opened and never closed".into(),
            });
        }
        broken.map_or(Ended::Whole(place), Ended::Broken)
    }
}

fn long(state: &State, place: Place, opened: (u64, u64)) -> Problem {
    match state {
        State::Quoted => Problem {
            line: opened.0,
            column: Some(opened.1),
            reason: format!("{}; is the quote opened here never closed?", too_long()),
        },
        _ => Problem { line: place.line, column: None, reason: too_long() },
    }
}

/// The beginning of a name, for a message.
fn short(name: &str) -> String {
    name.chars().take(60).collect()
}
