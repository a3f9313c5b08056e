//! Comparisons: asked for, joined, waited for. The loop carries them out.

use std::time::Duration;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::compare::ROWS;
use super::super::rows::{comparison, dataset};
use super::super::{
    CompareDatasetVersions, ComparedVersion, Dataset, DatasetComparison, DatasetFile, DatasetId, DatasetWorkState,
    DiffDatasetVersion, ValidationProgress,
};
use super::SqlDatasets;
use super::datasets::{stored, to_dataset};
use super::files::to_file;
use crate::base::{Ctx, Error, ErrorKind, Id, Result, Timestamp};
use crate::store::count::{signed, unsigned};
use crate::store::is_unique_violation;

/// How long to wait for an outcome when the caller does not say, and at most.
const WAIT: u32 = 20;
const LONGEST_WAIT: u32 = 60;
/// Comparisons of a project that are kept, and that are under way.
const KEPT: u64 = 200;
const OPEN: u64 = 16;
/// How long a failure is remembered, in seconds. After that the same question is a new one.
const FAILED: f64 = 60.0;

/// One side as it is now.
struct Side {
    dataset: Dataset,
    digest: String,
    bad_rows: u64,
    /// What its bytes are and how they are read.
    read_as: String,
}

impl SqlDatasets {
    pub(super) async fn compare(&self, ctx: &Ctx, req: CompareDatasetVersions) -> Result<DatasetComparison> {
        let wait = req.wait.unwrap_or(WAIT).min(LONGEST_WAIT);
        let of = self.load(ctx, req.dataset_id).await?;
        let a = self.side(ctx, &of, ("a", &req.a)).await?;
        let b = self.side(ctx, &of, ("b", &req.b)).await?;
        let keys = keys(&req, &a.dataset, &b.dataset)?;
        let mut sha = Sha256::new();
        sha.update(json!([a.read_as, b.read_as, keys]).to_string());
        let about = hex::encode(sha.finalize());
        let found = self.known_comparison(ctx, &about).await?;
        let row = match found {
            Some(row) => row,
            None => self.begin_comparison(ctx, (&a, &b), &keys, about).await?,
        };
        let row = self.awaited(ctx, row, Duration::from_secs(wait.into())).await?;
        answer(row, a, b)
    }

    /// The same by the version alone, which knows what it came from.
    pub(super) async fn diff(&self, ctx: &Ctx, req: DiffDatasetVersion) -> Result<DatasetComparison> {
        let DiffDatasetVersion { dataset_id, version, base_version_id, keys, wait } = req;
        let of = self.load(ctx, dataset_id).await?;
        let row = self.named(ctx, &of, ("version", &version)).await?;
        let base = base_version_id.or(row.parent_id.map(DatasetId)).ok_or_else(|| {
            Error::invalid(
                "baseVersionId",
                format!("is required: {} {} came from no other version", row.name, row.version),
            )
            .hint("name the version to compare it with")
        })?;
        let as_diff = |error: Error| match error.field_name() {
            Some("a") => error.field("baseVersionId"),
            Some("b") => error.field("version"),
            _ => error,
        };
        let (a, b) = (base.to_string(), row.id.to_string());
        self.compare(ctx, CompareDatasetVersions { dataset_id, a, b, keys, wait }).await.map_err(as_diff)
    }

    async fn named(&self, ctx: &Ctx, of: &dataset::Model, (field, asked): (&str, &str)) -> Result<dataset::Model> {
        match asked.parse::<Id>() {
            Ok(id) => self.load(ctx, DatasetId(id)).await.map_err(|error| error.field(field)),
            Err(_) => self.version_of(ctx, of, (field, asked)).await,
        }
    }

