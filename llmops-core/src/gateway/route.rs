//! Who answers which name: one immutable table, and the replicas whose counters live on from table to table.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use super::GatewayRoute;
use crate::base::{Error, Result};
use crate::provider::Target;
use crate::serving::{EndpointId, EndpointStatus, Environment, ServedReplica, ServedRoute, route_of};

/// How long a replica that could not be reached is left alone while there is another, in milliseconds.
const AVOIDED_MS: u64 = 1000;

/// A replica that can be asked.
#[derive(Debug)]
pub(super) struct Replica {
    work: String,
    address: String,
    pub(super) target: Target,
    in_flight: AtomicU32,
    /// Until when it is better left alone, in milliseconds of the gateway's own clock.
    avoided_until: AtomicU64,
}

impl Replica {
    fn new(served: ServedReplica) -> Self {
        let target = Target {
            base_url: format!("http://{}", served.address),
            model: None, // a replica has one model, and that is the one it is asked for
            api_key: served.api_key,
        };
        Self {
            work: served.work,
            address: served.address,
            target,
            in_flight: AtomicU32::new(0),
            avoided_until: AtomicU64::new(0),
        }
    }

    /// Requests under way there.
    pub(super) fn in_flight(&self) -> u32 {
        self.in_flight.load(Ordering::Relaxed)
    }

    /// Counts a request for as long as the place is held.
    pub(super) fn enter(self: &Arc<Self>) -> Place {
        self.in_flight.fetch_add(1, Ordering::Relaxed);
        Place(self.clone())
    }

    /// Leaves the replica alone for a while.
    pub(super) fn avoid(&self, now_ms: u64) {
        self.avoided_until.store(now_ms + AVOIDED_MS, Ordering::Relaxed);
    }

    pub(super) fn is_avoided(&self, now_ms: u64) -> bool {
        self.avoided_until.load(Ordering::Relaxed) > now_ms
    }
}

/// A request's place at a replica.
#[derive(Debug)]
pub(super) struct Place(Arc<Replica>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A route with its replicas.
#[derive(Debug)]
pub(super) struct Route {
    /// What serving said.
    pub(super) served: ServedRoute,
    pub(super) replicas: Vec<Arc<Replica>>,
}

impl Route {
    /// Whether the endpoint is meant to answer.
    pub(super) fn should_answer(&self) -> bool {
        !matches!(self.served.status, EndpointStatus::Stopped | EndpointStatus::Failed)
    }

    /// As `tiny:1.0.0`.
    pub(super) fn model(&self) -> String {
        format!("{}:{}", self.served.model_name, self.served.model_version)
    }

    pub(super) fn describe(&self) -> GatewayRoute {
        let served = &self.served;
        GatewayRoute {
            route: served.route.clone(),
            environment: served.environment,
            endpoint_id: served.endpoint_id,
            model_id: served.model_id,
            model_name: served.model_name.clone(),
            model_version: served.model_version.clone(),
            revision: served.revision,
            status: served.status,
            status_reason: served.status_reason.clone(),
            replicas: self.replicas.len() as u32,
            in_flight: self.replicas.iter().map(|replica| replica.in_flight()).sum(),
            limits: served.limits,
        }
    }

    fn answers_to(&self, name: &str) -> bool {
        let served = &self.served;
        match name.split_once(':') {
            Some((model, version)) => model == served.model_name && version == served.model_version,
            None => name == served.model_name || name == served.model_id.to_string(),
        }
    }
}

/// Every route of every project at one time.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// Which table this is.
    pub(super) generation: u64,
    projects: HashMap<String, Vec<Arc<Route>>>,
    /// What serving said, to see whether it says something else.
    said: String,
}

impl Table {
    /// Whether this is the table of these routes.
    pub(super) fn says(&self, served: &[ServedRoute]) -> bool {
        self.generation > 0 && self.said == format!("{served:?}")
    }

    /// The table after `before`. Replicas that stay keep their counters.
    pub(super) fn after(before: &Self, served: Vec<ServedRoute>) -> Self {
        let said = format!("{served:?}");
        let mut known: HashMap<(&str, &str), &Arc<Replica>> = HashMap::new();
        for replica in before.projects.values().flatten().flat_map(|route| &route.replicas) {
            known.insert((&replica.work, &replica.address), replica);
        }
        let mut projects: HashMap<String, Vec<Arc<Route>>> = HashMap::new();
        for mut one in served {
            let replicas = std::mem::take(&mut one.replicas).into_iter().map(|replica| {
                let kept = known.get(&(replica.work.as_str(), replica.address.as_str())).map(|kept| Arc::clone(kept));
                kept.unwrap_or_else(|| Arc::new(Replica::new(replica)))
            });
            let replicas = replicas.collect();
            projects.entry(one.project.clone()).or_default().push(Arc::new(Route { served: one, replicas }));
        }
        for routes in projects.values_mut() {
            routes.sort_by(|a, b| order(a).cmp(&order(b)));
        }
        Self { generation: before.generation + 1, projects, said }
    }

    /// Whether an endpoint is in it.
    pub(super) fn has(&self, id: EndpointId) -> bool {
        self.projects.values().flatten().any(|route| route.served.endpoint_id == id)
    }

    /// The routes of a project, by name and environment.
    pub(super) fn of(&self, project: &str) -> &[Arc<Route>] {
        self.projects.get(project).map_or(&[], Vec::as_slice)
    }

    /// The route that a name means: a route's own name before a model's, `prod` before `stg` before `dev`, and within
    /// an environment one that is answered before one that is not.
    ///
    /// # Errors
    /// `model_not_found` when nothing of that name is deployed in the project.
    pub(super) fn resolve(&self, project: &str, name: &str, wanted: Option<Environment>) -> Result<Arc<Route>> {
        let routes = self.of(project);
        let spelled = route_of(name).ok();
        let best = |matches: &dyn Fn(&Route) -> bool| {
            let found = routes.iter().filter(|route| wanted.is_none_or(|e| e == route.served.environment));
            found.filter(|route| matches(route)).min_by_key(|route| preference(route)).cloned()
        };
        let by_route = spelled.and_then(|spelled| best(&|route| route.served.route == spelled));
        by_route.or_else(|| best(&|route| route.answers_to(name))).ok_or_else(|| {
            Error::not_found("deployed route or model", name)
                .code("model_not_found")
                .field("route")
                .hint("list the routes there are with `gateway.list_routes`, or deploy the model first")
        })
    }
}

/// Where an environment stands when none is named.
pub(super) fn rank(environment: Environment) -> u8 {
    match environment {
        Environment::Prod => 0,
        Environment::Stg => 1,
        Environment::Dev => 2,
    }
}

fn order(route: &Route) -> (&str, u8) {
    (&route.served.route, rank(route.served.environment))
}

fn preference(route: &Route) -> (u8, bool, bool) {
    let served = &route.served;
    (rank(served.environment), route.replicas.is_empty(), served.status != EndpointStatus::Healthy)
}
