//! Answers: whole, or as the chunks of a stream.

use serde_json::{Map, Value, json};

use crate::serve::logprobs::{Candidate, Position};
use crate::serve::metrics::Finish;

/// Which of the two endpoints answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `/v1/chat/completions`.
    Chat,
    /// `/v1/completions`.
    Plain,
}

/// Tokens of one request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Tokens of the prompt.
    pub(crate) prompt: usize,
    /// Tokens of the answer; the end marker is not one of them.
    pub(crate) completion: usize,
    /// Tokens of the prompt whose keys and values were still there from an earlier request.
    pub(crate) cached: usize,
}

impl Usage {
    fn json(self) -> Value {
        json!({
            "prompt_tokens": self.prompt,
            "completion_tokens": self.completion,
            "total_tokens": self.prompt + self.completion,
            "prompt_tokens_details": {"cached_tokens": self.cached},
        })
    }
}

/// What every chunk of one answer repeats.
pub(crate) struct Envelope {
    /// Which endpoint.
    pub(crate) shape: Shape,
    /// The answer's id.
    pub(crate) id: String,
    /// The model's name.
    pub(crate) model: String,
    /// Seconds since 1970.
    pub(crate) created: u64,
    /// Whether a usage chunk will follow, so that the others say `usage: null`.
    pub(crate) include_usage: bool,
    /// Whether log-probabilities were asked.
    pub(crate) logprobs: bool,
}

impl Envelope {
    /// The whole answer.
    pub(crate) fn whole(&self, text: &str, positions: &[Position], finish: Finish, usage: Usage) -> Value {
        let logprobs = if self.logprobs { self.positions(positions) } else { Value::Null };
        let mut choice = json!({"index": 0, "logprobs": logprobs, "finish_reason": finish.word()});
        let content = match self.shape {
            Shape::Chat => ("message", json!({"role": "assistant", "content": text, "refusal": null})),
            Shape::Plain => ("text", json!(text)),
        };
        choice[content.0] = content.1;
        let mut answer = self.frame(json!([choice]), false);
        answer.insert("usage".into(), usage.json());
        Value::Object(answer)
    }

    /// The first chunk of a chat stream: who speaks.
    pub(crate) fn opening(&self) -> Option<Value> {
        (self.shape == Shape::Chat)
            .then(|| self.chunk(json!({"role": "assistant", "content": ""}), Value::Null, Value::Null))
    }

    /// A chunk with text.
    pub(crate) fn piece(&self, text: &str, positions: &[Position]) -> Value {
        let logprobs = if self.logprobs && !positions.is_empty() { self.positions(positions) } else { Value::Null };
        self.chunk(json!({"content": text}), logprobs, Value::Null)
    }

    /// The last chunk with a choice: no text, and the reason.
    pub(crate) fn closing(&self, finish: Finish) -> Value {
        self.chunk(json!({}), Value::Null, json!(finish.word()))
    }

    /// The usage chunk, if it was asked for.
    pub(crate) fn usage(&self, usage: Usage) -> Option<Value> {
        self.include_usage.then(|| {
            let mut chunk = self.frame(json!([]), true);
            chunk.insert("usage".into(), usage.json());
            Value::Object(chunk)
        })
    }

    fn chunk(&self, delta: Value, logprobs: Value, finish: Value) -> Value {
        let mut choice = json!({"index": 0, "logprobs": logprobs, "finish_reason": finish});
        match self.shape {
            Shape::Chat => choice["delta"] = delta,
            Shape::Plain => choice["text"] = delta.get("content").cloned().unwrap_or_else(|| json!("")),
        }
        let mut chunk = self.frame(json!([choice]), true);
        if self.include_usage {
            chunk.insert("usage".into(), Value::Null);
        }
        Value::Object(chunk)
    }

    fn frame(&self, choices: Value, streamed: bool) -> Map<String, Value> {
        let object = match (self.shape, streamed) {
            (Shape::Chat, true) => "chat.completion.chunk",
            (Shape::Chat, false) => "chat.completion",
            (Shape::Plain, _) => "text_completion",
        };
        let mut frame = Map::new();
        frame.insert("id".into(), json!(self.id));
        frame.insert("object".into(), json!(object));
        frame.insert("created".into(), json!(self.created));
        frame.insert("model".into(), json!(self.model));
        frame.insert("choices".into(), choices);
        frame
    }

    fn positions(&self, positions: &[Position]) -> Value {
        match self.shape {
            Shape::Chat => {
                let entry = |candidate: &Candidate| json!({"token": candidate.token, "logprob": candidate.logprob, "bytes": candidate.bytes});
                let content: Vec<Value> = positions
                    .iter()
                    .map(|position| {
                        let mut chosen = entry(&position.chosen);
                        chosen["top_logprobs"] = position.top.iter().map(entry).collect();
                        chosen
                    })
                    .collect();
                json!({"content": content, "refusal": null})
            }
            Shape::Plain => {
                let top = |position: &Position| -> Value {
                    let pairs = position.top.iter().map(|c| (c.token.clone(), json!(c.logprob)));
                    Value::Object(pairs.collect())
                };
                json!({
                    "tokens": positions.iter().map(|p| p.chosen.token.as_str()).collect::<Vec<_>>(),
                    "token_logprobs": positions.iter().map(|p| p.chosen.logprob).collect::<Vec<_>>(),
                    "top_logprobs": positions.iter().map(top).collect::<Vec<_>>(),
                    "text_offset": positions.iter().map(|p| p.offset).collect::<Vec<_>>(),
                })
            }
        }
    }
}
