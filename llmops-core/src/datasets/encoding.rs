//! Text that is not UTF-8: written anew in UTF-8 once, when it comes, so that everything behind reads one encoding.

#[cfg(test)]
mod tests;

use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Decoder, DecoderResult, Encoding, UTF_8, WINDOWS_1252};

use super::DatasetFileEncoding;
use super::format::is_foreign;
use super::unpack::{Outlet, Stop, through};
use crate::base::{ByteStream, Error, ErrorKind, Result};

/// Bytes at the beginning of a file that tell its encoding.
pub(super) const HEAD: u64 = 1 << 20;
/// Bytes read at a time.
const PIECE: usize = 64 << 10;
/// A text of which fewer than one in so many bytes is spoilt is UTF-8.
const SPOILT: usize = 1000;

/// Names of encodings that the standard of the web has no label for, and the labels.
const NAMES: [(&str, &str); 10] = [
    ("cp949", "euc-kr"),
    ("uhc", "euc-kr"),
    ("ms949", "euc-kr"),
    ("cp932", "shift_jis"),
    ("cp936", "gbk"),
    ("cp950", "big5"),
    ("latin-1", "latin1"),
    ("utf-8-sig", "utf-8"),
    ("utf-16-le", "utf-16le"),
    ("utf-16-be", "utf-16be"),
];

/// The encoding of this name.
///
/// # Errors
/// `invalid`: there is none of this name.
pub(super) fn named(label: &str) -> Result<&'static Encoding> {
    let label = label.trim().to_ascii_lowercase();
    let dashed = label.replace('_', "-");
    let known = NAMES.iter().find(|(name, _)| *name == dashed).map_or(label.as_str(), |(_, known)| known);
    [known, &dashed].iter().find_map(|label| Encoding::for_label_no_replacement(label.as_bytes())).ok_or_else(|| {
        Error::invalid("encoding", format!("names no encoding that is known: `{label}`"))
            .code("unknown_encoding")
            .hint("use a label of the WHATWG standard, as `euc-kr`, `windows-1252`, `shift_jis` or `utf-16le`")
    })
}

/// What a text is written in that is not UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    encoding: &'static Encoding,
    guessed: bool,
}

impl Written {
    /// For the file's record.
    pub(super) fn stated(self) -> DatasetFileEncoding {
        DatasetFileEncoding { name: self.encoding.name().to_ascii_lowercase(), guessed: self.guessed }
    }
}

/// What is known of a file's encoding before it is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Said {
    /// What its sender said.
    pub encoding: Option<&'static Encoding>,
    /// Whether its format is always UTF-8, so that nothing else is guessed.
    pub utf8: bool,
}

/// Tells what a text is written in: by the mark at its beginning, by what its sender said, else by its first bytes, of which
/// `whole` says that they are all. `None`: it is UTF-8, or no text.
pub(super) fn of(head: &[u8], whole: bool, said: Said) -> Option<Written> {
    let known = Encoding::for_bom(head).map(|(encoding, _)| encoding).or(said.encoding);
    if let Some(encoding) = known {
        return (encoding != UTF_8).then_some(Written { encoding, guessed: false });
    }
    match std::str::from_utf8(head) {
        Ok(_) => return None,
        // A character that is cut where the head ends.
        Err(error) if error.error_len().is_none() && !whole => return None,
        Err(_) => {}
    }
    if said.utf8 || head.contains(&0) || is_foreign(head) || is_nearly_utf8(head) {
        return None;
    }
    Some(Written { encoding: guess(head, whole), guessed: true })
}

/// What it most looks like. Where that says the same as windows-1252, which far more is written in, it is this.
fn guess(head: &[u8], whole: bool) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(head, whole);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    let text = |of: &'static Encoding| of.decode_without_bom_handling(head).0;
    let same = encoding.is_single_byte() && encoding != WINDOWS_1252 && text(encoding) == text(WINDOWS_1252);
    if same { WINDOWS_1252 } else { encoding }
}

/// Whether it is UTF-8 but for a few bytes: fewer than one in a thousand, or no more than what is not ASCII and sound. These are
/// spoilt, and no other encoding.
fn is_nearly_utf8(bytes: &[u8]) -> bool {
    let (mut sound, mut spoilt) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        sound += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        spoilt += usize::from(!chunk.invalid().is_empty());
    }
    sound >= spoilt || spoilt * SPOILT < bytes.len()
}

/// The text of a file of so many bytes in UTF-8, as it is taken.
///
/// # Errors
/// In the stream: `invalid` with the place of bytes that are no character.
pub(super) fn in_utf8(reader: Box<dyn Read + Send>, written: Written, bytes: u64) -> ByteStream {
    through(bytes, move |outlet| Reading::new(written).pass_on(reader, outlet))
}

