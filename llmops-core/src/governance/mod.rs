//! Who may do what, and what was done: API keys, roles and the audit log. Rank 3.

mod audit;
mod credential;
mod identity;
mod project;
mod roles;
mod rows;
mod session;
mod sql;
#[cfg(test)]
mod tests;
mod ticket;
mod types;

pub use audit::*;
pub use credential::*;
pub use identity::Identity;
pub use project::*;
pub use roles::Role;
pub use session::*;
pub use sql::{Keeping, SqlGovernance};
pub use types::*;

use crate::base::{Ctx, Page, Result};
use crate::op::{Download, service};

service! {
    /// Projects, API keys and the audit log.
    pub trait Governance as governance {
        /// Makes a project, which keeps what is made in it apart from all else.
        #[op(unary POST "/governance/projects", Write("governance:projects"))]
        async fn create_project(&self, ctx: &Ctx, req: CreateProject) -> Result<Project>;

        /// Lists the projects that the caller may work in, by name.
        #[op(unary GET "/governance/projects", Read("session:own"))]
        async fn list_projects(&self, ctx: &Ctx, req: ListProjects) -> Result<Page<Project>>;

        /// Makes an API key. Its secret is in this answer and nowhere else.
        #[op(unary POST "/governance/keys", Write("governance:keys"))]
        async fn create_api_key(&self, ctx: &Ctx, req: CreateApiKey) -> Result<CreatedApiKey>;

        /// Lists the project's API keys, newest first.
        #[op(unary GET "/governance/keys", Read("governance:keys"))]
        async fn list_api_keys(&self, ctx: &Ctx, req: ListApiKeys) -> Result<Page<ApiKey>>;

        /// Revokes an API key: at once on this server, within two seconds on the others.
        #[op(unary DELETE "/governance/keys/{keyId}", Write("governance:keys"))]
        async fn revoke_api_key(&self, ctx: &Ctx, req: RevokeApiKey) -> Result<ApiKey>;

        /// Stores the key to somebody else's service, sealed. It is sent to the server it is for, and shown to nobody.
        #[op(unary POST "/governance/credentials", Write("governance:credentials"))]
        async fn create_credential(&self, ctx: &Ctx, req: CreateCredential) -> Result<Credential>;

        /// Lists the project's credentials, newest first, those that came with external models among them.
        #[op(unary GET "/governance/credentials", Read("governance:credentials"))]
        async fn list_credentials(&self, ctx: &Ctx, req: ListCredentials) -> Result<Page<Credential>>;

        /// Deletes a credential at once. Models that name it are not asked any more until they are given another.
        #[op(unary DELETE "/governance/credentials/{credentialId}", Write("governance:credentials"))]
        async fn delete_credential(&self, ctx: &Ctx, req: DeleteCredential) -> Result<Credential>;

        /// Seals the credentials of all projects under a new master key: a fresh one where master keys are in the data folder,
        /// the first of those given where they are in the environment.
        #[op(unary POST "/governance/credentials/rotate", Write("governance:credentials"))]
        async fn rotate_credentials(&self, ctx: &Ctx, req: RotateCredentials) -> Result<RotatedCredentials>;

        /// Opens a session with the rights of the key that the call is made with, or of the key behind a link or a session,
        /// which it replaces, in the same project or in another. It ends half an hour later unless it is replaced in time, and
        /// with the key.
        #[op(unary POST "/session", Write("session:own"))]
        async fn open_session(&self, ctx: &Ctx, req: OpenSession) -> Result<Session>;

        /// Says who calls, and what he may do.
        #[op(unary GET "/session", Read("session:own"))]
        async fn get_session(&self, ctx: &Ctx, req: GetSession) -> Result<Session>;

        /// Ends the session that the call is made with: at once on this server, within two seconds on the others.
        #[op(unary DELETE "/session", Write("session:own"))]
        async fn close_session(&self, ctx: &Ctx, req: CloseSession) -> Result<Session>;

        /// Tells which domains' things change in the caller's project: `training` when a job was submitted or went on. What
        /// changed is for the operations that read it. The first item names every domain that he may read, as nothing is
        /// told of what came before; so does one after more changes at once than could be told apart.
        #[op(stream GET "/changes", Read("session:own"))]
        async fn watch_changes(&self, ctx: &Ctx, req: WatchChanges) -> Result<Changes>;

        /// Makes a link's secret, which opens one session with the rights of the caller's key, once, within 15 minutes.
        #[op(unary POST "/session/links", Write("session:own"))]
        async fn create_sign_in_link(&self, ctx: &Ctx, req: CreateSignInLink) -> Result<SignInLink>;

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
