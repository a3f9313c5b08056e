//! Versions of a name, found and compared.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::super::rows::model;
use super::super::{CompareModelVersions, ModelComparison, ModelId, ModelType, compare};
use super::SqlCatalog;
use super::models::{type_name, type_of};
use crate::base::{Ctx, Error, Result, Semver};

/// A version that is asked for, and the field that asks for it.
#[derive(Clone, Copy)]
pub(super) struct Sought<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) model_type: Option<ModelType>,
    pub(super) field: &'a str,
}

impl SqlCatalog {
    pub(super) async fn compare(&self, ctx: &Ctx, req: CompareModelVersions) -> Result<ModelComparison> {
        let of = self.load(ctx, req.model_id).await?;
        let a = self.version_like(ctx, &of, &req.a, "a").await?;
        let b = self.version_like(ctx, &of, &req.b, "b").await?;
        let (files_a, files_b) = (self.all_files(ctx, ModelId(a.id)).await?, self.all_files(ctx, ModelId(b.id)).await?);
        let dressed = self.dress(ctx, vec![a, b]).await?;
        match dressed.as_slice() {
            [a, b] => Ok(compare::compare(a, b, &files_a, &files_b)),
            _ => Err(Error::unexpected("two models were read and not two came")),
        }
    }

    /// A version of the same name, of the same type if there are several.
    async fn version_like(&self, ctx: &Ctx, of: &model::Model, version: &str, field: &str) -> Result<model::Model> {
        let sought = Sought { name: &of.name, version, model_type: Some(type_of(&of.model_type)?), field };
        match self.version(ctx, sought).await {
            Ok(found) => Ok(found),
            Err(_) => self.version(ctx, Sought { model_type: None, ..sought }).await,
        }
    }

    /// The version of a name.
    pub(super) async fn version(&self, ctx: &Ctx, sought: Sought<'_>) -> Result<model::Model> {
        let Sought { name, version, model_type, field } = sought;
        let version = Semver::parse(field, version)?.to_string();
        let mut select = model::Entity::find()
            .filter(model::Column::Project.eq(ctx.project()))
            .filter(model::Column::Name.eq(name))
            .filter(model::Column::Version.eq(version.as_str()));
        if let Some(model_type) = model_type {
            select = select.filter(model::Column::ModelType.eq(type_name(model_type)));
        }
        let mut found = select.all(&self.store.conn(ctx)).await?;
        match (found.pop(), found.is_empty()) {
            (Some(one), true) => Ok(one),
            (Some(_), false) => Err(Error::invalid("type", "is needed: the name has this version in several types")
                .hint("say `base`, `fine-tuned` or `external`")),
            (None, _) => Err(Error::not_found("model", format!("{name} {version}"))
                .field(field)
                .hint("list its versions to see which there are")),
        }
    }
}
