//! What is learnt from and measured on: files of JSON lines, each line a text, a prompt with its response, or a
//! conversation.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::files::Text;
use crate::template::{ChatTemplate, Conversation};
use crate::tokenizer::{END_OF_TEXT, TEMPLATE};

/// The longest line.
const LONGEST_LINE: u64 = 64 << 20;

/// What a line holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Form {
    /// `{"text"}`
    Text,
    /// `{"prompt", "response"}`
    Prompt,
    /// `{"messages": [{"role", "content"}]}`
    Chat,
}

/// What stands on a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Record {
    /// A text of its own.
    Text(String),
    /// Messages of which the assistant's are learnt; a prompt and its response are two.
    Chat(Vec<Message>),
}

/// One turn of a conversation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    /// `system`, `user` or `assistant`.
    pub(crate) role: String,
    /// What was said.
    pub(crate) content: String,
}

impl Message {
    /// Whether it is one to learn.
    fn is_answer(&self) -> bool {
        self.role == "assistant"
    }
}

impl Record {
    /// Reads a line, in the form that is said or else the one that its fields show.
    fn parse(line: &Value, form: Option<Form>) -> std::result::Result<Self, String> {
        let has = |field: &str| line.get(field).is_some();
        let form = match form {
            Some(form) => form,
            None if has("messages") => Form::Chat,
            None if has("prompt") => Form::Prompt,
            None if has("text") => Form::Text,
            None => return Err("it has none of the fields text, prompt and messages".into()),
        };
        let text = |field: &str| match line.get(field) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(format!("`{field}` is no text")),
            None => Err(format!("it has no field `{field}`")),
        };
        match form {
            Form::Text => Ok(Self::Text(text("text")?)),
            Form::Prompt => {
                let message = |role: &str, content| Message { role: role.into(), content };
                Ok(Self::Chat(vec![message("user", text("prompt")?), message("assistant", text("response")?)]))
            }
            Form::Chat => {
                let messages = line.get("messages").ok_or("it has no field `messages`")?;
                let messages: Vec<Message> = serde_json::from_value(messages.clone())
                    .map_err(|error| format!("`messages` is wrong: {error}"))?;
                match messages.iter().any(Message::is_answer) {
                    true => Ok(Self::Chat(messages)),
                    false => Err("no message is the assistant's, so there is no answer".into()),
                }
            }
        }
    }

    /// All that a reader sees of it.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let (text, messages) = match self {
            Self::Text(text) => (Some(text.as_str()), &[][..]),
            Self::Chat(messages) => (None, messages.as_slice()),
        };
        text.into_iter().chain(messages.iter().map(|message| message.content.as_str()))
    }
}

/// A record with what else stands on its line.
pub(crate) struct Line {
    /// Its name, or null.
    pub(crate) id: Value,
    /// What it holds.
    pub(crate) record: Record,
}

/// Reads a file of JSON lines. Empty lines are passed over; a wrong one is an error that says where it stands.
pub(crate) fn read(path: &Path, form: Option<Form>) -> Result<Vec<Line>> {
    let bad = |why: String| Error::bad_data(format!("{}: {why}", path.display()));
    let file = File::open(path).map_err(|error| bad(format!("it cannot be read: {error}")))?;
    let mut reader = BufReader::new(file);
    let (mut lines, mut bytes) = (Vec::new(), Vec::new());
    for number in 1.. {
        bytes.clear();
        let length = (&mut reader).take(LONGEST_LINE).read_until(b'\n', &mut bytes);
        match length.map_err(|error| bad(format!("it cannot be read: {error}")))? as u64 {
            0 => break,
            LONGEST_LINE => return Err(bad(format!("line {number} is longer than {LONGEST_LINE} bytes"))),
            _ if bytes.trim_ascii().is_empty() => continue,
            _ => {}
        }
        let mut line: Value =
            serde_json::from_slice(&bytes).map_err(|error| bad(format!("line {number} is not JSON: {error}")))?;
        let record = Record::parse(&line, form).map_err(|why| bad(format!("line {number}: {why}")))?;
        lines.push(Line { id: line.get_mut("id").map(Value::take).unwrap_or_default(), record });
    }
    Ok(lines)
}

/// Tokens, and which of them are to be learnt.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Example {
    /// What stands there.
    pub(crate) tokens: Vec<u32>,
    /// Whether the model is to say it; as long as `tokens`.
    pub(crate) learnt: Vec<bool>,
}

