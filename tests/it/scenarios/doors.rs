//! The ways to the platform that a scenario takes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use futures::{StreamExt, TryStreamExt};
use llmops_core::LlmOps;
use llmops_core::base::{Caller, Ctx, Error, Result, Secret};
use llmops_core::blob::StoreUrl;
use llmops_core::op::{Kind, Part, parts};
use llmops_core::store::DatabaseUrl;
use llmops_server::{DoorOptions, Server};
use serde_json::{Value, json};

use super::compare::differs;

/// Where rows are kept while a scenario runs.
pub struct Database(Option<DatabaseUrl>);

impl Database {
    /// A file beside the rest.
    pub fn sqlite() -> Self {
        Self(None)
    }

    /// A new database of the server that `tests/services` started; `None` where there is none.
    pub fn postgres() -> Option<Self> {
        let server = std::env::var("LLMOPS_TEST_POSTGRES").ok()?;
        let name = format!("scenarios_{}", uuid::Uuid::now_v7().simple());
        let made = Command::new("psql").args([&server, "-qc", &format!("create database {name}")]).status();
        assert!(made.is_ok_and(|status| status.success()), "psql could not create a database");
        let (base, _) = server.rsplit_once('/').expect("the URL names a database");
        Some(Self(Some(DatabaseUrl::parse("database", &format!("{base}/{name}")).expect("a URL"))))
    }

    /// Where an empty one is; `beside` is a folder for its file.
    pub fn url(self, beside: &Path) -> DatabaseUrl {
        self.0.unwrap_or_else(|| DatabaseUrl::file(&beside.join("empty.db")))
    }
}

/// One call.
pub struct Call {
    pub by: Option<String>,
    pub project: Option<String>,
    pub name: String,
    pub request: Value,
    pub files: Vec<(String, Vec<u8>)>,
    pub options: Value,
    /// How many items of a stream to take.
    pub items: Option<usize>,
}

/// A way to the platform: a facade for each person.
pub struct Door {
    ops: LlmOps,
    server: Option<Server>,
    people: Mutex<BTreeMap<String, Person>>,
    _data: tempfile::TempDir,
}

#[derive(Clone)]
enum Person {
    /// A caller of the platform in this process.
    Here(Box<Caller>),
    /// A client of his own.
    There(LlmOps),
}

impl Door {
    /// The platform in this process.
    pub async fn embedded(database: Database) -> Self {
        let (ops, data) = open(database).await;
        Self { ops, server: None, people: Mutex::default(), _data: data }
    }

    /// The same behind HTTP.
    pub async fn served(database: Database) -> Self {
        let (ops, data) = open(database).await;
        let address = "127.0.0.1:0".parse().expect("an address");
        let server = Server::start(ops, address, DoorOptions::default()).await.expect("a server starts");
        let key = std::fs::read_to_string(data.path().join("admin.key")).expect("the administrator has a key");
        let ops = LlmOps::connect(&server.url(), Some(Secret::new(key.trim()))).expect("a client");
        Self { ops, server: Some(server), people: Mutex::default(), _data: data }
    }

    /// The platform, as its administrator has it.
    pub fn platform(&self) -> &LlmOps {
        &self.ops
    }

    /// Makes a key for `person`, who is known as `actor`: with these roles, or as a whole request says.
    pub async fn invite(&self, person: &str, actor: &str, roles: &Value) -> Result<()> {
        let mut request = if roles.is_object() { roles.clone() } else { json!({ "roles": roles }) };
        request["name"] = actor.into();
        let made = self.ops.call(self.ops.ctx(), "governance.create_api_key", request).await?;
        let secret = made["secret"].as_str().unwrap_or_default().to_owned();
        let person_of = match &self.server {
            None => Person::Here(Box::new(self.ops.authenticate(&secret)?)),
            Some(server) => Person::There(LlmOps::connect(&server.url(), Some(Secret::new(secret)))?),
        };
        self.people.lock().expect("nobody panicked").insert(person.to_owned(), person_of);
        Ok(())
    }

