//! The room over the database.

mod audit;
mod changes;
mod credential;
mod project;
mod session;

pub use credential::Keeping;
use project::check_all_projects;
pub(super) use project::project_names;
pub(super) use session::sessions_in_force;

use std::sync::Arc;

use async_trait::async_trait;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;

use super::identity::{self, TOPIC};
use super::{
    ApiKey, AuditEntry, AuditVerification, Changes, CloseSession, CreateApiKey, CreateCredential, CreateProject,
    CreateSignInLink, CreatedApiKey, Credential, DeleteCredential, ExportAuditLogs, GetSession, Governance, Identity,
    KeyId, ListApiKeys, ListAuditLogs, ListCredentials, ListProjects, OpenSession, Project, RevokeApiKey, Role,
    RotateCredentials, RotatedCredentials, Session, SignInLink, VerifyAuditLogs, WatchChanges, roles, rows::api_key,
};
use crate::base::{Ctx, Error, Events, Limits, Page, PageRequest, Result, Timestamp, check_text};
use crate::op::Download;
use crate::store::{Store, is_unique_violation, keyset};

/// Governance over SQLite or PostgreSQL.
pub struct SqlGovernance {
    store: Store,
    identity: Arc<Identity>,
    keeping: Option<Keeping>,
    domains: Vec<&'static str>,
}

impl SqlGovernance {
    /// The room on this database.
    pub fn new(store: Store, identity: Arc<Identity>) -> Self {
        Self { store, identity, keeping: None, domains: Vec::new() }
    }

    /// Lets it tell of changes in these domains.
    pub fn with_domains(self, domains: Vec<&'static str>) -> Self {
        Self { domains, ..self }
    }

    /// Lets it keep keys to other people's services.
    pub fn with_keeping(self, keeping: Keeping) -> Self {
        Self { keeping: Some(keeping), ..self }
    }
}

/// Every key that is not revoked, of all projects.
pub(super) async fn keys_in_force(store: &Store, ctx: &Ctx) -> Result<Vec<api_key::Model>> {
    Ok(api_key::Entity::find().filter(api_key::Column::RevokedAt.is_null()).all(&store.conn(ctx)).await?)
}

/// Writes a key down unless one of that secret is there.
pub(super) async fn remember_key(store: &Store, ctx: &Ctx, row: api_key::Model) -> Result<()> {
    let known = api_key::Entity::find().filter(api_key::Column::Hash.eq(row.hash.as_str()));
    if known.one(&store.conn(ctx)).await?.is_none() {
        let row = sea_orm::IntoActiveModel::into_active_model(row);
        let inserted = api_key::Entity::insert(row).exec_without_returning(&store.conn(ctx)).await;
        if let Err(error) = inserted
            && !is_unique_violation(&error)
        {
            return Err(error.into()); // otherwise another server that starts now has it
        }
    }
    Ok(())
}

#[async_trait]
impl Governance for SqlGovernance {
    async fn create_project(&self, ctx: &Ctx, req: CreateProject) -> Result<Project> {
        self.project_create(ctx, req).await
    }

    async fn list_projects(&self, ctx: &Ctx, req: ListProjects) -> Result<Page<Project>> {
        self.project_page(ctx, req).await
    }

