//! Recognising callers from memory: a snapshot of the keys, swapped whole when they change.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::rows::{api_key, session};
use super::ticket::{self, Tickets};
use super::{Role, roles, sql};
use crate::base::{Caller, Clock, Ctx, Error, ErrorKind, LOCAL_PROJECT, Result, write_private};
use crate::store::Store;

/// How every key begins.
pub(super) const PREFIX: &str = "llo_";
/// The topic that says keys changed.
pub(super) const TOPIC: &str = "keys";
/// The longest another server trusts its snapshot when no signal reaches it.
const REFRESH: Duration = Duration::from_secs(1);

#[derive(Clone)]
struct Known {
    caller: Caller,
    expires_at: Option<i64>,
}

/// How long a change made here outweighs what the database says: a refresh may have read it before the change's
/// transaction committed.
const SETTLING: Duration = Duration::from_secs(5);

/// What is so here before another reader of the database may see it.
struct Change {
    made: Instant,
    what: What,
}

enum What {
    /// A key let in or, with nothing known, shut out.
    Key { hash: String, known: Option<Known> },
    /// A new project.
    Project(String),
}

#[derive(Clone, Default)]
struct Snapshot {
    keys: HashMap<String, Known>,
    projects: BTreeSet<String>,
}

/// The keys, in memory.
pub struct Identity {
    store: Store,
    clock: Arc<dyn Clock>,
    tickets: Tickets,
    snapshot: ArcSwap<Snapshot>,
    changes: Mutex<Vec<Change>>,
}

impl Identity {
    /// Reads the keys and follows their changes for as long as the identity is held.
    pub async fn load(store: Store, clock: &Arc<dyn Clock>) -> Result<Arc<Self>> {
        let tickets = Tickets::new(store.secret("tickets").await?);
        let (clock, snapshot, changes) = (clock.clone(), ArcSwap::default(), Mutex::default());
        let identity = Arc::new(Self { store, clock, tickets, snapshot, changes });
        let signals = identity.store.signals().listen(TOPIC);
        identity.refresh().await?;
        tokio::spawn(follow(Arc::downgrade(&identity), signals));
        Ok(identity)
    }

    /// Whose key this is.
    ///
    /// # Errors
    /// `unauthenticated`, in the same words whatever is wrong with the key.
    pub fn authenticate(&self, token: &str) -> Result<Caller> {
        let snapshot = self.snapshot.load();
        let known = snapshot.keys.get(&hash(token));
        let now = self.clock.now().micros();
        known.filter(|known| known.expires_at.is_none_or(|end| end > now)).map(|known| known.caller.clone()).ok_or_else(
            || {
                Error::new(ErrorKind::Unauthenticated, "the API key is not valid")
                    .hint("send a key as `Authorization: Bearer ..`; it may have been revoked or have expired")
            },
        )
    }

    /// Whether the key that this caller showed is in force. Who showed none is trusted for another reason.
    ///
    /// # Errors
    /// `unauthenticated` when it was revoked or has expired meanwhile.
    pub fn check_standing(&self, caller: &Caller) -> Result<()> {
        let (snapshot, now) = (self.snapshot.load(), self.clock.now().micros());
        let in_force =
            |known: &Known| known.caller.key_id == caller.key_id && known.expires_at.is_none_or(|end| end > now);
        match caller.key_id.is_none() || snapshot.keys.values().any(in_force) {
            true => Ok(()),
            false => Err(Error::new(ErrorKind::Unauthenticated, "the API key is not valid any more")
                .hint("it was revoked or has expired meanwhile; ask for a new one")),
        }
    }

    /// The same caller, at work in another project.
    ///
    /// # Errors
    /// `not_found` when there is none of that name, or he may not go there: in the same words.
    pub fn enter(&self, caller: &Caller, project: &str) -> Result<Caller> {
        if caller.project == project || caller.all_projects && self.snapshot.load().projects.contains(project) {
            return Ok(Caller { project: project.to_owned(), ..caller.clone() });
        }
        Err(Error::not_found("project", project).hint(
            "governance.list_projects names those that the key may work in; a new one is made by an administrator",
        ))
    }

