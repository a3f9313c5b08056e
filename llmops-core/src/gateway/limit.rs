//! Limits: requests at once and requests a minute, exact under concurrency, given back on every way out.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde_json::json;

use super::route::Route;
use crate::base::{Ctx, Error, ErrorKind, Result};
use crate::serving::EndpointId;

/// Counters that nobody used for this long are forgotten.
const FORGOTTEN: Duration = Duration::from_secs(600);
/// How many are kept before the old ones are looked for.
const KEPT: usize = 4096;

/// What one key may do.
#[derive(Debug, Clone, Copy, Default)]
pub struct KeyLimits {
    /// Requests a minute; nothing for no limit.
    pub requests_per_minute: Option<u32>,
    /// Requests under way at once; nothing for no limit.
    pub concurrent_requests: Option<u32>,
}

/// Counts requests under way.
#[derive(Debug, Default)]
struct Gauge(AtomicU32);

impl Gauge {
    fn enter(self: &Arc<Self>, places: u32, most: u32) -> Option<Held> {
        let add = |now: u32| now.checked_add(places).filter(|then| *then <= most);
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add).ok()?;
        Some(Held(self.clone(), places))
    }
}

/// Requests under way.
#[derive(Debug)]
struct Held(Arc<Gauge>, u32);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.0.fetch_sub(self.1, Ordering::Relaxed);
    }
}

/// A rate as a bucket that fills evenly: a minute's worth may come at once, and over any longer time no more than the
/// rate.
#[derive(Debug)]
struct Bucket {
    left: f64,
    at: Instant,
}

impl Bucket {
    /// Takes one, or says how long to wait.
    fn take(&mut self, per_minute: u32, now: Instant) -> std::result::Result<u32, Duration> {
        let rate = f64::from(per_minute) / 60.0;
        let filled = self.left + now.saturating_duration_since(self.at).as_secs_f64() * rate;
        (self.left, self.at) = (filled.min(f64::from(per_minute)), now);
        if self.left < 1.0 {
            return Err(Duration::from_secs_f64((1.0 - self.left) / rate));
        }
        self.left -= 1.0;
        Ok(self.left as u32)
    }
}

#[derive(Debug)]
struct KeyState {
    gauge: Arc<Gauge>,
    bucket: Option<Bucket>,
    used: Instant,
}

/// The counters of this server.
#[derive(Debug, Default)]
pub(super) struct Limiter {
    keys: Mutex<HashMap<String, KeyState>>,
    routes: Mutex<HashMap<EndpointId, Arc<Gauge>>>,
    of_key: KeyLimits,
}

/// A request that was let in; dropped, it is over.
#[derive(Debug)]
pub(super) struct Admitted {
    _route: Held,
    _key: Option<Held>,
}

impl Limiter {
    pub(super) fn new(of_key: KeyLimits) -> Self {
        Self { of_key, ..Self::default() }
    }

    /// Lets a request for so many answers in. It is one request to its key, and as many to the route.
    ///
    /// # Errors
    /// `rate_limited`, naming the limit and when to come again. A request that is refused is not counted.
    pub(super) fn admit(&self, ctx: &Ctx, route: &Route, answers: u32) -> Result<Admitted> {
        let held = self.admit_to_route(route, answers)?;
        let key = ctx.caller.key_id.as_deref().unwrap_or(&ctx.caller.actor);
        Ok(Admitted { _route: held, _key: self.admit_key(key, Instant::now())? })
    }

    /// Each replica works on so many at once, and as many again may wait.
    fn admit_to_route(&self, route: &Route, answers: u32) -> Result<Held> {
        let replicas = route.replicas.len().max(1) as u32;
        let most = route.served.limits.max_concurrent_requests.saturating_mul(replicas).saturating_mul(2);
        if answers > most {
            return Err(Error::invalid("n", format!("must be at most {most} on this route"))
                .hint("ask for fewer answers, or send several requests"));
        }
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        let gauge = routes.entry(route.served.endpoint_id).or_default().clone();
        drop(routes);
        gauge.enter(answers, most).ok_or_else(|| {
            let message = format!("{} has {most} requests under way, the most it takes", route.served.route);
            refusal("route_concurrency", message, most, 1000)
        })
    }

    fn admit_key(&self, key: &str, now: Instant) -> Result<Option<Held>> {
        let limits = self.of_key;
        if limits.requests_per_minute.is_none() && limits.concurrent_requests.is_none() {
            return Ok(None);
        }
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.len() >= KEPT {
            keys.retain(|_, state| {
                now.saturating_duration_since(state.used) < FORGOTTEN || Arc::strong_count(&state.gauge) > 1
            });
        }
        let state = keys.entry(key.to_owned()).or_insert_with(|| KeyState {
            gauge: Arc::default(),
            bucket: limits.requests_per_minute.map(|most| Bucket { left: f64::from(most), at: now }),
            used: now,
        });
        state.used = now;
        let held = match limits.concurrent_requests {
            Some(most) => Some(state.gauge.enter(1, most).ok_or_else(|| {
                let message = format!("this key has {most} requests under way, the most it may have");
                refusal("key_concurrency", message, most, 1000)
            })?),
            None => None,
        };
        if let (Some(bucket), Some(most)) = (&mut state.bucket, limits.requests_per_minute) {
            bucket.take(most, now).map_err(|wait| {
                let message = format!("this key may send {most} requests a minute");
                refusal("key_requests_per_minute", message, most, wait.as_millis() as u64 + 1)
            })?;
        }
        Ok(held)
    }

    /// Forgets routes that are gone.
    pub(super) fn keep_routes(&self, is_known: impl Fn(&EndpointId) -> bool) {
        let mut routes = self.routes.lock().unwrap_or_else(PoisonError::into_inner);
        routes.retain(|id, gauge| is_known(id) || Arc::strong_count(gauge) > 1);
    }
}

fn refusal(limit: &str, message: String, most: u32, wait_ms: u64) -> Error {
    Error::new(ErrorKind::RateLimited, message)
        .code(limit)
        .hint("try again after the stated time")
        .retry_after_ms(wait_ms)
        .details(json!({ "reason": limit, "limit": most, "remaining": 0, "resetMs": wait_ms }))
}
