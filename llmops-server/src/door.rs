//! The door: what every request of a server shares.

use std::sync::Arc;

use axum::Router;
use bytes::Bytes;
use llmops_core::LlmOps;
use llmops_core::base::{Error, Result};
use tokio::sync::{OnceCell, watch};

use crate::{Patience, auth::Hosts, guard, pages, routes, telemetry};

/// How a door behaves.
#[derive(Debug, Clone, Default)]
pub struct DoorOptions {
    /// The waits for clients.
    pub patience: Patience,
    /// Whether only this machine can reach the door; then a request for a foreign host name is refused, because it comes
    /// from a page that a browser was led to.
    pub loopback: bool,
    /// More host names by which the server may be called.
    pub allowed_hosts: Vec<String>,
}

/// The platform behind HTTP. Cheap to clone.
#[derive(Clone)]
pub struct Door(Arc<Inner>);

struct Inner {
    ops: LlmOps,
    options: DoorOptions,
    hosts: Hosts,
    draining: watch::Sender<bool>,
    /// Made when it is first asked for: it takes megabytes that most servers never need.
    openapi: OnceCell<Bytes>,
    metrics: telemetry::Metrics,
}

impl Door {
    /// The door to this platform.
    pub fn new(ops: LlmOps, options: DoorOptions) -> Self {
        let hosts = Hosts::new(options.loopback, &options.allowed_hosts);
        Self(Arc::new(Inner {
            ops,
            options,
            hosts,
            draining: watch::Sender::new(false),
            openapi: OnceCell::new(),
            metrics: telemetry::metrics(),
        }))
    }

    /// Every route: the operations, the pages, and `dialects`, the routes written by hand for other protocols' clients.
    /// All of them stand behind the same guard.
    pub fn router(&self, dialects: Router<Door>) -> Router {
        let router = Router::new().merge(pages::routes()).merge(routes::operations(self.ops())).merge(dialects);
        #[cfg(feature = "ui")]
        let router = router.merge(crate::ui::routes()).fallback(crate::ui::page);
        #[cfg(not(feature = "ui"))]
        let router = router.fallback(routes::unknown_path);
        router.layer(axum::middleware::from_fn_with_state(self.clone(), guard::guard)).with_state(self.clone())
    }

    /// The platform.
    pub fn ops(&self) -> &LlmOps {
        &self.0.ops
    }

    /// The waits for clients.
    pub fn patience(&self) -> &Patience {
        &self.0.options.patience
    }

    /// Whether new work is welcome.
    pub fn is_ready(&self) -> bool {
        !*self.0.draining.borrow()
    }

    /// Tells readiness checks and followers of live streams that the server is going away.
    pub fn drain(&self) {
        self.0.draining.send_replace(true);
    }

    /// Resolves when the server is told to go.
    pub async fn drained(&self) {
        let mut draining = self.0.draining.subscribe();
        // An error would mean that the door is gone, and the server with it.
        let _ = draining.wait_for(|draining| *draining).await;
    }

    /// Whether only this machine can reach the door.
    pub fn is_loopback(&self) -> bool {
        self.0.options.loopback
    }

    pub(crate) fn hosts(&self) -> &Hosts {
        &self.0.hosts
    }

    pub(crate) async fn openapi(&self) -> Result<Bytes> {
        let made = self.0.openapi.get_or_try_init(|| {
            let ops = self.ops().clone();
            tokio::task::spawn_blocking(move || Bytes::from(llmops_core::op::openapi(ops.operations()).to_string()))
        });
        let made = made.await.map_err(|e| Error::unexpected("describing the API ended abruptly").caused_by(e))?;
        Ok(made.clone())
    }

    pub(crate) fn metrics(&self) -> &telemetry::Metrics {
        &self.0.metrics
    }
}