    /// A word with which whoever has it may do one thing in this caller's place, for an hour and while his key is in force:
    /// for clients that are sent to an address without their key. `purpose` says what.
    ///
    /// # Errors
    /// `denied` for a caller who showed no key.
    pub fn ticket(&self, caller: &Caller, purpose: &str) -> Result<String> {
        self.tickets.write(caller, purpose, self.clock.now().micros())
    }

    /// Whose ticket this is, if it is for this purpose.
    ///
    /// # Errors
    /// `unauthenticated`, in the same words whatever is wrong with the ticket.
    pub fn redeem(&self, ticket: &str, purpose: &str) -> Result<Caller> {
        let read = self.tickets.read(ticket, purpose, self.clock.now().micros())?;
        let (snapshot, now) = (self.snapshot.load(), self.clock.now().micros());
        let mut known = snapshot.keys.values().filter(|known| known.expires_at.is_none_or(|end| end > now));
        let caller = known.find(|known| read.is_of(&known.caller)).map(|known| known.caller.clone());
        self.enter(&caller.ok_or_else(ticket::refused)?, &read.project)
    }

    /// The local administrator, whose key is the whole content of `file`. The first start makes it.
    pub async fn local_administrator(&self, file: &Path) -> Result<Caller> {
        let secret = match std::fs::read_to_string(file) {
            Ok(text) if text.trim().starts_with(PREFIX) => text.trim().to_owned(),
            Ok(_) => return Err(unusable(file, "it does not hold a key")),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let secret = new_secret();
                write_private(file, &secret).map_err(|e| unusable(file, "it cannot be written").caused_by(e))?;
                secret
            }
            Err(e) => return Err(unusable(file, "it cannot be read").caused_by(e)),
        };
        self.remember_administrator(&secret).await?;
        self.authenticate(&secret)
    }

    /// The file comes first and the row follows, so a crash between the two heals at the next start.
    async fn remember_administrator(&self, secret: &str) -> Result<()> {
        let ctx = Ctx::system().with_clock(self.clock.clone());
        let row = api_key::Model {
            id: ctx.new_id(),
            project: LOCAL_PROJECT.to_owned(),
            all_projects: true,
            name: "administrator".to_owned(),
            prefix: prefix(secret),
            hash: hash(secret),
            roles: Role::Admin.name().to_owned(),
            expires_at: None,
            revoked_at: None,
            created_by: "system".to_owned(),
            created_at: ctx.now().micros(),
        };
        sql::remember_key(&self.store, &ctx, row).await?;
        self.refresh().await
    }

    /// Reads the keys anew.
    pub(super) async fn refresh(&self) -> Result<()> {
        let ctx = Ctx::system().with_clock(self.clock.clone());
        // Sessions first: one whose key is revoked in between is not let in by it.
        let mut sessions = sql::sessions_in_force(&self.store, &ctx).await?;
        let rows = sql::keys_in_force(&self.store, &ctx).await?;
        let valid: HashSet<Uuid> = rows.iter().map(|row| row.id).collect();
        sessions.retain(|session| valid.contains(&session.key_id));
        let keys = rows.iter().map(|row| (row.hash.clone(), known(row)));
        let mut snapshot = Snapshot {
            keys: keys.chain(sessions.iter().map(|row| (row.hash.clone(), open(row)))).collect(),
            projects: sql::project_names(&self.store, &ctx).await?.into_iter().collect(),
        };
        let mut changes = self.changes();
        changes.retain(|change| change.made.elapsed() < SETTLING);
        changes.iter().for_each(|change| change.apply(&mut snapshot));
        self.snapshot.store(Arc::new(snapshot));
        Ok(())
    }

    /// Lets a key in before its transaction commits; nobody has its secret yet.
    pub(super) fn admit(&self, row: &api_key::Model) {
        self.change(What::Key { hash: row.hash.clone(), known: Some(known(row)) });
    }

    /// Lets a session or a link in before its transaction commits.
    pub(super) fn admit_session(&self, row: &session::Model) {
        self.change(What::Key { hash: row.hash.clone(), known: Some(open(row)) });
    }

    /// Lets callers into a project before its transaction commits.
    pub(super) fn admit_project(&self, name: &str) {
        self.change(What::Project(name.to_owned()));
    }

    /// Shuts a key or a session out at once.
    pub(super) fn deny(&self, hash: &str) {
        self.change(What::Key { hash: hash.to_owned(), known: None });
    }

    fn change(&self, what: What) {
        let change = Change { made: Instant::now(), what };
        let mut changes = self.changes();
        let mut snapshot = Snapshot::clone(&self.snapshot.load());
        change.apply(&mut snapshot);
        changes.push(change);
        self.snapshot.store(Arc::new(snapshot));
    }

    /// Whoever swaps the snapshot holds this, so that no swap undoes another.
    fn changes(&self) -> MutexGuard<'_, Vec<Change>> {
        self.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Change {
    fn apply(&self, snapshot: &mut Snapshot) {
        match &self.what {
            What::Key { hash, known: Some(known) } => drop(snapshot.keys.insert(hash.clone(), known.clone())),
            What::Key { hash, known: None } => drop(snapshot.keys.remove(hash)),
            What::Project(name) => drop(snapshot.projects.insert(name.clone())),
        }
    }
}