    fn context(&self, call: &Call) -> Result<(LlmOps, Ctx)> {
        let person = call.by.as_ref().map(|by| {
            let people = self.people.lock().expect("nobody panicked");
            people.get(by).cloned().unwrap_or_else(|| panic!("{by} is not among the people of the scenario"))
        });
        let mut ops = match &person {
            Some(Person::There(ops)) => ops.clone(),
            _ => self.ops.clone(),
        };
        let mut ctx = match person {
            Some(Person::Here(caller)) => Ctx::new(*caller),
            _ => ops.ctx(),
        };
        match (&call.project, &self.server) {
            (Some(project), Some(_)) => ops = ops.with_project(project)?,
            (Some(project), None) => ctx.caller = ops.enter_project(&ctx.caller, project)?,
            (None, _) => {}
        }
        let option = |name: &str| call.options[name].as_str().map(str::to_owned);
        ctx.idempotency_key = option("idempotencyKey");
        ctx.if_match = option("ifMatch");
        Ok((ops, ctx))
    }

    /// The answer; of a stream its first items, of a download its text.
    pub async fn call(&self, call: &Call) -> Result<Value> {
        let (ops, ctx) = self.context(call)?;
        let request = call.request.clone();
        match ops.operations().find(&call.name)?.0.kind() {
            Kind::Unary => ops.call(ctx, &call.name, request).await,
            Kind::Upload => {
                let files = call.files.iter().map(|(path, bytes)| Part::from_bytes(path.clone(), bytes.clone()));
                ops.upload(ctx, &call.name, request, parts(files.collect())).await
            }
            Kind::Stream => {
                let items = ops.stream(ctx, &call.name, request).await?.take(call.items.unwrap_or(usize::MAX));
                Ok(items.try_collect::<Vec<Value>>().await?.into())
            }
            Kind::Download => {
                let body = ops.download(ctx, &call.name, request).await?.body;
                let bytes: Vec<u8> = body.map_ok(|chunk| chunk.to_vec()).try_concat().await?;
                Ok(String::from_utf8_lossy(&bytes).into_owned().into())
            }
        }
    }

    /// The answer once it is what is wanted, or how it differs now; a stream is followed.
    pub async fn until(&self, call: &Call, wanted: &Value) -> Result<std::result::Result<Value, String>> {
        let (ops, ctx) = self.context(call)?;
        let mut said = "the stream ended".to_owned();
        if ops.operations().find(&call.name)?.0.kind() != Kind::Stream {
            let answer = self.call(call).await?;
            return Ok(differs(wanted, &answer, "answer").map_or(Ok(answer), Err));
        }
        let mut items = ops.stream(ctx, &call.name, call.request.clone()).await?;
        while let Some(item) = items.try_next().await? {
            match differs(wanted, &item, "item") {
                None => return Ok(Ok(item)),
                Some(differs) => said = differs,
            }
        }
        Ok(Err(said))
    }

    /// Ends what runs.
    pub async fn close(self) {
        match self.server {
            Some(server) => server.stop().await,
            None => self.ops.shutdown().await,
        }
    }
}

async fn open(database: Database) -> (LlmOps, tempfile::TempDir) {
    let data = tempfile::tempdir().expect("a folder");
    let mut builder = LlmOps::builder().data_dir(data.path());
    if let Some(command) = runtime() {
        builder = builder.runtime_command(command);
    }
    if let Some(url) = database.0 {
        builder = builder.database(url);
        // Where there is one service there is the other: what a cluster uses.
        if let Ok(bucket) = std::env::var("LLMOPS_TEST_S3_BUCKET") {
            let url = format!("s3://{bucket}/scenarios-{}", uuid::Uuid::now_v7().simple());
            builder = builder.store(StoreUrl::parse("store", &url).expect("a bucket has an address"));
        }
    }
    let ops = builder.open().await.unwrap_or_else(|e: Error| panic!("the platform does not open: {}", e.to_json()));
    (ops, data)
}

/// The server that was built beside this test is a runtime too.
fn runtime() -> Option<Vec<OsString>> {
    let test = std::env::current_exe().ok()?;
    let server = test.parent()?.parent()?.join("llmops-server");
    server.exists().then(|| vec![server.into(), "runtime".into()])
}
