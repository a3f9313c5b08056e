//! Finding by patterns, each finding judged by what it is made of.

use regex::Regex;

use super::{PiiDetector, PiiMatch, PiiType, numbers};
use crate::base::{Error, Result};

/// One pattern. The earlier in the table, the more specific: where two overlap, the earlier one stands.
struct Rule {
    kind: PiiType,
    pattern: Regex,
    /// A text without any of these bytes is not searched.
    needs: fn(u8) -> bool,
    judge: fn(&str) -> Option<f64>,
    /// What may not stand right before and after.
    edge: fn(char) -> bool,
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
        let digit = |byte: u8| byte.is_ascii_digit();
        let at = |byte: u8| byte == b'@';
        let any = |byte: u8| matches!(byte, b'_' | b'-' | b'.') || byte.is_ascii_uppercase();
        let rule = |kind, pattern, needs, judge, edge| -> Result<Rule> {
            let pattern = Regex::new(pattern)
                .map_err(|e| Error::unexpected("a rule for personal data is no pattern").caused_by(e))?;
            Ok(Rule { kind, pattern, needs, judge, edge })
        };
        let iban = |text: &str| numbers::iban(text).map(|_| 0.97);
        let rules = vec![
            rule(PiiType::UrlCredentials, URL, at, |_| Some(0.95), |_| false)?,
            rule(PiiType::Secret, SECRET, any, |_| Some(0.95), word)?,
            rule(PiiType::Email, EMAIL, at, email, word)?,
            rule(PiiType::Iban, IBAN, digit, iban, word)?,
            rule(PiiType::KrResidentNumber, KR_RESIDENT, digit, numbers::kr_resident, word)?,
            rule(PiiType::CreditCard, CARD, digit, numbers::card, word)?,
            rule(PiiType::UsSsn, SSN, digit, numbers::us_ssn, dashed)?,
            rule(PiiType::IpAddress, IPV4, digit, numbers::ipv4, dotted)?,
            rule(
                PiiType::Phone,
                PHONE_INTERNATIONAL,
                |byte| byte == b'+',
                numbers::phone_international,
                |c| c.is_ascii_digit(),
            )?,
            rule(PiiType::Phone, PHONE_KOREAN, digit, numbers::phone_korean, dashed)?,
            rule(PiiType::Phone, PHONE_AMERICAN, digit, numbers::phone_american, dashed)?,
        ];
        Ok(Self { rules, types: types.to_vec() })
    }
}

impl PiiDetector for RuleDetector {
    fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
        let first = found.len();
        for rule in self.rules.iter().filter(|rule| self.types.contains(&rule.kind)) {
            if !text.bytes().any(rule.needs) {
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
                let taken = found[first..].iter().any(|m| m.span.start < span.end && span.start < m.span.end);
                if !taken && free(text, &span, rule) {
                    found.push(PiiMatch { kind: rule.kind, span, confidence });
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

/// Whether the finding is not a piece of something longer. A full stop after an address ends a sentence.
fn free(text: &str, span: &std::ops::Range<usize>, rule: &Rule) -> bool {
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
