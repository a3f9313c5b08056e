//! Samples: listed, and written to files.

use std::collections::BTreeMap;

use async_stream::try_stream;
use bytes::Bytes;
use futures::StreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::super::rows::sample;
use super::super::{
    EvaluationFormat, EvaluationRun, EvaluationRunId, EvaluationSample, ExportEvaluation, ListEvaluationSamples,
};
use super::SqlEvaluation;
use super::runs::stored;
use crate::base::{ByteStream, Ctx, Error, Page, PageRequest, Result};
use crate::op::Download;
use crate::store::keyset;

/// Samples read at once.
pub(super) const BATCH: u64 = 1000;

impl SqlEvaluation {
    pub(super) async fn samples(&self, ctx: &Ctx, req: ListEvaluationSamples) -> Result<Page<EvaluationSample>> {
        self.load(ctx, req.run_id).await?;
        let request = PageRequest::new(req.limit, req.cursor)?;
        let select = sample::Entity::find().filter(sample::Column::RunId.eq(req.run_id.0));
        let order = keyset::Keyset {
            list: format!("samples|{}", req.run_id),
            column: sample::Column::Number,
            id: sample::Column::Number,
            ascending: true,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, select, order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_sample).collect::<Result<_>>()?, page })
    }

    /// The samples after a number, in order.
    pub(super) async fn batch(&self, ctx: &Ctx, run: EvaluationRunId, after: i64) -> Result<Vec<sample::Model>> {
        let select = sample::Entity::find()
            .filter(sample::Column::RunId.eq(run.0))
            .filter(sample::Column::Number.gt(after))
            .order_by_asc(sample::Column::Number)
            .limit(BATCH);
        Ok(select.all(&self.store.conn(ctx)).await?)
    }

    pub(super) async fn export(&self, ctx: &Ctx, req: ExportEvaluation) -> Result<Download> {
        let run = self.get(ctx, req.run_id).await?;
        let (body, content_type, ending) = match req.format.unwrap_or_default() {
            EvaluationFormat::Json => (self.json(ctx, run), "application/json", "json"),
            EvaluationFormat::Csv => (self.csv(ctx, run), "text/csv; charset=utf-8", "csv"),
        };
        Ok(Download {
            body,
            length: None,
            range: None,
            content_type: content_type.into(),
            file_name: format!("evaluation-{}.{ending}", req.run_id),
            digest: None,
        })
    }

    fn json(&self, ctx: &Ctx, run: EvaluationRun) -> ByteStream {
        let (room, ctx) = (self.clone(), ctx.clone());
        let body = try_stream! {
            let head = text(&run)?;
            yield Bytes::from(format!("{{\"run\":{head},\"samples\":["));
            let mut after = -1;
            loop {
                let rows = room.batch(&ctx, run.id, after).await?;
                let Some(last) = rows.last() else { break };
                let first = after < 0;
                after = last.number;
                let samples: Vec<String> =
                    rows.into_iter().map(|row| text(&to_sample(row)?)).collect::<Result<_>>()?;
                yield Bytes::from(format!("{}{}", if first { "\n" } else { ",\n" }, samples.join(",\n")));
            }
            yield Bytes::from_static(b"\n]}\n");
        };
        body.boxed()
    }

    fn csv(&self, ctx: &Ctx, run: EvaluationRun) -> ByteStream {
        let (room, ctx) = (self.clone(), ctx.clone());
        let labels: Vec<String> = run.requested_metrics.iter().map(|metric| metric.label().to_owned()).collect();
        let body = try_stream! {
            let head = COLUMNS.into_iter().map(str::to_owned).chain(labels.iter().cloned());
            yield lines(vec![head.map(inert).collect()])?;
            let mut after = -1;
            loop {
                let rows = room.batch(&ctx, run.id, after).await?;
                let Some(last) = rows.last() else { break };
                after = last.number;
                let cells: Vec<Vec<String>> =
                    rows.into_iter().map(|row| Ok(cells(to_sample(row)?, &labels))).collect::<Result<_>>()?;
                yield lines(cells)?;
            }
        };
        body.boxed()
    }
}

const COLUMNS: [&str; 9] = [
    "number",
    "prompt",
    "reference",
    "prediction",
    "finishReason",
    "promptTokens",
    "completionTokens",
    "durationMs",
    "error",
];

fn cells(sample: EvaluationSample, labels: &[String]) -> Vec<String> {
    let number = |number: Option<f64>| number.map(|number| number.to_string()).unwrap_or_default();
    let fixed = [
        sample.number.to_string(),
        inert(sample.prompt),
        inert(sample.reference.unwrap_or_default()),
        inert(sample.prediction.unwrap_or_default()),
        inert(sample.finish_reason.unwrap_or_default()),
        sample.prompt_tokens.to_string(),
        sample.completion_tokens.to_string(),
        number(sample.duration_ms),
        inert(sample.error.unwrap_or_default()),
    ];
    fixed.into_iter().chain(labels.iter().map(|label| number(sample.scores.get(label).copied()))).collect()
}

/// A text that no spreadsheet takes for a formula.
fn inert(cell: String) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell }
}

fn lines(rows: Vec<Vec<String>>) -> Result<Bytes> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|e| Error::unexpected("a sample is no CSV").caused_by(e))?;
    }
    let out = writer.into_inner().map_err(|e| Error::unexpected("samples are no CSV").caused_by(e.into_error()))?;
    Ok(out.into())
}

fn text(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|e| Error::unexpected("an evaluation is no JSON").caused_by(e))
}

fn to_sample(row: sample::Model) -> Result<EvaluationSample> {
    let scores: BTreeMap<String, f64> = stored(row.scores)?;
    Ok(EvaluationSample {
        number: row.number.unsigned_abs(),
        prompt: row.prompt,
        reference: row.reference,
        prediction: row.prediction,
        finish_reason: row.finish_reason,
        prompt_tokens: row.prompt_tokens.unsigned_abs(),
        completion_tokens: row.completion_tokens.unsigned_abs(),
        duration_ms: row.ms,
        error: row.error,
        scores,
    })
}
