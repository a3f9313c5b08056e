//! Who answers prompts: the trait that an upstream implements, and the conversation that all of them understand. Rank 2.

mod chat;
mod deadlines;
pub mod fake;
mod maker;
mod openai;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;

pub use chat::*;
pub use deadlines::Deadlines;
pub use fake::FakeProvider;
pub use maker::Maker;
pub use openai::OpenAi;

use crate::base::{Error, Events, Secret};

/// Where a question goes.
#[derive(Debug, Clone)]
pub struct Target {
    /// The address before `/v1`, as `http://127.0.0.1:4000`.
    pub base_url: String,
    /// The name of the model there; nothing for the only one.
    pub model: Option<String>,
    /// The key that is asked for there.
    pub api_key: Option<Secret>,
}

/// One question to one target.
#[derive(Debug, Clone)]
pub struct ProviderCall {
    /// Where it goes.
    pub target: Target,
    /// What is asked.
    pub ask: Arc<ChatAsk>,
    /// How long each part of the answer may take.
    pub deadlines: Deadlines,
    /// The id that both logs share.
    pub request_id: String,
}

/// A question that was not answered.
#[derive(Debug)]
pub struct ProviderFailure {
    /// What to tell the caller.
    pub error: Error,
    /// Whether nothing was done there, so that another target may be asked.
    pub elsewhere: bool,
    /// Whether the target cannot be reached, so that it is better left alone for a while.
    pub away: bool,
}

impl From<Error> for ProviderFailure {
    fn from(error: Error) -> Self {
        Self { error, elsewhere: false, away: false }
    }
}

/// Answers prompts. Dropping a future or a stream cancels the work behind it.
#[async_trait]
pub trait Provider: Send + Sync + 'static {
    /// Asks for the whole answer.
    ///
    /// # Errors
    /// A [`ProviderFailure`], which says whether another target may be asked.
    async fn chat(&self, call: &ProviderCall) -> Result<ChatAnswer, ProviderFailure>;

    /// Asks for the answer in pieces. The last one carries the usage, when the provider tells it. A stream that ends
    /// without an error was complete.
    ///
    /// # Errors
    /// As [`Provider::chat`], as long as no piece came.
    async fn chat_stream(&self, call: &ProviderCall) -> Result<Events<ChatPiece>, ProviderFailure>;
}
