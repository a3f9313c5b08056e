//! Bytes that wait for a commit, read as what their path claims before it: a commit is one short unit, and files may be large.

use sea_orm::sea_query::Query;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::{Deserialize, Serialize};

use super::super::format::Form;
use super::super::rows::{dataset, file};
use super::super::schema::{Profile, RowIndex};
use super::super::{DataFormat, DatasetColumn, DatasetFileEncoding, GuessedForm, StageDatasetFile, StagedDatasetFile};
use super::SqlDatasets;
use super::cards::{Readme, check_readme_bytes};
use super::receiving::{Received, Told, WrittenAs};
use crate::base::{Ctx, Error, FilePath, Result};
use crate::blob::{Incoming, Stored};
use crate::cards::README;
use crate::op::Parts;
use crate::store::count::unsigned;
use crate::uploads::{NewStaged, Staged, StagedFor, check_digest, check_said};

/// What was found in bytes.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Found {
    /// Nothing so far: nobody said their path.
    Nothing,
    /// Rows.
    Rows(Rows),
    /// The card.
    Card(Readme),
}

/// A file of rows, without its bytes.
#[derive(Serialize, Deserialize)]
pub(super) struct Rows {
    path: String,
    format: DataFormat,
    delimiter: u8,
    header: bool,
    #[serde(default)]
    guessed: Vec<GuessedForm>,
    encoding: Option<DatasetFileEncoding>,
    rows: u64,
    bad_rows: u64,
    columns: Vec<DatasetColumn>,
    index: RowIndex,
}

impl From<Received> for Rows {
    fn from(received: Received) -> Self {
        let Received { path, form, guessed, encoding, profile, stored: _ } = received;
        Self {
            path: path.as_str().to_owned(),
            format: form.format,
            delimiter: form.delimiter,
            header: form.header,
            guessed,
            encoding,
            rows: profile.rows,
            bad_rows: profile.bad_rows,
            columns: profile.columns,
            index: profile.index,
        }
    }
}

impl Rows {
    /// The file with these bytes.
    pub(super) fn with(self, stored: Stored) -> Result<Received> {
        let Self { path, format, delimiter, header, guessed, encoding, rows, bad_rows, columns, index } = self;
        Ok(Received {
            path: FilePath::parse(&path)?,
            form: Form { format, delimiter, header },
            guessed,
            encoding,
            profile: Profile { rows, bad_rows, problems: Vec::new(), columns, index },
            stored,
        })
    }
}

/// What bytes for a dataset are for: they count for all versions of its name.
pub(super) fn of(dataset: &dataset::Model) -> StagedFor<'_> {
    StagedFor { project: &dataset.project, name: &dataset.name }
}

impl SqlDatasets {
    pub(super) async fn stage(&self, ctx: &Ctx, req: StageDatasetFile, body: Parts) -> Result<StagedDatasetFile> {
        let dataset = self.load(ctx, req.dataset_id).await?;
        let StageDatasetFile { path, sha256, pack, from_packs, format, delimiter, header, encoding, .. } = req;
        let told = Told::of(&WrittenAs { format, delimiter, header, encoding })?;
        let path = path.as_deref().map(FilePath::parse).transpose()?;
        let said = sha256.as_deref().map(check_digest).transpose()?;
        if let Some(pack) = &pack {
            let kept = self.staging.keep_pack(ctx, of(&dataset), (pack, said.as_deref()), body).await?;
            return Ok(to_told(kept, Found::Nothing));
        }
        self.staging.check_room(ctx, of(&dataset)).await?;
        let body = match from_packs {
            Some(true) => self.staging.put_together(ctx, of(&dataset), body).await?,
            _ => body,
        };
        let came = match (self.staging.receive(ctx, body).await?, &said) {
            (Some(came), _) => came,
            (None, Some(said)) => self.take_again(ctx, &dataset, said).await?,
            (None, None) => {
                return Err(Error::invalid("file", "is required: the call holds no file")
                    .hint("send its bytes, or the `sha256` of bytes that you have sent before"));
            }
        };
        let kept = match check_said(said.as_deref(), &came.stored) {
            Ok(()) => self.keep_staged(ctx, &dataset, (&told, path), &came.stored).await,
            Err(error) => Err(error),
        };
        self.blobs.let_go(&self.store, ctx, came).await?;
        kept
    }

