//! Changes to the files of a model that count together or not at all.

use std::collections::{BTreeSet, HashMap};

use sea_orm::sea_query::Query;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value, json};

use super::super::external::refuse_key;
use super::super::family::CONFIG;
use super::super::format::Format;
use super::super::rows::{file, model, tag};
use super::super::{AddedModelFile, CommitModelFiles, FileScan, FileState, Model, ModelId, ModelStatus, ModelType};
use super::files::{new_row, state_name};
use super::staging::{self, Looked};
use super::{SqlCatalog, owner};
use crate::base::{Ctx, Error, ErrorKind, FilePath, Result, Semver, check_text};
use crate::blob::Stored;
use crate::cards::check_card;
use crate::uploads::{
    Change, FileThere, FileToBe, Staged, bytes_missing, check_digest, check_seen, not_newest, removed,
};

/// How many rows are written in one statement.
const MANY: usize = 500;
/// The longest message, in characters.
const MESSAGE_CHARS: usize = 1000;

/// A file as a commit asks for it.
struct Wanted {
    path: FilePath,
    format: Format,
    sha256: String,
}

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
        &self.path
    }

    fn is(&self, there: &file::Model) -> bool {
        self.sha256 == there.sha256
    }
}

/// Bytes that a commit may use.
enum Source {
    Staged(Staged, Looked),
    Known(file::Model),
}

impl Source {
    fn bytes(&self) -> u64 {
        match self {
            Self::Staged(staged, _) => staged.stored.bytes,
            Self::Known(file) => u64::try_from(file.bytes).unwrap_or_default(),
        }
    }
}

/// What was found in the bytes, taken as this format.
fn scan_of(source: &Source, format: Format) -> FileScan {
    let scan = match source {
        Source::Staged(_, looked) => looked.scans.get(format.name()).cloned(),
        Source::Known(row) => row.scan.clone(),
    };
    scan.and_then(|scan| serde_json::from_value(scan).ok()).unwrap_or_default()
}

impl SqlCatalog {
    pub(super) async fn commit(&self, ctx: &Ctx, req: CommitModelFiles) -> Result<Model> {
        // One commit of a model after the other: each begins with what the one before left.
        model::Entity::find_by_id(req.model_id.0).lock_exclusive().one(&self.store.conn(ctx)).await?;
        let row = self.load(ctx, req.model_id).await?;
        if row.model_type == super::models::type_name(ModelType::External) {
            return Err(Error::conflict("an external model has no files").hint("its provider keeps them"));
        }
        refuse_key(&req.metadata)?;
        check_card(&req.metadata)?;
        check_text("message", req.message.as_deref().unwrap_or_default(), MESSAGE_CHARS)?;
        check_seen("model", row.digest.as_deref(), req.digest.as_deref())?;
        if req.newest.unwrap_or(false) {
            self.check_newest(ctx, &row).await?;
        }
        let before = file::Entity::find().filter(file::Column::ModelId.eq(row.id)).order_by_asc(file::Column::Path);
        // Locked, so that whoever deletes one meanwhile waits: its bytes are held here by then.
        let before = before.lock_shared().all(&self.store.conn(ctx)).await?;
        let wanted = wanted(&req)?;
        let again = |file: &file::Model| wanted.iter().any(|new| new.path.as_str() == file.path && new.is(file));
        let (row, before) = self.mend(ctx, row, before, again).await?;
        let change = Change::of(before, wanted, &removed(&req.remove)?)?;
        if change.is_nothing() {
            ctx.touch("model", row.id, json!({ "files": "unchanged" }));
            return self.get(ctx, req.model_id).await;
        }
        let sources = self.sources(ctx, &row, &change.wanted).await?;
        let mut target = match ModelStatus::from_name(&row.status)? {
            ModelStatus::Draft => self.clear(ctx, &row, &change.gone).await?,
            _ => self.next_version(ctx, &row, &change.kept).await?,
        };
        if req.take_family.unwrap_or(false) && change.kept.is_empty() {
            let named = change.wanted.iter().filter(|file| file.path.as_str() == CONFIG);
            let named = named.filter_map(|file| Some(scan_of(sources.get(&file.sha256)?, file.format).architectures));
            if let Some(family) = named.flatten().find_map(|name| self.families.of(&[name])) {
                family.clone_into(&mut target.model_family);
            }
        }
        self.add(ctx, &target, &change.wanted, &sources).await?;
        for source in sources.values() {
            if let Source::Staged(staged, _) = source {
                self.staging.forget(ctx, staged).await?;
            }
        }
        let mut filled = self.filled(ctx, &target, (&req.metadata, &req.tags)).await?;
        filled.model_family = Set(target.model_family.clone());
        self.seal(ctx, &target, filled).await?;
        let told = json!({
            "version": target.version, "message": req.message, "removed": change.gone.len(), "added": told(&change.wanted),
        });
        ctx.touch("model", target.id, told);
        self.get(ctx, ModelId(target.id)).await
    }

