//! What projects ask of models before they are approved, by which version of it each was, and since when a review goes on.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, maybe_big, text};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0038_approval_policies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let policies = "model_approval_policies";
        let columns =
            vec![key("id"), text("project"), big("version"), json("body"), text("created_by"), big("created_at")];
        create(m, policies, columns).await?;
        index(m, "ux_model_approval_policies", policies, &["project", "version"]).await?;
        for (table, column) in [("model_reviews", "policy_version"), ("models", "review_began")] {
            m.alter_table(Table::alter().table(table).add_column(maybe_big(column)).to_owned()).await?;
        }
        // Whoever approves one of these moves it on, so nobody has since it last changed.
        let begun = "UPDATE models SET review_began = updated_at WHERE status = 'under_review'";
        m.get_connection().execute_unprepared(begun).await?;
        Ok(())
    }
}
