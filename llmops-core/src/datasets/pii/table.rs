//! The table of what is looked for by pattern: what a finding is made of, where it may stand, and which words make it sure.

use std::ops::Range;

use super::context::{Column, near};
use super::marks::Marks;
use super::words::{
    OF_ADDRESS, OF_CARD, OF_DE_LICENSE, OF_ID, OF_KR_LICENSE, OF_NUMBER, OF_PASSPORT, OF_PHONE, OF_SSN, OF_US_LICENSE,
    OF_VERSION,
};
use super::{PiiType, edges, numbers, secrets};

/// How a pattern is used.
#[derive(Clone, Copy)]
pub(super) struct Spec {
    /// A text that cannot hold it is not searched.
    pub(super) needs: fn(&Marks) -> bool,
    /// Whether a text, or the name of its column, must hold a word for it to be searched: one of `WORDS`.
    pub(super) worded: bool,
    /// The part of what the pattern takes that is meant.
    pub(super) part: fn(&str) -> Option<Range<usize>>,
    pub(super) judge: fn(&str) -> Option<f64>,
    /// Whether it may stand there.
    pub(super) stands: fn(&str, &Range<usize>) -> bool,
    /// Whether it is of no use without a word beside it.
    pub(super) weak: bool,
    pub(super) beside: Option<Beside>,
}

/// Words of which one near, or in the name of the column, makes a finding surer.
#[derive(Clone, Copy)]
pub(super) struct Beside {
    pub(super) words: &'static [&'static str],
    pub(super) confidence: f64,
    /// How far they may stand, in characters.
    reach: usize,
    /// Words of which none may stand as near: they say that it is something else.
    unless: &'static [&'static str],
}

/// How far a word may stand from most findings, in characters.
pub(super) const NEAR: usize = 50;

impl Beside {
    /// Whether a word says so; `named` is whether the name of the column does.
    pub(super) fn holds(&self, column: &Column<'_>, named: bool, (text, span): (&str, &Range<usize>)) -> bool {
        (named || near(text, span, self.words, self.reach))
            && !column.is_of(self.unless)
            && !near(text, span, self.unless, self.reach)
    }
}

impl Spec {
    fn new(needs: fn(&Marks) -> bool, judge: fn(&str) -> Option<f64>, stands: fn(&str, &Range<usize>) -> bool) -> Self {
        Self { needs, worded: false, part: |text| Some(0..text.len()), judge, stands, weak: false, beside: None }
    }

    /// Of what the pattern takes only this part.
    fn part(self, part: fn(&str) -> Option<Range<usize>>) -> Self {
        Self { part, ..self }
    }

    /// Only in texts that hold a word.
    fn worded(self) -> Self {
        Self { worded: true, ..self }
    }

    /// Surer, this much, beside one of these words.
    fn beside(self, words: &'static [&'static str], confidence: f64) -> Self {
        Self { beside: Some(Beside { words, confidence, reach: NEAR, unless: &[] }), ..self }
    }

    /// Not where one of these stands as near.
    fn unless(self, unless: &'static [&'static str]) -> Self {
        Self { beside: self.beside.map(|beside| Beside { unless, ..beside }), ..self }
    }

    /// Only where the word stands so near.
    fn within(self, reach: usize) -> Self {
        Self { beside: self.beside.map(|beside| Beside { reach, ..beside }), ..self }
    }

    /// Nothing at all without one of these words.
    fn only_beside(self, words: &'static [&'static str], confidence: f64) -> Self {
        Self { weak: true, ..self.worded().beside(words, confidence) }
    }
}