    /// Refuses a commit to what another commit made an older version meanwhile.
    async fn check_newest(&self, ctx: &Ctx, row: &model::Model) -> Result<()> {
        let newest = model::Entity::find()
            .filter(model::Column::Project.eq(row.project.as_str()))
            .filter(model::Column::Name.eq(row.name.as_str()))
            .filter(model::Column::ModelType.ne(super::models::type_name(ModelType::External)))
            .order_by_desc(model::Column::CreatedAt)
            .order_by_desc(model::Column::Id);
        match newest.one(&self.store.conn(ctx)).await? {
            // The same version of another type is none that is newer.
            Some(newest) if newest.version != row.version => Err(not_newest(&row.name, &newest.version)),
            _ => Ok(()),
        }
    }

    /// Where the bytes of these files are: what the caller staged, or else a file of this name that has them.
    async fn sources(&self, ctx: &Ctx, of: &model::Model, wanted: &[Wanted]) -> Result<HashMap<String, Source>> {
        let conn = self.store.conn(ctx);
        let digests: BTreeSet<&str> = wanted.iter().map(|file| file.sha256.as_str()).collect();
        let mut found = HashMap::new();
        let asked: Vec<&str> = digests.iter().copied().collect();
        for staged in self.staging.find(ctx, staging::of(of), &asked).await? {
            if let Ok(looked) = serde_json::from_value(staged.told.clone()) {
                found.insert(staged.sha256.clone(), Source::Staged(staged, looked));
            }
        }
        let missing: Vec<&str> = digests.into_iter().filter(|digest| !found.contains_key(*digest)).collect();
        if !missing.is_empty() {
            let mut versions = Query::select();
            versions
                .column(model::Column::Id)
                .from(model::Entity)
                .and_where(model::Column::Project.eq(of.project.as_str()))
                .and_where(model::Column::Name.eq(of.name.as_str()));
            let known = file::Entity::find()
                .filter(file::Column::ModelId.in_subquery(versions))
                .filter(file::Column::Sha256.is_in(missing))
                .filter(file::Column::State.eq(state_name(FileState::Verified)));
            for row in known.lock_shared().all(&conn).await? {
                // Of several with the same bytes the one of the asked format, if there is one.
                let fits = wanted.iter().any(|file| file.sha256 == row.sha256 && file.format.name() == row.format);
                if fits || !found.contains_key(&row.sha256) {
                    found.insert(row.sha256.clone(), Source::Known(row));
                }
            }
        }
        for file in wanted {
            check_source(file, found.get(&file.sha256))?;
        }
        Ok(found)
    }

    /// Takes files away from a draft.
    async fn clear(&self, ctx: &Ctx, row: &model::Model, gone: &[file::Model]) -> Result<model::Model> {
        for some in gone.chunks(MANY) {
            let rows = file::Entity::delete_many().filter(file::Column::Id.is_in(some.iter().map(|file| file.id)));
            rows.exec(&self.store.conn(ctx)).await?;
        }
        for file in gone {
            self.blobs.release(&self.store, ctx, &owner(ModelId(row.id), &file.path), &file.sha256).await?;
        }
        Ok(row.clone())
    }

    /// A draft of the version after this one, which begins with these of its files. Their bytes are held twice and stored once.
    async fn next_version(&self, ctx: &Ctx, of: &model::Model, files: &[file::Model]) -> Result<model::Model> {
        if !ctx.caller.may("catalog:create") {
            return Err(Error::denied(format!(
                "model `{}` {} is {}, and a new version of it needs the permission `catalog:create`",
                of.name, of.version, of.status
            ))
            .code("permission_missing")
            .hint("ask an administrator for a role or key that holds it"));
        }
        let now = ctx.now().micros();
        let row = model::Model {
            id: ctx.new_id(),
            version: self.free_version(ctx, of).await?,
            status: ModelStatus::Draft.name().to_owned(),
            digest: None,
            evaluation_summary: json!({}),
            created_by: ctx.caller.actor.clone(),
            created_at: now,
            updated_at: now,
            revision: 1,
            review_began: None,
            ..of.clone()
        };
        let conn = self.store.conn(ctx);
        self.insert_model(ctx, &row).await?;
        let tags = tag::Entity::find().filter(tag::Column::ModelId.eq(of.id)).all(&conn).await?;
        self.set_tags(ctx, &row, &tags.into_iter().map(|tag| tag.tag).collect()).await?;
        // What was approved counts from here on as brought by who goes on with it.
        let brought = |file: &file::Model| match of.status == ModelStatus::Approved.name() {
            true => Some(ctx.caller.actor.clone()),
            false => file.uploaded_by.clone(),
        };
        let copies = files.iter().map(|file| file::Model {
            id: ctx.new_id(),
            model_id: row.id,
            uploaded_by: brought(file),
            ..file.clone()
        });
        self.insert_files(ctx, &row, copies.collect()).await?;
        ctx.touch("model", row.id, json!({ "name": row.name, "version": row.version, "after": of.version }));
        Ok(row)
    }

