//! Signals: who waits for a change is woken by it, on this server at once and on the others through the database.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, Statement};
use tokio::sync::broadcast;

use super::Conn;
use crate::base::Result;

/// Topics waiting for a slow listener; one that falls behind is told to look again.
const WAITING: usize = 1024;
/// The channel all servers of one database listen on.
#[cfg(feature = "postgres")]
const CHANNEL: &str = "llmops";

/// Wakes whoever follows a topic such as `training/0199..`.
#[derive(Clone)]
pub struct Signals {
    sender: broadcast::Sender<String>,
    across: bool,
}

/// Waits for one topic and those below it.
pub struct Listener {
    receiver: broadcast::Receiver<String>,
    prefix: String,
}

impl Signals {
    pub(super) async fn new(db: &DatabaseConnection) -> Result<Self> {
        let (sender, _) = broadcast::channel(WAITING);
        let across = db.get_database_backend() == DbBackend::Postgres;
        #[cfg(feature = "postgres")]
        if across {
            listen(db, sender.clone()).await?;
        }
        Ok(Self { sender, across })
    }

    /// Follows a topic; what was sent before is not seen, so look at the rows after subscribing.
    pub fn listen(&self, topic: impl Into<String>) -> Listener {
        Listener { receiver: self.sender.subscribe(), prefix: topic.into() }
    }

    /// Wakes the listeners of this server.
    pub fn wake(&self, topics: &[String]) {
        for topic in topics {
            // Fails when nobody listens, which is fine.
            let _ = self.sender.send(topic.clone());
        }
    }

    /// Tells the other servers when the transaction commits.
    pub(super) async fn send_in(&self, conn: &Conn<'_>, topics: &[String]) -> Result<()> {
        if !self.across {
            return Ok(());
        }
        for topic in topics {
            let values = ["llmops".into(), topic.as_str().into()];
            let sql = Statement::from_sql_and_values(DbBackend::Postgres, "SELECT pg_notify($1, $2)", values);
            conn.query_one_raw(sql).await?;
        }
        Ok(())
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
async fn listen(db: &DatabaseConnection, sender: broadcast::Sender<String>) -> Result<()> {
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
                Ok(message) => drop(sender.send(message.payload().to_owned())),
                Err(error) => {
                    tracing::warn!(%error, "lost the channel of changes; trying again");
                    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
                }
            }
        }
    });
    Ok(())
}
