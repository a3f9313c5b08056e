//! Sessions and sign-in links, opened and closed.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::json;
use uuid::Uuid;

use super::super::identity::{self, TOPIC};
use super::super::rows::{api_key, session};
use super::super::session::{IDLE_SECONDS, LINK_SECONDS, MOST_SECONDS, REPLACED_SECONDS};
use super::super::{OpenSession, Session, SignInLink};
use super::SqlGovernance;
use crate::base::{Ctx, Error, ErrorKind, Result, Timestamp};
use crate::store::Store;

const MICROS: i64 = 1_000_000;

/// Every session and link that has not ended.
pub(in super::super) async fn sessions_in_force(store: &Store, ctx: &Ctx) -> Result<Vec<session::Model>> {
    let now = ctx.now().micros();
    Ok(session::Entity::find().filter(session::Column::ExpiresAt.gt(now)).all(&store.conn(ctx)).await?)
}

impl SqlGovernance {
    pub(super) async fn session_open(&self, ctx: &Ctx, req: OpenSession) -> Result<Session> {
        let mut ctx = ctx.clone();
        if let Some(project) = &req.project {
            ctx.caller = self.identity.enter(&ctx.caller, project)?;
        }
        let ctx = &ctx;
        let now = ctx.now().micros();
        session::Entity::delete_many().filter(session::Column::ExpiresAt.lte(now)).exec(&self.store.conn(ctx)).await?;
        let shown = self.shown(ctx).await?;
        let ends_at = match &shown {
            Shown::Key(key) => key.expires_at.unwrap_or(i64::MAX).min(now + MOST_SECONDS * MICROS),
            Shown::Session(old) => {
                self.replace(ctx, old).await?;
                old.ends_at
            }
        };
        let (row, secret) = shown.opened(ctx, session::SESSION, ends_at, IDLE_SECONDS);
        self.insert(ctx, &row).await?;
        Ok(Session {
            secret: Some(secret),
            expires_at: Some(Timestamp::from_micros(row.expires_at)),
            ..caller(ctx, &row)
        })
    }

    pub(super) async fn session_get(&self, ctx: &Ctx) -> Result<Session> {
        let expires_at = match self.shown(ctx).await {
            Ok(Shown::Key(key)) => key.expires_at,
            Ok(Shown::Session(open)) => Some(open.expires_at),
            Err(_) => None, // a caller that a host program vouches for
        };
        Ok(Session {
            actor: ctx.caller.actor.clone(),
            project: ctx.project().to_owned(),
            all_projects: ctx.caller.all_projects,
            permissions: ctx.caller.permissions.iter().cloned().collect(),
            expires_at: expires_at.map(Timestamp::from_micros),
            secret: None,
        })
    }

    pub(super) async fn session_close(&self, ctx: &Ctx) -> Result<Session> {
        let Shown::Session(open) = self.shown(ctx).await? else {
            return Err(Error::conflict("the call was made with an API key, not with a session")
                .code("no_session")
                .hint("keys are ended with governance.revoke_api_key"));
        };
        self.end(ctx, &open).await?;
        ctx.touch("session", open.id, json!({ "name": open.name }));
        ctx.signal(TOPIC);
        Ok(Session { expires_at: Some(ctx.now()), ..caller(ctx, &open) })
    }

    pub(super) async fn link_create(&self, ctx: &Ctx) -> Result<SignInLink> {
        let shown = self.shown(ctx).await?;
        let ends_at = match &shown {
            Shown::Key(key) => key.expires_at.unwrap_or(i64::MAX),
            Shown::Session(open) if open.kind == session::LINK => {
                return Err(Error::denied("a link opens one session and makes no other link")
                    .code("link_only_opens")
                    .hint("open a session with it first"));
            }
            Shown::Session(open) => open.ends_at,
        };
        let ends_at = ends_at.min(ctx.now().micros() + MOST_SECONDS * MICROS);
        let (row, secret) = shown.opened(ctx, session::LINK, ends_at, LINK_SECONDS);
        self.insert(ctx, &row).await?;
        Ok(SignInLink { secret: Some(secret), expires_at: Timestamp::from_micros(row.expires_at) })
    }

