//! What a text holds, counted once: it spares most texts most of the patterns.

/// Counts of one byte each are what a processor does many at a time.
pub(super) struct Marks {
    pub(super) digits: usize,
    pub(super) dots: usize,
    pub(super) dashes: usize,
    pub(super) colons: usize,
    pub(super) equals: usize,
    pub(super) at: bool,
    pub(super) plus: bool,
    pub(super) capitals: bool,
    pub(super) hangul: bool,
    /// Whether so much stands without white space.
    pub(super) long: bool,
    /// Whether colons stand as in an IPv6 address.
    pub(super) joints: bool,
}

/// The shortest token.
const LONG: usize = 15;

impl Marks {
    pub(super) fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let colons = count(bytes, |byte| byte == b':');
        Self {
            digits: count(bytes, |byte| byte.is_ascii_digit()),
            dots: count(bytes, |byte| byte == b'.'),
            dashes: count(bytes, |byte| byte == b'-'),
            colons,
            equals: count(bytes, |byte| byte == b'='),
            at: bytes.contains(&b'@'),
            plus: bytes.contains(&b'+'),
            capitals: count(bytes, |byte| byte.is_ascii_uppercase()) >= 2,
            hangul: count(bytes, |byte| (0xEA..=0xED).contains(&byte)) > 0,
            long: has_run(bytes, LONG),
            joints: colons >= 7 || colons >= 2 && text.contains("::"),
        }
    }
}

/// How many bytes are such. Counted in bytes for as long as one can hold the count, so that many are looked at at once.
fn count(bytes: &[u8], is: impl Fn(u8) -> bool) -> usize {
    let of = |piece: &[u8]| piece.iter().fold(0u8, |sum, byte| sum + u8::from(is(*byte)));
    bytes.chunks(u8::MAX.into()).map(|piece| usize::from(of(piece))).sum()
}

/// Whether `most` bytes stand together without white space. Looks at every so many bytes, and closer where there is none.
pub(super) fn has_run(bytes: &[u8], most: usize) -> bool {
    let mut last = most - 1;
    while last < bytes.len() {
        let window = &bytes[last + 1 - most..=last];
        match window.iter().rposition(u8::is_ascii_whitespace) {
            Some(at) => last += at + 1,
            None => return true,
        }
    }
    false
}
