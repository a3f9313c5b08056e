//! The room over the database.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict, SimpleExpr};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    Select,
};

use super::prices::{Edge, instant};
use super::rows::entry;
use super::*;
use crate::base::{Clock, Ctx, Error, Money, Page, PageRequest, Result, SystemClock, Timestamp};
use crate::op::encode;
use crate::store::{Store, keyset};

/// Rows of one statement.
const CHUNK: usize = 500;
/// Groups of an answer.
const GROUPS: usize = 1000;

/// The ledger over SQLite or PostgreSQL.
#[derive(Clone)]
pub struct SqlCost {
    pub(super) store: Store,
    prices: Arc<PriceTable>,
}

impl SqlCost {
    /// The ledger on this database, charging by these prices.
    pub fn new(store: Store, prices: PriceTable) -> Self {
        Self { store, prices: Arc::new(prices) }
    }

    /// Writes charges, within the caller's unit if one is open. A charge whose key is there already is there already.
    pub async fn record(&self, ctx: &Ctx, charges: Vec<Charge>) -> Result<()> {
        if charges.is_empty() {
            return Ok(());
        }
        if ctx.unit().is_some() {
            return self.insert(ctx, &charges).await;
        }
        // A charge is the consequence of an action that is on record, so it is no action of its own.
        let unit = self.store.begin(&ctx.clone().without_operation()).await?;
        match self.insert(&unit, &charges).await {
            Ok(()) => self.store.commit(unit).await,
            Err(error) => {
                self.store.rollback(unit).await;
                Err(error)
            }
        }
    }

    /// What this use costs by the prices in force; nothing when a price is not known.
    pub fn price(&self, usage: &BTreeMap<CostUsage, u64>, model: Option<&str>) -> Option<Money> {
        self.prices.price(usage, model, SystemClock.now()).amount
    }

    /// What was charged so far for a resource of the caller's project; nothing when nothing was, or a price is not known.
    pub async fn total_of(&self, ctx: &Ctx, resource: CostResource, resource_id: &str) -> Result<Option<Money>> {
        let select = entry::Entity::find()
            .filter(entry::Column::Project.eq(ctx.project()))
            .filter(entry::Column::ResourceId.eq(resource_id))
            .filter(entry::Column::Resource.eq(resource.name()));
        let sums = self.sums(ctx, select, None).await?.pop().map(|(_, sums)| sums).unwrap_or_default();
        Ok(if sums.unpriced == 0 && sums.amounts.len() == 1 { sums.amounts.into_iter().next() } else { None })
    }

    async fn insert(&self, ctx: &Ctx, charges: &[Charge]) -> Result<()> {
        ctx.signal("cost");
        for chunk in charges.chunks(CHUNK) {
            let rows = chunk.iter().map(|charge| self.row(ctx, charge));
            let known = OnConflict::column(entry::Column::ChargeKey).do_nothing().to_owned();
            let insert = entry::Entity::insert_many(rows).on_conflict(known);
            insert.exec_without_returning(&self.store.conn(ctx)).await?;
        }
        Ok(())
    }

    fn row(&self, ctx: &Ctx, charge: &Charge) -> entry::ActiveModel {
        let priced = self.prices.price(&charge.usage, charge.model.as_deref(), charge.at);
        let used = |kind| i64::try_from(charge.usage.get(&kind).copied().unwrap_or_default()).unwrap_or(i64::MAX);
        entry::ActiveModel {
            id: Set(ctx.new_id()),
            charge_key: Set(charge.key.clone()),
            project: Set(charge.project.clone()),
            resource: Set(charge.resource.name().to_owned()),
            resource_id: Set(charge.resource_id.clone()),
            model_id: Set(charge.model_id),
            model: Set(charge.model.clone()),
            actor: Set(charge.actor.clone()),
            input_tokens: Set(used(CostUsage::InputTokens)),
            cached_input_tokens: Set(used(CostUsage::CachedInputTokens)),
            output_tokens: Set(used(CostUsage::OutputTokens)),
            cpu_millis: Set(used(CostUsage::CpuMillis)),
            price_version: Set(priced.version),
            amount_nanos: Set(priced.amount.map(|money| money.nanos)),
            currency: Set(priced.currency),
            at: Set(charge.at.micros()),
            day: Set(charge.at.day()),
        }
    }

