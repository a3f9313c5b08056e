//! Models in order, page by page.

use std::collections::HashMap;

use sea_orm::sea_query::{Alias, Expr, ExprTrait, Query, SimpleExpr};
use sea_orm::{ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QuerySelect, RelationTrait};
use uuid::Uuid;

use super::super::rows::{model, tag};
use super::super::{ListModelVersions, ListModels, Model, ModelSort};
use super::SqlCatalog;
use super::models::type_name;
use crate::base::{Ctx, Page, PageInfo, PageRequest, Result};
use crate::store::keyset::{self, Keyset};
use crate::store::{Named, holds};

impl SqlCatalog {
    pub(super) async fn list(&self, ctx: &Ctx, req: ListModels) -> Result<Page<Model>> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let within = match (Named::Models.narrow(&self.store, ctx, req.text.as_deref()).await?, &req.tag) {
            (Some(few), None) => model::Column::Id.in_subquery(few),
            (Some(few), Some(tag)) => model::Column::Id.in_subquery(few).and(has_tag(tag)),
            (None, None) => model::Column::Project.eq(ctx.project()),
            (None, Some(tag)) => {
                let (rows, page) = self.tagged(ctx, tag, &req, &request).await?;
                return Ok(Page { items: self.dress(ctx, rows).await?, page });
            }
        };
        let (column, ascending) = match req.sort.unwrap_or_default() {
            ModelSort::NewestFirst => (model::Column::CreatedAt, false),
            ModelSort::OldestFirst => (model::Column::CreatedAt, true),
            ModelSort::LastChangedFirst => (model::Column::UpdatedAt, false),
            ModelSort::FirstChangedFirst => (model::Column::UpdatedAt, true),
            ModelSort::Name => (model::Column::Name, true),
            ModelSort::NameBackwards => (model::Column::Name, false),
        };
        let order = ordered(&req, column, model::Column::Id, ascending)?;
        let select = model::Entity::find().filter(wanted(&req).add(within));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: self.dress(ctx, rows).await?, page })
    }

    /// The models of a tag, in the order of the tag's own index: those of a rare one are found as soon as all others.
    async fn tagged(
        &self,
        ctx: &Ctx,
        tag: &str,
        req: &ListModels,
        request: &PageRequest,
    ) -> Result<(Vec<model::Model>, PageInfo)> {
        let select = tag::Entity::find()
            .join(JoinType::InnerJoin, tag::Relation::Model.def())
            .filter(tag::Column::Project.eq(ctx.project()))
            .filter(tag::Column::Tag.eq(tag))
            .filter(wanted(req));
        let (column, ascending) = match req.sort.unwrap_or_default() {
            ModelSort::NewestFirst => (tag::Column::CreatedAt, false),
            ModelSort::OldestFirst => (tag::Column::CreatedAt, true),
            ModelSort::LastChangedFirst => (tag::Column::UpdatedAt, false),
            ModelSort::FirstChangedFirst => (tag::Column::UpdatedAt, true),
            ModelSort::Name => (tag::Column::Name, true),
            ModelSort::NameBackwards => (tag::Column::Name, false),
        };
        let order = ordered(req, column, tag::Column::ModelId, ascending)?;
        let (tags, page) = keyset::page(&self.store, ctx, select, order, request).await?;
        let ids = tags.iter().map(|row| row.model_id);
        let rows = model::Entity::find().filter(model::Column::Id.is_in(ids)).all(&self.store.conn(ctx)).await?;
        let mut rows: HashMap<Uuid, model::Model> = rows.into_iter().map(|row| (row.id, row)).collect();
        Ok((tags.iter().filter_map(|tag| rows.remove(&tag.model_id)).collect(), page))
    }

    pub(super) async fn versions(&self, ctx: &Ctx, req: ListModelVersions) -> Result<Page<Model>> {
        let of = self.load(ctx, req.model_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let select = model::Entity::find()
            .filter(model::Column::Project.eq(ctx.project()))
            .filter(model::Column::Name.eq(of.name.as_str()));
        let order = Keyset {
            list: format!("versions|{}", of.name),
            column: model::Column::CreatedAt,
            id: model::Column::Id,
            ascending: false,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: self.dress(ctx, rows).await?, page })
    }
}

fn ordered<C>(req: &ListModels, column: C, id: C, ascending: bool) -> Result<Keyset<C>> {
    let filters = ListModels { cursor: None, limit: None, ..req.clone() };
    let list = format!("models|{}", crate::op::encode(&filters)?);
    Ok(Keyset { list, column, id, ascending, total: req.include_total.unwrap_or(false) })
}

/// What a model must be, its project and tag aside.
fn wanted(req: &ListModels) -> Condition {
    let equal = [
        (model::Column::ModelType, req.model_type.map(|t| type_name(t).to_owned())),
        (model::Column::Status, req.status.map(|s| s.name().to_owned())),
        (model::Column::Name, req.name.clone()),
        (model::Column::Version, req.version.clone()),
        (model::Column::OwnerTeam, req.owner_team.clone()),
        (model::Column::ModelFamily, req.family.clone()),
    ];
    let equal = equal.into_iter().filter_map(|(column, value)| Some(column.eq(value?)));
    let all = equal.fold(Condition::all(), Condition::add);
    let digest = |begins: &String| crate::store::begins_in_hex(model::Column::Digest, begins);
    let all = all.add_option(req.digest.as_ref().map(digest));
    let all = all.add_option(req.newest.filter(|newest| *newest).map(|_| newer().not()));
    all.add_option(req.text.as_ref().map(|text| holds(model::Column::Name, text)))
}

/// Whether a model has a tag.
fn has_tag(tag: &str) -> SimpleExpr {
    let mut found = Query::select();
    found
        .expr(Expr::value(1))
        .from(tag::Entity)
        .and_where(Expr::col((tag::Entity, tag::Column::ModelId)).equals((model::Entity, model::Column::Id)))
        .and_where(tag::Column::Tag.eq(tag));
    Expr::exists(found)
}

/// Whether there is a newer version of the same name.
fn newer() -> SimpleExpr {
    let other = Alias::new("newer");
    let of = |column| Expr::col((other.clone(), column));
    let this = |column| Expr::col((model::Entity, column));
    let tie = of(model::Column::CreatedAt).eq(this(model::Column::CreatedAt));
    let later = of(model::Column::CreatedAt)
        .gt(this(model::Column::CreatedAt))
        .or(tie.and(of(model::Column::Id).gt(this(model::Column::Id))));
    let mut found = Query::select();
    found
        .expr(Expr::value(1))
        .from_as(model::Entity, other.clone())
        .and_where(of(model::Column::Project).eq(this(model::Column::Project)))
        .and_where(of(model::Column::Name).eq(this(model::Column::Name)))
        .and_where(later);
    Expr::exists(found)
}
