//! Rows of a dataset that stand in others. The rows that are looked for, mostly those of a benchmark and so the fewer, are
//! held in memory; each other dataset is read once. A row is found
//!
//! - as it is, if a row of the other, or one text of it, has the same words;
//! - in runs of words, if enough of its runs of `ngram` words stand anywhere in the other. Brown et al. 2020 (GPT-3, appendix C)
//!   look for runs of up to 13 words; Chowdhery et al. 2022 (PaLM, section 8) for 70 % of them;
//! - nearly, by MinHash, as in the quality of a dataset.
//!
//! Singh et al. 2024 (ConTAM) compare such measures.

mod held;
mod matching;
mod postings;
mod samples;
#[cfg(test)]
mod tests;
mod texts;
mod words;

use std::sync::Arc;

use tokio::runtime::Handle;

pub(super) use held::{ROWS, RUNS};
pub(super) use texts::Columns;

use super::pii::Search;
use super::progress::Progress;
use super::walk::Walk;
use super::{
    ContaminationCounts, ContaminationKind, ContaminationMethod, ContaminationModel, ContaminationReport,
    ContaminationSample, ContaminationSource, ContaminationSourceReport,
};
use crate::base::Result;
use held::{Held, Holding, Most};
use matching::{Bounds, Found, Matching};
use samples::SAMPLES;

/// Words of a run, and the share of runs, when nobody says.
pub(super) const NGRAM: u32 = 13;
pub(super) const MIN_OVERLAP: f64 = 0.7;

/// A dataset that is read.
pub(super) struct Side {
    pub walk: Walk,
    pub columns: Columns,
}

/// A dataset that is looked in; one of the same bytes is not read.
pub(super) struct Other {
    pub source: ContaminationSource,
    pub side: Option<Side>,
}

/// What is looked for, where, and how.
pub(super) struct Task {
    pub benchmark: Side,
    /// Its rows, as its record counts them.
    pub rows: u64,
    pub others: Vec<Other>,
    pub model: Option<ContaminationModel>,
    pub method: ContaminationMethod,
    /// Find what is masked.
    pub searches: Vec<Search>,
}

/// Looks for the rows.
pub(super) fn run(task: &Task, (handle, progress): (&Handle, Arc<Progress>)) -> Result<ContaminationReport> {
    within(task, (handle, &progress), Most { rows: ROWS, runs: RUNS })
}

/// The same in a memory of this size.
fn within(task: &Task, (handle, progress): (&Handle, &Progress), most: Most) -> Result<ContaminationReport> {
    let n = task.method.ngram as usize;
    if task.others.iter().all(|other| other.side.is_none()) {
        return Ok(identical(task));
    }
    let mut holding = Holding::new(&task.benchmark.columns, n, most, progress);
    task.benchmark.walk.run(handle, &mut holding)?;
    let held = holding.finish();
    let bounds = Bounds { n, min_overlap: task.method.min_overlap, similarity: task.method.similarity };
    let mut strongest: Vec<Option<ContaminationKind>> = vec![None; held.spots.len()];
    let (mut sources, mut shown) = (Vec::new(), Vec::new());
    for (number, other) in task.others.iter().enumerate() {
        let Some(side) = &other.side else {
            strongest.fill(Some(ContaminationKind::Exact));
            sources.push(of_source(other, (0, 0), all(held.spots.len() as u64)));
            continue;
        };
        let mut matching = Matching::new(&held, &side.columns, bounds, (progress, progress.read()));
        side.walk.run(handle, &mut matching)?;
        let read = (matching.rows, matching.bad);
        let found = matching.finish();
        for one in &found {
            let known = &mut strongest[one.row];
            *known = Some(known.map_or(one.kind, |kind| kind.min(one.kind)));
        }
        let affected = count(found.iter().map(|one| one.kind), held.spots.len());
        sources.push(of_source(other, read, affected));
        let quota = (SAMPLES / task.others.len()).max(1);
        shown.extend(samples::choose(&found, quota).into_iter().map(|one| (number, one)));
    }
    let samples = read_samples(task, &held, &shown, handle)?;
    Ok(report(task, &held, (strongest, sources, samples)))
}

