//! Where a finding may stand: that it is not a piece of something longer.

use std::ops::Range;

/// As far back as an address is followed to its beginning, in bytes.
const AUTHORITY: usize = 200;

pub(super) fn anywhere(_: &str, _: &Range<usize>) -> bool {
    true
}

/// By itself among words.
pub(super) fn as_word(text: &str, span: &Range<usize>) -> bool {
    free(text, span, word)
}

/// By itself, and not the user of an address, as in `https://user@host.com`.
pub(super) fn as_email(text: &str, span: &Range<usize>) -> bool {
    as_word(text, span) && !in_authority(text, span.start)
}

/// A number by itself.
pub(super) fn as_number(text: &str, span: &Range<usize>) -> bool {
    free(text, span, word) && !in_number(text, span)
}

/// The same, and not behind a `+`: that is a telephone number.
pub(super) fn as_card(text: &str, span: &Range<usize>) -> bool {
    free(text, span, |c| word(c) || c == '+') && !in_number(text, span)
}

/// A number by itself, with or without letters, that no dash goes on with.
pub(super) fn as_code(text: &str, span: &Range<usize>) -> bool {
    free(text, span, dashed) && !in_number(text, span)
}

/// A telephone number that begins with its country.
pub(super) fn as_international(text: &str, span: &Range<usize>) -> bool {
    free(text, span, |c| c.is_ascii_digit()) && !in_number(text, span)
}

/// A telephone number of nothing but digits.
pub(super) fn as_bare_phone(text: &str, span: &Range<usize>) -> bool {
    free(text, span, |c| dashed(c) || matches!(c, '+' | '#')) && !in_number(text, span)
}

pub(super) fn as_ipv4(text: &str, span: &Range<usize>) -> bool {
    free(text, span, |c| word(c) || c == '.')
}

pub(super) fn as_ipv6(text: &str, span: &Range<usize>) -> bool {
    free(text, span, |c| word(c) || c == ':')
}

/// A value of a program's text that is none of its calls or fields.
pub(super) fn as_value(text: &str, span: &Range<usize>) -> bool {
    !text[span.end..].starts_with(['(', '[', '{', '$', '<'])
}

fn word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn dashed(c: char) -> bool {
    word(c) || c == '-'
}

/// Whether none of these stands right before or after. A full stop after a finding ends a sentence.
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

/// Whether its digits go on as those of a number do: behind a decimal point, before one, or into an exponent.
fn in_number(text: &str, span: &Range<usize>) -> bool {
    let (of, before, after) = (&text[span.clone()], &text[..span.start], &text.as_bytes()[span.end..]);
    let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
    // The stop of `no.4111` and the dots of `..4111` are no decimal point.
    let point = before.strip_suffix('.').is_some_and(|whole| !whole.ends_with(|c: char| c.is_alphabetic() || c == '.'));
    let goes_on = match after.first() {
        Some(b'.') => digit(after.get(1)),
        Some(b'e' | b'E') => {
            let signed = matches!(after.get(1), Some(b'+' | b'-'));
            digit(after.get(if signed { 2 } else { 1 }))
        }
        _ => false,
    };
    of.starts_with(|c: char| c.is_ascii_digit()) && point || digit(of.as_bytes().last()) && goes_on
}

/// Whether what begins here belongs to the part of an address before its host.
fn in_authority(text: &str, at: usize) -> bool {
    let before = &text.as_bytes()[at.saturating_sub(AUTHORITY)..at];
    let Some(slashes) = before.windows(3).rposition(|three| three == b"://") else { return false };
    let user = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+;=:".contains(byte);
    before[slashes + 3..].iter().all(user)
}

/// Whether all of a text is a number of JSON with a fraction or an exponent: a measure, whatever its digits look like.
pub(super) fn is_fraction(text: &str) -> bool {
    let text = text.trim();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = unsigned.split_once(['e', 'E']).map_or((unsigned, None), |(m, e)| (m, Some(e)));
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let exponent_holds = exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    digits(whole) && fraction.is_none_or(digits) && exponent_holds && (fraction.is_some() || exponent.is_some())
}
