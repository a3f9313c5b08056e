//! The database: connection, units of work, audit, idempotency, leases, outbox, cursors and migrations, over SQLite and
//! PostgreSQL alike. Rank 2.

pub mod audit;
mod conn;
mod connect;
pub(crate) mod count;
mod cursor;
mod error;
mod fragments;
mod idempotency;
pub(crate) mod keyset;
mod lease;
mod loops;
mod migration;
mod outbox;
#[cfg(feature = "plans")]
mod plans;
mod rows;
mod setting;
mod signal;
#[cfg(test)]
#[path = "tests.rs"]
pub(crate) mod trial;
mod unit;

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use sea_orm::{ColumnTrait, Condition, DbBackend};
use tokio::sync::Semaphore;
use uuid::Uuid;

pub use conn::Conn;
pub use connect::DatabaseUrl;
pub use cursor::{Cursors, Key};
pub(crate) use error::{db_error, is_unique_violation};
pub(crate) use fragments::{Named, holds};
pub use idempotency::Claim;
pub use lease::Lease;
pub use loops::{Loops, Next, Reconcile, Step};
pub use outbox::Delivery;
#[cfg(feature = "plans")]
pub use plans::{Explained, Plans};
pub use signal::{Changed, Changes, Listener, Signals};
pub(crate) use unit::staying;

use crate::base::{Ctx, Result};

/// That a column of hex digits begins so: a range, which an index finds, where it would not find a pattern.
pub(crate) fn begins_in_hex<C: ColumnTrait>(column: C, begins: &str) -> Condition {
    let begins = begins.to_lowercase();
    if !begins.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return Condition::all().add(column.eq(begins));
    }
    // No digit comes after `f`.
    Condition::all().add(column.gte(begins.as_str())).add(column.lt(format!("{begins}g")))
}

/// The platform's database. Cheap to clone.
#[derive(Clone)]
pub struct Store(Arc<Inner>);

struct Inner {
    db: Box<dyn conn::Pooled>,
    /// One writer at a time on SQLite, so that writers queue in order and never meet "database is locked".
    writer: Option<Arc<Semaphore>>,
    signals: Signals,
    cursors: Cursors,
    in_flight: Mutex<HashSet<String>>,
    server: Uuid,
    #[cfg(feature = "plans")]
    sent: plans::Sent,
}

impl Store {
    /// Connects and brings the schema up to date.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached, `invalid` for an address of another kind.
    pub async fn open(url: &DatabaseUrl) -> Result<Self> {
        let db = connect::connect(url).await?;
        migration::migrate(&db).await?;
        #[cfg(feature = "plans")]
        let (db, sent) = plans::Sent::watched(db);
        let secret = setting::secret(&db, "cursor_key").await?;
        let writer = (db.get_database_backend() == DbBackend::Sqlite).then(|| Arc::new(Semaphore::new(1)));
        let signals = Signals::new(&db).await?;
        let inner = Inner {
            db: Box::new(db),
            writer,
            signals,
            cursors: Cursors::new(secret),
            in_flight: Mutex::default(),
            server: Uuid::now_v7(),
            #[cfg(feature = "plans")]
            sent,
        };
        Ok(Self(Arc::new(inner)))
    }

    /// The migrations a database still lacks, by name. It is connected to and not changed.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached.
    pub async fn pending(url: &DatabaseUrl) -> Result<Vec<String>> {
        let db = connect::connect(url).await?;
        let pending = migration::pending(&db).await;
        // The answer is there; a connection that does not close well changes nothing about it.
        let _ = db.close().await;
        pending
    }

    /// Where to run a statement: inside the call's unit of work if one is open, else on the pool.
    pub fn conn<'a>(&'a self, ctx: &'a Ctx) -> Conn<'a> {
        match unit::of(ctx) {
            Some(unit) => Conn::new(unit.tx()),
            None => Conn::new(self.0.db.pool()),
        }
    }

    /// Wakes and is woken: who follows what.
    pub fn signals(&self) -> &Signals {
        &self.0.signals
    }

    /// Writes and reads the cursors of lists.
    pub fn cursors(&self) -> &Cursors {
        &self.0.cursors
    }

    /// This server among those that share the database; new at every start.
    pub fn server(&self) -> Uuid {
        self.0.server
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        self.0.db.pool().ping().boxed().await.map_err(db_error)
    }

    /// `sqlite` or `postgres`.
    pub fn kind(&self) -> &'static str {
        match self.0.db.pool().get_database_backend() {
            DbBackend::Sqlite => "sqlite",
            _ => "postgres",
        }
    }

    /// Closes the pool; open statements end first.
    pub async fn close(&self) {
        if let Err(error) = self.0.db.pool().close_by_ref().boxed().await {
            tracing::warn!(%error, "the database did not close cleanly");
        }
    }

    /// A secret of 32 bytes kept in the database under this name; made at its first use.
    pub async fn secret(&self, name: &str) -> Result<[u8; 32]> {
        setting::secret(self.0.db.pool(), name).boxed().await
    }
}
