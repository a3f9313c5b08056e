//! Counts of tokens: asked for, read, followed, ended, forgotten. The loop carries them out.

use std::collections::BTreeSet;

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::derive::check_columns;
use super::super::rows::token_count;
use super::super::tokens::{FILE_BYTES, text_columns};
use super::super::{
    CancelTokenCount, CountTokens, Dataset, DatasetId, DatasetWorkState, GetTokenCount, ListTokenCounts, ModelPart,
    TokenCount, TokenRows, TokenizerUsed, ValidationProgress,
};
use super::SqlDatasets;
use super::comparisons::no_files;
use super::datasets::{stored, to_dataset};
use crate::base::{Ctx, Error, ErrorKind, Events, Id, Page, PageRequest, Result, Timestamp};
use crate::blob;
use crate::store::count::{signed, unsigned};
use crate::store::keyset;

/// Counts of a project that may be under way.
const OPEN: u64 = 16;

/// The tokenizer of a model as it was when it was asked for. Its files are held until nothing needs them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PinnedTokenizer {
    pub model_id: Id,
    /// The model's name and version.
    pub name: String,
    pub tokenizer: ModelPart,
    pub config: Option<ModelPart>,
    pub settings: Option<ModelPart>,
}

impl PinnedTokenizer {
    /// Its files as the blob store knows them.
    pub(super) fn blobs(&self) -> impl Iterator<Item = blob::Stored> {
        let parts = [Some(&self.tokenizer), self.config.as_ref(), self.settings.as_ref()];
        parts.into_iter().flatten().map(|part| blob::Stored { digest: part.digest.clone(), bytes: part.bytes })
    }
}

/// Who holds the files of a tokenizer while its tokens are counted.
pub(super) fn holder(count: Id) -> String {
    format!("token-count/{count}")
}

/// What wakes the loop and the watchers of a count.
pub(super) fn topic(id: Id) -> String {
    format!("token_counts/{id}")
}

