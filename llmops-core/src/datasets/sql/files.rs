//! A dataset's files: received, understood, listed and sent.

use futures::TryStreamExt;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::format::Form;
use super::super::rows::{dataset, file, index};
use super::super::schema;
use super::super::walk::Walk;
use super::super::{
    DataFormat, Dataset, DatasetFile, DatasetId, DownloadDatasetFile, ListDatasetFiles, UploadDatasetFiles,
    UploadedDatasetFiles,
};
use super::cards::Readme;
use super::datasets::{changed_meanwhile, format_name, format_of, stored, to_dataset, unvalidated};
use super::receiving::{Came, Received, Told, WrittenAs};
use super::{SqlDatasets, owner};
use crate::base::{Ctx, Error, FilePath, Limits, Page, PageRequest, Result, Timestamp};
use crate::blob::Stored;
use crate::cards::README;
use crate::op::{Download, Parts, byte_range};
use crate::store::count::{signed, unsigned};
use crate::store::{is_unique_violation, keyset};
use crate::uploads::{check_said, duplicate_path};

/// The most files of one dataset.
const FILES: usize = 1000;

impl SqlDatasets {
    pub(super) async fn upload(
        &self,
        ctx: &Ctx,
        req: UploadDatasetFiles,
        mut body: Parts,
    ) -> Result<UploadedDatasetFiles> {
        let dataset = self.get(ctx, req.dataset_id).await?;
        let UploadDatasetFiles { format, delimiter, header, encoding, .. } = req.clone();
        let told = Told::of(&WrittenAs { format, delimiter, header, encoding })?;
        let (mut files, mut card) = (Vec::new(), false);
        while let Some(part) = body.try_next().await? {
            let path = FilePath::parse(&part.name)?;
            if path.as_str() == README {
                let (readme, sent) = Readme::receive(part.body).await?;
                check_said(req.sha256.as_deref(), &sent)?;
                self.register(ctx, &req, Came::Card(readme)).await?;
                card = true;
                continue;
            }
            if files.is_empty() {
                self.check_open(ctx, &dataset).await?; // a card is written about what is closed as well
            }
            let sent = self.blobs.take_in(&self.store, ctx, part.body, Limits::FILE_BYTES).await?;
            let kept = self.keep(ctx, (&req, &told), path, &sent.stored).await;
            self.blobs.let_go(&self.store, ctx, sent).await?;
            files.extend(kept?);
        }
        if files.is_empty() && !card {
            return Err(Error::invalid("file", "is required: the upload holds no file").hint("send at least one file"));
        }
        Ok(UploadedDatasetFiles { files, card })
    }

    async fn keep(
        &self,
        ctx: &Ctx,
        (req, told): (&UploadDatasetFiles, &Told),
        path: FilePath,
        sent: &Stored,
    ) -> Result<Option<DatasetFile>> {
        check_said(req.sha256.as_deref(), sent)?;
        let (received, made) = self.understand(ctx, told, path, sent).await?;
        let kept = self.register(ctx, req, Came::Rows(received)).await;
        self.let_all_go(ctx, made).await?;
        kept
    }