const URL: &str = r"(?i)[a-z][a-z0-9+.\-]{1,20}://[^\s/:@]{0,100}:[^\s/@]{1,200}@[^\s/@]{1,200}";
const TOKEN: &str = concat!(
    r"(?:AKIA|ASIA)[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{40,255}|glpat-[A-Za-z0-9_\-]{20,255}",
    r"|xox[abprs]-[A-Za-z0-9\-]{10,255}|sk-[A-Za-z0-9_\-]{20,255}|[sr]k_live_[A-Za-z0-9]{16,255}|hf_[A-Za-z0-9]{30,255}",
    r"|npm_[A-Za-z0-9]{36}|pypi-[A-Za-z0-9_\-]{50,255}|AIza[0-9A-Za-z_\-]{35}|-----BEGIN (?:[A-Z]+ ){0,3}PRIVATE KEY-----",
    r"|gsk_[A-Za-z0-9]{40,255}|pplx-[A-Za-z0-9]{40,255}|r8_[A-Za-z0-9]{37}|dapi[a-f0-9]{32}|do[opr]_v1_[a-f0-9]{64}",
    r"|GOCSPX-[A-Za-z0-9_\-]{28}|ya29\.[A-Za-z0-9_\-]{20,500}|SG\.[A-Za-z0-9_\-]{22}\.[A-Za-z0-9_\-]{43}|hv[bsr]\.[A-Za-z0-9_\-]{24,255}",
    r"|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|(?:AC|SK)[a-f0-9]{32}|[0-9]{8,10}:AA[A-Za-z0-9_\-]{33}|whsec_[A-Za-z0-9+/=]{32,255}",
    r"|https://hooks\.slack\.com/services/T[A-Z0-9]{6,12}/B[A-Z0-9]{6,12}/[A-Za-z0-9]{20,30}",
    r"|eyJ[A-Za-z0-9_\-]{10,2000}\.eyJ[A-Za-z0-9_\-]{10,2000}\.[A-Za-z0-9_\-]{10,2000}",
);
/// A name, a sign, and a value in quotes or as far as it goes without what ends one.
const ASSIGNED: &str = concat!(
    r#"(?i-u)(?:passw(?:or)?d|pwd|passphrase|secret|(?:api|access|account|secret|private)[_\- ]?key|(?:api|auth|access|refresh)[_\- ]?token)"#,
    r#"\\?["']?\s{0,3}(?:={1,3}|=>|:=|:)\s{0,3}(?:\\?"[!#-\[\]-~]{8,500}|\\?'[!-&(-\[\]-~]{8,500}|[A-Za-z0-9!#$%*+\-./:=?@^_~]{8,500})"#,
    r#"|authorization\\?["']?\s{0,3}[:=]\s{0,3}\\?["']?(?:bearer|basic|token)\s{1,3}[A-Za-z0-9+/=_\-.~]{16,2000}"#,
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
/// Five of the family name, filled up with 9, the decade, month and day of birth, women's months with 50 more, the year, two
/// initials, a digit and two check letters: the driver number of the DVLA.
const UK_LICENSE: &str = concat!(
    r"[A-Z][A-Z9]{4}[0-9](?:0[1-9]|1[0-2]|5[1-9]|6[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]",
    r"(?:[A-Z][A-Z9]|99)[0-9][A-Z]{2}",
);
/// Where it was given, a serial, a check digit and which copy it is.
const DE_LICENSE: &str = r"[A-Z][0-9]{2}[0-9A-Z]{6}[0-9][0-9A-Z]";
const KR_LICENSE: &str = r"[12][0-9]-[0-9]{2}-[0-9]{6}-[0-9]{2}";
const PHONE_INTERNATIONAL: &str = r"\+[1-9][0-9]{0,2}[ .\-]?(?:\([0-9]{1,4}\)[ .\-]?)?[0-9]{1,4}(?:[ .\-]?[0-9]{1,4}){1,6}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?";
const PHONE_KOREAN: &str = r"01[016789][ .\-]?[0-9]{3,4}[ .\-]?[0-9]{4}|0(?:2|[3-6][1-5]|70)-[0-9]{3,4}-[0-9]{4}";
const PHONE_AMERICAN: &str =
    r"(?:(?:001|1)[ .\-])?(?:\([0-9]{3}\) ?|[0-9]{3}[.\-])[0-9]{3}[.\-][0-9]{4}(?: ?(?:x|ext\.?) ?[0-9]{1,6})?";
/// Ten digits as in North America, or with the 0 that an area code begins with elsewhere.
const PHONE_BARE: &str = concat!(
    r"1?[2-9][0-9]{2}[2-9][0-9]{6}|[2-9][0-9]{2} [2-9][0-9]{2} [0-9]{4}|0[1-9](?:[ .\-][0-9]{2}){4}",
    r"|0[1-9][0-9]{1,4}[ /\-][0-9]{3,8}(?:[ \-][0-9]{2,6}){0,3}|0[1-9][0-9]{7,10}",
);

/// How far a word may stand from a telephone number of bare digits.
const CALLED: usize = 20;

/// One pattern with its kind. The earlier, the more specific: where two overlap, the earlier one stands.
pub(super) type Entry = (PiiType, &'static str, Spec);

pub(super) fn table() -> Vec<Entry> {
    let mut table = by_form();
    table.extend(numbered());
    table.extend(worded());
    table
}

/// What is told by its form.
fn by_form() -> Vec<Entry> {
    let iban: fn(&str) -> Option<f64> = |text| numbers::iban(text).map(|_| 0.97);
    // The pattern may take the next word along.
    let of_iban: fn(&str) -> Option<Range<usize>> = |text| numbers::iban(text).map(|length| 0..length);
    let assigned: fn(&Marks) -> bool = |m| m.digits > 0 && m.equals + m.colons > 0;
    vec![
        (PiiType::UrlCredentials, URL, Spec::new(|m| m.at && m.colons >= 2, |_| Some(0.95), edges::anywhere)),
        (PiiType::Secret, TOKEN, Spec::new(|m| m.long || m.dashes >= 10, secrets::token, edges::as_word)),
        (
            PiiType::Secret,
            ASSIGNED,
            Spec::new(assigned, secrets::assigned, edges::as_value).part(secrets::value).worded(),
        ),
        (PiiType::Email, EMAIL, Spec::new(|m| m.at, email, edges::as_email)),
        (PiiType::Iban, IBAN, Spec::new(|m| m.digits >= 7, iban, edges::as_word).part(of_iban)),
    ]
}

/// Numbers that carry a proof of themselves.
fn numbered() -> Vec<Entry> {
    vec![
        (PiiType::KrResidentNumber, KR_RESIDENT, Spec::new(|m| m.digits >= 13, numbers::kr_resident, edges::as_number)),
        (
            PiiType::KrDriversLicense,
            KR_LICENSE,
            Spec::new(|m| m.digits >= 12 && m.dashes >= 3, numbers::kr_license, edges::as_code)
                .beside(OF_KR_LICENSE, 0.9),
        ),
        (
            PiiType::UsDriversLicense,
            UK_LICENSE,
            Spec::new(|m| m.digits >= 7 && m.capitals, numbers::uk_license, edges::as_code),
        ),
        (
            PiiType::CreditCard,
            CARD,
            Spec::new(|m| m.digits >= 13, numbers::card, edges::as_card).beside(OF_CARD, 0.95).unless(OF_ID),
        ),
        (
            PiiType::UsSsn,
            SSN,
            Spec::new(|m| m.digits >= 9 && m.dashes >= 2, numbers::us_ssn, edges::as_code).beside(OF_SSN, 0.95),
        ),
        (
            PiiType::IpAddress,
            IPV4,
            Spec::new(|m| m.digits >= 4 && m.dots >= 3, numbers::ipv4, edges::as_ipv4)
                .beside(OF_ADDRESS, 0.8)
                .unless(OF_VERSION),
        ),
        (PiiType::IpAddress, IPV6, Spec::new(|m| m.joints, numbers::ipv6, edges::as_ipv6)),
        (
            PiiType::Phone,
            PHONE_INTERNATIONAL,
            Spec::new(|m| m.plus && m.digits >= 8, numbers::phone_international, edges::as_international),
        ),
        (PiiType::Phone, PHONE_KOREAN, Spec::new(|m| m.digits >= 9, numbers::phone_korean, edges::as_code)),
        (PiiType::Phone, PHONE_AMERICAN, Spec::new(|m| m.digits >= 10, numbers::phone_american, edges::as_code)),
    ]
}

/// What only a word beside it tells.
fn worded() -> Vec<Entry> {
    let code = |needs: fn(&Marks) -> bool, judge: fn(&str) -> Option<f64>| Spec::new(needs, judge, edges::as_code);
    let nine: fn(&Marks) -> bool = |m| m.digits >= 9;
    let seven: fn(&Marks) -> bool = |m| m.digits >= 7;
    let four: fn(&Marks) -> bool = |m| m.digits >= 4;
    let any: fn(&str) -> Option<f64> = |_| Some(numbers::DOUBTFUL);
    let phone = Spec::new(nine, numbers::phone_bare, edges::as_bare_phone);
    vec![
        (PiiType::UsSsn, SSN_BARE, code(nine, numbers::us_ssn_bare).only_beside(OF_SSN, 0.85)),
        (PiiType::Passport, PASSPORT, code(four, numbers::four_digits).only_beside(OF_PASSPORT, 0.8)),
        (PiiType::UsDriversLicense, DE_LICENSE, code(four, numbers::four_digits).only_beside(OF_DE_LICENSE, 0.8)),
        (PiiType::UsDriversLicense, US_LICENSE, code(seven, any).only_beside(OF_US_LICENSE, 0.7)),
        (PiiType::Phone, PHONE_BARE, phone.only_beside(OF_PHONE, 0.75).unless(OF_NUMBER).within(CALLED)),
    ]
}

/// An e-mail address; one under a name reserved for examples (RFC 2606) reaches nobody.
fn email(text: &str) -> Option<f64> {
    let domain = text.rsplit('@').next()?.to_ascii_lowercase();
    let reserved = ["example.com", "example.org", "example.net"].iter().any(|name| domain.ends_with(name))
        || [".test", ".example", ".invalid", ".localhost"].iter().any(|name| domain.ends_with(name));
    Some(if reserved { numbers::NOBODY } else { 0.95 })
}
