//! The table of this module.

/// Sealed credentials.
pub mod credential {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "credentials")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub origin: String,
        pub ending: Option<String>,
        pub model_id: Option<Uuid>,
        pub master_key: String,
        pub sealed: String,
        pub created_by: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}

    /// The row as it stands there.
    #[cfg(test)]
    pub(in super::super) async fn read(
        store: &crate::store::Store,
        ctx: &crate::base::Ctx,
        id: super::super::CredentialId,
    ) -> Model {
        Entity::find_by_id(id.0).one(&store.conn(ctx)).await.unwrap().unwrap()
    }

    /// Writes over it, as somebody with the database might.
    #[cfg(test)]
    pub(in super::super) async fn write(store: &crate::store::Store, ctx: &crate::base::Ctx, row: Model) {
        let row: ActiveModel = row.into();
        Entity::update(row.reset_all()).exec(&store.conn(ctx)).await.unwrap();
    }
}
