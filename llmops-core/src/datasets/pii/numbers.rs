//! Numbers that carry a proof of themselves: check digits, dates, ranges. Each judge says how sure it is, or not at all.

/// The digits of a text.
fn digits(text: &str) -> Vec<u32> {
    text.chars().filter_map(|c| c.to_digit(10)).collect()
}

/// How sure is what no word makes surer: it reaches nobody, or proves that it is something else.
pub(super) const NOBODY: f64 = 0.3;
/// How sure is what only a word beside it makes sure.
pub(super) const DOUBTFUL: f64 = 0.4;

/// A payment card: the first digits and the length of a network that issues such, with Luhn's check digit. One in forty numbers
/// that are drawn is that too; of lengths that are seldom issued it is doubtful, unless the digits stand in groups.
pub(super) fn card(text: &str) -> Option<f64> {
    let digits = digits(text);
    let varied = digits.iter().any(|digit| *digit != digits[0]);
    if !(13..=19).contains(&digits.len()) || !varied || !luhn(&digits) {
        return None;
    }
    let (head, length) = (digits[0] * 1000 + digits[1] * 100 + digits[2] * 10 + digits[3], digits.len());
    let issued = match head {
        // Visa.
        4000..=4999 => matches!(length, 13 | 16 | 19),
        // Mastercard.
        5100..=5599 | 2221..=2720 => length == 16,
        // American Express.
        3400..=3499 | 3700..=3799 => length == 15,
        // JCB and Discover.
        3528..=3589 | 6011 | 6440..=6599 => length == 16,
        // UnionPay.
        6200..=6299 => length >= 16,
        // Diners Club.
        3000..=3059 | 3600..=3699 | 3800..=3999 => matches!(length, 14 | 16),
        // Maestro.
        5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763 => true,
        _ => false,
    };
    let usual = (14..=16).contains(&length) || text.contains([' ', '-']);
    Some(match (issued, usual) {
        (true, true) => 0.95,
        (true, false) => DOUBTFUL,
        (false, _) => NOBODY,
    })
}

/// ISO/IEC 7812-1, annex B.
fn luhn(digits: &[u32]) -> bool {
    let doubled = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let sum: u32 =
        digits.iter().rev().enumerate().map(|(at, digit)| if at % 2 == 1 { doubled(*digit) } else { *digit }).sum();
    sum.is_multiple_of(10)
}

/// A Korean resident registration number: a date of birth, a digit for sex and century, and a check digit, which numbers
/// given since October 2020 no longer have.
pub(super) fn kr_resident(text: &str) -> Option<f64> {
    const WEIGHTS: [u32; 12] = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
    let d = digits(text);
    if d.len() != 13 || !(1..=8).contains(&d[6]) || !is_day(d[2] * 10 + d[3], d[4] * 10 + d[5]) {
        return None;
    }
    let sum: u32 = d.iter().zip(WEIGHTS).map(|(digit, weight)| digit * weight).sum();
    // Foreigners' numbers, 5 to 8, add two.
    let base = if d[6] >= 5 { 13 } else { 11 };
    if (base - sum % 11) % 10 == d[12] {
        return Some(0.97);
    }
    text.contains('-').then_some(0.6)
}

fn is_day(month: u32, day: u32) -> bool {
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 29,
        _ => 0,
    };
    (1..=days).contains(&day)
}

/// A social security number of the United States, by the ranges that are never given.
pub(super) fn us_ssn(text: &str) -> Option<f64> {
    let (area, group, serial) = (text.get(..3)?, text.get(4..6)?, text.get(7..)?);
    let given = area != "000" && area != "666" && !area.starts_with('9') && group != "00" && serial != "0000";
    given.then_some(0.85)
}

/// The same without dashes.
pub(super) fn us_ssn_bare(text: &str) -> Option<f64> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    us_ssn(&format!("{}-{}-{}", digits.get(..3)?, digits.get(3..5)?, digits.get(5..9)?)).map(|_| DOUBTFUL)
}

/// Anything with four digits.
pub(super) fn four_digits(text: &str) -> Option<f64> {
    (text.bytes().filter(u8::is_ascii_digit).count() >= 4).then_some(DOUBTFUL)
}

/// A British driver number; a short family name is filled up with 9, behind which no letter follows.
pub(super) fn uk_license(text: &str) -> Option<f64> {
    let filled = text.get(..5)?.trim_end_matches('9');
    (!filled.contains('9')).then_some(0.8)
}