fn read_samples(
    task: &Task,
    held: &Held,
    shown: &[(usize, Found)],
    handle: &Handle,
) -> Result<Vec<ContaminationSample>> {
    let reader = samples::Reader { held, n: task.method.ngram as usize, searches: &task.searches, handle };
    let mut made = Vec::new();
    for (number, found) in shown.iter().take(SAMPLES) {
        let other = &task.others[*number];
        let Some(side) = &other.side else { continue };
        let (excerpt, source_excerpt) = reader.excerpts(&task.benchmark, side, found)?;
        made.push(ContaminationSample {
            kind: found.kind,
            row: held.spots[found.row].row,
            source_id: other.source.dataset_id,
            source_row: found.spot.row,
            measure: found.measure,
            pair_measure: found.pair_measure,
            excerpt,
            source_excerpt,
        });
    }
    Ok(made)
}

fn report(
    task: &Task,
    held: &Held,
    (strongest, sources, samples): (
        Vec<Option<ContaminationKind>>,
        Vec<ContaminationSourceReport>,
        Vec<ContaminationSample>,
    ),
) -> ContaminationReport {
    let mut left_out = left_out_of(task);
    if held.left_out > 0 {
        left_out.push(format!(
            "{} rows of the dataset were not looked for: at most {ROWS} rows and {RUNS} runs of words are held in memory",
            held.left_out
        ));
    }
    if held.bad > 0 {
        left_out.push(format!("{} rows of the dataset cannot be read", held.bad));
    }
    ContaminationReport {
        complete: left_out.is_empty(),
        left_out,
        rows: held.rows,
        rows_checked: held.spots.len() as u64,
        rows_without_text: held.blank,
        ngrams: held.runs.len() as u64,
        common_ngrams: held.common,
        affected: count(strongest.into_iter().flatten(), held.spots.len()),
        sources,
        samples: Some(samples),
    }
}

/// The report where every other dataset is of the same bytes: nothing has to be read.
fn identical(task: &Task) -> ContaminationReport {
    let left_out = left_out_of(task);
    ContaminationReport {
        complete: left_out.is_empty(),
        left_out,
        rows: task.rows,
        rows_checked: task.rows,
        rows_without_text: 0,
        ngrams: 0,
        common_ngrams: 0,
        affected: all(task.rows),
        sources: task.others.iter().map(|other| of_source(other, (0, 0), all(task.rows))).collect(),
        samples: Some(Vec::new()),
    }
}

/// What of the model's data cannot be looked in.
fn left_out_of(task: &Task) -> Vec<String> {
    let Some(model) = &task.model else { return Vec::new() };
    let mut left_out = Vec::new();
    if !model.missing.is_empty() {
        let count = model.missing.len();
        left_out.push(format!("{count} datasets that {} learned from are deleted or empty", model.name));
    }
    if model.truncated {
        left_out.push(format!("{} comes from a model that is deleted, or from more than 64", model.name));
    }
    left_out
}

fn of_source(other: &Other, (rows, bad_rows): (u64, u64), affected: ContaminationCounts) -> ContaminationSourceReport {
    ContaminationSourceReport {
        dataset_id: other.source.dataset_id,
        name: other.source.name.clone(),
        version: other.source.version.clone(),
        digest: other.source.digest.clone(),
        identical: other.side.is_none(),
        rows,
        bad_rows,
        affected,
    }
}

/// Every row as it is.
fn all(rows: u64) -> ContaminationCounts {
    let share = if rows == 0 { 0.0 } else { 1.0 };
    ContaminationCounts { rows, exact: rows, share, ..ContaminationCounts::default() }
}

fn count(kinds: impl Iterator<Item = ContaminationKind>, of: usize) -> ContaminationCounts {
    let mut counts = ContaminationCounts::default();
    for kind in kinds {
        counts.rows += 1;
        match kind {
            ContaminationKind::Exact => counts.exact += 1,
            ContaminationKind::Ngram => counts.ngram += 1,
            ContaminationKind::Near => counts.near += 1,
        }
    }
    counts.share = counts.rows as f64 / of.max(1) as f64;
    counts
}
