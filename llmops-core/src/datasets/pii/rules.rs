//! Finding by patterns, each finding judged by what it is made of.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::context::{Column, near};
use super::names::Names;
use super::{PiiDetector, PiiMatch, PiiType, numbers};
use crate::base::{Error, Result};

/// One pattern. The earlier in the table, the more specific: where two overlap, the earlier one stands.
#[derive(Clone)]
struct Rule {
    kind: PiiType,
    pattern: Regex,
    spec: Spec,
}

/// How a pattern is used.
#[derive(Clone, Copy)]
struct Spec {
    /// A text that cannot hold it is not searched.
    needs: fn(&Marks) -> bool,
    judge: fn(&str) -> Option<f64>,
    /// What may not stand right before and after.
    edge: fn(char) -> bool,
    /// Whether it is of no use without a word beside it.
    weak: bool,
    /// Words of which one near, or in the name of the column, makes a finding this sure.
    context: Option<(&'static [&'static str], f64)>,
}

/// What a text holds; it spares most texts most of the patterns. Counts of one byte each are what a processor does many at a
/// time.
struct Marks {
    digits: usize,
    dots: usize,
    dashes: usize,
    colons: usize,
    at: bool,
    plus: bool,
    capitals: bool,
    hangul: bool,
    /// Whether so much stands without white space.
    long: bool,
    /// Whether colons stand as in an IPv6 address.
    joints: bool,
}

/// The shortest token.
const LONG: usize = 15;

impl Marks {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let colons = count(bytes, |byte| byte == b':');
        Self {
            digits: count(bytes, |byte| byte.is_ascii_digit()),
            dots: count(bytes, |byte| byte == b'.'),
            dashes: count(bytes, |byte| byte == b'-'),
            colons,
            at: bytes.contains(&b'@'),
            plus: bytes.contains(&b'+'),
            capitals: count(bytes, |byte| byte.is_ascii_uppercase()) >= 2,
            hangul: count(bytes, |byte| (0xEA..=0xED).contains(&byte)) > 0,
            long: has_run(bytes, LONG),
            joints: colons >= 7 || colons >= 2 && text.contains("::"),
        }
    }
}

/// How many bytes are such. Counted in bytes for as long as one can hold the count, so that many are looked at at once.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let of = |piece: &[u8]| piece.iter().fold(0u8, |sum, byte| sum + u8::from(is(*byte)));
    bytes.chunks(u8::MAX.into()).map(|piece| usize::from(of(piece))).sum()
}

/// Whether `most` bytes stand together without white space. Looks at every so many bytes, and closer where there is none.
pub(super) fn has_run(bytes: &[u8], most: usize) -> bool {
    let mut last = most - 1;
    while last < bytes.len() {
        let window = &bytes[last + 1 - most..=last];
        match window.iter().rposition(u8::is_ascii_whitespace) {
            Some(at) => last += at + 1,
            None => return true,
        }
    }
    false
}

/// Finds by rules; see the table.
pub struct RuleDetector {
    rules: Vec<Rule>,
    /// The beginnings of all words without which some rules find nothing.
    words: Regex,
    names: Option<Names>,
}

const WORDS: &str = "(?i)ssn|social|passp|passe|reisep|pasap|licen|dl n|dln|사회보장|여권";

const URL: &str = r"(?i)[a-z][a-z0-9+.\-]{1,20}://[^\s/:@]{0,100}:[^\s/@]{1,200}@[^\s/@]{1,200}";
const SECRET: &str = concat!(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_\-]{20,255}",
    r"|xox[abprs]-[A-Za-z0-9\-]{10,255}|sk-[A-Za-z0-9_\-]{20,255}|[sr]k_live_[A-Za-z0-9]{16,255}|hf_[A-Za-z0-9]{30,255}",
    r"|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_\-]{50,255}|AIza[0-9A-Za-z_\-]{35}|-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----",
    r"|gsk_[A-Za-z0-9]{40,255}|pplx-[A-Za-z0-9]{40,255}|r8_[A-Za-z0-9]{37}|dapi[a-f0-9]{32}|do[opr]_v1_[a-f0-9]{64}",
    r"|GOCSPX-[A-Za-z0-9_\-]{28}|ya29\.[A-Za-z0-9_\-]{20,500}|SG\.[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}|hv[bsr]\.[A-Za-z0-9_\-]{24,255}",
    r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|(?:AC|SK)[a-f0-9]{32}|[0-9]{8,10}:AA[A-Za-z0-9_\-]{33}|whsec_[A-Za-z0-9+/=]{32,255}",
    r"|https://hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,30}",
    r"|eyJ[A-Za-z0-9_\-]{10,2000}\.eyJ[A-Za-z0-9_\-]{10,2000}\.[A-Za-z0-9_\-]{10,2000}",
);
const EMAIL: &str =
    r"(?i)[a-z0-9](?:[a-z0-9._%+'\-]{0,62}[a-z0-9_+\-])?@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}";
