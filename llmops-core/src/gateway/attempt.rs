//! Choosing a replica, and another one when the first does not take the request.

use std::sync::Arc;
use std::time::Instant;

use futures::future::BoxFuture;

use super::route::{Place, Replica, Route};
use crate::base::{Error, ErrorKind, Result};
use crate::provider::{Deadlines, ProviderCall, ProviderFailure};
use crate::serving::EndpointStatus;

/// The most replicas one request is tried at.
const ATTEMPTS: usize = 3;

/// An answer, whole or begun, with its place at the replica that gives it.
#[derive(Debug)]
pub(super) struct Taken<T> {
    pub(super) answer: T,
    pub(super) place: Place,
}

/// Tries replicas until one takes the request. Nothing of an answer has reached the caller before, so no part of an
/// answer is ever said twice; and only failures after which surely nothing was done are followed by another attempt.
pub(super) async fn run<T>(
    route: &Route,
    call: ProviderCall,
    clock: Instant,
    ask: impl Fn(ProviderCall) -> BoxFuture<'static, std::result::Result<T, ProviderFailure>>,
) -> Result<Taken<T>> {
    let begun = Instant::now();
    let deadlines = call.deadlines;
    let mut call = call;
    let mut tried: Vec<Arc<Replica>> = Vec::new();
    let mut last: Option<Error> = None;
    while tried.len() < ATTEMPTS {
        let now_ms = clock.elapsed().as_millis() as u64;
        let Some(replica) = choose(&route.replicas, &tried, now_ms, rand::random) else { break };
        let Some(left) = left(deadlines, begun) else { break };
        call.deadlines = left;
        call.target = replica.target.clone();
        let place = replica.enter();
        match ask(call.clone()).await {
            Ok(answer) => return Ok(Taken { answer, place }),
            Err(failure) => {
                if failure.away {
                    replica.avoid(now_ms);
                }
                if !failure.elsewhere {
                    return Err(failure.error);
                }
                last = Some(failure.error);
            }
        }
        tried.push(replica);
    }
    Err(last.unwrap_or_else(|| nobody(route)))
}

/// What is left of the deadlines; nothing when the total is over.
fn left(deadlines: Deadlines, begun: Instant) -> Option<Deadlines> {
    let spent = begun.elapsed();
    let total = deadlines.total.checked_sub(spent)?;
    Some(Deadlines { total, ..deadlines })
}

/// The less busy of two at random, among those not tried yet; one that was away a moment ago only if there is no other.
fn choose(
    replicas: &[Arc<Replica>],
    tried: &[Arc<Replica>],
    now_ms: u64,
    random: impl Fn() -> u64,
) -> Option<Arc<Replica>> {
    let fresh: Vec<&Arc<Replica>> =
        replicas.iter().filter(|replica| !tried.iter().any(|t| Arc::ptr_eq(t, replica))).collect();
    let near: Vec<&Arc<Replica>> = fresh.iter().copied().filter(|replica| !replica.is_avoided(now_ms)).collect();
    let among = if near.is_empty() { fresh } else { near };
    match among.as_slice() {
        [] => None,
        [one] => Some(Arc::clone(one)),
        many => {
            let drawn = random();
            let first = (drawn % many.len() as u64) as usize;
            let step = 1 + (drawn >> 32) % (many.len() as u64 - 1);
            let second = (first + step as usize) % many.len();
            let (a, b) = (many[first], many[second]);
            Some(Arc::clone(if b.in_flight() < a.in_flight() { b } else { a }))
        }
    }
}

/// Nobody can be asked.
fn nobody(route: &Route) -> Error {
    let served = &route.served;
    let (kind, hint) = match served.status {
        EndpointStatus::Stopped => (ErrorKind::Unavailable, "start the endpoint first"),
        EndpointStatus::Failed => (ErrorKind::Unavailable, "look at the endpoint's log, or roll it back"),
        _ => (ErrorKind::Unavailable, "try again shortly"),
    };
    let message = format!("no replica answers {} at the moment: {}", served.route, served.status_reason);
    let error = Error::new(kind, message).code("no_replica").hint(hint);
    if served.status == EndpointStatus::Stopped { error } else { error.retry_after_ms(2000) }
}

#[cfg(test)]
mod tests;
