//! What can go wrong, and the exit code that says so to whoever started the process.

use std::path::Path;

/// A failure, in the classes that a caller can act on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line or the specification is wrong.
    #[error("{0}")]
    Usage(String),
    /// The data cannot be read or holds nothing to learn from.
    #[error("{0}")]
    BadData(String),
    /// The model's files are damaged, lie about themselves or are of a kind this program does not run.
    #[error("{0}")]
    BadModel(String),
    /// The work needs more memory than it was given.
    #[error("{0}")]
    OutOfMemory(String),
    /// A fault of this program or of the machine.
    #[error("{0}")]
    Internal(String),
    /// The file system or a connection failed.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A computation failed.
    #[error(transparent)]
    Candle(#[from] candle_core::Error),
}

/// What is said where a model answers with what is no number.
pub(crate) const NO_NUMBER: &str = "the model's output is not a number; its weights may be damaged";

/// The result of everything here.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// The command line or the specification is wrong.
    pub fn usage(message: impl ToString) -> Self {
        Self::Usage(message.to_string())
    }

    /// The data are wrong.
    pub fn bad_data(message: impl ToString) -> Self {
        Self::BadData(message.to_string())
    }

    /// The model's files are wrong.
    pub fn bad_model(message: impl ToString) -> Self {
        Self::BadModel(message.to_string())
    }

    /// A fault that no input explains.
    pub fn internal(message: impl ToString) -> Self {
        Self::Internal(message.to_string())
    }

    /// Says which line wrong data stand on.
    pub(crate) fn of_line(self, number: usize) -> Self {
        match self {
            Self::BadData(why) => Self::BadData(format!("line {number}: {why}")),
            other => other,
        }
    }

    /// Names the file that a failure of the file system is about.
    pub(crate) fn at(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::Io(std::io::Error::new(error.kind(), format!("{}: {error}", path.display())))
    }

    /// The process's exit code: 2 usage, 65 bad data, 66 bad model, 69 out of memory, 70 internal.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Usage(_) => 2,
            Self::BadData(_) => 65,
            Self::BadModel(_) => 66,
            Self::OutOfMemory(_) => 69,
            Self::Internal(_) | Self::Io(_) | Self::Candle(_) => 70,
        }
    }

    /// The class in the `error` event.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::BadData(_) => "bad_data",
            Self::BadModel(_) => "bad_model",
            Self::OutOfMemory(_) => "out_of_memory",
            Self::Internal(_) | Self::Io(_) | Self::Candle(_) => "internal",
        }
    }
}
