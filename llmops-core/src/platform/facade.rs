//! `LlmOps`: one platform, embedded or on a server, behind the same calls.

use std::sync::Arc;

use serde_json::Value;
use tokio::sync::Mutex;

use super::remote::HttpWire;
use super::{Builder, ClientOptions, Gauge, Rooms};
use crate::base::{Caller, Ctx, Error, Events, Result};
use crate::op::{Download, Handles, Kind, Operation, OperationTable, Parts, Run, Wire};
use crate::platform::assemble::Embedded;

/// The platform. Cheap to clone.
///
/// ```no_run
/// # async fn example() -> llmops_core::base::Result<()> {
/// use llmops_core::{LlmOps, catalog::CreateModel};
/// let ops = LlmOps::builder().data_dir("./data").open().await?;
/// let request = CreateModel { name: "tiny".into(), version: "1.0.0".into(), ..CreateModel::default() };
/// let model = ops.catalog().create_model(&ops.ctx(), request).await?;
/// println!("{}", model.id);
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct LlmOps(Arc<Inner>, Caller);

struct Inner {
    rooms: Rooms,
    handles: Arc<Handles>,
    table: OperationTable,
    wire: Option<HttpWire>,
    embedded: Mutex<Option<Embedded>>,
    identity: Option<Arc<crate::governance::Identity>>,
}

impl LlmOps {
    /// Starts to describe a platform in this process.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The platform on a server. Nothing is contacted before the first call.
    pub fn connect(url: &str, api_key: Option<crate::base::Secret>) -> Result<Self> {
        Ok(Self::remote(HttpWire::connect(url, api_key)?))
    }

    fn remote(wire: HttpWire) -> Self {
        let shared: Arc<dyn Wire> = Arc::new(wire.clone());
        let caller = Caller { actor: "remote".into(), ..Caller::system() };
        let inner = Inner { wire: Some(wire), ..Inner::of(Rooms::remote(&shared)) };
        Self(Arc::new(inner), caller)
    }

    /// A platform in this process.
    pub(super) fn embedded(
        rooms: Rooms,
        local: Caller,
        embedded: Embedded,
        identity: Arc<crate::governance::Identity>,
    ) -> Self {
        let embedded = Mutex::new(Some(embedded));
        let inner = Inner { embedded, identity: Some(identity), ..Inner::of(rooms) };
        Self(Arc::new(inner), local)
    }

    /// The same platform for the holder of another key, as a reviewer who approves what somebody else made. In this process
    /// the key is looked at now: a revocation does not reach what this call gave.
    ///
    /// # Errors
    /// `unauthenticated` when an embedded platform does not know the key.
    pub fn with_api_key(&self, key: crate::base::Secret) -> Result<Self> {
        match &self.0.wire {
            Some(wire) => Ok(Self::remote(wire.with_key(&key)?)),
            None => Ok(Self(self.0.clone(), self.authenticate(key.expose())?)),
        }
    }

    /// The same platform, at work in another project.
    ///
    /// # Errors
    /// `not_found` when an embedded platform has none of that name, or the caller may not go there; a server says so when it is
    /// called.
    pub fn with_project(&self, project: &str) -> Result<Self> {
        match &self.0.wire {
            Some(wire) => Ok(Self::remote(wire.with_project(project)?)),
            None => Ok(Self(self.0.clone(), self.enter_project(&self.1, project)?)),
        }
    }

    /// The same server, called with other patience. A platform in this process answers without a wire, which is neither
    /// waited for nor asked again: it stays as it is.
    pub fn with_options(&self, options: ClientOptions) -> Self {
        self.0.wire.as_ref().map_or_else(|| self.clone(), |wire| Self::remote(wire.with_options(options)))
    }

    pub(super) fn rooms(&self) -> &Rooms {
        &self.0.rooms
    }

    /// A call by the local administrator, or by the key this client was given.
    pub fn ctx(&self) -> Ctx {
        Ctx::new(self.1.clone())
    }

    /// Every operation.
    pub fn operations(&self) -> &OperationTable {
        &self.0.table
    }

    /// Whose key this is.
    ///
    /// # Errors
    /// `unauthenticated` when the key is unknown, revoked or expired.
    pub fn authenticate(&self, token: &str) -> Result<Caller> {
        self.identity()?.authenticate(token)
    }

    /// Whether the key that this caller showed is still in force: for who works for him longer than a call.
    ///
    /// # Errors
    /// `unauthenticated` when it was revoked or has expired meanwhile.
    pub fn check_standing(&self, caller: &Caller) -> Result<()> {
        self.identity()?.check_standing(caller)
    }

    /// The same caller, at work in another project.
    ///
    /// # Errors
    /// `not_found` when there is none of that name, or he may not go there.
    pub fn enter_project(&self, caller: &Caller, project: &str) -> Result<Caller> {
        self.identity()?.enter(caller, project)
    }

