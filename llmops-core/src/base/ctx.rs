//! Who is calling, for which project, and with what clock.

use std::any::Any;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use uuid::Uuid;

use super::{Clock, Error, Result, SystemClock, Timestamp};

/// The project of a platform that nobody has divided yet.
pub const LOCAL_PROJECT: &str = "default";

/// Somebody who was recognised, with what he may do.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The user, service account or `system`.
    pub actor: String,
    /// The API key or job token that was shown, if any.
    pub key_id: Option<String>,
    /// The session or sign-in link that was shown in the key's place, if any.
    pub session_id: Option<String>,
    /// Permissions as `catalog:create`; `*` is all of them, `catalog:*` all of a domain,
    /// `*:read` one action in every domain.
    pub permissions: Arc<BTreeSet<String>>,
    /// The project this caller works in.
    pub project: String,
    /// Whether he may go to every other project, and do what concerns all of them.
    pub all_projects: bool,
}

impl Caller {
    /// The platform itself, acting in a loop.
    pub fn system() -> Self {
        Self {
            actor: "system".into(),
            key_id: None,
            session_id: None,
            permissions: all(),
            project: LOCAL_PROJECT.into(),
            all_projects: true,
        }
    }

    /// Whether this caller holds a permission.
    pub fn may(&self, permission: &str) -> bool {
        let (domain, action) = permission.split_once(':').unwrap_or((permission, ""));
        self.permissions.contains("*")
            || self.permissions.contains(permission)
            || self.permissions.contains(&format!("{domain}:*"))
            || self.permissions.contains(&format!("*:{action}"))
    }
}

fn all() -> Arc<BTreeSet<String>> {
    Arc::new(BTreeSet::from(["*".to_owned()]))
}

/// What the gate learned on the way that the door may tell the caller.
#[derive(Debug, Default)]
pub struct Reply {
    replayed: AtomicBool,
}

impl Reply {
    /// Says that the answer is a stored one.
    pub fn set_replayed(&self) {
        self.replayed.store(true, Ordering::Relaxed);
    }

    /// Whether the answer is a stored one.
    pub fn replayed(&self) -> bool {
        self.replayed.load(Ordering::Relaxed)
    }
}

/// The context of one call. Cheap to clone; ids, time and the caller come from here, so tests fix them.
#[derive(Clone)]
pub struct Ctx {
    /// Who calls.
    pub caller: Caller,
    /// The id that logs, errors and the audit share.
    pub request_id: String,
    /// The caller's key for a create or start that must happen once.
    pub idempotency_key: Option<String>,
    /// The entity tag the caller last read.
    pub if_match: Option<String>,
    /// Where the call came from, for the audit.
    pub address: Option<String>,
    /// What the door may tell the caller beside the answer.
    pub reply: Arc<Reply>,
    clock: Arc<dyn Clock>,
    unit: Option<Arc<dyn Any + Send + Sync>>,
    touched: Arc<Mutex<Vec<Touched>>>,
    signals: Arc<Mutex<BTreeSet<String>>>,
    operation: Option<&'static str>,
    target: Option<Target>,
    placed: bool,
}

