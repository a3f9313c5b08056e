//! Bodies on their way in: read only as fast as they are used, and not without end.

use std::time::{Duration, Instant};

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use futures::{StreamExt, TryStreamExt};
use http::{HeaderMap, header};
use llmops_core::base::{ByteStream, Error, ErrorKind, Result};

use crate::{Door, Patience};

/// The bytes of a body. A client that stalls, or drips slower than the stated rate, is cut off; time in which nobody
/// asks for more does not count against it.
pub(crate) fn stream(body: Body, patience: &Patience) -> ByteStream {
    let patience = patience.clone();
    let mut data = body.into_data_stream();
    let stream = async_stream::try_stream! {
        let (mut waited, mut bytes) = (Duration::ZERO, 0u64);
        loop {
            let asked = Instant::now();
            let next = tokio::time::timeout(patience.body_idle, data.next()).await;
            waited += asked.elapsed();
            match next {
                Err(_) => Err(too_slow())?,
                Ok(None) => break,
                Ok(Some(Err(cause))) => Err(broken(cause))?,
                Ok(Some(Ok(chunk))) => {
                    bytes += chunk.len() as u64;
                    let owed = waited.saturating_sub(patience.body_grace).as_secs_f64() * patience.body_rate as f64;
                    if (bytes as f64) < owed {
                        Err(too_slow())?;
                    }
                    yield chunk;
                }
            }
        }
    };
    stream.boxed()
}

/// A whole body of at most `limit` bytes.
///
/// # Errors
/// `body_too_large`, `body_too_slow`, `body_broken`, or `unsupported_media_type` when it is compressed.
pub async fn read_body(door: &Door, headers: &HeaderMap, body: Body, limit: usize) -> Result<Bytes> {
    plain_encoding(headers)?;
    let declared = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|length| length > limit as u64) {
        return Err(too_large(limit));
    }
    let mut bytes = BytesMut::new();
    let mut data = stream(body, door.patience());
    while let Some(chunk) = data.try_next().await? {
        if bytes.len() + chunk.len() > limit {
            return Err(too_large(limit));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// Bodies are read as they are: a compressed one could be a thousand times its size.
pub(crate) fn plain_encoding(headers: &HeaderMap) -> Result<()> {
    match headers.get(header::CONTENT_ENCODING) {
        Some(coding) if coding != "identity" => {
            Err(Error::new(ErrorKind::Malformed, "a body with a `Content-Encoding` is not taken")
                .code("unsupported_media_type")
                .field("Content-Encoding")
                .hint("send it uncompressed"))
        }
        _ => Ok(()),
    }
}

fn too_large(limit: usize) -> Error {
    Error::new(ErrorKind::TooLarge, format!("the body is larger than {} KiB", limit >> 10))
        .code("body_too_large")
        .hint("send less at once; files go to the upload operations")
}

fn too_slow() -> Error {
    Error::new(ErrorKind::Timeout, "the body came too slowly")
        .code("body_too_slow")
        .hint("send at least 1 KiB a second, with no pause over 30 seconds")
}

fn broken(cause: axum::Error) -> Error {
    Error::new(ErrorKind::Malformed, "the body broke off")
        .code("body_broken")
        .hint("send it again, whole")
        .caused_by(cause)
}
