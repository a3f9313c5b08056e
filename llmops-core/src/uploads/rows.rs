//! The tables of this room.

/// Files that come in parts.
pub mod upload {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "uploads")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// What the owner is.
        pub kind: String,
        pub owner_id: Uuid,
        pub project: String,
        pub path: String,
        /// How the file is written, as its sender said and the owner understands.
        pub told: Option<Json>,
        pub replace: bool,
        pub state: String,
        pub sha256: Option<String>,
        /// What the store calls it, once its first part came.
        pub session: Option<String>,
        pub error: Option<String>,
        pub bytes: i64,
        pub part_bytes: i64,
        /// The path of the file that became of it, if that is another.
        pub kept_as: Option<String>,
        pub created_by: String,
        pub completed_by: Option<String>,
        pub created_at: i64,
        pub updated_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Their parts that came.
pub mod part {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "upload_parts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub upload_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        pub bytes: i64,
        pub sha256: String,
        pub tag: String,
        /// Whether the caller said what its digest must be.
        pub checked: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Bytes that were sent before it is said which files they are. They count for the one who sent them, for things of one name.
pub mod staged {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "staged_files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// What they are for.
        pub kind: String,
        pub project: String,
        pub name: String,
        pub created_by: String,
        /// The path that they were read as; empty where nobody said it.
        pub path: String,
        /// Their digest as they were sent.
        pub sha256: String,
        /// The digest of what is held, which may be something made of them.
        pub kept: String,
        /// How many bytes are held.
        pub bytes: i64,
        /// What the owner found in them.
        pub told: Json,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
