//! The database that a test works on: a file in its folder, or, where `LLMOPS_TEST_DATABASE` is `postgres`, one of its own
//! on the server that `tests/services` started. `tests/run rust` runs the tests on both.

use std::collections::HashSet;
use std::path::Path;

use sea_orm::ConnectionTrait;
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{DatabaseUrl, Store};

/// The databases that are there already; the first is the one that all others are copies of.
static MADE: Mutex<Option<HashSet<String>>> = Mutex::const_new(None);

/// The database of the test whose folder this is; the same one each time it is asked for.
pub(crate) async fn database(folder: &Path) -> DatabaseUrl {
    match std::env::var("LLMOPS_TEST_DATABASE").as_deref() {
        Ok("postgres") => postgres(folder).await,
        Err(_) | Ok("sqlite") => DatabaseUrl::file(&folder.join("llmops.db")),
        Ok(other) => panic!("LLMOPS_TEST_DATABASE must be `sqlite` or `postgres`, not `{other}`"),
    }
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
    if made.get_or_insert_default().insert(name.clone()) {
        create(&server, &name, &template).await;
    }
    of(&name)
}

async fn create(server: &str, name: &str, template: &str) {
    let connection = sea_orm::Database::connect(server).await.expect("PostgreSQL answers");
    let sql = format!("create database {name} template {template}");
    connection.execute_unprepared(&sql).await.expect("a database can be made");
    connection.close().await.expect("a connection closes");
}
