//! Which statements the platform sends, and how a database would carry them out. Built with the feature `plans` alone, for
//! the test that explains every query; a product build has none of it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sea_orm::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait};
use serde_json::Value;

use super::{DatabaseUrl, Store, connect, db_error, migration};
use crate::base::{Error, Result};

/// A statement with the way its database takes.
#[derive(Debug, Clone)]
pub struct Explained {
    /// The statement, its values as placeholders.
    pub sql: String,
    /// PostgreSQL's plan as it gives it in JSON; of SQLite's the lines, in order.
    pub plan: Value,
}

/// What a database would do, and what it has to do it with.
#[derive(Debug, Clone, Default)]
pub struct Plans {
    /// Every statement once, however many values it had.
    pub explained: Vec<Explained>,
    /// The columns of each table.
    pub tables: BTreeMap<String, Vec<String>>,
    /// The columns of each index, first to last.
    pub indexes: BTreeMap<String, Vec<String>>,
}

/// The statements sent so far: one with its values for each shape.
#[derive(Clone, Default)]
pub(super) struct Sent(Arc<Mutex<BTreeMap<String, Statement>>>);

impl Sent {
    /// Watches a connection, and every transaction that is opened on it.
    pub(super) fn watched(mut db: DatabaseConnection) -> (DatabaseConnection, Self) {
        let sent = Self::default();
        let kept = sent.clone();
        db.set_metric_callback(move |info| {
            let mut all = kept.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.entry(shape(&info.statement.sql)).or_insert_with(|| info.statement.clone());
        });
        (db, sent)
    }
}

impl Store {
    /// How an empty database at this address, of the same kind, would carry out what this one was asked. Empty, so that the
    /// answer does not hang on what is in there; PostgreSQL takes it for large, reads a table only where no index serves, and
    /// sorts a page only where none gives its order.
    ///
    /// # Errors
    /// `unavailable` when the database cannot be reached, `unexpected` for a statement that it cannot explain.
    pub async fn explain_on(&self, empty: &DatabaseUrl) -> Result<Plans> {
        let sent: Vec<Statement> =
            self.0.sent.0.lock().unwrap_or_else(PoisonError::into_inner).values().cloned().collect();
        let db = connect::connect(empty).await?;
        migration::migrate(&db).await?;
        let tx = db.begin().await.map_err(db_error)?;
        let mut plans = match db.get_database_backend() {
            DbBackend::Postgres => postgres_has(&tx).await?,
            _ => sqlite_has(&tx).await?,
        };
        for statement in sent {
            if statement.db_backend == DbBackend::Postgres {
                // What is read whole may be sorted; a page is to come in order.
                let sorts = if statement.sql.contains(" LIMIT ") { "off" } else { "on" };
                tx.execute_unprepared(&format!("SET LOCAL enable_sort = {sorts}")).await.map_err(db_error)?;
            }
            plans.explained.push(explain(&tx, statement).await?);
        }
        tx.rollback().await.map_err(db_error)?;
        db.close().await.map_err(db_error)?;
        Ok(plans)
    }
}

/// The statement without what differs from call to call: how many values a list of them has.
fn shape(sql: &str) -> String {
    let mut text = String::with_capacity(sql.len());
    let mut rest = sql.chars().peekable();
    while let Some(letter) = rest.next() {
        let numbered = letter == '$' && rest.peek().is_some_and(char::is_ascii_digit);
        text.push(if numbered { '?' } else { letter });
        while numbered && rest.next_if(char::is_ascii_digit).is_some() {}
    }
    for (many, one) in [("?, ?", "?"), ("(?), (?)", "(?)")] {
        while text.contains(many) {
            text = text.replace(many, one);
        }
    }
    text
}

async fn explain(tx: &DatabaseTransaction, statement: Statement) -> Result<Explained> {
    let Statement { sql, values, db_backend } = statement;
    let how = if db_backend == DbBackend::Postgres { "EXPLAIN (FORMAT JSON)" } else { "EXPLAIN QUERY PLAN" };
    let asked = Statement { sql: format!("{how} {sql}"), values, db_backend };
    let failed = |e| Error::unexpected(format!("the database does not explain `{sql}`")).caused_by(e);
    let rows = tx.query_all_raw(asked).await.map_err(failed)?;
    let mut plan = Vec::new();
    for row in rows {
        match db_backend {
            DbBackend::Postgres => return Ok(Explained { plan: row.try_get_by_index(0).map_err(db_error)?, sql }),
            _ => plan.push(Value::String(row.try_get("", "detail").map_err(db_error)?)),
        }
    }
    Ok(Explained { sql, plan: Value::Array(plan) })
}

/// A row in each table, taken for a million: of a small table any index is as good as the right one.
const A_MILLION_ROWS: &str = "
DO $$ DECLARE one record; BEGIN
  FOR one IN
    SELECT table_name, string_agg(quote_ident(column_name), ', ') AS names, string_agg(CASE
        WHEN data_type IN ('text', 'character varying', 'bytea') THEN quote_literal('')
        WHEN data_type IN ('json', 'jsonb') THEN quote_literal('{}') WHEN data_type = 'boolean' THEN 'false'
        WHEN data_type = 'uuid' THEN 'gen_random_uuid()' ELSE '0' END, ', ') AS row
    FROM information_schema.columns WHERE table_schema = current_schema() GROUP BY table_name
  LOOP
    EXECUTE format('INSERT INTO %I (%s) VALUES (%s) ON CONFLICT DO NOTHING', one.table_name, one.names, one.row);
  END LOOP;
  UPDATE pg_class SET reltuples = 1000000, relpages = 1
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'i');
END $$";

async fn postgres_has(tx: &DatabaseTransaction) -> Result<Plans> {
    tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.map_err(db_error)?;
    tx.execute_unprepared(A_MILLION_ROWS).await.map_err(db_error)?;
    let tables = "SELECT table_name::text AS whose, column_name::text AS part FROM information_schema.columns \
                  WHERE table_schema = current_schema() ORDER BY ordinal_position";
    let indexes = "SELECT named.relname::text AS whose, pg_get_indexdef(named.oid, place, true) AS part FROM pg_index \
                   JOIN pg_class named ON named.oid = indexrelid \
                   CROSS JOIN LATERAL generate_series(1, indnkeyatts::int) AS place \
                   WHERE named.relnamespace = current_schema()::regnamespace ORDER BY place";
    Ok(Plans { tables: parts(tx, tables).await?, indexes: parts(tx, indexes).await?, explained: Vec::new() })
}

async fn sqlite_has(tx: &DatabaseTransaction) -> Result<Plans> {
    let tables = "SELECT t.name AS whose, c.name AS part FROM sqlite_schema t, pragma_table_info(t.name) c \
                  WHERE t.type = 'table'";
    let indexes = "SELECT i.name AS whose, coalesce(c.name, '') AS part FROM sqlite_schema i, pragma_index_info(i.name) c \
                   WHERE i.type = 'index' ORDER BY c.seqno";
    Ok(Plans { tables: parts(tx, tables).await?, indexes: parts(tx, indexes).await?, explained: Vec::new() })
}

async fn parts(tx: &DatabaseTransaction, sql: &str) -> Result<BTreeMap<String, Vec<String>>> {
    let rows = tx.query_all_raw(Statement::from_string(tx.get_database_backend(), sql)).await.map_err(db_error)?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows {
        let whose: String = row.try_get("", "whose").map_err(db_error)?;
        found.entry(whose).or_default().push(row.try_get("", "part").map_err(db_error)?);
    }
    Ok(found)
}
