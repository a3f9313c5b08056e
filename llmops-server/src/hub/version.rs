//! A version of a model or a dataset, as the hub sees both: the state of a repository at a revision.

use llmops_core::base::{Ctx, Error, ErrorKind, Limits, Result, Timestamp};
use llmops_core::cards::README;
use llmops_core::catalog::{
    DownloadModelFile, FileState, GetModelAlias, ListModelFiles, ListModels, Model, ModelId, ModelStatus, ModelType,
};
use llmops_core::datasets::{
    Dataset, DatasetId, DatasetStatus, DownloadDatasetCard, DownloadDatasetFile, ListDatasetFiles, ListDatasets,
};
use llmops_core::op::Download;
use serde_json::{Map, Value};

use super::address::{Kind, Repo};
use crate::Door;

/// The hex digits of a commit.
pub(super) const COMMIT: usize = 40;
/// The commit of a version without files.
const NOTHING: &str = "0000000000000000000000000000000000000000";
/// As much of a commit as says which files, where the rest says which card.
const HALF: usize = COMMIT / 2;
/// How many versions of the same files are looked at.
const ALIKE: u32 = 100;
/// The fields of a dataset's card that are tags as well.
const MARKS: [&str; 6] =
    ["annotations_creators", "language", "language_creators", "multilinguality", "size_categories", "task_categories"];

/// Which version.
#[derive(Debug, Clone, Copy)]
pub(super) enum Id {
    Model(ModelId),
    Dataset(DatasetId),
}

impl Id {
    pub(super) fn kind(self) -> Kind {
        match self {
            Self::Model(_) => Kind::Models,
            Self::Dataset(_) => Kind::Datasets,
        }
    }

    /// The one of this text.
    pub(super) fn parse(kind: Kind, text: &str) -> Option<Self> {
        let text = Value::from(text);
        match kind {
            Kind::Models => serde_json::from_value(text).ok().map(Self::Model),
            Kind::Datasets => serde_json::from_value(text).ok().map(Self::Dataset),
        }
    }
}

impl std::fmt::Display for Id {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Model(id) => id.fmt(f),
            Self::Dataset(id) => id.fmt(f),
        }
    }
}

/// One version.
pub(super) struct Version {
    pub(super) id: Id,
    pub(super) project: String,
    pub(super) name: String,
    pub(super) version: String,
    pub(super) digest: Option<String>,
    /// Of a dataset, whose card is none of its files.
    pub(super) card_digest: Option<String>,
    commit: String,
    pub(super) is_draft: bool,
    is_approved: bool,
    pub(super) tags: Vec<String>,
    /// What it is found by beside its tags.
    pub(super) marks: Vec<String>,
    pub(super) card: Map<String, Value>,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
}

/// One file of it.
pub(super) struct File {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    /// Whether it is in quarantine or damaged.
    pub(super) is_unsafe: bool,
    /// Whether its bytes are gone or changed: who has them may send them again.
    pub(super) is_damaged: bool,
}

impl File {
    fn sound(path: String, bytes: u64, sha256: String) -> Self {
        Self { path, bytes, sha256, is_unsafe: false, is_damaged: false }
    }
}

impl Version {
    /// The commit that stands for its files, and for a dataset's card: clients keep what they have of a commit.
    pub(super) fn commit(&self) -> &str {
        &self.commit
    }

    /// As clients name its repository.
    pub(super) fn repo_id(&self) -> String {
        format!("{}/{}", self.project, self.name)
    }

    /// Where its repository is on this server.
    pub(super) fn place(&self) -> String {
        match self.id {
            Id::Model(_) => self.repo_id(),
            Id::Dataset(_) => format!("datasets/{}", self.repo_id()),
        }
    }
}

/// The context in the project of a repository.
pub(super) fn entered(door: &Door, mut ctx: Ctx, repo: &Repo) -> Result<Ctx> {
    if let Some(project) = &repo.project {
        ctx.caller = door.ops().enter_project(&ctx.caller, project).map_err(|_| no_repo(repo))?;
    }
    Ok(ctx)
}

/// The version that a revision means: the newest for `main`, the one of a commit, or the one of this number.
pub(super) async fn revision(door: &Door, ctx: &Ctx, repo: &Repo, revision: &str) -> Result<Version> {
    let is_commit = revision.len() == COMMIT && revision.bytes().all(|byte| byte.is_ascii_hexdigit());
    let mut found = match revision {
        "main" => newest(door, ctx, repo).await?,
        nothing if is_commit && nothing.starts_with(&NOTHING[..HALF]) => {
            find(door, ctx, repo, Which::All).await?.into_iter().filter(|of| of.digest.is_none()).collect()
        }
        // The card may be another by now: the files are those that were asked for.
        commit if is_commit && repo.kind == Kind::Datasets => {
            find(door, ctx, repo, Which::Digest(&commit[..HALF])).await?
        }
        commit if is_commit => find(door, ctx, repo, Which::Digest(commit)).await?,
        alias if is_alias(alias) => aliased(door, ctx, repo, alias).await?,
        version => preferred(find(door, ctx, repo, Which::Version(version)).await?),
    };
    if is_commit {
        found.sort_by_key(|of| of.commit() != revision);
    }
    if let Some(found) = found.into_iter().next() {
        return Ok(found);
    }
    if revision != "main" && !find(door, ctx, repo, Which::Newest).await?.is_empty() {
        let what = format!("{} `{}` has no revision `{revision}`", repo.kind.one(), repo.name);
        return Err(Error::new(ErrorKind::NotFound, what).code("revision_not_found").hint(
            "`main` is its newest version; the others go by their number, an alias, or the first 40 digits of their digest",
        ));
    }
    Err(no_repo(repo))
}

