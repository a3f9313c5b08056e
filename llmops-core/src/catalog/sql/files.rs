//! A model's files: received, checked, listed and sent.

use futures::TryStreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::super::family::CONFIG;
use super::super::format::Format;
use super::super::rows::{file, model};
use super::super::{
    DownloadModelFile, FileScan, FileState, ListModelFiles, ModelFile, ModelId, ModelStatus, ModelType,
    UploadModelFiles, UploadedFiles,
};
use super::models::changed_meanwhile;
use super::{SqlCatalog, owner};
use crate::base::{Ctx, Error, ErrorKind, FilePath, Limits, Page, PageRequest, Result, Timestamp};
use crate::blob::Stored;
use crate::cards::FrontMatter;
use crate::op::{Download, Parts, byte_range};
use crate::store::{is_unique_violation, keyset, staying};
use crate::uploads::duplicate_path;

/// The most files of one model.
const FILES: usize = 10_000;

/// A file whose bytes are in the store.
pub(super) struct Received {
    pub(super) path: FilePath,
    pub(super) format: Format,
    pub(super) stored: Stored,
}

/// A file that is what its path claims, what was found in it, and what it says of the model.
pub struct Checked {
    pub(super) received: Received,
    pub(super) scan: FileScan,
    pub(super) card: FrontMatter,
}

impl SqlCatalog {
    pub(super) async fn upload(&self, ctx: &Ctx, req: UploadModelFiles, mut body: Parts) -> Result<UploadedFiles> {
        let row = self.load(ctx, req.model_id).await?;
        if row.model_type == super::models::type_name(ModelType::External) {
            return Err(Error::conflict("an external model has no files").hint("its provider keeps them"));
        }
        let mut files = Vec::new();
        while let Some(part) = body.try_next().await? {
            let path = FilePath::parse(&part.name)?;
            let format = Format::of(&path)?;
            let incoming = self.blobs.take_in(&self.store, ctx, part.body, Limits::FILE_BYTES).await?;
            let received = Received { path, format, stored: incoming.stored.clone() };
            let kept = match self.inspect(received, req.sha256.as_deref()).await {
                Ok(checked) => self.register(ctx, &req, checked).await,
                Err(error) => Err(error),
            };
            self.blobs.let_go(&self.store, ctx, incoming).await?;
            files.push(kept?);
        }
        if files.is_empty() {
            return Err(Error::invalid("file", "is required: the upload holds no file").hint("send at least one file"));
        }
        Ok(UploadedFiles { files })
    }

    /// The short unit: the row, the hold on the bytes, the model's new digest and, for changed bytes, its status.
    async fn register(&self, ctx: &Ctx, req: &UploadModelFiles, checked: Checked) -> Result<ModelFile> {
        let action = ctx.operation().unwrap_or("catalog.upload_model_files");
        let unit = self.store.begin(&ctx.for_operation(action)).await?;
        match self.register_in(&unit, req.model_id, req.replace.unwrap_or(false), checked).await {
            Ok(file) => {
                self.store.commit(unit).await?;
                Ok(file)
            }
            Err(error) => {
                self.store.rollback(unit).await;
                Err(error)
            }
        }
    }

