//! `chat`: talks to a deployed model, once or line by line, as any client of `POST /v1/chat/completions` would.

use std::io::{BufRead, IsTerminal, Read};

use clap::Args;
use futures::StreamExt;
use llmops_core::base::{Error, ErrorKind, Result};
use llmops_core::egress::client::{HttpVersions, http_client};
use llmops_core::egress::sse;
use serde_json::{Value, json};

use super::client::{Client, ClientFlags, fields, text};
use super::{ConfigFile, Exit, print, say};

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server chat chat 'What is the capital of Texas?'
  echo 'What is the capital of Texas?' | llmops-server chat chat --json
  llmops-server chat chat";

/// What `chat` is told.
#[derive(Debug, Args)]
pub(super) struct Chat {
    /// The route of an endpoint.
    route: String,
    /// What to say; from standard input if absent, line by line on a terminal.
    message: Option<String>,
    /// What the model is told before everything else.
    #[arg(long)]
    system: Option<String>,
    /// 0 always takes the likeliest word.
    #[arg(long)]
    temperature: Option<f32>,
    /// At most so many tokens an answer.
    #[arg(long)]
    max_tokens: Option<u32>,
    /// What chance begins with.
    #[arg(long)]
    seed: Option<i64>,
    #[command(flatten)]
    client: ClientFlags,
}

/// A conversation with one model.
pub(crate) struct Conversation {
    http: reqwest::Client,
    request: Value,
    messages: Vec<Value>,
}

impl Conversation {
    /// A conversation with the model behind a route; `settings` are sent with every message.
    ///
    /// # Errors
    /// `unexpected` when the system lacks what an HTTP client needs.
    pub(crate) fn new(route: &str, system: Option<&str>, settings: Value) -> Result<Self> {
        let http = http_client(HttpVersions::Both)?.build();
        let http = http.map_err(|e| Error::unexpected("the HTTP client cannot be made").caused_by(e))?;
        let mut request = settings;
        request["model"] = route.into();
        let system = system.map(|content| json!({ "role": "system", "content": content }));
        Ok(Self { http, request, messages: system.into_iter().collect() })
    }

    /// Says something and gives the whole answer; each piece goes to `piece` as it comes.
    pub(crate) async fn say(&mut self, client: &Client, words: &str, mut piece: impl FnMut(&str)) -> Result<Value> {
        self.messages.push(json!({ "role": "user", "content": words }));
        let mut request = self.request.clone();
        request["messages"] = json!(self.messages);
        request["stream"] = true.into();
        request["stream_options"] = json!({ "include_usage": true });
        let answer = self.ask(client, &request, &mut piece).await;
        match &answer {
            Ok(answer) => self.messages.push(json!({ "role": "assistant", "content": answer["content"] })),
            // What got no answer was not said.
            Err(_) => drop(self.messages.pop()),
        }
        answer
    }

    async fn ask(&self, client: &Client, request: &Value, piece: &mut impl FnMut(&str)) -> Result<Value> {
        let call = self.http.post(format!("{}/v1/chat/completions", client.url())).json(request);
        let response = client.signed(call).send().await.map_err(|e| unreachable(client, e))?;
        if !response.status().is_success() {
            return Err(client.explain(refused(response).await));
        }
        let bytes = response
            .bytes_stream()
            .map(|chunk| chunk.map_err(|e| Error::unavailable("the answer broke off").caused_by(e)));
        let mut events = sse::events(bytes.boxed());
        let (mut content, mut end, mut usage) = (String::new(), Value::Null, Value::Null);
        while let Some(event) = events.next().await {
            let event = event?;
            if event.data.trim() == "[DONE]" {
                break;
            }
            let chunk: Value = serde_json::from_str(&event.data)
                .map_err(|e| Error::new(ErrorKind::Upstream, "a piece of the answer is not JSON").caused_by(e))?;
            if chunk.get("error").is_some_and(|error| !error.is_null()) {
                return Err(Error::new(ErrorKind::Upstream, text(&chunk["error"], "message")));
            }
            if let Some(words) = chunk.pointer("/choices/0/delta/content").and_then(Value::as_str) {
                content.push_str(words);
                piece(words);
            }
            for (kept, found) in
                [(&mut end, chunk.pointer("/choices/0/finish_reason")), (&mut usage, chunk.get("usage"))]
            {
                if let Some(found) = found.filter(|found| !found.is_null()) {
                    *kept = found.clone();
                }
            }
        }
        if end.is_null() {
            return Err(Error::unavailable("the answer broke off before its end").hint("try again"));
        }
        Ok(json!({ "content": content, "finishReason": end, "usage": usage }))
    }
}

