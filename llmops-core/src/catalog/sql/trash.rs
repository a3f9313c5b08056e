//! Models that were deleted: set aside as they were, brought back, or gone for good.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::rows::{file, learned, model, tag};
use super::super::{DeletedModel, ListTrashedModels, Model, ModelId};
use super::{SqlCatalog, owner};
use crate::base::{Ctx, Id, Page, PageRequest, Result};
use crate::cards::CREDENTIAL;
use crate::store::Named;
use crate::trash::{Discarded, TrashedItem, TrashedKind};

pub(super) const KIND: &str = "model";
/// How many rows are written in one statement.
const MANY: usize = 500;

/// A model as its tables have it.
#[derive(Serialize, Deserialize)]
struct Rows {
    model: model::Model,
    tags: Vec<tag::Model>,
    files: Vec<file::Model>,
}

impl SqlCatalog {
    /// Takes a model out of its tables, in the open unit.
    pub(super) async fn discard(&self, ctx: &Ctx, row: &model::Model) -> Result<DeletedModel> {
        let (conn, id) = (self.store.conn(ctx), ModelId(row.id));
        let files = file::Entity::find().filter(file::Column::ModelId.eq(row.id)).all(&conn).await?;
        let tags = tag::Entity::find().filter(tag::Column::ModelId.eq(row.id)).all(&conn).await?;
        file::Entity::delete_many().filter(file::Column::ModelId.eq(row.id)).exec(&conn).await?;
        tag::Entity::delete_many().filter(tag::Column::ModelId.eq(row.id)).exec(&conn).await?;
        learned::Entity::delete_many().filter(learned::Column::ModelId.eq(row.id)).exec(&conn).await?;
        Named::Models.remove(&self.store, ctx, (&row.project, &row.name, row.id)).await?;
        model::Entity::delete_by_id(row.id).exec(&conn).await?;
        let holds: Vec<_> = files.iter().map(|file| (owner(id, &file.path), file.sha256.clone())).collect();
        let count = files.len() as u64;
        let thing = Discarded {
            kind: KIND,
            id: row.id,
            name: row.name.clone(),
            version: row.version.clone(),
            rows: crate::op::encode(&Rows { model: row.clone(), tags, files })?,
            holds,
        };
        let restorable_until = self.trash.take(ctx, thing).await?;
        let storage_cleaned = restorable_until.is_none() && count == 0;
        Ok(DeletedModel { model_id: id, files: count, restorable_until, storage_cleaned })
    }

    pub(super) async fn trash_list(&self, ctx: &Ctx, req: ListTrashedModels) -> Result<Page<TrashedItem>> {
        self.trash.list(ctx, KIND, &PageRequest::new(req.limit, req.cursor)?).await
    }

    pub(super) async fn restore(&self, ctx: &Ctx, id: ModelId) -> Result<Model> {
        let Rows { mut model, mut tags, files } = self.trash.give_back(ctx, KIND, id.0).await?;
        let conn = self.store.conn(ctx);
        let same = model::Entity::find()
            .filter(model::Column::Project.eq(ctx.project()))
            .filter(model::Column::Name.eq(&model.name))
            .filter(model::Column::Version.eq(&model.version))
            .filter(model::Column::ModelType.eq(&model.model_type));
        if let Some(taken) = same.one(&conn).await? {
            return Err(
                super::models::exists(ctx, &taken).hint("delete the other one first, or leave this one where it is")
            );
        }
        (model.updated_at, model.revision) = (ctx.now().micros(), model.revision + 1);
        tags.iter_mut().for_each(|tag| tag.updated_at = model.updated_at);
        if let Some(card) = model.metadata.as_object_mut() {
            card.remove(CREDENTIAL); // the key did not wait in the trash
        }
        ctx.touch("model", model.id, json!({ "restored": model.name, "version": model.version, "files": files.len() }));
        self.insert_model(ctx, &model).await?;
        for some in tags.chunks(MANY) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            tag::Entity::insert_many(rows).exec_without_returning(&conn).await?;
        }
        for some in files.chunks(MANY) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            file::Entity::insert_many(rows).exec_without_returning(&conn).await?;
        }
        ctx.signal(format!("catalog/{id}"));
        self.get(ctx, id).await
    }

    pub(super) async fn purge(&self, ctx: &Ctx, id: ModelId) -> Result<DeletedModel> {
        let (gone, _) = self.trash.purge(ctx, KIND, id.0).await?;
        ctx.touch("model", id, json!({ "purged": gone.name, "version": gone.version }));
        let storage_cleaned = gone.files == 0;
        Ok(DeletedModel { model_id: id, files: gone.files, restorable_until: None, storage_cleaned })
    }
}

#[async_trait]
impl TrashedKind for SqlCatalog {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn purge(&self, ctx: &Ctx, id: Id) -> Result<()> {
        self.purge(ctx, ModelId(id)).await.map(drop)
    }
}
