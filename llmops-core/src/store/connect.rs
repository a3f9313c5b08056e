//! Opening the database a URL names.

use std::path::PathBuf;
use std::time::Duration;

use sea_orm::sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous};
use sea_orm::{ConnectOptions, Database, DatabaseConnection};

use crate::base::{Error, Result};

/// The address of a database: `sqlite://FILE` or `postgres://USER@HOST/NAME`.
#[derive(Clone)]
pub struct DatabaseUrl(String);

impl DatabaseUrl {
    /// Checks an address.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let known = ["sqlite://", "postgres://", "postgresql://"];
        if known.iter().any(|scheme| text.starts_with(scheme) && text.len() > scheme.len()) {
            return Ok(Self(text.to_owned()));
        }
        Err(Error::invalid(field, "must be sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/NAME")
            .hint("this build speaks sqlite and postgres"))
    }

    /// A file under this folder.
    pub fn file(path: &std::path::Path) -> Self {
        Self(format!("sqlite://{}", path.display()))
    }

    pub(super) fn sqlite_file(&self) -> Option<PathBuf> {
        self.0.strip_prefix("sqlite://").map(|path| PathBuf::from(path.split('?').next().unwrap_or(path)))
    }

    /// The address without its password, for people.
    pub fn masked(&self) -> String {
        match url::Url::parse(&self.0) {
            Ok(mut url) if url.password().is_some() => {
                // Fails only for addresses that cannot hold a password.
                let _ = url.set_password(Some("***"));
                url.to_string()
            }
            _ => self.0.clone(),
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.masked())
    }
}

/// SQLite: WAL and `synchronous=FULL`, so that what was acknowledged survives even a power cut.
pub(super) async fn connect(url: &DatabaseUrl) -> Result<DatabaseConnection> {
    let address = match url.sqlite_file() {
        Some(file) => {
            if let Some(folder) = file.parent() {
                std::fs::create_dir_all(folder).map_err(|e| unreachable_at(url, e))?;
            }
            format!("sqlite://{}?mode=rwc", file.display())
        }
        None => url.0.clone(),
    };
    let mut options = ConnectOptions::new(address);
    options
        .sqlx_logging(false)
        .max_connections(if url.sqlite_file().is_some() { 8 } else { 16 })
        .connect_timeout(Duration::from_secs(10))
        .acquire_timeout(Duration::from_secs(10))
        .map_sqlx_sqlite_opts(|sqlite| {
            sqlite
                .journal_mode(SqliteJournalMode::Wal)
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(Duration::from_secs(10))
                .foreign_keys(true)
        });
    Database::connect(options).await.map_err(|e| unreachable_at(url, e))
}

fn unreachable_at(url: &DatabaseUrl, cause: impl Into<crate::base::BoxError>) -> Error {
    let cause = cause.into();
    Error::unavailable(format!("the database {} cannot be opened", url.masked()))
        .hint("check the address, that the server runs and that this user may write there")
        .caused_by(cause)
}
