//! One pass over a dataset that finds everything a report says. One thread reads, several look at what it read, and what
//! they found is counted in the order of the rows, so that the report is the same however many there are.

mod abreast;
mod checkpoint;
mod feed;
mod looking;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use tokio::runtime::Handle;

pub(super) use abreast::{Helpers, Helping};
pub(super) use checkpoint::{MOST as CHECKPOINT_BYTES, Rhythm};

use checkpoint::{Due, depends_on};
use feed::{Feed, Mark};
use looking::{Counts, Looking, Piece, Worker};

use super::advice::{self, About};
use super::pii::Search;
use super::progress::Progress;
use super::quality::{Known, Quality};
use super::schema::PROBLEMS;
use super::searching::Rules;
use super::statistics::Statistics;
use super::strangers::Strangers;
use super::walk::Walk;
use super::{
    DataFormat, Dataset, DatasetId, DatasetStatistics, DriftReport, PiiCount, PiiFinding, PiiReport, PiiType,
    StructureError, StructureReport, ValidationReport, conversation, drift, roles,
};
use crate::base::Result;

/// Findings that are kept.
const FINDINGS: usize = 1000;

/// The counts of a pass.
struct Pass {
    statistics: Statistics,
    quality: Quality,
    findings: Vec<PiiFinding>,
    counts: Counts,
    errors: Vec<StructureError>,
    strangers: Strangers,
    bad_rows: u64,
}

/// What a pass is told beside the rows.
pub(super) struct Told {
    pub rules: Rules,
    pub search: Search,
    /// The parent and what its report counted.
    pub parent: Option<(DatasetId, String, DatasetStatistics)>,
    /// What a pass that was broken off counted.
    pub kept: Option<Bytes>,
}

/// Who carries a pass out, and who looks at how far it is.
pub(super) struct Doing<'d> {
    pub handle: &'d Handle,
    pub helping: Helping,
    pub progress: Arc<Progress>,
    /// How often it is written down how far it is.
    pub rhythm: Rhythm,
}

/// Reads the whole dataset and reports.
pub(super) fn run(walk: &Walk, dataset: &Dataset, told: Told, doing: &Doing<'_>) -> Result<ValidationReport> {
    let names = walk.names();
    let resolved = roles::resolve(dataset.dataset_type, &dataset.columns, &dataset.schema);
    let counted: Vec<usize> = match &resolved {
        Ok(found) if !found.columns().is_empty() => {
            found.columns().iter().filter_map(|column| names.iter().position(|name| name == column)).collect()
        }
        _ => (0..names.len()).collect(),
    };
    let messages = resolved.as_ref().ok().and_then(|found| found.messages.as_ref());
    let messages = messages.and_then(|column| names.iter().position(|name| name == column));
    let tools = messages.and_then(|_| names.iter().position(|name| name == conversation::TOOLS));
    let (search, full, progress) = (told.search, AtomicBool::new(false), doing.progress.clone());
    let looking = Looking { walk, names, search, counted, messages, tools, progress, full };
    let of = depends_on(&looking, dataset, &told.rules);
    let mut pass = Pass::new(&looking, dataset);
    let mut before = None;
    if let Some(state) = told.kept {
        before = pass.take_up(&of, &state).map(|(mark, bytes)| (mark, bytes, state.len() as u64));
        if before.is_none() {
            tracing::warn!(dataset = %dataset.id, "what a validation wrote down is of something else; it begins anew");
            pass = Pass::new(&looking, dataset);
        }
    }
    if before.is_some() {
        let rows = pass.statistics.rows();
        tracing::info!(dataset = %dataset.id, rows, "a validation goes on where it was broken off");
    }
    let (mark, bytes, took) = before.unwrap_or((Mark::START, 0, 0));
    pass.read((mark, Due::after(doing.rhythm, bytes, took)), (&looking, &of), doing)?;
    let needed = roles::needed(dataset.dataset_type);
    Ok(pass.finish((walk, dataset), (&told.rules, told.parent), (resolved.err().unwrap_or_default(), needed)))
}

impl Pass {
    /// Nothing counted yet.
    fn new(looking: &Looking<'_>, dataset: &Dataset) -> Self {
        Self {
            statistics: Statistics::new(&looking.names, dataset.format == Some(DataFormat::Csv)),
            quality: Quality::new(looking.counted.clone(), dataset.rows),
            findings: Vec::new(),
            counts: Counts::new(),
            errors: Vec::new(),
            strangers: Strangers::default(),
            bad_rows: 0,
        }
    }