impl SqlDatasets {
    pub(super) async fn begin_count(&self, ctx: &Ctx, req: CountTokens) -> Result<TokenCount> {
        let of = self.get(ctx, req.dataset_id).await?;
        let Some(digest) = of.digest.clone() else { return Err(no_files(&of, "datasetId")) };
        let columns = settled_columns("columns", req.columns.as_deref(), &of)?;
        let tokenizer = self.pinned_tokenizer(ctx, "modelId", req.model_id).await?;
        if self.open_counts(ctx).await? >= OPEN {
            return Err(Error::conflict(format!("{OPEN} counts of tokens of this project are under way"))
                .code("too_many_counts")
                .hint("wait until one of them ends, or cancel one"));
        }
        let row = token_count::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            dataset_id: of.id.0,
            digest,
            tokenizer: crate::op::encode(&tokenizer)?,
            columns: crate::op::encode(&columns)?,
            state: DatasetWorkState::Queued.name().to_owned(),
            rows_read: 0,
            bytes_read: 0,
            bytes_total: signed(of.bytes),
            report: None,
            error: None,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
            finished_at: None,
        };
        let insert = token_count::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        let held = tokenizer.blobs().map(|stored| (holder(row.id), stored)).collect();
        self.blobs.hold_all(&self.store, ctx, held).await?;
        let said = json!({
            "tokenCount": row.id, "digest": row.digest, "model": tokenizer.model_id,
            "tokenizer": tokenizer.tokenizer.digest,
        });
        ctx.touch("dataset", of.id, said);
        ctx.signal(topic(row.id));
        to_count(row)
    }

    /// The tokenizer of a model of the caller's project, if it has one that may be read. `field` names the model.
    pub(super) async fn pinned_tokenizer(&self, ctx: &Ctx, field: &str, id: Id) -> Result<PinnedTokenizer> {
        if !ctx.caller.may("catalog:read") {
            return Err(Error::denied("naming a model needs the permission `catalog:read`")
                .code("permission_missing")
                .field(field)
                .hint("ask somebody who may read the catalog"));
        }
        let Some(models) = &self.models else {
            let nobody = Error::new(ErrorKind::Unsupported, "nobody here knows the tokenizers of models");
            return Err(nobody.field(field).hint("use a platform with a catalog"));
        };
        let missing = || Error::not_found("model", id).field(field).hint("take a model of the catalog");
        let found = models.tokenizer_of(ctx, id).await?.ok_or_else(missing)?;
        let Some(tokenizer) = found.tokenizer else {
            return Err(Error::conflict(format!("`{field}` names {}, which has no tokenizer.json", found.name))
                .code("no_tokenizer")
                .field(field)
                .hint("choose a model with one among its files, or upload it to this one"));
        };
        if tokenizer.bytes > FILE_BYTES {
            let (name, most) = (&found.name, FILE_BYTES >> 20);
            let what = format!("`{field}` names {name}, whose tokenizer.json is larger than {most} MiB");
            return Err(Error::new(ErrorKind::TooLarge, what)
                .code("tokenizer_too_large")
                .field(field)
                .hint("choose another model"));
        }
        Ok(PinnedTokenizer {
            model_id: id,
            name: found.name,
            tokenizer,
            config: found.config,
            settings: found.settings,
        })
    }

    /// Fills in what a derivation by numbers of tokens reads, so that doing it again reads the same.
    pub(super) async fn settle_tokens(&self, ctx: &Ctx, keep: &mut TokenRows, of: &Dataset) -> Result<PinnedTokenizer> {
        let pinned = self.pinned_tokenizer(ctx, "tokens.modelId", keep.model_id).await?;
        if let Some(wanted) = keep.tokenizer.as_ref().filter(|wanted| **wanted != pinned.tokenizer.digest) {
            let (name, is) = (&pinned.name, &pinned.tokenizer.digest);
            let what = format!("`tokens.tokenizer` is {wanted}, and the tokenizer.json of {name} has the digest {is}");
            return Err(Error::conflict(what)
                .code("tokenizer_changed")
                .field("tokens.tokenizer")
                .hint("leave it out to use the tokenizer that the model has now"));
        }
        keep.tokenizer = Some(pinned.tokenizer.digest.clone());
        keep.columns = Some(settled_columns("tokens.columns", keep.columns.as_deref(), of)?);
        Ok(pinned)
    }

    async fn open_counts(&self, ctx: &Ctx) -> Result<u64> {
        let select = token_count::Entity::find()
            .filter(token_count::Column::Project.eq(ctx.project()))
            .filter(token_count::Column::FinishedAt.is_null());
        Ok(select.count(&self.store.conn(ctx)).await?)
    }

    async fn load_count(&self, ctx: &Ctx, dataset: DatasetId, id: Id) -> Result<token_count::Model> {
        self.load(ctx, dataset).await?;
        let select = token_count::Entity::find_by_id(id).filter(token_count::Column::DatasetId.eq(dataset.0));
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| Error::not_found("count of tokens", id))
    }

    pub(super) async fn token_count(&self, ctx: &Ctx, req: &GetTokenCount) -> Result<TokenCount> {
        to_count(self.load_count(ctx, req.dataset_id, req.count_id).await?)
    }

    pub(super) async fn token_counts(&self, ctx: &Ctx, req: ListTokenCounts) -> Result<Page<TokenCount>> {
        let of = self.load(ctx, req.dataset_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("token_counts|{}", of.id),
            column: token_count::Column::CreatedAt,
            id: token_count::Column::Id,
            ascending: false,
            total: false,
        };
        let select = token_count::Entity::find().filter(token_count::Column::DatasetId.eq(of.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_count).collect::<Result<_>>()?, page })
    }

    pub(super) async fn watch_count(&self, ctx: &Ctx, req: GetTokenCount) -> Result<Events<TokenCount>> {
        let mut changes = self.store.signals().listen(topic(req.count_id));
        let mut seen = self.token_count(ctx, &req).await?;
        let (ctx, room) = (ctx.clone(), self.clone());
        let events = async_stream::try_stream! {
            yield seen.clone();
            while seen.state.is_open() {
                changes.changed().await;
                let now = room.token_count(&ctx, &req).await?;
                if now != seen {
                    seen = now;
                    yield seen.clone();
                }
            }
        };
        Ok(events.boxed())
    }

    /// Says that it is to end; the loop ends it.
    pub(super) async fn cancel_count(&self, ctx: &Ctx, req: CancelTokenCount) -> Result<TokenCount> {
        let row = self.load_count(ctx, req.dataset_id, req.count_id).await?;
        if !DatasetWorkState::from_name(&row.state)?.is_open() {
            return to_count(row);
        }
        let state = DatasetWorkState::Cancelled.name().to_owned();
        let change = token_count::ActiveModel { state: Set(state.clone()), ..Default::default() };
        let same = token_count::Entity::update_many().set(change).filter(token_count::Column::Id.eq(row.id));
        let open = same.filter(token_count::Column::FinishedAt.is_null());
        if open.exec(&self.store.conn(ctx)).await?.rows_affected == 0 {
            return to_count(self.load_count(ctx, req.dataset_id, req.count_id).await?); // it just ended
        }
        ctx.touch("dataset", row.dataset_id, json!({ "tokenCount": row.id, "cancelled": true }));
        ctx.signal(topic(row.id));
        to_count(token_count::Model { state, ..row })
    }

    /// How many counts under way read this dataset.
    pub(super) async fn counts_under_way(&self, ctx: &Ctx, id: DatasetId) -> Result<u64> {
        let select = token_count::Entity::find()
            .filter(token_count::Column::DatasetId.eq(id.0))
            .filter(token_count::Column::FinishedAt.is_null());
        Ok(select.count(&self.store.conn(ctx)).await?)
    }

    /// Forgets the counts of a dataset.
    pub(super) async fn forget_counts(&self, ctx: &Ctx, id: DatasetId) -> Result<()> {
        let mine = token_count::Entity::delete_many().filter(token_count::Column::DatasetId.eq(id.0));
        mine.exec(&self.store.conn(ctx)).await?;
        Ok(())
    }

    /// The dataset that a count reads, unless its files are others by now.
    pub(super) async fn counted(&self, ctx: &Ctx, row: &token_count::Model) -> Result<Dataset> {
        use super::super::rows::dataset;
        let found = dataset::Entity::find_by_id(row.dataset_id).one(&self.store.conn(ctx)).await?;
        let of = found.map(to_dataset).transpose()?;
        let of = of.ok_or_else(|| Error::not_found("dataset", DatasetId(row.dataset_id)))?;
        if of.digest.as_ref() == Some(&row.digest) {
            return Ok(of);
        }
        let (name, version) = (of.name, of.version);
        Err(Error::conflict(format!(
            "the files of {name} {version} changed since the count was asked for; count again"
        )))
    }
}

