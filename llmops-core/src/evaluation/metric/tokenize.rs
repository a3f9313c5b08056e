//! The tokenizers of BLEU, equal to sacrebleu's: `13a`, `intl`, `char`, `zh` and `none`.

use serde::{Deserialize, Serialize};

use super::unicode::{is_number, is_punctuation, is_space, is_symbol, lowercase};
use super::words::Words;

/// How BLEU parts a text into words. The names are sacrebleu's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub enum Tokenizer {
    /// That of NIST's `mteval-v13a`, which WMT uses. For languages written in Latin, Greek or Cyrillic letters.
    #[default]
    #[serde(rename = "13a")]
    V13a,
    /// That of `mteval-v14` with Unicode's punctuation and symbols.
    #[serde(rename = "intl")]
    Intl,
    /// Every character is a word.
    #[serde(rename = "char")]
    Char,
    /// Every Chinese character is a word; the rest as in `13a`.
    #[serde(rename = "zh")]
    Zh,
    /// Words are what white space parts.
    #[serde(rename = "none")]
    None,
}

impl Tokenizer {
    /// The name as it stands in the signature.
    pub fn name(self) -> &'static str {
        match self {
            Self::V13a => "13a",
            Self::Intl => "intl",
            Self::Char => "char",
            Self::Zh => "zh",
            Self::None => "none",
        }
    }
}

/// A tokenizer with the buffers that it uses again for each text.
#[derive(Debug, Default)]
pub(super) struct Tokenizing {
    lower: String,
    spare: Vec<u8>,
    chars: Vec<char>,
    spare_chars: Vec<char>,
}

impl Tokenizing {
    /// Writes the words of `text` to `words`.
    pub fn tokenize(&mut self, tokenizer: Tokenizer, lower: bool, text: &str, words: &mut Words) {
        let mut lowered = std::mem::take(&mut self.lower);
        if lower {
            lowercase(text, &mut lowered);
        }
        let text = if lower { &lowered } else { text }.trim_end_matches(is_space);
        words.clear();
        match tokenizer {
            Tokenizer::V13a => self.v13a(text, &mut words.text),
            Tokenizer::Intl => self.intl(text, &mut words.text),
            Tokenizer::Zh => self.zh(text.trim_start_matches(is_space), &mut words.text),
            Tokenizer::Char | Tokenizer::None => words.text.extend_from_slice(text.as_bytes()),
        }
        match tokenizer {
            Tokenizer::Char => words.split_chars(),
            _ => words.split(),
        }
        self.lower = lowered;
    }

    fn v13a(&mut self, text: &str, out: &mut Vec<u8>) {
        self.spare.clear();
        self.spare.push(b' ');
        if text.as_bytes().iter().any(|byte| matches!(byte, b'<' | b'&' | b'\n')) {
            self.spare.extend_from_slice(unescape(text).as_bytes());
        } else {
            self.spare.extend_from_slice(text.as_bytes());
        }
        self.spare.push(b' ');
        self.western(out);
    }

    fn zh(&mut self, text: &str, out: &mut Vec<u8>) {
        self.chars.clear();
        self.chars.extend(text.chars());
        self.spare_chars.clear();
        surround(&self.chars, &mut self.spare_chars, ' ', is_chinese);
        self.spare.clear();
        encode(&self.spare_chars, &mut self.spare);
        self.western(out);
    }

    /// Parts `spare` at punctuation as mteval does for Western languages. All that is parted at is ASCII, and what a mark
    /// stands beside is asked of the byte beside it, which for any other character is no digit either.
    fn western(&mut self, out: &mut Vec<u8>) {
        surround(&self.spare, out, b' ', |byte| is(byte, WESTERN));
        if out.iter().any(|byte| is(*byte, POINT)) {
            next(&mut self.spare, out, |text, out| {
                part_after(text, out, b' ', |byte| !byte.is_ascii_digit(), |byte| is(byte, POINT));
            });
            next(&mut self.spare, out, |text, out| {
                part_before(text, out, b' ', |byte| is(byte, POINT), |byte| !byte.is_ascii_digit());
            });
        }
        if out.contains(&b'-') {
            next(&mut self.spare, out, |text, out| {
                part_after(text, out, b' ', |byte| byte.is_ascii_digit(), |byte| byte == b'-');
            });
        }
    }

    fn intl(&mut self, text: &str, out: &mut Vec<u8>) {
        if text.is_ascii() {
            part_after(text.as_bytes(), out, b' ', |byte| !byte.is_ascii_digit(), |byte| is(byte, PUNCTUATION));
            next(&mut self.spare, out, |text, out| {
                part_before(text, out, b' ', |byte| is(byte, PUNCTUATION), |byte| !byte.is_ascii_digit());
            });
            next(&mut self.spare, out, |text, out| surround(text, out, b' ', |byte| is(byte, SYMBOL)));
            return;
        }
        let (chars, spare) = (&mut self.chars, &mut self.spare_chars);
        spare.clear();
        spare.extend(text.chars());
        chars.clear();
        part_after(spare, chars, ' ', |c| !is_number(c), is_punctuation);
        next(spare, chars, |text, out| part_before(text, out, ' ', is_punctuation, |c| !is_number(c)));
        next(spare, chars, |text, out| surround(text, out, ' ', is_symbol));
        encode(chars, out);
    }
}

