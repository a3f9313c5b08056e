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
    spare: String,
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
            Tokenizer::Char | Tokenizer::None => words.text.push_str(text),
        }
        match tokenizer {
            Tokenizer::Char => words.split_chars(),
            _ => words.split(),
        }
        self.lower = lowered;
    }

    fn v13a(&mut self, text: &str, out: &mut String) {
        self.spare.clear();
        self.spare.push(' ');
        if text.contains(['<', '&', '\n']) {
            self.spare.push_str(&unescape(text));
        } else {
            self.spare.push_str(text);
        }
        self.spare.push(' ');
        self.western(out);
    }

    fn zh(&mut self, text: &str, out: &mut String) {
        self.spare.clear();
        surround(text, &mut self.spare, is_chinese);
        self.western(out);
    }

    /// Parts `spare` at punctuation as mteval does for Western languages, pass by pass: each pass reads what the one
    /// before wrote, and looks at no character twice.
    fn western(&mut self, out: &mut String) {
        surround(&self.spare, out, is_western_mark);
        if out.as_bytes().iter().any(|byte| matches!(byte, b'.' | b',')) {
            self.next(out, |text, out| part_after(text, out, |c| !c.is_ascii_digit(), is_point));
            self.next(out, |text, out| part_before(text, out, is_point, |c| !c.is_ascii_digit()));
        }
        if out.as_bytes().contains(&b'-') {
            self.next(out, |text, out| part_after(text, out, |c| c.is_ascii_digit(), |c| c == '-'));
        }
    }

    fn intl(&mut self, text: &str, out: &mut String) {
        part_after(text, out, |c| !is_number(c), is_punctuation);
        self.next(out, |text, out| part_before(text, out, is_punctuation, |c| !is_number(c)));
        self.next(out, |text, out| surround(text, out, is_symbol));
    }

    fn next(&mut self, out: &mut String, pass: impl Fn(&str, &mut String)) {
        std::mem::swap(&mut self.spare, out);
        out.clear();
        pass(&self.spare, out);
    }
}

/// What mteval does before it looks at punctuation: joins broken words and resolves four entities, in this order.
fn unescape(text: &str) -> String {
    let text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    text.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

/// The marks that always stand alone; apostrophe, comma, hyphen and full stop are not among them. (mteval's set has the
/// space as well, which changes nothing.)
fn is_western_mark(c: char) -> bool {
    matches!(c, '{'..='~' | '['..='`' | '!'..='&' | '('..='+' | ':'..='@' | '/')
}

fn is_point(c: char) -> bool {
    matches!(c, '.' | ',')
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
fn surround(text: &str, out: &mut String, mark: impl Fn(char) -> bool) {
    for c in text.chars() {
        if mark(c) {
            out.push(' ');
            out.push(c);
            out.push(' ');
        } else {
            out.push(c);
        }
    }
}

/// Puts spaces around `second` where it follows `first`.
fn part_after(text: &str, out: &mut String, first: impl Fn(char) -> bool, second: impl Fn(char) -> bool) {
    let mut chars = text.chars();
    let mut held = chars.next();
    while let Some(c) = held {
        out.push(c);
        held = chars.next();
        if let Some(mark) = held.filter(|next| second(*next) && first(c)) {
            out.push(' ');
            out.push(mark);
            out.push(' ');
            held = chars.next();
        }
    }
}

/// Puts spaces around `first` where `second` follows it.
fn part_before(text: &str, out: &mut String, first: impl Fn(char) -> bool, second: impl Fn(char) -> bool) {
    let mut chars = text.chars();
    let mut held = chars.next();
    while let Some(c) = held {
        held = chars.next();
        match held.filter(|next| first(c) && second(*next)) {
            Some(next) => {
                out.push(' ');
                out.push(c);
                out.push(' ');
                out.push(next);
                held = chars.next();
            }
            None => out.push(c),
        }
    }
}
