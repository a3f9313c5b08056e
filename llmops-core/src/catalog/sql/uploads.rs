//! Files that come in parts: what may come, and the finished file as one of the model's.

use async_trait::async_trait;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::super::format::Format;
use super::super::rows::file;
use super::super::{
    AbortModelUpload, CompleteModelUpload, CreateModelUpload, GetModelUpload, ListModelUploads, ModelFile, ModelId,
    ModelType, ModelUpload, UploadModelPart,
};
use super::SqlCatalog;
use super::files::{Checked, Received, check_replace, to_file};
use super::models::CHANGED;
use crate::base::{Ctx, Error, FilePath, Page, PageRequest, Result};
use crate::blob::{Incoming, Stored};
use crate::op::Parts;
use crate::uploads::{NewUpload, Upload, UploadKind, UploadOwner, UploadPart, UploadState, Uploads, check_digest};

pub(super) const UPLOADS: UploadKind = UploadKind {
    thing: "model",
    topic: "uploads",
    list: "catalog.list_model_uploads",
    get: "catalog.get_model_upload",
    complete: "catalog.complete_model_upload",
    changed: CHANGED,
    waits: &[],
};

impl SqlCatalog {
    pub(super) async fn upload_create(&self, ctx: &Ctx, req: CreateModelUpload) -> Result<ModelUpload> {
        let model = self.load(ctx, req.model_id).await?;
        if model.model_type == super::models::type_name(ModelType::External) {
            return Err(Error::conflict("an external model has no files").hint("its provider keeps them"));
        }
        let path = FilePath::parse(&req.path)?;
        Format::of(&path)?.check_size(req.bytes)?;
        let sha256 = req.sha256.as_deref().map(check_digest).transpose()?;
        let replace = req.replace.unwrap_or(false);
        if let Some(known) = self.file_like(ctx, model.id, &path).await?
            && sha256.as_ref() != Some(&known.sha256)
        {
            check_replace(&known, &path, replace)?;
        }
        let owner = (model.id, model.project);
        let new = NewUpload { owner, path, told: None, bytes: req.bytes, sha256, replace };
        Ok(to_told(self.uploads.create(ctx, new).await?, None))
    }

    pub(super) async fn upload_list(&self, ctx: &Ctx, req: ListModelUploads) -> Result<Page<ModelUpload>> {
        let model = self.load(ctx, req.model_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let Page { items, page } = self.uploads.list(ctx, model.id, &request).await?;
        Ok(Page { items: items.into_iter().map(|one| to_told(one, None)).collect(), page })
    }

    pub(super) async fn upload_get(&self, ctx: &Ctx, req: GetModelUpload) -> Result<ModelUpload> {
        let model = self.load(ctx, req.model_id).await?;
        let upload = self.uploads.get(ctx, model.id, req.upload_id).await?;
        self.with_file(ctx, upload).await
    }

    pub(super) async fn upload_part(&self, ctx: &Ctx, req: UploadModelPart, body: Parts) -> Result<UploadPart> {
        let model = self.load(ctx, req.model_id).await?;
        let which = (req.number, req.sha256.as_deref());
        self.uploads.part(ctx, (model.id, req.upload_id), which, body).await
    }

    pub(super) async fn upload_complete(&self, ctx: &Ctx, req: CompleteModelUpload) -> Result<ModelUpload> {
        let model = self.load(ctx, req.model_id).await?;
        let upload = self.uploads.complete(ctx, model.id, req.upload_id, req.sha256.as_deref()).await?;
        self.with_file(ctx, upload).await
    }

    pub(super) async fn upload_abort(&self, ctx: &Ctx, req: AbortModelUpload) -> Result<ModelUpload> {
        let model = self.load(ctx, req.model_id).await?;
        Ok(to_told(self.uploads.abort(ctx, model.id, req.upload_id).await?, None))
    }

    async fn with_file(&self, ctx: &Ctx, upload: Upload) -> Result<ModelUpload> {
        let file = match upload.state {
            UploadState::Complete => self.file_like(ctx, upload.owner, &FilePath::parse(&upload.kept_as)?).await?,
            _ => None,
        };
        Ok(to_told(upload, file.map(to_file).transpose()?))
    }

    async fn file_like(&self, ctx: &Ctx, model: Uuid, path: &FilePath) -> Result<Option<file::Model>> {
        let same = file::Entity::find().filter(file::Column::ModelId.eq(model));
        Ok(same.filter(file::Column::PathKey.eq(path.key())).one(&self.store.conn(ctx)).await?)
    }
}

#[async_trait]
impl UploadOwner for SqlCatalog {
    type Checked = Checked;

    fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    async fn check_whole(&self, _: &Ctx, upload: &Upload, stored: &Stored) -> Result<(Checked, Vec<Incoming>)> {
        let path = FilePath::parse(&upload.path)?;
        let received = Received { format: Format::of(&path)?, path, stored: stored.clone() };
        Ok((self.inspect(received, None).await?, Vec::new()))
    }

    async fn take_whole(&self, ctx: &Ctx, upload: &Upload, checked: Checked) -> Result<String> {
        Ok(self.register_in(ctx, ModelId(upload.owner), upload.replace, checked).await?.path)
    }
}

fn to_told(upload: Upload, file: Option<ModelFile>) -> ModelUpload {
    ModelUpload {
        error: upload.error(),
        id: upload.id,
        model_id: ModelId(upload.owner),
        path: upload.path,
        bytes: upload.bytes,
        sha256: upload.sha256,
        state: upload.state,
        part_bytes: upload.part_bytes,
        parts: upload.parts,
        received_bytes: upload.received_bytes,
        missing: upload.missing,
        file,
        created_by: upload.created_by,
        created_at: upload.created_at,
        updated_at: upload.updated_at,
        expires_at: upload.expires_at,
    }
}
