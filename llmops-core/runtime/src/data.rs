//! What is learnt from and measured on: files of JSON lines, each line a text, a prompt with its response, or a
//! conversation.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use minijinja::value::ValueKind;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::error::{Error, Result};
use crate::files::Text;
use crate::template::{ChatTemplate, Conversation, Refusal, Tools, called, text_of};
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
    /// `{"messages": [{"role", "content"}], "tools"}`
    Chat,
}

/// What stands on a line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Record {
    /// A text of its own.
    Text(String),
    /// Messages of which the assistant's are learnt, and the tools that it may call; a prompt and its response are two.
    Chat(Vec<Message>, Tools),
}

/// One turn of a conversation.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub(crate) struct Message {
    /// `system`, `user`, `assistant` or `tool`.
    pub(crate) role: String,
    /// What was said.
    pub(crate) content: String,
    /// What else a template may look at, as `tool_calls`.
    #[serde(flatten)]
    pub(crate) more: Map<String, Value>,
}

impl Message {
    /// Reads one as chat interfaces send it: parts of text are one text, and null is nothing.
    fn parse(message: &Value) -> std::result::Result<Self, String> {
        let mut more = message.as_object().ok_or("is no object")?.clone();
        more.retain(|_, value| !value.is_null());
        let role = match more.remove("role") {
            // The newer name of the same thing; templates know the older one.
            Some(Value::String(role)) if role == "developer" => "system".to_owned(),
            Some(Value::String(role)) => role,
            _ => return Err("has no `role`".into()),
        };
        let content = text_of(more.remove("content")).map_err(|what| match what {
            Some(kind) => format!("has a part of the type `{kind}`, and this model reads text alone"),
            None => "has a `content` that is neither a text nor parts of text".into(),
        })?;
        let calls = more.get("tool_calls").and_then(Value::as_array).is_some_and(|calls| !calls.is_empty());
        match content {
            None if !calls => Err("has no `content`".into()),
            content => Ok(Self { role, content: content.unwrap_or_default(), more }),
        }
    }

    /// The names of the tools that it calls.
    fn calls(&self) -> impl Iterator<Item = &str> {
        let calls = self.more.get("tool_calls").and_then(Value::as_array);
        calls.into_iter().flatten().map(|call| called(call)["name"].as_str().unwrap_or_default())
    }

    /// Whether it is one to learn.
    fn is_answer(&self) -> bool {
        self.role == "assistant"
    }
}

impl Record {
    /// Reads a line, in the form that is said or else the one that its fields show.
    fn parse(line: &Value, bytes: &[u8], form: Option<Form>) -> std::result::Result<Self, String> {
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
                let message = |role: &str, content| Message { role: role.into(), content, more: Map::new() };
                let messages = vec![message("user", text("prompt")?), message("assistant", text("response")?)];
                Ok(Self::Chat(messages, ().into()))
            }
            Form::Chat => {
                let messages = line.get("messages").ok_or("it has no field `messages`")?;
                let messages = messages.as_array().ok_or("`messages` is no list")?.iter().enumerate();
                let message = |(at, one)| Message::parse(one).map_err(|why| format!("message {at} {why}"));
                let messages: Vec<Message> = messages.map(message).collect::<std::result::Result<_, _>>()?;
                match messages.iter().any(Message::is_answer) {
                    true => Ok(Self::Chat(messages, tools(line, bytes)?)),
                    false => Err("no message is the assistant's, so there is no answer".into()),
                }
            }
        }
    }

    /// All that a reader sees of it.
    pub(crate) fn texts(&self) -> impl Iterator<Item = &str> {
        let (text, messages) = match self {
            Self::Text(text) => (Some(text.as_str()), &[][..]),
            Self::Chat(messages, _) => (None, messages.as_slice()),
        };
        text.into_iter().chain(messages.iter().map(|message| message.content.as_str()))
    }
}

