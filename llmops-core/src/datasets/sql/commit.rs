//! Changes to the files of a dataset that count together or not at all.

use std::collections::BTreeSet;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::super::rows::{dataset, file, index};
use super::super::schema::Profile;
use super::super::{AddedDatasetFile, CommitDatasetFiles, Dataset, DatasetFile, DatasetId};
use super::SqlDatasets;
use super::cards::Readme;
use super::datasets::{format_name, stored, to_dataset};
use super::files::{delimiter_of, form_of, to_file};
use super::receiving::Received;
use super::staging::{self, Found};
use super::versions::Begun;
use crate::base::{Ctx, Error, ErrorKind, FilePath, Result, Semver, check_text};
use crate::blob::Stored;
use crate::cards::README;
use crate::uploads::{
    Change, FileThere, FileToBe, Staged, bytes_missing, check_digest, check_seen, not_newest, removed,
};

/// The longest message, in characters.
const MESSAGE_CHARS: usize = 1000;

/// A file of rows that a commit makes.
struct Wanted(Received);

impl FileThere for file::Model {
    fn path(&self) -> &str {
        &self.path
    }

    fn path_key(&self) -> &str {
        &self.path_key
    }
}

impl FileToBe<file::Model> for Wanted {
    fn path(&self) -> &FilePath {
        &self.0.path
    }

    fn is(&self, there: &file::Model) -> bool {
        let Received { form, encoding, stored, .. } = &self.0;
        let encoding = encoding.as_ref().and_then(|encoding| crate::op::encode(encoding).ok());
        there.sha256 == stored.digest
            && there.format == format_name(form.format)
            && (there.header, &there.delimiter) == (form.header, &delimiter_of(*form))
            && there.encoding == encoding
    }
}

/// What becomes of the card.
enum CardChange {
    Stays,
    Goes,
    Comes(Readme),
}

/// What a commit adds.
struct Added {
    rows: Vec<Wanted>,
    card: Option<Readme>,
    /// What waited for it.
    spent: Vec<Staged>,
}

impl SqlDatasets {
    pub(super) async fn commit(&self, ctx: &Ctx, req: CommitDatasetFiles) -> Result<Dataset> {
        // One commit of a dataset after the other: each begins with what the one before left.
        dataset::Entity::find_by_id(req.dataset_id.0).lock_exclusive().one(&self.store.conn(ctx)).await?;
        let row = self.load(ctx, req.dataset_id).await?;
        check_text("message", req.message.as_deref().unwrap_or_default(), MESSAGE_CHARS)?;
        check_seen("dataset", row.digest.as_deref(), req.digest.as_deref())?;
        check_card_seen(&row, req.card_digest.as_deref())?;
        if req.newest.unwrap_or(false) {
            self.check_newest(ctx, &row).await?;
        }
        let before = self.file_rows(ctx, req.dataset_id).await?;
        let Added { rows, card, spent } = self.added(ctx, &row, &req.add).await?;
        let mut remove = removed(&req.remove)?;
        let card = card_change(&row, &before, &mut remove, card)?;
        let change = Change::of(before, rows, &remove)?;
        let target = match change.is_nothing() {
            true => row.clone(),
            false => self.change_files(ctx, &row, &change, req.message.as_deref()).await?,
        };
        let is_carded = match card {
            CardChange::Stays => false,
            CardChange::Goes => self.put_card(ctx, DatasetId(target.id), None).await?,
            CardChange::Comes(readme) => self.put_card(ctx, DatasetId(target.id), Some(readme)).await?,
        };
        for staged in &spent {
            self.staging.forget(ctx, staged).await?;
        }
        let told = match change.is_nothing() && !is_carded {
            true => json!({ "files": "unchanged" }),
            false => json!({
                "version": target.version, "message": req.message, "removed": change.gone.len(),
                "added": told(&change.wanted), "card": is_carded,
            }),
        };
        ctx.touch("dataset", target.id, told);
        self.get(ctx, DatasetId(target.id)).await
    }

