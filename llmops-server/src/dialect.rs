//! Whose shapes a path speaks. The platform's own are the default; other protocols' clients get theirs.
//!
//! A protocol is one file beside this one, with a function `pub fn routes() -> Router<Door>`, merged in [`routes`] below.
//! Its handlers are thin: they take `State(door)`, ask [`caller`](crate::caller) for the context of the key that was sent,
//! turn the body into the request of an operation, call `door.ops()` and turn the answer back. They answer
//! `Result<_, Failure>`: an error is rendered here, in the shape of the path's dialect, with its status and headers. The
//! guard gives them request ids, limits of the header block, host checks, panics caught, counts and logs; what they must do
//! themselves is to read bodies with [`read_body`](crate::read_body), which knows limits and slow clients.

use axum::Router;
use serde_json::{Value, json};

use llmops_core::base::{Error, ErrorKind};

use crate::Door;
use crate::openai::{in_words_of_openai, param};

/// The routes of every other protocol, for [`Door::router`] and [`Server::start_with`](crate::Server::start_with).
pub fn routes() -> Router<Door> {
    crate::openai::routes().merge(crate::hub::routes())
}

/// A protocol with error shapes of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// The platform's envelope.
    LlmOps,
    /// OpenAI's.
    OpenAi,
    /// The Hugging Face Hub's.
    Hub,
}

impl Dialect {
    /// The dialect of this path.
    pub fn of(path: &str) -> Self {
        match path {
            _ if path == "/v1" || path.starts_with("/v1/") => Self::OpenAi,
            _ if !path.starts_with("/llm-ops/") && crate::hub::speaks(path) => Self::Hub,
            _ => Self::LlmOps,
        }
    }

    /// How this dialect says an error.
    pub fn failure(self, error: &Error) -> Value {
        match self {
            Self::LlmOps => json!({
                "status": "fail", "message": error.message(), "data": null, "error": error.to_json(),
            }),
            Self::OpenAi => {
                let said = whole(error);
                let message = in_words_of_openai(&said, error.field_name());
                let (param, code) = (error.field_name().map(param), error.stable_code());
                json!({ "error": { "message": message, "type": open_ai_type(error.kind()), "param": param, "code": code } })
            }
            Self::Hub => json!({ "error": whole(error) }),
        }
    }
}

/// What went wrong and what to do, in one line.
pub(crate) fn whole(error: &Error) -> String {
    match error.hint_text() {
        Some(hint) => format!("{}; {hint}", error.message()),
        None => error.message().to_owned(),
    }
}

fn open_ai_type(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Unauthenticated => "authentication_error",
        ErrorKind::Denied => "permission_error",
        ErrorKind::RateLimited => "rate_limit_error",
        kind if kind.status() >= 500 => "server_error",
        _ => "invalid_request_error",
    }
}
