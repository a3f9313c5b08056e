//! Search: the filter becomes conditions, each on an index.

use sea_orm::sea_query::{BinOper, Expr, ExprTrait, Func, IntoColumnRef, LikeExpr, Query, SelectStatement, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait, Select};
use uuid::Uuid;

use super::super::filter::{self, Comparison, Field, Filter, Literal};
use super::super::rows::{label, metric, run};
use super::super::{Run, SearchRuns};
use super::SqlExperiments;
use crate::base::{Ctx, Error, Page, PageRequest, Result};
use crate::store::keyset;

impl SqlExperiments {
    pub(super) async fn search(&self, ctx: &Ctx, req: SearchRuns) -> Result<Page<Run>> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let mut select = run::Entity::find().filter(run::Column::Project.eq(ctx.project()));
        if let Some(text) = &req.filter {
            select = select.filter(self.condition(&filter::parse(text)?)?);
        }
        let asked = req.order_by.as_deref().unwrap_or("-startedAt");
        let list = format!("runs|{asked}|{}", req.filter.as_deref().unwrap_or_default());
        let (key, ascending) = asked.strip_prefix('-').map_or((asked, true), |key| (key, false));
        if let Some(name) = key.strip_prefix("metrics.").filter(|name| !name.is_empty()) {
            let order = keyset::Keyset {
                list,
                column: metric::Column::Last,
                id: metric::Column::RunId,
                ascending,
                total: false,
            };
            return self.by_metric(ctx, measured(select, name), order, &request).await;
        }
        let column = match key {
            "startedAt" | "started_at" => run::Column::StartedAt,
            "name" => run::Column::Name,
            _ => {
                return Err(Error::invalid(
                    "orderBy",
                    "must be startedAt, name or metrics.NAME, with - for the reverse",
                )
                .hint("leave it out for the newest first"));
            }
        };
        let order = keyset::Keyset { list, column, id: run::Column::Id, ascending, total: false };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: self.dress(ctx, rows).await?, page })
    }

    async fn by_metric(
        &self,
        ctx: &Ctx,
        measured: Select<metric::Entity>,
        order: keyset::Keyset<metric::Column>,
        request: &PageRequest,
    ) -> Result<Page<Run>> {
        let (rows, page) = keyset::page(&self.store, ctx, measured, order, request).await?;
        let ids: Vec<Uuid> = rows.iter().map(|row| row.run_id).collect();
        let mut found =
            run::Entity::find().filter(run::Column::Id.is_in(ids.clone())).all(&self.store.conn(ctx)).await?;
        found.sort_by_key(|row| ids.iter().position(|id| *id == row.id));
        Ok(Page { items: self.dress(ctx, found).await?, page })
    }

    fn condition(&self, filter: &Filter) -> Result<Condition> {
        Ok(match filter {
            Filter::And(a, b) => Condition::all().add(self.condition(a)?).add(self.condition(b)?),
            Filter::Or(a, b) => Condition::any().add(self.condition(a)?).add(self.condition(b)?),
            Filter::Compare(field, comparison, literal) => {
                Condition::all().add(self.compared(field, *comparison, literal)?)
            }
        })
    }

    fn compared(&self, field: &Field, comparison: Comparison, literal: &Literal) -> Result<SimpleExpr> {
        match (field, literal) {
            (Field::Metric(name), Literal::Number(number)) => {
                let last = (metric::Entity, metric::Column::Last);
                let of = belongs(metric::Entity, (metric::Entity, metric::Column::RunId))
                    .and_where(Expr::col((metric::Entity, metric::Column::Name)).eq(name.as_str()))
                    .and_where(order(last, comparison, *number))
                    .to_owned();
                Ok(Expr::exists(of))
            }
            (Field::Param(name), Literal::Text(text)) => Ok(self.labelled("param", name, comparison, text)),
            (Field::Tag(name), Literal::Text(text)) => Ok(self.labelled("tag", name, comparison, text)),
            (Field::Attribute("startedAt"), Literal::Number(millis)) => {
                Ok(order((run::Entity, run::Column::StartedAt), comparison, (millis * 1000.0) as i64))
            }
            (Field::Attribute("jobId"), Literal::Text(text)) => job(comparison, text),
            (Field::Attribute(name), Literal::Text(text)) => {
                let column = match *name {
                    "status" => run::Column::Status,
                    "createdBy" => run::Column::CreatedBy,
                    _ => run::Column::Name,
                };
                Ok(self.matches((run::Entity, column), comparison, text))
            }
            _ => Err(Error::unexpected("a filter of the wrong types passed its check")),
        }
    }

    fn labelled(&self, kind: &str, name: &str, comparison: Comparison, text: &str) -> SimpleExpr {
        let of = belongs(label::Entity, (label::Entity, label::Column::RunId))
            .and_where(Expr::col((label::Entity, label::Column::Kind)).eq(kind))
            .and_where(Expr::col((label::Entity, label::Column::Name)).eq(name))
            .and_where(self.matches((label::Entity, label::Column::Value), comparison, text))
            .to_owned();
        Expr::exists(of)
    }

    /// SQLite's LIKE ignores case and PostgreSQL's does not, so each gets the words that mean the same.
    fn matches(&self, column: impl IntoColumnRef, comparison: Comparison, text: &str) -> SimpleExpr {
        let column = Expr::col(column);
        match comparison {
            Comparison::NotEqual => column.ne(text),
            Comparison::Like if self.store.kind() == "sqlite" => column.binary(BinOper::Custom("GLOB"), glob(text)),
            Comparison::Like => column.like(LikeExpr::new(text)),
            Comparison::ILike => Expr::expr(Func::lower(column)).like(LikeExpr::new(text.to_ascii_lowercase())),
            _ => column.eq(text),
        }
    }
}