/// What a call is about: a kind as `model`, and an id.
pub type Target = (&'static str, String);

/// A thing that a write changed, for the audit.
#[derive(Debug, Clone)]
pub struct Touched {
    /// As `model`.
    pub resource_type: &'static str,
    /// Its id.
    pub resource_id: String,
    /// What a reviewer wants to know: before and after, digests, a reason.
    pub metadata: serde_json::Value,
}

impl Ctx {
    /// A call by this caller, with the machine's clock and a fresh request id.
    pub fn new(caller: Caller) -> Self {
        Self {
            caller,
            request_id: format!("req_{}", Uuid::now_v7().simple()),
            idempotency_key: None,
            if_match: None,
            address: None,
            reply: Arc::default(),
            clock: Arc::new(SystemClock),
            unit: None,
            touched: Arc::default(),
            signals: Arc::default(),
            operation: None,
            target: None,
            placed: false,
        }
    }

    /// The platform itself, acting in a loop.
    pub fn system() -> Self {
        Self::new(Caller::system())
    }

    /// The same call, done by the platform: the audit tells of what callers do.
    pub fn quietly(&self) -> Self {
        let mut ctx = self.clone();
        // Whoever acts for somebody knows in whose project.
        ctx.placed |= ctx.caller.actor != Caller::system().actor;
        ctx.caller.actor = Caller::system().actor;
        ctx
    }

    /// The same call, about this: the audit says it also when the call is refused before anything was touched.
    pub fn about(self, target: Option<Target>) -> Self {
        Self { target, ..self }
    }

    /// What the call is about, if its request says it.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// The same call with another clock.
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// The same call with the caller's key for a create or start that must happen once.
    pub fn with_idempotency_key(self, key: impl Into<String>) -> Self {
        Self { idempotency_key: Some(key.into()), ..self }
    }

    /// The same call for the state the caller last read.
    pub fn with_if_match(self, etag: impl Into<String>) -> Self {
        Self { if_match: Some(etag.into()), ..self }
    }

    /// The same call, about things of this project: what a loop does is told there.
    pub fn within(&self, project: &str) -> Self {
        let mut ctx = self.clone();
        project.clone_into(&mut ctx.caller.project);
        ctx.placed = true;
        ctx
    }

    /// Whether a loop knows whose things it is about. Loops stand in the first project until then.
    pub fn is_placed(&self) -> bool {
        self.placed
    }

    /// The same call, carrying the open unit of work.
    pub fn with_unit(&self, unit: Arc<dyn Any + Send + Sync>) -> Self {
        Self { unit: Some(unit), touched: Arc::default(), signals: Arc::default(), ..self.clone() }
    }

    /// The same call, known by its operation or, in a loop, by what the loop does: `training.finish_job`.
    pub fn for_operation(&self, name: &'static str) -> Self {
        Self { operation: Some(name), ..self.clone() }
    }

    /// The same call, known by no operation.
    pub fn without_operation(self) -> Self {
        Self { operation: None, ..self }
    }

    /// The operation under way, which the audit calls the action.
    pub fn operation(&self) -> Option<&'static str> {
        self.operation
    }

    /// The open unit of work, for the store.
    pub fn unit(&self) -> Option<&Arc<dyn Any + Send + Sync>> {
        self.unit.as_ref()
    }

    /// The same call outside its unit of work.
    pub fn without_unit(self) -> Self {
        Self { unit: None, ..self }
    }

    /// Takes the unit of work out, to close it.
    pub fn into_unit(self) -> Option<Arc<dyn Any + Send + Sync>> {
        self.unit
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A new id.
    pub fn new_id(&self) -> Uuid {
        Uuid::now_v7()
    }

    /// The project of this call.
    pub fn project(&self) -> &str {
        &self.caller.project
    }

    /// Tells the audit what this write changed. The first thing named is the entry's resource.
    pub fn touch(&self, resource_type: &'static str, id: impl ToString, metadata: serde_json::Value) {
        let mut touched = self.touched.lock().unwrap_or_else(PoisonError::into_inner);
        touched.push(Touched { resource_type, resource_id: id.to_string(), metadata });
    }

    /// What was named to the audit so far.
    pub fn touched(&self) -> Vec<Touched> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Wakes whoever follows `topic`, here and on the other servers, once this write is committed.
    pub fn signal(&self, topic: impl Into<String>) {
        self.signals.lock().unwrap_or_else(PoisonError::into_inner).insert(topic.into());
    }

    /// The topics to wake.
    pub fn signals(&self) -> Vec<String> {
        self.signals.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// Refuses a change to something the caller has not read in its present state.
    pub fn check_etag(&self, current: &str) -> Result<()> {
        match &self.if_match {
            Some(given) if given != current && given != "*" => Err(Error::new(
                super::ErrorKind::Stale,
                format!("it changed since you read it: its tag is now {current}, you sent {given}"),
            )
            .field("If-Match")
            .hint("read it again, apply your change to what it is now, and send its new tag")),
            _ => Ok(()),
        }
    }
}
