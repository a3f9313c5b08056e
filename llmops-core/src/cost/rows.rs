//! The table of this room.

/// The ledger. Rows are only ever added.
pub mod entry {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "cost_entries")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub charge_key: String,
        pub project: String,
        pub resource: String,
        pub resource_id: String,
        pub model_id: Option<Uuid>,
        pub model: Option<String>,
        pub actor: String,
        pub input_tokens: i64,
        pub cached_input_tokens: i64,
        pub output_tokens: i64,
        pub cpu_millis: i64,
        pub price_version: String,
        /// Nothing when a price was not known.
        pub amount_nanos: Option<i64>,
        pub currency: String,
        pub at: i64,
        /// The day in UTC, to group by.
        pub day: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
