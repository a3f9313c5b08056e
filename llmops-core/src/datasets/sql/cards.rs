//! Cards: filled by a `README.md` that comes, changed with the record, and sent as one.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use sea_orm::{ActiveValue::Set, EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::rows::{card, dataset};
use super::super::{DatasetId, DownloadDatasetCard};
use super::SqlDatasets;
use crate::base::{ByteStream, Ctx, Error, Patch, Result};
use crate::blob::Stored;
use crate::cards::{self, FrontMatter, README, check_card, check_tags, is_key, object};
use crate::op::{Download, byte_range};

/// The longest text of a card, in bytes.
const TEXT_BYTES: usize = 1 << 20;
/// The longest `README.md`: the text, a front matter, and the lines of dashes.
const README_BYTES: u64 = (TEXT_BYTES + cards::HEAD_BYTES + 64) as u64;
/// What of a card speaks of the rows, and does not hold for others.
const OF_ROWS: [&str; 3] = ["configs", "dataset_info", "size_categories"];

/// A `README.md` that came.
#[derive(Serialize, Deserialize)]
pub struct Readme {
    head: FrontMatter,
    /// Whether it has a front matter at all.
    has_head: bool,
    /// That as it stands, with its lines of dashes.
    #[serde(default)]
    written: String,
    text: String,
}

/// What of a card is not in the dataset's record.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(in super::super) struct Prose {
    /// The front matter as it came, whose order and fields without a value are kept.
    pub(super) head: String,
    /// What stands below it.
    pub(in super::super) text: Option<String>,
}

impl Readme {
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        check_readme_bytes(bytes.len() as u64)?;
        let readme = std::str::from_utf8(bytes).ok().filter(|readme| !readme.contains('\0')).ok_or_else(|| {
            Error::invalid(README, "must be text in UTF-8: it is the card of the dataset").hint("save it in UTF-8")
        })?;
        let (head, text) = FrontMatter::told(readme)?;
        if text.len() > TEXT_BYTES {
            return Err(too_long());
        }
        let (has_head, written) = (cards::has_front_matter(readme), cards::head_of(readme)?);
        Ok(Self { head, has_head, written, text: text.to_owned() })
    }

    /// The bytes of one that is being sent, and what they are.
    pub(super) async fn receive(mut body: ByteStream) -> Result<(Self, Stored)> {
        let mut bytes = Vec::new();
        while let Some(chunk) = body.try_next().await? {
            bytes.extend_from_slice(&chunk);
            check_readme_bytes(bytes.len() as u64)?;
        }
        let stored = Stored { digest: hex::encode(Sha256::digest(&bytes)), bytes: bytes.len() as u64 };
        Ok((Self::read(&bytes)?, stored))
    }
}

/// Refuses what is too long before it is read.
pub(super) fn check_readme_bytes(bytes: u64) -> Result<()> {
    if bytes > README_BYTES { Err(too_long()) } else { Ok(()) }
}

fn too_long() -> Error {
    Error::invalid(README, "is the card of the dataset, and has at most 1 MiB below its front matter")
        .code("card_too_large")
        .hint("move what is longer to where the card can link to, or send data under another name")
}

/// The card of a dataset as its record has it.
pub(super) struct Card {
    pub(super) fields: Map<String, Value>,
    pub(super) tags: Vec<String>,
}

impl Card {
    /// A card that somebody wrote.
    pub(super) fn new(fields: Map<String, Value>, tags: &[String]) -> Result<Self> {
        check_card(&fields)?;
        if let Some(key) = fields.keys().find(|key| is_key(key)) {
            return Err(Error::invalid("metadata", format!("must not hold `{key}`: everybody reads a card"))
                .hint("leave it out; keys of services are kept by governance.create_credential"));
        }
        Ok(Self { fields, tags: check_tags(tags)?.into_iter().collect() })
    }

    pub(super) fn of(row: &dataset::Model) -> Self {
        Self { fields: object(row.metadata.clone()), tags: tags_of(row.tags.clone()) }
    }

    /// What of it holds when the rows are others.
    pub(super) fn of_other_rows(mut self) -> Self {
        self.fields.retain(|field, _| !OF_ROWS.contains(&field.as_str()));
        self
    }

    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.tags.is_empty()
    }

    /// As a `README.md`.
    fn write(&self, name: &str, Prose { head, text }: &Prose) -> Result<String> {
        let heading = || format!("\n# {name}\n");
        match text {
            Some(text) if head.is_empty() && self.is_empty() && !cards::has_front_matter(text) => Ok(text.clone()),
            text if head.is_empty() => cards::write(&self.fields, &self.tags, &text.clone().unwrap_or_else(heading)),
            text => cards::rewrite(&self.fields, &self.tags, &(head.clone() + &text.clone().unwrap_or_else(heading))),
        }
    }

    /// The SHA-256 of that, if there is anything in it.
    pub(super) fn digest(&self, name: &str, prose: &Prose) -> Result<Option<String>> {
        if self.is_empty() && prose.text.is_none() {
            return Ok(None);
        }
        Ok(Some(hex::encode(Sha256::digest(self.write(name, prose)?))))
    }
}

/// The tags of a record.
pub(super) fn tags_of(value: Value) -> Vec<String> {
    serde_json::from_value(value).unwrap_or_default()
}