    /// The short unit: the row, the hold on the bytes, the dataset's new digest and structure.
    async fn register(&self, ctx: &Ctx, req: &UploadDatasetFiles, came: Came) -> Result<Option<DatasetFile>> {
        let action = ctx.operation().unwrap_or("datasets.upload_dataset_files");
        let unit = self.store.begin(&ctx.for_operation(action)).await?;
        match self.register_in(&unit, req.dataset_id, req.replace.unwrap_or(false), came).await {
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

    /// Within the open unit. A card is none of the files.
    pub(super) async fn register_in(
        &self,
        ctx: &Ctx,
        id: DatasetId,
        replace: bool,
        came: Came,
    ) -> Result<Option<DatasetFile>> {
        match came {
            Came::Rows(received) => self.register_rows(ctx, id, replace, received).await.map(Some),
            Came::Card(readme) => self.take_readme(ctx, id, replace, readme).await.map(|()| None),
        }
    }

    async fn register_rows(&self, ctx: &Ctx, id: DatasetId, replace: bool, received: Received) -> Result<DatasetFile> {
        let dataset = self.load(ctx, id).await?;
        self.check_open(ctx, &to_dataset(dataset.clone())?).await?;
        if let Some(known) = self.file_like(ctx, id, &received.path).await? {
            let row = to_file(known.clone())?;
            if row.path == received.path.as_str()
                && row.sha256 == received.stored.digest
                && same_form(&row, received.form)
            {
                let said_alike = known.guessed.is_none() || row.guessed == received.guessed;
                if said_alike && row.encoding == received.encoding {
                    return Ok(row); // the same again
                }
            } else {
                check_replace(&row, &received.path, replace)?;
            }
            self.drop_file(ctx, id, &known).await?;
        }
        let row = self.add_file(ctx, id, &received).await?;
        self.seal(ctx, &dataset).await?;
        ctx.touch("dataset", dataset.id, json!({ "path": row.path, "sha256": row.sha256, "bytes": row.bytes }));
        to_file(row)
    }

    /// The file whose path reads like this one.
    pub(super) async fn file_like(&self, ctx: &Ctx, id: DatasetId, path: &FilePath) -> Result<Option<file::Model>> {
        let same = file::Entity::find().filter(file::Column::DatasetId.eq(id.0));
        Ok(same.filter(file::Column::PathKey.eq(path.key())).one(&self.store.conn(ctx)).await?)
    }

    /// The rows of a file and the hold on its bytes.
    pub(super) async fn add_file(&self, ctx: &Ctx, id: DatasetId, received: &Received) -> Result<file::Model> {
        let row = to_row(ctx, id.0, received)?;
        let conn = self.store.conn(ctx);
        let inserted = file::Entity::insert(row.clone().into_active_model()).exec_without_returning(&conn).await;
        inserted.map_err(|e| if is_unique_violation(&e) { changed_meanwhile() } else { e.into() })?;
        let points = index::Model { file_id: row.id, row_index: crate::op::encode(&received.profile.index)? };
        index::Entity::insert(points.into_active_model()).exec_without_returning(&conn).await?;
        self.blobs.hold(&self.store, ctx, &owner(id, &row.path), &received.stored).await?;
        Ok(row)
    }

    /// Takes a file's rows away and lets go of its bytes.
    pub(super) async fn drop_file(&self, ctx: &Ctx, id: DatasetId, file: &file::Model) -> Result<()> {
        let conn = self.store.conn(ctx);
        index::Entity::delete_by_id(file.id).exec(&conn).await?;
        file::Entity::delete_by_id(file.id).exec(&conn).await?;
        self.blobs.release(&self.store, ctx, &owner(id, &file.path), &file.sha256).await
    }

    /// Computes what the files are together; whatever was found out about other bytes no longer holds.
    pub(super) async fn seal(&self, ctx: &Ctx, row: &dataset::Model) -> Result<()> {
        let files: Vec<DatasetFile> =
            self.file_rows(ctx, DatasetId(row.id)).await?.into_iter().map(to_file).collect::<Result<_>>()?;
        check_together(&files)?;
        FilePath::check_folders(files.iter().map(|file| file.path.as_str()))?;
        let mut sha = Sha256::new();
        for file in &files {
            sha.update(format!("{}\0{}\n", file.path, file.sha256));
        }
        let format = files.first().map(|file| file.format);
        let schemas: Vec<_> = files.iter().map(|file| file.schema.clone()).collect();
        let mut change = dataset::ActiveModel {
            digest: Set((!files.is_empty()).then(|| hex::encode(sha.finalize()))),
            rows: Set(signed(files.iter().map(|file| file.rows).sum())),
            bytes: Set(signed(files.iter().map(|file| file.bytes).sum())),
            format: Set(format.map(|format| format_name(format).to_owned())),
            schema: Set(crate::op::encode(&schema::merge(&schemas, format == Some(DataFormat::Csv)))?),
            ..Default::default()
        };
        unvalidated(&mut change);
        self.recount(ctx, row).await?;
        self.change(ctx, row, change).await
    }

    /// The rows of all files of a dataset, by path.
    pub(super) async fn file_rows(&self, ctx: &Ctx, id: DatasetId) -> Result<Vec<file::Model>> {
        let select = file::Entity::find().filter(file::Column::DatasetId.eq(id.0));
        let mut rows = select.all(&self.store.conn(ctx)).await?;
        // Not by the database's collation: the order is that of the rows, and goes into the digest.
        rows.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Ok(rows)
    }

    /// What walks over the rows of a dataset.
    pub(super) async fn walk(&self, ctx: &Ctx, dataset: &Dataset) -> Result<Walk> {
        let files = self.file_rows(ctx, dataset.id).await?.into_iter().map(to_file).collect::<Result<_>>()?;
        Ok(Walk { blobs: self.blobs.clone(), files, columns: dataset.schema.clone() })
    }

    pub(super) async fn files(&self, ctx: &Ctx, req: ListDatasetFiles) -> Result<Page<DatasetFile>> {
        let row = self.load(ctx, req.dataset_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: format!("dataset_files|{}", row.id),
            column: file::Column::Path,
            id: file::Column::Id,
            ascending: true,
            total: false,
        };
        let select = file::Entity::find().filter(file::Column::DatasetId.eq(row.id));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_file).collect::<Result<_>>()?, page })
    }

    pub(super) async fn download(&self, ctx: &Ctx, req: DownloadDatasetFile) -> Result<Download> {
        let row = self.load(ctx, req.dataset_id).await?;
        let path = FilePath::parse(&req.path)?;
        let found = file::Entity::find()
            .filter(file::Column::DatasetId.eq(row.id))
            .filter(file::Column::Path.eq(path.as_str()))
            .one(&self.store.conn(ctx))
            .await?;
        let file = to_file(found.ok_or_else(|| Error::not_found("file", path.as_str()))?)?;
        let range = byte_range(req.range.as_deref(), file.bytes)?;
        let body = self.blobs.get(&file.sha256, range.clone()).await?;
        let length = range.as_ref().map_or(file.bytes, |r| r.end - r.start);
        let content_type = match file.format {
            DataFormat::Csv => "text/csv; charset=utf-8",
            DataFormat::Jsonl => "application/jsonl",
            DataFormat::Text => "text/plain; charset=utf-8",
        };
        Ok(Download {
            body,
            length: Some(length),
            range: range.map(|r| (r.start, r.end - 1, file.bytes)),
            content_type: content_type.to_owned(),
            file_name: file.path.rsplit('/').next().unwrap_or_default().to_owned(),
            digest: Some(file.sha256),
        })
    }
}

