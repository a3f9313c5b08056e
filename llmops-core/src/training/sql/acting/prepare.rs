//! Bringing the data together: the examples become one file with a digest, so that every attempt reads the same bytes.

use std::path::Path;

use futures::StreamExt;
use sea_orm::ActiveValue::Set;
use tokio_util::io::ReaderStream;

use super::super::super::rows::job;
use super::super::super::status::Stage;
use super::super::super::{JobFailureClass, JobId, TrainingSpec};
use super::super::SqlTraining;
use super::super::jobs::stored;
use super::{Hand, NOW};
use crate::base::{ByteStream, Error, ErrorKind, Limits, Result, crash_point};
use crate::blob::Incoming;
use crate::datasets::{DatasetId, WrittenExamples};
use crate::store::Next;

impl SqlTraining {
    /// Writes the examples to a blob, once.
    pub(super) async fn prepare(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        if row.stopping.is_some() {
            return self.stopped_before_start(hand).await;
        }
        if row.data_digest.is_some() {
            let change = job::ActiveModel { stage: Set(Stage::Starting.name().to_owned()), ..Default::default() };
            self.write_change(hand, "training.prepare_job", change).await?;
            return Ok(NOW);
        }
        let source = match self.datasets.source(hand.ctx, DatasetId(row.dataset_id)).await {
            Ok(source) => source,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return self.refuse(hand, JobFailureClass::Data, "its dataset is gone", error.message()).await;
            }
            Err(error) => return Err(error),
        };
        let spec: TrainingSpec = stored(row.spec.clone())?;
        if source.dataset.digest.as_ref() != Some(&spec.dataset_digest) {
            let evidence = "the files of the dataset are not those it was accepted with";
            return self.refuse(hand, JobFailureClass::Data, "its dataset changed", evidence).await;
        }
        tokio::fs::create_dir_all(&self.scratch).await.map_err(disk)?;
        let path = self.scratch.join(format!("examples-{}.jsonl", row.id));
        let written = match source.write_examples(&path).await {
            Err(error) if error.stable_code() == "beyond_text" => {
                discard(&path).await;
                return self
                    .refuse(hand, JobFailureClass::Data, "its dataset holds more than text", error.message())
                    .await;
            }
            written => written?,
        };
        if written.examples == 0 {
            discard(&path).await;
            let evidence = format!("{} rows, in all of which a part is empty", written.skipped);
            return self.refuse(hand, JobFailureClass::Data, "its dataset holds no example", &evidence).await;
        }
        let kept = self.keep_examples(hand, written).await;
        discard(&path).await;
        kept?;
        Ok(NOW)
    }

    /// The file becomes a blob that the job holds.
    async fn keep_examples(&self, hand: Hand<'_>, written: WrittenExamples) -> Result<()> {
        let file = tokio::fs::File::open(&written.path).await.map_err(disk)?;
        let body: ByteStream = ReaderStream::new(file).map(|chunk| chunk.map_err(disk)).boxed();
        crash_point("training.examples.before", &hand.row.name);
        let incoming = self.blobs.take_in(&self.store, hand.ctx, body, Limits::FILE_BYTES).await?;
        crash_point("training.examples.after", &hand.row.name);
        let held = self.hold_examples(hand, &incoming, written.form.name()).await;
        self.blobs.let_go(&self.store, hand.ctx, incoming).await?;
        held
    }

    async fn hold_examples(&self, hand: Hand<'_>, incoming: &Incoming, format: &'static str) -> Result<()> {
        let stored = incoming.stored.clone();
        self.write(hand, "training.prepare_job", move |room, ctx, row| {
            Box::pin(async move {
                room.blobs.hold(&room.store, &ctx, &examples_owner(JobId(row.id)), &stored).await?;
                let change = job::ActiveModel {
                    data_digest: Set(Some(stored.digest)),
                    data_format: Set(Some(format.to_owned())),
                    stage: Set(Stage::Starting.name().to_owned()),
                    ..Default::default()
                };
                room.change(&ctx, &row, change).await
            })
        })
        .await
    }
}

/// Who holds the examples.
pub(super) fn examples_owner(job: JobId) -> String {
    format!("job/{job}/data.jsonl")
}

/// A file that cannot be removed is written over by the next attempt.
async fn discard(path: &Path) {
    if let Err(error) = tokio::fs::remove_file(path).await {
        tracing::warn!(%error, "a file of examples stays in the scratch folder");
    }
}

fn disk(cause: std::io::Error) -> Error {
    let full = cause.kind() == std::io::ErrorKind::StorageFull;
    let kind = if full { ErrorKind::StorageFull } else { ErrorKind::Unavailable };
    Error::new(kind, "the examples cannot be kept on this machine's disk").hint("free some space").caused_by(cause)
}
