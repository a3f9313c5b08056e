//! Policies for personal data: written, read, listed, and found for a search.

use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;

use super::super::pii::Search;
use super::super::rows::{policy, policy_version};
use super::super::searching::{PolicyBody, Rules, UsedPolicy, Wanted};
use super::super::{GetPiiPolicy, ListPiiPolicies, PiiPolicy, PutPiiPolicy, RedactRows};
use super::SqlDatasets;
use super::datasets::stored;
use crate::base::{Ctx, Error, Page, PageRequest, Result, Timestamp, etag_of};
use crate::store::{is_unique_violation, keyset};

/// The policy of a project that holds when none is named.
pub(super) const DEFAULT: &str = "default";
/// The most policies of a project, and versions of one.
const POLICIES: u64 = 100;
const VERSIONS: i64 = 1000;

impl SqlDatasets {
    pub(super) async fn put_policy(&self, ctx: &Ctx, req: PutPiiPolicy) -> Result<PiiPolicy> {
        check_name(&req.name)?;
        let body = super::super::source::off_thread({
            let req = req.clone();
            move || PolicyBody::of(&req)
        })
        .await?;
        let known = self.find_policy(ctx, &req.name).await?;
        ctx.check_etag(&known.as_ref().map_or_else(String::new, |row| etag_of(row.version)))?;
        let conn = self.store.conn(ctx);
        let made = policy::Model {
            id: known.as_ref().map_or_else(|| ctx.new_id(), |row| row.id),
            project: ctx.project().to_owned(),
            name: req.name,
            version: known.as_ref().map_or(1, |row| row.version + 1),
            body: crate::op::encode(&body)?,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
        };
        match known {
            Some(row) if row.body == made.body => return to_policy(row),
            Some(row) if row.version >= VERSIONS => {
                return Err(too_many(format!("`{}` has {VERSIONS} versions", row.name)));
            }
            Some(row) => self.policy_rewritten(ctx, &row, &made).await?,
            None => {
                let there = policy::Entity::find().filter(policy::Column::Project.eq(ctx.project()));
                if there.count(&conn).await? >= POLICIES {
                    return Err(too_many(format!("the project has {POLICIES} policies")));
                }
                let inserted = policy::Entity::insert(made.clone().into_active_model());
                let inserted = inserted.exec_without_returning(&conn).await;
                inserted.map_err(|e| if is_unique_violation(&e) { meanwhile() } else { e.into() })?;
            }
        }
        let version = policy_version::Model {
            id: ctx.new_id(),
            policy_id: made.id,
            version: made.version,
            body: made.body.clone(),
            created_by: made.created_by.clone(),
            created_at: made.created_at,
        };
        policy_version::Entity::insert(version.into_active_model()).exec_without_returning(&conn).await?;
        ctx.touch("pii_policy", made.id, json!({ "name": made.name, "version": made.version }));
        to_policy(made)
    }

    /// Writes over the policy as it was read; another who wrote it in between is a conflict.
    async fn policy_rewritten(&self, ctx: &Ctx, row: &policy::Model, made: &policy::Model) -> Result<()> {
        let same = policy::Entity::update_many()
            .set(policy::ActiveModel {
                version: Set(made.version),
                body: Set(made.body.clone()),
                created_by: Set(made.created_by.clone()),
                created_at: Set(made.created_at),
                ..Default::default()
            })
            .filter(policy::Column::Id.eq(row.id))
            .filter(policy::Column::Version.eq(row.version));
        if same.exec(&self.store.conn(ctx)).await?.rows_affected == 1 { Ok(()) } else { Err(meanwhile()) }
    }

    async fn find_policy(&self, ctx: &Ctx, name: &str) -> Result<Option<policy::Model>> {
        let select = policy::Entity::find()
            .filter(policy::Column::Project.eq(ctx.project()))
            .filter(policy::Column::Name.eq(name));
        Ok(select.one(&self.store.conn(ctx)).await?)
    }

    /// The policy in this version, or the newest.
    async fn policy_in(&self, ctx: &Ctx, name: &str, version: Option<u32>) -> Result<Option<policy::Model>> {
        let Some(row) = self.find_policy(ctx, name).await? else { return Ok(None) };
        let Some(version) = version.map(i64::from).filter(|version| *version != row.version) else {
            return Ok(Some(row));
        };
        let select = policy_version::Entity::find()
            .filter(policy_version::Column::PolicyId.eq(row.id))
            .filter(policy_version::Column::Version.eq(version));
        let old = select.one(&self.store.conn(ctx)).await?;
        Ok(old.map(|old| policy::Model {
            version: old.version,
            body: old.body,
            created_by: old.created_by,
            created_at: old.created_at,
            ..row
        }))
    }

