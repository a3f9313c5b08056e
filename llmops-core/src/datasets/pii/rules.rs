//! Finding by patterns, each finding judged by what it is made of.

use std::collections::BTreeMap;
use std::ops::Range;

use regex::Regex;

use super::{PiiDetector, PiiMatch, PiiType, numbers};
use crate::base::{Error, Result};

/// One pattern. The earlier in the table, the more specific: where two overlap, the earlier one stands.
struct Rule {
    kind: PiiType,
    pattern: Regex,
    /// A text that cannot hold it is not searched.
    needs: fn(&Marks) -> bool,
    judge: fn(&str) -> Option<f64>,
    /// What may not stand right before and after.
    edge: fn(char) -> bool,
}

/// What a text holds, seen in one look; it spares most texts most of the patterns.
#[derive(Default)]
struct Marks {
    digits: usize,
    dots: usize,
    dashes: usize,
    colons: usize,
    at: bool,
    plus: bool,
    /// The longest run without white space.
    word: usize,
}

impl Marks {
    fn of(text: &str) -> Self {
        let (mut marks, mut run) = (Self::default(), 0);
        for byte in text.bytes() {
            run = if byte.is_ascii_whitespace() { 0 } else { run + 1 };
            marks.word = marks.word.max(run);
            match byte {
                b'0'..=b'9' => marks.digits += 1,
                b'.' => marks.dots += 1,
                b'-' => marks.dashes += 1,
                b':' => marks.colons += 1,
                b'@' => marks.at = true,
                b'+' => marks.plus = true,
                _ => {}
            }
        }
        marks
    }
}

/// Finds by rules; see the table.
pub struct RuleDetector {
    rules: Vec<Rule>,
    types: Vec<PiiType>,
}

const URL: &str = r"(?i)[a-z][a-z0-9+.\-]{1,20}://[^\s/:@]{1,100}:[^\s/@]{1,200}@[^\s/@]{1,200}";
const SECRET: &str = concat!(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_\-]{20,255}",
    r"|xox[abprs]-[A-Za-z0-9\-]{10,255}|sk-[A-Za-z0-9_\-]{20,255}|[sr]k_live_[A-Za-z0-9]{16,255}|hf_[A-Za-z0-9]{30,255}",
    r"|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_\-]{50,255}|AIza[0-9A-Za-z_\-]{35}|-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----",
    r"|eyJ[A-Za-z0-9_\-]{10,2000}\.eyJ[A-Za-z0-9_\-]{10,2000}\.[A-Za-z0-9_\-]{10,2000}",
);
const EMAIL: &str =
    r"(?i)[a-z0-9](?:[a-z0-9._%+'\-]{0,62}[a-z0-9_+\-])?@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}";
const IBAN: &str = r"[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?";
const KR_RESIDENT: &str = r"[0-9]{6}[\- ]?[1-8][0-9]{6}";
const CARD: &str = r"[0-9]{4}[ \-][0-9]{6}[ \-][0-9]{5}|[0-9]{4}[ \-][0-9]{4}[ \-][0-9]{4}[ \-][0-9]{1,7}|[0-9]{13,19}";
const SSN: &str = r"[0-9]{3}-[0-9]{2}-[0-9]{4}";
const IPV4: &str = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}";
const PHONE_INTERNATIONAL: &str =
    r"\+[1-9][0-9]{0,2}[ .\-]?(?:\([0-9]{1,4}\)[ .\-]?)?[0-9]{1,4}(?:[ .\-]?[0-9]{2,4}){1,4}";
const PHONE_KOREAN: &str = r"01[016789][ .\-]?[0-9]{3,4}[ .\-]?[0-9]{4}|0(?:2|[3-6][1-5]|70)-[0-9]{3,4}-[0-9]{4}";
const PHONE_AMERICAN: &str = r"(?:\([0-9]{3}\) ?|[0-9]{3}[.\-])[0-9]{3}[.\-][0-9]{4}";

