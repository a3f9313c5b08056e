//! The client's side of the command line: an ordinary caller of a server's API.

use clap::Args;
use llmops_core::LlmOps;
use llmops_core::base::{Ctx, Error, ErrorKind, Events, Result, Secret};
use llmops_core::op::{Download, Parts};
use llmops_core::platform::{ClientOptions, Local, PROJECT_HEADER, Progress, SendFiles, To};
use serde_json::{Map, Value, json};

use super::{ConfigFile, Output};
use crate::config::{Config, Layers};

/// What these flags stand under in a help text.
pub(super) const HEADING: &str = "Server and output";

/// Which server, and how its answers are shown.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ClientFlags {
    /// The server to call [default: the one of this machine, at the address of the setting `listen`].
    #[arg(long, value_name = "URL", global = true, help_heading = HEADING)]
    url: Option<String>,
    /// The data folder of a server on this machine; its administrator's key is there. LLMOPS_API_KEY is any other key.
    #[arg(long, value_name = "DIR", global = true, help_heading = HEADING)]
    data: Option<String>,
    /// The project to work in [default: the key's own].
    #[arg(long, value_name = "NAME", global = true, help_heading = HEADING)]
    project: Option<String>,
    /// Prints one JSON document on standard output instead of tables, JSON lines for what goes on, and a JSON line on
    /// standard error for what fails.
    #[arg(long, global = true, help_heading = HEADING)]
    json: bool,
}

impl ClientFlags {
    /// Whether JSON is wanted.
    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// The client these flags and the settings describe. Nothing is contacted yet.
    pub(crate) fn connect(self, file: &ConfigFile) -> Result<Client> {
        let mut layers = Layers::of_process(file.path())?;
        layers.flags([("url", self.url), ("data", self.data), ("project", self.project)]);
        let config = Config::read(&layers)?;
        let url = address(&config)?;
        let key = key(&config, &url)?;
        let client = Client::new(&url, key, Output::new(self.json))?;
        match config.project {
            Some(project) => Ok(Client { ops: client.ops.with_project(&project)?, project: Some(project), ..client }),
            None => Ok(client),
        }
    }
}

/// The server's address: as set, or that of this machine's own server.
fn address(config: &Config) -> Result<String> {
    match &config.url {
        Some(url) => Ok(url.as_str().trim_end_matches('/').to_owned()),
        None if config.listen.port() == 0 => {
            Err(Error::invalid("url", "is needed, for the server's port is not fixed")
                .hint("give the address the server printed with --url or LLMOPS_URL"))
        }
        None => Ok(format!("http://{}", config.listen)),
    }
}

/// The key: as set, or the local administrator's when the server is on this machine.
fn key(config: &Config, url: &str) -> Result<Option<Secret>> {
    if let Some(key) = &config.api_key {
        return Ok(Some(key.clone()));
    }
    let host = url::Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    let here = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    let path = config.data.join("admin.key");
    if !here || !path.is_file() {
        return Ok(None);
    }
    let text = std::fs::read_to_string(&path).map_err(|e| {
        Error::denied(format!("the key in {} cannot be read", path.display()))
            .hint("run this as the user of the server, or set LLMOPS_API_KEY")
            .caused_by(e)
    })?;
    Ok(Some(Secret::new(text.trim())))
}

/// A caller of one server.
#[derive(Clone)]
pub(crate) struct Client {
    ops: LlmOps,
    url: String,
    key: Option<Secret>,
    project: Option<String>,
    /// Where answers go.
    pub(crate) out: Output,
}

impl Client {
    /// A caller with this key.
    pub(crate) fn new(url: &str, key: Option<Secret>, out: Output) -> Result<Self> {
        // Somebody waits for the answer: it comes at once, and exit code 8 says that trying again may help.
        let ops = LlmOps::connect(url, key.clone())?.with_options(ClientOptions::new(None, Some(0))?);
        Ok(Self { ops, url: url.to_owned(), key, project: None, out })
    }

    /// The server's address, without a slash at its end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// A call that is no operation, for the holder of the key, in his project.
    pub(crate) fn signed(&self, mut call: reqwest::RequestBuilder) -> reqwest::RequestBuilder {
        if let Some(key) = &self.key {
            call = call.bearer_auth(key.expose());
        }
        if let Some(project) = &self.project {
            call = call.header(PROJECT_HEADER, project);
        }
        call
    }

    /// The operations this program knows.
    pub(crate) fn ops(&self) -> &LlmOps {
        &self.ops
    }

