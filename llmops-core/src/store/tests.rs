//! The database that a test works on: a file in its folder, or, where `LLMOPS_TEST_DATABASE` is `postgres`, one of its own
//! on the server that `tests/services` started. `tests/run rust` runs the tests on both.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use sea_orm::{ConnectionTrait, DbBackend, Statement};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{DatabaseUrl, Store};
use crate::base::Ctx;

/// The databases that are there already, by the folder of their test. All are copies of one.
static MADE: Mutex<Option<HashMap<PathBuf, String>>> = Mutex::const_new(None);

/// The database of the test whose folder this is; the same one each time it is asked for.
pub(crate) async fn database(folder: &Path) -> DatabaseUrl {
    match std::env::var("LLMOPS_TEST_DATABASE").as_deref() {
        Ok("postgres") => postgres(folder).await,
        Err(_) | Ok("sqlite") => DatabaseUrl::file(&folder.join("llmops.db")),
        Ok(other) => panic!("LLMOPS_TEST_DATABASE must be `sqlite` or `postgres`, not `{other}`"),
    }
}

/// Whether this text stands anywhere in the database of the test whose folder this is.
pub(crate) async fn holds(folder: &Path, text: &str) -> bool {
    let url = database(folder).await;
    if url.sqlite_file().is_some() {
        let holds = |file: &str| {
            let bytes = std::fs::read(folder.join(file)).expect("the database is a file");
            bytes.windows(text.len()).any(|bytes| bytes == text.as_bytes())
        };
        return holds("llmops.db") || holds("llmops.db-wal");
    }
    let store = Store::open(&url).await.expect("the database opens");
    let sql = "select position($1 in database_to_xml(true, false, '')::text) > 0 as there";
    let asked = Statement::from_sql_and_values(DbBackend::Postgres, sql, [text.into()]);
    let row = store.conn(&Ctx::system()).query_one_raw(asked).await.expect("it can be read").expect("one row");
    row.try_get("", "there").expect("true or false")
}

async fn postgres(folder: &Path) -> DatabaseUrl {
    let server = std::env::var("LLMOPS_TEST_POSTGRES").expect("run it as `tests/services with COMMAND`");
    let (base, _) = server.rsplit_once('/').expect("the URL names a database");
    let of = |name: &str| DatabaseUrl::parse("database", &format!("{base}/{name}")).expect("a URL");
    let name = format!("trial_{}", &hex::encode(Sha256::digest(folder.as_os_str().as_encoded_bytes()))[..32]);
    let template = format!("trial_template_{}", std::process::id());
    let mut made = MADE.lock().await;
    if made.is_none() {
        create(&server, &template, "template1").await;
        Store::open(&of(&template)).await.expect("the tables can be made").close().await;
    }
    let made = made.get_or_insert_default();
    // A platform that is dropped and not shut down keeps its connections, and a server has only so many.
    let over = made.keys().filter(|folder| !folder.exists()).cloned().collect::<Vec<_>>();
    for name in over.iter().filter_map(|folder| made.remove(folder)) {
        execute(&server, &format!("drop database if exists {name} with (force)")).await;
    }
    if made.insert(folder.to_owned(), name.clone()).is_none() {
        create(&server, &name, &template).await;
    }
    of(&name)
}

async fn create(server: &str, name: &str, template: &str) {
    execute(server, &format!("create database {name} template {template}")).await;
}

async fn execute(server: &str, sql: &str) {
    let connection = sea_orm::Database::connect(server).await.expect("PostgreSQL answers");
    connection.execute_unprepared(sql).await.expect("PostgreSQL does what it is asked");
    connection.close().await.expect("a connection closes");
}
