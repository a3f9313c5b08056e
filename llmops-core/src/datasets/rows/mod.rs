//! The tables of this room.

pub mod comparison;

/// One row per version of a dataset.
pub mod dataset {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "datasets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub version: String,
        pub dataset_type: String,
        pub status: String,
        pub pii_scan_status: String,
        pub quality_score: Option<f64>,
        pub owner_team: Option<String>,
        pub change_log: Option<String>,
        pub parent_id: Option<Uuid>,
        pub digest: Option<String>,
        pub rows: i64,
        pub bytes: i64,
        pub stored_bytes: Option<i64>,
        pub format: Option<String>,
        pub schema: Json,
        /// What is in the trash since before there were cards has none.
        #[serde(default)]
        pub metadata: Json,
        #[serde(default)]
        pub tags: Json,
        #[serde(default)]
        pub card_digest: Option<String>,
        pub columns: Json,
        pub validation_state: Option<String>,
        pub derived_from: Option<Json>,
        pub pii_waiver: Option<Json>,
        pub approved_at: Option<i64>,
        pub approved_by: Option<String>,
        pub created_by: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The texts of cards; apart, since they are large and no list has them.
pub mod card {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "dataset_cards")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset_id: Uuid,
        /// What stands below the front matter; empty for nothing.
        pub text: String,
        /// The front matter as it came, with its lines of dashes; empty for none.
        pub head: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The files of a dataset.
pub mod file {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "dataset_files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dataset_id: Uuid,
        pub path: String,
        pub path_key: String,
        pub bytes: i64,
        pub sha256: String,
        pub format: String,
        pub delimiter: Option<String>,
        pub header: bool,
        /// Not known of files that came before it was written down.
        pub guessed: Option<Json>,
        pub encoding: Option<Json>,
        pub rows: i64,
        pub bad_rows: i64,
        pub schema: Json,
        /// Not known of files that came before it was written down.
        pub uploaded_by: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Where the rows of a file begin; apart, since it is large and rarely read.
pub mod index {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "dataset_indexes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub file_id: Uuid,
        pub row_index: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Validations and their reports.
pub mod validation {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "dataset_validations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dataset_id: Uuid,
        pub state: String,
        pub digest: String,
        pub rules: Json,
        pub rows_read: i64,
        pub bytes_read: i64,
        pub bytes_total: i64,
        pub report: Option<Json>,
        pub error: Option<String>,
        pub created_by: String,
        pub created_at: i64,
        pub finished_at: Option<i64>,
        /// The digest of what a pass under way wrote down.
        #[serde(default)]
        pub checkpoint: Option<String>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Decisions on datasets.
pub mod review {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "dataset_reviews")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub dataset_id: Uuid,
        pub decision: String,
        pub reviewer: String,
        pub notes: Option<String>,
        pub digest: Option<String>,
        pub waiver: Option<Json>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Datasets made from others.
pub mod derivation {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "dataset_derivations")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub source_id: Uuid,
        pub source_digest: String,
        pub operation: Json,
        pub outputs: Json,
        pub change_log: Option<String>,
        pub state: String,
        pub rows_read: i64,
        pub bytes_read: i64,
        pub bytes_total: i64,
        pub error: Option<String>,
        pub created_by: String,
        pub created_at: i64,
        pub finished_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Policies for personal data, as they are now.
pub mod policy {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "pii_policies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub version: i64,
        pub body: Json,
        pub created_by: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// All that these policies ever were.
pub mod policy_version {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "pii_policy_versions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub policy_id: Uuid,
        pub version: i64,
        pub body: Json,
        pub created_by: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Contamination checks and their reports.
pub mod contamination {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "contamination_checks")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub dataset_id: Uuid,
        pub digest: String,
        pub model: Option<Json>,
        pub sources: Json,
        pub method: Json,
        pub rules: Json,
        pub state: String,
        pub rows_read: i64,
        pub bytes_read: i64,
        pub bytes_total: i64,
        pub report: Option<Json>,
        pub error: Option<String>,
        pub created_by: String,
        pub created_at: i64,
        pub finished_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Which datasets a contamination check looks in.
pub mod contamination_source {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contamination_sources")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub check_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset_id: Uuid,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// The pairs of rows that a contamination check shows; apart, since they are large and a list has none.
pub mod contamination_sample {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "contamination_samples")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub check_id: Uuid,
        pub samples: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Counts of tokens and what they found.
pub mod token_count {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "token_counts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub dataset_id: Uuid,
        pub digest: String,
        pub tokenizer: Json,
        pub columns: Json,
        pub state: String,
        pub rows_read: i64,
        pub bytes_read: i64,
        pub bytes_total: i64,
        pub report: Option<Json>,
        pub error: Option<String>,
        pub created_by: String,
        pub created_at: i64,
        pub finished_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What was last found of some bytes in others, which holds as long as there are such bytes.
pub mod overlap {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
    #[sea_orm(table_name = "dataset_overlaps")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub digest: String,
        pub source_digest: String,
        pub source: String,
        pub rows: i64,
        pub affected: i64,
        pub dataset_id: Uuid,
        pub check_id: Option<Uuid>,
        pub found_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
