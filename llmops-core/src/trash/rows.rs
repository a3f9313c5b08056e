//! The tables of this module.

/// Deleted things that can be brought back.
pub mod trashed {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "trash")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub kind: String,
        pub name: String,
        pub version: String,
        pub files: i64,
        pub deleted_by: String,
        pub deleted_at: i64,
        pub purged_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What they were; apart, since it is large and rarely read.
pub mod content {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "trash_contents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub rows: Json,
        pub holds: Json,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// What was deleted for good, and how far its bytes are gone.
pub mod deletion {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deletions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub project: String,
        pub kind: String,
        pub name: String,
        pub version: String,
        pub deleted_by: String,
        pub deleted_at: i64,
        pub files: i64,
        /// Different bytes of its files that nobody has dealt with yet.
        pub waiting: i64,
        pub freed_bytes: i64,
        pub kept_bytes: i64,
        /// How often a try failed, and why the last one did.
        pub failures: i64,
        pub error: Option<String>,
        pub cleaned_at: Option<i64>,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}

/// Bytes of it that nobody has dealt with yet.
pub mod deletion_blob {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "deletion_blobs")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub deletion_id: Uuid,
        #[sea_orm(primary_key, auto_increment = false)]
        pub digest: String,
        pub bytes: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}
    impl ActiveModelBehavior for ActiveModel {}
}