fn unreachable(client: &Client, cause: reqwest::Error) -> Error {
    let error = Error::unavailable(format!("the server at {} cannot be reached", client.url())).code("unreachable");
    client.explain(error.caused_by(cause))
}

/// The error of an answer in OpenAI's shape.
async fn refused(response: reqwest::Response) -> Error {
    let status = response.status().as_u16();
    let kind = ErrorKind::ALL.iter().copied().find(|kind| kind.status() == status).unwrap_or(ErrorKind::Upstream);
    let body: Value = response.json().await.unwrap_or_default();
    let said = body.pointer("/error/message").and_then(Value::as_str);
    let error = Error::new(kind, said.map_or(format!("the server answered {status}"), str::to_owned));
    match body.pointer("/error/code").and_then(Value::as_str) {
        Some(code) => error.code(code),
        None => error,
    }
}

pub(super) async fn run(verb: Chat, file: &ConfigFile) -> Result<Exit> {
    let client = verb.client.connect(file)?;
    let settings = fields([
        ("temperature", verb.temperature.map(|value| json!(value))),
        ("max_tokens", verb.max_tokens.map(Value::from)),
        ("seed", verb.seed.map(Value::from)),
    ]);
    let mut conversation = Conversation::new(&verb.route, verb.system.as_deref(), settings)?;
    match verb.message {
        Some(words) => once(&client, &mut conversation, &words).await?,
        None if std::io::stdin().is_terminal() => converse(&client, &mut conversation, &verb.route).await?,
        None => {
            let mut words = String::new();
            let read = std::io::stdin().read_to_string(&mut words);
            read.map_err(|e| Error::invalid("message", "cannot be read from standard input").caused_by(e))?;
            once(&client, &mut conversation, words.trim()).await?;
        }
    }
    Ok(Exit::Done)
}

async fn once(client: &Client, conversation: &mut Conversation, words: &str) -> Result<()> {
    if client.out.is_json() {
        client.out.record(&conversation.say(client, words, |_| {}).await?);
        return Ok(());
    }
    let mut begun = false;
    let piece = |piece: &str| {
        begun = true;
        print(piece);
    };
    let answer = conversation.say(client, words, piece).await;
    if begun || answer.is_ok() {
        say("");
    }
    answer.map(drop)
}

/// Line by line until the end of the input.
async fn converse(client: &Client, conversation: &mut Conversation, route: &str) -> Result<()> {
    client.out.note(&format!("talking to {route}; end with Ctrl-D"));
    loop {
        print("> ");
        let mut words = String::new();
        let read = std::io::stdin().lock().read_line(&mut words);
        let count = read.map_err(|e| Error::invalid("message", "cannot be read").caused_by(e))?;
        if count == 0 {
            say("");
            return Ok(());
        }
        if words.trim().is_empty() {
            continue;
        }
        if let Err(error) = once(client, conversation, words.trim()).await {
            // A conversation outlives an answer that failed, but not that there is nobody to talk to.
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::Unauthenticated | ErrorKind::Denied) {
                return Err(error);
            }
            super::outcome::fail(&error, client.out.is_json());
        }
    }
}
