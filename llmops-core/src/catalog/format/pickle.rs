//! What a pickle would import if it were loaded: its opcodes are walked over a stack of names, and nothing is carried out.
//! Opcodes as in Python's `pickletools`, protocols 0 to 5.

use std::collections::{BTreeSet, HashMap};
use std::io::{self, Read, Seek};
use std::sync::Arc;

use super::input::Input;

/// The most opcodes of a file, and the most values and remembered values of one pickle.
const OPCODES: u64 = 50_000_000;
const VALUES: usize = 1_000_000;
/// The longest part of a name that is kept, and the longest line.
const TEXT: usize = 256;
const LINE: usize = 64 << 10;
/// The most bytes of texts that one pickle keeps.
const TEXTS: usize = 64 << 20;
/// The most names that are told.
const NAMES: usize = 200;

/// What was found in one file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// Names that loading would import, as `os.system`.
    pub(super) names: BTreeSet<String>,
    /// What kept the search from going to the end.
    pub(super) incomplete: Option<String>,
    opcodes: u64,
}

impl Found {
    fn import(&mut self, module: &str, name: &str) {
        if self.names.len() < NAMES {
            self.names.insert(format!("{module}.{name}"));
        } else {
            self.stop("it imports more than 200 names");
        }
    }

    /// Notes why the search ended; the first reason counts.
    pub(super) fn stop(&mut self, why: &str) {
        self.incomplete.get_or_insert_with(|| why.to_owned());
    }
}

/// Walks the pickles that lie one behind the other; what follows them and begins as no pickle is left alone.
pub(super) fn walk<R: Read + Seek>(input: &mut Input<R>, found: &mut Found) -> io::Result<()> {
    let mut first = true;
    let mut next = input.byte()?;
    while let Some(opcode) = next {
        if !first && opcode != PROTO {
            found.stop("what lies behind its last pickle is not searched");
            return Ok(());
        }
        let ended = Machine::default().run(input, opcode, found)?;
        if !ended {
            let what = if first { "it is not a whole pickle" } else { "what follows its first pickle is not whole" };
            found.stop(what);
            return Ok(());
        }
        first = false;
        next = input.byte()?;
    }
    Ok(())
}

const PROTO: u8 = 0x80;

/// A value as far as names go.
#[derive(Clone)]
enum Value {
    Mark,
    Text(Arc<str>),
    Other,
}

#[derive(Default)]
struct Machine {
    stack: Vec<Value>,
    memo: HashMap<u64, Value>,
    texts: usize,
}

/// What follows an opcode in the file.
enum Argument {
    None,
    Bytes(usize),
    /// A length of so many bytes, and as many bytes as it says.
    Counted(usize),
    Line,
    TwoLines,
}

fn argument(opcode: u8) -> Option<Argument> {
    Some(match opcode {
        b'('
        | b'.'
        | b'0'
        | b'1'
        | b'2'
        | b'N'
        | b'R'
        | b'a'
        | b'b'
        | b'd'
        | b'}'
        | b'e'
        | b'l'
        | b']'
        | b'o'
        | b's'
        | b't'
        | b')'
        | b'u'
        | b'Q'
        | 0x81
        | 0x85..=0x89
        | 0x8f..=0x94
        | 0x97
        | 0x98 => Argument::None,
        b'K' | b'h' | b'q' | 0x82 | PROTO => Argument::Bytes(1),
        b'M' | 0x83 => Argument::Bytes(2),
        b'J' | b'j' | b'r' | 0x84 => Argument::Bytes(4),
        b'G' | 0x95 => Argument::Bytes(8),
        b'U' | b'C' | 0x8c | 0x8a => Argument::Counted(1),
        b'T' | b'B' | b'X' | 0x8b => Argument::Counted(4),
        0x8d | 0x8e | 0x96 => Argument::Counted(8),
        b'F' | b'I' | b'L' | b'P' | b'S' | b'V' | b'g' | b'p' => Argument::Line,
        b'c' | b'i' => Argument::TwoLines,
        _ => return None,
    })
}

impl Machine {
    /// Walks one pickle to its end. `false` if it has none.
    fn run<R: Read + Seek>(&mut self, input: &mut Input<R>, first: u8, found: &mut Found) -> io::Result<bool> {
        let mut opcode = first;
        loop {
            found.opcodes += 1;
            let full = self.stack.len() > VALUES || self.memo.len() > VALUES || self.texts > TEXTS;
            if found.opcodes > OPCODES || full {
                found.stop("it is larger than what is searched: 50,000,000 opcodes, 1,000,000 values, 64 MiB of texts");
                return Ok(false);
            }
            let Some(argument) = argument(opcode) else { return Ok(false) };
            let Some(texts) = read(input, &argument)? else { return Ok(false) };
            if opcode == b'.' {
                return Ok(true);
            }
            self.step(opcode, texts, found);
            let Some(next) = input.byte()? else { return Ok(false) };
            opcode = next;
        }
    }