/// A Korean driver's licence: the region that gave it, the year, a serial number, a check digit of two places.
pub(super) fn kr_license(text: &str) -> Option<f64> {
    let region: u32 = text.get(..2)?.parse().ok()?;
    (matches!(region, 11..=26 | 28)).then_some(0.45)
}

/// The countries that have IBANs, and how long theirs are.
const IBANS: &str = "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29 \
    ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 \
    LT20 LU20 LV21 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25 QA29 RO24 RS22 SA24 SC31 SE24 SI19 \
    SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20";

/// How many bytes at the beginning of `text` are an IBAN: the country's length, and 1 modulo 97 (ISO 13616).
pub(super) fn iban(text: &str) -> Option<usize> {
    let country = text.get(..2)?;
    let known = IBANS.split(' ').find(|known| known.starts_with(country))?;
    let length: usize = known.get(2..)?.parse().ok()?;
    let mut taken = String::new();
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if c != ' ' {
            taken.push(c);
            end = at + 1;
        }
        if taken.len() == length {
            break;
        }
    }
    let goes_on = text[end..].starts_with(|c: char| c.is_ascii_alphanumeric());
    if taken.len() != length || goes_on {
        return None;
    }
    let (head, tail) = taken.split_at(4);
    let remainder = tail.chars().chain(head.chars()).try_fold(0u32, |rest, c| {
        let value = c.to_digit(36)?;
        Some(if value < 10 { (rest * 10 + value) % 97 } else { (rest * 100 + value) % 97 })
    })?;
    (remainder == 1).then_some(end)
}

/// An IPv4 address; those of private networks reach nobody, and four small numbers may be a version.
pub(super) fn ipv4(text: &str) -> Option<f64> {
    let octets: Vec<u8> = text
        .split('.')
        .map(|part| if part.len() > 1 && part.starts_with('0') { None } else { part.parse().ok() })
        .collect::<Option<_>>()?;
    Some(match octets[..] {
        [0 | 10 | 127 | 255, ..] | [192, 168, ..] | [169, 254, ..] | [172, 16..=31, ..] => NOBODY,
        [a, b, c, d] if [a, b, c, d].iter().all(|octet| *octet < 20) => DOUBTFUL,
        _ => 0.8,
    })
}

/// An IPv6 address. Those of a link, a site or documentation reach nobody, and one without a digit may be a path of names.
pub(super) fn ipv6(text: &str) -> Option<f64> {
    let address: std::net::Ipv6Addr = text.parse().ok()?;
    let groups = address.segments();
    let open = groups[0] & 0xE000 == 0x2000 && groups[..2] != [0x2001, 0x0DB8];
    let written = text.split(':').filter(|group| !group.is_empty()).count();
    Some(if open && written >= 3 && text.bytes().any(|byte| byte.is_ascii_digit()) { 0.8 } else { NOBODY })
}

/// A telephone number written with its country, 8 to 15 digits (E.164), with or without an extension.
pub(super) fn phone_international(text: &str) -> Option<f64> {
    (8..=15).contains(&digits(dialled(text)).len()).then_some(0.85)
}

/// A telephone number without its extension.
fn dialled(text: &str) -> &str {
    text.split(['x', 'e']).next().unwrap_or_default()
}

/// A Korean mobile or landline number.
pub(super) fn phone_korean(text: &str) -> Option<f64> {
    let separated = text.contains(['-', '.', ' ']);
    Some(if separated { 0.85 } else { 0.6 })
}

/// A number of the North American plan: neither area nor exchange begins with 0 or 1.
pub(super) fn phone_american(text: &str) -> Option<f64> {
    let d = digits(dialled(text));
    let d = d.strip_prefix(&[0, 0, 1]).or(d.strip_prefix(&[1])).unwrap_or(&d);
    (d.len() == 10 && d[0] > 1 && d[3] > 1).then_some(0.75)
}

/// The digits of a telephone number without its country: of North America as above, or with the 0 before an area code.
pub(super) fn phone_bare(text: &str) -> Option<f64> {
    let holds =
        if text.starts_with('0') { (9..=12).contains(&digits(text).len()) } else { phone_american(text).is_some() };
    holds.then_some(DOUBTFUL)
}
