//! A model's files read again: what is damaged is written down, and mended by the same bytes.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use serde_json::json;

use super::super::rows::{file, model};
use super::super::{FileState, ModelFile, ModelId, ModelVerification};
use super::files::{sound_state, state_name, to_file};
use super::{SqlCatalog, staging};
use crate::base::{Ctx, Result};

/// How many files the audit is told of by name.
const TOLD: usize = 20;

/// A file, and the state that it comes to be in.
type Found = (file::Model, FileState);

impl SqlCatalog {
    pub(super) async fn verify(&self, ctx: &Ctx, id: ModelId) -> Result<ModelVerification> {
        self.load(ctx, id).await?;
        let select = file::Entity::find().filter(file::Column::ModelId.eq(id.0)).order_by_asc(file::Column::Path);
        let files = select.all(&self.store.conn(ctx)).await?;
        let (mut damaged, mut found) = (Vec::new(), Vec::new());
        let (count, bytes) = (files.len() as u64, files.iter().map(|file| file.bytes.unsigned_abs()).sum());
        for file in files {
            let is_whole = self.blobs.verify(&file.sha256).await?;
            let state = if is_whole { sound_state(&file.format) } else { FileState::Damaged };
            if !is_whole {
                damaged.push(file.path.clone());
            }
            if file.state != state_name(state) {
                found.push((file, state));
            }
        }
        if !found.is_empty() {
            self.record(ctx, id, &found).await?;
        }
        Ok(ModelVerification { verified: damaged.is_empty(), files: count, bytes, damaged })
    }

    /// Writes down what was found, in a short unit of its own: reading took as long as it took.
    async fn record(&self, ctx: &Ctx, id: ModelId, found: &[Found]) -> Result<()> {
        let unit = self.store.begin(&ctx.for_operation("catalog.verify_model")).await?;
        match self.record_in(&unit, id, found).await {
            Ok(()) => self.store.commit(unit).await,
            Err(error) => {
                self.store.rollback(unit).await;
                Err(error)
            }
        }
    }

    async fn record_in(&self, ctx: &Ctx, id: ModelId, found: &[Found]) -> Result<()> {
        self.lock_model(ctx, id).await?;
        let row = self.load(ctx, id).await?;
        self.come_to_be(ctx, &row, found).await
    }

    /// The same bytes under the same path again. Of a damaged file they have just taken the place of what was there.
    pub(super) async fn same_again(&self, ctx: &Ctx, of: &model::Model, known: file::Model) -> Result<ModelFile> {
        let state = sound_state(&known.format);
        if known.state == state_name(state) {
            return to_file(known);
        }
        let mended = file::Model { state: state_name(state).to_owned(), damaged_at: None, ..known.clone() };
        self.come_to_be(ctx, of, &[(known, state)]).await?;
        to_file(mended)
    }

    /// The same with files that a commit names `again`, if their bytes were sent for it since the damage was found; the model and its
    /// files afterwards.
    pub(super) async fn mend(
        &self,
        ctx: &Ctx,
        of: model::Model,
        mut files: Vec<file::Model>,
        again: impl Fn(&file::Model) -> bool,
    ) -> Result<(model::Model, Vec<file::Model>)> {
        let damaged: Vec<&str> = files
            .iter()
            .filter(|file| file.damaged_at.is_some() && again(file))
            .map(|file| file.sha256.as_str())
            .collect();
        if damaged.is_empty() {
            return Ok((of, files));
        }
        let sent = self.staging.find(ctx, staging::of(&of), &damaged).await?;
        let came = |file: &file::Model| {
            let found = file.damaged_at.filter(|_| again(file));
            found.is_some_and(|at| sent.iter().any(|one| one.sha256 == file.sha256 && one.came_at().micros() >= at))
        };
        let mut found: Vec<Found> = Vec::new();
        for file in files.iter_mut().filter(|file| came(file)) {
            let state = sound_state(&file.format);
            found.push((file.clone(), state));
            (file.state, file.damaged_at) = (state_name(state).to_owned(), None);
        }
        if found.is_empty() {
            return Ok((of, files));
        }
        self.come_to_be(ctx, &of, &found).await?;
        Ok((self.load(ctx, ModelId(of.id)).await?, files))
    }

    /// Files of a model in other states than before. Who looks at the model is told, and who decides on it looks again.
    async fn come_to_be(&self, ctx: &Ctx, of: &model::Model, found: &[Found]) -> Result<()> {
        let mut told = Vec::new();
        for (file, state) in found {
            let is_damaged = *state == FileState::Damaged;
            let change = file::ActiveModel {
                state: Set(state_name(*state).to_owned()),
                damaged_at: Set(is_damaged.then(|| ctx.now().micros())),
                ..Default::default()
            };
            // Reading takes its time: other bytes may have come meanwhile, of which nothing was found.
            let same = file::Entity::update_many().set(change).filter(file::Column::Id.eq(file.id));
            let same = same.filter(file::Column::Sha256.eq(&file.sha256));
            if same.exec(&self.store.conn(ctx)).await?.rows_affected == 0 {
                continue;
            }
            match is_damaged {
                true => self.blobs.mark_damaged(&self.store, ctx, &file.sha256).await?,
                false => self.blobs.mark_whole(&self.store, ctx, &file.sha256).await?,
            }
            told.push(json!({ "path": file.path, "state": state }));
        }
        if !told.is_empty() {
            self.change(ctx, of, model::ActiveModel::default()).await?;
            ctx.touch("model", of.id, json!({ "found": told.len(), "files": &told[..told.len().min(TOLD)] }));
        }
        Ok(())
    }
}
