//! Metric points: recorded in batches, read as curves, followed live.

use std::collections::{BTreeMap, BTreeSet};

use async_stream::try_stream;
use futures::StreamExt;
use sea_orm::sea_query::{Expr, ExprTrait, OnConflict};
use sea_orm::{
    ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};

use super::super::curve;
use super::super::rows::{metric, point, run};
use super::super::{
    GetSeries, LoggedMetrics, MetricPoint, Number, RunEvent, RunId, RunSeries, RunStatus, Series, SeriesPoint, WatchRun,
};
use super::{SqlExperiments, runs, topic};
use crate::base::{Ctx, Error, Events, Result, Timestamp, check_text};

/// The most points of a batch, and the most metrics of a run.
const BATCH: usize = 10_000;
const METRICS: u64 = 1000;
const NAME_CHARS: usize = 250;
/// Rows of one insert: seven values each stay below what one statement may bind.
const CHUNK: usize = 1000;
/// Curves read at once, and the points of each.
const CURVES: usize = 50;
const POINTS: u32 = 1000;
const MOST_POINTS: u32 = 10_000;
/// Points of one live event.
const EVENT: u64 = 1000;

impl SqlExperiments {
    /// Records points in the caller's unit of work, all or none. Points that are there already are not doubled.
    ///
    /// # Errors
    /// `invalid` naming the point and its rule; `not_found` when there is no such run.
    pub async fn add_points(&self, ctx: &Ctx, id: RunId, points: &[MetricPoint]) -> Result<LoggedMetrics> {
        check(points)?;
        // Taking the numbers first also locks the run's row: batches of one run follow each other.
        let numbered = run::Entity::update_many()
            .col_expr(run::Column::Seq, Expr::col(run::Column::Seq).add(points.len() as i64))
            .filter(run::Column::Id.eq(id.0))
            .filter(run::Column::Project.eq(ctx.project()));
        numbered.exec(&self.store.conn(ctx)).await?;
        let mut seq = self.load(ctx, id).await?.seq - points.len() as i64;
        let mut by_name: BTreeMap<&str, Vec<point::Model>> = BTreeMap::new();
        for point in points {
            seq += 1;
            by_name.entry(&point.name).or_default().push(row(ctx, id, point, seq));
        }
        let mut known = self.summaries(ctx, id, by_name.keys().copied().collect()).await?;
        let fresh = by_name.keys().filter(|name| !known.contains_key(**name)).count() as u64;
        if fresh > 0 {
            self.check_room(ctx, id, fresh).await?;
        }
        let mut recorded = 0;
        for (name, rows) in by_name {
            recorded += self.add_to_metric(ctx, known.remove(name), rows).await?;
        }
        ctx.touch("run", id, serde_json::json!({ "points": recorded }));
        ctx.signal(topic(id));
        Ok(LoggedMetrics { recorded, known: points.len() as u64 - recorded })
    }

    async fn summaries(&self, ctx: &Ctx, id: RunId, names: Vec<&str>) -> Result<BTreeMap<String, metric::Model>> {
        let mut found = BTreeMap::new();
        for names in names.chunks(CHUNK) {
            let select = metric::Entity::find()
                .filter(metric::Column::RunId.eq(id.0))
                .filter(metric::Column::Name.is_in(names.iter().copied()));
            found.extend(select.all(&self.store.conn(ctx)).await?.into_iter().map(|row| (row.name.clone(), row)));
        }
        Ok(found)
    }

    async fn check_room(&self, ctx: &Ctx, id: RunId, fresh: u64) -> Result<()> {
        let there = metric::Entity::find().filter(metric::Column::RunId.eq(id.0)).count(&self.store.conn(ctx)).await?;
        if there + fresh > METRICS {
            return Err(Error::invalid("metrics", format!("a run has at most {METRICS} metrics"))
                .code("too_many_metrics")
                .hint("put what varies into the step, not into the name"));
        }
        Ok(())
    }

    /// Adds points of one metric and brings its summary up to date; says how many were new.
    async fn add_to_metric(&self, ctx: &Ctx, known: Option<metric::Model>, mut rows: Vec<point::Model>) -> Result<u64> {
        let exists = known.is_some();
        let Some(first) = rows.first() else { return Ok(0) };
        let mut summary = known.unwrap_or_else(|| empty(first));
        let before = summary.points;
        for (ordinal, row) in (summary.points..).zip(rows.iter_mut()) {
            row.level = curve::level(ordinal);
            absorb(&mut summary, row);
        }
        for chunk in rows.chunks(CHUNK) {
            use point::Column::{At, Bits, Name, RunId, Step};
            let insert = point::Entity::insert_many(chunk.iter().cloned().map(IntoActiveModel::into_active_model));
            let there = OnConflict::columns([RunId, Name, Step, At, Bits]).do_nothing().to_owned();
            let added = insert.on_conflict(there).exec_without_returning(&self.store.conn(ctx)).await?;
            summary.points += added.cast_signed();
        }
        let added = (summary.points - before).unsigned_abs();
        let conn = self.store.conn(ctx);
        if exists {
            metric::Entity::update(summary.into_active_model().reset_all()).exec(&conn).await?;
        } else {
            metric::Entity::insert(summary.into_active_model()).exec_without_returning(&conn).await?;
        }
        Ok(added)
    }

