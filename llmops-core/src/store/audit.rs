//! The audit log: one entry for every administrative or denied action, chained by hashes, in the transaction of the change.

use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ConnectionTrait, EntityTrait, QuerySelect, sea_query::LockType,
};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Store;
pub(crate) use super::rows::{audit_head, audit_log};
use crate::base::{Ctx, Error, Result, Timestamp};

/// How the action went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditResult {
    /// It was done.
    Allowed,
    /// The caller may not.
    Denied,
    /// It was tried and did not work.
    Failed,
}

impl AuditResult {
    /// As `allowed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Allowed => "allowed",
            Self::Denied => "denied",
            Self::Failed => "failed",
        }
    }
}

/// The fields that the hash covers, in this order. Exports carry the same fields, so a file proves itself.
#[derive(Debug, Clone, Copy)]
pub struct Hashed<'a> {
    /// Counts from 1 without a gap.
    pub seq: i64,
    /// The entry's id.
    pub id: &'a str,
    /// Who.
    pub actor: &'a str,
    /// What, as `catalog.create_model`.
    pub action: &'a str,
    /// On what kind of thing.
    pub resource_type: &'a str,
    /// On which.
    pub resource_id: &'a str,
    /// `allowed`, `denied` or `failed`.
    pub result: &'a str,
    /// Why, in words.
    pub reason: &'a str,
    /// For which project.
    pub project: &'a str,
    /// The rest, as JSON text with sorted keys.
    pub metadata: &'a str,
    /// When, in microseconds since 1970.
    pub at: i64,
}

impl Hashed<'_> {
    /// SHA-256 over the hash before and every field, each after its length, in hex.
    pub fn hash(&self, previous: &str) -> String {
        let mut sha = Sha256::new();
        let (seq, at) = (self.seq.to_string(), self.at.to_string());
        let fields = [
            previous,
            &seq,
            self.id,
            self.actor,
            self.action,
            self.resource_type,
            self.resource_id,
            self.result,
            self.reason,
            self.project,
            self.metadata,
            &at,
        ];
        for field in fields {
            sha.update((field.len() as u64).to_be_bytes());
            sha.update(field.as_bytes());
        }
        hex::encode(sha.finalize())
    }
}

/// Walks a chain from its beginning and says what is wrong with the next entry.
pub struct Chain {
    seq: i64,
    hash: String,
}

impl Default for Chain {
    fn default() -> Self {
        Self { seq: 0, hash: GENESIS.into() }
    }
}

impl Chain {
    /// Takes the next entry with the hash it carries; says in words what does not fit.
    pub fn next(&mut self, entry: &Hashed<'_>, hash: &str) -> std::result::Result<(), String> {
        if entry.seq != self.seq + 1 {
            return Err(format!("entry {} is missing", self.seq + 1));
        }
        if entry.hash(&self.hash) != hash {
            return Err(format!("entry {} was changed, or the one before it", entry.seq));
        }
        (self.seq, self.hash) = (entry.seq, hash.to_owned());
        Ok(())
    }

    /// Checks that the chain ends where it should.
    pub fn end(&self, seq: i64, hash: &str) -> std::result::Result<(), String> {
        if seq != self.seq {
            return Err(format!("the log ends at entry {}, but {seq} were written", self.seq));
        }
        if hash != self.hash { Err(format!("entry {seq} is not the one that was written")) } else { Ok(()) }
    }

    /// The hash of the last entry taken.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Entries taken.
    pub fn entries(&self) -> u64 {
        self.seq.unsigned_abs()
    }
}