const IBAN: &str = r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?";
const KR_RESIDENT: &str = r"[0-9]{6}[\- ]?[1-8][0-9]{6}";
const CARD: &str = concat!(
    r"[0-9]{4}[ \-][0-9]{6}[ \-][0-9]{4,5}|[0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]{3}",
    r"|[0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]{1,7}|[0-9]{13,19}",
);
const SSN: &str = r"[0-9]{3}-[0-9]{2}-[0-9]{4}";
const IPV4: &str = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}";
const IPV6: &str = r"(?i)(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}";
const SSN_BARE: &str = r"[0-9]{3} [0-9]{2} [0-9]{4}|[0-9]{9}";
const PASSPORT: &str =
    r"M[0-9]{3}[A-Z][0-9]{4}|[A-Z]{1,3}[0-9]{6,8}|[0-9]{2}[A-Z]{2}[0-9]{5}|[CFGHJK][0-9A-Z]{8}|[0-9]{9}";
const US_LICENSE: &str = concat!(
    r"[A-Z][0-9]{3}-[0-9]{3}-[0-9]{2}-[0-9]{3}-[0-9]|[A-Z][0-9]{3}-[0-9]{4}-[0-9]{4}(?:-[0-9]{2})?|[A-Z][0-9]{3}[ \-][0-9]{3}[ \-][0-9]{3}[ \-][0-9]{3}",
    r"|[A-Z](?:[ \-][0-9]{3}){4}|[A-Z][0-9]{4} [0-9]{5} [0-9]{5}|WDL[A-Z*]{5}[0-9]{3}[0-9A-Z]|[A-Z]{2}[0-9]{6}|[A-Z][0-9]{7,14}",
    r"|[0-9]{2}[ \-][0-9]{3}[ \-][0-9]{3,4}|[0-9]{3} [0-9]{3} [0-9]{3}|[0-9]{12}|[0-9]{7,9}",
);
const KR_LICENSE: &str = r"[12][0-9]-[0-9]{2}-[0-9]{6}-[0-9]{2}";
const PHONE_INTERNATIONAL: &str = r"\+[1-9][0-9]{0,2}[ .\-]?(?:\([0-9]{1,4}\)[ .\-]?)?[0-9]{1,4}(?:[ .\-]?[0-9]{1,4}){1,6}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?";
const PHONE_KOREAN: &str = r"01[016789][ .\-]?[0-9]{3,4}[ .\-]?[0-9]{4}|0(?:2|[3-6][1-5]|70)-[0-9]{3,4}-[0-9]{4}";
const PHONE_AMERICAN: &str =
    r"(?:(?:001|1)[ .\-])?(?:\([0-9]{3}\) ?|[0-9]{3}[.\-])[0-9]{3}[.\-][0-9]{4}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?";

const OF_SSN: &[&str] = &["ssn", "social security", "social-security", "사회보장번호"];
const OF_PASSPORT: &[&str] = &["passport", "passports", "여권", "여권번호", "reisepass", "passeport", "pasaporte"];
const OF_US_LICENSE: &[&str] = &[
    "driver's license",
    "drivers license",
    "driver license",
    "driver's licence",
    "driving licence",
    "driving license",
    "license number",
    "licence number",
    "dl number",
    "dl no",
    "dln",
];
const OF_KR_LICENSE: &[&str] = &["운전면허", "면허번호", "면허증", "driver", "license", "licence"];

impl Spec {
    fn new(needs: fn(&Marks) -> bool, judge: fn(&str) -> Option<f64>, edge: fn(char) -> bool) -> Self {
        Self { needs, judge, edge, weak: false, context: None }
    }

    /// Surer, this much, beside one of these words.
    fn beside(self, words: &'static [&'static str], confidence: f64) -> Self {
        Self { context: Some((words, confidence)), ..self }
    }

    /// Nothing at all without one of these words.
    fn only_beside(self, words: &'static [&'static str], confidence: f64) -> Self {
        Self { weak: true, ..self.beside(words, confidence) }
    }
}