async fn follow(identity: Weak<Identity>, mut signals: crate::store::Listener) {
    loop {
        tokio::select! {
            () = signals.changed() => {}
            () = tokio::time::sleep(REFRESH) => {}
        }
        let Some(identity) = identity.upgrade() else { return };
        if let Err(error) = identity.refresh().await {
            tracing::warn!(%error, "the keys could not be read anew; the last ones known stay in force");
        }
    }
}

fn known(row: &api_key::Model) -> Known {
    let caller = Caller {
        actor: row.name.clone(),
        key_id: Some(row.id.to_string()),
        session_id: None,
        permissions: Arc::new(rights(&row.roles)),
        project: row.project.clone(),
        all_projects: row.all_projects,
    };
    Known { caller, expires_at: row.expires_at }
}

/// A link is good for nothing but a session.
fn open(row: &session::Model) -> Known {
    let link = || BTreeSet::from([roles::OWN_SESSION.to_owned()]);
    let caller = Caller {
        actor: row.name.clone(),
        // Limits and use count by the key, however many sessions stand for it.
        key_id: Some(row.key_id.to_string()),
        session_id: Some(row.id.to_string()),
        permissions: Arc::new(if row.kind == session::LINK { link() } else { rights(&row.roles) }),
        project: row.project.clone(),
        all_projects: row.all_projects,
    };
    Known { caller, expires_at: Some(row.expires_at) }
}

/// The permissions of a row's roles.
pub(super) fn rights(names: &str) -> BTreeSet<String> {
    let roles: Vec<Role> = names.split(',').filter_map(Role::from_name).collect();
    roles::permissions(&roles)
}

/// 256 random bits: too many to guess, so a fast hash keeps them.
pub(super) fn new_secret() -> String {
    let bits: [u8; 32] = rand::random();
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bits))
}

/// How the secret begins.
pub(super) fn prefix(secret: &str) -> String {
    secret.chars().take(10).collect()
}

/// SHA-256 of the whole key, in hex.
pub(super) fn hash(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn unusable(file: &Path, why: &str) -> Error {
    Error::unavailable(format!("the administrator's key file {} cannot be used: {why}", file.display()))
        .hint("move it away to have a new one made, or give this user access")
}
