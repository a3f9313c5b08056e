//! External models: their keys go into the vault, and their providers are asked what they offer.

use serde_json::{Map, Value};

use super::super::external::{Form, credential_changed, refuse_key, same_answer, same_form, set_credential, take_key};
use super::super::rows::model;
use super::super::{ExternalFailure, ExternalTest, ModelId, ModelType, TestModel};
use super::{SqlCatalog, models};
use crate::base::{Ctx, Error, ErrorKind, Result};
use crate::cards::object;
use crate::egress::guard::Guard;
use crate::registry::Registries;
use crate::vault::{CredentialId, NewCredential, Vault, check_origin};

/// How many of the models that a provider offers a hint names.
const NAMED: usize = 5;

/// The way to other people's models: the guarded door, and the keys that are shown there.
#[derive(Clone)]
pub struct Outside {
    /// Asks.
    pub guard: Guard,
    /// Keeps the keys.
    pub vault: Vault,
    /// Where models are imported from.
    pub registries: Registries,
}

/// A model as it is about to be written.
pub(super) struct Subject<'a> {
    pub id: ModelId,
    pub name: &'a str,
    pub version: &'a str,
    pub model_type: ModelType,
}

impl SqlCatalog {
    pub(super) fn outside(&self) -> Result<&Outside> {
        self.outside.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "this platform reaches nobody outside")
                .hint("the program that opened it gave it no way out")
        })
    }

    /// Checks the card of a new model; a key in it becomes a credential.
    pub(super) async fn admit_card(&self, ctx: &Ctx, of: &Subject<'_>, card: &mut Map<String, Value>) -> Result<()> {
        if of.model_type != ModelType::External {
            return refuse_key(card);
        }
        let key = take_key(card)?;
        refuse_key(card)?;
        let form = Form::read(card, &self.outside()?.guard)?;
        form.check_key(key.is_some())?;
        self.arm(ctx, of, card, (form, key)).await
    }

    /// The same for a card that changes; whether somebody else answers from now on. A key stays with the address that it was given
    /// for, and what nobody touches is not looked at again: the list of servers and the credentials may have changed since.
    pub(super) async fn change_card(
        &self,
        ctx: &Ctx,
        of: &Subject<'_>,
        before: &Map<String, Value>,
        card: &mut Map<String, Value>,
    ) -> Result<bool> {
        if of.model_type != ModelType::External {
            return refuse_key(card).map(|()| false);
        }
        let key = take_key(card)?;
        if key.is_none() && same_form(before, card) {
            return refuse_key(card).map(|()| false);
        }
        let outside = self.outside()?;
        let mut form = Form::read(card, &outside.guard)?;
        if key.is_none() && form.has_moved(before) {
            set_credential(card, None);
            form.credential = None;
        }
        if key.is_some() || credential_changed(before, card) {
            outside.vault.forget_of_model(ctx, of.id.0).await?;
        }
        self.arm(ctx, of, card, (form, key)).await?;
        Ok(!same_answer(before, card))
    }

    /// Gives the card its credential: the key that was sent, or one that is stored.
    async fn arm(
        &self,
        ctx: &Ctx,
        of: &Subject<'_>,
        card: &mut Map<String, Value>,
        (form, key): (Form, Option<crate::base::Secret>),
    ) -> Result<()> {
        let (vault, origin) = (&self.outside()?.vault, form.origin());
        if let Some(secret) = key {
            let name = format!("{} {}", of.name, of.version);
            let new = NewCredential { name: &name, origin: &origin, model_id: Some(of.id.0), secret };
            let kept = vault.keep(ctx, "metadata.apiKey", new).await?;
            set_credential(card, Some(kept.id));
        } else if let Some(id) = form.credential {
            let named = |error: Error| error.field("metadata.credentialId");
            let found = vault.get(ctx, id).await.map_err(named)?;
            if found.model_id.is_some_and(|model| model != of.id.0) {
                return Err(Error::invalid("metadata.credentialId", "is the key of another model")
                    .hint("store it by itself with `create_credential`, to share it"));
            }
            check_origin(&found.origin, &origin).map_err(named)?;
        }
        Ok(())
    }

    /// What came with a model goes with it.
    pub(super) async fn forget_keys(&self, ctx: &Ctx, of: ModelId) -> Result<()> {
        match &self.outside {
            Some(outside) => outside.vault.forget_of_model(ctx, of.0).await,
            None => Ok(()),
        }
    }

    /// Asks the provider for its list of models. Whatever goes wrong is what was found out.
    pub(super) async fn test(&self, ctx: &Ctx, req: TestModel) -> Result<ExternalTest> {
        let row = self.load(ctx, req.model_id).await?;
        if models::type_of(&row.model_type)? != ModelType::External {
            return Err(Error::conflict(format!("`{}` {} is no external model", row.name, row.version))
                .code("not_external")
                .hint("deploy it and ask its endpoint"));
        }
        let tested = self.ask_provider(ctx, &row).await;
        Ok(match tested {
            Ok(test) => test,
            Err(error) if error.kind() == ErrorKind::Unexpected => return Err(error),
            Err(error) => ExternalTest { error: Some(ExternalFailure::from(&error)), ..ExternalTest::default() },
        })
    }

    async fn ask_provider(&self, ctx: &Ctx, row: &model::Model) -> Result<ExternalTest> {
        let outside = self.outside()?;
        let form = Form::read(&mut object(row.metadata.clone()), &outside.guard)?;
        form.check_key(false)?;
        let key = match form.credential {
            Some(id) => Some(outside.vault.open(ctx, CredentialId(id.0), &form.origin()).await?),
            None => None,
        };
        let offer = form.maker.offer(&outside.guard, form.address.as_str(), key, &form.model_name).await?;
        let error = (offer.holds == Some(false)).then(|| ExternalFailure::from(&not_offered(&form, &offer.names)));
        Ok(ExternalTest {
            ok: error.is_none(),
            latency_ms: Some(u64::try_from(offer.took.as_millis()).unwrap_or(u64::MAX)),
            offered: offer.holds,
            models: offer.names,
            error,
        })
    }
}

/// Says which models there are instead.
fn not_offered(form: &Form, names: &[String]) -> Error {
    let some: Vec<String> = names.iter().take(NAMED).map(|name| format!("`{name}`")).collect();
    let hint = match names.len().saturating_sub(NAMED) {
        _ if names.is_empty() => "it offers none that this key may see; ask who runs it".to_owned(),
        0 => format!("name one as `metadata.modelName`: it offers {}", some.join(", ")),
        more => format!("name one as `metadata.modelName`: it offers {} and {more} more", some.join(", ")),
    };
    Error::new(ErrorKind::NotFound, format!("{} does not offer `{}`", form.maker.name(), form.model_name))
        .code("model_not_offered")
        .field("metadata.modelName")
        .hint(hint)
}
