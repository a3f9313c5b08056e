//! What makes a text a secret: its form, or what it is said to be the value of.

use std::ops::Range;

/// How sure a value is that is given to a name such as `password`.
const ASSIGNED: f64 = 0.8;
/// The shortest password and the shortest key.
const PASSWORD: usize = 8;
const KEY: usize = 16;
/// Bits for each character of a key, by how often its characters come in it (Shannon 1948). Sixteen hexadecimal digits that are
/// drawn have 3.2 in the mean; one of 200 has fewer than this.
const KEY_BITS: f64 = 2.6;
/// Different characters of a password.
const VARIED: usize = 5;
/// What a secret is to take the place of, or where it is kept, wherever that stands in a value.
const ELSEWHERE: [&str; 8] = ["${", "{{", "<", "%(", "://", "****", "....", "xxxx"];
/// Words that say the same, in small letters, at the head of a word.
const STAND_INS: [&str; 10] =
    ["password", "passwd", "secret", "change", "example", "placeholder", "your", "redacted", "dummy", "getenv"];

/// A token; of the prefix that words have too, only one with a digit.
pub(super) fn token(text: &str) -> Option<f64> {
    let word = text.starts_with("sk-") && !text.bytes().any(|byte| byte.is_ascii_digit());
    (!word).then_some(0.95)
}

/// Whatever [`value`] let pass.
pub(super) fn assigned(_: &str) -> Option<f64> {
    Some(ASSIGNED)
}

/// The secret in `name = value`, `"name": "value"` or `Authorization: Bearer value`, unless the value is a name itself, a
/// type, or stands for what is to be filled in.
pub(super) fn value(hit: &str) -> Option<Range<usize>> {
    let sign = hit.find(['=', ':'])?;
    let name = hit[..sign].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\'));
    let mut rest =
        hit[sign..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '=' | ':' | '>' | '"' | '\'' | '\\'));
    let ends = |of: &str| name.get(name.len().saturating_sub(of.len())..).is_some_and(|e| e.eq_ignore_ascii_case(of));
    if ends("authorization") {
        rest = rest.split_once(char::is_whitespace)?.1.trim_start();
    }
    let start = hit.len() - rest.len();
    let quoted = hit[..start].ends_with(['"', '\'']);
    let value = if quoted { rest } else { rest.trim_end_matches(['.', ':', '?']) };
    let password = ["password", "passwd", "pwd", "passphrase"].iter().any(|of| ends(of));
    let holds = if password { is_password(value, quoted) } else { is_key(value, ends("authorization")) };
    (holds && !stands_in(value) && !is_path(value)).then_some(start..start + value.len())
}

fn stands_in(value: &str) -> bool {
    let small = value.to_ascii_lowercase();
    let heads = |word: &str| {
        let before = |at: usize| small[..at].chars().next_back();
        small.match_indices(word).any(|(at, _)| !before(at).is_some_and(|c| c.is_ascii_alphanumeric()))
    };
    small.starts_with(['$', '%', '{', '[', '('])
        || ELSEWHERE.iter().any(|one| small.contains(one))
        || STAND_INS.iter().any(|word| heads(word))
}

/// A place of a file, or a field such as `settings.API_KEY_2`.
fn is_path(value: &str) -> bool {
    let named = |part: &str| {
        part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    };
    value.starts_with(['/', '~', '.']) || value.contains('.') && value.split('.').all(named)
}

/// A key that a machine made: long, varied, of letters and digits that spell nothing. In the header of a request letters are
/// enough, great and small.
fn is_key(value: &str, in_header: bool) -> bool {
    let Found { upper, lower, digits, .. } = Found::of(value);
    let of_keys = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=_-.~".contains(&byte);
    value.len() >= KEY
        && value.bytes().all(of_keys)
        && upper + lower >= 2
        && (digits >= 2 || in_header && upper >= 2 && lower >= 2)
        && bits(value) >= KEY_BITS
        && !is_name(value)
}

/// A password as people choose it. Without quotes it may be a name as well: such a one has its digits at the end, or in one
/// place among small letters.
fn is_password(value: &str, quoted: bool) -> bool {
    let Found { upper, lower, digits, others } = Found::of(value);
    let varied = value.chars().collect::<std::collections::BTreeSet<char>>().len();
    let stem = value.trim_end_matches(|c: char| c.is_ascii_digit());
    let numbered = value.len() - stem.len() <= 3 && stem.bytes().all(|b| b.is_ascii_alphabetic() || b == b'_');
    let places = value.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty()).count();
    let chosen = places > 1 || others > 0 || upper > 0 && lower > 0;
    value.len() >= PASSWORD
        && varied >= VARIED
        && digits > 0
        && upper + lower > 0
        && (quoted || chosen && !numbered)
        && !is_name(value)
}

/// How many characters of each kind.
struct Found {
    upper: usize,
    lower: usize,
    digits: usize,
    others: usize,
}

impl Found {
    fn of(value: &str) -> Self {
        let count = |is: fn(&u8) -> bool| value.bytes().filter(is).count();
        let (upper, lower) = (count(u8::is_ascii_uppercase), count(u8::is_ascii_lowercase));
        let digits = count(u8::is_ascii_digit);
        Self { upper, lower, digits, others: value.len() - upper - lower - digits }
    }
}

/// Words with dashes or the like between them, all of one case and of few digits: `db-credentials-v1`, `API_KEY_V2_PROD`.
fn is_name(value: &str) -> bool {
    let Found { upper, lower, digits, .. } = Found::of(value);
    let parts: Vec<&str> = value.split(['-', '_', '.']).collect();
    let whole = parts.len() > 1 && parts.iter().all(|part| !part.is_empty());
    whole && (upper == 0 || lower == 0) && digits * 3 < value.len()
}

/// Bits of information for each character.
fn bits(value: &str) -> f64 {
    let mut counts = [0u32; 256];
    value.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let all = value.len() as f64;
    let share = |count: &u32| f64::from(*count) / all;
    -counts.iter().filter(|count| **count > 0).map(share).map(|share| share * share.log2()).sum::<f64>()
}