    pub(super) async fn policy(&self, ctx: &Ctx, req: GetPiiPolicy) -> Result<PiiPolicy> {
        match self.policy_in(ctx, &req.name, req.version).await? {
            Some(row) => to_policy(row),
            None => Err(missing(&req.name, req.version)),
        }
    }

    pub(super) async fn policies(&self, ctx: &Ctx, req: ListPiiPolicies) -> Result<Page<PiiPolicy>> {
        let request = PageRequest::new(req.limit, req.cursor)?;
        let order = keyset::Keyset {
            list: "pii_policies".to_owned(),
            column: policy::Column::Name,
            id: policy::Column::Id,
            ascending: true,
            total: false,
        };
        let select = policy::Entity::find().filter(policy::Column::Project.eq(ctx.project()));
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_policy).collect::<Result<_>>()?, page })
    }

    /// The policy to search by: the one that is named, or the project's default, if there is one.
    pub(super) async fn policy_for(
        &self,
        ctx: &Ctx,
        field: &str,
        (name, version): (Option<&str>, Option<u32>),
    ) -> Result<Option<UsedPolicy>> {
        let found = self.policy_in(ctx, name.unwrap_or(DEFAULT), version).await?;
        match (found, name) {
            (Some(row), _) => {
                let version = to_version(row.version);
                Ok(Some(UsedPolicy { name: row.name, version, body: stored(row.body)? }))
            }
            (None, name) if name.is_some() || version.is_some() => {
                Err(missing(name.unwrap_or(DEFAULT), version).field(field))
            }
            (None, _) => Ok(None),
        }
    }

    /// Says by which version of which policy it is redacted, so that the same is made whenever it is made.
    pub(super) async fn settle_redaction(&self, ctx: &Ctx, redact: &mut RedactRows) -> Result<()> {
        let named = (redact.policy.as_deref(), redact.policy_version);
        let policy = self.policy_for(ctx, "redact.policy", named).await?;
        redact.policy = policy.as_ref().map(|policy| policy.name.clone());
        redact.policy_version = policy.as_ref().map(|policy| policy.version);
        redaction_rules(redact, policy).map(drop)
    }

    /// The search that finds what is redacted, as it was settled.
    pub(super) async fn redaction(&self, ctx: &Ctx, redact: &RedactRows) -> Result<Search> {
        let policy = match &redact.policy {
            Some(name) => self.policy_for(ctx, "redact.policy", (Some(name), redact.policy_version)).await?,
            None => None,
        };
        redaction_rules(redact, policy)?.search(&self.detectors)
    }

    /// The newest version of a policy.
    pub(super) async fn policy_now(&self, ctx: &Ctx, name: &str) -> Result<Option<u32>> {
        Ok(self.find_policy(ctx, name).await?.map(|row| to_version(row.version)))
    }
}

/// Here a confidence that is asked for is all that counts: less than the policy asks for redacts more.
fn redaction_rules(redact: &RedactRows, policy: Option<UsedPolicy>) -> Result<Rules> {
    let min_confidence = redact.min_confidence.filter(|_| policy.is_none());
    let wanted = Wanted { of: "redact.", types: redact.pii_types.as_deref(), min_confidence };
    Ok(Rules::of(&wanted, policy)?.at(redact.min_confidence))
}

fn check_name(name: &str) -> Result<()> {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_' | '.');
    if name.len() <= 64 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(fits) {
        return Ok(());
    }
    Err(Error::invalid("name", "must be small letters, digits, `-`, `_` and `.`, at most 64, a letter first")
        .hint("for example `default` or `public-data`"))
}

fn missing(name: &str, version: Option<u32>) -> Error {
    let name: String = name.chars().take(64).collect();
    let what = version.map_or_else(|| format!("`{name}`"), |version| format!("`{name}` version {version}"));
    Error::not_found("policy", what).hint("`list_pii_policies` shows those there are")
}

fn meanwhile() -> Error {
    Error::conflict("somebody else wrote the policy at the same time").hint("read it again and repeat the change")
}

fn too_many(what: String) -> Error {
    Error::conflict(format!("{what}, which is the most"))
        .code("too_many_policies")
        .field("name")
        .hint("change one of those there are, or begin one of another name")
}

fn to_version(version: i64) -> u32 {
    u32::try_from(version).unwrap_or(u32::MAX)
}

fn to_policy(row: policy::Model) -> Result<PiiPolicy> {
    let body: PolicyBody = stored(row.body)?;
    Ok(PiiPolicy {
        name: row.name,
        version: to_version(row.version),
        project: row.project,
        description: body.description,
        kinds: body.kinds,
        rules: body.rules,
        waivers: body.waivers,
        min_quality: body.min_quality,
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        etag: etag_of(row.version),
    })
}
