//! Datasets that were deleted: set aside as they were, brought back, or gone for good.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::super::rows::{card, dataset, file, index, review, validation};
use super::super::{Dataset, DatasetId, DeletedDataset, ListTrashedDatasets};
use super::cards::Prose;
use super::datasets::exists;
use super::{SqlDatasets, owner};
use crate::base::{Ctx, Error, Id, Page, PageRequest, Result};
use crate::blob::pass_holder;
use crate::store::Named;
use crate::trash::{Discarded, TrashedItem, TrashedKind};

pub(super) const KIND: &str = "dataset";
/// How many rows are written in one statement.
const MANY: usize = 500;

/// A dataset as its tables have it.
#[derive(Serialize, Deserialize)]
struct Rows {
    dataset: dataset::Model,
    files: Vec<file::Model>,
    indexes: Vec<index::Model>,
    reviews: Vec<review::Model>,
    validations: Vec<validation::Model>,
    #[serde(default)]
    card_text: Option<String>,
    #[serde(default)]
    card_head: String,
}

/// What is read of a dataset that goes for good: it may be older than the fields of today.
#[derive(Deserialize)]
struct Of {
    dataset: Made,
}

#[derive(Deserialize)]
struct Made {
    created_at: i64,
}

impl SqlDatasets {
    /// Takes a dataset out of its tables, in the open unit.
    pub(super) async fn discard(&self, ctx: &Ctx, row: &dataset::Model) -> Result<DeletedDataset> {
        let (conn, id) = (self.store.conn(ctx), DatasetId(row.id));
        let files = self.file_rows(ctx, id).await?;
        let ids: Vec<Uuid> = files.iter().map(|file| file.id).collect();
        let mut indexes = Vec::new();
        for some in ids.chunks(MANY) {
            let mine = index::Column::FileId.is_in(some.iter().copied());
            indexes.extend(index::Entity::find().filter(mine.clone()).all(&conn).await?);
            index::Entity::delete_many().filter(mine).exec(&conn).await?;
        }
        let of_file = file::Column::DatasetId.eq(row.id);
        let of_review = review::Column::DatasetId.eq(row.id);
        let of_validation = validation::Column::DatasetId.eq(row.id);
        let reviews = review::Entity::find().filter(of_review.clone()).all(&conn).await?;
        let mut validations = validation::Entity::find().filter(of_validation.clone()).all(&conn).await?;
        for validation in &mut validations {
            if validation.checkpoint.take().is_some() {
                self.blobs.release_all(&self.store, ctx, &pass_holder(validation.id)).await?;
            }
        }
        file::Entity::delete_many().filter(of_file).exec(&conn).await?;
        review::Entity::delete_many().filter(of_review).exec(&conn).await?;
        validation::Entity::delete_many().filter(of_validation).exec(&conn).await?;
        let Prose { head: card_head, text: card_text } = self.prose(ctx, row.id).await?;
        card::Entity::delete_by_id(row.id).exec(&conn).await?;
        Named::Datasets.remove(&self.store, ctx, (&row.project, &row.name, row.id)).await?;
        dataset::Entity::delete_by_id(row.id).exec(&conn).await?;
        let holds: Vec<_> = files.iter().map(|file| (owner(id, &file.path), file.sha256.clone())).collect();
        let count = files.len() as u64;
        let dataset = row.clone();
        let rows = Rows { dataset, files, indexes, reviews, validations, card_text, card_head };
        let thing = Discarded {
            kind: KIND,
            id: row.id,
            name: row.name.clone(),
            version: row.version.clone(),
            rows: crate::op::encode(&rows)?,
            holds,
        };
        let restorable_until = self.trash.take(ctx, thing).await?;
        let storage_cleaned = restorable_until.is_none() && count == 0;
        if restorable_until.is_none() {
            self.recount(ctx, row).await?;
        }
        Ok(DeletedDataset { dataset_id: id, files: count, restorable_until, storage_cleaned })
    }

    pub(super) async fn trash_list(&self, ctx: &Ctx, req: ListTrashedDatasets) -> Result<Page<TrashedItem>> {
        self.trash.list(ctx, KIND, &PageRequest::new(req.limit, req.cursor)?).await
    }

    pub(super) async fn restore_deleted(&self, ctx: &Ctx, id: DatasetId) -> Result<Dataset> {
        let kept: Rows = self.trash.give_back(ctx, KIND, id.0).await?;
        let (mut dataset, conn) = (kept.dataset, self.store.conn(ctx));
        let same = dataset::Entity::find()
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Name.eq(&dataset.name))
            .filter(dataset::Column::Version.eq(&dataset.version));
        if let Some(taken) = same.one(&conn).await? {
            return Err(exists(ctx, &taken).hint("delete the other one first, or leave this one where it is"));
        }
        (dataset.updated_at, dataset.revision) = (ctx.now().micros(), dataset.revision + 1);
        let told = json!({ "restored": dataset.name, "version": dataset.version, "files": kept.files.len() });
        ctx.touch("dataset", dataset.id, told);
        self.insert_row(ctx, &dataset, || exists(ctx, &dataset)).await?;
        for some in kept.files.chunks(MANY) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            file::Entity::insert_many(rows).exec_without_returning(&conn).await?;
        }
        for index in kept.indexes {
            index::Entity::insert(index.into_active_model()).exec_without_returning(&conn).await?;
        }
        for some in kept.reviews.chunks(MANY) {
            let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
            review::Entity::insert_many(rows).exec_without_returning(&conn).await?;
        }
        for validation in kept.validations {
            validation::Entity::insert(validation.into_active_model()).exec_without_returning(&conn).await?;
        }
        self.put_prose(ctx, id.0, Prose { head: kept.card_head, text: kept.card_text }).await?;
        ctx.signal(format!("datasets/{id}"));
        self.get(ctx, id).await
    }

    pub(super) async fn purge(&self, ctx: &Ctx, id: DatasetId) -> Result<DeletedDataset> {
        let (gone, rows) = self.trash.purge(ctx, KIND, id.0).await?;
        let of: Of = serde_json::from_value(rows)
            .map_err(|cause| Error::unexpected("what is in the trash cannot be read").caused_by(cause))?;
        self.recount_from(ctx, (&gone.name, of.dataset.created_at)).await?;
        ctx.touch("dataset", id, json!({ "purged": gone.name, "version": gone.version }));
        let storage_cleaned = gone.files == 0;
        Ok(DeletedDataset { dataset_id: id, files: gone.files, restorable_until: None, storage_cleaned })
    }
}

#[async_trait]
impl TrashedKind for SqlDatasets {
    fn kind(&self) -> &'static str {
        KIND
    }

    async fn purge(&self, ctx: &Ctx, id: Id) -> Result<()> {
        self.purge(ctx, DatasetId(id)).await.map(drop)
    }
}
