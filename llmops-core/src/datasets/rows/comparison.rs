//! Comparisons of two versions, by the bytes and keys they are about.

use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "dataset_comparisons")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub project: String,
    pub about: String,
    pub a_id: Uuid,
    pub b_id: Uuid,
    pub a_digest: String,
    pub b_digest: String,
    pub keys: Json,
    pub state: String,
    pub rows_read: i64,
    pub bytes_read: i64,
    pub bytes_total: i64,
    pub report: Option<Json>,
    /// What the report counts: it is long, and lists of versions show these alone.
    pub added: Option<i64>,
    pub removed: Option<i64>,
    pub modified: Option<i64>,
    pub error: Option<String>,
    pub created_at: i64,
    pub finished_at: Option<i64>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}
impl ActiveModelBehavior for ActiveModel {}
