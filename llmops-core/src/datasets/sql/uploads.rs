//! Files that come in parts: what may come, and the finished file as one of the dataset's.

use async_trait::async_trait;

use super::super::rows::file;
use super::super::{
    AbortDatasetUpload, CompleteDatasetUpload, CreateDatasetUpload, DatasetFile, DatasetId, DatasetUpload,
    GetDatasetUpload, ListDatasetUploads, UploadDatasetPart,
};
use super::SqlDatasets;
use super::cards::{Readme, check_readme_bytes};
use super::datasets::{CHANGED, stored, to_dataset};
use super::files::{check_replace, to_file};
use super::receiving::{Came, Told, WrittenAs};
use crate::base::{Ctx, FilePath, Page, PageRequest, Result};
use crate::blob::{Incoming, Stored};
use crate::cards::README;
use crate::op::Parts;
use crate::uploads::{NewUpload, Upload, UploadKind, UploadOwner, UploadPart, UploadState, Uploads, check_digest};

pub(super) const UPLOADS: UploadKind = UploadKind {
    thing: "dataset",
    topic: "dataset_uploads",
    list: "datasets.list_dataset_uploads",
    get: "datasets.get_dataset_upload",
    complete: "datasets.complete_dataset_upload",
    changed: CHANGED,
    // Nobody sends a large file again because a validation began while it was put together.
    waits: &["validation_running"],
};

impl SqlDatasets {
    pub(super) async fn upload_create(&self, ctx: &Ctx, req: CreateDatasetUpload) -> Result<DatasetUpload> {
        let dataset = self.get(ctx, req.dataset_id).await?;
        let path = FilePath::parse(&req.path)?;
        match path.as_str() {
            README => check_readme_bytes(req.bytes)?,
            _ => self.check_open(ctx, &dataset).await?,
        }
        let CreateDatasetUpload { format, delimiter, header, encoding, .. } = req;
        let written = WrittenAs { format, delimiter, header, encoding };
        Told::of(&written)?;
        let sha256 = req.sha256.as_deref().map(check_digest).transpose()?;
        let replace = req.replace.unwrap_or(false);
        if let Some(known) = self.file_at(ctx, dataset.id, &path).await? {
            let known = to_file(known)?;
            // What is kept in another encoding than it came in may come again, and nobody knows its digest.
            let again = sha256.as_ref().is_some_and(|sent| *sent == known.sha256 || known.encoding.is_some());
            if !again || known.path != path.as_str() {
                check_replace(&known, &path, replace)?;
            }
        }
        let owner = (dataset.id.0, dataset.project);
        let told = Some(crate::op::encode(&written)?);
        let new = NewUpload { owner, path, told, bytes: req.bytes, sha256, replace };
        to_told(self.uploads.create(ctx, new).await?, None)
    }

    pub(super) async fn upload_list(&self, ctx: &Ctx, req: ListDatasetUploads) -> Result<Page<DatasetUpload>> {
        let dataset = self.load(ctx, req.dataset_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let Page { items, page } = self.uploads.list(ctx, dataset.id, &request).await?;
        Ok(Page { items: items.into_iter().map(|one| to_told(one, None)).collect::<Result<_>>()?, page })
    }

    pub(super) async fn upload_get(&self, ctx: &Ctx, req: GetDatasetUpload) -> Result<DatasetUpload> {
        let dataset = self.load(ctx, req.dataset_id).await?;
        let upload = self.uploads.get(ctx, dataset.id, req.upload_id).await?;
        self.with_file(ctx, upload).await
    }

    pub(super) async fn upload_part(&self, ctx: &Ctx, req: UploadDatasetPart, body: Parts) -> Result<UploadPart> {
        let dataset = self.load(ctx, req.dataset_id).await?;
        let which = (req.number, req.sha256.as_deref());
        self.uploads.part(ctx, (dataset.id, req.upload_id), which, body).await
    }

    pub(super) async fn upload_complete(&self, ctx: &Ctx, req: CompleteDatasetUpload) -> Result<DatasetUpload> {
        let dataset = self.get(ctx, req.dataset_id).await?;
        let upload = self.uploads.get(ctx, dataset.id.0, req.upload_id).await?;
        if upload.state == UploadState::Receiving && upload.path != README {
            self.check_open(ctx, &dataset).await?;
        }
        let upload = self.uploads.complete(ctx, dataset.id.0, req.upload_id, req.sha256.as_deref()).await?;
        self.with_file(ctx, upload).await
    }

    pub(super) async fn upload_abort(&self, ctx: &Ctx, req: AbortDatasetUpload) -> Result<DatasetUpload> {
        let dataset = self.load(ctx, req.dataset_id).await?;
        to_told(self.uploads.abort(ctx, dataset.id, req.upload_id).await?, None)
    }

    async fn with_file(&self, ctx: &Ctx, upload: Upload) -> Result<DatasetUpload> {
        let file = match upload.state {
            UploadState::Complete => {
                self.file_at(ctx, DatasetId(upload.owner), &FilePath::parse(&upload.kept_as)?).await?
            }
            _ => None,
        };
        to_told(upload, file.map(to_file).transpose()?)
    }

    /// The file that an upload to this path is of; that of a card is of none.
    async fn file_at(&self, ctx: &Ctx, id: DatasetId, path: &FilePath) -> Result<Option<file::Model>> {
        if path.as_str() == README { Ok(None) } else { self.file_like(ctx, id, path).await }
    }
}

#[async_trait]
impl UploadOwner for SqlDatasets {
    type Checked = Came;

    fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    async fn check_whole(&self, ctx: &Ctx, upload: &Upload, stored: &Stored) -> Result<(Came, Vec<Incoming>)> {
        if upload.path == README {
            check_readme_bytes(stored.bytes)?;
            return Ok((Came::Card(Readme::read(&self.head(stored, stored.bytes).await?)?), Vec::new()));
        }
        // Before all of it is read: it may have to wait for the end of a validation.
        self.check_open(ctx, &to_dataset(self.load(ctx, DatasetId(upload.owner)).await?)?).await?;
        let told = Told::of(&written(upload)?)?;
        let (received, made) = self.understand(ctx, &told, FilePath::parse(&upload.path)?, stored).await?;
        Ok((Came::Rows(received), made))
    }

    async fn take_whole(&self, ctx: &Ctx, upload: &Upload, checked: Came) -> Result<String> {
        let kept = self.register_in(ctx, DatasetId(upload.owner), upload.replace, checked).await?;
        Ok(kept.map_or_else(|| README.to_owned(), |file| file.path))
    }
}

fn written(upload: &Upload) -> Result<WrittenAs> {
    Ok(upload.told.clone().map(stored).transpose()?.unwrap_or_default())
}

fn to_told(upload: Upload, file: Option<DatasetFile>) -> Result<DatasetUpload> {
    let WrittenAs { format, delimiter, header, encoding } = written(&upload)?;
    Ok(DatasetUpload {
        error: upload.error(),
        id: upload.id,
        dataset_id: DatasetId(upload.owner),
        path: upload.path,
        format,
        delimiter,
        header,
        encoding,
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
    })
}
