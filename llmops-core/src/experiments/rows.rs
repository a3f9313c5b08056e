//! The tables of this room.

/// Runs.
pub mod run {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "runs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub job_id: Option<Uuid>,
        pub status: String,
        pub created_by: String,
        pub started_at: i64,
        pub ended_at: Option<i64>,
        /// Points recorded so far, over all metrics: the number of the last event.
        pub seq: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Parameters and tags; `kind` tells which.
pub mod label {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_labels")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub kind: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub value: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What is known of a metric without reading its points.
pub mod metric {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_metrics")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        pub points: i64,
        pub step: i64,
        pub at: i64,
        /// The bits of the last value, which may be NaN.
        pub last_bits: i64,
        /// The last value if it is finite, to search and sort by.
        pub last: Option<f64>,
        pub min: Option<f64>,
        pub max: Option<f64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Metric points.
pub mod point {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "run_points")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub step: i64,
        #[sea_orm(primary_key, auto_increment = false)]
        pub at: i64,
        /// Counts the run's points in the order they came.
        pub seq: i64,
        /// How often two divides the point's number within its metric: a chart reads only the levels it needs.
        pub level: i32,
        /// The bits of the value, so that NaN and infinity survive any database. Part of the key: a point that is sent
        /// again is the same point, another value at the same instant is another.
        #[sea_orm(primary_key, auto_increment = false)]
        pub bits: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
