//! How far a pass is, written so that another server may go on from there: all counts and the place of the next row.

use serde_json::json;
use sha2::{Digest, Sha256};

use super::super::binary::{In, Out};
use super::super::format::Place;
use super::super::progress::Kept;
use super::super::searching::Rules;
use super::super::strangers::Strangers;
use super::super::{Dataset, PiiFinding, PiiType, StructureError};
use super::feed::Mark;
use super::looking::Looking;
use super::{FINDINGS, PROBLEMS, Pass};

/// The form of what is written. Another one is not read: the pass begins anew.
const FORM: u64 = 5;

/// The most bytes of a checkpoint. The limits of what is counted keep it under 200 MiB, most of that for 100,000 values of
/// 200 characters; of few columns it takes a few MiB.
pub(in super::super) const MOST: u64 = 256 << 20;

/// How far apart checkpoints are: what writing them takes is to stay small beside what reading takes.
#[derive(Debug, Clone, Copy)]
pub(in super::super) struct Rhythm {
    /// Bytes of the dataset at least.
    pub(in super::super) apart: u64,
    /// How many times the bytes of the last checkpoint at least.
    pub(in super::super) times: u64,
    /// The share of what was read that is worth another one, up to 256 MiB.
    pub(in super::super) share: u64,
}

impl Rhythm {
    /// How it usually is.
    pub(in super::super) const USUAL: Self = Self { apart: 1 << 20, times: 4, share: 8 };
}

/// The most that is read between two checkpoints on account of what was read before.
const FAR: u64 = 256 << 20;

/// When the next checkpoint is due.
pub(super) struct Due {
    rhythm: Rhythm,
    /// Bytes of the dataset at the last one, and its own.
    pub(super) at: u64,
    took: u64,
}

impl Due {
    /// After one of so many bytes, at so many bytes of the dataset.
    pub(super) fn after(rhythm: Rhythm, at: u64, took: u64) -> Self {
        Self { rhythm, at, took }
    }

    /// Whether one is due after so many bytes of the dataset.
    pub(super) fn is(&self, bytes: u64) -> bool {
        let Rhythm { apart, times, share } = self.rhythm;
        bytes.saturating_sub(self.at) >= apart.max(self.took * times).max((bytes / share).min(FAR))
    }
}

/// What the counts depend on beside the rows before the mark, as a digest: bytes, columns, rules and this release.
pub(super) fn depends_on(looking: &Looking<'_>, dataset: &Dataset, rules: &Rules) -> String {
    let about = json!({
        "release": env!("CARGO_PKG_VERSION"),
        "digest": dataset.digest,
        "rows": dataset.rows,
        "format": dataset.format,
        "files": looking.walk.files,
        "columns": looking.names,
        "counted": looking.counted,
        "messages": looking.messages,
        "tools": looking.tools,
        "rules": rules,
    });
    hex::encode(Sha256::digest(about.to_string()))
}

impl Pass {
    /// All counts, before the row at the mark.
    pub(super) fn checkpoint(&self, of: &str, mark: Mark, bytes: u64) -> Kept {
        let mut out = Out::default();
        out.u64(FORM);
        out.text(of);
        [mark.file as u64, mark.place.offset, mark.place.line, bytes].into_iter().for_each(|number| out.u64(number));
        self.statistics.put(&mut out);
        self.quality.put(&mut out);
        self.strangers.put(&mut out);
        out.u64(self.bad_rows);
        out.u64(self.errors.len() as u64);
        self.errors.iter().for_each(|error| put_error(error, &mut out));
        out.u64(self.counts.len() as u64);
        for ((kind, rule), count) in &self.counts {
            out.text(kind.name());
            out.maybe_text(rule.as_deref());
            out.u64(*count);
        }
        out.u64(self.findings.len() as u64);
        self.findings.iter().for_each(|finding| put_finding(finding, &mut out));
        Kept { rows: self.statistics.rows(), state: out.end().into() }
    }

    /// Takes up what was written, and answers where to go on and how many bytes are before. Nothing of what was written
    /// otherwise or of something else; the counts are then half taken up and of no use.
    pub(super) fn take_up(&mut self, of: &str, state: &[u8]) -> Option<(Mark, u64)> {
        let mut from = In::of(state);
        if from.u64()? != FORM || from.text()? != of {
            return None;
        }
        let (file, place) = (from.usize()?, Place { offset: from.u64()?, line: from.u64()? });
        let bytes = from.u64()?;
        self.statistics.take_up(&mut from)?;
        self.quality.take_up(&mut from)?;
        self.strangers = Strangers::read(&mut from)?;
        self.bad_rows = from.u64()?;
        let errors = from.count(8).filter(|count| *count <= PROBLEMS)?;
        self.errors = (0..errors).map(|_| read_error(&mut from)).collect::<Option<_>>()?;
        for _ in 0..from.count(8)? {
            let (kind, rule) = (kind_of(from.text()?)?, from.maybe_text()?.map(Into::into));
            self.counts.insert((kind, rule), from.u64()?);
        }
        let findings = from.count(8).filter(|count| *count <= FINDINGS)?;
        self.findings = (0..findings).map(|_| read_finding(&mut from)).collect::<Option<_>>()?;
        from.ended().then_some((Mark { file, place }, bytes))
    }
}

fn kind_of(name: &str) -> Option<PiiType> {
    PiiType::ALL.iter().copied().find(|kind| kind.name() == name)
}

fn put_error(error: &StructureError, out: &mut Out) {
    out.text(&error.path);
    out.u64(error.line);
    out.u64(error.column.map_or(0, |column| column + 1));
    out.text(&error.reason);
}

fn read_error(from: &mut In<'_>) -> Option<StructureError> {
    let (path, line) = (from.text()?.to_owned(), from.u64()?);
    Some(StructureError { path, line, column: from.u64()?.checked_sub(1), reason: from.text()?.to_owned() })
}

fn put_finding(finding: &PiiFinding, out: &mut Out) {
    out.text(finding.pii_type.name());
    out.maybe_text(finding.rule.as_deref());
    out.u64(finding.row);
    out.text(&finding.path);
    out.u64(finding.line);
    out.text(&finding.column);
    out.u64(finding.start);
    out.u64(finding.end);
    out.f64(finding.confidence);
    out.text(&finding.excerpt);
}

fn read_finding(from: &mut In<'_>) -> Option<PiiFinding> {
    Some(PiiFinding {
        pii_type: kind_of(from.text()?)?,
        rule: from.maybe_text()?.map(str::to_owned),
        row: from.u64()?,
        path: from.text()?.to_owned(),
        line: from.u64()?,
        column: from.text()?.to_owned(),
        start: from.u64()?,
        end: from.u64()?,
        confidence: from.f64()?,
        excerpt: from.text()?.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checkpoints_are_the_farther_apart_the_more_they_take_and_the_longer_the_way() {
        let (mib, gib) = (1 << 20, 1 << 30);
        let due = |at: u64, took: u64, now: u64| Due::after(Rhythm::USUAL, at, took).is(now);
        assert_eq!((due(0, 0, mib - 1), due(0, 0, mib)), (false, true));
        assert_eq!((due(mib, 3 * mib, 12 * mib), due(mib, 3 * mib, 13 * mib)), (false, true));
        assert_eq!((due(gib, 0, gib + 100 * mib), due(gib, 0, gib + 147 * mib)), (false, true));
        assert!(due(100 * gib, 0, 100 * gib + 256 * mib));
    }
}
