//! The gate of an embedded platform: authorise, hold to the stated limits, open, commit, record.

use async_trait::async_trait;
use serde_json::Value;

use crate::base::{Ctx, Error, ErrorKind, Result, Target};
use crate::op::{Access, Entered, Gate, Kind, Operation, OperationTable, Outcome, Texts};
use crate::store::{Claim, Store};

/// Stands in front of the rooms.
pub(super) struct PlatformGate {
    pub(super) store: Store,
    pub(super) table: OperationTable,
}

#[async_trait]
impl Gate for PlatformGate {
    async fn enter(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        request: &(dyn Fn() -> Result<Value> + Send + Sync),
    ) -> Result<Entered> {
        self.authorise(op, ctx, request).await?;
        let texts = if op.domain() == "gateway" { Texts::Any } else { Texts::Plain };
        let asked = request()?;
        self.table.find(op.name)?.1.check(&asked, texts)?;
        let ctx = match op.access {
            Access::Write(_) => ctx.for_operation(op.name).about(target(op, &asked)),
            Access::Read(_) | Access::Public => ctx.clone(),
        };
        if op.kind() != Kind::Unary || !matches!(op.access, Access::Write(_)) {
            return Ok(Entered { ctx, replay: None });
        }
        match &ctx.idempotency_key {
            Some(key) if op.idempotent_by_key() => match self.store.begin_once(&ctx, op.name, key, &asked).await? {
                Claim::Fresh(unit) => Ok(Entered { ctx: *unit, replay: None }),
                Claim::Replay(answer) => Ok(Entered { ctx, replay: Some(answer) }),
            },
            _ => Ok(Entered { ctx: self.store.begin(&ctx).await?, replay: None }),
        }
    }

    async fn leave(&self, op: &'static Operation, ctx: Ctx, outcome: Outcome<'_>) -> Result<()> {
        let open = ctx.unit().is_some();
        match outcome {
            Outcome::Done(_) if !open => Ok(()),
            Outcome::Done(render) => match self.keep(&ctx, render).await {
                Ok(()) => self.store.commit(ctx).await,
                Err(error) => {
                    self.store.rollback(ctx).await;
                    Err(error)
                }
            },
            Outcome::Failed(error) => {
                let refused = ctx.clone().without_unit();
                if open {
                    self.store.rollback(ctx).await;
                }
                let is_denied = error.kind() == ErrorKind::Denied;
                if is_denied || matches!(op.access, Access::Write(_)) && worth_recording(error) {
                    self.record(&refused, op, error).await;
                }
                Ok(())
            }
        }
    }
}

impl PlatformGate {
    async fn authorise(
        &self,
        op: &'static Operation,
        ctx: &Ctx,
        request: &(dyn Fn() -> Result<Value> + Send + Sync),
    ) -> Result<()> {
        let Some(permission) = op.access.permission() else { return Ok(()) };
        if ctx.caller.may(permission) {
            return Ok(());
        }
        let error = Error::denied(format!("{} needs the permission `{permission}`", op.name))
            .code("permission_missing")
            .hint("ask an administrator for a role or key that holds it");
        let about = request().ok().and_then(|asked| target(op, &asked));
        self.record(&ctx.clone().about(about), op, &error).await;
        Err(error)
    }

    async fn keep(&self, ctx: &Ctx, render: &(dyn Fn() -> Result<Value> + Send + Sync)) -> Result<()> {
        if ctx.idempotency_key.is_none() {
            return Ok(());
        }
        let mut answer = render()?;
        if let Some(fields) = answer.as_object_mut() {
            fields.remove("secret"); // shown once, stored never
        }
        self.store.keep_answer(ctx, &answer).await
    }

    async fn record(&self, ctx: &Ctx, op: &'static Operation, error: &Error) {
        if let Err(fault) = self.store.record_refused(ctx, op.name, error).await {
            tracing::error!(operation = op.name, %fault, "a refused call left no audit entry");
        }
    }
}

/// What a call is about: the first id that its path names.
fn target(op: &'static Operation, asked: &Value) -> Option<Target> {
    let named = |segment: &'static str| segment.strip_prefix('{')?.strip_suffix('}');
    let (name, kind) = op.path.split('/').find_map(|segment| {
        let name = named(segment)?;
        Some((name, name.strip_suffix("Id")?))
    })?;
    let kind = match (op.domain(), kind) {
        ("evaluation", _) => "evaluation",
        (_, "key") => "apiKey",
        _ => kind,
    };
    Some((kind, asked.get(name)?.as_str()?.to_owned()))
}

/// A request that merely cannot be read or names nothing is no action; it changes nothing and is only logged.
fn worth_recording(error: &Error) -> bool {
    !matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::RateLimited)
}
