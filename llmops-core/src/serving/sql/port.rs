//! What the gateway asks of this room.

use hmac::{Hmac, KeyInit, Mac};
use sea_orm::{EntityTrait, QueryOrder};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::Sha256;

use super::super::rows::{endpoint, revision};
use super::super::supervise::Replica;
use super::super::{EndpointId, EndpointStatus, Environment, ServedReplica, ServedRoute};
use super::SqlServing;
use crate::base::{Ctx, Error, Result, Secret};
use crate::catalog::ModelId;

/// The platform's secret that endpoints' keys follow from.
pub(super) const SECRET: &str = "serving_key";

impl SqlServing {
    /// Every route of every project and who answers it now, as far as he can be asked from here. The topic `serving` tells
    /// when it changes.
    pub async fn served_routes(&self, ctx: &Ctx) -> Result<Vec<ServedRoute>> {
        let conn = self.store.conn(ctx);
        let rows = endpoint::Entity::find().order_by_asc(endpoint::Column::Route).all(&conn).await?;
        let mut revisions = self.active_of(ctx, &rows).await?;
        let secret = self.store.secret(SECRET).await?;
        let here = self.compute.capability().place;
        let mut routes = Vec::with_capacity(rows.len());
        for row in rows {
            // Between the two statements an endpoint may have gone.
            if let Some(of) = revisions.remove(&row.id) {
                routes.push(served(row, of, (&secret, &here))?);
            }
        }
        Ok(routes)
    }
}

fn served(row: endpoint::Model, of: revision::Model, (secret, here): (&[u8; 32], &str)) -> Result<ServedRoute> {
    let endpoint_id = EndpointId(row.id);
    let number = number(of.number);
    let replicas: Vec<Replica> = stored(row.replicas)?;
    let mut asked = Vec::new();
    let can_ask = |replica: &Replica| row.place == here && replica.revision == number && replica.is_ready();
    for replica in replicas.into_iter().filter(can_ask) {
        let (work, key) = (replica.work(endpoint_id)?, api_key(secret, endpoint_id)?);
        if let Some(address) = replica.address {
            asked.push(ServedReplica { work: work.into(), address, api_key: Some(key) });
        }
    }
    Ok(ServedRoute {
        endpoint_id,
        project: row.project,
        environment: Environment::from_name(&row.environment)?,
        route: row.route,
        model_id: ModelId(of.model_id),
        model_name: of.model_name,
        model_version: of.model_version,
        revision: number,
        limits: stored(of.limits)?,
        status: EndpointStatus::from_name(&row.status)?,
        status_reason: row.status_reason,
        replicas: asked,
    })
}

/// The key between the gateway and the replicas of an endpoint. It follows from the platform's secret, so that it is
/// nowhere kept.
pub(super) fn api_key(secret: &[u8; 32], endpoint: EndpointId) -> Result<Secret> {
    let mac = Hmac::<Sha256>::new_from_slice(secret);
    let mut mac = mac.map_err(|e| Error::unexpected("an endpoint's key cannot be made").caused_by(e.to_string()))?;
    mac.update(endpoint.0.as_bytes());
    Ok(Secret::new(hex::encode(mac.finalize().into_bytes())))
}

/// Reads JSON that this room wrote.
pub(super) fn stored<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(|e| Error::unexpected("an endpoint's record cannot be read").caused_by(e))
}

/// A small count as it was.
pub(super) fn number(count: i64) -> u32 {
    u32::try_from(count).unwrap_or_default()
}
