//! Pairs of rows to show: read again from their places, cut about what they share, personal data masked.

use std::collections::HashSet;
use std::ops::Range;

use tokio::runtime::Handle;

use super::super::compare::Spot;
use super::super::format::{Item, Records};
use super::super::pii::{PiiMatch, Search, mask};
use super::super::sql::form_of;
use super::super::walk::{Slots, Walk};
use super::super::{ContaminationKind, source};
use super::Side;
use super::held::Held;
use super::matching::Found;
use super::words::{Cut, composed, each_word, hash_of_words};
use crate::base::{Error, Result};

/// Pairs of a report.
pub(super) const SAMPLES: usize = 100;
/// Characters of an excerpt, those before what is shared, and those about it that are searched for personal data.
const EXCERPT: usize = 500;
const BEFORE: usize = 80;
const ABOUT: usize = 256;

/// Of what was found in one dataset some of each kind, at most so many.
pub(super) fn choose(found: &[Found], most: usize) -> Vec<Found> {
    let kinds = [ContaminationKind::Exact, ContaminationKind::Ngram, ContaminationKind::Near];
    let mut lists = kinds.map(|kind| found.iter().filter(move |one| one.kind == kind));
    let mut chosen = Vec::new();
    while chosen.len() < most {
        let before = chosen.len();
        for list in &mut lists {
            chosen.extend(list.next().filter(|_| chosen.len() < most).copied());
        }
        if chosen.len() == before {
            break;
        }
    }
    chosen.sort_by_key(|one| (one.kind, one.row));
    chosen
}

/// Reads rows again.
pub(super) struct Reader<'r> {
    pub held: &'r Held,
    pub n: usize,
    pub searches: &'r [Search],
    pub handle: &'r Handle,
}

/// A text of a row, with its column.
struct Text {
    column: String,
    text: String,
}

impl Reader<'_> {
    /// The excerpts of a row and of the one it was found in.
    pub(super) fn excerpts(&self, benchmark: &Side, other: &Side, found: &Found) -> Result<(String, String)> {
        let (of, source) = (self.texts(benchmark, self.held.spots[found.row])?, self.texts(other, found.spot)?);
        let ngram = found.kind == ContaminationKind::Ngram;
        let shared = if ngram { self.shared(&of, &source) } else { HashSet::new() };
        Ok((self.excerpt(&of, &shared), self.excerpt(&source, &shared)))
    }

    fn texts(&self, side: &Side, spot: Spot) -> Result<Vec<Text>> {
        let walk: &Walk = &side.walk;
        let file = walk.files.get(spot.file as usize).ok_or_else(|| Error::unexpected("a row stands in no file"))?;
        let reader = self.handle.block_on(source::open(&walk.blobs, &file.sha256, spot.place.offset))?;
        let names: Vec<String> = file.schema.iter().map(|column| column.name.clone()).collect();
        let Some(Item::Row(row)) = Records::resume(reader, form_of(file), spot.place, names).next()? else {
            return Err(Error::unexpected("a row is not where it was"));
        };
        let mut slots = Slots::default();
        slots.set(&walk.places(file));
        let mut texts = Vec::new();
        side.columns.each(&slots, &row, &mut |number, text| {
            texts.push(Text { column: side.columns.named[number].0.clone(), text: composed(text).into_owned() });
        });
        Ok(texts)
    }

    /// The runs of a row that count and that the other holds.
    fn shared(&self, of: &[Text], source: &[Text]) -> HashSet<u64> {
        let cut = |texts: &[Text]| {
            let mut cut = Cut::default();
            texts.iter().for_each(|text| cut.add(&text.text));
            cut
        };
        let theirs: HashSet<u64> = cut(source).all_runs(self.n).collect();
        let counts = |run: &u64| theirs.contains(run) && self.held.runs.find(*run).is_some();
        cut(of).runs(self.n).filter(counts).collect()
    }

    /// The text about the first run of these, or its beginning.
    fn excerpt(&self, texts: &[Text], shared: &HashSet<u64>) -> String {
        let (first, at) = first_run(texts, shared, self.n).unwrap_or_default();
        let (mut shown, mut left) = (String::new(), EXCERPT);
        for (number, text) in texts.iter().enumerate().skip(first) {
            if left == 0 {
                shown.push_str("..");
                break;
            }
            if number > first {
                shown.push('\n');
            }
            let begin = if number == first { back(&text.text, at, BEFORE) } else { 0 };
            let end = on(&text.text, begin, left);
            left -= text.text[begin..end].chars().count();
            if begin > 0 || (number == first && first > 0) {
                shown.push_str("..");
            }
            self.masked(text, begin..end, &mut shown);
            if end < text.text.len() {
                shown.push_str("..");
                break;
            }
        }
        shown
    }

    /// Writes a part of a text with what is personal in it masked, also where the cut goes through it.
    fn masked(&self, of: &Text, part: Range<usize>, into: &mut String) {
        let text = of.text.as_str();
        let (from, to) = (back(text, part.start, ABOUT), on(text, part.end, ABOUT));
        let (mut found, mut by_one): (Vec<PiiMatch>, Vec<PiiMatch>) = (Vec::new(), Vec::new());
        for search in self.searches {
            search.find(&of.column, &text[from..to], &mut by_one);
            found.append(&mut by_one);
        }
        found.sort_by_key(|one| one.span.start);
        let mut at = part.start;
        for one in found {
            let (start, end) = (from + one.span.start, from + one.span.end);
            if end <= at || start >= part.end {
                continue;
            }
            if start > at {
                into.push_str(&text[at..start]);
            }
            into.push_str(&mask(one.kind, &text[start..end]));
            at = end;
        }
        if at < part.end {
            into.push_str(&text[at..part.end]);
        }
    }
}

/// The text and the byte at which the first of these runs begins.
fn first_run(texts: &[Text], runs: &HashSet<u64>, n: usize) -> Option<(usize, usize)> {
    if runs.is_empty() {
        return None;
    }
    let (mut words, mut places) = (Vec::new(), Vec::new());
    for (number, text) in texts.iter().enumerate() {
        each_word(&text.text, |word, bytes| {
            words.push(word);
            places.push((number, bytes.start));
        });
    }
    let at = words.windows(n).position(|run| runs.contains(&hash_of_words(run)))?;
    places.get(at).copied()
}

/// So many characters before a byte of a text.
fn back(text: &str, at: usize, chars: usize) -> usize {
    text[..at].char_indices().rev().take(chars).last().map_or(at, |(start, _)| start)
}

/// So many characters after it.
fn on(text: &str, at: usize, chars: usize) -> usize {
    text[at..].char_indices().nth(chars).map_or(text.len(), |(end, _)| at + end)
}