/// One pass after another: each reads what the one before wrote.
fn next<T>(spare: &mut Vec<T>, out: &mut Vec<T>, pass: impl Fn(&[T], &mut Vec<T>)) {
    std::mem::swap(spare, out);
    out.clear();
    pass(spare, out);
}

fn encode(chars: &[char], out: &mut Vec<u8>) {
    chars.iter().for_each(|c| out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()));
}

/// What mteval does before it looks at punctuation: joins broken words and resolves four entities, in this order.
fn unescape(text: &str) -> String {
    let text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    text.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

/// The marks that always stand alone; apostrophe, comma, hyphen and full stop are not among them. (mteval's set has the
/// space as well, which changes nothing.)
const WESTERN: u8 = 1;
const POINT: u8 = 2;
/// Unicode's general category P, of ASCII.
const PUNCTUATION: u8 = 4;
/// Unicode's general category S, of ASCII.
const SYMBOL: u8 = 8;

static CLASSES: [u8; 256] = {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 128 {
        let byte = at as u8;
        if matches!(byte, b'{'..=b'~' | b'['..=b'`' | b'!'..=b'&' | b'('..=b'+' | b':'..=b'@' | b'/') {
            classes[at] |= WESTERN;
        }
        if matches!(byte, b'.' | b',') {
            classes[at] |= POINT;
        }
        if byte.is_ascii_punctuation() {
            classes[at] |= match byte {
                b'$' | b'+' | b'<' | b'=' | b'>' | b'^' | b'`' | b'|' | b'~' => SYMBOL,
                _ => PUNCTUATION,
            };
        }
        at += 1;
    }
    classes
};

fn is(byte: u8, class: u8) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// sacrebleu's ranges. The first and the third reach far beyond Chinese: it writes two supplementary ranges with four
/// hexadecimal digits, and equal scores matter more here than fewer characters.
fn is_chinese(c: char) -> bool {
    matches!(c, '\u{2001}'..='\u{2a6d}' | '\u{2e80}'..='\u{2eff}' | '\u{2f00}'..='\u{2fdf}' | '\u{2ff0}'..='\u{2fff}'
        | '\u{3000}'..='\u{303f}' | '\u{3100}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' | '\u{31c0}'..='\u{31ef}'
        | '\u{3200}'..='\u{33ff}' | '\u{3400}'..='\u{4db5}' | '\u{4e00}'..='\u{9fbb}' | '\u{f900}'..='\u{fa2d}'
        | '\u{fa30}'..='\u{fa6a}' | '\u{fa70}'..='\u{fad9}' | '\u{fe10}'..='\u{fe1f}' | '\u{fe30}'..='\u{fe4f}'
        | '\u{ff00}'..='\u{ffef}')
}

/// Puts a space on both sides of every character that `mark` accepts.
fn surround<T: Copy>(text: &[T], out: &mut Vec<T>, space: T, mark: impl Fn(T) -> bool) {
    let mut from = 0;
    for (at, c) in text.iter().enumerate().filter(|(_, c)| mark(**c)) {
        out.extend_from_slice(&text[from..at]);
        out.extend([space, *c, space]);
        from = at + 1;
    }
    out.extend_from_slice(&text[from..]);
}

/// Puts spaces around `second` where it follows `first`. A pair begins behind the one before.
fn part_after<T: Copy>(text: &[T], out: &mut Vec<T>, space: T, first: impl Fn(T) -> bool, second: impl Fn(T) -> bool) {
    let mut from = 0;
    for (at, c) in text.iter().enumerate().filter(|(_, c)| second(**c)) {
        if at > from && first(text[at - 1]) {
            out.extend_from_slice(&text[from..at]);
            out.extend([space, *c, space]);
            from = at + 1;
        }
    }
    out.extend_from_slice(&text[from..]);
}

/// Puts spaces around `first` where `second` follows it. A pair begins behind the one before.
fn part_before<T: Copy>(text: &[T], out: &mut Vec<T>, space: T, first: impl Fn(T) -> bool, second: impl Fn(T) -> bool) {
    let mut from = 0;
    for (at, c) in text.iter().enumerate().filter(|(_, c)| first(**c)) {
        if let Some(next) = text.get(at + 1).filter(|next| at >= from && second(**next)) {
            out.extend_from_slice(&text[from..at]);
            out.extend([space, *c, space, *next]);
            from = at + 2;
        }
    }
    out.extend_from_slice(&text[from.min(text.len())..]);
}
