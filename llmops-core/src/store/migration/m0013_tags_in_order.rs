//! What lists of models are ordered by, beside each tag: a page of a rare tag costs what one of a common tag does.

use sea_orm_migration::prelude::*;

use super::index;

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0013_tags_in_order"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        let text = |name: &'static str| ColumnDef::new(name).text().not_null().default("").to_owned();
        let big = |name: &'static str| ColumnDef::new(name).big_integer().not_null().default(0).to_owned();
        let columns = [text("project"), text("name"), big("created_at"), big("updated_at")];
        let mut fill = Query::update().table("model_tags").to_owned();
        for column in columns {
            let name = column.get_column_name();
            fill.value(name.clone(), of_model(name));
            m.alter_table(Table::alter().table("model_tags").add_column(column).to_owned()).await?;
        }
        m.execute(fill).await?;
        for (name, column) in [
            ("ix_model_tags_created", "created_at"),
            ("ix_model_tags_updated", "updated_at"),
            ("ix_model_tags_by_name", "name"),
        ] {
            index(m, name, "model_tags", &["project", "tag", column, "model_id"]).await?;
        }
        Ok(())
    }
}

/// A column of the model that a tag belongs to.
fn of_model(column: String) -> SelectStatement {
    let same = Expr::col(("models", "id")).equals(("model_tags", "model_id"));
    Query::select().column(("models", Alias::new(column))).from("models").and_where(same).to_owned()
}