/// The newest version. A model may have it in several types, of which an older one may be the one that is meant.
async fn newest(door: &Door, ctx: &Ctx, repo: &Repo) -> Result<Vec<Version>> {
    let found = find(door, ctx, repo, Which::Newest).await?;
    match found.first() {
        Some(newest) if repo.kind == Kind::Models => {
            Ok(preferred(find(door, ctx, repo, Which::Version(&newest.version)).await?))
        }
        _ => Ok(found),
    }
}

/// Of models that have one version in several types first the one that has files, then the approved one, then the newest: they
/// come newest first.
fn preferred(mut found: Vec<Version>) -> Vec<Version> {
    found.sort_by_key(|of| (of.digest.is_none(), !of.is_approved));
    found
}

/// Whether a revision can be an alias: versions begin with a digit.
fn is_alias(revision: &str) -> bool {
    revision.starts_with(|c: char| c.is_ascii_lowercase())
}

async fn aliased(door: &Door, ctx: &Ctx, repo: &Repo, alias: &str) -> Result<Vec<Version>> {
    if repo.kind != Kind::Models || alias.chars().count() > 64 {
        return Ok(Vec::new());
    }
    let asked = GetModelAlias { name: repo.name.clone(), alias: alias.to_owned() };
    match door.ops().catalog().get_model_alias(ctx, asked).await {
        Ok(found) => find(door, ctx, repo, Which::Version(&found.version)).await.map(|mut versions| {
            versions.retain(|version| matches!(version.id, Id::Model(id) if id == found.model_id));
            versions
        }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Every version of a repository once, newest first; at most a thousand.
pub(super) async fn versions(door: &Door, ctx: &Ctx, repo: &Repo) -> Result<Vec<Version>> {
    let found = each_once(find(door, ctx, repo, Which::All).await?);
    if found.is_empty() { Err(no_repo(repo)) } else { Ok(found) }
}

/// Each number of a version once, as what it means as a revision, where its newest stands.
fn each_once(found: Vec<Version>) -> Vec<Version> {
    let mut groups: Vec<Vec<Version>> = Vec::new();
    for of in found {
        match groups.iter_mut().find(|group| group.iter().any(|other| other.version == of.version)) {
            Some(group) => group.push(of),
            None => groups.push(vec![of]),
        }
    }
    groups.into_iter().filter_map(|group| preferred(group).into_iter().next()).collect()
}

pub(super) fn no_repo(repo: &Repo) -> Error {
    Error::not_found(repo.kind.one(), &repo.name).code("repo_not_found")
}

#[derive(Clone, Copy)]
enum Which<'a> {
    Newest,
    All,
    Digest(&'a str),
    Version(&'a str),
}

async fn find(door: &Door, ctx: &Ctx, repo: &Repo, which: Which<'_>) -> Result<Vec<Version>> {
    let (version, digest, limit) = match which {
        // A few more than one, for an external model of the same name has no files.
        Which::Newest => (None, None, 4),
        Which::All => (None, None, Limits::PAGE),
        Which::Digest(begins) => (None, Some(begins.to_owned()), ALIKE),
        Which::Version(version) => (Some(version.to_owned()), None, 4),
    };
    let too_long = repo.name.chars().count() > Limits::NAME_CHARS;
    if too_long || version.as_ref().is_some_and(|version| version.chars().count() > 64) {
        return Ok(Vec::new());
    }
    let (name, limit) = (Some(repo.name.clone()), Some(limit));
    match repo.kind {
        Kind::Models => {
            let request = ListModels { name, version, digest, limit, ..ListModels::default() };
            let page = door.ops().catalog().list_models(ctx, request).await?;
            Ok(page.items.into_iter().filter_map(of_model).collect())
        }
        Kind::Datasets => {
            let request = ListDatasets { name, version, digest, limit, ..ListDatasets::default() };
            let page = door.ops().datasets().list_datasets(ctx, request).await?;
            Ok(page.items.into_iter().map(of_dataset).collect())
        }
    }
}

/// A model with files as a version; an external one is none.
pub(super) fn of_model(model: Model) -> Option<Version> {
    (model.model_type != ModelType::External).then_some(Version {
        id: Id::Model(model.id),
        project: model.project,
        name: model.name,
        version: model.version,
        commit: commit(model.digest.as_deref(), None),
        digest: model.digest,
        card_digest: None,
        is_draft: model.status == ModelStatus::Draft,
        is_approved: model.status == ModelStatus::Approved,
        tags: model.tags,
        marks: Vec::new(),
        card: model.metadata,
        created_at: model.created_at,
        updated_at: model.updated_at,
    })
}

fn commit(files: Option<&str>, card: Option<&str>) -> String {
    let files = files.and_then(|digest| digest.get(..COMMIT)).unwrap_or(NOTHING);
    match card.and_then(|digest| digest.get(..HALF)) {
        Some(card) => format!("{}{card}", &files[..HALF]),
        None => files.to_owned(),
    }
}

/// What lists of datasets are filtered by, as clients write it.
fn marks(dataset: &Dataset) -> Vec<String> {
    let mut marks: Vec<String> = dataset.format.iter().map(|of| format!("format:{of:?}").to_lowercase()).collect();
    for key in MARKS {
        let values = match dataset.metadata.get(key) {
            Some(Value::Array(values)) => values.as_slice(),
            Some(value) => std::slice::from_ref(value),
            None => &[],
        };
        marks.extend(values.iter().filter_map(Value::as_str).map(|value| format!("{key}:{value}")));
    }
    marks
}

pub(super) fn of_dataset(dataset: Dataset) -> Version {
    let marks = marks(&dataset);
    Version {
        id: Id::Dataset(dataset.id),
        project: dataset.project,
        name: dataset.name,
        marks,
        version: dataset.version,
        commit: commit(dataset.digest.as_deref(), dataset.card_digest.as_deref()),
        digest: dataset.digest,
        card_digest: dataset.card_digest,
        is_draft: dataset.status == DatasetStatus::Draft,
        is_approved: dataset.status == DatasetStatus::Approved,
        tags: dataset.tags,
        card: dataset.metadata,
        created_at: dataset.created_at,
        updated_at: dataset.updated_at,
    }
}

/// All files of a version, by path. There are ten thousand at most.
pub(super) async fn files(door: &Door, ctx: &Ctx, of: &Version) -> Result<Vec<File>> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let limit = Some(Limits::PAGE);
        let info = match of.id {
            Id::Model(model_id) => {
                let request = ListModelFiles { model_id, limit, cursor };
                let page = door.ops().catalog().list_model_files(ctx, request).await?;
                all.extend(page.items.into_iter().map(|file| File {
                    is_unsafe: file.state != FileState::Verified,
                    is_damaged: file.state == FileState::Damaged,
                    path: file.path,
                    bytes: file.bytes,
                    sha256: file.sha256,
                }));
                page.page
            }
            Id::Dataset(dataset_id) => {
                let request = ListDatasetFiles { dataset_id, limit, cursor };
                let page = door.ops().datasets().list_dataset_files(ctx, request).await?;
                all.extend(page.items.into_iter().map(|file| File::sound(file.path, file.bytes, file.sha256)));
                page.page
            }
        };
        cursor = info.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    // A file of this name is one that came before datasets had cards.
    if let (Id::Dataset(id), Some(_)) = (of.id, &of.card_digest)
        && !all.iter().any(|file| file.path == README)
    {
        all.push(card_file(door, ctx, id).await?);
        all.sort_by(|a, b| a.path.cmp(&b.path));
    }
    Ok(all)
}

async fn card(door: &Door, ctx: &Ctx, dataset_id: DatasetId, range: Option<String>) -> Result<Download> {
    door.ops().datasets().download_dataset_card(ctx, DownloadDatasetCard { dataset_id, range }).await
}

/// The card of a dataset as one of the files.
async fn card_file(door: &Door, ctx: &Ctx, id: DatasetId) -> Result<File> {
    let sent = card(door, ctx, id, None).await?;
    Ok(File::sound(README.to_owned(), sent.length.unwrap_or_default(), sent.digest.unwrap_or_default()))
}

/// The bytes of a file.
pub(super) async fn download(
    door: &Door,
    ctx: &Ctx,
    of: &Version,
    (path, range): (String, Option<String>),
) -> Result<Download> {
    let name = path.clone();
    let found = match of.id {
        Id::Model(model_id) => {
            let request = DownloadModelFile { model_id, path, range };
            door.ops().catalog().download_model_file(ctx, request).await
        }
        Id::Dataset(dataset_id) => {
            let is_card = path == README && of.card_digest.is_some();
            let request = DownloadDatasetFile { dataset_id, path, range: range.clone() };
            match door.ops().datasets().download_dataset_file(ctx, request).await {
                Err(error) if is_card && error.kind() == ErrorKind::NotFound => {
                    card(door, ctx, dataset_id, range).await
                }
                found => found,
            }
        }
    };
    // A path that no file may have is one that no file has.
    found.map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::Invalid => Error::not_found("file", name).code("entry_not_found"),
        _ => error,
    })
}
