//! Several answers to one request: each is asked for by itself, and together they look like one.

use std::sync::Arc;

use futures::stream::select_all;
use futures::{StreamExt, TryStreamExt};

use crate::base::Events;
use crate::provider::{ChatAnswer, ChatPiece, ChatUsage, ProviderCall};

/// One call for each answer; with a seed they differ by it, as they would without one.
pub(super) fn calls(call: ProviderCall, answers: u32) -> Vec<ProviderCall> {
    let numbered = (0..answers).map(|number| match call.ask.seed {
        Some(seed) if number > 0 => {
            let mut ask = (*call.ask).clone();
            ask.seed = Some(seed.wrapping_add(number.into()));
            ProviderCall { ask: Arc::new(ask), ..call.clone() }
        }
        _ => call.clone(),
    });
    numbered.collect()
}

/// The answers as one.
pub(super) fn answer(answers: Vec<ChatAnswer>) -> ChatAnswer {
    let usage = answers.iter().map(|answer| answer.usage).reduce(both).flatten();
    let numbered = answers.into_iter().zip(0..).flat_map(|(answer, number)| {
        answer.choices.into_iter().map(move |mut choice| {
            choice.index = number;
            choice
        })
    });
    ChatAnswer { choices: numbered.collect(), usage }
}

/// The streams as one, whose last piece has the usage of all.
pub(super) fn pieces(mut streams: Vec<Events<ChatPiece>>) -> Events<ChatPiece> {
    if streams.len() == 1
        && let Some(only) = streams.pop()
    {
        return only;
    }
    let count = streams.len();
    let numbered = streams.into_iter().zip(0..).map(|(stream, number)| {
        stream.map_ok(move |mut piece| {
            piece.choices.iter_mut().for_each(|choice| choice.index = number);
            piece
        })
    });
    let mut together = select_all(numbered);
    let stream = async_stream::try_stream! {
        let mut usages = Vec::new();
        while let Some(piece) = together.next().await {
            let mut piece = piece?;
            usages.extend(piece.usage.take().map(Some));
            if !piece.choices.is_empty() {
                yield piece;
            }
        }
        if usages.len() == count {
            yield ChatPiece { choices: Vec::new(), usage: usages.into_iter().reduce(both).flatten() };
        }
    };
    stream.boxed()
}

/// What two answers to one prompt used; nothing when one of them does not say. The prompt is counted once.
fn both(one: Option<ChatUsage>, other: Option<ChatUsage>) -> Option<ChatUsage> {
    let (one, other) = (one?, other?);
    let completion_tokens = one.completion_tokens + other.completion_tokens;
    let cached_tokens = one.cached_tokens.min(other.cached_tokens);
    Some(ChatUsage { completion_tokens, total_tokens: one.prompt_tokens + completion_tokens, cached_tokens, ..one })
}
