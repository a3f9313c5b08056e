//! The credentials over the database.

use std::sync::Arc;

use sea_orm::{
    ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder, QuerySelect, Select,
};
use serde_json::json;

use super::keys::{MasterKeys, Ring};
use super::rows::credential;
use super::seal::{self, Bound};
use super::{Credential, CredentialId};
use crate::base::{Ctx, Error, Id, Page, PageRequest, Result, Secret, Timestamp};
use crate::store::{Store, keyset};

/// The longest secret, in bytes.
const SECRET_BYTES: usize = 16 << 10;
/// A secret as long as this shows how it ends.
const TELLING: usize = 16;
/// Credentials that are sealed anew at a time.
const MANY: u64 = 500;

/// A secret to keep.
pub struct NewCredential<'a> {
    /// What it is called.
    pub name: &'a str,
    /// The only server that it may be sent to.
    pub origin: &'a str,
    /// The model that it goes with.
    pub model_id: Option<Id>,
    /// The secret.
    pub secret: Secret,
}

/// Keeps credentials. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    store: Store,
    keys: Arc<Ring>,
}

impl Vault {
    /// The credentials of this database under these master keys, which are read when they are needed.
    ///
    /// # Errors
    /// `invalid` when keys were given that are none.
    pub fn new(store: Store, keys: MasterKeys) -> Result<Self> {
        Ok(Self { store, keys: Arc::new(Ring::new(keys)?) })
    }

    /// Keeps a secret, in the open unit of work. `field` is where it was sent.
    ///
    /// # Errors
    /// `invalid` for a secret that is none; `unavailable` without a master key.
    pub async fn keep(&self, ctx: &Ctx, field: &str, new: NewCredential<'_>) -> Result<Credential> {
        check_secret(field, new.secret.expose())?;
        let master = self.keys.current().await?;
        let id = ctx.new_id();
        let bound = Bound { project: ctx.project(), id, origin: new.origin };
        let row = credential::Model {
            sealed: seal::seal(&master, &bound, &new.secret)?,
            id,
            project: ctx.project().to_owned(),
            name: new.name.to_owned(),
            origin: new.origin.to_owned(),
            ending: ending(new.secret.expose()),
            model_id: new.model_id,
            master_key: master.id,
            created_by: ctx.caller.actor.clone(),
            created_at: ctx.now().micros(),
        };
        let insert = credential::Entity::insert(row.clone().into_active_model());
        insert.exec_without_returning(&self.store.conn(ctx)).await?;
        ctx.touch("credential", id, json!({ "name": row.name, "origin": row.origin }));
        Ok(row.into())
    }

    /// The secret, for a request to this server.
    ///
    /// # Errors
    /// `not_found`; `denied` with the code `credential_elsewhere` for another server than the one it is for; `unavailable`
    /// without its master key.
    pub async fn open(&self, ctx: &Ctx, id: CredentialId, origin: &str) -> Result<Secret> {
        let row = self.row(ctx, id).await?;
        check_origin(&row.origin, origin)?;
        let master = self.keys.find(&row.master_key).await?;
        seal::open(&master, &Bound { project: &row.project, id: row.id, origin: &row.origin }, &row.sealed)
    }

    /// What is known of a credential.
    ///
    /// # Errors
    /// `not_found`, also for one of another project.
    pub async fn get(&self, ctx: &Ctx, id: CredentialId) -> Result<Credential> {
        self.row(ctx, id).await.map(Credential::from)
    }

    /// The project's credentials, newest first.
    ///
    /// # Errors
    /// Those of every page.
    pub async fn page(&self, ctx: &Ctx, request: &PageRequest) -> Result<Page<Credential>> {
        let order = keyset::Keyset {
            list: "credentials".into(),
            column: credential::Column::CreatedAt,
            id: credential::Column::Id,
            ascending: false,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, of_project(ctx), order, request).await?;
        Ok(Page { items: rows.into_iter().map(Credential::from).collect(), page })
    }

