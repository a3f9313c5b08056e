//! Keys and the audit log on a real SQLite file.

use futures::TryStreamExt;
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::*;
use crate::LlmOps;
use crate::base::ErrorKind;
use crate::catalog::{CreateModel, DeleteModel, Model};
use crate::platform::on_trial;
use crate::store::audit::audit_log;
use crate::store::{Store, trial};

struct Fresh {
    dir: tempfile::TempDir,
    ops: LlmOps,
}

impl Fresh {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.open().await.unwrap();
        Self { dir, ops }
    }

    /// With the entries of three models.
    async fn with_models() -> Self {
        let fresh = Self::open().await;
        for name in ["a", "b", "c"] {
            fresh.model(&fresh.ops.ctx(), name).await.unwrap();
        }
        fresh
    }

    async fn key(&self, ctx: &Ctx, name: &str, roles: &[Role]) -> Result<CreatedApiKey> {
        let request = CreateApiKey { name: name.into(), roles: roles.to_vec(), all_projects: false, expires_at: None };
        self.ops.governance().create_api_key(ctx, request).await
    }

    fn holding(&self, secret: &str) -> Ctx {
        Ctx::new(self.ops.authenticate(secret).unwrap())
    }

    async fn model(&self, ctx: &Ctx, name: &str) -> Result<Model> {
        let request = CreateModel { name: name.into(), version: "1.0.0".into(), ..CreateModel::default() };
        let request = CreateModel { model_family: "llama".into(), ..request };
        self.ops.catalog().create_model(ctx, request).await
    }

    async fn logs(&self, request: ListAuditLogs) -> Vec<AuditEntry> {
        self.ops.governance().list_audit_logs(&self.ops.ctx(), request).await.unwrap().items
    }

    async fn verify(&self) -> AuditVerification {
        self.ops.governance().verify_audit_logs(&self.ops.ctx(), VerifyAuditLogs {}).await.unwrap()
    }

    async fn export(&self, format: AuditFormat) -> String {
        let request = ExportAuditLogs { format: Some(format) };
        let download = self.ops.governance().export_audit_logs(&self.ops.ctx(), request).await.unwrap();
        let parts: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
        String::from_utf8(parts.concat()).unwrap()
    }

    /// Changes the log behind our back.
    async fn tamper(&self, seq: i64, delete: bool) {
        let store = Store::open(&trial::database(self.dir.path()).await).await.unwrap();
        let ctx = Ctx::system();
        let conn = store.conn(&ctx);
        let this = audit_log::Column::Seq.eq(seq);
        if delete {
            audit_log::Entity::delete_many().filter(this).exec(&conn).await.unwrap();
        } else {
            let change = audit_log::Entity::update_many().col_expr(audit_log::Column::Actor, Expr::val("mallory"));
            change.filter(this).exec(&conn).await.unwrap();
        }
        store.close().await;
    }
}

#[tokio::test]
async fn a_key_opens_what_its_role_allows() {
    let fresh = Fresh::open().await;
    let secret = fresh.key(&fresh.ops.ctx(), "rita", &[Role::Viewer]).await.unwrap().secret.unwrap();
    let error = fresh.model(&fresh.holding(&secret), "m").await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Denied, "permission_missing"));
}

#[tokio::test]
async fn a_refused_call_is_on_record_with_what_it_was_about() {
    let fresh = Fresh::open().await;
    let model = fresh.model(&fresh.ops.ctx(), "m").await.unwrap();
    let secret = fresh.key(&fresh.ops.ctx(), "rita", &[Role::Viewer]).await.unwrap().secret.unwrap();
    let request = DeleteModel { model_id: model.id };
    let ctx = fresh.holding(&secret);
    let error = fresh.ops.catalog().delete_model(&ctx, request).await.unwrap_err();
    assert_eq!(error.to_json()["requestId"], ctx.request_id);
    let entry = fresh.logs(ListAuditLogs::default()).await.remove(0);
    let about = (entry.action.as_str(), entry.resource_type.as_str(), entry.resource_id);
    assert_eq!(about, ("catalog.delete_model", "model", model.id.to_string()));
    assert_eq!((entry.actor_id.as_str(), entry.result), ("rita", AuditOutcome::Denied));
}

#[tokio::test]
async fn an_export_that_is_no_text_is_not_verified() {
    let said = verify_export(&b"\xFF\xFE\x00"[..]).unwrap();
    assert!(!said.verified && said.problem.is_some_and(|problem| problem.contains("line 1")));
}

#[tokio::test]
async fn a_key_holds_no_more_than_its_maker() {
    let fresh = Fresh::open().await;
    let maker = Ctx::new(crate::base::Caller {
        permissions: std::sync::Arc::new(["governance:keys".to_owned()].into()),
        ..fresh.ops.ctx().caller
    });
    let error = fresh.key(&maker, "eve", &[Role::Admin]).await.unwrap_err();
    assert_eq!(error.stable_code(), "scope_exceeds_creator");
}