/// The table.
fn table() -> Vec<(PiiType, &'static str, Spec)> {
    let digit: fn(char) -> bool = |c| c.is_ascii_digit();
    let iban: fn(&str) -> Option<f64> = |text| numbers::iban(text).map(|_| 0.97);
    let bare_ssn: fn(&str) -> Option<f64> = |text| numbers::us_ssn_bare(text).map(|_| 0.0);
    let passport: fn(&str) -> Option<f64> =
        |text| (text.bytes().filter(u8::is_ascii_digit).count() >= 4).then_some(0.0);
    vec![
        (PiiType::UrlCredentials, URL, Spec::new(|m| m.at && m.colons >= 2, |_| Some(0.95), |_| false)),
        (PiiType::Secret, SECRET, Spec::new(|m| m.long || m.dashes >= 10, secret, word)),
        (PiiType::Email, EMAIL, Spec::new(|m| m.at, email, word)),
        (PiiType::Iban, IBAN, Spec::new(|m| m.digits >= 7, iban, word)),
        (PiiType::KrResidentNumber, KR_RESIDENT, Spec::new(|m| m.digits >= 13, numbers::kr_resident, word)),
        (
            PiiType::KrDriversLicense,
            KR_LICENSE,
            Spec::new(|m| m.digits >= 12 && m.dashes >= 3, numbers::kr_license, dashed).beside(OF_KR_LICENSE, 0.9),
        ),
        (PiiType::CreditCard, CARD, Spec::new(|m| m.digits >= 13, numbers::card, |c| word(c) || c == '+')),
        (
            PiiType::UsSsn,
            SSN,
            Spec::new(|m| m.digits >= 9 && m.dashes >= 2, numbers::us_ssn, dashed).beside(OF_SSN, 0.95),
        ),
        (PiiType::IpAddress, IPV4, Spec::new(|m| m.digits >= 4 && m.dots >= 3, numbers::ipv4, dotted)),
        (PiiType::IpAddress, IPV6, Spec::new(|m| m.joints, numbers::ipv6, |c| word(c) || c == ':')),
        (
            PiiType::Phone,
            PHONE_INTERNATIONAL,
            Spec::new(|m| m.plus && m.digits >= 8, numbers::phone_international, digit),
        ),
        (PiiType::Phone, PHONE_KOREAN, Spec::new(|m| m.digits >= 9, numbers::phone_korean, dashed)),
        (PiiType::Phone, PHONE_AMERICAN, Spec::new(|m| m.digits >= 10, numbers::phone_american, dashed)),
        (PiiType::UsSsn, SSN_BARE, Spec::new(|m| m.digits >= 9, bare_ssn, dashed).only_beside(OF_SSN, 0.85)),
        (PiiType::Passport, PASSPORT, Spec::new(|m| m.digits >= 4, passport, dashed).only_beside(OF_PASSPORT, 0.8)),
        (
            PiiType::UsDriversLicense,
            US_LICENSE,
            Spec::new(|m| m.digits >= 7, |_| Some(0.0), dashed).only_beside(OF_US_LICENSE, 0.7),
        ),
    ]
}

impl RuleDetector {
    /// A detector for these kinds.
    ///
    /// # Errors
    /// `unexpected` when a pattern is not one, which its tests rule out.
    pub fn new(types: &[PiiType]) -> Result<Self> {
        let (rules, words) = compiled()?;
        let rules = rules.iter().filter(|rule| types.contains(&rule.kind)).cloned().collect();
        let names = types.contains(&PiiType::PersonName).then(Names::new);
        Ok(Self { rules, words: words.clone(), names })
    }

    /// The patterns that it looks for, as the `regex` crate reads them. What one finds is judged before it counts.
    pub fn patterns(&self) -> impl Iterator<Item = &str> {
        self.rules.iter().map(|rule| rule.pattern.as_str())
    }
}

/// All rules and what they need a word of, compiled once: every search begins with them.
fn compiled() -> Result<&'static (Vec<Rule>, Regex)> {
    static COMPILED: LazyLock<std::result::Result<(Vec<Rule>, Regex), regex::Error>> = LazyLock::new(|| {
        let rule = |(kind, pattern, spec)| Ok(Rule { kind, pattern: Regex::new(pattern)?, spec });
        Ok((table().into_iter().map(rule).collect::<std::result::Result<_, _>>()?, Regex::new(WORDS)?))
    });
    let failed = |e: &regex::Error| Error::unexpected("a rule for personal data is no pattern").caused_by(e.clone());
    COMPILED.as_ref().map_err(failed)
}

impl PiiDetector for RuleDetector {
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
        self.find_in("", text, found);
    }

    fn find_in(&self, column: &str, text: &str, found: &mut Vec<PiiMatch>) {
        self.find_at(&Column::new(column), text, found);
    }
}

