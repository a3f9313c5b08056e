//! Signals: who waits for a change is woken by it, on this server at once and on the others through the database.

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement, Value};
use tokio::sync::broadcast;

use super::Conn;
use crate::base::{Caller, Ctx, Result};

/// Topics waiting for a slow listener; one that falls behind is told to look again.
const WAITING: usize = 1024;
/// The channel all servers of one database listen on.
#[cfg(feature = "postgres")]
const CHANNEL: &str = "llmops";

/// Messages that one statement sends: an answer of PostgreSQL has 1,664 columns at most.
const TOLD_AT_ONCE: usize = 64;
/// What a message that tells of a change begins with; no topic does.
const CHANGED: &str = "changed=";

/// Wakes whoever follows a topic such as `training/0199..`.
#[derive(Clone)]
pub struct Signals {
    sender: broadcast::Sender<String>,
    changes: broadcast::Sender<Changed>,
    across: bool,
}

/// That something of a domain is not what it was. Which thing, and how it is now, is for who may look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// As `training`.
    pub domain: String,
    /// Where; in one or several that are not known if absent.
    pub project: Option<String>,
}

/// Follows changes of every domain and project.
pub struct Changes(broadcast::Receiver<Changed>);

/// Waits for one topic and those below it.
pub struct Listener {
    receiver: broadcast::Receiver<String>,
    prefix: String,
}

impl Signals {
    pub(super) async fn new(db: &DatabaseConnection) -> Result<Self> {
        let (sender, changes) = (broadcast::Sender::new(WAITING), broadcast::Sender::new(WAITING));
        let across = db.get_database_backend() == DbBackend::Postgres;
        let signals = Self { sender, changes, across };
        #[cfg(feature = "postgres")]
        if across {
            listen(db, signals.clone()).await?;
        }
        Ok(signals)
    }

    /// Follows a topic; what was sent before is not seen, so look at the rows after subscribing.
    pub fn listen(&self, topic: impl Into<String>) -> Listener {
        Listener { receiver: self.sender.subscribe(), prefix: topic.into() }
    }

    /// Follows what changes from now on.
    pub fn changes(&self) -> Changes {
        Changes(self.changes.subscribe())
    }

    /// Wakes the listeners of this server.
    pub fn wake(&self, topics: &[String]) {
        for topic in topics {
            // Fails when nobody listens, which is fine.
            let _ = self.sender.send(topic.clone());
        }
    }

    /// Tells the followers of changes on this server.
    pub(super) fn tell(&self, changes: Vec<Changed>) {
        for change in changes {
            let _ = self.changes.send(change);
        }
    }

    /// Tells the other servers when the transaction commits.
    pub(super) async fn send_in(&self, conn: &Conn<'_>, topics: &[String], changes: &[Changed]) -> Result<()> {
        if !self.across {
            return Ok(());
        }
        let messages: Vec<String> = topics.iter().cloned().chain(changes.iter().map(Changed::message)).collect();
        for some in messages.chunks(TOLD_AT_ONCE) {
            let values = std::iter::once("llmops").chain(some.iter().map(String::as_str)).map(Value::from);
            let calls: Vec<String> = (2..some.len() + 2).map(|at| format!("pg_notify($1, ${at})")).collect();
            let sql = format!("SELECT {}", calls.join(", "));
            conn.query_one_raw(Statement::from_sql_and_values(DbBackend::Postgres, sql, values)).await?;
        }
        Ok(())
    }

    /// What another server said.
    #[cfg(feature = "postgres")]
    fn take(&self, message: &str) {
        match Changed::read(message) {
            Some(change) => self.tell(vec![change]),
            None => self.wake(&[message.to_owned()]),
        }
    }
}

impl Changed {
    /// What a write changed, by what it is called and whom it wakes. A loop's write that wakes nobody and tells the audit
    /// nothing is one of many looks, and no news.
    pub(super) fn of(ctx: &Ctx, topics: &[String]) -> Vec<Self> {
        let looped = ctx.caller.actor == Caller::system().actor;
        if looped && topics.is_empty() && ctx.touched().is_empty() {
            return Vec::new();
        }
        let first = |topic: &str| topic.split(['/', '.']).next().map(str::to_owned);
        let named = ctx.operation().into_iter().chain(topics.iter().map(String::as_str));
        let domains: BTreeSet<String> = named.filter_map(first).collect();
        let project = (!looped || ctx.is_placed()).then(|| ctx.project().to_owned());
        domains.into_iter().map(|domain| Self { domain, project: project.clone() }).collect()
    }

    fn message(&self) -> String {
        format!("{CHANGED}{}={}", self.domain, self.project.as_deref().unwrap_or_default())
    }

    #[cfg(feature = "postgres")]
    fn read(message: &str) -> Option<Self> {
        let (domain, project) = message.strip_prefix(CHANGED)?.split_once('=')?;
        Some(Self { domain: domain.to_owned(), project: (!project.is_empty()).then(|| project.to_owned()) })
    }
}

impl Changes {
    /// The next change; `None` when so many came at once that some were missed: then anything may have changed.
    pub async fn next(&mut self) -> Option<Changed> {
        match self.0.recv().await {
            Ok(change) => Some(change),
            Err(broadcast::error::RecvError::Lagged(_)) => None,
            Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
        }
    }
}

impl Listener {
    /// Waits for the next change. Also returns when changes were missed, so that the caller looks again.
    pub async fn changed(&mut self) {
        loop {
            match self.receiver.recv().await {
                Ok(topic) if topic.starts_with(&self.prefix) => return,
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => return,
                Err(broadcast::error::RecvError::Closed) => std::future::pending().await,
            }
        }
    }
}

#[cfg(feature = "postgres")]
async fn listen(db: &DatabaseConnection, signals: Signals) -> Result<()> {
    use sea_orm::sqlx::postgres::PgListener;
    let pool = db.get_postgres_connection_pool().clone();
    let connect =
        |e| crate::base::Error::unavailable("the database does not let this server listen for changes").caused_by(e);
    let mut listener = PgListener::connect_with(&pool).await.map_err(connect)?;
    listener.listen(CHANNEL).await.map_err(connect)?;
    tokio::spawn(async move {
        // `recv` reconnects by itself; the loops' pause covers what is missed meanwhile. Ends with the pool.
        while !pool.is_closed() {
            match listener.recv().await {
                Ok(message) => signals.take(message.payload()),
                Err(error) => {
                    tracing::warn!(%error, "lost the channel of changes; trying again");
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            }
        }
    });
    Ok(())
}