    /// Ends what was opened with a key that is no more.
    pub(super) async fn end_sessions_of(&self, ctx: &Ctx, key: Uuid) -> Result<()> {
        let open = session::Entity::find().filter(session::Column::KeyId.eq(key)).all(&self.store.conn(ctx)).await?;
        for row in &open {
            self.end(ctx, row).await?;
        }
        Ok(())
    }

    /// What the call was made with.
    async fn shown(&self, ctx: &Ctx) -> Result<Shown> {
        let id = |text: &Option<String>| text.as_deref().and_then(|id| id.parse::<Uuid>().ok());
        let Some(key) = id(&ctx.caller.key_id) else {
            return Err(Error::denied("a session stands for an API key, and this call was made without one")
                .code("no_key")
                .hint("send a key as `Authorization: Bearer ..`"));
        };
        let conn = self.store.conn(ctx);
        let valid = api_key::Entity::find_by_id(key).filter(api_key::Column::RevokedAt.is_null());
        // Whoever revokes the key meanwhile waits, and ends what is opened with it here; or was first, and it opens nothing.
        let valid = if ctx.unit().is_some() { valid.lock_shared() } else { valid };
        let found = match (valid.one(&conn).await?, id(&ctx.caller.session_id)) {
            (Some(_), Some(open)) => session::Entity::find_by_id(open).one(&conn).await?.map(Shown::Session),
            (found, _) => found.map(Shown::Key),
        };
        found.ok_or_else(|| {
            Error::new(ErrorKind::Unauthenticated, "the API key or link is no longer valid").hint("sign in again")
        })
    }

    /// A link ends with its use, by whoever comes first; a session a little later than it is replaced.
    async fn replace(&self, ctx: &Ctx, old: &session::Model) -> Result<()> {
        if old.kind == session::LINK {
            return self.end(ctx, old).await;
        }
        let expires_at = old.expires_at.min(ctx.now().micros() + REPLACED_SECONDS * MICROS);
        let change = session::ActiveModel { id: Set(old.id), expires_at: Set(expires_at), ..Default::default() };
        session::Entity::update(change).exec_without_returning(&self.store.conn(ctx)).await?;
        Ok(())
    }

    async fn insert(&self, ctx: &Ctx, row: &session::Model) -> Result<()> {
        let active = sea_orm::IntoActiveModel::into_active_model(row.clone());
        session::Entity::insert(active).exec_without_returning(&self.store.conn(ctx)).await?;
        ctx.touch("session", row.id, json!({ "name": row.name, "kind": row.kind, "project": row.project }));
        ctx.signal(TOPIC);
        self.identity.admit_session(row);
        Ok(())
    }

    async fn end(&self, ctx: &Ctx, open: &session::Model) -> Result<()> {
        let gone = session::Entity::delete_by_id(open.id).exec(&self.store.conn(ctx)).await?;
        if gone.rows_affected == 0 {
            return Err(Error::new(ErrorKind::Unauthenticated, "the link was used already").hint("sign in again"));
        }
        self.identity.deny(&open.hash);
        Ok(())
    }
}

enum Shown {
    Key(api_key::Model),
    Session(session::Model),
}

impl Shown {
    /// A new session or link with the rights of what was shown.
    fn opened(&self, ctx: &Ctx, kind: &str, ends_at: i64, seconds: i64) -> (session::Model, String) {
        let (key_id, name, roles, all_projects) = match self {
            Self::Key(key) => (key.id, &key.name, &key.roles, key.all_projects),
            Self::Session(open) => (open.key_id, &open.name, &open.roles, open.all_projects),
        };
        let (secret, now) = (identity::new_secret(), ctx.now().micros());
        let row = session::Model {
            id: ctx.new_id(),
            kind: kind.to_owned(),
            key_id,
            project: ctx.project().to_owned(),
            all_projects,
            name: name.clone(),
            roles: roles.clone(),
            hash: identity::hash(&secret),
            created_at: now,
            expires_at: ends_at.min(now + seconds * MICROS),
            ends_at,
        };
        (row, secret)
    }
}

fn caller(ctx: &Ctx, row: &session::Model) -> Session {
    let permissions = identity::rights(&row.roles);
    Session {
        actor: row.name.clone(),
        project: ctx.project().to_owned(),
        all_projects: row.all_projects,
        permissions: permissions.into_iter().collect(),
        expires_at: None,
        secret: None,
    }
}