    /// Reads from the mark to the end, and offers now and then what was counted.
    fn read(
        &mut self,
        (mark, mut due): (Mark, Due),
        (looking, of): (&Looking<'_>, &str),
        doing: &Doing<'_>,
    ) -> Result<()> {
        let mut feed = Feed::from(looking.walk, doing.handle, mark);
        looking.progress.is_at(self.statistics.rows(), due.at)?;
        let worker = || {
            let mut worker = Worker::new(looking);
            move |batch| worker.look(batch)
        };
        abreast::in_order(
            (doing.helping.threads, doing.handle),
            || feed.next(),
            worker,
            |piece| {
                // Not to its end, if the pass is interrupted: nothing is counted of it then.
                looking.progress.is_at(self.statistics.rows() + piece.sights.rows(), piece.bytes)?;
                let (mark, bytes) = (piece.end, piece.bytes);
                self.take(piece);
                looking.full.store(self.findings.len() >= FINDINGS, Ordering::Relaxed);
                if due.is(bytes) && looking.progress.is_taken() {
                    let kept = self.checkpoint(of, mark, bytes);
                    due = Due::after(doing.rhythm, bytes, kept.state.len() as u64);
                    looking.progress.offer(kept);
                }
                Ok(())
            },
        )
    }

    /// Counts what was found out about the next batch.
    fn take(&mut self, piece: Piece) {
        let before = self.statistics.rows();
        self.statistics.take(&piece.sights);
        self.quality.take(&piece.marks);
        self.strangers.take(&piece.strangers);
        self.bad_rows += piece.bad_rows;
        self.errors.extend(piece.errors.into_iter().take(PROBLEMS.saturating_sub(self.errors.len())));
        for (found, count) in piece.counts {
            *self.counts.entry(found).or_default() += count;
        }
        let room = FINDINGS.saturating_sub(self.findings.len());
        let moved = |found: PiiFinding| PiiFinding { row: before + found.row, ..found };
        self.findings.extend(piece.findings.into_iter().take(room).map(moved));
    }

    fn finish(
        self,
        (walk, dataset): (&Walk, &Dataset),
        (rules, parent): (&Rules, Option<(DatasetId, String, DatasetStatistics)>),
        (missing, needed): (Vec<String>, usize),
    ) -> ValidationReport {
        let strangers = self.statistics.strangers();
        let table = dataset.format == Some(DataFormat::Csv);
        let type_changes = self.strangers.changes(walk, &self.statistics.seen(), table);
        let statistics: DatasetStatistics = self.statistics.finish(dataset.digest.clone().unwrap_or_default());
        let drift = parent.map(|(parent_version_id, version, before)| {
            let (columns, compared) = drift::drift(&before, &statistics);
            DriftReport { parent_version_id, version, compared, columns }
        });
        let quality = self.quality.finish(Known {
            bad_rows: self.bad_rows,
            missing: missing.len(),
            needed,
            strangers,
            statistics: &statistics,
            drift,
            threshold: rules.quality(),
        });
        let pii = found(rules, self.counts, self.findings);
        let structure = StructureReport {
            valid: self.bad_rows == 0 && missing.is_empty(),
            rows: statistics.rows,
            bad_rows: self.bad_rows,
            errors: self.errors,
            type_changes,
            // Where a column is missing, that says it all.
            incomplete_rows: if needed > 0 && missing.is_empty() { self.quality.gaps() } else { 0 },
            missing_columns: missing,
        };
        let recommendations = advice::advise(&About {
            dataset,
            structure: &structure,
            pii: &pii,
            quality: &self.quality,
            drift: quality.drift.as_ref(),
            statistics: &statistics,
        });
        ValidationReport { structure, pii, quality, recommendations, statistics }
    }
}

/// What the search found, held against what it may find.
fn found(rules: &Rules, counts: Counts, findings: Vec<PiiFinding>) -> PiiReport {
    let searched = rules.searched();
    let under = |kind: PiiType, rule: Option<&str>| {
        let of_rule = searched.iter().position(|one| rule.is_some() && one.rule.as_deref() == rule);
        of_rule.or_else(|| searched.iter().position(|one| one.rule.is_none() && one.pii_type == kind))
    };
    // What several detectors find of one kind is allowed once.
    let mut sums = vec![0u64; searched.len()];
    let mut within = true;
    let count = |((pii_type, rule), count): ((PiiType, Option<Arc<str>>), u64)| {
        let of = under(pii_type, rule.as_deref());
        let allowed = of.map_or(0, |at| searched[at].allowed);
        let sum = match of {
            Some(at) => {
                sums[at] += count;
                sums[at]
            }
            None => count,
        };
        within &= sum <= allowed;
        PiiCount { pii_type, allowed, rule: rule.map(|rule| rule.to_string()), count }
    };
    let counts: Vec<PiiCount> = counts.into_iter().map(count).collect();
    let mut types: Vec<PiiType> = searched.iter().map(|one| one.pii_type).collect();
    types.dedup();
    PiiReport {
        clean: within && rules.complete(),
        complete: rules.complete(),
        policy: rules.policy(),
        types,
        min_confidence: searched.iter().map(|one| one.min_confidence).fold(1.0, f64::min),
        total: counts.iter().map(|found| found.count).sum(),
        counts,
        findings,
        searched,
    }
}