    /// Within the open unit.
    pub(super) async fn register_in(
        &self,
        ctx: &Ctx,
        model: ModelId,
        replace: bool,
        checked: Checked,
    ) -> Result<ModelFile> {
        let model = self.load(ctx, model).await?;
        let Checked { received: Received { path, format, stored }, scan, card } = checked;
        if path.as_str() == CONFIG {
            self.families.check_architectures(&model.model_family, &scan.architectures)?;
        }
        let known = file::Entity::find()
            .filter(file::Column::ModelId.eq(model.id))
            .filter(file::Column::PathKey.eq(path.key()))
            .one(&self.store.conn(ctx))
            .await?;
        if let Some(known) = &known {
            if known.path == path.as_str() && known.sha256 == stored.digest {
                return self.same_again(ctx, &model, known.clone()).await;
            }
            check_replace(known, &path, replace)?;
            file::Entity::delete_by_id(known.id).exec(&self.store.conn(ctx)).await?;
            self.blobs.release(&self.store, ctx, &owner(ModelId(model.id), &known.path), &known.sha256).await?;
        }
        let row = new_row(ctx, model.id, &path, (format, &stored, scan))?;
        let inserted =
            file::Entity::insert(row.clone().into_active_model()).exec_without_returning(&self.store.conn(ctx)).await;
        inserted.map_err(|e| if is_unique_violation(&e) { changed_meanwhile() } else { e.into() })?;
        self.blobs.hold(&self.store, ctx, &owner(ModelId(model.id), path.as_str()), &stored).await?;
        let change = self.filled(ctx, &model, (&card.fields, &card.tags)).await?;
        self.seal(ctx, &model, change).await?;
        ctx.touch("model", model.id, json!({ "path": row.path, "sha256": row.sha256, "bytes": row.bytes }));
        to_file(row)
    }

    /// Computes the digest over all files, and writes what else changes; a reviewed model whose bytes changed is a draft again.
    pub(super) async fn seal(&self, ctx: &Ctx, row: &model::Model, change: model::ActiveModel) -> Result<()> {
        self.check_not_in_production(ctx, row).await?;
        let files = self.all_files(ctx, ModelId(row.id)).await?;
        if files.len() > FILES {
            return Err(Error::invalid("file", format!("is one too many: a model holds at most {FILES} files"))
                .hint("pack them"));
        }
        FilePath::check_folders(files.iter().map(|file| file.path.as_str()))?;
        let change = model::ActiveModel {
            digest: Set(ModelFile::digest_over(&files)),
            status: Set(ModelStatus::Draft.name().to_owned()),
            ..change
        };
        self.change(ctx, row, change).await
    }

    /// All files of a model, by path.
    pub(super) async fn all_files(&self, ctx: &Ctx, id: ModelId) -> Result<Vec<ModelFile>> {
        let select = file::Entity::find().filter(file::Column::ModelId.eq(id.0)).order_by_asc(file::Column::Path);
        select.all(&self.store.conn(ctx)).await?.into_iter().map(to_file).collect()
    }

    /// The name and version of a model of the caller's project, and those of its files at these paths that are what they
    /// claim to be; `None` if there is no such model.
    pub async fn files_at(&self, ctx: &Ctx, id: ModelId, paths: &[&str]) -> Result<Option<(String, Vec<ModelFile>)>> {
        let conn = self.store.conn(ctx);
        let mine = model::Entity::find_by_id(id.0).filter(model::Column::Project.eq(ctx.project()));
        let Some(of) = mine.one(&conn).await? else { return Ok(None) };
        let keys: Vec<String> = paths.iter().map(|path| Ok(FilePath::parse(path)?.key())).collect::<Result<_>>()?;
        let select = file::Entity::find()
            .filter(file::Column::ModelId.eq(id.0))
            .filter(file::Column::PathKey.is_in(keys))
            .filter(file::Column::State.eq(state_name(FileState::Verified)));
        let found: Vec<ModelFile> = select.all(&conn).await?.into_iter().map(to_file).collect::<Result<_>>()?;
        Ok(Some((format!("{}:{}", of.name, of.version), found)))
    }