    /// Refuses a commit to what another commit made an older version meanwhile.
    async fn check_newest(&self, ctx: &Ctx, row: &dataset::Model) -> Result<()> {
        let newest = dataset::Entity::find()
            .filter(dataset::Column::Project.eq(row.project.as_str()))
            .filter(dataset::Column::Name.eq(row.name.as_str()))
            .order_by_desc(dataset::Column::CreatedAt)
            .order_by_desc(dataset::Column::Id);
        match newest.one(&self.store.conn(ctx)).await? {
            Some(newest) if newest.id != row.id => Err(not_newest(&row.name, &newest.version)),
            _ => Ok(()),
        }
    }

    /// What the paths and digests of a commit stand for: what the caller staged, or else files of this name.
    async fn added(&self, ctx: &Ctx, of: &dataset::Model, add: &[AddedDatasetFile]) -> Result<Added> {
        let parse = |file: &AddedDatasetFile| Ok((FilePath::parse(&file.path)?, check_digest(&file.sha256)?));
        let asked: Vec<(FilePath, String)> = add.iter().map(parse).collect::<Result<_>>()?;
        let digests: BTreeSet<&str> = asked.iter().map(|(_, sha256)| sha256.as_str()).collect();
        let digests: Vec<&str> = digests.into_iter().collect();
        let waiting = self.staging.find(ctx, staging::of(of), &digests).await?;
        let as_asked =
            |(path, sha256): &(FilePath, String), one: &Staged| one.path == path.as_str() && one.sha256 == *sha256;
        let waits = |file: &(FilePath, String)| waiting.iter().find(|one| as_asked(file, one));
        let known = match asked.iter().all(|file| waits(file).is_some()) {
            true => Vec::new(),
            false => self.known_files(ctx, of, &digests).await?,
        };
        let (mut rows, mut card) = (Vec::new(), None);
        for file in &asked {
            let found = waits(file).and_then(|one| Some((serde_json::from_value(one.told.clone()).ok()?, &one.stored)));
            match found {
                Some((Found::Card(readme), _)) => card = Some(readme),
                Some((Found::Rows(found), stored)) => rows.push(Wanted(found.with(stored.clone())?)),
                Some((Found::Nothing, _)) | None => {
                    rows.push(Wanted(self.copied(ctx, file, &known, &waiting).await?));
                }
            }
        }
        let is_spent = |one: &Staged| one.path.is_empty() || asked.iter().any(|file| as_asked(file, one));
        let spent = waiting.into_iter().filter(is_spent).collect();
        Ok(Added { rows, card, spent })
    }

    /// A file of this name once more, under a path that claims the same.
    async fn copied(
        &self,
        ctx: &Ctx,
        (path, sha256): &(FilePath, String),
        known: &[file::Model],
        waiting: &[Staged],
    ) -> Result<Received> {
        let of_kind = |file: &&file::Model| {
            file.sha256 == *sha256
                && FilePath::parse(&file.path).is_ok_and(|there| there.extension() == path.extension())
        };
        let Some(row) = known.iter().find(of_kind).filter(|_| path.as_str() != README) else {
            return Err(match waiting.iter().any(|one| one.sha256 == *sha256) {
                true => not_read(path.as_str(), sha256),
                false => bytes_missing(path.as_str(), sha256),
            });
        };
        let points = index::Entity::find_by_id(row.id).one(&self.store.conn(ctx)).await?;
        let index = points.map(|points| stored(points.row_index)).transpose()?.unwrap_or_default();
        let file: DatasetFile = to_file(row.clone())?;
        let form = form_of(&file);
        let DatasetFile { guessed, encoding, rows, bad_rows, schema: columns, bytes, sha256: digest, .. } = file;
        let profile = Profile { rows, bad_rows, problems: Vec::new(), columns, index };
        Ok(Received { path: path.clone(), form, guessed, encoding, profile, stored: Stored { digest, bytes } })
    }