    /// The version of this name, or of any name by its id.
    async fn side(&self, ctx: &Ctx, of: &dataset::Model, (field, asked): (&str, &str)) -> Result<Side> {
        let dataset = to_dataset(self.named(ctx, of, (field, asked)).await?)?;
        let Some(digest) = dataset.digest.clone() else { return Err(no_files(&dataset, field)) };
        if dataset.rows > ROWS {
            return Err(Error::new(
                ErrorKind::TooLarge,
                format!("`{field}` must have at most {ROWS} rows, and has {}", dataset.rows),
            )
            .field(field)
            .hint("compare smaller parts of it"));
        }
        let files: Vec<DatasetFile> =
            self.file_rows(ctx, dataset.id).await?.into_iter().map(to_file).collect::<Result<_>>()?;
        let read_as =
            files.iter().map(|file| json!([file.path, file.sha256, file.format, file.delimiter, file.header]));
        let read_as = json!(read_as.collect::<Vec<_>>()).to_string();
        Ok(Side { digest, bad_rows: files.iter().map(|file| file.bad_rows).sum(), read_as, dataset })
    }

    /// The version of a dataset's name that this says.
    pub(super) async fn version_of(
        &self,
        ctx: &Ctx,
        of: &dataset::Model,
        (field, version): (&str, &str),
    ) -> Result<dataset::Model> {
        let select = dataset::Entity::find()
            .filter(dataset::Column::Project.eq(ctx.project()))
            .filter(dataset::Column::Name.eq(of.name.as_str()))
            .filter(dataset::Column::Version.eq(version));
        select.one(&self.store.conn(ctx)).await?.ok_or_else(|| {
            Error::not_found("version", version)
                .field(field)
                .hint(format!("`list_dataset_versions` shows the versions of {}", of.name))
        })
    }

    /// The comparison of the same bytes by the same keys; a failure of some time ago is tried again.
    async fn known_comparison(&self, ctx: &Ctx, about: &str) -> Result<Option<comparison::Model>> {
        let select = comparison::Entity::find()
            .filter(comparison::Column::Project.eq(ctx.project()))
            .filter(comparison::Column::About.eq(about));
        let Some(row) = select.one(&self.store.conn(ctx)).await? else { return Ok(None) };
        let old = row.finished_at.is_some_and(|at| ctx.now().seconds_since(Timestamp::from_micros(at)) > FAILED);
        if row.state == DatasetWorkState::Failed.name() && old {
            comparison::Entity::delete_by_id(row.id).exec(&self.store.conn(ctx)).await?;
            return Ok(None);
        }
        Ok(Some(row))
    }