impl SqlDatasets {
    /// What of a card is not in the record.
    pub(in super::super) async fn prose(&self, ctx: &Ctx, id: Uuid) -> Result<Prose> {
        let row = card::Entity::find_by_id(id).one(&self.store.conn(ctx)).await?;
        Ok(row.map_or_else(Prose::default, |card::Model { text, head, .. }| Prose {
            head,
            text: Some(text).filter(|text| !text.is_empty()),
        }))
    }

    pub(super) async fn put_prose(&self, ctx: &Ctx, dataset_id: Uuid, prose: Prose) -> Result<()> {
        let conn = self.store.conn(ctx);
        card::Entity::delete_by_id(dataset_id).exec(&conn).await?;
        if prose != Prose::default() {
            let row = card::Model { dataset_id, text: prose.text.unwrap_or_default(), head: prose.head };
            card::Entity::insert(row.into_active_model()).exec_without_returning(&conn).await?;
        }
        Ok(())
    }

    /// The change that patches a card, and gives it these tags.
    pub(super) async fn patch_card(
        &self,
        ctx: &Ctx,
        row: &dataset::Model,
        (patch, tags): (Patch<Map<String, Value>>, Patch<Vec<String>>),
    ) -> Result<dataset::ActiveModel> {
        if patch.stays() && tags.stays() {
            return Ok(dataset::ActiveModel::default());
        }
        let before = Card::of(row);
        let fields = cards::patched(before.fields, patch);
        let card = Card::new(fields, &tags.over(Some(before.tags)).unwrap_or_default())?;
        changed(row, card, &self.prose(ctx, row.id).await?)
    }

    /// Makes a `README.md` the card, in the open unit: what the card lacks is filled, and the text takes the place of the one that
    /// was there.
    pub(super) async fn take_readme(&self, ctx: &Ctx, id: DatasetId, replace: bool, readme: Readme) -> Result<()> {
        let row = self.load(ctx, id).await?;
        let (before, known) = (Card::of(&row), self.prose(ctx, row.id).await?);
        let text = Some(readme.text).filter(|text| !text.trim().is_empty());
        if known.text.is_some() && known.text != text && !replace {
            return Err(Error::conflict("the card of the dataset has another text already")
                .code("already_exists")
                .field("path")
                .hint("send `replace=true` to put this one in its place"));
        }
        let tags = if before.tags.is_empty() { &readme.head.tags } else { &before.tags };
        let card = Card::new(cards::filled(before.fields.clone(), &readme.head.fields), tags)?;
        let head = if replace || known.head.is_empty() { readme.written } else { known.head.clone() };
        let prose = Prose { head, text };
        if known == prose && card.fields == before.fields && card.tags == before.tags {
            return Ok(()); // the same again
        }
        let change = changed(&row, card, &prose)?;
        ctx.touch("dataset", row.id, json!({ "path": README, "bytes": prose.text.as_ref().map(String::len) }));
        self.change(ctx, &row, change).await?;
        self.put_prose(ctx, row.id, prose).await
    }

    /// Puts a `README.md` in the place of the card, or takes the card away, in the open unit; whether that changed anything. Who
    /// commits files has seen the ones that were there: the front matter takes the place of fields and tags. Without one they stay.
    pub(super) async fn put_card(&self, ctx: &Ctx, id: DatasetId, readme: Option<Readme>) -> Result<bool> {
        let row = self.load(ctx, id).await?;
        let (before, known) = (Card::of(&row), self.prose(ctx, row.id).await?);
        let (card, head, text) = match readme {
            None => (Card::new(Map::new(), &[])?, String::new(), None),
            Some(Readme { head, has_head: true, written, text }) => {
                (Card::new(head.fields, &head.tags)?, written, Some(text))
            }
            Some(Readme { text, .. }) => (Card::of(&row), known.head.clone(), Some(text)),
        };
        let prose = Prose { head, text: text.filter(|text| !text.trim().is_empty()) };
        if known == prose && card.fields == before.fields && card.tags == before.tags {
            return Ok(false);
        }
        let change = changed(&row, card, &prose)?;
        self.change(ctx, &row, change).await?;
        self.put_prose(ctx, row.id, prose).await?;
        Ok(true)
    }

    /// The card as a `README.md`.
    pub(super) async fn card(&self, ctx: &Ctx, req: DownloadDatasetCard) -> Result<Download> {
        let row = self.load(ctx, req.dataset_id).await?;
        let bytes = Bytes::from(Card::of(&row).write(&row.name, &self.prose(ctx, row.id).await?)?);
        let (total, digest) = (bytes.len() as u64, hex::encode(Sha256::digest(&bytes)));
        let range = byte_range(req.range.as_deref(), total)?;
        let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
        let sent = range.as_ref().map_or(bytes.clone(), |range| bytes.slice(place(range.start)..place(range.end)));
        Ok(Download {
            length: Some(sent.len() as u64),
            body: futures::stream::once(async move { Ok(sent) }).boxed(),
            range: range.map(|range| (range.start, range.end - 1, total)),
            content_type: "text/markdown; charset=utf-8".to_owned(),
            file_name: README.to_owned(),
            digest: Some(digest),
        })
    }
}

/// The change of a record to this card.
fn changed(row: &dataset::Model, card: Card, prose: &Prose) -> Result<dataset::ActiveModel> {
    Ok(dataset::ActiveModel {
        card_digest: Set(card.digest(&row.name, prose)?),
        metadata: Set(Value::Object(card.fields)),
        tags: Set(card.tags.into()),
        ..Default::default()
    })
}
