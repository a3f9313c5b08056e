//! How many there are: rows of each kind, and counts as the tables keep them.

use sea_orm::{ColumnTrait, EntityTrait, QuerySelect, Select};

use super::Store;
use crate::base::{Ctx, Result};

/// How many of these rows have each value of a text column that has few.
pub(crate) async fn by<E>(store: &Store, ctx: &Ctx, rows: Select<E>, column: E::Column) -> Result<Vec<(String, u64)>>
where
    E: EntityTrait,
{
    let counted = rows.select_only().column(column).column_as(column.count(), "rows").group_by(column);
    let counted: Vec<(String, i64)> = counted.into_tuple().all(&store.conn(ctx)).await?;
    Ok(counted.into_iter().map(|(value, rows)| (value, rows.unsigned_abs())).collect())
}

/// A count as the tables keep it.
pub(crate) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A count as it was.
pub(crate) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