    async fn aggregate(&self, ctx: &Ctx, req: GetCostAggregate) -> Result<CostAggregate> {
        let mut select = entry::Entity::find().filter(entry::Column::Project.eq(ctx.project()));
        if let Some(resource) = req.resource_type {
            select = select.filter(entry::Column::Resource.eq(resource.name()));
        }
        select = between(select, req.start_date.as_deref(), req.end_date.as_deref())?;
        let column = match req.group_by {
            CostGrouping::Model => entry::Column::Model,
            CostGrouping::Project => entry::Column::Project,
            CostGrouping::Day => entry::Column::Day,
            CostGrouping::User => entry::Column::Actor,
        };
        let mut groups = self.sums(ctx, select, Some(column)).await?;
        // Databases disagree on where nothing comes, and on the order of letters.
        groups.sort_by(|(one, _), (other, _)| one.cmp(other));
        if req.group_by == CostGrouping::Day {
            groups.reverse();
        }
        let mut total = CostSums::default();
        groups.iter().for_each(|(_, sums)| total.add(sums));
        let truncated = groups.len() > GROUPS;
        groups.truncate(GROUPS);
        let groups = groups.into_iter().map(|(key, sums)| CostGroup { key, sums }).collect();
        Ok(CostAggregate { group_by: req.group_by, groups, total, truncated })
    }

    /// Sums by a column, ordered by it; everything together when there is none.
    async fn sums(
        &self,
        ctx: &Ctx,
        select: Select<entry::Entity>,
        by: Option<entry::Column>,
    ) -> Result<Vec<(Option<String>, CostSums)>> {
        let mut select = select.select_only().column(entry::Column::Currency).group_by(entry::Column::Currency);
        select = match by {
            Some(column) => select.column_as(column, "group_key").group_by(column).order_by_asc(column),
            None => select.expr_as(Expr::cust("NULL"), "group_key"),
        };
        let columns = [
            ("input_tokens", entry::Column::InputTokens),
            ("cached_input_tokens", entry::Column::CachedInputTokens),
            ("output_tokens", entry::Column::OutputTokens),
            ("cpu_millis", entry::Column::CpuMillis),
            ("amount_nanos", entry::Column::AmountNanos),
        ];
        for (name, column) in columns {
            select = select.expr_as(whole(Expr::col(column).sum()), name);
        }
        select = select.expr_as(Expr::col(entry::Column::Id).count(), "entries");
        select = select.expr_as(Expr::col(entry::Column::AmountNanos).count(), "priced");
        let rows = select.into_model::<Summed>().all(&self.store.conn(ctx)).await?;
        let mut groups: Vec<(Option<String>, CostSums)> = Vec::new();
        for row in rows {
            let sums = row.sums();
            match groups.last_mut().filter(|(key, _)| *key == row.group_key) {
                Some((_, of)) => of.add(&sums),
                None => groups.push((row.group_key, sums)),
            }
        }
        Ok(groups)
    }

    async fn entries(&self, ctx: &Ctx, req: ListCostEntries) -> Result<Page<CostEntry>> {
        use entry::Column::{Actor, Model, ModelId, Project, Resource, ResourceId};
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let filters = ListCostEntries { cursor: None, limit: None, ..req.clone() };
        let mut select = entry::Entity::find().filter(Project.eq(ctx.project()));
        let texts = [(ResourceId, req.resource_id), (Model, req.model), (Actor, req.user)];
        for (column, value) in texts.into_iter().filter_map(|(column, value)| Some((column, value?))) {
            select = select.filter(column.eq(value));
        }
        select = select
            .apply_if(req.resource_type, |select, resource| select.filter(Resource.eq(resource.name())))
            .apply_if(req.model_id, |select, id| select.filter(ModelId.eq(id)));
        select = between(select, req.start_date.as_deref(), req.end_date.as_deref())?;
        let order = keyset::Keyset {
            list: format!("costs|{}", encode(&filters)?),
            column: entry::Column::At,
            id: entry::Column::Id,
            ascending: false,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_entry).collect::<Result<_>>()?, page })
    }
}

