//! How a command ends: what it prints and the number it exits with.

use std::io::Write;
use std::process::ExitCode;
use std::sync::OnceLock;

use llmops_core::base::{Error, ErrorKind, Result};

/// The exit codes, for the help.
pub(super) const CODES: &str = "\
Exit codes:
  0  done                        5  a value is not valid
  1  failed                      6  a gate was not passed, such as an evaluation below its threshold
  2  wrong usage                 7  not signed in, or not allowed
  3  not found                   8  unavailable for now; trying again may help
  4  conflict, or stale          130  interrupted";

/// The number a command exits with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// Done.
    Done = 0,
    /// It did not work.
    Failed = 1,
    /// The command line is wrong.
    Usage = 2,
    /// There is no such thing.
    NotFound = 3,
    /// It exists already, or changed, or is in the wrong state.
    Conflict = 4,
    /// A field breaks a rule.
    Invalid = 5,
    /// A gate was not passed: the command worked, and who called it should stop.
    Gate = 6,
    /// The caller may not.
    Denied = 7,
    /// Not now.
    Unavailable = 8,
    /// The user pressed Ctrl-C.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

impl Exit {
    /// How a command ends that met this error.
    pub(crate) fn of(error: &Error) -> Self {
        match error.kind() {
            ErrorKind::NotFound => Self::NotFound,
            ErrorKind::Conflict | ErrorKind::Stale => Self::Conflict,
            ErrorKind::Invalid | ErrorKind::Malformed | ErrorKind::TooLarge | ErrorKind::Range => Self::Invalid,
            ErrorKind::Unauthenticated | ErrorKind::Denied => Self::Denied,
            kind if kind.retryable() => Self::Unavailable,
            _ => Self::Failed,
        }
    }
}

/// Prints an error to standard error: what is wrong, where, what to do, and the request to ask about; for a program as one
/// line of JSON.
pub(super) fn fail(error: &Error, json: bool) -> Exit {
    let said = error.to_json();
    if json {
        // Nothing is to be done when the terminal is gone.
        let _ = writeln!(std::io::stderr(), "{}", serde_json::json!({ "error": said }));
        return Exit::of(error);
    }
    let request = said.get("requestId").and_then(serde_json::Value::as_str);
    let mut text = format!("error: {}\n", error.message());
    let lines = [("field", error.field_name()), ("hint", error.hint_text()), ("request", request)];
    for (name, line) in lines {
        if let Some(line) = line {
            text.push_str(&format!("  {name}: {line}\n"));
        }
    }
    if error.kind().status() >= 500 {
        let (mut causes, mut cause) = (Vec::new(), std::error::Error::source(error));
        while let Some(one) = cause {
            causes.push(one.to_string());
            cause = one.source();
        }
        if !causes.is_empty() {
            text.push_str(&format!("  cause: {}\n", causes.join(": ")));
        }
    }
    // Nothing is to be done when the terminal is gone.
    let _ = std::io::stderr().write_all(text.as_bytes());
    Exit::of(error)
}

/// Why something that was to be printed is not.
static UNSAID: OnceLock<String> = OnceLock::new();

/// Prints to standard output, at once.
pub(crate) fn say(text: &str) {
    print(&format!("{text}\n"));
}

/// Prints a piece of a line. A reader that has seen enough is no error; a disk that is full is one, told when the command ends.
pub(crate) fn print(piece: &str) {
    let mut out = std::io::stdout().lock();
    let printed = out.write_all(piece.as_bytes()).and_then(|()| out.flush());
    if let Err(error) = printed
        && error.kind() != std::io::ErrorKind::BrokenPipe
    {
        // The first reason is the one.
        let _ = UNSAID.set(error.to_string());
    }
}

/// How a command ends that did what it should: it failed if nobody can read what it said.
pub(super) fn end(exit: Exit) -> Result<Exit> {
    match UNSAID.get() {
        None => Ok(exit),
        Some(why) => Err(Error::new(ErrorKind::StorageFull, format!("not everything could be printed: {why}"))
            .hint("what was asked for is done; print it to another place")),
    }
}
