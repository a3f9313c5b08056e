//! Asking registries: where they are, with which key, and what is asked of them while somebody waits.

use std::cmp::Reverse;

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use url::Url;

use super::super::super::rows::import;
use super::super::super::{
    CheckModelUpdates, ExternalFailure, FoundModels, ListModels, Model, ModelUpdates, SearchCatalog, TransferState,
};
use super::super::SqlCatalog;
use crate::base::{Ctx, Error, ErrorKind, Result, check_text};
use crate::registry::{HUGGING_FACE, Place, Registry, RemoteModel};
use crate::vault::{CredentialId, check_origin};

/// The most found of each, unless asked otherwise.
const FOUND: u32 = 20;
const MOST_FOUND: u32 = 100;
const TEXT_CHARS: usize = 128;

/// The server of an address.
pub(super) fn origin(address: &str) -> String {
    Url::parse(address).map_or_else(|_| String::new(), |url| url.origin().ascii_serialization())
}

impl SqlCatalog {
    pub(in super::super) fn registry(&self, name: &str) -> Result<&dyn Registry> {
        let registries = &self.outside()?.registries;
        let found = registries.get(name).ok_or_else(|| {
            let known: Vec<&str> = registries.keys().map(String::as_str).collect();
            Error::invalid("registry", format!("must be one of {}", known.join(", "))).hint("leave it out for a hub")
        })?;
        Ok(&**found)
    }

    /// Where a registry is asked.
    pub(in super::super) fn registry_at(&self, name: &str, address: Option<&str>) -> Result<String> {
        let registry = self.registry(name)?;
        registry.check(address.unwrap_or_else(|| registry.address()))
    }

    /// Refuses a key that is not for this address, or that belongs to a model.
    pub(in super::super) async fn check_key(&self, ctx: &Ctx, key: CredentialId, address: &str) -> Result<()> {
        let found = self.outside()?.vault.get(ctx, key).await?;
        if found.model_id.is_some() {
            return Err(Error::invalid("credentialId", "is the key of a model")
                .hint("store it by itself with `create_credential`, to use it for a registry"));
        }
        check_origin(&found.origin, &origin(address))
    }

    /// Where a registry is asked, and with which key.
    pub(in super::super) async fn place(&self, ctx: &Ctx, address: String, key: Option<CredentialId>) -> Result<Place> {
        let key = match key {
            Some(id) => {
                self.check_key(ctx, id, &address).await?;
                Some(self.outside()?.vault.open(ctx, id, &origin(&address)).await?)
            }
            None => None,
        };
        Ok(Place { address, key })
    }

    /// Where an import comes from.
    pub(super) async fn place_of(&self, ctx: &Ctx, row: &import::Model) -> Result<Place> {
        self.place(ctx, row.base_url.clone(), row.credential_id.map(CredentialId)).await
    }

    pub(in super::super) async fn check_updates(&self, ctx: &Ctx, req: CheckModelUpdates) -> Result<ModelUpdates> {
        let model = self.load(ctx, req.model_id).await?;
        let last = import::Entity::find()
            .filter(import::Column::ModelId.eq(model.id))
            .filter(import::Column::State.eq(TransferState::Succeeded.name()))
            .order_by_desc(import::Column::CreatedAt)
            .order_by_desc(import::Column::Id);
        let last = last.one(&self.store.conn(ctx)).await?;
        let Some((row, commit)) = last.and_then(|row| Some((row.clone(), row.commit_id?))) else {
            return Err(Error::conflict(format!("`{}` {} was not imported", model.name, model.version))
                .code("not_imported")
                .hint("only what came from a registry can have changed there"));
        };
        let told = ModelUpdates {
            repo: row.repo.clone(),
            revision: row.revision.clone(),
            commit,
            latest: None,
            changed: false,
            error: None,
        };
        let latest = async {
            let place = self.place_of(ctx, &row).await?;
            Ok(self.registry(&row.registry)?.head(&place, &row.repo, &row.revision).await?.commit)
        };
        Ok(match failure(latest.await)? {
            Ok(latest) => ModelUpdates { changed: latest != told.commit, latest: Some(latest), ..told },
            Err(error) => ModelUpdates { error: Some(error), ..told },
        })
    }

    pub(in super::super) async fn search(&self, ctx: &Ctx, req: SearchCatalog) -> Result<FoundModels> {
        check_text("text", &req.text, TEXT_CHARS)?;
        if req.text.trim().is_empty() {
            return Err(Error::invalid("text", "must not be empty").hint("name a part of the model's name, or a tag"));
        }
        let limit = req.limit.unwrap_or(FOUND);
        if !(1..=MOST_FOUND).contains(&limit) {
            return Err(Error::invalid("limit", format!("must be 1 to {MOST_FOUND}")).hint("leave it out for 20"));
        }
        let registry = req.registry.as_deref().unwrap_or(HUGGING_FACE);
        let address = self.registry_at(registry, req.base_url.as_deref())?;
        let place = self.place(ctx, address, req.credential_id).await?;
        let remote = async { self.registry(registry)?.search(&place, &req.text, limit).await };
        let (here, remote): (_, Result<Vec<RemoteModel>>) =
            tokio::join!(self.found_here(ctx, &req.text, limit), remote);
        let models = here?;
        Ok(match failure(remote)? {
            Ok(remote) => FoundModels { models, remote, error: None },
            Err(error) => FoundModels { models, remote: Vec::new(), error: Some(error) },
        })
    }

    /// The newest models that have the text in their names or as a tag. Each has an index of its own, and so a question.
    async fn found_here(&self, ctx: &Ctx, text: &str, limit: u32) -> Result<Vec<Model>> {
        let newest = || ListModels { newest: Some(true), limit: Some(limit), ..ListModels::default() };
        let named = ListModels { text: Some(text.to_owned()), ..newest() };
        let tagged = ListModels { tag: Some(text.to_owned()), ..newest() };
        let mut found = self.list(ctx, named).await?.items;
        found.extend(self.list(ctx, tagged).await?.items);
        found.sort_by_key(|model| Reverse((model.created_at, model.id.0)));
        found.dedup_by_key(|model| model.id);
        found.truncate(limit as usize);
        Ok(found)
    }
}

/// What goes wrong out there is an answer; what goes wrong here is not.
fn failure<T>(outcome: Result<T>) -> Result<std::result::Result<T, ExternalFailure>> {
    match outcome {
        Ok(found) => Ok(Ok(found)),
        Err(error) if error.kind() == ErrorKind::Unexpected => Err(error),
        Err(error) => Ok(Err(ExternalFailure::from(&error))),
    }
}