    pub(super) async fn files(&self, ctx: &Ctx, req: ListModelFiles) -> Result<Page<ModelFile>> {
        let row = self.load(ctx, req.model_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("files|{}", row.id),
            column: file::Column::Path,
            id: file::Column::Id,
            ascending: true,
            total: false,
        };
        let select = file::Entity::find().filter(file::Column::ModelId.eq(row.id));
        // Who goes on to hold their bytes does so before they are let go of.
        let (rows, page) = keyset::page(&self.store, ctx, staying(ctx, select), order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_file).collect::<Result<_>>()?, page })
    }

    pub(super) async fn download(&self, ctx: &Ctx, req: DownloadModelFile) -> Result<Download> {
        let row = self.load(ctx, req.model_id).await?;
        let path = FilePath::parse(&req.path)?;
        let found = file::Entity::find()
            .filter(file::Column::ModelId.eq(row.id))
            .filter(file::Column::Path.eq(path.as_str()))
            .one(&self.store.conn(ctx))
            .await?;
        let file = to_file(found.ok_or_else(|| Error::not_found("file", path.as_str()))?)?;
        if sound_state(&file.format) == FileState::Quarantined && !ctx.caller.may("catalog:approve") {
            return Err(Error::denied("the file is in quarantine").code("quarantined").hint("a reviewer may read it"));
        }
        let range = byte_range(req.range.as_deref(), file.bytes)?;
        let body = self.blobs.get(&file.sha256, range.clone()).await?;
        let length = range.as_ref().map_or(file.bytes, |r| r.end - r.start);
        Ok(Download {
            body,
            length: Some(length),
            range: range.map(|r| (r.start, r.end - 1, file.bytes)),
            content_type: if file.path.ends_with(".json") { "application/json" } else { "application/octet-stream" }
                .to_owned(),
            file_name: file.path.rsplit('/').next().unwrap_or_default().to_owned(),
            digest: Some(file.sha256),
        })
    }
}

pub(super) fn check_replace(known: &file::Model, path: &FilePath, replace: bool) -> Result<()> {
    if known.path != path.as_str() {
        return Err(duplicate_path(path));
    }
    if replace {
        return Ok(());
    }
    Err(Error::conflict(format!("the model has other bytes under `{}` already", known.path))
        .code("already_exists")
        .field("path")
        .hint("send `replace=true` to put these in their place, which returns the model to draft"))
}

/// The row of a file whose bytes were checked.
pub(super) fn new_row(
    ctx: &Ctx,
    model: uuid::Uuid,
    path: &FilePath,
    bytes: (Format, &Stored, FileScan),
) -> Result<file::Model> {
    let (format, stored, scan) = bytes;
    Ok(file::Model {
        id: ctx.new_id(),
        model_id: model,
        path: path.as_str().to_owned(),
        path_key: path.key(),
        bytes: i64::try_from(stored.bytes).unwrap_or(i64::MAX),
        sha256: stored.digest.clone(),
        format: format.name().to_owned(),
        state: state_name(sound_state(format.name())).to_owned(),
        scan: if scan == FileScan::default() { None } else { Some(crate::op::encode(&scan)?) },
        uploaded_by: Some(ctx.caller.actor.clone()),
        damaged_at: None,
        created_at: ctx.now().micros(),
    })
}

/// The state of a file of this format whose bytes are what they were.
pub(super) fn sound_state(format: &str) -> FileState {
    if format == Format::Pickle.name() { FileState::Quarantined } else { FileState::Verified }
}

pub(super) fn state_name(state: FileState) -> &'static str {
    match state {
        FileState::Verified => "verified",
        FileState::Quarantined => "quarantined",
        FileState::Damaged => "damaged",
    }
}

pub(super) fn to_file(row: file::Model) -> Result<ModelFile> {
    let mut all = [FileState::Verified, FileState::Quarantined, FileState::Damaged].into_iter();
    let state = all.find(|state| state_name(*state) == row.state);
    Ok(ModelFile {
        state: state.ok_or_else(|| Error::new(ErrorKind::Unexpected, "a file has an unknown state"))?,
        path: row.path,
        bytes: u64::try_from(row.bytes).unwrap_or_default(),
        sha256: row.sha256,
        format: row.format,
        scan: row.scan.and_then(|scan| serde_json::from_value(scan).ok()),
        damaged_at: row.damaged_at.map(Timestamp::from_micros),
        created_at: Timestamp::from_micros(row.created_at),
    })
}
