//! Chat templates: the model's own program that turns messages into a prompt.
//!
//! A template comes with the weights, so it is foreign code. It gets the messages and nothing else, works on a bounded
//! amount of fuel (which bounds its time and its memory), and its output is bounded too.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use serde_json::Value as Json;

/// Steps, and units of 64 bytes, that one rendering may use: about 64 MiB, or a tenth of a second of looping.
const FUEL: u64 = 1_000_000;
/// The longest prompt text a template may make.
const LONGEST_PROMPT: usize = 4 << 20;
/// The longest template that is accepted at all.
const LONGEST_TEMPLATE: usize = 256 << 10;
/// Nested calls and includes.
const DEEPEST: usize = 64;
const NAME: &str = "chat_template";

/// Why there is no prompt.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// These messages are none that the template takes.
    Messages(String),
    /// The template cannot be carried out, whatever the messages are.
    Template(String),
}

impl Refusal {
    fn of(error: &Error) -> Self {
        use ErrorKind::{
            BadEscape, BadInclude, EvalBlock, MissingArgument, OutOfFuel, SyntaxError, TemplateNotFound,
            TooManyArguments, UnknownBlock, UnknownFilter, UnknownFunction, UnknownTest,
        };
        match error.kind() {
            BadEscape | BadInclude | EvalBlock | MissingArgument | OutOfFuel | SyntaxError | TemplateNotFound
            | TooManyArguments | UnknownBlock | UnknownFilter | UnknownFunction | UnknownTest => {
                Self::Template(explain(error))
            }
            _ => Self::Messages(explain(error)),
        }
    }

    /// What to tell whoever asked.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Messages(why) | Self::Template(why) => why,
        }
    }
}

/// A compiled template.
pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
    bos: String,
    eos: String,
}

/// Tools as the template sees them, or none.
pub(crate) type Tools = Value;

/// What a rendering is given.
pub(crate) struct Conversation<'a> {
    /// The messages, as the client sent them.
    pub(crate) messages: &'a Json,
    /// Tools the client offers, passed through, or none.
    pub(crate) tools: Tools,
    /// Whether the prompt ends with the opening of the assistant's turn.
    pub(crate) add_generation_prompt: bool,
}

impl ChatTemplate {
    /// Compiles `source`. `bos` and `eos` are the texts of the markers, which many templates print.
    pub(crate) fn new(source: &str, bos: &str, eos: &str) -> Result<Self, String> {
        if source.len() > LONGEST_TEMPLATE {
            return Err(format!(
                "the chat template has {} bytes; at most {LONGEST_TEMPLATE} are accepted",
                source.len()
            ));
        }
        let mut environment = Environment::new();
        // The switches that templates are written for.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
        environment.set_syntax(syntax.map_err(|error| explain(&error))?);
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(DEEPEST);
        // Published templates ask `if message.tool_calls` of fields that may be absent, so truth tests are allowed;
        // printing or walking something undefined is an error.
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        environment.set_unknown_method_callback(minijinja_contrib::pycompat::unknown_method_callback);
        environment.set_auto_escape_callback(|_| minijinja::AutoEscape::None);
        environment.remove_global("debug");
        environment.add_function("raise_exception", raise_exception);
        environment.add_filter("tojson", to_json);
        environment.add_template_owned(NAME, source.to_string()).map_err(|error| explain(&error))?;
        Ok(Self { environment, bos: bos.to_string(), eos: eos.to_string() })
    }

    /// Whether it has a place for tools.
    pub(crate) fn takes_tools(&self) -> bool {
        self.environment.get_template(NAME).is_ok_and(|one| one.undeclared_variables(false).contains("tools"))
    }

    /// The prompt for a conversation.
    pub(crate) fn render(&self, conversation: &Conversation<'_>) -> Result<String, Refusal> {
        let template = self.environment.get_template(NAME).map_err(|error| Refusal::of(&error))?;
        let text = template
            .render(minijinja::context! {
                messages => conversation.messages.as_array().into_iter().flatten().map(message).collect::<Value>(),
                tools => conversation.tools.clone(),
                add_generation_prompt => conversation.add_generation_prompt,
                bos_token => self.bos.as_str(),
                eos_token => self.eos.as_str(),
            })
            .map_err(|error| Refusal::of(&error))?;
        if text.len() > LONGEST_PROMPT {
            let why = format!("the chat template made {} bytes; at most {LONGEST_PROMPT} are accepted", text.len());
            return Err(Refusal::Messages(why));
        }
        Ok(text)
    }
}

