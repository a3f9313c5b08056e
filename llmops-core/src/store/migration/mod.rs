//! The schema, migration by migration. A room's tables come in a file of its own, listed here.

mod m0001_store;
mod m0002_governance;
mod m0003_catalog;
mod m0004_datasets;
mod m0005_experiments;
mod m0006_training;
mod m0007_serving;
mod m0009_evaluation;
mod m0010_cost;
mod m0011_sessions;
mod m0012_projects;
mod m0013_tags_in_order;
mod m0014_uploads;
mod m0015_routes_by_project;
mod m0016_aliases;
mod m0017_staged_files;
mod m0018_derived_datasets;
mod m0019_file_scans;
mod m0020_file_encodings;
mod m0021_credentials;
mod m0022_pii_policies;
mod m0023_model_imports;
mod m0024_pii_waivers;
mod m0025_contamination;
mod m0026_chunks;
mod m0027_model_exports;
mod m0028_trash;
mod m0029_uploaders;
mod m0030_lists;
mod m0031_learned;
mod m0032_token_counts;
mod m0033_checkpoints;
mod m0034_uploads_of_datasets;
mod m0035_dataset_cards;
mod m0036_staged_files;
mod m0037_deletions;
mod m0038_approval_policies;
mod m0039_fragments;
mod m0040_guessed;
mod m0041_formats;
mod m0042_damage;
mod m0043_more_names;
mod m0044_card_heads;

use sea_orm::{DatabaseConnection, TransactionTrait};
use sea_orm_migration::prelude::*;

use super::db_error;
use crate::base::Result;

struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m0001_store::Migration),
            Box::new(m0002_governance::Migration),
            Box::new(m0003_catalog::Migration),
            Box::new(m0004_datasets::Migration),
            Box::new(m0005_experiments::Migration),
            Box::new(m0006_training::Migration),
            Box::new(m0007_serving::Migration),
            Box::new(m0009_evaluation::Migration),
            Box::new(m0010_cost::Migration),
            Box::new(m0011_sessions::Migration),
            Box::new(m0012_projects::Migration),
            Box::new(m0013_tags_in_order::Migration),
            Box::new(m0014_uploads::Migration),
            Box::new(m0015_routes_by_project::Migration),
            Box::new(m0016_aliases::Migration),
            Box::new(m0017_staged_files::Migration),
            Box::new(m0018_derived_datasets::Migration),
            Box::new(m0019_file_scans::Migration),
            Box::new(m0020_file_encodings::Migration),
            Box::new(m0021_credentials::Migration),
            Box::new(m0022_pii_policies::Migration),
            Box::new(m0023_model_imports::Migration),
            Box::new(m0024_pii_waivers::Migration),
            Box::new(m0025_contamination::Migration),
            Box::new(m0026_chunks::Migration),
            Box::new(m0027_model_exports::Migration),
            Box::new(m0028_trash::Migration),
            Box::new(m0029_uploaders::Migration),
            Box::new(m0030_lists::Migration),
            Box::new(m0031_learned::Migration),
            Box::new(m0032_token_counts::Migration),
            Box::new(m0033_checkpoints::Migration),
            Box::new(m0034_uploads_of_datasets::Migration),
            Box::new(m0035_dataset_cards::Migration),
            Box::new(m0036_staged_files::Migration),
            Box::new(m0037_deletions::Migration),
            Box::new(m0038_approval_policies::Migration),
            Box::new(m0039_fragments::Migration),
            Box::new(m0040_guessed::Migration),
            Box::new(m0041_formats::Migration),
            Box::new(m0042_damage::Migration),
            Box::new(m0043_more_names::Migration),
            Box::new(m0044_card_heads::Migration),
        ]
    }
}

/// Brings the schema up to date, whole or not at all. On PostgreSQL one server migrates while the others wait.
pub(super) async fn migrate(db: &DatabaseConnection) -> Result<()> {
    let whole = db.begin().await.map_err(db_error)?;
    Migrator::up(&whole, None).await.map_err(db_error)?;
    whole.commit().await.map_err(db_error)
}

/// The migrations that are still to come. Nothing is changed.
pub(super) async fn pending(db: &DatabaseConnection) -> Result<Vec<String>> {
    if !SchemaManager::new(db).has_table("seaql_migrations").await.map_err(db_error)? {
        return Ok(Migrator::migrations().iter().map(|one| one.name().to_owned()).collect());
    }
    let pending = Migrator::get_pending_migrations(db).await.map_err(db_error)?;
    Ok(pending.iter().map(|one| one.name().to_owned()).collect())
}

/// A table's builder with the habits of this schema.
fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).if_not_exists().to_owned()
}

/// Text that is always there.
fn text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().not_null().to_owned()
}

/// Text that may be absent.
fn maybe_text(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).text().to_owned()
}

/// A whole number, a count or an instant in microseconds.
fn big(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().not_null().to_owned()
}

/// The same, when it may be absent.
fn maybe_big(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).big_integer().to_owned()
}

/// A number with a fraction that may be absent.
fn maybe_double(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).double().to_owned()
}

/// An id.
fn uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().to_owned()
}

/// An id that may be absent.
fn maybe_uuid(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().to_owned()
}

/// JSON.
fn json(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).json_binary().not_null().to_owned()
}

/// The table's id.
fn key(name: &'static str) -> ColumnDef {
    ColumnDef::new(name).uuid().not_null().primary_key().to_owned()
}

/// Creates a table with these columns.
async fn create(m: &SchemaManager<'_>, name: &'static str, columns: Vec<ColumnDef>) -> Result<(), DbErr> {
    let mut statement = table(name);
    for column in columns {
        statement.col(column);
    }
    m.create_table(statement).await
}

/// Indexes columns of a table; `name` begins with `ux_` when the values are unique together.
async fn index(
    m: &SchemaManager<'_>,
    name: &'static str,
    table: &'static str,
    columns: &[&'static str],
) -> Result<(), DbErr> {
    let mut statement = Index::create().name(name).table(table).if_not_exists().to_owned();
    if name.starts_with("ux_") {
        statement.unique();
    }
    for column in columns {
        statement.col(*column);
    }
    m.create_index(statement).await
}
