//! Rows to look at. The index leads to the place, so the last page costs what the first does.

use std::collections::HashSet;

use sea_orm::EntityTrait;

use super::super::format::{Item, Place, ROW_BYTES, Records};
use super::super::rows::{file, index};
use super::super::schema::RowIndex;
use super::super::{Dataset, DatasetColumn, DatasetFile, DatasetPreview, PreviewDataset, PreviewRow, source};
use super::SqlDatasets;
use super::datasets::stored;
use super::files::{form_of, to_file};
use crate::base::{Ctx, Error, PageRequest, Result};
use crate::store::Key;

/// What is wanted of one file.
struct Window {
    /// The first row of it, within the file.
    from: u64,
    /// The file's first row, among all.
    base: u64,
    rows: usize,
    bytes: usize,
    shown: HashSet<String>,
}

impl SqlDatasets {
    pub(super) async fn preview(&self, ctx: &Ctx, req: PreviewDataset) -> Result<DatasetPreview> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let dataset = self.get(ctx, req.dataset_id).await?;
        let columns = chosen(&dataset, req.columns.as_deref())?;
        let shown: HashSet<String> = columns.iter().map(|column| column.name.clone()).collect();
        let list = format!("preview|{}|{}", dataset.id, dataset.digest.as_deref().unwrap_or_default());
        let mut next = self.first_row(&list, &req)?;
        let (mut items, mut bytes, mut base) = (Vec::new(), ROW_BYTES, 0u64);
        for row in self.file_rows(ctx, dataset.id).await? {
            let file = to_file(row.clone())?;
            let end = base + file.rows;
            if next < end && items.len() < request.limit as usize && bytes > 0 {
                let rows = request.limit as usize - items.len();
                let window = Window { from: next - base, base, rows, bytes, shown: shown.clone() };
                let (found, used) = self.read_window(ctx, &row, file, window).await?;
                next += found.len() as u64;
                bytes = bytes.saturating_sub(used);
                items.extend(found);
            }
            base = end;
        }
        let more = next < dataset.rows && !items.is_empty();
        let next_cursor =
            more.then(|| self.store.cursors().write(&list, &Key { value: next.to_string(), id: String::new() }));
        Ok(DatasetPreview {
            columns,
            items,
            rows: dataset.rows,
            column_count: dataset.schema.len() as u64,
            bytes: dataset.bytes,
            format: dataset.format,
            next_cursor,
        })
    }

    fn first_row(&self, list: &str, req: &PreviewDataset) -> Result<u64> {
        let Some(cursor) = &req.cursor else { return Ok(req.row.unwrap_or_default()) };
        if req.row.is_some() {
            return Err(Error::invalid("row", "cannot be given with a cursor").hint("send one of them"));
        }
        let key = self.store.cursors().read(list, cursor)?;
        key.value.parse().map_err(|_| Error::unexpected("a signed cursor holds no row"))
    }

    async fn read_window(
        &self,
        ctx: &Ctx,
        row: &file::Model,
        file: DatasetFile,
        window: Window,
    ) -> Result<(Vec<PreviewRow>, usize)> {
        let points = index::Entity::find_by_id(row.id).one(&self.store.conn(ctx)).await?;
        let points: RowIndex = points.map(|row| stored(row.row_index)).transpose()?.unwrap_or_default();
        let (at, place) = points.before(window.from).unwrap_or((0, Place::START));
        let reader = source::open(&self.blobs, &file.sha256, place.offset).await?;
        let names: Vec<String> = file.schema.iter().map(|column| column.name.clone()).collect();
        let form = form_of(&file);
        source::off_thread(move || {
            let records = Records::resume(reader, form, place, names.clone());
            read(records, at, &names, (&file.path, &window))
        })
        .await
    }
}

/// Reads on from row `at` until the window is full.
fn read(
    mut records: Records,
    mut at: u64,
    names: &[String],
    (path, window): (&str, &Window),
) -> Result<(Vec<PreviewRow>, usize)> {
    let (mut found, mut used) = (Vec::new(), 0);
    while found.len() < window.rows && used < window.bytes {
        match records.next()? {
            None => break,
            Some(Item::Bad(_)) => {}
            Some(Item::Row(row)) => {
                if at >= window.from {
                    let mut values = serde_json::Map::new();
                    for (name, cell) in names.iter().zip(row.cells) {
                        if !window.shown.contains(name) {
                            continue;
                        }
                        used += cell.text().map_or(0, |text| text.len());
                        if let Some(value) = cell.into_value() {
                            values.insert(name.clone(), value);
                        }
                    }
                    found.push(PreviewRow {
                        row: window.base + at,
                        path: path.to_owned(),
                        line: row.place.line,
                        values,
                    });
                }
                at += 1;
            }
        }
    }
    Ok((found, used))
}

/// The columns asked for, in the order of the dataset.
pub(super) fn chosen(dataset: &Dataset, asked: Option<&[String]>) -> Result<Vec<DatasetColumn>> {
    let Some(asked) = asked else { return Ok(dataset.schema.clone()) };
    for name in asked {
        if !dataset.schema.iter().any(|column| column.name == *name) {
            let known: Vec<&str> = dataset.schema.iter().take(50).map(|column| column.name.as_str()).collect();
            return Err(Error::invalid("columns", format!("names `{name}`, which is no column of this dataset"))
                .hint(format!("its columns are {}", known.join(", "))));
        }
    }
    Ok(dataset.schema.iter().filter(|column| asked.contains(&column.name)).cloned().collect())
}