    /// The least version after this one that does not exist yet.
    pub(super) async fn free_version(&self, ctx: &Ctx, of: &model::Model) -> Result<String> {
        let taken = model::Entity::find()
            .select_only()
            .column(model::Column::Version)
            .filter(model::Column::Project.eq(of.project.as_str()))
            .filter(model::Column::Name.eq(of.name.as_str()));
        let taken: Vec<String> = taken.into_tuple().all(&self.store.conn(ctx)).await?;
        let mut next = Semver::parse("version", &of.version)?.next_patch()?;
        while taken.contains(&next.to_string()) {
            next = next.next_patch()?;
        }
        Ok(next.to_string())
    }

    async fn add(
        &self,
        ctx: &Ctx,
        to: &model::Model,
        wanted: &[Wanted],
        sources: &HashMap<String, Source>,
    ) -> Result<()> {
        let rows = wanted.iter().filter_map(|file| {
            let source = sources.get(&file.sha256)?;
            let scan = scan_of(source, file.format);
            if file.path.as_str() == CONFIG
                && let Err(error) = self.families.check_architectures(&to.model_family, &scan.architectures)
            {
                return Some(Err(error));
            }
            let stored = Stored { digest: file.sha256.clone(), bytes: source.bytes() };
            Some(new_row(ctx, to.id, &file.path, (file.format, &stored, scan)))
        });
        self.insert_files(ctx, to, rows.collect::<Result<_>>()?).await
    }

    async fn insert_files(&self, ctx: &Ctx, of: &model::Model, rows: Vec<file::Model>) -> Result<()> {
        let held = rows.iter().map(|row| {
            let stored = Stored { digest: row.sha256.clone(), bytes: u64::try_from(row.bytes).unwrap_or_default() };
            (owner(ModelId(of.id), &row.path), stored)
        });
        self.blobs.hold_all(&self.store, ctx, held.collect()).await?;
        for some in rows.chunks(MANY) {
            let insert = file::Entity::insert_many(some.iter().cloned().map(IntoActiveModel::into_active_model));
            insert.exec_without_returning(&self.store.conn(ctx)).await?;
        }
        Ok(())
    }
}

fn wanted(req: &CommitModelFiles) -> Result<Vec<Wanted>> {
    let one = |added: &AddedModelFile| {
        let path = FilePath::parse(&added.path)?;
        Ok(Wanted { format: Format::of(&path)?, sha256: check_digest(&added.sha256)?, path })
    };
    req.add.iter().map(one).collect()
}

/// Refuses bytes that nobody gave, or that are not what the path claims.
fn check_source(file: &Wanted, source: Option<&Source>) -> Result<()> {
    let path = file.path.as_str();
    match source {
        None => Err(bytes_missing(path, &file.sha256)),
        Some(Source::Known(known)) if known.format == file.format.name() => Ok(()),
        Some(Source::Known(known)) => {
            Err(Error::invalid("add", format!("names for `{path}` the bytes of `{}`, of another format", known.path))
                .code("bytes_missing")
                .hint("stage the file again, so that it is looked at as what its path claims"))
        }
        Some(Source::Staged(staged, looked)) => {
            if let Some(refusal) = looked.refusals.get(file.format.name()) {
                return Err(of_file(path, &Error::from_json(refusal, ErrorKind::Invalid)));
            }
            if !file.format.by_head() && staged.stored.bytes == 0 {
                return Err(Error::invalid(path, "is empty").hint("send its bytes"));
            }
            Ok(())
        }
    }
}

/// Why bytes are not what their path claims, in words that name it: a commit has many.
pub(super) fn of_file(path: &str, refusal: &Error) -> Error {
    let said = refusal.message().replacen("`file`", &format!("`{path}`"), 1);
    let error = Error::new(refusal.kind(), said).code(refusal.stable_code()).field(path);
    error.hint(refusal.hint_text().unwrap_or("check the file where it was made, and send it again"))
}

/// The first of the files that a commit makes, for the audit.
fn told(wanted: &[Wanted]) -> Vec<Value> {
    let some = wanted.iter().take(20);
    some.map(|file| json!({ "path": file.path.as_str(), "sha256": file.sha256 })).collect()
}