    async fn create_api_key(&self, ctx: &Ctx, req: CreateApiKey) -> Result<CreatedApiKey> {
        check_create(ctx, &req)?;
        let secret = identity::new_secret();
        let mut names: Vec<&str> = req.roles.iter().map(|role| role.name()).collect();
        names.dedup();
        let row = api_key::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            all_projects: req.all_projects,
            name: req.name.trim().to_owned(),
            prefix: identity::prefix(&secret),
            hash: identity::hash(&secret),
            roles: names.join(","),
            expires_at: req.expires_at.map(Timestamp::micros),
            revoked_at: None,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
        };
        let active = sea_orm::IntoActiveModel::into_active_model(row.clone());
        api_key::Entity::insert(active).exec_without_returning(&self.store.conn(ctx)).await?;
        ctx.touch(
            "apiKey",
            row.id,
            json!({ "name": row.name, "roles": names, "expiresAt": req.expires_at, "allProjects": row.all_projects }),
        );
        ctx.signal(TOPIC);
        self.identity.admit(&row);
        Ok(CreatedApiKey { key: row.into(), secret: Some(secret) })
    }

    async fn list_api_keys(&self, ctx: &Ctx, req: ListApiKeys) -> Result<Page<ApiKey>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let select = api_key::Entity::find().filter(api_key::Column::Project.eq(ctx.project()));
        let order = keyset::Keyset {
            list: "keys".into(),
            column: api_key::Column::CreatedAt,
            id: api_key::Column::Id,
            ascending: false,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(ApiKey::from).collect(), page })
    }

    async fn revoke_api_key(&self, ctx: &Ctx, req: RevokeApiKey) -> Result<ApiKey> {
        let found = api_key::Entity::find_by_id(req.key_id.0)
            .filter(api_key::Column::Project.eq(ctx.project()))
            .one(&self.store.conn(ctx))
            .await?;
        let mut row = found.ok_or_else(|| Error::not_found("API key", req.key_id))?;
        if row.revoked_at.is_none() {
            row.revoked_at = Some(ctx.now().micros());
            let change =
                api_key::ActiveModel { id: Set(row.id), revoked_at: Set(row.revoked_at), ..Default::default() };
            api_key::Entity::update(change).exec(&self.store.conn(ctx)).await?;
            self.end_sessions_of(ctx, row.id).await?;
        }
        ctx.touch("apiKey", row.id, json!({ "name": row.name }));
        ctx.signal(TOPIC);
        self.identity.deny(&row.hash);
        Ok(row.into())
    }

    async fn create_credential(&self, ctx: &Ctx, req: CreateCredential) -> Result<Credential> {
        self.credential_create(ctx, req).await
    }

    async fn list_credentials(&self, ctx: &Ctx, req: ListCredentials) -> Result<Page<Credential>> {
        self.credential_page(ctx, req).await
    }

    async fn delete_credential(&self, ctx: &Ctx, req: DeleteCredential) -> Result<Credential> {
        self.credential_delete(ctx, req).await
    }

    async fn rotate_credentials(&self, ctx: &Ctx, req: RotateCredentials) -> Result<RotatedCredentials> {
        self.credential_rotate(ctx, req).await
    }

    async fn open_session(&self, ctx: &Ctx, req: OpenSession) -> Result<Session> {
        self.session_open(ctx, req).await
    }

    async fn get_session(&self, ctx: &Ctx, _: GetSession) -> Result<Session> {
        self.session_get(ctx).await
    }

    async fn close_session(&self, ctx: &Ctx, _: CloseSession) -> Result<Session> {
        self.session_close(ctx).await
    }

    async fn watch_changes(&self, ctx: &Ctx, _req: WatchChanges) -> Result<Events<Changes>> {
        Ok(changes::follow(ctx, &self.domains, self.store.signals().changes()))
    }

    async fn create_sign_in_link(&self, ctx: &Ctx, _: CreateSignInLink) -> Result<SignInLink> {
        self.link_create(ctx).await
    }

    async fn list_audit_logs(&self, ctx: &Ctx, req: ListAuditLogs) -> Result<Page<AuditEntry>> {
        self.audit_page(ctx, req).await
    }

    async fn export_audit_logs(&self, ctx: &Ctx, req: ExportAuditLogs) -> Result<Download> {
        check_all_projects(ctx)?;
        self.audit_export(ctx, req).await
    }

    async fn verify_audit_logs(&self, ctx: &Ctx, _: VerifyAuditLogs) -> Result<AuditVerification> {
        check_all_projects(ctx)?;
        self.audit_verify(ctx).await
    }
}

fn check_create(ctx: &Ctx, req: &CreateApiKey) -> Result<()> {
    if req.name.trim().is_empty() {
        return Err(Error::invalid("name", "must not be empty").hint("name who or what uses the key"));
    }
    check_text("name", &req.name, Limits::NAME_CHARS)?;
    if req.name.trim() == "system" {
        return Err(Error::invalid("name", "must not be `system`, which is the platform itself").hint("choose another"));
    }
    if req.roles.is_empty() {
        return Err(Error::invalid("roles", "must name at least one role").hint("for example `researcher`"));
    }
    if req.expires_at.is_some_and(|end| end <= ctx.now()) {
        return Err(Error::invalid("expiresAt", "must lie in the future").hint("leave it out for a key without an end"));
    }
    if req.all_projects && !ctx.caller.all_projects {
        return Err(Error::denied("a key for one project makes none for all")
            .code("scope_exceeds_creator")
            .field("allProjects")
            .hint("ask an administrator of the whole platform"));
    }
    let missing: Vec<String> = roles::permissions(&req.roles).into_iter().filter(|p| !covers(ctx, p)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::denied("a key cannot hold more rights than the one who makes it")
        .code("scope_exceeds_creator")
        .field("roles")
        .hint("ask an administrator")
        .details(json!({ "missing": missing })))
}

/// A pattern such as `*:read` is covered only by itself or by everything.
fn covers(ctx: &Ctx, permission: &str) -> bool {
    let mine = &ctx.caller.permissions;
    mine.contains("*") || mine.contains(permission) || (!permission.contains('*') && ctx.caller.may(permission))
}

impl From<api_key::Model> for ApiKey {
    fn from(row: api_key::Model) -> Self {
        Self {
            id: KeyId(row.id),
            name: row.name,
            prefix: row.prefix,
            roles: row.roles.split(',').filter_map(Role::from_name).collect(),
            project: row.project,
            all_projects: row.all_projects,
            expires_at: row.expires_at.map(Timestamp::from_micros),
            revoked_at: row.revoked_at.map(Timestamp::from_micros),
            created_by: row.created_by,
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}
