//! Bringing the samples together: they become one file with a digest, so that whoever goes on asks the same.

use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use futures::StreamExt;
use sea_orm::ActiveValue::Set;
use serde_json::Value;
use tokio_util::io::ReaderStream;

use super::super::super::plan::{MOST, Spec};
use super::super::super::rows::run;
use super::super::super::status::Stage;
use super::super::super::{EvaluationStatus, examples};
use super::super::runs::stored;
use super::super::{SqlEvaluation, off_thread};
use super::{Hand, SAMPLE_BYTES};
use crate::base::{ByteStream, Error, ErrorKind, Result, crash_point};
use crate::datasets::DatasetId;
use crate::store::Next;

impl SqlEvaluation {
    /// Writes the samples to a blob, once.
    pub(super) async fn prepare(&self, hand: Hand<'_>) -> Result<Next> {
        let row = hand.row;
        if row.stopping {
            return self.give_up(hand, EvaluationStatus::Cancelled, row.status_reason.clone()).await;
        }
        let source = match self.datasets.source(hand.ctx, DatasetId(row.dataset_id)).await {
            Ok(source) => source,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return self.give_up(hand, EvaluationStatus::Failed, "its dataset is gone".into()).await;
            }
            Err(error) => return Err(error),
        };
        if source.dataset.digest.as_ref() != Some(&row.dataset_digest) {
            return self.give_up(hand, EvaluationStatus::Failed, "its dataset changed".into()).await;
        }
        tokio::fs::create_dir_all(&self.scratch).await.map_err(disk)?;
        let written = self.scratch.join(format!("dataset-{}.jsonl", row.id));
        let samples = self.scratch.join(format!("samples-{}.jsonl", row.id));
        match source.write_examples(&written).await {
            Err(error) if error.stable_code() == "beyond_text" => {
                discard(&written).await;
                return self.give_up(hand, EvaluationStatus::Failed, error.message().to_owned()).await;
            }
            done => done?,
        };
        let spec: Spec = stored(row.spec.clone())?;
        let most = spec.limit.unwrap_or(MOST);
        let (from, to) = (written.clone(), samples.clone());
        let numbered = off_thread(move || number(&from, &to, most)).await;
        discard(&written).await;
        let kept = match numbered {
            Ok(0) => {
                let reason = "its dataset holds no question with an answer".to_owned();
                self.give_up(hand, EvaluationStatus::Failed, reason).await
            }
            Ok(total) => self.keep(hand, &samples, total).await,
            Err(error) if error.kind() == ErrorKind::TooLarge => {
                self.give_up(hand, EvaluationStatus::Failed, error.message().to_owned()).await
            }
            Err(error) => Err(error),
        };
        discard(&samples).await;
        kept
    }

    /// The file becomes a blob that the evaluation holds.
    async fn keep(&self, hand: Hand<'_>, samples: &Path, total: u64) -> Result<Next> {
        let file = tokio::fs::File::open(samples).await.map_err(disk)?;
        let body: ByteStream = ReaderStream::new(file).map(|chunk| chunk.map_err(disk)).boxed();
        crash_point("evaluation.samples.before", &hand.row.name);
        let incoming = self.blobs.take_in(&self.store, hand.ctx, body, SAMPLE_BYTES).await?;
        crash_point("evaluation.samples.after", &hand.row.name);
        let stored = incoming.stored.clone();
        let stage = if hand.row.endpoint_id.is_some() { Stage::Asking } else { Stage::Starting };
        let held = self
            .write(hand, "evaluation.prepare_run", move |room, ctx, row| {
                Box::pin(async move {
                    room.blobs.hold(&room.store, &ctx, &samples_owner(&row), &stored).await?;
                    let change = run::ActiveModel {
                        data_digest: Set(Some(stored.digest)),
                        total: Set(i64::try_from(total).unwrap_or(i64::MAX)),
                        stage: Set(stage.name().to_owned()),
                        ..Default::default()
                    };
                    room.change(&ctx, &row, change).await
                })
            })
            .await;
        self.blobs.let_go(&self.store, hand.ctx, incoming).await?;
        held?;
        Ok(super::NOW)
    }
}

/// Who holds the samples.
pub(super) fn samples_owner(row: &run::Model) -> String {
    format!("evaluation/{}/data.jsonl", row.id)
}

/// Writes at most `most` of a dataset's lines as numbered samples; says how many.
fn number(from: &Path, to: &PathBuf, most: u64) -> Result<u64> {
    let lines = BufReader::new(std::fs::File::open(from).map_err(disk)?).lines();
    let mut out = BufWriter::new(std::fs::File::create(to).map_err(disk)?);
    let (mut count, mut bytes) = (0, 0);
    for line in lines {
        if count == most {
            break;
        }
        let written: Value = serde_json::from_str(&line.map_err(disk)?)
            .map_err(|cause| Error::unexpected("a dataset wrote what is no JSON").caused_by(cause))?;
        let Some(line) = examples::line(count, &written) else { continue };
        bytes += line.len() as u64 + 1;
        if bytes > SAMPLE_BYTES {
            let words = format!("its samples are more than {} MiB; ask for fewer with `limit`", SAMPLE_BYTES >> 20);
            return Err(Error::new(ErrorKind::TooLarge, words));
        }
        writeln!(out, "{line}").map_err(disk)?;
        count += 1;
    }
    out.flush().map_err(disk)?;
    Ok(count)
}

/// A file that cannot be removed is written over by the next attempt.
async fn discard(path: &Path) {
    if let Err(error) = tokio::fs::remove_file(path).await {
        tracing::warn!(%error, "a file of samples stays in the scratch folder");
    }
}

fn disk(cause: std::io::Error) -> Error {
    let full = cause.kind() == std::io::ErrorKind::StorageFull;
    let kind = if full { ErrorKind::StorageFull } else { ErrorKind::Unavailable };
    Error::new(kind, "the samples cannot be kept on this machine's disk").hint("free some space").caused_by(cause)
}
