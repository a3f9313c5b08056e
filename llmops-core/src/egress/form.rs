//! Multipart forms, streamed: files go out as they are read.

use bytes::Bytes;
use futures::stream::BoxStream;
use futures::{StreamExt, TryStreamExt};

use crate::base::Error;
use crate::op::Parts;

/// The form's content type and its bytes.
pub fn encode(mut parts: Parts) -> (String, BoxStream<'static, Result<Bytes, Error>>) {
    let boundary = format!("llmops-{}", uuid::Uuid::now_v7().simple());
    let content_type = format!("multipart/form-data; boundary={boundary}");
    let stream = async_stream::try_stream! {
        while let Some(part) = parts.try_next().await? {
            let name = part.name.replace('\\', "\\\\").replace('"', "%22").replace(['\r', '\n'], " ");
            yield Bytes::from(format!(
                "--{boundary}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
                 content-type: application/octet-stream\r\n\r\n"
            ));
            let mut body = part.body;
            while let Some(chunk) = body.try_next().await? {
                yield chunk;
            }
            yield Bytes::from_static(b"\r\n");
        }
        yield Bytes::from(format!("--{boundary}--\r\n"));
    };
    (content_type, stream.boxed())
}
