//! The tokenizers of BLEU, equal to sacrebleu's: `13a`, `intl`, `char`, `zh` and `none`.

use serde::{Deserialize, Serialize};

use super::unicode::{is_number, is_punctuation, is_space, is_symbol, lowercase};
use super::words::{Cutter, Words, char_at, char_before};

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

/// A tokenizer with the buffer that it uses again for each text.
#[derive(Debug, Default)]
pub(super) struct Tokenizing {
    lower: String,
}

impl Tokenizing {
    /// Writes the words of `text` to `words`.
    pub fn tokenize(&mut self, tokenizer: Tokenizer, lower: bool, text: &str, words: &mut Words) {
        if lower {
            lowercase(text, &mut self.lower);
        }
        let mut text = if lower { &self.lower } else { text }.trim_end_matches(is_space);
        if tokenizer == Tokenizer::Zh {
            text = text.trim_start_matches(is_space);
        }
        words.clear();
        if tokenizer == Tokenizer::V13a && text.as_bytes().iter().any(|byte| matches!(byte, b'<' | b'&' | b'\n')) {
            words.text.extend_from_slice(unescape(text).as_bytes());
        } else {
            words.text.extend_from_slice(text.as_bytes());
        }
        match tokenizer {
            Tokenizer::V13a => WESTERN.part(words),
            Tokenizer::Zh => CHINESE.part(words),
            Tokenizer::Intl => INTERNATIONAL.part(words),
            Tokenizer::Char => words.split_chars(),
            Tokenizer::None => words.split(),
        }
    }
}

/// What mteval does before it looks at punctuation: joins broken words and resolves four entities, in this order.
fn unescape(text: &str) -> String {
    let text = text.replace("<skipped>", "").replace("-\n", "").replace('\n', " ");
    text.replace("&quot;", "\"").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
}

// What a character is to a tokenizer. 0 is one that words are made of.

/// White space.
const SPACE: u8 = 1;
/// A mark that is always a word of its own.
const ALONE: u8 = 2;
/// A mark that stays with a number, as in `3.14`.
const POINT: u8 = 3;
/// A mark that is parted from a number before it, as in `5-3`.
const DASH: u8 = 4;
/// The first byte of a character beyond ASCII.
const BEYOND: u8 = 5;

/// Where texts are parted.
struct Marks {
    ascii: [u8; 256],
    beyond: fn(char) -> u8,
    is_number: fn(char) -> bool,
    /// Whether either end of the text is as if a space stood there.
    padded: bool,
}

/// mteval's for Western languages: apostrophe, comma, hyphen and full stop do not always stand alone.
static WESTERN: Marks = Marks {
    ascii: ascii(false),
    beyond: |c| if is_space(c) { SPACE } else { 0 },
    is_number: |c| c.is_ascii_digit(),
    padded: true,
};

static CHINESE: Marks = Marks {
    beyond: |c| match c {
        c if is_space(c) => SPACE,
        c if is_chinese(c) => ALONE,
        _ => 0,
    },
    padded: false,
    ascii: ascii(false),
    is_number: |c| c.is_ascii_digit(),
};

/// Unicode's: punctuation stays with numbers, symbols stand alone.
static INTERNATIONAL: Marks = Marks {
    ascii: ascii(true),
    beyond: |c| match c {
        c if is_space(c) => SPACE,
        c if is_punctuation(c) => POINT,
        c if is_symbol(c) => ALONE,
        _ => 0,
    },
    is_number,
    padded: false,
};

const fn ascii(international: bool) -> [u8; 256] {
    let mut classes = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        classes[at] = match byte {
            0xc0.. => BEYOND,
            0x80.. => 0,
            _ if is_space(byte as char) => SPACE,
            b'$' | b'+' | b'<' | b'=' | b'>' | b'^' | b'`' | b'|' | b'~' => ALONE,
            _ if international && byte.is_ascii_punctuation() => POINT,
            b'.' | b',' => POINT,
            b'-' => DASH,
            b'\'' => 0,
            _ if byte.is_ascii_punctuation() => ALONE,
            _ => 0,
        };
        at += 1;
    }
    classes
}

impl Marks {
    /// Finds the words of the text in `words`.
    ///
    /// What the references do in passes over the whole text, one for each rule, is decided here at each mark: no rule can
    /// see what another put in except next to a mark that both are about.
    fn part(&self, words: &mut Words) {
        let mut done = 0;
        words.part(0, &self.ascii, |cutter, at, _| {
            if at < done {
                return;
            }
            let (class, end) = self.class(cutter.text, at);
            match class {
                SPACE => cutter.drop(at, end),
                POINT => done = self.part_points(cutter, at),
                ALONE => cutter.single(at, end),
                DASH if char_before(cutter.text, at).is_some_and(self.is_number) => cutter.single(at, end),
                _ => {}
            }
        });
    }

    /// Parts a run of points from each other and from what is around them; says where it ends.
    ///
    /// First each point that follows what is no number is set apart together with that, from left to right; as a point is
    /// no number, in a run every second one is. Then every other that is not followed by a number is set apart as well.
    fn part_points(&self, cutter: &mut Cutter<'_>, start: usize) -> usize {
        let text = cutter.text;
        let after_number = self.is_number(char_before(text, start));
        let mut end = self.class(text, start).1;
        if !after_number || !self.is_number(char_at(text, end)) {
            cutter.cut(start);
        }
        let mut apart = !after_number;
        while let (POINT, next) = self.class(text, end) {
            cutter.cut(end);
            end = next;
            apart = !apart;
        }
        if apart || !self.is_number(char_at(text, end)) {
            cutter.cut(end);
        }
        end
    }

    /// The class of the character that begins at `at`, and where it ends.
    fn class(&self, text: &[u8], at: usize) -> (u8, usize) {
        let Some(byte) = text.get(at) else { return (0, at) };
        match self.ascii[*byte as usize] {
            BEYOND => char_at(text, at).map_or((0, at + 1), |c| ((self.beyond)(c), at + c.len_utf8())),
            class => (class, at + 1),
        }
    }

    fn is_number(&self, neighbour: Option<char>) -> bool {
        neighbour.map_or(!self.padded, self.is_number)
    }
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
