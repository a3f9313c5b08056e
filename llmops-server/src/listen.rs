//! The listener: takes connections, serves them, and lets them finish when the server is told to stop.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use bytes::Bytes;
use http::{HeaderValue, header};
use hyper::body::{Frame, Incoming, SizeHint};
use hyper_util::rt::TokioIo;
use llmops_core::LlmOps;
use llmops_core::base::{Error, Result};
use llmops_core::governance::CreateSignInLink;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::connection::{Phases, Watched};
use crate::guard::Peer;
use crate::payload::Payload;
use crate::{Door, DoorOptions, Patience, telemetry};

const CONNECTIONS: usize = 10_000;
const HEADERS: usize = 256;
const UPKEEP: Duration = Duration::from_secs(5);

/// A server that listens.
pub struct Server {
    address: SocketAddr,
    door: Door,
    accepting: tokio::task::JoinHandle<()>,
    connections: TaskTracker,
}

impl Server {
    /// Opens the door on an address; port 0 takes a free one.
    ///
    /// # Errors
    /// `unavailable` when the address cannot be had.
    pub async fn start(ops: LlmOps, address: SocketAddr, options: DoorOptions) -> Result<Self> {
        Self::start_with(ops, address, options, Router::new()).await
    }

    /// The same with more routes behind the same guard.
    ///
    /// # Errors
    /// As [`Server::start`].
    pub async fn start_with(
        ops: LlmOps,
        address: SocketAddr,
        options: DoorOptions,
        more: Router<Door>,
    ) -> Result<Self> {
        let unusable = |e: std::io::Error| {
            Error::unavailable(format!("the address {address} cannot be listened on"))
                .hint("choose another with --listen, or port 0 for a free one")
                .caused_by(e)
        };
        let listener = TcpListener::bind(address).await.map_err(unusable)?;
        let address = listener.local_addr().map_err(unusable)?;
        let door = Door::new(ops, DoorOptions { loopback: address.ip().is_loopback(), ..options });
        let connections = TaskTracker::new();
        let accepting = tokio::spawn(accept(listener, door.clone(), door.router(more), connections.clone()));
        Ok(Self { address, door, accepting, connections })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The same as a URL.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Where a browser signs in with the local administrator's rights: once, within a quarter of an hour.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn sign_in_link(&self) -> Result<String> {
        let ops = self.door.ops();
        let link = ops.governance().create_sign_in_link(&ops.ctx(), CreateSignInLink {}).await?;
        Ok(format!("{}/sign-in?token={}", self.url(), link.secret.unwrap_or_default()))
    }

    /// The door.
    pub fn door(&self) -> &Door {
        &self.door
    }

    /// Takes no more connections, lets the open ones finish their requests within the stated time, and ends the platform.
    pub async fn stop(self) {
        self.door.drain();
        self.accepting.abort();
        self.connections.close();
        let drain = self.door.patience().drain;
        if tokio::time::timeout(drain, self.connections.wait()).await.is_err() {
            tracing::warn!(left = self.connections.len(), "requests did not finish in time and are cut off");
        }
        self.door.ops().shutdown().await;
    }
}

async fn accept(listener: TcpListener, door: Door, router: Router, connections: TaskTracker) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS));
    let patience = Arc::new(door.patience().clone());
    let mut upkeep = tokio::time::interval(UPKEEP);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = upkeep.tick() => {
                door.metrics().upkeep();
                continue;
            }
        };
        let (socket, peer) = match accepted {
            Ok(pair) => pair,
            Err(error) => {
                // Out of file descriptors, or a client that left at once: a pause lets others finish.
                tracing::warn!(%error, "a connection could not be taken");
                tokio::time::sleep(Duration::from_millis(50)).await;
                continue;
            }
        };
        let Ok(permit) = permits.clone().try_acquire_owned() else {
            tracing::warn!(%peer, "too many connections; one is turned away");
            continue;
        };
        telemetry::connections(CONNECTIONS - permits.available_permits());
        let (door, router, patience, counted) = (door.clone(), router.clone(), patience.clone(), permits.clone());
        connections.spawn(async move {
            serve(socket, peer, door, router, patience).await;
            drop(permit);
            telemetry::connections(CONNECTIONS - counted.available_permits());
        });
    }
}

async fn serve(socket: TcpStream, peer: SocketAddr, door: Door, router: Router, patience: Arc<Patience>) {
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%peer, %error, "the connection is gone");
        return;
    }
    let phases = Phases::new();
    let io = TokioIo::new(Watched::new(socket, phases.clone(), patience));
    let service = hyper::service::service_fn(move |mut request: hyper::Request<Incoming>| {
        phases.busy();
        request.extensions_mut().insert(Peer(peer));
        let (router, phases) = (router.clone(), phases.clone());
        let (parts, body) = request.into_parts();
        let (payload, rest) = Payload::new(body, &parts.headers, &phases);
        let request = hyper::Request::from_parts(parts, Body::new(payload));
        async move {
            let mut response = router.oneshot(request).await?;
            if !rest.take().await {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, std::convert::Infallible>(response.map(|body| Answer { body, phases }))
        }
    });
    let mut builder = hyper::server::conn::http1::Builder::new();
    builder.max_headers(HEADERS).half_close(false);
    let connection = builder.serve_connection(io, service);
    let mut connection = std::pin::pin!(connection);
    let outcome = tokio::select! {
        outcome = connection.as_mut() => Some(outcome),
        () = door.drained() => None,
    };
    let outcome = match outcome {
        Some(outcome) => outcome,
        None => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = outcome {
        tracing::debug!(%peer, %error, "a connection ended early");
    }
}

/// The body of an answer; when it is out, the connection waits for the next request.
struct Answer {
    body: Body,
    phases: Phases,
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.phases.idle();
    }
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
