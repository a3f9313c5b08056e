//! The audit log: paged, exported, verified.

use async_stream::try_stream;
use bytes::Bytes;
use futures::StreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select};

use super::super::audit::{ChainEnd, ExportEnd, ExportLine};
use super::super::{AuditEntry, AuditFormat, AuditOutcome, AuditVerification, ExportAuditLogs, ListAuditLogs};
use super::SqlGovernance;
use crate::base::{Ctx, Error, Page, PageRequest, Result, Timestamp};
use crate::op::{Download, encode};
use crate::store::audit::{Chain, Hashed, audit_head, audit_log};
use crate::store::{Store, keyset};

/// Entries read at once while walking the whole log.
const BATCH: u64 = 1000;

impl SqlGovernance {
    pub(super) async fn audit_page(&self, ctx: &Ctx, req: ListAuditLogs) -> Result<Page<AuditEntry>> {
        let request = PageRequest::new(req.limit, req.cursor.clone())?;
        let filters = ListAuditLogs { cursor: None, limit: None, ..req.clone() };
        // Entries of some time are found by it; the order is the same but where servers' clocks differ.
        let timed = req.from.is_some() || req.to.is_some();
        let order = keyset::Keyset {
            list: format!("audit|{}", encode(&filters)?),
            column: if timed { audit_log::Column::At } else { audit_log::Column::Seq },
            id: audit_log::Column::Seq,
            ascending: false,
            total: false,
        };
        let (rows, page) = keyset::page(&self.store, ctx, filtered(ctx, &req), order, &request).await?;
        Ok(Page { items: rows.into_iter().map(to_entry).collect::<Result<_>>()?, page })
    }

    pub(super) async fn audit_verify(&self, ctx: &Ctx) -> Result<AuditVerification> {
        let end = end(&self.store, ctx).await?;
        let mut chain = Chain::default();
        loop {
            let rows = batch(&self.store, ctx, chain.entries().cast_signed(), end.seq).await?;
            if rows.is_empty() {
                let outcome = chain.end(end.seq, &end.hash);
                return Ok(AuditVerification::of(&chain, outcome));
            }
            for row in rows {
                let outcome = chain.next(&Hashed::of(&row, &row.id.to_string()), &row.hash);
                if outcome.is_err() {
                    return Ok(AuditVerification::of(&chain, outcome));
                }
            }
        }
    }

    pub(super) async fn audit_export(&self, ctx: &Ctx, req: ExportAuditLogs) -> Result<Download> {
        let format = req.format.unwrap_or_default();
        let end = end(&self.store, ctx).await?;
        let (store, ctx) = (self.store.clone(), ctx.clone());
        let body = try_stream! {
            yield head(format)?;
            let mut seq = 0;
            loop {
                let rows = batch(&store, &ctx, seq, end.seq).await?;
                let Some(last) = rows.last() else { break };
                seq = last.seq;
                yield lines(format, rows)?;
            }
            yield tail(format, &end)?;
        };
        let (content_type, file_name) = match format {
            AuditFormat::Jsonl => ("application/jsonl", "audit.jsonl"),
            AuditFormat::Csv => ("text/csv; charset=utf-8", "audit.csv"),
        };
        Ok(Download {
            body: body.boxed(),
            length: None,
            range: None,
            content_type: content_type.into(),
            file_name: file_name.into(),
            digest: None,
        })
    }
}

fn filtered(ctx: &Ctx, req: &ListAuditLogs) -> Select<audit_log::Entity> {
    use audit_log::Column::{Action, Actor, At, Project, ResourceId, ResourceType};
    let mut select = audit_log::Entity::find().filter(Project.eq(ctx.project()));
    let texts = [
        (Actor, &req.actor),
        (Action, &req.action),
        (ResourceType, &req.resource_type),
        (ResourceId, &req.resource_id),
    ];
    for (column, value) in texts {
        if let Some(value) = value {
            select = select.filter(column.eq(value.as_str()));
        }
    }
    if let Some(result) = req.result {
        select = select.filter(audit_log::Column::Result.eq(outcome_name(result)));
    }
    if let Some(from) = req.from {
        select = select.filter(At.gte(from.micros()));
    }
    if let Some(to) = req.to {
        select = select.filter(At.lt(to.micros()));
    }
    select
}