/// Refuses files that do not make one dataset.
fn check_together(files: &[DatasetFile]) -> Result<()> {
    if files.len() > FILES {
        return Err(
            Error::invalid("file", format!("is one too many: a dataset holds at most {FILES} files")).hint("join them")
        );
    }
    let Some(first) = files.first() else { return Ok(()) };
    for file in &files[1..] {
        if file.format != first.format {
            let (a, b) = (format_name(first.format), format_name(file.format));
            return Err(Error::invalid(file.path.as_str(), format!("is {b}, and `{}` is {a}", first.path))
                .code("mixed_formats")
                .hint("the files of a dataset have one format; make another dataset of the others"));
        }
        let names = |file: &DatasetFile| file.schema.iter().map(|column| column.name.clone()).collect::<Vec<_>>();
        if file.format == DataFormat::Csv && names(file) != names(first) {
            let rule = format!("has the columns {}, and `{}` has {}", listed(file), first.path, listed(first));
            return Err(Error::invalid(file.path.as_str(), rule)
                .code("columns_differ")
                .hint("the tables of a dataset have the same columns in the same order"));
        }
    }
    Ok(())
}

fn listed(file: &DatasetFile) -> String {
    let shown: Vec<&str> = file.schema.iter().take(20).map(|column| column.name.as_str()).collect();
    format!("{}{}", shown.join(", "), if file.schema.len() > 20 { ", .." } else { "" })
}

fn same_form(file: &DatasetFile, form: Form) -> bool {
    file.format == form.format && file.header == form.header && file.delimiter == delimiter_of(form)
}

pub(super) fn check_replace(known: &DatasetFile, path: &FilePath, replace: bool) -> Result<()> {
    if known.path != path.as_str() {
        return Err(duplicate_path(path));
    }
    if replace {
        return Ok(());
    }
    Err(Error::conflict(format!("the dataset has another file under `{}` already", known.path))
        .code("already_exists")
        .field("path")
        .hint("send `replace=true` to put this one in its place"))
}

pub(super) fn delimiter_of(form: Form) -> Option<String> {
    (form.format == DataFormat::Csv).then(|| char::from(form.delimiter).to_string())
}

/// How the rows of this file are written.
pub(in super::super) fn form_of(file: &DatasetFile) -> Form {
    let delimiter = file.delimiter.as_deref().and_then(|text| text.bytes().next()).unwrap_or(b',');
    Form { format: file.format, delimiter, header: file.header }
}

fn to_row(ctx: &Ctx, dataset_id: crate::base::Id, received: &Received) -> Result<file::Model> {
    Ok(file::Model {
        id: ctx.new_id(),
        dataset_id,
        path: received.path.as_str().to_owned(),
        path_key: received.path.key(),
        bytes: signed(received.stored.bytes),
        sha256: received.stored.digest.clone(),
        format: format_name(received.form.format).to_owned(),
        delimiter: delimiter_of(received.form),
        header: received.form.header,
        guessed: Some(crate::op::encode(&received.guessed)?),
        encoding: received.encoding.as_ref().map(crate::op::encode).transpose()?,
        rows: signed(received.profile.rows),
        bad_rows: signed(received.profile.bad_rows),
        schema: crate::op::encode(&received.profile.columns)?,
        uploaded_by: Some(ctx.caller.actor.clone()),
        created_at: ctx.now().micros(),
    })
}

pub(super) fn to_file(row: file::Model) -> Result<DatasetFile> {
    Ok(DatasetFile {
        path: row.path,
        bytes: unsigned(row.bytes),
        sha256: row.sha256,
        format: format_of(&row.format)?,
        delimiter: row.delimiter,
        header: row.header,
        guessed: row.guessed.map(stored).transpose()?.unwrap_or_default(),
        encoding: row.encoding.map(stored).transpose()?,
        rows: unsigned(row.rows),
        bad_rows: unsigned(row.bad_rows),
        schema: stored(row.schema)?,
        created_at: Timestamp::from_micros(row.created_at),
    })
}
