//! One pass over a dataset that finds everything a report says.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::runtime::Handle;

use super::advice::{self, About};
use super::format::{Problem, Row};
use super::pii::{PiiMatch, Search, mask};
use super::progress::Progress;
use super::quality::{Known, Quality};
use super::schema::PROBLEMS;
use super::searching::Rules;
use super::statistics::Statistics;
use super::walk::{At, Visitor, Walk};
use super::{
    ColumnType, DataFormat, Dataset, DatasetId, DatasetStatistics, DriftReport, PiiCount, PiiFinding, PiiReport,
    PiiType, StructureError, StructureReport, ValidationReport, conversation, drift, roles,
};
use crate::base::Result;

/// Findings that are kept.
const FINDINGS: usize = 1000;

/// The counts of a pass.
struct Pass {
    names: Vec<String>,
    statistics: Statistics,
    quality: Quality,
    search: Search,
    matches: Vec<PiiMatch>,
    findings: Vec<PiiFinding>,
    counts: BTreeMap<(PiiType, Option<Arc<str>>), u64>,
    errors: Vec<StructureError>,
    bad_rows: u64,
    /// The column of conversations, which must be such.
    messages: Option<usize>,
    progress: Arc<Progress>,
}

/// What a pass is told beside the rows.
pub(super) struct Told {
    pub rules: Rules,
    pub search: Search,
    /// The parent and what its report counted.
    pub parent: Option<(DatasetId, String, DatasetStatistics)>,
}

/// Reads the whole dataset and reports.
pub(super) fn run(
    walk: &Walk,
    dataset: &Dataset,
    told: Told,
    (handle, progress): (&Handle, Arc<Progress>),
) -> Result<ValidationReport> {
    let names = walk.names();
    let resolved = roles::resolve(dataset.dataset_type, &dataset.columns, &dataset.schema);
    let counted = match &resolved {
        Ok(found) if !found.columns().is_empty() => {
            found.columns().iter().filter_map(|column| names.iter().position(|name| name == column)).collect()
        }
        _ => (0..names.len()).collect(),
    };
    let messages = resolved.as_ref().ok().and_then(|found| found.messages.as_ref());
    let messages = messages.and_then(|column| names.iter().position(|name| name == column));
    let mut pass = Pass {
        statistics: Statistics::new(&names, dataset.format == Some(DataFormat::Csv)),
        names,
        quality: Quality::new(counted, dataset.rows),
        search: told.search,
        matches: Vec::new(),
        findings: Vec::new(),
        counts: BTreeMap::new(),
        errors: Vec::new(),
        bad_rows: 0,
        messages,
        progress,
    };
    walk.run(handle, &mut pass)?;
    let needed = roles::needed(dataset.dataset_type);
    Ok(pass.finish(dataset, (&told.rules, told.parent), (resolved.err().unwrap_or_default(), needed)))
}

impl Visitor for Pass {
    fn row(&mut self, at: &At<'_>, row: &Row) {
        self.statistics.add(row, at.places);
        self.quality.add(at, row);
        let conversation = self.messages.and_then(|column| at.cell(row, column));
        if let Some(Err(reason)) = conversation.filter(|cell| cell.kind().is_some()).map(conversation::check) {
            self.bad(at.path, Problem { line: row.place.line, column: None, reason });
        }
        for (cell, place) in row.cells.iter().zip(at.places) {
            if !matches!(cell.kind(), None | Some(ColumnType::Boolean))
                && let Some(text) = cell.text()
            {
                self.search(at, row, (*place, &text));
            }
        }
    }

    fn bad(&mut self, path: &str, problem: Problem) {
        self.bad_rows += 1;
        if self.errors.len() < PROBLEMS {
            let Problem { line, column, reason } = problem;
            self.errors.push(StructureError { path: path.to_owned(), line, column, reason });
        }
    }

    fn progress(&mut self, rows: u64, bytes: u64) -> Result<()> {
        self.progress.is_at(rows, bytes)
    }
}

impl Pass {
    fn search(&mut self, at: &At<'_>, row: &Row, (place, text): (usize, &str)) {
        let column = self.names.get(place).map(String::as_str).unwrap_or_default();
        self.search.find(column, text, &mut self.matches);
        // Characters up to a byte, counted on from finding to finding.
        let (mut bytes, mut chars) = (0, 0u64);
        for found in &self.matches {
            *self.counts.entry((found.kind, found.rule.clone())).or_default() += 1;
            if self.findings.len() >= FINDINGS {
                continue;
            }
            let what = &text[found.span.clone()];
            chars += text[bytes..found.span.start].chars().count() as u64;
            bytes = found.span.start;
            self.findings.push(PiiFinding {
                pii_type: found.kind,
                rule: found.rule.as_deref().map(str::to_owned),
                row: at.row,
                path: at.path.to_owned(),
                line: row.place.line,
                column: column.to_owned(),
                start: chars,
                end: chars + what.chars().count() as u64,
                confidence: found.confidence,
                excerpt: mask(found.kind, what),
            });
        }
    }

    fn finish(
        self,
        dataset: &Dataset,
        (rules, parent): (&Rules, Option<(DatasetId, String, DatasetStatistics)>),
        (missing, needed): (Vec<String>, usize),
    ) -> ValidationReport {
        let strangers = self.statistics.strangers();
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
fn found(rules: &Rules, counts: BTreeMap<(PiiType, Option<Arc<str>>), u64>, findings: Vec<PiiFinding>) -> PiiReport {
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