    /// A word with which whoever has it may do one thing in this caller's place, for an hour and while his key is in force.
    ///
    /// # Errors
    /// `denied` for a caller who showed no key.
    pub fn ticket(&self, caller: &Caller, purpose: &str) -> Result<String> {
        self.identity()?.ticket(caller, purpose)
    }

    /// Whose ticket this is, if it is for this purpose.
    ///
    /// # Errors
    /// `unauthenticated` when it is not, is older than an hour, or the key it stands for is gone.
    pub fn redeem(&self, ticket: &str, purpose: &str) -> Result<Caller> {
        self.identity()?.redeem(ticket, purpose)
    }

    fn identity(&self) -> Result<&crate::governance::Identity> {
        self.0.identity.as_deref().ok_or_else(|| Error::unexpected("only an embedded platform knows keys"))
    }

    /// Whether everything the platform needs answers: pairs of a name and what is wrong, if anything.
    pub async fn health(&self) -> Vec<(&'static str, Option<String>)> {
        match self.0.embedded.lock().await.as_ref() {
            Some(embedded) => embedded.health().await,
            None => Vec::new(),
        }
    }

    /// What goes on, as numbers: jobs, evaluations and endpoints by status. A remote platform counts nothing.
    pub async fn gauges(&self) -> Result<Vec<Gauge>> {
        match self.0.embedded.lock().await.as_ref() {
            Some(embedded) => embedded.counted.gauges().await,
            None => Ok(Vec::new()),
        }
    }

    /// How an empty database at this address would carry out what this platform asked of its own; for tests.
    #[cfg(feature = "plans")]
    pub async fn explain_on(&self, empty: &crate::store::DatabaseUrl) -> Result<crate::store::Plans> {
        match self.0.embedded.lock().await.as_ref() {
            Some(embedded) => embedded.store().explain_on(empty).await,
            None => Err(Error::unexpected("only an embedded platform has a database")),
        }
    }

    /// Carries out an operation by name: `catalog.create_model` with its request as JSON, in either spelling of fields.
    pub async fn call(&self, ctx: Ctx, name: &str, request: Value) -> Result<Value> {
        let (op, request) = self.prepare(name, request).map_err(|e| e.request_id(&ctx.request_id))?;
        match op.run {
            Run::Unary(run) => run(self.0.handles.clone(), ctx, request).await,
            _ => Err(wrong_kind(op, "call")),
        }
    }

    /// Follows an operation by name.
    pub async fn stream(&self, ctx: Ctx, name: &str, request: Value) -> Result<Events<Value>> {
        let (op, request) = self.prepare(name, request).map_err(|e| e.request_id(&ctx.request_id))?;
        match op.run {
            Run::Stream(run) => run(self.0.handles.clone(), ctx, request).await,
            _ => Err(wrong_kind(op, "stream")),
        }
    }

    /// Sends files to an operation by name.
    pub async fn upload(&self, ctx: Ctx, name: &str, request: Value, body: Parts) -> Result<Value> {
        let (op, request) = self.prepare(name, request).map_err(|e| e.request_id(&ctx.request_id))?;
        match op.run {
            Run::Upload(run) => run(self.0.handles.clone(), ctx, request, body).await,
            _ => Err(wrong_kind(op, "upload")),
        }
    }

    /// Receives bytes from an operation by name.
    pub async fn download(&self, ctx: Ctx, name: &str, request: Value) -> Result<Download> {
        let (op, request) = self.prepare(name, request).map_err(|e| e.request_id(&ctx.request_id))?;
        match op.run {
            Run::Download(run) => run(self.0.handles.clone(), ctx, request).await,
            _ => Err(wrong_kind(op, "download")),
        }
    }

    /// Ends the loops in order and closes the database. A remote platform has nothing to end.
    pub async fn shutdown(&self) {
        if let Some(embedded) = self.0.embedded.lock().await.take() {
            embedded.shutdown().await;
        }
    }

    fn prepare(&self, name: &str, mut request: Value) -> Result<(&'static Operation, Value)> {
        let (op, schema) = self.0.table.find(name)?;
        if request.is_null() {
            request = Value::Object(serde_json::Map::new());
        }
        if !request.is_object() {
            return Err(Error::invalid("body", "must be a JSON object").hint("send the request's fields"));
        }
        schema.normalize(&mut request)?;
        schema.check_shapes(&request)?;
        Ok((op, request))
    }
}

impl Inner {
    fn of(rooms: Rooms) -> Self {
        let handles = Arc::new(rooms.handles());
        let table = OperationTable::new(&super::domains());
        Self { rooms, handles, table, wire: None, embedded: Mutex::new(None), identity: None }
    }
}

fn wrong_kind(op: &'static Operation, used: &str) -> Error {
    let right = match op.kind() {
        Kind::Unary => "call",
        Kind::Stream => "stream",
        Kind::Upload => "upload",
        Kind::Download => "download",
    };
    Error::invalid("operation", format!("{} cannot be used with `{used}`", op.name)).hint(format!("use `{right}`"))
}
