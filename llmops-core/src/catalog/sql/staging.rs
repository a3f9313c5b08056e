//! Bytes that wait for a commit: looked at as each format that a path might claim, since nobody knows by which they will go.

use bytes::Bytes;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::super::format::Format;
use super::super::rows::model;
use super::super::{FileScan, ModelType, StageModelFile, StagedModelFile};
use super::SqlCatalog;
use crate::base::{Ctx, Error, ErrorKind, Result};
use crate::blob::Stored;
use crate::op::Parts;
use crate::uploads::{NewStaged, Staged, StagedFor, check_digest, check_said, no_part};

/// What was found in bytes.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Looked {
    /// Why they cannot be of a format, by its name.
    pub(super) refusals: Map<String, Value>,
    /// What is in them, by the format they may be of.
    pub(super) scans: Map<String, Value>,
}

impl SqlCatalog {
    pub(super) async fn stage(&self, ctx: &Ctx, req: StageModelFile, body: Parts) -> Result<StagedModelFile> {
        let model = self.load(ctx, req.model_id).await?;
        if model.model_type == super::models::type_name(ModelType::External) {
            return Err(Error::conflict("an external model has no files").hint("its provider keeps them"));
        }
        let said = req.sha256.as_deref().map(check_digest).transpose()?;
        if let Some(pack) = &req.pack {
            return Ok(told(self.staging.keep_pack(ctx, of(&model), (pack, said.as_deref()), body).await?));
        }
        self.staging.check_room(ctx, of(&model)).await?;
        let body = match req.from_packs {
            Some(true) => self.staging.put_together(ctx, of(&model), body).await?,
            _ => body,
        };
        let incoming = self.staging.receive(ctx, body).await?.ok_or_else(no_part)?;
        let kept = self.keep(ctx, &model, &incoming.stored, said.as_deref()).await;
        self.blobs.let_go(&self.store, ctx, incoming).await?;
        Ok(told(kept?))
    }

    async fn keep(&self, ctx: &Ctx, model: &model::Model, stored: &Stored, said: Option<&str>) -> Result<Staged> {
        check_said(said, stored)?;
        let told = crate::op::encode(&self.looks(stored).await?)?;
        let new = NewStaged { path: String::new(), sha256: stored.digest.clone(), stored: stored.clone(), told };
        self.staging.keep(ctx, of(model), new).await
    }

    /// Why the bytes cannot be of each format, or what was found in them if they are of it.
    async fn looks(&self, stored: &Stored) -> Result<Looked> {
        let mut head = Bytes::new();
        let (mut refusals, mut scans) = (Map::new(), Map::new());
        for format in Format::ALL {
            let looked = match format.check_size(stored.bytes) {
                Ok(()) => self.look(format, stored, &mut head).await,
                Err(refusal) => Err(refusal),
            };
            match looked {
                Ok(scan) if scan == FileScan::default() => {}
                Ok(scan) => drop(scans.insert(format.name().to_owned(), crate::op::encode(&scan)?)),
                Err(refusal) if refusal.kind() == ErrorKind::Invalid => {
                    refusals.insert(format.name().to_owned(), refusal.to_json());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(Looked { refusals, scans })
    }
}

/// What bytes for a model are for: they count for all versions of its name.
pub(super) fn of(model: &model::Model) -> StagedFor<'_> {
    StagedFor { project: &model.project, name: &model.name }
}

fn told(staged: Staged) -> StagedModelFile {
    let Staged { sha256, stored, expires_at, .. } = staged;
    StagedModelFile { sha256, bytes: stored.bytes, expires_at }
}
