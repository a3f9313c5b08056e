//! Packs: many pieces of files one after the other, each packed by itself behind a head of eight bytes, as clients of Xet send
//! them (they say xorbs of chunks): files are put together of runs of such pieces. The head is a 0, the packed length in three
//! bytes, how the piece is packed, and its length in three bytes, in little endian.

use std::io::Read;

use bytes::{Buf, Bytes, BytesMut};

use crate::base::{Error, Result};

/// The largest pack: 64 MiB of pieces that do not pack any smaller, and their heads.
pub(super) const PACK_BYTES: u64 = 72 << 20;
/// The longest list of the runs that a file is put together of.
pub(super) const RUNS_BYTES: u64 = 32 << 20;
/// The most pieces of a pack: clients cut none under 8 KiB but the last of a file.
const PIECES: usize = 64 << 10;
/// The largest piece: clients cut at 128 KiB.
const PIECE_BYTES: usize = 1 << 20;
const HEAD: usize = 8;
/// With this what older clients write behind the pieces begins: where each lies, which is found without it.
const TAIL: u8 = b'X';

/// A run of pieces of a pack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// The pack's name.
    pub(super) pack: String,
    /// The first piece.
    pub(super) from: usize,
    /// The piece before which it ends.
    pub(super) to: usize,
}

/// What a head says.
struct Head {
    packed: usize,
    way: u8,
    bytes: usize,
}

impl Head {
    fn of(head: [u8; HEAD]) -> Result<Self> {
        let [form, a, b, c, way, x, y, z] = head;
        let length = |bytes: [u8; 3]| bytes.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        let said = Self { packed: length([a, b, c]), way, bytes: length([x, y, z]) };
        match said {
            _ if form != 0 => Err(broken("a piece is of another form than 0")),
            Self { packed: 0, .. } | Self { bytes: 0, .. } => Err(broken("a piece is empty")),
            Self { packed, bytes, .. } if packed.max(bytes) > PIECE_BYTES => Err(broken("a piece is over 1 MiB")),
            Self { way: 0..=2, .. } => Ok(said),
            _ => Err(broken("a piece is packed in a way that is not known")),
        }
    }
}

/// Finds where the pieces of a pack begin while its bytes go by.
#[derive(Default)]
pub(super) struct Walk {
    /// Where each piece begins, and where the last one ends.
    starts: Vec<u64>,
    head: Vec<u8>,
    skip: usize,
    place: u64,
    wrong: Option<Error>,
    in_tail: bool,
}

impl Walk {
    /// Looks at the bytes that come next.
    pub(super) fn see(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() && !self.in_tail && self.wrong.is_none() {
            let passed = self.skip.min(bytes.len());
            (self.skip, self.place, bytes) = (self.skip - passed, self.place + passed as u64, &bytes[passed..]);
            if self.skip > 0 || bytes.is_empty() {
                continue;
            }
            self.in_tail = self.head.is_empty() && bytes[0] == TAIL;
            let wanted = if self.in_tail { 0 } else { (HEAD - self.head.len()).min(bytes.len()) };
            self.head.extend_from_slice(&bytes[..wanted]);
            bytes = &bytes[wanted..];
            if let Ok(head) = <[u8; HEAD]>::try_from(self.head.as_slice()) {
                self.head.clear();
                self.begin(head);
            }
        }
    }

    fn begin(&mut self, head: [u8; HEAD]) {
        match Head::of(head) {
            Ok(_) if self.starts.len() == PIECES => self.wrong = Some(broken("it has over 65,536 pieces")),
            Ok(head) => {
                self.starts.push(self.place);
                self.place += HEAD as u64;
                self.skip = head.packed;
            }
            Err(error) => self.wrong = Some(error),
        }
    }

    /// Where each piece begins, and where the last one ends.
    ///
    /// # Errors
    /// `invalid` when the bytes are no pack.
    pub(super) fn end(&mut self) -> Result<Vec<u64>> {
        if let Some(error) = self.wrong.take() {
            return Err(error);
        }
        if self.skip > 0 || !self.head.is_empty() {
            return Err(broken("its last piece is cut off"));
        }
        if self.starts.is_empty() {
            return Err(broken("it has no pieces"));
        }
        self.starts.push(self.place);
        Ok(std::mem::take(&mut self.starts))
    }
}

/// Takes the next piece off bytes that were read; none while it is not all there.
pub(super) fn unpack_next(read: &mut BytesMut) -> Result<Option<Bytes>> {
    let Some(head) = read.first_chunk::<HEAD>() else { return Ok(None) };
    let head = Head::of(*head)?;
    if read.len() < HEAD + head.packed {
        return Ok(None);
    }
    read.advance(HEAD);
    let packed = read.split_to(head.packed).freeze();
    let piece = match head.way {
        0 => packed,
        1 => unpacked(&packed, head.bytes)?.into(),
        _ => ungrouped(&unpacked(&packed, head.bytes)?).into(),
    };
    if piece.len() == head.bytes {
        Ok(Some(piece))
    } else {
        Err(broken("a piece has another length than its head says"))
    }
}

/// What LZ4's frames hold, of which no more is made than was said.
fn unpacked(packed: &[u8], bytes: usize) -> Result<Vec<u8>> {
    let mut made = Vec::with_capacity(bytes);
    let frames = lz4_flex::frame::FrameDecoder::new(packed);
    let read = frames.take(bytes as u64 + 1).read_to_end(&mut made);
    read.map_err(|cause| broken("a piece cannot be unpacked").caused_by(cause))?;
    Ok(made)
}

/// Numbers of four bytes whose first bytes come all before their second ones, and so on, as numbers again.
fn ungrouped(grouped: &[u8]) -> Vec<u8> {
    let mut made = vec![0; grouped.len()];
    let mut rest = grouped;
    for first in 0..4 {
        let (group, others) = rest.split_at((grouped.len() + 3 - first) / 4);
        made.iter_mut().skip(first).step_by(4).zip(group).for_each(|(to, from)| *to = *from);
        rest = others;
    }
    made
}

/// The runs that a file is put together of: a line `PACK FROM TO` each.
///
/// # Errors
/// `invalid` with the number of the line that is none.
pub(super) fn runs(text: &[u8]) -> Result<Vec<Run>> {
    let lines = text.split(|byte| *byte == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    let read = lines.map(|(at, line)| {
        run(line).ok_or_else(|| {
            Error::invalid("file", format!("must hold runs of pieces; line {} is none", at + 1))
                .code("invalid_runs")
                .hint("write `PACK FROM TO`: the pack's name, its first piece counted from 0, and the piece before which the run ends")
        })
    });
    read.collect()
}

fn run(line: &[u8]) -> Option<Run> {
    let mut words = std::str::from_utf8(line).ok()?.trim_end().split(' ');
    let run =
        Run { pack: words.next()?.to_owned(), from: words.next()?.parse().ok()?, to: words.next()?.parse().ok()? };
    (is_name(&run.pack) && run.from < run.to && words.next().is_none()).then_some(run)
}

/// Whether this can be a pack's name.
pub(super) fn is_name(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Bytes that are no pack.
pub(super) fn broken(why: &str) -> Error {
    Error::invalid("file", format!("must be a pack: {why}"))
        .code("broken_pack")
        .hint("send it again as the client packed it, or send the file as it is")
}

#[cfg(test)]
mod tests;
