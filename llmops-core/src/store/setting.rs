//! Single values the platform keeps about itself.

use sea_orm::{ActiveValue::Set, DatabaseConnection, EntityTrait, sea_query::OnConflict};

use super::rows::setting;
use crate::base::{Error, Result};

/// A secret of 32 bytes; the first server to ask makes it, all others read the same.
pub(super) async fn secret(db: &DatabaseConnection, name: &str) -> Result<[u8; 32]> {
    if setting::Entity::find_by_id(name).one(db).await?.is_none() {
        let fresh: [u8; 32] = rand::random();
        let row = setting::ActiveModel { name: Set(name.to_owned()), value: Set(hex::encode(fresh)) };
        let keep_first = OnConflict::column(setting::Column::Name).do_nothing().to_owned();
        setting::Entity::insert(row).on_conflict(keep_first).exec_without_returning(db).await?;
    }
    let row = setting::Entity::find_by_id(name).one(db).await?;
    let text = row.map(|row| row.value).unwrap_or_default();
    let bytes = hex::decode(text).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    bytes.ok_or_else(|| Error::unexpected(format!("the stored secret `{name}` is damaged")))
}
