//! Keys to other people's services, stored, listed and deleted.

use super::super::{
    CreateCredential, Credential, DeleteCredential, ListCredentials, RotateCredentials, RotatedCredentials,
};
use super::{SqlGovernance, check_all_projects};
use crate::base::{Ctx, Error, ErrorKind, Limits, Page, PageRequest, Result, check_text};
use crate::egress::guard::Guard;
use crate::vault::{NewCredential, Vault};

/// Where keys are kept, and where they may be sent.
pub struct Keeping {
    /// Keeps them.
    pub vault: Vault,
    /// Knows which addresses may be asked.
    pub guard: Guard,
}

impl SqlGovernance {
    fn keeping(&self) -> Result<&Keeping> {
        self.keeping.as_ref().ok_or_else(|| {
            Error::new(ErrorKind::Unsupported, "this platform keeps no credentials")
                .hint("the program that opened it gave it no vault")
        })
    }

    pub(super) async fn credential_create(&self, ctx: &Ctx, req: CreateCredential) -> Result<Credential> {
        let Keeping { vault, guard } = self.keeping()?;
        let name = req.name.trim();
        if name.is_empty() {
            return Err(Error::invalid("name", "must not be empty").hint("say whose key it is"));
        }
        check_text("name", name, Limits::NAME_CHARS)?;
        let origin = guard.check("baseUrl", &req.base_url)?.origin().ascii_serialization();
        let new = NewCredential { name, origin: &origin, model_id: None, secret: req.secret.0 };
        vault.keep(ctx, "secret", new).await
    }

    pub(super) async fn credential_page(&self, ctx: &Ctx, req: ListCredentials) -> Result<Page<Credential>> {
        self.keeping()?.vault.page(ctx, &PageRequest::new(req.limit, req.cursor)?).await
    }

    pub(super) async fn credential_delete(&self, ctx: &Ctx, req: DeleteCredential) -> Result<Credential> {
        self.keeping()?.vault.forget(ctx, req.credential_id).await
    }

    pub(super) async fn credential_rotate(&self, ctx: &Ctx, _: RotateCredentials) -> Result<RotatedCredentials> {
        check_all_projects(ctx)?;
        let (master_key, resealed) = self.keeping()?.vault.rotate(ctx).await?;
        Ok(RotatedCredentials { master_key, resealed })
    }
}
