//! The room over scripted replicas.

mod asking;
mod limits;
mod metering;
mod routes;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use futures::StreamExt;
use serde_json::json;

use super::route::Table;
use super::*;
use crate::base::{Caller, Clock, Ctx, Events, Result, Secret, SystemClock};
use crate::catalog::ModelId;
use crate::provider::fake::{FakeProvider, FakeTurn};
use crate::provider::{Deadlines, Provider};
use crate::serving::{EndpointId, EndpointLimits, EndpointStatus, Environment, ServedReplica, ServedRoute};
use crate::store::{Store, trial};

pub(super) fn replica(name: &str) -> ServedReplica {
    ServedReplica { work: name.into(), address: format!("{name}:1"), api_key: Some(Secret::new("k")) }
}

/// A healthy route with one replica, in `dev` of the local project.
pub(super) fn served(name: &str) -> ServedRoute {
    ServedRoute {
        endpoint_id: EndpointId(uuid::Uuid::now_v7()),
        project: "default".into(),
        environment: Environment::Dev,
        route: format!("/{name}"),
        model_id: ModelId(uuid::Uuid::now_v7()),
        model_name: format!("{name}-model"),
        model_version: "1.0.0".into(),
        revision: 1,
        limits: EndpointLimits::default(),
        status: EndpointStatus::Healthy,
        status_reason: "all is well".into(),
        replicas: vec![replica(&format!("{name}-1"))],
    }
}

pub(super) fn table(routes: Vec<ServedRoute>) -> Table {
    Table::after(&Table::default(), routes)
}

/// Says what a test puts into it, and counts how often it is asked.
#[derive(Default)]
struct Said {
    routes: Mutex<Vec<ServedRoute>>,
    asked: AtomicUsize,
}

#[async_trait]
impl RouteSource for Said {
    async fn routes(&self, _: &Ctx) -> Result<Vec<ServedRoute>> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(self.routes.lock().unwrap().clone())
    }
}

struct Here {
    dir: tempfile::TempDir,
    store: Store,
    source: Arc<Said>,
    provider: Arc<FakeProvider>,
    journal: Arc<Journal>,
    gateway: Arc<LiveGateway>,
}

async fn here(turns: Vec<FakeTurn>) -> Here {
    here_with(turns, KeyLimits::default(), vec![served("tiny")]).await
}

async fn here_with(turns: Vec<FakeTurn>, key_limits: KeyLimits, routes: Vec<ServedRoute>) -> Here {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let source = Arc::new(Said { routes: Mutex::new(routes), asked: AtomicUsize::new(0) });
    let provider = FakeProvider::new(turns);
    let journal = Journal::open(&dir.path().join("journal")).unwrap();
    let options = GatewayOptions {
        source: source.clone(),
        provider: provider.clone() as Arc<dyn Provider>,
        journal: journal.clone(),
        key_limits,
        deadlines: Deadlines::default(),
    };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let gateway = LiveGateway::open(&store, &clock, options).await.unwrap();
    Here { dir, store, source, provider, journal, gateway }
}

impl Here {
    async fn chat(&self, req: ChatRequest) -> Result<ChatCompletion> {
        self.gateway.chat(&Ctx::system(), req).await
    }

    async fn stream(&self, req: ChatRequest) -> Result<Events<ChatChunk>> {
        self.gateway.chat_stream(&Ctx::system(), req).await
    }

    /// What the journal holds, all of it.
    async fn journaled(&self) -> Vec<super::journal::UsageRecord> {
        let names = self.journal.cut().await;
        names.iter().flat_map(|name| self.journal.read(name).unwrap()).collect()
    }
}

/// A question to `tiny`, with other fields as JSON.
fn ask(more: serde_json::Value) -> ChatRequest {
    let mut request = json!({ "route": "tiny", "messages": [{ "role": "user", "content": "Hello" }] });
    request.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    serde_json::from_value(request).unwrap()
}

fn hello() -> ChatRequest {
    ask(json!({}))
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

fn text(answer: &ChatCompletion) -> &str {
    match &answer.choices[0].message.content {
        Some(ChatContent::Text(text)) => text,
        _ => "",
    }
}
