//! The tables of this room.

/// One row per endpoint: what is asked of it, how it is and what runs for it.
pub mod endpoint {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "endpoints")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub environment: String,
        pub route: String,
        /// The model of the revision that answers, to filter by.
        pub model_id: Uuid,
        pub status: String,
        pub status_reason: String,
        pub min_replicas: i64,
        pub rollback_plan: Option<String>,
        /// `running`, `stopped` or `deleted`.
        pub wanted: String,
        /// The place its replicas run in, whose addresses nobody else can ask.
        pub place: String,
        /// Whether nothing is left to do.
        pub at_rest: bool,
        /// The revision that answers, the one that is to, and the last that was made.
        pub active_revision: i64,
        pub target_revision: i64,
        pub last_revision: i64,
        /// The revision that answered before.
        pub previous_revision: Option<i64>,
        /// Replicas started so far.
        pub incarnations: i64,
        pub replicas: Json,
        pub history: Json,
        pub created_by: String,
        pub created_at: i64,
        pub updated_at: i64,
        /// Grows with what people change, not with what is observed.
        pub edition: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Everything needed to run an endpoint again.
pub mod revision {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "endpoint_revisions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub endpoint_id: Uuid,
        pub number: i64,
        pub model_id: Uuid,
        pub model_name: String,
        pub model_version: String,
        pub limits: Json,
        pub plan: Json,
        pub created_by: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
