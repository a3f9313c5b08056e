//! Pages by key: the next page begins after the last item, so page one thousand costs what page one does.

use futures::future::BoxFuture;
use sea_orm::sea_query::{ExprTrait, SimpleExpr};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ModelTrait, Order, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    Select, Value,
};

use super::{Key, Store};
use crate::base::{Ctx, Error, PageInfo, PageRequest, Result};

/// What a list is ordered by.
pub struct Keyset<C> {
    /// Names the list with its filters and order: a cursor of another is refused.
    pub list: String,
    /// The column sorted by: whole number, text or number.
    pub column: C,
    /// The id, which breaks ties; sorted the same way.
    pub id: C,
    /// Smallest first.
    pub ascending: bool,
    /// Whether to count all items.
    pub total: bool,
}

/// One page of `select` in the keyset's order.
pub fn page<'a, E>(
    store: &'a Store,
    ctx: &'a Ctx,
    select: Select<E>,
    keyset: Keyset<E::Column>,
    request: &'a PageRequest,
) -> BoxFuture<'a, Result<(Vec<E::Model>, PageInfo)>>
where
    E: EntityTrait,
    E::Model: ModelTrait<Entity = E> + Send + Sync,
{
    Box::pin(async move {
        let list = format!("{}|{}", ctx.project(), keyset.list);
        let total = match keyset.total {
            true => Some(select.clone().count(&store.conn(ctx)).await?),
            false => None,
        };
        let mut select = select;
        if let Some(cursor) = &request.cursor {
            let key = store.cursors().read(&list, cursor)?;
            select = select.filter(after(&keyset, &key)?);
        }
        let order = if keyset.ascending { Order::Asc } else { Order::Desc };
        let mut rows = select
            .order_by(keyset.column, order.clone())
            .order_by(keyset.id, order)
            .limit(u64::from(request.limit) + 1)
            .all(&store.conn(ctx))
            .await?;
        let more = rows.len() > request.limit as usize;
        rows.truncate(request.limit as usize);
        let last = rows.last().filter(|_| more);
        let next_cursor = last.map(|row| {
            let key = Key { value: to_text(&row.get(keyset.column)), id: to_text(&row.get(keyset.id)) };
            store.cursors().write(&list, &key)
        });
        Ok((rows, PageInfo { next_cursor, limit: request.limit, total }))
    })
}

/// Beyond the key: the bound on the column alone lets the index find the place, the rest breaks ties.
fn after<C: ColumnTrait>(keyset: &Keyset<C>, key: &Key) -> Result<Condition> {
    let (value, id) = (from_text(&key.value)?, from_text(&key.id)?);
    let (bound, beyond, tie): (SimpleExpr, SimpleExpr, SimpleExpr) = if keyset.ascending {
        (keyset.column.gte(value.clone()), keyset.column.gt(value.clone()), keyset.id.gt(id))
    } else {
        (keyset.column.lte(value.clone()), keyset.column.lt(value.clone()), keyset.id.lt(id))
    };
    Ok(Condition::all().add(bound).add(beyond.or(keyset.column.eq(value).and(tie))))
}

fn to_text(value: &Value) -> String {
    match value {
        Value::BigInt(Some(number)) => format!("i{number}"),
        Value::Int(Some(number)) => format!("i{number}"),
        Value::Double(Some(number)) => format!("d{}", number.to_bits()),
        Value::Uuid(Some(id)) => format!("u{id}"),
        Value::String(Some(text)) => format!("s{text}"),
        _ => "n".into(),
    }
}

fn from_text(text: &str) -> Result<Value> {
    let broken = || Error::unexpected("a signed cursor holds a value of no known type");
    let (tag, rest) = text.split_at_checked(1).ok_or_else(broken)?;
    match tag {
        "i" => rest.parse::<i64>().map(Value::from).map_err(|_| broken()),
        "d" => rest.parse::<u64>().map(|bits| Value::from(f64::from_bits(bits))).map_err(|_| broken()),
        "u" => rest.parse::<uuid::Uuid>().map(Value::from).map_err(|_| broken()),
        "s" => Ok(Value::from(rest.to_owned())),
        _ => Err(broken()),
    }
}