    /// Asks the loop for it, in a unit of its own: the call only reads.
    async fn begin_comparison(
        &self,
        ctx: &Ctx,
        (a, b): (&Side, &Side),
        keys: &[String],
        about: String,
    ) -> Result<comparison::Model> {
        let row = comparison::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            about: about.clone(),
            a_id: a.dataset.id.0,
            b_id: b.dataset.id.0,
            a_digest: a.digest.clone(),
            b_digest: b.digest.clone(),
            keys: json!(keys),
            state: DatasetWorkState::Queued.name().to_owned(),
            rows_read: 0,
            bytes_read: 0,
            bytes_total: signed(a.dataset.bytes + b.dataset.bytes),
            report: None,
            added: None,
            removed: None,
            modified: None,
            error: None,
            created_at: ctx.now().micros(),
            finished_at: None,
        };
        let unit = self.store.begin(&ctx.clone().without_operation()).await?;
        match self.keep_comparison(&unit, &row).await {
            Ok(true) => {
                self.store.commit(unit).await?;
                Ok(row)
            }
            Ok(false) => {
                self.store.rollback(unit).await;
                let other = self.known_comparison(ctx, &about).await?;
                other.ok_or_else(|| Error::unavailable("the comparison was ended just now").hint("ask again"))
            }
            Err(error) => {
                self.store.rollback(unit).await;
                Err(error)
            }
        }
    }

    /// Whether this is the first to ask.
    async fn keep_comparison(&self, ctx: &Ctx, row: &comparison::Model) -> Result<bool> {
        let conn = self.store.conn(ctx);
        let of_project = || comparison::Entity::find().filter(comparison::Column::Project.eq(row.project.as_str()));
        let open = [DatasetWorkState::Queued.name(), DatasetWorkState::Running.name()];
        if of_project().filter(comparison::Column::State.is_in(open)).count(&conn).await? >= OPEN {
            return Err(Error::conflict(format!("{OPEN} comparisons of this project are under way"))
                .code("too_many_comparisons")
                .hint("wait until one of them ends"));
        }
        let old: Vec<Id> = of_project()
            .select_only()
            .column(comparison::Column::Id)
            .filter(comparison::Column::State.is_not_in(open))
            .order_by_desc(comparison::Column::CreatedAt)
            .offset(KEPT)
            .limit(KEPT)
            .into_tuple()
            .all(&conn)
            .await?;
        comparison::Entity::delete_many().filter(comparison::Column::Id.is_in(old)).exec(&conn).await?;
        let inserted = comparison::Entity::insert(row.clone().into_active_model()).exec_without_returning(&conn).await;
        match inserted {
            Ok(_) => {
                ctx.signal(format!("dataset_comparisons/{}", row.id));
                Ok(true)
            }
            Err(taken) if is_unique_violation(&taken) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    /// The comparison once it ended, or as it is when the time is over.
    async fn awaited(&self, ctx: &Ctx, row: comparison::Model, time: Duration) -> Result<comparison::Model> {
        let mut changes = self.store.signals().listen(format!("dataset_comparisons/{}", row.id));
        let until = tokio::time::Instant::now() + time;
        loop {
            let now = comparison::Entity::find_by_id(row.id).one(&self.store.conn(ctx)).await?;
            let now = now.ok_or_else(|| {
                Error::conflict("a dataset that is compared was deleted meanwhile").hint("ask about another one")
            })?;
            let open = DatasetWorkState::from_name(&now.state)?.is_open();
            if !open || tokio::time::timeout_at(until, changes.changed()).await.is_err() {
                return Ok(now);
            }
        }
    }

    /// Forgets what was compared with a dataset, which shows rows of it.
    pub(super) async fn forget_comparisons(&self, ctx: &Ctx, id: DatasetId) -> Result<()> {
        let either = Condition::any().add(comparison::Column::AId.eq(id.0)).add(comparison::Column::BId.eq(id.0));
        comparison::Entity::delete_many().filter(either).exec(&self.store.conn(ctx)).await?;
        Ok(())
    }
}

/// The columns that both versions have and that say which rows are the same one.
fn keys(req: &CompareDatasetVersions, a: &Dataset, b: &Dataset) -> Result<Vec<String>> {
    let mut keys: Vec<String> = Vec::new();
    for key in req.keys.iter().flatten() {
        for (side, dataset) in [("a", a), ("b", b)] {
            if !dataset.schema.iter().any(|column| column.name == *key) {
                let known: Vec<&str> = dataset.schema.iter().take(50).map(|column| column.name.as_str()).collect();
                return Err(Error::invalid("keys", format!("names `{key}`, which is no column of `{side}`"))
                    .hint(format!("its columns are {}", known.join(", "))));
            }
        }
        if !keys.contains(key) {
            keys.push(key.clone());
        }
    }
    Ok(keys)
}

/// A dataset without rows to work on.
pub(super) fn no_files(dataset: &Dataset, field: &str) -> Error {
    Error::conflict(format!("{} {} has no files", dataset.name, dataset.version))
        .code("no_files")
        .field(field)
        .hint("upload its files first")
}

fn answer(row: comparison::Model, a: Side, b: Side) -> Result<DatasetComparison> {
    let version = |side: Side| ComparedVersion {
        dataset_id: side.dataset.id,
        name: side.dataset.name,
        version: side.dataset.version,
        digest: side.digest,
        rows: side.dataset.rows,
        bad_rows: side.bad_rows,
    };
    Ok(DatasetComparison {
        id: row.id,
        a: version(a),
        b: version(b),
        keys: stored(row.keys)?,
        state: DatasetWorkState::from_name(&row.state)?,
        progress: ValidationProgress {
            rows: unsigned(row.rows_read),
            bytes: unsigned(row.bytes_read),
            total_bytes: unsigned(row.bytes_total),
        },
        report: row.report.map(stored).transpose()?,
        error: row.error,
        created_at: Timestamp::from_micros(row.created_at),
        finished_at: row.finished_at.map(Timestamp::from_micros),
    })
}