/// The columns that are counted: those that were named, each once, or those with text.
fn settled_columns(field: &str, asked: Option<&[String]>, of: &Dataset) -> Result<Vec<String>> {
    check_columns(field, asked, &of.schema)?;
    let Some(asked) = asked else {
        let columns = text_columns(of);
        if columns.is_empty() {
            let rule = format!("must be given, as no column of {} {} holds text", of.name, of.version);
            return Err(Error::invalid(field, rule).code("no_text").hint("name the columns to count"));
        }
        return Ok(columns);
    };
    let mut seen = BTreeSet::new();
    Ok(asked.iter().filter(|name| seen.insert(name.as_str())).cloned().collect())
}

fn to_count(row: token_count::Model) -> Result<TokenCount> {
    let pinned: PinnedTokenizer = stored(row.tokenizer)?;
    Ok(TokenCount {
        id: row.id,
        dataset_id: DatasetId(row.dataset_id),
        digest: row.digest,
        tokenizer: TokenizerUsed {
            model_id: pinned.model_id,
            name: pinned.name,
            digest: pinned.tokenizer.digest,
            bytes: pinned.tokenizer.bytes,
        },
        columns: stored(row.columns)?,
        state: DatasetWorkState::from_name(&row.state)?,
        progress: ValidationProgress {
            rows: unsigned(row.rows_read),
            bytes: unsigned(row.bytes_read),
            total_bytes: unsigned(row.bytes_total),
        },
        report: row.report.map(stored).transpose()?,
        error: row.error,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
    })
}
