//! A page's header: what the page says that it is, and how much room it will take.

use parquet::file::reader::ChunkReader;

use super::thrift::{Walk, kind};
use super::window::Window;
use super::{format, unreadable};
use crate::base::{Error, Result};

/// How long a header is, and how long at most, with the least and the greatest value of its page in it.
const USUAL: u64 = 8 << 10;
const MOST: u64 = 1 << 20;
/// Elements of its lists; it has none of its own.
const ELEMENTS: usize = 1000;

/// What a page is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PageKind {
    Data,
    Dictionary,
}

/// What a header says.
#[derive(Debug)]
pub(super) struct Header {
    /// Bytes of the header itself.
    pub length: u64,
    /// What the page is.
    pub kind: PageKind,
    /// Bytes behind the header.
    pub packed: u64,
    /// Bytes that they become.
    pub unpacked: u64,
    /// Of these, those at the beginning that are never compressed.
    pub plain: u64,
    /// Whether the others are compressed.
    pub compressed: bool,
    /// Values, absent ones counted.
    pub values: u64,
    /// Whether lengths are read all at once.
    pub differences: bool,
}

#[derive(Default)]
struct Said {
    kind: Option<i64>,
    /// The field of the part that stands about this kind of page.
    about: Option<i64>,
    unpacked: Option<i64>,
    packed: Option<i64>,
    values: Option<i64>,
    encoding: Option<i64>,
    levels: [i64; 2],
    uncompressed: bool,
}

impl Header {
    /// Reads the header that begins here.
    ///
    /// # Errors
    /// `invalid` when there is none, or it says what cannot be.
    pub(super) fn read(window: &Window, at: u64, left: u64) -> Result<Self> {
        let mut look = USUAL;
        loop {
            let length = usize::try_from(left.min(look)).unwrap_or(usize::MAX);
            let bytes = window.get_bytes(at, length).map_err(|e| spoilt().caused_by(e))?;
            match parse(&bytes) {
                Some(header) => return header,
                None if look < left.min(MOST) => look = MOST,
                None => return Err(spoilt()),
            }
        }
    }
}

fn spoilt() -> Error {
    unreadable("a page's header is spoilt")
}

/// `None`: the bytes end before the header does, or are none.
fn parse(bytes: &[u8]) -> Option<Result<Header>> {
    format::check(&mut Walk::new(bytes, ELEMENTS), format::PAGE)?;
    let mut said = Said::default();
    let mut walk = Walk::new(bytes, ELEMENTS);
    walk.fields(&mut |walk, field, kind| {
        match (field, kind) {
            (1, 5) => said.kind = Some(walk.number()?),
            (2, 5) => said.unpacked = Some(walk.number()?),
            (3, 5) => said.packed = Some(walk.number()?),
            (5 | 7 | 8, kind::STRUCT) => {
                // A second one could be read instead of the first.
                said.about.replace(field).is_none().then_some(())?;
                page(walk, field, &mut said)?;
            }
            _ => return Some(false),
        }
        Some(true)
    })?;
    let length = walk.at() as u64;
    Some(header(&said, length).ok_or_else(spoilt))
}

/// What stands about a data page, a dictionary, or a data page of the second kind.
fn page(walk: &mut Walk<'_>, which: i64, said: &mut Said) -> Option<()> {
    let encoding = if which == 8 { 4 } else { 2 };
    walk.fields(&mut |walk, field, kind| {
        match (field, kind) {
            (1, 5) => said.values = Some(walk.number()?),
            (at, 5) if at == encoding => said.encoding = Some(walk.number()?),
            (5, 5) if which == 8 => said.levels[0] = walk.number()?,
            (6, 5) if which == 8 => said.levels[1] = walk.number()?,
            (7, 2) if which == 8 => {
                said.uncompressed = true;
                return Some(false);
            }
            _ => return Some(false),
        }
        Some(true)
    })
}

fn header(said: &Said, length: u64) -> Option<Header> {
    let size = |number: Option<i64>| u64::try_from(number?).ok().filter(|size| *size <= i32::MAX as u64);
    let kind = match (said.kind?, said.about?) {
        (0, 5) | (3, 8) => PageKind::Data,
        (2, 7) => PageKind::Dictionary,
        _ => return None,
    };
    let levels = said.levels.map(|level| size(Some(level)));
    let plain = levels[0]?.checked_add(levels[1]?)?;
    let (packed, unpacked) = (size(said.packed)?, size(said.unpacked)?);
    (plain <= unpacked).then_some(Header {
        length,
        kind,
        packed,
        unpacked,
        plain,
        compressed: !said.uncompressed,
        values: size(said.values)?,
        differences: matches!(said.encoding?, 6 | 7),
    })
}
