//! The approval policy of a project: written, read, listed, and found for a decision.

use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use serde_json::json;

use super::super::approval::{PolicyBody, UsedPolicy};
use super::super::rows::policy;
use super::super::{ListModelApprovalPolicies, ModelApprovalPolicy, PutModelApprovalPolicy};
use super::SqlCatalog;
use crate::base::{Ctx, Error, ErrorKind, Page, PageRequest, Result, Timestamp, etag_of};
use crate::store::{is_unique_violation, keyset};

/// The most versions of a policy.
const VERSIONS: i64 = 1000;

impl SqlCatalog {
    pub(super) async fn put_policy(&self, ctx: &Ctx, req: PutModelApprovalPolicy) -> Result<ModelApprovalPolicy> {
        let body = PolicyBody::of(self.settled(ctx, req).await?)?;
        let known = self.find_policy(ctx, None).await?;
        ctx.check_etag(&known.as_ref().map_or_else(String::new, |row| etag_of(row.version)))?;
        let made = policy::Model {
            id: ctx.new_id(),
            project: ctx.project().to_owned(),
            version: known.as_ref().map_or(1, |row| row.version + 1),
            body: crate::op::encode(&body)?,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
        };
        match known {
            Some(row) if row.body == made.body => return to_policy(row),
            Some(row) if row.version >= VERSIONS => {
                return Err(Error::conflict(format!("the policy has {VERSIONS} versions, which is the most"))
                    .code("too_many_policies")
                    .hint("keep the newest as it is"));
            }
            _ => {}
        }
        let inserted = policy::Entity::insert(made.clone().into_active_model());
        let inserted = inserted.exec_without_returning(&self.store.conn(ctx)).await;
        inserted.map_err(|e| if is_unique_violation(&e) { meanwhile() } else { e.into() })?;
        ctx.touch("model_approval_policy", made.id, json!({ "version": made.version }));
        to_policy(made)
    }

    /// The same request with its evaluations as those who make them know them.
    async fn settled(&self, ctx: &Ctx, mut req: PutModelApprovalPolicy) -> Result<PutModelApprovalPolicy> {
        for (at, required) in std::mem::take(&mut req.evaluations).into_iter().enumerate() {
            let nobody = || {
                Error::new(ErrorKind::Unsupported, "nobody here evaluates models")
                    .field("evaluations")
                    .hint("leave it out, or open the platform with its room for evaluations")
            };
            let room = self.measurements.get().ok_or_else(nobody)?;
            req.evaluations.push(room.settle(ctx, &format!("evaluations[{at}]"), required).await?);
        }
        Ok(req)
    }

    async fn find_policy(&self, ctx: &Ctx, version: Option<u32>) -> Result<Option<policy::Model>> {
        let select = policy::Entity::find().filter(policy::Column::Project.eq(ctx.project()));
        let select = match version {
            Some(version) => select.filter(policy::Column::Version.eq(i64::from(version))),
            None => select.order_by_desc(policy::Column::Version),
        };
        Ok(select.one(&self.store.conn(ctx)).await?)
    }

    pub(super) async fn policy(&self, ctx: &Ctx, version: Option<u32>) -> Result<ModelApprovalPolicy> {
        let found = self.find_policy(ctx, version).await?.ok_or_else(|| {
            let what = version.map_or_else(|| ctx.project().to_owned(), |version| format!("version {version}"));
            Error::not_found("approval policy", what).hint("`put_model_approval_policy` writes the first version")
        })?;
        to_policy(found)
    }

    pub(super) async fn policies(
        &self,
        ctx: &Ctx,
        req: ListModelApprovalPolicies,
    ) -> Result<Page<ModelApprovalPolicy>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: "model_approval_policies".to_owned(),
            column: policy::Column::Version,
            id: policy::Column::Id,
            ascending: false,
            total: false,
        };
        let select = policy::Entity::find().filter(policy::Column::Project.eq(ctx.project()));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_policy).collect::<Result<_>>()?, page })
    }

    /// What the project asks for now.
    pub(super) async fn policy_now(&self, ctx: &Ctx) -> Result<Option<UsedPolicy>> {
        let Some(row) = self.find_policy(ctx, None).await? else { return Ok(None) };
        Ok(Some(UsedPolicy { version: to_version(row.version), body: to_body(row.body)? }))
    }
}

fn meanwhile() -> Error {
    Error::conflict("somebody else wrote the policy at the same time").hint("read it again and repeat the change")
}

pub(super) fn to_version(version: i64) -> u32 {
    u32::try_from(version).unwrap_or(u32::MAX)
}

fn to_body(body: serde_json::Value) -> Result<PolicyBody> {
    serde_json::from_value(body).map_err(|e| Error::unexpected("a stored policy cannot be read").caused_by(e))
}

fn to_policy(row: policy::Model) -> Result<ModelApprovalPolicy> {
    let body = to_body(row.body)?;
    Ok(ModelApprovalPolicy {
        project: row.project,
        version: to_version(row.version),
        description: body.description,
        evaluations: body.evaluations,
        licenses: body.licenses,
        approvals: body.approvals,
        allow_warnings: body.allow_warnings,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        etag: etag_of(row.version),
    })
}