/// What the first entry is chained to.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// Records what the context's write touched; a write that named nothing records the operation alone.
pub(super) async fn append_allowed(store: &Store, ctx: &Ctx) -> Result<()> {
    let Some(action) = ctx.operation() else { return Ok(()) };
    let touched = ctx.touched();
    if touched.is_empty() && ctx.caller.actor == "system" {
        return Ok(()); // a loop that changed nothing worth telling
    }
    let (resource_type, resource_id) =
        touched.first().map_or(("", String::new()), |first| (first.resource_type, first.resource_id.clone()));
    let changes: Vec<Value> = touched
        .iter()
        .map(|t| json!({ "resourceType": t.resource_type, "resourceId": t.resource_id, "metadata": t.metadata }))
        .collect();
    let entry =
        Entry { action, resource_type, resource_id, result: AuditResult::Allowed, reason: String::new(), changes };
    append(store, ctx, entry).await
}

struct Entry {
    action: &'static str,
    resource_type: &'static str,
    resource_id: String,
    result: AuditResult,
    reason: String,
    changes: Vec<Value>,
}

impl Store {
    /// Records an action that did not happen, in a transaction of its own.
    pub async fn record_refused(&self, ctx: &Ctx, action: &'static str, error: &Error) -> Result<()> {
        let result =
            if error.kind() == crate::base::ErrorKind::Denied { AuditResult::Denied } else { AuditResult::Failed };
        let unit = self.begin(ctx).await?; // without an operation, so that the commit adds no entry of its own
        let unit = unit.without_operation();
        unit.signal("governance"); // who looks at the log is told
        let (resource_type, resource_id) = ctx.target().cloned().unwrap_or_default();
        let entry = Entry {
            action,
            resource_type,
            resource_id,
            result,
            reason: error.message().to_owned(),
            changes: vec![json!({ "code": error.stable_code() })],
        };
        match append(self, &unit, entry).await {
            Ok(()) => self.commit(unit).await,
            Err(error) => {
                self.rollback(unit).await;
                Err(error)
            }
        }
    }
}

async fn append(store: &Store, ctx: &Ctx, entry: Entry) -> Result<()> {
    let conn = store.conn(ctx);
    let head = audit_head::Entity::find_by_id(1).lock(LockType::Update).one(&conn).await?;
    let head = head.ok_or_else(|| Error::unexpected("the audit log has no head"))?;
    let row = row(ctx, &entry, head.seq + 1, &head.hash);
    audit_head::Entity::update(audit_head::ActiveModel {
        id: Set(1),
        seq: Set(head.seq + 1),
        hash: Set(row.hash.clone()),
    })
    .exec(&conn)
    .await?;
    insert(&conn, row).await
}

fn row(ctx: &Ctx, entry: &Entry, seq: i64, previous: &str) -> audit_log::Model {
    let at: Timestamp = ctx.now();
    // serde_json keeps object keys sorted, so the text is the same wherever it is made.
    let metadata = json!({
        "requestId": ctx.request_id, "address": ctx.address, "keyId": ctx.caller.key_id, "changes": entry.changes,
    })
    .to_string();
    let mut row = audit_log::Model {
        seq,
        id: ctx.new_id(),
        actor: ctx.caller.actor.clone(),
        action: entry.action.to_owned(),
        resource_type: entry.resource_type.to_owned(),
        resource_id: entry.resource_id.clone(),
        result: entry.result.name().to_owned(),
        reason: entry.reason.clone(),
        project: ctx.project().to_owned(),
        metadata,
        at: at.micros(),
        hash: String::new(),
    };
    row.hash = Hashed::of(&row, &row.id.to_string()).hash(previous);
    row
}

impl<'a> Hashed<'a> {
    /// The hashed fields of a row; `id` is the row's id as text.
    pub(crate) fn of(row: &'a audit_log::Model, id: &'a str) -> Self {
        Self {
            seq: row.seq,
            id,
            actor: &row.actor,
            action: &row.action,
            resource_type: &row.resource_type,
            resource_id: &row.resource_id,
            result: &row.result,
            reason: &row.reason,
            project: &row.project,
            metadata: &row.metadata,
            at: row.at,
        }
    }
}

async fn insert(conn: &impl ConnectionTrait, row: audit_log::Model) -> Result<()> {
    let active = audit_log::ActiveModel::from(row).reset_all();
    audit_log::Entity::insert(active).exec_without_returning(conn).await?;
    Ok(())
}