#[tokio::test]
async fn a_revoked_key_opens_nothing() {
    let fresh = Fresh::open().await;
    let made = fresh.key(&fresh.ops.ctx(), "rita", &[Role::Viewer]).await.unwrap();
    fresh.ops.governance().revoke_api_key(&fresh.ops.ctx(), RevokeApiKey { key_id: made.key.id }).await.unwrap();
    let error = fresh.ops.authenticate(&made.secret.unwrap()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn a_refresh_forgets_no_key_that_is_being_made() {
    let fresh = Fresh::open().await;
    for n in 0..30 {
        let secret = fresh.key(&fresh.ops.ctx(), &format!("k{n}"), &[Role::Viewer]).await.unwrap().secret.unwrap();
        assert!(fresh.ops.authenticate(&secret).is_ok(), "key {n}");
    }
}

#[tokio::test]
async fn what_is_done_and_what_is_denied_are_both_on_record() {
    let fresh = Fresh::open().await;
    let secret = fresh.key(&fresh.ops.ctx(), "rita", &[Role::Viewer]).await.unwrap().secret.unwrap();
    fresh.model(&fresh.ops.ctx(), "m").await.unwrap();
    fresh.model(&fresh.holding(&secret), "n").await.unwrap_err();
    let entries = fresh.logs(ListAuditLogs { action: Some("catalog.create_model".into()), ..Default::default() }).await;
    let said: Vec<_> = entries.iter().map(|entry| (entry.actor_id.as_str(), entry.result)).collect();
    assert_eq!(said, [("rita", AuditOutcome::Denied), ("administrator", AuditOutcome::Allowed)]);
}

#[tokio::test]
async fn no_secret_is_in_the_log() {
    let fresh = Fresh::open().await;
    let secret = fresh.key(&fresh.ops.ctx(), "rita", &[Role::Viewer]).await.unwrap().secret.unwrap();
    assert!(!fresh.export(AuditFormat::Jsonl).await.contains(&secret));
}

#[tokio::test]
async fn an_export_proves_itself() {
    let fresh = Fresh::with_models().await;
    let export = fresh.export(AuditFormat::Jsonl).await;
    let verified = verify_export(export.as_bytes()).unwrap();
    assert_eq!(verified, fresh.verify().await);
    assert!(verified.verified && verified.entries >= 3);
    let lines: Vec<&str> = export.lines().collect();
    let without = |gone: usize| {
        let rest = lines.iter().enumerate().filter(|(at, _)| *at != gone);
        rest.map(|(_, line)| format!("{line}\n")).collect::<String>()
    };
    for gone in 0..lines.len() {
        assert!(!verify_export(without(gone).as_bytes()).unwrap().verified, "line {gone}");
    }
    let changed = export.replacen("\"administrator\"", "\"mallory\"", 1);
    assert!(!verify_export(changed.as_bytes()).unwrap().verified);
}

/// What an export says, whatever spaces it says it with.
fn meaning(export: &[u8]) -> Vec<String> {
    let of = |line: &str| match serde_json::from_str::<audit::ExportEnd>(line) {
        Ok(end) => format!("{end:?}"),
        Err(_) => format!("{:?}", serde_json::from_str::<audit::ExportLine>(line)),
    };
    String::from_utf8_lossy(export).lines().map(of).collect()
}

#[tokio::test]
async fn spoilt_exports() {
    let fresh = Fresh::with_models().await;
    let export = fresh.export(AuditFormat::Jsonl).await;
    let written = meaning(export.as_bytes());
    crate::fuzz::spoil("export", &[export.as_bytes()], |bytes| {
        let said = verify_export(bytes).unwrap();
        assert!(!said.verified || meaning(bytes) == written, "verified, but it says something else");
        said.problem.unwrap_or_else(|| "well".to_owned())
    });
}

#[tokio::test]
async fn a_changed_entry_is_named() {
    let fresh = Fresh::open().await;
    for name in ["a", "b", "c"] {
        fresh.model(&fresh.ops.ctx(), name).await.unwrap();
    }
    fresh.tamper(2, false).await;
    let found = fresh.verify().await;
    assert_eq!((found.entries, found.problem.as_deref()), (1, Some("entry 2 was changed, or the one before it")));
}

#[tokio::test]
async fn a_missing_entry_is_named() {
    let fresh = Fresh::open().await;
    for name in ["a", "b", "c"] {
        fresh.model(&fresh.ops.ctx(), name).await.unwrap();
    }
    fresh.tamper(2, true).await;
    assert_eq!(fresh.verify().await.problem.as_deref(), Some("entry 2 is missing"));
}

#[tokio::test]
async fn a_cell_is_never_a_formula() {
    let fresh = Fresh::open().await;
    fresh.key(&fresh.ops.ctx(), "=1+1", &[Role::Viewer]).await.unwrap();
    let secret = fresh.key(&fresh.ops.ctx(), "=2+2", &[Role::Viewer]).await.unwrap().secret.unwrap();
    fresh.model(&fresh.holding(&secret), "n").await.unwrap_err();
    let export = fresh.export(AuditFormat::Csv).await;
    assert!(export.contains(",'=2+2,"), "{export}");
}

#[tokio::test]
async fn a_session_is_replaced_in_time_and_ends_with_its_key() {
    let fresh = Fresh::open().await;
    let made = fresh.key(&fresh.ops.ctx(), "ann", &[Role::Viewer]).await.unwrap();
    let governance = fresh.ops.governance();
    let ctx = fresh.holding(&made.secret.unwrap());
    let first = governance.open_session(&ctx, OpenSession::default()).await.unwrap();
    assert_eq!((first.actor.as_str(), first.permissions.len()), ("ann", 2));
    let first = fresh.holding(&first.secret.unwrap());
    let second = governance.open_session(&first, OpenSession::default()).await.unwrap();
    let second = fresh.holding(&second.secret.unwrap());
    let left = governance.get_session(&first, GetSession {}).await.unwrap().expires_at.unwrap();
    assert!(left.micros() - ctx.now().micros() <= session::REPLACED_SECONDS * 1_000_000);
    assert_eq!(second.caller.key_id, Some(made.key.id.to_string()), "limits of the key are those of its sessions");
    let secret = governance.create_sign_in_link(&second, CreateSignInLink {}).await.unwrap().secret.unwrap();
    let link = fresh.holding(&secret);
    let refused = governance.create_sign_in_link(&link, CreateSignInLink {}).await.unwrap_err();
    assert_eq!(refused.stable_code(), "link_only_opens");

    governance.revoke_api_key(&fresh.ops.ctx(), RevokeApiKey { key_id: made.key.id }).await.unwrap();
    let refused = governance.open_session(&second, OpenSession::default()).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthenticated);
    assert_eq!(fresh.ops.authenticate(&secret).unwrap_err().kind(), ErrorKind::Unauthenticated);
}

#[tokio::test]
async fn no_session_is_opened_with_a_key_that_is_revoked_at_that_instant() {
    let fresh = Fresh::open().await;
    let governance = fresh.ops.governance();
    for _ in 0..12 {
        let made = fresh.key(&fresh.ops.ctx(), "ann", &[Role::Viewer]).await.unwrap();
        let (ctx, admin) = (fresh.holding(&made.secret.unwrap()), fresh.ops.ctx());
        let revoke = governance.revoke_api_key(&admin, RevokeApiKey { key_id: made.key.id });
        let (opened, revoked) = tokio::join!(governance.open_session(&ctx, OpenSession::default()), revoke);
        revoked.unwrap();
        if let Ok(session) = opened {
            let error = fresh.ops.authenticate(&session.secret.unwrap()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Unauthenticated);
        }
    }
}

#[tokio::test]
async fn only_a_session_can_be_closed() {
    let fresh = Fresh::open().await;
    let governance = fresh.ops.governance();
    let refused = governance.close_session(&fresh.ops.ctx(), CloseSession {}).await.unwrap_err();
    assert_eq!((refused.kind(), refused.stable_code()), (ErrorKind::Conflict, "no_session"));
    let opened = governance.open_session(&fresh.ops.ctx(), OpenSession::default()).await.unwrap();
    let secret = opened.secret.unwrap();
    governance.close_session(&fresh.holding(&secret), CloseSession {}).await.unwrap();
    assert_eq!(fresh.ops.authenticate(&secret).unwrap_err().kind(), ErrorKind::Unauthenticated);
}

/// The domains that are told next.
async fn told(changes: &mut crate::base::Events<Changes>) -> Vec<String> {
    let next =
        tokio::time::timeout(std::time::Duration::from_secs(20), changes.try_next()).await.expect("a change is told");
    next.unwrap().unwrap().domains.into_iter().collect()
}

#[tokio::test]
async fn changes_are_told_in_their_project_to_who_may_read_them() {
    let fresh = Fresh::open().await;
    let (governance, here) = (fresh.ops.governance(), fresh.ops.ctx());
    let project = CreateProject { name: "there".into(), description: None };
    governance.create_project(&here, project).await.unwrap();
    let there = here.within("there");
    let bot = fresh.key(&here, "bot", &[Role::Service]).await.unwrap().secret.unwrap();
    let follow = |ctx: Ctx| async move { governance.watch_changes(&ctx, WatchChanges {}).await.unwrap() };
    let (mut mine, mut others) = (follow(here.clone()).await, follow(there.clone()).await);
    let mut bots = follow(fresh.holding(&bot)).await;
    let (all, few) = (told(&mut mine).await, told(&mut bots).await);
    assert_eq!((all.len(), few), (crate::platform::ROOMS.len(), vec!["gateway".to_owned()]));
    assert_eq!(told(&mut others).await, all);

    fresh.model(&here, "m").await.unwrap();
    // What was done before may be told late.
    while !told(&mut mine).await.contains(&"catalog".to_owned()) {}
    fresh.key(&there, "k", &[Role::Viewer]).await.unwrap();
    assert_eq!(told(&mut others).await, ["governance"], "a model elsewhere is no news here");
    fresh.key(&fresh.holding(&bot), "k", &[Role::Viewer]).await.unwrap_err();
    while !told(&mut mine).await.contains(&"governance".to_owned()) {}
    let of_bot = tokio::time::timeout(std::time::Duration::from_millis(50), bots.try_next()).await;
    assert!(of_bot.is_err(), "neither is for somebody who only chats");
}
