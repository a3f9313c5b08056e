//! Rows to work with: which files they are in, and where the first of them stands.

use sea_orm::EntityTrait;

use super::super::reading::{Begun, Reading, Wanted};
use super::super::rows::{file, index};
use super::super::schema::RowIndex;
use super::super::{Dataset, DatasetFile, ReadDatasetRows, RowFormat};
use super::SqlDatasets;
use super::datasets::stored;
use super::files::to_file;
use super::preview::chosen;
use crate::base::{Ctx, Error, FilePath, Result};
use crate::op::Download;

impl SqlDatasets {
    pub(super) async fn read_rows(&self, ctx: &Ctx, req: ReadDatasetRows) -> Result<Download> {
        let dataset = self.get(ctx, req.dataset_id).await?;
        let columns = chosen(&dataset, req.columns.as_deref())?;
        let limit = req.limit.unwrap_or(u64::MAX);
        let format = req.format.unwrap_or_default();
        let found = self.files_of(ctx, &dataset, req.path.as_deref()).await?;
        let files = self.begun_at(ctx, found, req.row.unwrap_or_default(), limit).await?;
        if !req.skip_bad_rows.unwrap_or(false)
            && let Some(bad) = files.iter().map(|begun| &begun.file).find(|file| file.bad_rows > 0)
        {
            return Err(spoilt(&dataset, bad));
        }
        let (content_type, ending) = match format {
            RowFormat::Jsonl => ("application/jsonl", "jsonl"),
            RowFormat::Arrow => ("application/vnd.apache.arrow.stream", "arrows"),
            RowFormat::Parquet => ("application/vnd.apache.parquet", "parquet"),
        };
        let reading = Reading::new(self.blobs.clone(), files, Wanted { columns, limit, format })?;
        Ok(Download {
            body: reading.stream().await?,
            length: None,
            range: None,
            content_type: content_type.to_owned(),
            file_name: format!("{}-{}.{ending}", dataset.name.replace('/', "-"), dataset.version),
            digest: None,
        })
    }

    /// The rows of all files, or of the one that is named.
    async fn files_of(&self, ctx: &Ctx, dataset: &Dataset, path: Option<&str>) -> Result<Vec<file::Model>> {
        let mut files = self.file_rows(ctx, dataset.id).await?;
        if let Some(path) = path {
            let path = FilePath::parse(path)?;
            files.retain(|file| file.path == path.as_str());
            if files.is_empty() {
                return Err(Error::not_found("file", path.as_str()));
            }
        }
        Ok(files)
    }

    /// The files in which so many rows from this one on stand, each with the place where reading it begins.
    async fn begun_at(&self, ctx: &Ctx, found: Vec<file::Model>, row: u64, limit: u64) -> Result<Vec<Begun>> {
        let (mut before, end) = (0, row.saturating_add(limit));
        let mut files = Vec::new();
        for found in found {
            let (id, file) = (found.id, to_file(found)?);
            let (first, next) = (row.saturating_sub(before), before + file.rows);
            if row < next && before < end {
                let known = match first {
                    0 => None,
                    _ => index::Entity::find_by_id(id).one(&self.store.conn(ctx)).await?,
                };
                let points: RowIndex = known.map(|row| stored(row.row_index)).transpose()?.unwrap_or_default();
                files.push(Begun { file, first, place: points.before(first) });
            }
            before = next;
        }
        Ok(files)
    }
}

fn spoilt(dataset: &Dataset, file: &DatasetFile) -> Error {
    let Dataset { name, version, .. } = dataset;
    let said = format!("dataset `{name}` {version} has {} rows in `{}` that cannot be read", file.bad_rows, file.path);
    Error::conflict(said)
        .code("bad_rows")
        .field("skipBadRows")
        .hint("mend them, the validation says where they are; or send `skipBadRows` to leave them out")
}