impl RuleDetector {
    /// The same for a column that more is looked for in.
    pub(super) fn find_at(&self, column: &Column<'_>, text: &str, found: &mut Vec<PiiMatch>) {
        let (marks, mut taken) = (Marks::of(text), Taken::new(found));
        let mut worded = None;
        for (number, rule) in self.rules.iter().enumerate().filter(|(_, rule)| (rule.spec.needs)(&marks)) {
            let mut has_word = || *worded.get_or_insert_with(|| self.words.is_match(text));
            let named = |words| column.is_of_known::<&str>(number, words);
            if rule.spec.weak && !has_word() && !rule.spec.context.is_some_and(|(words, _)| named(words)) {
                continue;
            }
            for hit in rule.pattern.find_iter(text) {
                let mut span = hit.range();
                if rule.kind == PiiType::Iban {
                    // The pattern may take the next word along.
                    let Some(length) = numbers::iban(hit.as_str()) else { continue };
                    span.end = span.start + length;
                }
                let Some(judged) = (rule.spec.judge)(&text[span.clone()]) else { continue };
                if !free(text, &span, rule.spec.edge) || taken.surely(&span) {
                    continue;
                }
                let beside = rule.spec.context.filter(|(words, _)| named(words) || near(text, &span, words));
                let confidence = beside.map_or(judged, |(_, sure)| judged.max(sure));
                if confidence > 0.0 {
                    taken.add(PiiMatch::new(rule.kind, span, confidence));
                }
            }
        }
        if let Some(names) = self.names.as_ref().filter(|_| marks.capitals || marks.hangul) {
            names.find(text, column, &mut |span, confidence| {
                taken.add(PiiMatch::new(PiiType::PersonName, span, confidence));
            });
        }
        taken.end();
    }
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn dashed(c: char) -> bool {
    word(c) || c == '-'
}

fn dotted(c: char) -> bool {
    word(c) || c == '.'
}

/// A finding of at least this confidence keeps its bytes; a weaker one gives way to one that reaches it.
const SURE: f64 = 0.5;

/// Findings of a text, no two over the same bytes.
struct Taken<'f> {
    found: &'f mut Vec<PiiMatch>,
    before: usize,
    /// Where each ends and which it is, by where it begins.
    spans: BTreeMap<usize, (usize, usize)>,
}

impl<'f> Taken<'f> {
    fn new(found: &'f mut Vec<PiiMatch>) -> Self {
        Self { before: found.len(), found, spans: BTreeMap::new() }
    }

    /// The findings over some of these bytes, by where they begin.
    fn over(&self, span: &Range<usize>) -> impl Iterator<Item = (usize, usize)> + '_ {
        let start = span.start;
        let back = self.spans.range(..span.end).rev().take_while(move |(_, (end, _))| *end > start);
        back.map(|(begin, (_, at))| (*begin, *at))
    }

    /// Whether some of these bytes belong to a finding that keeps them.
    fn surely(&self, span: &Range<usize>) -> bool {
        self.over(span).any(|(_, at)| self.found[at].confidence >= SURE)
    }

    /// Adds a finding unless its bytes are taken.
    fn add(&mut self, one: PiiMatch) {
        let over: Vec<(usize, usize)> = self.over(&one.span).collect();
        if !over.is_empty() && (one.confidence < SURE || self.surely(&one.span)) {
            return;
        }
        for (begin, at) in over {
            self.spans.remove(&begin);
            self.found[at].confidence = 0.0;
        }
        self.spans.insert(one.span.start, (one.span.end, self.found.len()));
        self.found.push(one);
    }

    /// Leaves out what gave way.
    fn end(self) {
        let (mut at, before) = (0, self.before);
        self.found.retain(|one| {
            at += 1;
            at <= before || one.confidence > 0.0
        });
    }
}

/// A token; of the prefix that words have too, only one with a digit.
fn secret(text: &str) -> Option<f64> {
    let word = text.starts_with("sk-") && !text.bytes().any(|byte| byte.is_ascii_digit());
    (!word).then_some(0.95)
}

/// Whether the finding is not a piece of something longer. A full stop after an address ends a sentence.
fn free(text: &str, span: &Range<usize>, edge: fn(char) -> bool) -> bool {
    let before = text[..span.start].chars().next_back().is_some_and(edge);
    let mut rest = text[span.end..].chars();
    let after = match rest.next() {
        Some('.') => rest.next().is_some_and(|c| c.is_ascii_digit() && edge('.')),
        Some(c) => edge(c),
        None => false,
    };
    !before && !after
}

/// An e-mail address; one under a name reserved for examples (RFC 2606) reaches nobody.
fn email(text: &str) -> Option<f64> {
    let domain = text.rsplit('@').next()?.to_ascii_lowercase();
    let reserved = ["example.com", "example.org", "example.net"].iter().any(|name| domain.ends_with(name))
        || [".test", ".example", ".invalid", ".localhost"].iter().any(|name| domain.ends_with(name));
    Some(if reserved { 0.3 } else { 0.95 })
}
