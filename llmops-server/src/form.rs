//! Uploads: multipart forms and raw bodies, one part at a time, in bounded memory.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};

use axum::body::Body;
use bytes::Bytes;
use futures::{Stream, StreamExt, TryStreamExt};
use http::{HeaderMap, header};
use llmops_core::base::{ByteStream, Error, ErrorKind, Result};
use llmops_core::op::{Part, Parts};

use crate::{Patience, body};

const FILES: usize = 10_000;
/// What may lie between two files: a boundary and the headers of a part.
const BETWEEN_BYTES: u64 = 1 << 20;

/// The files of an upload: those of a form, or the whole body as one named by `path`.
pub(crate) fn parts(
    headers: &HeaderMap,
    payload: Body,
    patience: &Patience,
    path: impl FnOnce() -> Option<String>,
) -> Result<Parts> {
    body::plain_encoding(headers)?;
    let bytes = body::stream(payload, patience);
    let given = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if given.to_ascii_lowercase().starts_with("multipart/") {
        let boundary = multer::parse_boundary(given).ok().filter(|b| (1..=70).contains(&b.len()));
        let boundary = boundary.ok_or_else(|| broken("its boundary is missing or longer than 70 characters"))?;
        return Ok(form(bytes, boundary));
    }
    let name = path().filter(|name| !name.is_empty()).ok_or_else(|| {
        Error::invalid("path", "is required")
            .code("missing_field")
            .hint("send a multipart form, or the file itself as the body with its name as the query field `path`")
    })?;
    Ok(futures::stream::once(async move { Ok(Part { name, body: bytes }) }).boxed())
}

fn form(bytes: ByteStream, boundary: String) -> Parts {
    let between = Arc::new(AtomicU64::new(0));
    let mut form = multer::Multipart::new(Metered { bytes, between: between.clone(), rest: false }, boundary);
    let stream = async_stream::try_stream! {
        let mut files = 0;
        loop {
            between.store(BETWEEN_BYTES, Ordering::Relaxed);
            let Some(field) = form.next_field().await.map_err(form_error)? else { break };
            between.store(u64::MAX, Ordering::Relaxed);
            files += 1;
            if files > FILES {
                Err(Error::new(ErrorKind::TooLarge, "the form has more than 10,000 files").hint("send them in several calls"))?;
            }
            let Some(name) = field.file_name().map(ToOwned::to_owned) else {
                let field = field.name().unwrap_or_default().to_owned();
                Err(Error::invalid("file", format!("has the field `{field}`, which is no file: it has no file name"))
                    .code("invalid_form")
                    .hint("send each file with a file name, and everything else in the query of the address"))?;
                break;
            };
            yield Part { name, body: field.map_err(form_error).boxed() };
        }
    };
    stream.boxed()
}

/// Gives the form's parser one piece at a time: it takes all it can get before it looks for a boundary, which would
/// keep a fast sender's whole file in memory. Between two files it takes only so much.
struct Metered {
    bytes: ByteStream,
    between: Arc<AtomicU64>,
    rest: bool,
}

impl Stream for Metered {
    type Item = Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.rest = !self.rest;
        if !self.rest {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = self.bytes.poll_next_unpin(cx);
        match &polled {
            Poll::Pending => self.rest = false,
            Poll::Ready(Some(Ok(chunk))) => {
                let left = self.between.load(Ordering::Relaxed);
                if left != u64::MAX {
                    let Some(left) = left.checked_sub(chunk.len() as u64) else {
                        return Poll::Ready(Some(Err(broken("there is more than 1 MiB between two files"))));
                    };
                    self.between.store(left, Ordering::Relaxed);
                }
            }
            Poll::Ready(_) => {}
        }
        polled
    }
}

/// Our own error comes back out of the parser; its own become ours.
fn form_error(error: multer::Error) -> Error {
    match error {
        multer::Error::StreamReadFailed(cause) => match cause.downcast::<Error>() {
            Ok(own) => *own,
            Err(cause) => broken("it broke off").caused_by(cause),
        },
        other => broken(&other.to_string()),
    }
}

fn broken(why: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the form cannot be read: {why}"))
        .code("invalid_form")
        .hint("send multipart/form-data with one part per file, each with a filename")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoilt_forms() {
        let form: &[u8] = b"--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a/b.json\"\r\nContent-Type: application/json\r\n\r\n{\"a\":1}\r\n--X\r\nContent-Disposition: form-data; name=\"file\"; filename=\"c.txt\"\r\n\r\nsome text\r\n--X--\r\n";
        let field: &[u8] = b"--X\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nnone\r\n--X--\r\n";
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "multipart/form-data; boundary=X".parse().unwrap());
        crate::fuzz::spoil("form", &[form, field], |bytes| {
            let pieces: Vec<Result<Bytes>> = bytes.chunks(7).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
            let body = Body::from_stream(futures::stream::iter(pieces));
            let read = async {
                let mut parts = parts(&headers, body, &Patience::default(), || None)?;
                let mut files = Vec::new();
                while let Some(part) = parts.try_next().await? {
                    let bytes: Vec<Bytes> = part.body.try_collect().await?;
                    files.push((part.name, bytes.concat()));
                }
                Ok::<_, Error>(files)
            };
            match tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(read) {
                Ok(files) => format!("{files:?}"),
                Err(error) => {
                    assert!(matches!(error.kind(), ErrorKind::Malformed | ErrorKind::Invalid), "{error:?}");
                    error.message().to_owned()
                }
            }
        });
    }
}