    fn step(&mut self, opcode: u8, [first, second]: [Vec<u8>; 2], found: &mut Found) {
        match opcode {
            b'(' => self.stack.push(Value::Mark),
            b'0' | b'a' | b'b' => self.pop(1),
            b's' => self.pop(2),
            b'1' | b'e' | b'u' | 0x90 => self.pop_mark(),
            b'2' => self.stack.extend(self.stack.last().cloned()),
            b'R' | 0x81 | 0x86 => self.replace(2),
            0x87 | 0x92 => self.replace(3),
            0x85 | b'Q' => self.replace(1),
            b'd' | b'l' | b't' | b'o' | 0x91 => self.replace_mark(),
            b'c' => {
                found.import(&text(&first), &text(&second));
                self.stack.push(Value::Other);
            }
            b'i' => {
                found.import(&text(&first), &text(&second));
                self.replace_mark();
            }
            0x93 => self.stack_global(found),
            b'V' | b'S' | b'U' | b'T' | b'X' | 0x8c | 0x8d => {
                let text = text(&first);
                self.texts += text.len();
                self.stack.push(Value::Text(text.into()));
            }
            b'g' => self.stack.push(self.remembered(line_number(&first))),
            b'h' | b'j' => self.stack.push(self.remembered(little(&first))),
            b'p' => self.remember(line_number(&first)),
            b'q' | b'r' => self.remember(little(&first)),
            0x94 => self.remember(self.memo.len() as u64),
            PROTO | 0x95 | 0x98 => {}
            _ => self.stack.push(Value::Other),
        }
    }

    /// Module and name are the last two values; where they are not texts, something hides them.
    fn stack_global(&mut self, found: &mut Found) {
        let name = self.stack.pop();
        let module = self.stack.pop();
        match (module, name) {
            (Some(Value::Text(module)), Some(Value::Text(name))) => found.import(&module, &name),
            _ => found.import("?", "?"),
        }
        self.stack.push(Value::Other);
    }

    fn pop(&mut self, values: usize) {
        self.stack.truncate(self.stack.len().saturating_sub(values));
    }

    fn pop_mark(&mut self) {
        let mark = self.stack.iter().rposition(|value| matches!(value, Value::Mark));
        self.stack.truncate(mark.unwrap_or_default());
    }

    fn replace(&mut self, values: usize) {
        self.pop(values);
        self.stack.push(Value::Other);
    }

    fn replace_mark(&mut self) {
        self.pop_mark();
        self.stack.push(Value::Other);
    }

    fn remembered(&self, key: u64) -> Value {
        self.memo.get(&key).cloned().unwrap_or(Value::Other)
    }

    fn remember(&mut self, key: u64) {
        if let Some(top) = self.stack.last() {
            self.memo.insert(key, top.clone());
        }
    }
}

/// Reads what follows an opcode; only so much of long data as names can have. `None` where the file ends.
fn read<R: Read + Seek>(input: &mut Input<R>, argument: &Argument) -> io::Result<Option<[Vec<u8>; 2]>> {
    Ok(match argument {
        Argument::None => Some([Vec::new(), Vec::new()]),
        Argument::Bytes(length) => input.take(*length)?.map(|bytes| [bytes, Vec::new()]),
        Argument::Counted(width) => {
            let Some(length) = input.take(*width)? else { return Ok(None) };
            let length = little(&length);
            let kept = length.min(TEXT as u64);
            let Some(bytes) = input.take(kept as usize)? else { return Ok(None) };
            input.skip(length - kept)?.then_some([bytes, Vec::new()])
        }
        Argument::Line => line(input)?.map(|bytes| [bytes, Vec::new()]),
        Argument::TwoLines => match (line(input)?, line(input)?) {
            (Some(first), Some(second)) => Some([first, second]),
            _ => None,
        },
    })
}

fn line<R: Read + Seek>(input: &mut Input<R>) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    loop {
        match input.byte()? {
            Some(b'\n') => return Ok(Some(line)),
            Some(byte) if line.len() < LINE => line.push(byte),
            _ => return Ok(None),
        }
    }
}

fn little(bytes: &[u8]) -> u64 {
    bytes.iter().rev().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

fn line_number(bytes: &[u8]) -> u64 {
    std::str::from_utf8(bytes).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(u64::MAX)
}

/// A name as it can be shown: quotes of old string opcodes aside, no control characters.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(TEXT)]);
    let text = text.trim_matches(|c: char| c == '\'' || c == '"' || c.is_whitespace());
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