#[async_trait]
impl Cost for SqlCost {
    async fn get_cost_aggregate(&self, ctx: &Ctx, req: GetCostAggregate) -> Result<CostAggregate> {
        self.aggregate(ctx, req).await
    }

    async fn list_cost_entries(&self, ctx: &Ctx, req: ListCostEntries) -> Result<Page<CostEntry>> {
        self.entries(ctx, req).await
    }

    async fn list_cost_prices(&self, ctx: &Ctx, _: ListCostPrices) -> Result<CostPriceList> {
        Ok(self.prices.show(ctx.now()))
    }
}

/// Sums of one group in one currency.
#[derive(FromQueryResult)]
struct Summed {
    group_key: Option<String>,
    currency: String,
    input_tokens: i64,
    cached_input_tokens: i64,
    output_tokens: i64,
    cpu_millis: i64,
    amount_nanos: i64,
    entries: i64,
    priced: i64,
}

impl Summed {
    fn sums(&self) -> CostSums {
        let priced = (self.priced > 0).then(|| Money::from_nanos(self.amount_nanos, &self.currency));
        CostSums {
            input_tokens: self.input_tokens.unsigned_abs(),
            cached_input_tokens: self.cached_input_tokens.unsigned_abs(),
            output_tokens: self.output_tokens.unsigned_abs(),
            cpu_seconds: self.cpu_millis as f64 / 1000.0,
            amounts: priced.into_iter().collect(),
            count: self.entries.unsigned_abs(),
            unpriced: (self.entries - self.priced).unsigned_abs(),
        }
    }
}

impl CostSums {
    fn add(&mut self, other: &Self) {
        self.input_tokens += other.input_tokens;
        self.cached_input_tokens += other.cached_input_tokens;
        self.output_tokens += other.output_tokens;
        self.cpu_seconds += other.cpu_seconds;
        self.count += other.count;
        self.unpriced += other.unpriced;
        for money in &other.amounts {
            match self.amounts.iter_mut().find(|mine| mine.currency == money.currency) {
                Some(mine) => *mine = Money::from_nanos(mine.nanos.saturating_add(money.nanos), &money.currency),
                None => self.amounts.push(money.clone()),
            }
        }
    }
}

/// PostgreSQL adds whole numbers up to a decimal one, and nothing up to nothing.
fn whole(sum: SimpleExpr) -> SimpleExpr {
    let cast = sum.cast_as("bigint");
    sea_orm::sea_query::Func::coalesce([cast, Expr::val(0_i64)]).into()
}

fn between(select: Select<entry::Entity>, start: Option<&str>, end: Option<&str>) -> Result<Select<entry::Entity>> {
    let start = start.map(|text| instant("startDate", text, Edge::Begins)).transpose()?;
    let end = end.map(|text| instant("endDate", text, Edge::Ends)).transpose()?;
    if start.zip(end).is_some_and(|(start, end)| start >= end) {
        return Err(Error::invalid("endDate", "must be after startDate").hint("leave one of them out for no bound"));
    }
    Ok(select
        .apply_if(start, |select, start| select.filter(entry::Column::At.gte(start.micros())))
        .apply_if(end, |select, end| select.filter(entry::Column::At.lt(end.micros()))))
}

fn to_entry(row: entry::Model) -> Result<CostEntry> {
    let resource_type = CostResource::from_name(&row.resource)
        .ok_or_else(|| Error::unexpected(format!("charge {} is for nothing known", row.id)))?;
    let kinds = [
        (CostUsage::InputTokens, row.input_tokens),
        (CostUsage::CachedInputTokens, row.cached_input_tokens),
        (CostUsage::OutputTokens, row.output_tokens),
        (CostUsage::CpuMillis, row.cpu_millis),
    ];
    let used = kinds.into_iter().filter(|(_, quantity)| *quantity > 0);
    Ok(CostEntry {
        id: CostEntryId(row.id),
        resource_type,
        resource_id: row.resource_id,
        model_id: row.model_id,
        model: row.model,
        user: row.actor,
        project: row.project,
        usage: used.map(|(kind, quantity)| (kind, quantity.unsigned_abs())).collect(),
        price_version: row.price_version,
        amount: row.amount_nanos.map(|nanos| Money::from_nanos(nanos, &row.currency)),
        at: Timestamp::from_micros(row.at),
    })
}