/// A message as templates know it.
fn message(message: &Json) -> Value {
    let calls = message.get("tool_calls").and_then(Json::as_array);
    let (Some(calls), Some(fields)) = (calls, message.as_object()) else { return Value::from(Serde(message)) };
    let field = |(name, value): (&String, &Json)| match name.as_str() {
        "tool_calls" => (name.clone(), calls.iter().map(call).collect()),
        _ => (name.clone(), Value::from(Serde(value))),
    };
    Value::from_pairs(fields.iter().map(field))
}

/// A call as templates know it: a function with its name and, behind it, its arguments as an object. Chat interfaces send
/// these as a text; a template that writes JSON would write the text of a text.
fn call(of: &Json) -> Value {
    let function = called(of);
    let arguments = match function.get("arguments") {
        Some(Json::String(text)) => {
            let parsed = serde_json::from_str::<Value>(text).ok().filter(|value| value.kind() == ValueKind::Map);
            parsed.unwrap_or_else(|| Value::from(text.as_str()))
        }
        Some(Json::Null) | None => Value::from_pairs::<[(&str, Value); 0], _, _>([]),
        Some(other) => Value::from(Serde(other)),
    };
    let function = Value::from_pairs([("name", Value::from(Serde(&function["name"]))), ("arguments", arguments)]);
    let id = of.get("id").filter(|id| !id.is_null()).map(|id| ("id", Value::from(Serde(id))));
    Value::from_pairs(id.into_iter().chain([("type", Value::from("function")), ("function", function)]))
}

/// The function that a call is about; some leave out what it is wrapped in.
pub(crate) fn called(call: &Json) -> &Json {
    call.get("function").filter(|function| !function.is_null()).unwrap_or(call)
}

/// Content as one text: most templates know nothing of parts. The error is the type of a part that is no text, if there is
/// one that has a type.
pub(crate) fn text_of(content: Option<Json>) -> Result<Option<String>, Option<String>> {
    let parts = match content {
        None | Some(Json::Null) => return Ok(None),
        Some(Json::String(text)) => return Ok(Some(text)),
        Some(Json::Array(parts)) => parts,
        Some(_) => return Err(None),
    };
    let mut texts = Vec::with_capacity(parts.len());
    for part in &parts {
        match (part["type"].as_str(), part["text"].as_str()) {
            (Some("text"), Some(text)) => texts.push(text),
            (kind, _) => return Err(kind.map(str::to_owned)),
        }
    }
    Ok(Some(texts.join("\n")))
}

/// Lets a template refuse a conversation in its own words.
fn raise_exception(message: String) -> Result<Value, Error> {
    Err(Error::new(ErrorKind::InvalidOperation, message))
}

/// JSON as Python's `json.dumps(ensure_ascii=False)` would give it: templates print tools into prompts, where the HTML
/// escapes of the built-in filter would change the text the model was trained on.
fn to_json(value: Value, options: Kwargs) -> Result<String, Error> {
    let indent: Option<usize> = options.get("indent")?;
    options.assert_all_used()?;
    let failed = |error: serde_json::Error| Error::new(ErrorKind::BadSerialization, error.to_string());
    match indent {
        Some(_) => serde_json::to_string_pretty(&value).map_err(failed),
        None => {
            let mut out = Vec::new();
            let mut writer = serde_json::Serializer::with_formatter(&mut out, Spaced);
            serde::Serialize::serialize(&value, &mut writer).map_err(failed)?;
            String::from_utf8(out).map_err(|error| Error::new(ErrorKind::BadSerialization, error.to_string()))
        }
    }
}

/// Python's separators: a space after every comma and colon.
struct Spaced;

impl serde_json::ser::Formatter for Spaced {
    fn begin_array_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_key<W: ?Sized + std::io::Write>(&mut self, writer: &mut W, first: bool) -> std::io::Result<()> {
        if first { Ok(()) } else { writer.write_all(b", ") }
    }

    fn begin_object_value<W: ?Sized + std::io::Write>(&mut self, writer: &mut W) -> std::io::Result<()> {
        writer.write_all(b": ")
    }
}

/// The reason in one line. An exhausted budget is named as such.
fn explain(error: &Error) -> String {
    if error.kind() == ErrorKind::OutOfFuel {
        return "the model's chat template works longer or makes more text than it may; see the template".to_string();
    }
    let what = error.detail().map_or_else(|| error.kind().to_string(), |detail| format!("{}: {detail}", error.kind()));
    match error.line() {
        Some(line) => format!("the model's chat template refused the messages: {what} (line {line} of the template)"),
        None => format!("the model's chat template refused the messages: {what}"),
    }
}
