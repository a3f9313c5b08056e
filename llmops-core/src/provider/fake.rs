//! A provider that answers by script, for tests and for programs that try their own code.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use futures::StreamExt;

use super::{
    ChatAnswer, ChatChoice, ChatChoicePart, ChatContent, ChatDelta, ChatMessage, ChatPiece, ChatRole, ChatUsage,
    Provider, ProviderCall, ProviderFailure,
};
use crate::base::{Error, Events};

/// What the next question meets.
#[derive(Debug, Clone)]
pub enum FakeTurn {
    /// These words, one piece each.
    Says(Vec<String>),
    /// The words so far, and then an error.
    Breaks(Vec<String>),
    /// The words with this pause before each.
    Slowly(Vec<String>, Duration),
    /// Nobody is there; another target may be asked.
    Away,
}

/// Answers by script; with no turn left, with the last message it was sent.
#[derive(Default)]
pub struct FakeProvider {
    turns: Mutex<VecDeque<FakeTurn>>,
    calls: Mutex<Vec<ProviderCall>>,
}

impl FakeProvider {
    /// One that takes these turns.
    pub fn new(turns: impl IntoIterator<Item = FakeTurn>) -> Arc<Self> {
        Arc::new(Self { turns: Mutex::new(turns.into_iter().collect()), calls: Mutex::default() })
    }

    /// What it was asked so far.
    pub fn calls(&self) -> Vec<ProviderCall> {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn turn(&self, call: &ProviderCall) -> FakeTurn {
        self.calls.lock().unwrap_or_else(PoisonError::into_inner).push(call.clone());
        let next = self.turns.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.unwrap_or_else(|| FakeTurn::Says(vec![last_words(call)]))
    }
}

fn last_words(call: &ProviderCall) -> String {
    match call.ask.messages.last().and_then(|message| message.content.as_ref()) {
        Some(ChatContent::Text(text)) => text.clone(),
        Some(ChatContent::Parts(parts)) => parts.iter().filter_map(|part| part.text.as_deref()).collect(),
        None => String::new(),
    }
}

fn usage(call: &ProviderCall, words: usize) -> ChatUsage {
    let (prompt_tokens, completion_tokens) = (call.ask.messages.len() as u64, words as u64);
    ChatUsage { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens, cached_tokens: 0 }
}

fn away() -> ProviderFailure {
    let error = Error::unavailable("the model cannot be reached at the moment").code("upstream_unreachable");
    ProviderFailure { error: error.retry_after_ms(1000), elsewhere: true, away: true }
}

fn broken() -> Error {
    Error::new(crate::base::ErrorKind::Upstream, "the model's answer broke off").code("upstream_broken")
}

fn piece(delta: ChatDelta, finish_reason: Option<&str>) -> ChatPiece {
    let finish_reason = finish_reason.map(str::to_owned);
    ChatPiece { choices: vec![ChatChoicePart { index: 0, delta, finish_reason, logprobs: None }], usage: None }
}

#[async_trait]
impl Provider for FakeProvider {
    async fn chat(&self, call: &ProviderCall) -> Result<ChatAnswer, ProviderFailure> {
        let words = match self.turn(call) {
            FakeTurn::Away => return Err(away()),
            FakeTurn::Breaks(_) => return Err(broken().into()),
            FakeTurn::Says(words) => words,
            FakeTurn::Slowly(words, pause) => {
                tokio::time::sleep(pause * words.len() as u32).await;
                words
            }
        };
        let message = ChatMessage {
            role: ChatRole::Assistant,
            content: Some(ChatContent::Text(words.concat())),
            name: None,
            tool_calls: None,
            tool_call_id: None,
        };
        let choice = ChatChoice { index: 0, message, finish_reason: "stop".into(), logprobs: None };
        Ok(ChatAnswer { choices: vec![choice], usage: Some(usage(call, words.len())) })
    }

    async fn chat_stream(&self, call: &ProviderCall) -> Result<Events<ChatPiece>, ProviderFailure> {
        let (words, pause, whole) = match self.turn(call) {
            FakeTurn::Away => return Err(away()),
            FakeTurn::Says(words) => (words, Duration::ZERO, true),
            FakeTurn::Breaks(words) => (words, Duration::ZERO, false),
            FakeTurn::Slowly(words, pause) => (words, pause, true),
        };
        let usage = usage(call, words.len());
        let stream = async_stream::stream! {
            yield Ok(piece(ChatDelta { role: Some(ChatRole::Assistant), ..ChatDelta::default() }, None));
            for word in words {
                if !pause.is_zero() {
                    tokio::time::sleep(pause).await;
                }
                yield Ok(piece(ChatDelta { content: Some(word), ..ChatDelta::default() }, None));
            }
            if whole {
                yield Ok(piece(ChatDelta::default(), Some("stop")));
                yield Ok(ChatPiece { choices: Vec::new(), usage: Some(usage) });
            } else {
                yield Err(broken());
            }
        };
        Ok(stream.boxed())
    }
}
