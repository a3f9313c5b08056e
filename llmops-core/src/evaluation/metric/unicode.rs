//! Character classes as the reference implementations see them: those of Python and of its `regex` module.

use std::sync::{LazyLock, OnceLock};

use regex::RegexSet;

/// A letter: general category L.
const LETTER: u8 = 1;
/// A number: general category N.
const NUMBER: u8 = 2;
/// Punctuation: general category P.
const PUNCTUATION: u8 = 4;
/// A symbol: general category S.
const SYMBOL: u8 = 8;

const PAGE: usize = 256;
const PAGES: usize = 0x11_0000 / PAGE;

/// The classes of 256 neighbouring characters, looked up once; texts touch few of these pages.
static CLASSES: [OnceLock<Box<[u8; PAGE]>>; PAGES] = [const { OnceLock::new() }; PAGES];

static CATEGORIES: LazyLock<Option<RegexSet>> =
    LazyLock::new(|| RegexSet::new([r"^\p{L}", r"^\p{N}", r"^\p{P}", r"^\p{S}"]).ok());

fn class(c: char) -> u8 {
    let code = c as usize;
    let page = CLASSES[code / PAGE].get_or_init(|| classify_page(code / PAGE));
    page[code % PAGE]
}

fn classify_page(page: usize) -> Box<[u8; PAGE]> {
    let mut classes = Box::new([0; PAGE]);
    let Some(categories) = CATEGORIES.as_ref() else { return classes };
    for (offset, class) in classes.iter_mut().enumerate() {
        // Surrogates are no characters and keep class 0.
        let Some(c) = char::from_u32((page * PAGE + offset) as u32) else { continue };
        *class = categories.matches(c.encode_utf8(&mut [0; 4])).iter().map(|category| 1 << category).sum();
    }
    classes
}

pub(super) fn is_number(c: char) -> bool {
    class(c) & NUMBER != 0
}

pub(super) fn is_punctuation(c: char) -> bool {
    class(c) & PUNCTUATION != 0
}

pub(super) fn is_symbol(c: char) -> bool {
    class(c) & SYMBOL != 0
}

/// What `\w` matches in Python: letters, numbers and the underscore, but no combining marks.
pub(super) fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() || c == '_' } else { class(c) & (LETTER | NUMBER) != 0 }
}

/// What `str.split` splits at in Python: Unicode's white space and the four ASCII separators.
pub(super) const fn is_space(c: char) -> bool {
    match c {
        '\t'..='\r' | '\x1c'..=' ' => true,
        c if c.is_ascii() => false,
        c => c.is_whitespace(),
    }
}

/// Lower case as Python has it, final sigma included. `into` is overwritten.
pub(super) fn lowercase(text: &str, into: &mut String) {
    into.clear();
    if text.is_ascii() {
        into.push_str(text);
        into.make_ascii_lowercase();
    } else {
        into.push_str(&text.to_lowercase());
    }
}
