//! Rows of a dataset as values, for programs in Rust.

use bytes::BytesMut;
use futures::{StreamExt, TryStreamExt};
use serde_json::{Map, Value};

use super::LlmOps;
use crate::base::{ByteStream, Ctx, Error, Events, Result};
use crate::datasets::{ReadDatasetRows, RowFormat};

impl LlmOps {
    /// The rows of a dataset, one after the other, as they are taken: neither here nor on a server are they held. A failure is the
    /// last item. The format asked for does not matter; for Arrow see [`read_dataset_rows`](crate::datasets::Datasets::read_dataset_rows).
    ///
    /// # Errors
    /// Those of the operation, and `unavailable` for a stream that broke off.
    pub async fn rows(&self, ctx: &Ctx, req: ReadDatasetRows) -> Result<Events<Map<String, Value>>> {
        let request = ReadDatasetRows { format: Some(RowFormat::Jsonl), ..req };
        let body = self.datasets().read_dataset_rows(ctx, request).await?.body;
        let lines = Lines { body, rest: BytesMut::new(), seen: 0 };
        Ok(futures::stream::try_unfold(lines, Lines::next).boxed())
    }
}

/// The lines of a body.
struct Lines {
    body: ByteStream,
    rest: BytesMut,
    /// How much of the rest holds no end of a line.
    seen: usize,
}

impl Lines {
    async fn next(mut self) -> Result<Option<(Map<String, Value>, Self)>> {
        loop {
            if let Some(at) = self.rest[self.seen..].iter().position(|byte| *byte == b'\n') {
                let line = self.rest.split_to(self.seen + at + 1);
                self.seen = 0;
                let row = serde_json::from_slice(&line)
                    .map_err(|cause| Error::unexpected("a row is no JSON object").caused_by(cause))?;
                return Ok(Some((row, self)));
            }
            self.seen = self.rest.len();
            match self.body.try_next().await? {
                Some(bytes) => self.rest.extend_from_slice(&bytes),
                None if self.rest.is_empty() => return Ok(None),
                None => return Err(Error::unavailable("the rows broke off in the middle of one")),
            }
        }
    }
}