    pub(super) async fn series(&self, ctx: &Ctx, req: GetSeries) -> Result<RunSeries> {
        let most = req.max_points.unwrap_or(POINTS);
        if !(2..=MOST_POINTS).contains(&most) {
            return Err(
                Error::invalid("maxPoints", format!("must be 2 to {MOST_POINTS}")).hint("leave it out for 1,000")
            );
        }
        if req.metrics.as_ref().is_some_and(|names| names.is_empty() || names.len() > CURVES) {
            return Err(Error::invalid("metrics", format!("must name 1 to {CURVES} metrics"))
                .hint("leave it out for all of them"));
        }
        self.load(ctx, req.run_id).await?;
        let mut select = metric::Entity::find().filter(metric::Column::RunId.eq(req.run_id.0));
        if let Some(names) = &req.metrics {
            let names: BTreeSet<&String> = names.iter().collect();
            select = select.filter(metric::Column::Name.is_in(names));
        }
        let select = select.order_by_asc(metric::Column::Name).limit(CURVES as u64);
        let mut series = Vec::new();
        for metric in select.all(&self.store.conn(ctx)).await? {
            series.push(self.curve(ctx, metric, most).await?);
        }
        Ok(RunSeries { run_id: req.run_id, series })
    }

    async fn curve(&self, ctx: &Ctx, metric: metric::Model, most: u32) -> Result<Series> {
        let total = metric.points.unsigned_abs();
        let select = point::Entity::find()
            .filter(point::Column::RunId.eq(metric.run_id))
            .filter(point::Column::Name.eq(metric.name.as_str()))
            .filter(point::Column::Level.gte(curve::enough(total, most)))
            .order_by_asc(point::Column::Step)
            .order_by_asc(point::Column::At);
        let rows = select.all(&self.store.conn(ctx)).await?;
        let last =
            SeriesPoint { step: metric.step, time: Timestamp::from_micros(metric.at), value: number(metric.last_bits) };
        let points = rows.iter().map(to_series_point).collect();
        Ok(Series { name: metric.name, points: curve::thin(points, last, most as usize), total })
    }

    pub(super) async fn watch(&self, ctx: &Ctx, req: WatchRun) -> Result<Events<RunEvent>> {
        let id = req.run_id;
        let mut changes = self.store.signals().listen(topic(id));
        let row = self.load(ctx, id).await?;
        let mut seq = req.after.unwrap_or(row.seq);
        let (room, ctx) = (self.clone(), ctx.clone());
        let events = try_stream! {
            let mut said: Option<RunStatus> = None;
            loop {
                let row = room.load(&ctx, id).await?;
                let status = runs::status(&row)?;
                let points = room.points_after(&ctx, id, seq).await?;
                let more = points.len() as u64 == EVENT;
                if !points.is_empty() || said != Some(status) {
                    seq = points.last().map_or(seq, |point| point.seq);
                    said = Some(status);
                    yield RunEvent { seq, points: points.into_iter().map(to_point).collect(), status };
                }
                if more {
                    continue;
                }
                if status != RunStatus::Running {
                    break;
                }
                changes.changed().await;
            }
        };
        Ok(events.boxed())
    }

    async fn points_after(&self, ctx: &Ctx, id: RunId, seq: i64) -> Result<Vec<point::Model>> {
        let select = point::Entity::find()
            .filter(point::Column::RunId.eq(id.0))
            .filter(point::Column::Seq.gt(seq))
            .order_by_asc(point::Column::Seq)
            .limit(EVENT);
        Ok(select.all(&self.store.conn(ctx)).await?)
    }
}

fn check(points: &[MetricPoint]) -> Result<()> {
    if points.is_empty() || points.len() > BATCH {
        return Err(Error::invalid("metrics", format!("must be 1 to {BATCH} points")).hint("send several batches"));
    }
    for (index, point) in points.iter().enumerate() {
        let field = format!("metrics[{index}].name");
        if point.name.is_empty() {
            return Err(Error::invalid(&field, "must not be empty").hint("name the metric"));
        }
        check_text(&field, &point.name, NAME_CHARS)?;
    }
    Ok(())
}

fn row(ctx: &Ctx, id: RunId, point: &MetricPoint, seq: i64) -> point::Model {
    let at = point.time.unwrap_or_else(|| ctx.now()).micros();
    let bits = point.value.0.to_bits().cast_signed();
    point::Model { run_id: id.0, name: point.name.clone(), step: point.step, at, bits, seq, level: 0 }
}

fn empty(first: &point::Model) -> metric::Model {
    metric::Model {
        run_id: first.run_id,
        name: first.name.clone(),
        points: 0,
        step: i64::MIN,
        at: i64::MIN,
        last_bits: 0,
        last: None,
        min: None,
        max: None,
    }
}

/// Takes a point into what is known of its metric. Taking it twice is taking it once.
fn absorb(summary: &mut metric::Model, point: &point::Model) {
    let value = number(point.bits).0;
    if (point.step, point.at) >= (summary.step, summary.at) {
        (summary.step, summary.at, summary.last_bits) = (point.step, point.at, point.bits);
        summary.last = value.is_finite().then_some(value);
    }
    if value.is_finite() {
        summary.min = Some(summary.min.map_or(value, |min| min.min(value)));
        summary.max = Some(summary.max.map_or(value, |max| max.max(value)));
    }
}

fn number(bits: i64) -> Number {
    Number(f64::from_bits(bits.cast_unsigned()))
}

fn to_series_point(row: &point::Model) -> SeriesPoint {
    SeriesPoint { step: row.step, time: Timestamp::from_micros(row.at), value: number(row.bits) }
}

fn to_point(row: point::Model) -> MetricPoint {
    let (value, time) = (number(row.bits), Some(Timestamp::from_micros(row.at)));
    MetricPoint { name: row.name, value, step: row.step, time }
}