    /// Makes the files what they are to be: of this version, or of the next if this one does not change any more.
    async fn change_files(
        &self,
        ctx: &Ctx,
        row: &dataset::Model,
        change: &Change<file::Model, Wanted>,
        message: Option<&str>,
    ) -> Result<dataset::Model> {
        let target = match self.check_open(ctx, &to_dataset(row.clone())?).await {
            Ok(()) => row.clone(),
            Err(closed) if closed.stable_code() == "version_immutable" => self.version_after(ctx, row, message).await?,
            Err(closed) => return Err(closed),
        };
        let id = DatasetId(target.id);
        let gone: BTreeSet<&str> = change.gone.iter().map(|file| file.path.as_str()).collect();
        for file in self.file_rows(ctx, id).await? {
            if gone.contains(file.path.as_str()) {
                self.drop_file(ctx, id, &file).await?;
            }
        }
        for Wanted(received) in &change.wanted {
            self.add_file(ctx, id, received).await?;
        }
        self.seal(ctx, &target).await?;
        Ok(target)
    }

    /// A draft of the next minor version, which begins with the files of this one. Their bytes are held twice and stored once.
    async fn version_after(&self, ctx: &Ctx, of: &dataset::Model, message: Option<&str>) -> Result<dataset::Model> {
        if !ctx.caller.may("datasets:create") {
            let why = "does not change any more, and a new version of it needs the permission `datasets:create`";
            return Err(Error::denied(format!("dataset `{}` {} {why}", of.name, of.version))
                .code("permission_missing")
                .hint("ask an administrator for a role or key that holds it"));
        }
        let highest = match self.highest_version(ctx, &of.name).await? {
            Some(highest) => highest,
            None => Semver::parse("version", &of.version)?,
        };
        let said = message.filter(|message| !message.trim().is_empty()).map(str::to_owned);
        let begun = Begun {
            version: highest.next_minor()?.to_string(),
            change_log: Some(said.unwrap_or_else(|| format!("Committed after {}.", of.version))),
            columns: to_dataset(of.clone())?.columns,
        };
        let made = self.begin_version(ctx, of.clone(), begun, true).await?;
        self.load(ctx, made.id).await
    }
}

/// Decides what becomes of the card, and takes it out of what is removed.
fn card_change(
    row: &dataset::Model,
    before: &[file::Model],
    remove: &mut Vec<String>,
    readme: Option<Readme>,
) -> Result<CardChange> {
    let named = remove.len();
    // A file of this name is one that came before datasets had cards.
    if !before.iter().any(|file| file.path == README) {
        remove.retain(|path| path != README);
    }
    match readme {
        Some(readme) => Ok(CardChange::Comes(readme)),
        None if remove.len() == named => Ok(CardChange::Stays),
        None if row.card_digest.is_none() => Err(Error::not_found("file", README)),
        None => Ok(CardChange::Goes),
    }
}

fn check_card_seen(row: &dataset::Model, seen: Option<&str>) -> Result<()> {
    if seen.is_none_or(|seen| seen == row.card_digest.as_deref().unwrap_or_default()) {
        return Ok(());
    }
    let now = row.card_digest.as_deref().unwrap_or("absent");
    Err(Error::new(ErrorKind::Stale, format!("the dataset's card changed: its digest is now {now}"))
        .code("card_changed")
        .field("cardDigest")
        .hint("look at the card again, and repeat the commit with the new digest"))
}

/// The bytes wait, and nobody knows what they are under this path.
fn not_read(path: &str, sha256: &str) -> Error {
    Error::invalid("add", format!("names bytes for `{path}` that were not read as that: {sha256}"))
        .code("bytes_unread")
        .hint("stage them once more with this `path`; without bytes, `sha256` says which")
}

/// The first of the files that a commit makes, for the audit.
fn told(wanted: &[Wanted]) -> Vec<Value> {
    let some = wanted.iter().take(20);
    some.map(|Wanted(file)| json!({ "path": file.path.as_str(), "sha256": file.stored.digest })).collect()
}