    /// Reads bytes as what their path claims, and writes down that they wait.
    async fn keep_staged(
        &self,
        ctx: &Ctx,
        dataset: &dataset::Model,
        (told, path): (&Told, Option<FilePath>),
        came: &Stored,
    ) -> Result<StagedDatasetFile> {
        let (mut stored, mut made) = (came.clone(), Vec::new());
        let found = match &path {
            None => Found::Nothing,
            Some(path) if path.as_str() == README => {
                check_readme_bytes(came.bytes)?;
                Found::Card(Readme::read(&self.head(came, came.bytes).await?)?)
            }
            Some(path) => {
                let (received, rest) = self.understand(ctx, told, path.clone(), came).await?;
                (stored, made) = (received.stored.clone(), rest);
                Found::Rows(received.into())
            }
        };
        let path = path.map(|path| path.as_str().to_owned()).unwrap_or_default();
        let new = NewStaged { path, sha256: came.digest.clone(), stored, told: crate::op::encode(&found)? };
        let kept = self.staging.keep(ctx, of(dataset), new).await;
        self.let_all_go(ctx, made).await?;
        Ok(to_told(kept?, found))
    }

    /// Bytes that are there already, held as if they came once more.
    async fn take_again(&self, ctx: &Ctx, dataset: &dataset::Model, sha256: &str) -> Result<Incoming> {
        let unit = self.store.begin(&ctx.clone().without_operation()).await?;
        match self.take_again_in(&unit, dataset, sha256).await {
            Ok(incoming) => {
                self.store.commit(unit).await?;
                Ok(incoming)
            }
            Err(error) => {
                self.store.rollback(unit).await;
                Err(error)
            }
        }
    }

    async fn take_again_in(&self, ctx: &Ctx, dataset: &dataset::Model, sha256: &str) -> Result<Incoming> {
        let waiting = self.staging.find(ctx, of(dataset), &[sha256]).await?;
        let mut found = waiting.into_iter().map(|one| one.stored).find(|stored| stored.digest == sha256);
        if found.is_none() {
            let known = self.known_files(ctx, dataset, &[sha256]).await?.into_iter().next();
            found = known.map(|file| Stored { digest: file.sha256, bytes: unsigned(file.bytes) });
        }
        let stored = found.ok_or_else(|| {
            Error::invalid("sha256", format!("is that of no bytes that you have sent: {sha256}"))
                .code("bytes_missing")
                .hint("send them; bytes that somebody else sent do not count")
        })?;
        self.blobs.take_again(&self.store, ctx, stored).await
    }

    /// The files with these digests, of all versions of a dataset's name. Locked in the open unit of work, so that nobody lets go of
    /// their bytes before somebody else holds them.
    pub(super) async fn known_files(
        &self,
        ctx: &Ctx,
        of: &dataset::Model,
        digests: &[&str],
    ) -> Result<Vec<file::Model>> {
        let mut versions = Query::select();
        versions
            .column(dataset::Column::Id)
            .from(dataset::Entity)
            .and_where(dataset::Column::Project.eq(of.project.as_str()))
            .and_where(dataset::Column::Name.eq(of.name.as_str()));
        let known = file::Entity::find()
            .filter(file::Column::DatasetId.in_subquery(versions))
            .filter(file::Column::Sha256.is_in(digests.iter().copied()))
            .order_by_asc(file::Column::Id);
        Ok(known.lock_shared().all(&self.store.conn(ctx)).await?)
    }
}

fn to_told(staged: Staged, found: Found) -> StagedDatasetFile {
    let (kept_as, rows, bad_rows) = match found {
        Found::Nothing => (None, None, None),
        Found::Rows(Rows { path, rows, bad_rows, .. }) => (Some(path), Some(rows), Some(bad_rows)),
        Found::Card(_) => (Some(README.to_owned()), None, None),
    };
    let Staged { sha256, stored, expires_at, .. } = staged;
    StagedDatasetFile { sha256, bytes: stored.bytes, kept_as, rows, bad_rows, expires_at }
}