    /// Deletes a credential: what names it is not asked any more until it is given another.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn forget(&self, ctx: &Ctx, id: CredentialId) -> Result<Credential> {
        let row = self.row(ctx, id).await?;
        credential::Entity::delete_by_id(row.id).exec(&self.store.conn(ctx)).await?;
        ctx.touch("credential", row.id, json!({ "name": row.name, "origin": row.origin }));
        Ok(row.into())
    }

    /// Deletes what came with a model.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn forget_of_model(&self, ctx: &Ctx, model: Id) -> Result<()> {
        let of_model = credential::Column::ModelId.eq(model);
        for row in of_project(ctx).filter(of_model).all(&self.store.conn(ctx)).await? {
            self.forget(ctx, CredentialId(row.id)).await?;
        }
        Ok(())
    }

    /// Seals every credential of every project under the newest master key, which is a fresh one where they are in a file.
    /// Says its id and how many were sealed anew.
    ///
    /// # Errors
    /// `unavailable` when a master key is missing: nothing is changed then.
    pub async fn rotate(&self, ctx: &Ctx) -> Result<(String, u64)> {
        let conn = self.store.conn(ctx);
        let used = credential::Entity::find().select_only().column(credential::Column::MasterKey).distinct();
        let newest = self.keys.renew(used.into_tuple().all(&conn).await?).await?;
        let mut count = 0;
        loop {
            let old = credential::Column::MasterKey.ne(newest.id.as_str());
            let some = credential::Entity::find().filter(old).order_by_asc(credential::Column::Id).limit(MANY);
            let rows = some.all(&conn).await?;
            if rows.is_empty() {
                break;
            }
            for row in rows {
                let from = self.keys.find(&row.master_key).await?;
                let bound = Bound { project: &row.project, id: row.id, origin: &row.origin };
                let change = credential::ActiveModel {
                    sealed: Set(seal::rewrap(&from, &newest, &bound, &row.sealed)?),
                    master_key: Set(newest.id.clone()),
                    ..Default::default()
                };
                // One that was deleted meanwhile needs nothing more.
                let still = credential::Entity::update_many().set(change).filter(credential::Column::Id.eq(row.id));
                count += still.exec(&conn).await?.rows_affected;
            }
        }
        ctx.touch("masterKey", &newest.id, json!({ "resealed": count }));
        Ok((newest.id, count))
    }

    async fn row(&self, ctx: &Ctx, id: CredentialId) -> Result<credential::Model> {
        let found = of_project(ctx).filter(credential::Column::Id.eq(id.0)).one(&self.store.conn(ctx)).await?;
        found.ok_or_else(|| Error::not_found("credential", id))
    }
}

fn of_project(ctx: &Ctx) -> Select<credential::Entity> {
    credential::Entity::find().filter(credential::Column::Project.eq(ctx.project()))
}

/// A secret goes to the server it is for and to no other.
pub(crate) fn check_origin(of: &str, origin: &str) -> Result<()> {
    if of == origin {
        return Ok(());
    }
    Err(Error::denied(format!("the credential is for {of} and is not sent to {origin}"))
        .code("credential_elsewhere")
        .hint("store the key again for this address"))
}

/// Secrets travel in headers.
fn check_secret(field: &str, secret: &str) -> Result<()> {
    let plain = !secret.is_empty() && secret.bytes().all(|byte| byte.is_ascii_graphic());
    if plain && secret.len() <= SECRET_BYTES {
        return Ok(());
    }
    Err(Error::invalid(field, "must be 1 to 16,384 letters, digits and signs, without blanks")
        .hint("copy the key again, without what stands around it"))
}

/// The last four characters, where that leaves enough untold.
fn ending(secret: &str) -> Option<String> {
    (secret.len() >= TELLING).then(|| secret[secret.len() - 4..].to_owned())
}

impl From<credential::Model> for Credential {
    fn from(row: credential::Model) -> Self {
        Self {
            id: CredentialId(row.id),
            name: row.name,
            origin: row.origin,
            ending: row.ending,
            model_id: row.model_id,
            master_key: row.master_key,
            created_by: row.created_by,
            created_at: Timestamp::from_micros(row.created_at),
        }
    }
}
