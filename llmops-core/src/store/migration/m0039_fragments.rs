//! Names by any part of them, for the search in lists.

use sea_orm::{ConnectionTrait, DbBackend, EntityTrait, IntoActiveModel};
use sea_orm_migration::prelude::*;
use uuid::Uuid;

use super::super::fragments::{MANY, Named, rows};
use super::super::rows::fragment;
use super::{table, text, uuid};

/// Names that are read at a time.
const NAMES: u64 = 500;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0039_fragments"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut fragments = table("name_fragments");
        fragments.col(ColumnDef::new("list").small_integer().not_null()).col(text("project"));
        fragments.col(ColumnDef::new("fragment").binary().not_null()).col(uuid("owner_id"));
        fragments.primary_key(Index::create().col("list").col("project").col("fragment").col("owner_id"));
        if m.get_database_backend() == DbBackend::Sqlite {
            // All columns are the key: kept once, not beside an index that repeats them.
            fragments.extra("WITHOUT ROWID");
        }
        m.create_table(fragments).await?;
        fill(m, Named::Models, ("models", "name")).await?;
        fill(m, Named::Datasets, ("datasets", "name")).await
    }
}

/// Keeps the fragments of the names that stand in a column of a table.
pub(super) async fn fill(
    m: &SchemaManager<'_>,
    list: Named,
    (of, column): (&'static str, &'static str),
) -> Result<(), DbErr> {
    let mut last = Uuid::nil();
    loop {
        let mut names = Query::select();
        names.columns(["id", "project", column]).from(of).and_where(Expr::col("id").gt(last));
        names.order_by("id", Order::Asc).limit(NAMES);
        let names = m.get_connection().query_all(&names).await?;
        let mut made = Vec::new();
        for row in &names {
            last = row.try_get("", "id")?;
            let (project, name): (String, String) = (row.try_get("", "project")?, row.try_get("", column)?);
            made.extend(rows(list, (&project, &name, last)));
        }
        for some in made.chunks(MANY) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            fragment::Entity::insert_many(rows).exec_without_returning(m.get_connection()).await?;
        }
        if (names.len() as u64) < NAMES {
            return Ok(());
        }
    }
}
