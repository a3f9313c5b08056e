//! The tables of this room.

/// Jobs.
pub mod job {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "training_jobs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub job_type: String,
        pub status: String,
        pub status_reason: String,
        pub model_id: Option<Uuid>,
        pub dataset_id: Uuid,
        pub spec: Json,
        pub estimate: Json,
        pub timeline: Json,
        pub progress: Option<Json>,
        pub failure: Option<Json>,
        pub run_id: Option<Uuid>,
        pub output_name: String,
        pub output_version: String,
        pub output_model_id: Option<Uuid>,
        pub submitted_by: String,
        pub submitted_at: i64,
        pub started_at: Option<i64>,
        pub completed_at: Option<i64>,
        /// What the loop does next.
        pub stage: String,
        /// The place that has the work, from the first attempt on.
        pub place: Option<String>,
        pub attempt: i64,
        /// Not to be started before.
        pub not_before: i64,
        /// When the work of this attempt was found running.
        pub attempt_at: Option<i64>,
        /// Bytes of the attempt's events that are taken in.
        pub events_read: i64,
        /// What the attempt's events said last: see `events::Seen`.
        pub seen: Json,
        /// Why the work is being stopped: `cancelled` or `timeout`.
        pub stopping: Option<String>,
        /// CPU time of the attempts before, and of this one, in thousandths of a second.
        pub cpu_before: i64,
        pub cpu_now: i64,
        /// The examples, as the work reads them.
        pub data_digest: Option<String>,
        pub data_format: Option<String>,
        /// What was put away of each attempt's outputs: see `sql::logs::Kept`.
        pub logs: Json,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