/// The tools beside a conversation, also where they are written as a text, with their keys in the order in which they stand:
/// templates print them.
fn tools(line: &Value, bytes: &[u8]) -> std::result::Result<Tools, String> {
    #[derive(Deserialize)]
    struct Beside {
        tools: Tools,
    }
    let tools = match line.get("tools") {
        None | Some(Value::Null) => return Ok(().into()),
        Some(Value::String(text)) => serde_json::from_str::<Tools>(text),
        Some(_) => serde_json::from_slice(bytes).map(|Beside { tools }| tools),
    };
    let tools = tools.map_err(|error| format!("`tools` cannot be read: {error}"))?;
    match (tools.kind(), tools.len()) {
        (ValueKind::Seq, Some(0)) => Ok(().into()),
        (ValueKind::Seq, _) => Ok(tools),
        _ => Err("`tools` is no list".into()),
    }
}

/// A record with what else stands on its line.
pub(crate) struct Line {
    /// Where it stands, from 1.
    pub(crate) number: usize,
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
        let record = Record::parse(&line, &bytes, form).map_err(|why| bad(format!("line {number}: {why}")))?;
        lines.push(Line { number, id: line.get_mut("id").map(Value::take).unwrap_or_default(), record });
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
        let (messages, tools) = match record {
            Record::Text(text) => {
                example.push(&self.text.encode(text)?, true);
                return Ok(example);
            }
            Record::Chat(messages, tools) => (messages, tools),
        };
        let mut seen = String::new();
        for (at, message) in messages.iter().enumerate().filter(|(_, message)| message.is_answer()) {
            let prompt = self.render((&messages[..at], tools), true)?;
            // A template that rewrites earlier turns leaves the last answer only to be learnt.
            let new = prompt.strip_prefix(&seen).unwrap_or_else(|| {
                example = Example::default();
                &prompt
            });
            example.push(&self.text.encode(new)?, false);
            let through = self.render((&messages[..=at], tools), false)?;
            let answer = answer(&prompt, &through, message)?;
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
            Record::Chat(messages, tools) => {
                let last = messages.iter().rposition(Message::is_answer).unwrap_or(messages.len() - 1);
                let prompt = self.render((&messages[..last], tools), true)?;
                let answer = match messages[last].calls().next() {
                    None => messages[last].content.clone(),
                    Some(_) => {
                        let through = self.render((&messages[..=last], tools), false)?;
                        answer(&prompt, &through, &messages[last])?.to_owned()
                    }
                };
                Ok((self.text.encode(&prompt)?, answer))
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

    fn render(&self, (messages, tools): (&[Message], &Tools), add_generation_prompt: bool) -> Result<String> {
        if !tools.is_none() && !self.template.takes_tools() {
            return Err(Error::bad_data(
                "there are tools, and the model's chat template has no place for them; take a model whose template has \
                 `tools`, or data without them",
            ));
        }
        let messages = json!(messages);
        let conversation = Conversation { messages: &messages, tools: tools.clone(), add_generation_prompt };
        self.template.render(&conversation).map_err(|refusal| match refusal {
            Refusal::Messages(why) => Error::bad_data(why),
            Refusal::Template(why) => Error::bad_model(why),
        })
    }
}

/// What the template writes of an answer behind its prompt. A call that it leaves out would be learnt as saying nothing.
fn answer<'t>(prompt: &str, through: &'t str, message: &'t Message) -> Result<&'t str> {
    let written = through.strip_prefix(prompt).map(|answer| answer.trim_end_matches('\n'));
    match message.calls().find(|name| !written.is_some_and(|answer| answer.contains(name))) {
        None => Ok(written.unwrap_or(&message.content)),
        Some(name) => Err(Error::bad_data(format!(
            "the assistant calls `{name}`, and the model's chat template has no place for that; take a model whose \
             template has `tool_calls`, or data without calls"
        ))),
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
