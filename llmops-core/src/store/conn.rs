//! Where statements run, as objects. Whatever waits for a query holds what it runs on, and the compiler proves that this may
//! cross threads: for each method of an `async_trait` anew, and through a pool of connections that is hundreds of types each
//! time. Behind an object there is nothing to walk.

use async_trait::async_trait;
use futures::future::BoxFuture;
use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, ExecResult, QueryResult, Statement};

type Answer<'a, T> = BoxFuture<'a, std::result::Result<T, DbErr>>;

/// A pool of connections or a transaction.
pub(super) trait Runs: Send + Sync {
    fn backend(&self) -> DbBackend;
    fn execute(&self, statement: Statement) -> Answer<'_, ExecResult>;
    fn execute_text<'a>(&'a self, sql: &'a str) -> Answer<'a, ExecResult>;
    fn one(&self, statement: Statement) -> Answer<'_, Option<QueryResult>>;
    fn all(&self, statement: Statement) -> Answer<'_, Vec<QueryResult>>;
}

impl<C: ConnectionTrait + Send> Runs for C {
    fn backend(&self) -> DbBackend {
        self.get_database_backend()
    }

    fn execute(&self, statement: Statement) -> Answer<'_, ExecResult> {
        self.execute_raw(statement)
    }

    fn execute_text<'a>(&'a self, sql: &'a str) -> Answer<'a, ExecResult> {
        self.execute_unprepared(sql)
    }

    fn one(&self, statement: Statement) -> Answer<'_, Option<QueryResult>> {
        self.query_one_raw(statement)
    }

    fn all(&self, statement: Statement) -> Answer<'_, Vec<QueryResult>> {
        self.query_all_raw(statement)
    }
}

/// The pool, for what a transaction has not.
pub(super) trait Pooled: Send + Sync {
    fn pool(&self) -> &DatabaseConnection;
}

impl Pooled for DatabaseConnection {
    fn pool(&self) -> &DatabaseConnection {
        self
    }
}

/// Where a call's statements run.
#[derive(Clone, Copy)]
pub struct Conn<'a>(&'a dyn Runs);

impl<'a> Conn<'a> {
    pub(super) fn new(runs: &'a dyn Runs) -> Self {
        Self(runs)
    }
}

#[async_trait]
impl ConnectionTrait for Conn<'_> {
    fn get_database_backend(&self) -> DbBackend {
        self.0.backend()
    }

    async fn execute_raw(&self, statement: Statement) -> std::result::Result<ExecResult, DbErr> {
        self.0.execute(statement).await
    }

    async fn execute_unprepared(&self, sql: &str) -> std::result::Result<ExecResult, DbErr> {
        self.0.execute_text(sql).await
    }

    async fn query_one_raw(&self, statement: Statement) -> std::result::Result<Option<QueryResult>, DbErr> {
        self.0.one(statement).await
    }

    async fn query_all_raw(&self, statement: Statement) -> std::result::Result<Vec<QueryResult>, DbErr> {
        self.0.all(statement).await
    }
}