/// Where the chain ends now. Read first, so that what is written meanwhile is neither missed nor half in.
async fn end(store: &Store, ctx: &Ctx) -> Result<ChainEnd> {
    let head = audit_head::Entity::find_by_id(1).one(&store.conn(ctx)).await?;
    let head = head.ok_or_else(|| Error::unexpected("the audit log has no head"))?;
    Ok(ChainEnd { seq: head.seq, hash: head.hash })
}

async fn batch(store: &Store, ctx: &Ctx, after: i64, until: i64) -> Result<Vec<audit_log::Model>> {
    let select = audit_log::Entity::find()
        .filter(audit_log::Column::Seq.gt(after))
        .filter(audit_log::Column::Seq.lte(until))
        .order_by_asc(audit_log::Column::Seq)
        .limit(BATCH);
    Ok(select.all(&store.conn(ctx)).await?)
}

fn head(format: AuditFormat) -> Result<Bytes> {
    match format {
        AuditFormat::Jsonl => Ok(Bytes::new()),
        AuditFormat::Csv => csv([&COLUMNS.map(str::to_owned)[..]]),
    }
}

const COLUMNS: [&str; 12] = [
    "seq",
    "timestamp",
    "actor",
    "action",
    "resourceType",
    "resourceId",
    "result",
    "reason",
    "project",
    "metadata",
    "id",
    "hash",
];

fn lines(format: AuditFormat, rows: Vec<audit_log::Model>) -> Result<Bytes> {
    if format == AuditFormat::Csv {
        let rows: Vec<[String; 12]> = rows.into_iter().map(cells).collect();
        return csv(rows.iter().map(|row| &row[..]));
    }
    let mut out = Vec::new();
    for row in rows {
        let line = ExportLine {
            seq: row.seq,
            id: row.id.to_string(),
            actor: row.actor,
            action: row.action,
            resource_type: row.resource_type,
            resource_id: row.resource_id,
            result: row.result,
            reason: row.reason,
            project: row.project,
            metadata: row.metadata,
            at: row.at,
            hash: row.hash,
        };
        json_line(&mut out, &line)?;
    }
    Ok(out.into())
}

fn tail(format: AuditFormat, end: &ChainEnd) -> Result<Bytes> {
    let mut out = Vec::new();
    if format == AuditFormat::Jsonl {
        json_line(&mut out, &ExportEnd { end: ChainEnd { seq: end.seq, hash: end.hash.clone() } })?;
    }
    Ok(out.into())
}

fn json_line(out: &mut Vec<u8>, line: &impl serde::Serialize) -> Result<()> {
    serde_json::to_writer(&mut *out, line).map_err(|e| Error::unexpected("an entry is no JSON").caused_by(e))?;
    out.push(b'\n');
    Ok(())
}

fn cells(row: audit_log::Model) -> [String; 12] {
    let time = serde_json::to_value(Timestamp::from_micros(row.at)).unwrap_or_default();
    let cells = [
        row.seq.to_string(),
        time.as_str().unwrap_or_default().to_owned(),
        row.actor,
        row.action,
        row.resource_type,
        row.resource_id,
        row.result,
        row.reason,
        row.project,
        row.metadata,
        row.id.to_string(),
        row.hash,
    ];
    cells.map(|cell| if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell })
}

fn csv<'a>(rows: impl IntoIterator<Item = &'a [String]>) -> Result<Bytes> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer.write_record(row).map_err(|e| Error::unexpected("a row is no CSV").caused_by(e))?;
    }
    let out = writer.into_inner().map_err(|e| Error::unexpected("rows are no CSV").caused_by(e.into_error()))?;
    Ok(out.into())
}

fn outcome_name(outcome: AuditOutcome) -> &'static str {
    match outcome {
        AuditOutcome::Allowed => "allowed",
        AuditOutcome::Denied => "denied",
        AuditOutcome::Failed => "failed",
    }
}

fn to_entry(row: audit_log::Model) -> Result<AuditEntry> {
    let all = [AuditOutcome::Allowed, AuditOutcome::Denied, AuditOutcome::Failed];
    let result = all.into_iter().find(|outcome| outcome_name(*outcome) == row.result);
    Ok(AuditEntry {
        seq: row.seq,
        id: row.id,
        actor_id: row.actor,
        action: row.action,
        resource_type: row.resource_type,
        resource_id: row.resource_id,
        result: result.ok_or_else(|| Error::unexpected(format!("audit entry {} has no known result", row.seq)))?,
        reason: row.reason,
        metadata: serde_json::from_str(&row.metadata).unwrap_or_default(),
        timestamp: Timestamp::from_micros(row.at),
        hash: row.hash,
    })
}
