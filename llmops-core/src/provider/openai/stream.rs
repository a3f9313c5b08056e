//! A streamed answer, piece by piece, each within its time.

use std::collections::{BTreeMap, VecDeque};

use futures::StreamExt;
use tokio::time::{Instant, timeout_at};

use super::super::{ChatPiece, Deadlines};
use super::{broken, incomplete, late, refused, wire};
use crate::base::{Error, ErrorKind, Events, Result};
use crate::egress::sse::{Decoder, Event};

/// The pieces of an answer. It is complete when every choice said why it ended; `[DONE]` is only waited for to learn the
/// usage, and the end of the connection does as well.
pub(super) fn pieces(response: reqwest::Response, begun: Instant, deadlines: Deadlines) -> Events<ChatPiece> {
    let reading = Reading {
        response,
        begun,
        deadlines,
        decoder: Decoder::default(),
        waiting: VecDeque::new(),
        begun_to_speak: false,
        last: begun,
        ended: BTreeMap::new(),
    };
    let stream = futures::stream::unfold(Some(reading), |state| async {
        let mut reading = state?;
        match reading.next().await {
            Ok(Some(piece)) => Some((Ok(piece), Some(reading))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    stream.boxed()
}

struct Reading {
    response: reqwest::Response,
    begun: Instant,
    deadlines: Deadlines,
    decoder: Decoder,
    waiting: VecDeque<Event>,
    begun_to_speak: bool,
    last: Instant,
    /// Which choices there are, and whether each said why it ended.
    ended: BTreeMap<u32, bool>,
}

impl Reading {
    /// The next piece; nothing at the end of a complete answer.
    async fn next(&mut self) -> Result<Option<ChatPiece>> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                if event.data == "[DONE]" {
                    return self.end();
                }
                return self.piece(&event).map(Some);
            }
            let (until, late_is) = self.until();
            match timeout_at(until, self.response.chunk()).await {
                // After the last choice ended only the usage is missing, and an answer is not spoilt by that.
                Err(_) if self.is_complete() => return Ok(None),
                Err(_) => return Err(late(late_is)),
                Ok(Err(_)) if self.is_complete() => return Ok(None),
                Ok(Err(cause)) => return Err(broken(cause)),
                Ok(Ok(None)) => return self.end(),
                Ok(Ok(Some(bytes))) => self.waiting.extend(self.decoder.push(&bytes)?),
            }
        }
    }

    /// When the next bytes must have come, and what it means if they have not.
    fn until(&self) -> (Instant, &'static str) {
        let total = self.begun + self.deadlines.total;
        let (part, meaning) = if self.begun_to_speak {
            (self.last + self.deadlines.gap, "the model fell silent in the middle of its answer")
        } else {
            (self.begun + self.deadlines.first, "the model did not begin to answer in time")
        };
        if part < total { (part, meaning) } else { (total, "the answer took longer than it may") }
    }

    fn piece(&mut self, event: &Event) -> Result<ChatPiece> {
        let garbled = |e| {
            Error::new(ErrorKind::Upstream, "a piece of the model's answer cannot be read")
                .code("upstream_garbled")
                .caused_by(e)
        };
        let answer: wire::Answer = serde_json::from_str(&event.data).map_err(garbled)?;
        if let Some(error) = &answer.error {
            return Err(refused::in_stream(error));
        }
        let piece = answer.piece();
        for choice in &piece.choices {
            *self.ended.entry(choice.index).or_default() |= choice.finish_reason.is_some();
        }
        self.begun_to_speak |= piece.has_content();
        self.last = Instant::now();
        Ok(piece)
    }

    fn is_complete(&self) -> bool {
        !self.ended.is_empty() && self.ended.values().all(|ended| *ended)
    }

    fn end(&self) -> Result<Option<ChatPiece>> {
        if self.is_complete() { Ok(None) } else { Err(incomplete()) }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn spoilt_answers() {
        let streamed: &[u8] = b"data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"Hi\"}}]}\n\ndata: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}\n\ndata: [DONE]\n\n";
        let failed: &[u8] = b"data: {\"error\":{\"message\":\"no\",\"code\":500}}\r\n\r\n";
        let whole: &[u8] = br#"{"choices":[{"index":0,"message":{"role":"assistant","content":"Hi","tool_calls":[{"id":"t","type":"function","function":{"name":"f","arguments":"{}"}}]},"finish_reason":"stop","logprobs":{"content":[{"token":"Hi","logprob":-0.5,"top_logprobs":[]}]}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
        let long = Duration::from_secs(60);
        crate::fuzz::spoil("answer", &[streamed, failed, whole], |bytes| {
            let answer = serde_json::from_slice::<wire::Answer>(bytes).map(|answer| answer.whole().is_some());
            let response = reqwest::Response::from(http::Response::new(bytes.to_vec()));
            let deadlines = Deadlines { head: long, first: long, gap: long, total: long };
            let read = runtime.block_on(async {
                let all = pieces(response, Instant::now(), deadlines).collect::<Vec<_>>().await;
                let said = |piece: &Result<ChatPiece>| match piece {
                    Ok(piece) => format!("{piece:?}"),
                    Err(error) => error.stable_code().to_owned(),
                };
                all.iter().map(said).collect::<Vec<_>>().join("\n")
            });
            format!("{:?} {read}", answer.ok())
        });
    }
}
