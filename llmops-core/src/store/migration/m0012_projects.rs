//! Projects, and the keys that are for all of them.

use sea_orm_migration::prelude::*;

use super::{big, create, index, key, maybe_text, text};
use crate::base::LOCAL_PROJECT;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0012_projects"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let mut columns = vec![key("id"), big("created_at"), maybe_text("description")];
        columns.extend(["name", "created_by"].map(text));
        create(m, "projects", columns).await?;
        index(m, "ux_projects_name", "projects", &["name"]).await?;
        let first = Query::insert()
            .into_table("projects")
            .columns(["id", "created_at", "name", "created_by"])
            .values_panic([uuid::Uuid::nil().into(), 0.into(), LOCAL_PROJECT.into(), "system".into()])
            .to_owned();
        m.execute(first).await?;
        for table in ["api_keys", "sessions"] {
            let everywhere = ColumnDef::new("all_projects").boolean().not_null().default(false).to_owned();
            m.alter_table(Table::alter().table(table).add_column(everywhere).to_owned()).await?;
        }
        // The administrator of this machine, whose key the platform itself made.
        let mut administrators = Query::update();
        administrators.table("api_keys").value("all_projects", true).and_where(Expr::col("created_by").eq("system"));
        m.execute(administrators).await
    }
}
