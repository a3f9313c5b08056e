//! The tables of this room.

/// One row per version of a model.
pub mod model {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "models")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub version: String,
        pub model_type: String,
        pub model_family: String,
        pub status: String,
        pub owner_team: Option<String>,
        pub metadata: Json,
        pub lineage: Json,
        pub parent_id: Option<Uuid>,
        pub digest: Option<String>,
        pub evaluation_summary: Json,
        pub created_by: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub revision: i64,
        /// When it last came before its reviewers: approvals from before do not count.
        pub review_began: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Which dataset versions a model learned from, to be asked the other way.
pub mod learned {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_datasets")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub model_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub dataset_id: Uuid,
        pub project: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Words a model is found by.
pub mod tag {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "model_tags")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub model_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub tag: String,
        // Of the model, so that the models of a tag are found in order.
        pub project: String,
        pub name: String,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(belongs_to = "super::model::Entity", from = "Column::ModelId", to = "super::model::Column::Id")]
        Model,
    }
    impl ActiveModelBehavior for ActiveModel {}
}

/// The files of a model.
pub mod file {
    use sea_orm::entity::prelude::*;
    use serde::{Deserialize, Serialize};

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel, Serialize, Deserialize)]
    #[sea_orm(table_name = "model_files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub model_id: Uuid,
        pub path: String,
        pub path_key: String,
        pub bytes: i64,
        pub sha256: String,
        pub format: String,
        pub state: String,
        pub scan: Option<Json>,
        /// Not known of files that came before it was written down.
        pub uploaded_by: Option<String>,
        /// When its bytes were found to be gone or changed.
        pub damaged_at: Option<i64>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Decisions on models.
pub mod review {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_reviews")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub model_id: Uuid,
        pub decision: String,
        pub reviewer: String,
        pub notes: Option<String>,
        pub digest: Option<String>,
        pub policy_version: Option<i64>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What projects ask of models before they are approved, version by version.
pub mod policy {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_approval_policies")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub version: i64,
        pub body: Json,
        pub created_by: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Names for versions of models.
pub mod alias {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_aliases")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub name: String,
        pub alias: String,
        pub model_id: Uuid,
        /// The move that brought it where it is.
        pub move_id: Uuid,
        pub updated_at: i64,
        pub revision: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Where they pointed, move by move.
pub mod alias_move {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_alias_moves")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub alias_id: Uuid,
        pub model_id: Uuid,
        pub version: String,
        /// The move that a rollback of this one goes back to.
        pub replaced: Option<Uuid>,
        pub moved_by: String,
        pub notes: Option<String>,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Models on their way from a registry.
pub mod import {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_imports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub state: String,
        pub registry: String,
        pub base_url: String,
        pub credential_id: Option<Uuid>,
        pub repo: String,
        pub revision: String,
        pub commit_id: Option<String>,
        pub name: String,
        pub version: String,
        pub model_family: Option<String>,
        pub owner_team: Option<String>,
        /// Which files to take.
        pub choice: Json,
        pub model_id: Option<Uuid>,
        pub files: i64,
        pub received_files: i64,
        pub bytes: i64,
        pub received_bytes: i64,
        pub skipped: Json,
        pub error: Option<Json>,
        /// How often in a row it could not go on.
        pub failures: i64,
        pub created_by: String,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Their files, in the order they come.
pub mod import_file {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_import_files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub import_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        pub path: String,
        pub bytes: i64,
        pub sha256: Option<String>,
        pub blob_id: Option<String>,
        /// The upload it comes by, if it comes in parts.
        pub upload_id: Option<Uuid>,
        pub done: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Models on their way to a registry.
pub mod export {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "model_exports")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub state: String,
        pub registry: String,
        pub base_url: String,
        pub credential_id: Option<Uuid>,
        pub repo: String,
        pub revision: String,
        pub private: bool,
        pub prune: bool,
        pub message: String,
        pub model_id: Uuid,
        pub name: String,
        pub version: String,
        pub digest: String,
        pub commit_id: Option<String>,
        pub files: i64,
        /// How many of the files, in the order of their paths, are done with.
        pub sent_files: i64,
        pub bytes: i64,
        pub sent_bytes: i64,
        /// How many commits were made.
        pub commits: i64,
        pub error: Option<Json>,
        /// How often in a row it could not go on.
        pub failures: i64,
        pub created_by: String,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
