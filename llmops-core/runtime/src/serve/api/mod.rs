//! The OpenAI dialect: reading requests, writing answers, telling errors. Pure: no sockets and no model here.

mod error;
mod fields;
mod reply;
mod request;
#[cfg(test)]
mod tests;

pub(crate) use error::ApiError;
pub(crate) use reply::{Envelope, Shape, Usage};
pub(crate) use request::{Ask, Asked, TokenizeAsk, read_chat, read_completion, read_tokenize};