impl Example {
    fn push(&mut self, tokens: &[u32], learnt: bool) {
        self.tokens.extend(tokens);
        self.learnt.resize(self.tokens.len(), learnt);
    }

    /// Whether anything is to be learnt that has something before it.
    pub(crate) fn teaches(&self) -> bool {
        self.learnt.iter().skip(1).any(|learnt| *learnt)
    }

    /// Its first `most` tokens.
    pub(crate) fn cut(&mut self, most: usize) {
        self.tokens.truncate(most);
        self.learnt.truncate(most);
    }
}

/// Turns records into tokens as the model was, or will be, used to them.
pub(crate) struct Encoder<'a> {
    text: &'a Text,
    template: ChatTemplate,
}

impl<'a> Encoder<'a> {
    /// With the model's own template, or ChatML where it has none.
    pub(crate) fn new(text: &'a Text) -> Result<Self> {
        let source = text.template.as_deref().unwrap_or(TEMPLATE);
        let template = ChatTemplate::new(source, &text.bos, &text.eos).map_err(Error::bad_model)?;
        Ok(Self { text, template })
    }

    /// The tokens of a record, each answer with its end marker.
    pub(crate) fn example(&self, record: &Record) -> Result<Example> {
        let mut example = Example::default();
        let messages = match record {
            Record::Text(text) => {
                example.push(&self.text.encode(text)?, true);
                return Ok(example);
            }
            Record::Chat(messages) => messages,
        };
        let mut seen = String::new();
        for (at, message) in messages.iter().enumerate().filter(|(_, message)| message.is_answer()) {
            let prompt = self.render(&messages[..at], true)?;
            // A template that rewrites earlier turns leaves the last answer only to be learnt.
            let new = prompt.strip_prefix(&seen).unwrap_or_else(|| {
                example = Example::default();
                &prompt
            });
            example.push(&self.text.encode(new)?, false);
            let through = self.render(&messages[..=at], false)?;
            let answer = match through.strip_prefix(&prompt) {
                Some(answer) => answer.trim_end_matches('\n'),
                None => message.content.as_str(),
            };
            example.push(&self.text.encode(answer)?, true);
            if !example.tokens.last().is_some_and(|last| self.text.ends.contains(last)) {
                example.push(self.text.ends.first().map(std::slice::from_ref).unwrap_or_default(), true);
            }
            seen = prompt + answer;
        }
        Ok(example)
    }

    /// The prompt before the last answer of a conversation, and that answer.
    pub(crate) fn question(&self, record: &Record) -> Result<(Vec<u32>, String)> {
        match record {
            Record::Text(text) => Ok((self.text.encode(text)?, String::new())),
            Record::Chat(messages) => {
                let last = messages.iter().rposition(Message::is_answer).unwrap_or(messages.len() - 1);
                let prompt = self.text.encode(&self.render(&messages[..last], true)?)?;
                Ok((prompt, messages[last].content.clone()))
            }
        }
    }

    /// The tokens of a text.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>> {
        self.text.encode(text)
    }

    /// The text of tokens.
    pub(crate) fn decode(&self, tokens: &[u32]) -> Result<String> {
        self.text.decode(tokens)
    }

    /// What stands between two texts, if this tokenizer has something for it.
    pub(crate) fn separator(&self) -> Option<u32> {
        self.text.tokenizer.token_to_id(END_OF_TEXT).or_else(|| self.text.ends.first().copied())
    }

    fn render(&self, messages: &[Message], add_generation_prompt: bool) -> Result<String> {
        let messages = json!(messages);
        let conversation = Conversation { messages: &messages, tools: ().into(), add_generation_prompt };
        self.template.render(&conversation).map_err(Error::bad_data)
    }
}

/// Cuts texts, laid one after the other, into windows of `context` tokens and the one to be foretold after them.
pub(crate) fn pack(texts: &[Example], separator: Option<u32>, context: usize) -> Vec<Example> {
    let all: Vec<u32> = texts.iter().flat_map(|text| text.tokens.iter().copied().chain(separator)).collect();
    let windows = (0..all.len().saturating_sub(1)).step_by(context.max(1));
    windows
        .map(|from| {
            let tokens = all[from..all.len().min(from + context + 1)].to_vec();
            Example { learnt: vec![true; tokens.len()], tokens }
        })
        .collect()
}