/// A text being decoded.
struct Reading {
    written: Written,
    decoder: Decoder,
    /// Bytes that stand for nothing, of an encoding of single bytes.
    unused: Option<Box<[bool; 256]>>,
    /// Bytes decoded, and the line where the next stands.
    taken: u64,
    line: u64,
    after_return: bool,
    out: Vec<u8>,
}

impl Reading {
    fn new(written: Written) -> Self {
        Self {
            written,
            decoder: written.encoding.new_decoder_with_bom_removal(),
            unused: written.encoding.is_single_byte().then(|| unused(written.encoding)),
            taken: 0,
            line: 1,
            after_return: false,
            out: Vec::new(),
        }
    }

    fn pass_on(mut self, mut reader: Box<dyn Read + Send>, outlet: &mut Outlet) -> Result<(), Stop> {
        let mut piece = Vec::with_capacity(PIECE);
        loop {
            piece.clear();
            let read = reader.by_ref().take(PIECE as u64).read_to_end(&mut piece);
            read.map_err(|cause| Stop::Failed(unread(cause)))?;
            let last = piece.is_empty();
            self.decode(&piece, last).map_err(Stop::Failed)?;
            outlet.write(&mut self.out)?;
            if last {
                return outlet.end(self.out);
            }
        }
    }

    fn decode(&mut self, mut bytes: &[u8], last: bool) -> Result<()> {
        let at = self.unused.as_ref().and_then(|unused| bytes.iter().position(|byte| unused[usize::from(*byte)]));
        let spoilt = at.map(|at| bytes[at]);
        bytes = &bytes[..at.unwrap_or(bytes.len())];
        let mut into = vec![0; PIECE];
        loop {
            let (result, read, wrote) = self.decoder.decode_to_utf8_without_replacement(bytes, &mut into, last);
            self.taken += read as u64;
            self.count_lines(&into[..wrote]);
            self.out.extend_from_slice(&into[..wrote]);
            match result {
                DecoderResult::OutputFull => bytes = &bytes[read..],
                DecoderResult::InputEmpty => break,
                DecoderResult::Malformed(length, after) => {
                    let (length, after) = (usize::from(length), usize::from(after));
                    let end = read.saturating_sub(after);
                    let said = bytes.get(end.saturating_sub(length)..end).unwrap_or_default();
                    return Err(self.refuse(self.taken.saturating_sub((length + after) as u64), said));
                }
            }
        }
        match spoilt {
            Some(byte) => Err(self.refuse(self.taken, &[byte])),
            None => Ok(()),
        }
    }

    /// Lines end as they do when rows are read: in `\n`, `\r` or both.
    fn count_lines(&mut self, text: &[u8]) {
        for byte in text {
            self.line += u64::from(*byte == b'\r' || (*byte == b'\n' && !self.after_return));
            self.after_return = *byte == b'\r';
        }
    }

    fn refuse(&self, at: u64, bytes: &[u8]) -> Error {
        let DatasetFileEncoding { name, guessed } = self.written.stated();
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        let what = if hex.is_empty() { "what ends there".to_owned() } else { format!("0x{hex}") };
        let how = if guessed { ", which it seemed to be written in" } else { "" };
        let hint = if guessed {
            "say what it is written in: `encoding`, as `euc-kr`; `utf-8` has lines that are none reported one by one"
        } else {
            "say another `encoding`, or leave it out to have it found out"
        };
        let line = self.line;
        let rule = format!("at byte {at}, in line {line}: {what} is no character of {name}{how}");
        Error::invalid("file", format!("cannot be decoded {rule}"))
            .code("undecodable_text")
            .hint(hint)
            .details(serde_json::json!({ "offset": at, "line": line, "encoding": name, "guessed": guessed }))
    }
}

/// The bytes of an encoding of single bytes for which it has no character, or a control character that no text has.
fn unused(encoding: &'static Encoding) -> Box<[bool; 256]> {
    let mut unused = Box::new([false; 256]);
    for byte in 0x80..=0xFFu8 {
        let text = encoding.decode_without_bom_handling_and_without_replacement(std::slice::from_ref(&byte));
        unused[usize::from(byte)] = text.is_none_or(|text| text.chars().any(char::is_control));
    }
    unused
}

fn unread(cause: std::io::Error) -> Error {
    Error::new(ErrorKind::Upstream, "the file's bytes cannot be read from the store")
        .hint("see `llmops-server doctor`; the call may be repeated")
        .caused_by(cause)
}