    fn ctx(&self) -> Ctx {
        self.ops.ctx()
    }

    /// Carries out an operation.
    pub(crate) async fn call(&self, operation: &str, request: Value) -> Result<Value> {
        self.ops.call(self.ctx(), operation, request).await.map_err(|error| self.explain(error))
    }

    /// Follows an operation.
    pub(crate) async fn stream(&self, operation: &str, request: Value) -> Result<Events<Value>> {
        self.ops.stream(self.ctx(), operation, request).await.map_err(|error| self.explain(error))
    }

    /// Sends files.
    pub(crate) async fn upload(&self, operation: &str, request: Value, parts: Parts) -> Result<Value> {
        self.ops.upload(self.ctx(), operation, request, parts).await.map_err(|error| self.explain(error))
    }

    /// Sends files to a model or a dataset, large ones in parts.
    pub(crate) async fn send(
        &self,
        to: Value,
        files: Vec<Local>,
        replace: bool,
        told: &(dyn Fn(Progress) + Send + Sync),
    ) -> Result<Value> {
        let what = SendFiles { to: To::parse(to)?, files, replace, concurrency: None };
        let sent = self.ops.send_files(&self.ctx(), what, told).await;
        sent.map(|files| json!({ "files": files })).map_err(|error| self.explain(error))
    }

    /// Receives bytes.
    pub(crate) async fn download(&self, operation: &str, request: Value) -> Result<Download> {
        self.ops.download(self.ctx(), operation, request).await.map_err(|error| self.explain(error))
    }

    /// A list's items from as many pages as `most` items need.
    pub(crate) async fn list(&self, operation: &str, mut request: Value, most: usize) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        while items.len() < most {
            request["limit"] = json!((most - items.len()).min(1000));
            let mut page = self.call(operation, request.clone()).await?;
            match page.get_mut("items").map(Value::take) {
                Some(Value::Array(found)) => items.extend(found),
                _ => return Err(Error::new(ErrorKind::Upstream, format!("{operation} answered without items"))),
            }
            match page.pointer("/page/nextCursor").filter(|cursor| !cursor.is_null()) {
                Some(cursor) => request["cursor"] = cursor.clone(),
                None => break,
            }
        }
        Ok(items)
    }

    /// Says what to do about a missing key or server, which is not the server's to know.
    pub(super) fn explain(&self, error: Error) -> Error {
        match error.kind() {
            ErrorKind::Unauthenticated if self.key.is_none() => {
                error.hint("set LLMOPS_API_KEY, or name the data folder of this machine's server with --data")
            }
            ErrorKind::Unauthenticated => error
                .hint("check LLMOPS_API_KEY, or the server's data folder (--data); the key may be revoked or expired"),
            ErrorKind::Unavailable if error.stable_code() == "unreachable" => {
                error.hint("start one with `llmops-server serve`, or say where it is with --url or LLMOPS_URL")
            }
            _ => error,
        }
    }
}

/// A request out of pairs, without those that have no value.
pub(crate) fn fields<'n>(pairs: impl IntoIterator<Item = (&'n str, Option<Value>)>) -> Value {
    Value::Object(pairs.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect::<Map<_, _>>())
}

/// Pairs KEY=VALUE as an object.
pub(crate) fn pairs(flag: &str, words: &[String]) -> Result<Map<String, Value>> {
    let pair = |word: &String| match word.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), Value::from(value))),
        _ => Err(Error::invalid(flag, format!("must be KEY=VALUE; `{word}` is not"))),
    };
    words.iter().map(pair).collect()
}

/// What a flag says of a field that may be empty: without a text it is emptied.
pub(crate) fn emptied(text: String) -> Value {
    if text.is_empty() { Value::Null } else { text.into() }
}

/// The tags that a flag says, if it is given; an empty one stands for none.
pub(crate) fn tags(given: Vec<String>) -> Option<Value> {
    let some: Vec<String> = given.iter().filter(|tag| !tag.is_empty()).cloned().collect();
    (!given.is_empty()).then(|| some.into())
}

/// Lines of a card as a merge patch: a line without a value goes.
pub(crate) fn patch(flag: &str, words: &[String]) -> Result<Map<String, Value>> {
    let lines = pairs(flag, words)?;
    Ok(lines.into_iter().map(|(key, value)| (key, if value == "" { Value::Null } else { value })).collect())
}

/// The text of a field, or nothing.
pub(crate) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}