/// What is known of one metric in each of these runs that has a finite value of it.
fn measured(runs: Select<run::Entity>, name: &str) -> Select<metric::Entity> {
    let runs = runs.select_only().column(run::Column::Id).into_query();
    metric::Entity::find()
        .filter(metric::Column::Name.eq(name))
        .filter(metric::Column::Last.is_not_null())
        .filter(metric::Column::RunId.in_subquery(runs))
}

/// The rows of a table that belong to the run asked about.
fn belongs(table: impl sea_orm::sea_query::IntoTableRef, run_id: impl IntoColumnRef) -> SelectStatement {
    let same = Expr::col(run_id).equals((run::Entity, run::Column::Id));
    Query::select().expr(Expr::val(1)).from(table).and_where(same).to_owned()
}

fn order(column: impl IntoColumnRef, comparison: Comparison, value: impl Into<sea_orm::Value>) -> SimpleExpr {
    let (column, value) = (Expr::col(column), Expr::val(value));
    match comparison {
        Comparison::NotEqual => column.ne(value),
        Comparison::Less => column.lt(value),
        Comparison::LessOrEqual => column.lte(value),
        Comparison::Greater => column.gt(value),
        Comparison::GreaterOrEqual => column.gte(value),
        _ => column.eq(value),
    }
}

fn job(comparison: Comparison, text: &str) -> Result<SimpleExpr> {
    let id: Uuid = text.parse().map_err(|_| {
        Error::invalid("filter", "compares jobId with what is no id").hint("compare it with an id, in quotes")
    })?;
    match comparison {
        Comparison::Equal => Ok(run::Column::JobId.eq(id)),
        Comparison::NotEqual => Ok(run::Column::JobId.ne(id)),
        _ => Err(Error::invalid("filter", "knows only = and != for jobId").hint("use one of them")),
    }
}

/// The pattern of LIKE in the words of GLOB.
fn glob(like: &str) -> String {
    like.chars().fold(String::new(), |mut out, c| {
        match c {
            '%' => out.push('*'),
            '_' => out.push('?'),
            '*' | '?' | '[' => out.extend(['[', c, ']']),
            other => out.push(other),
        }
        out
    })
}
