//! Who may do what, and what was done: API keys, roles and the audit log. Rank 3.

mod audit;
mod identity;
mod roles;
mod rows;
mod sql;
#[cfg(test)]
mod tests;
mod types;

pub use audit::*;
pub use identity::Identity;
pub use roles::Role;
pub use sql::SqlGovernance;
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::{Download, service};

service! {
    /// API keys and the audit log.
    pub trait Governance as governance {
        /// Makes an API key. Its secret is in this answer and nowhere else.
        #[op(unary POST "/governance/keys", Write("governance:keys"))]
        async fn create_api_key(&self, ctx: &Ctx, req: CreateApiKey) -> Result<CreatedApiKey>;

        /// Lists the project's API keys, newest first.
        #[op(unary GET "/governance/keys", Read("governance:read"))]
        async fn list_api_keys(&self, ctx: &Ctx, req: ListApiKeys) -> Result<Page<ApiKey>>;

        /// Revokes an API key: at once on this server, within two seconds on the others.
        #[op(unary DELETE "/governance/keys/{keyId}", Write("governance:keys"))]
        async fn revoke_api_key(&self, ctx: &Ctx, req: RevokeApiKey) -> Result<ApiKey>;

        /// Lists what was done in the project, newest first. Every filter given must hold.
        #[op(unary GET "/governance/audit/logs", Read("governance:read"))]
        async fn list_audit_logs(&self, ctx: &Ctx, req: ListAuditLogs) -> Result<Page<AuditEntry>>;

        /// Sends the whole audit log, of all projects: one entry a line, oldest first, and where the chain ends.
        #[op(download GET "/governance/audit/export", Read("governance:audit"))]
        async fn export_audit_logs(&self, ctx: &Ctx, req: ExportAuditLogs) -> Result<Download>;

        /// Reads the whole audit log and recomputes its chain of hashes.
        #[op(unary GET "/governance/audit/verify", Read("governance:audit"))]
        async fn verify_audit_logs(&self, ctx: &Ctx, req: VerifyAuditLogs) -> Result<AuditVerification>;
    }
}
