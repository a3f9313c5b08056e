//! The tables of this room.

/// Evaluations.
pub mod run {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "evaluation_runs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub model_id: Uuid,
        pub endpoint_id: Option<Uuid>,
        pub target: Json,
        pub dataset_id: Uuid,
        pub dataset: String,
        pub dataset_digest: String,
        /// What the samples are made of: `text`, `prompt`, `chat` or `parts`.
        pub form: String,
        pub status: String,
        pub status_reason: String,
        pub stage: String,
        /// Whether somebody asked for its end.
        pub stopping: bool,
        /// What was asked for.
        pub spec: Json,
        /// The blob with the samples.
        pub data_digest: Option<String>,
        /// The machine its process runs on.
        pub place: Option<String>,
        /// Processes that were started for it.
        pub attempt: i64,
        /// How far the process's events are read.
        pub events_read: i64,
        /// What the process said went wrong.
        pub fault: String,
        /// Times in a row that an endpoint could not be asked.
        pub setbacks: i64,
        pub total: i64,
        pub done: i64,
        pub failed: i64,
        pub scores: Json,
        pub cpu_millis: i64,
        pub cost: Option<Json>,
        pub run_by: String,
        pub created_at: i64,
        pub started_at: Option<i64>,
        pub completed_at: Option<i64>,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Samples and their answers.
pub mod sample {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "evaluation_samples")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub run_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub prompt: String,
        pub reference: Option<String>,
        pub prediction: Option<String>,
        pub finish_reason: Option<String>,
        pub prompt_tokens: i64,
        pub completion_tokens: i64,
        pub ms: Option<f64>,
        /// The sum of the log-probabilities of the reference's tokens, if it was measured.
        pub log_prob: Option<f64>,
        /// How many tokens those are.
        pub log_tokens: i64,
        /// How many bytes they stand for.
        pub log_bytes: i64,
        pub error: Option<String>,
        /// Scores by the metrics' names.
        pub scores: Json,
        /// The row of sums that each metric made of this sample.
        pub sums: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
