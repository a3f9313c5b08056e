//! Cards that come with a `README.md` and go as one.

use futures::StreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::{Map, Value};

use super::super::rows::{file, model, tag};
use super::super::{FileState, ModelId};
use super::SqlCatalog;
use super::files::to_file;
use crate::base::{Ctx, Result};
use crate::blob::Stored;
use crate::cards::{self, FrontMatter, README, check_card, check_tags, object};
use crate::op::Download;

/// As much of a `README.md` as is read, in bytes.
const README_BYTES: u64 = 1 << 20;

impl SqlCatalog {
    /// What the head of a model's new file says of the model, or why it cannot be read.
    pub(super) async fn front_matter(
        &self,
        path: &str,
        stored: &Stored,
    ) -> Result<std::result::Result<FrontMatter, String>> {
        if path != README {
            return Ok(Ok(FrontMatter::default()));
        }
        let bytes = self.first_bytes(stored, README_BYTES).await?;
        let told = FrontMatter::told(&String::from_utf8_lossy(&bytes)).map(|(read, _)| read);
        Ok(told.map_err(|error| error.message().to_owned()))
    }

    /// The change that fills a model's card with what it lacks, if there is room for all of it, and gives tags to a model without
    /// any.
    pub(super) async fn filled(
        &self,
        ctx: &Ctx,
        to: &model::Model,
        (fields, tags): (&Map<String, Value>, &[String]),
    ) -> Result<model::ActiveModel> {
        let mut change = model::ActiveModel::default();
        let before = object(to.metadata.clone());
        let card = cards::filled(before.clone(), fields);
        if card != before && check_card(&card).is_ok() {
            change.metadata = Set(Value::Object(card));
        }
        let tags = check_tags(tags)?;
        let has_tags = tag::Entity::find().filter(tag::Column::ModelId.eq(to.id)).one(&self.store.conn(ctx)).await?;
        if has_tags.is_none() {
            self.set_tags(ctx, to, &tags).await?;
        }
        Ok(change)
    }

    /// The card as a `README.md`.
    pub(super) async fn card(&self, ctx: &Ctx, id: ModelId) -> Result<Download> {
        let model = self.get(ctx, id).await?;
        let found = file::Entity::find()
            .filter(file::Column::ModelId.eq(id.0))
            .filter(file::Column::Path.eq(README))
            .one(&self.store.conn(ctx))
            .await?;
        let readme = match found.map(to_file).transpose()? {
            Some(file) if file.state == FileState::Verified => {
                let bytes = self.first_bytes(&Stored { digest: file.sha256, bytes: file.bytes }, README_BYTES).await?;
                String::from_utf8_lossy(&bytes).into_owned()
            }
            _ => format!("\n# {}\n", model.name),
        };
        let text = cards::rewrite(&model.metadata, &model.tags, &readme)?;
        Ok(Download {
            length: Some(text.len() as u64),
            body: futures::stream::once(async move { Ok(text.into()) }).boxed(),
            range: None,
            content_type: "text/markdown; charset=utf-8".to_owned(),
            file_name: README.to_owned(),
            digest: None,
        })
    }
}