impl RuleDetector {
    /// A detector for these kinds.
    ///
    /// # Errors
    /// `unexpected` when a pattern is not one, which its tests rule out.
    pub fn new(types: &[PiiType]) -> Result<Self> {
        let rule = |kind, pattern, needs, judge, edge| -> Result<Rule> {
            let pattern = Regex::new(pattern)
                .map_err(|e| Error::unexpected("a rule for personal data is no pattern").caused_by(e))?;
            Ok(Rule { kind, pattern, needs, judge, edge })
        };
        let iban = |text: &str| numbers::iban(text).map(|_| 0.97);
        let rules = vec![
            rule(PiiType::UrlCredentials, URL, |m| m.at && m.colons >= 2, |_| Some(0.95), |_| false)?,
            rule(PiiType::Secret, SECRET, |m| m.word >= 15 || m.dashes >= 10, secret, word)?,
            rule(PiiType::Email, EMAIL, |m| m.at, email, word)?,
            rule(PiiType::Iban, IBAN, |m| m.digits >= 7, iban, word)?,
            rule(PiiType::KrResidentNumber, KR_RESIDENT, |m| m.digits >= 13, numbers::kr_resident, word)?,
            rule(PiiType::CreditCard, CARD, |m| m.digits >= 13, numbers::card, word)?,
            rule(PiiType::UsSsn, SSN, |m| m.digits >= 9 && m.dashes >= 2, numbers::us_ssn, dashed)?,
            rule(PiiType::IpAddress, IPV4, |m| m.digits >= 4 && m.dots >= 3, numbers::ipv4, dotted)?,
            rule(
                PiiType::Phone,
                PHONE_INTERNATIONAL,
                |m| m.plus && m.digits >= 8,
                numbers::phone_international,
                |c| c.is_ascii_digit(),
            )?,
            rule(PiiType::Phone, PHONE_KOREAN, |m| m.digits >= 9, numbers::phone_korean, dashed)?,
            rule(PiiType::Phone, PHONE_AMERICAN, |m| m.digits >= 10, numbers::phone_american, dashed)?,
        ];
        Ok(Self { rules, types: types.to_vec() })
    }
}

impl PiiDetector for RuleDetector {
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
        let (marks, mut taken) = (Marks::of(text), BTreeMap::new());
        for rule in self.rules.iter().filter(|rule| self.types.contains(&rule.kind)) {
            if !(rule.needs)(&marks) {
                continue;
            }
            for hit in rule.pattern.find_iter(text) {
                let mut span = hit.range();
                if rule.kind == PiiType::Iban {
                    // The pattern may take the next word along.
                    let Some(length) = numbers::iban(hit.as_str()) else { continue };
                    span.end = span.start + length;
                }
                let Some(confidence) = (rule.judge)(&text[span.clone()]) else { continue };
                if free(text, &span, rule) && !overlaps(&taken, &span) {
                    taken.insert(span.start, span.end);
                    found.push(PiiMatch::new(rule.kind, span, confidence));
                }
            }
        }
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

/// Whether some of these bytes are taken already; `taken` holds the end of each span by its start.
fn overlaps(taken: &BTreeMap<usize, usize>, span: &Range<usize>) -> bool {
    taken.range(..span.end).next_back().is_some_and(|(_, end)| *end > span.start)
}

/// A token; of the prefix that words have too, only one with a digit.
fn secret(text: &str) -> Option<f64> {
    let word = text.starts_with("sk-") && !text.bytes().any(|byte| byte.is_ascii_digit());
    (!word).then_some(0.95)
}

/// Whether the finding is not a piece of something longer. A full stop after an address ends a sentence.
fn free(text: &str, span: &Range<usize>, rule: &Rule) -> bool {
    let before = text[..span.start].chars().next_back().is_some_and(rule.edge);
    let mut rest = text[span.end..].chars();
    let after = match rest.next() {
        Some('.') => rest.next().is_some_and(|c| c.is_ascii_digit() && (rule.edge)('.')),
        Some(c) => (rule.edge)(c),
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
