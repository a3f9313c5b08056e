//! The body of a request, and what becomes of what nobody read of it.
//!
//! An answer may come before the body it refuses: a key that is not valid, an address that is none. What is left of the body
//! stands between that answer and the next request. A little is taken; with more, the client is told that the connection ends,
//! so that it does not find out by a request that nobody answers.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use bytes::Bytes;
use futures::StreamExt;
use http::{HeaderMap, header};
use hyper::body::{Frame, Incoming, SizeHint};
use tokio::sync::oneshot::{self, error::TryRecvError};

use crate::connection::Phases;

/// How much is taken that nobody reads, and how long it may be on its way.
const LITTLE: u64 = 64 << 10;
const SOON: Duration = Duration::from_millis(500);

/// The body of a request.
pub(crate) struct Payload {
    body: Option<Incoming>,
    back: Option<oneshot::Sender<Incoming>>,
    phases: Phases,
}

/// What nobody read of a body by the time its answer is there.
pub(crate) struct Rest {
    from: oneshot::Receiver<Incoming>,
    /// Whether the client sends its body only when somebody begins to read it.
    waits: bool,
    phases: Phases,
}

impl Payload {
    pub(crate) fn new(body: Incoming, headers: &HeaderMap, phases: &Phases) -> (Self, Rest) {
        let (back, from) = oneshot::channel();
        let rest = Rest { from, waits: headers.contains_key(header::EXPECT), phases: phases.clone() };
        (Self { body: Some(body), back: Some(back), phases: phases.clone() }, rest)
    }
}

impl Rest {
    /// Takes it, if it is little and there soon, and says whether. Else no other request can come on the connection.
    pub(crate) async fn take(mut self) -> bool {
        let taken = match self.from.try_recv() {
            Ok(body) if !self.waits => tokio::time::timeout(SOON, takes(body)).await.unwrap_or(false),
            // It was read to its end, or somebody is still at it.
            left => matches!(left, Err(TryRecvError::Closed)),
        };
        if !taken {
            self.phases.unread();
        }
        taken
    }
}

async fn takes(body: Incoming) -> bool {
    let mut left = LITTLE;
    if body.size_hint().lower() > left {
        return false;
    }
    let mut body = Body::new(body).into_data_stream();
    while let Some(next) = body.next().await {
        let Some(less) = next.ok().and_then(|bytes| left.checked_sub(bytes.len() as u64)) else { return false };
        left = less;
    }
    true
}

impl Drop for Payload {
    fn drop(&mut self) {
        let Some(body) = self.body.take().filter(|body| !body.is_end_stream()) else { return };
        // Once the answer is on its way nobody takes it back.
        if self.back.take().is_none_or(|back| back.send(body).is_err()) {
            self.phases.unread();
        }
    }
}

impl HttpBody for Payload {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, hyper::Error>>> {
        self.body.as_mut().map_or(Poll::Ready(None), |body| Pin::new(body).poll_frame(cx))
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}
