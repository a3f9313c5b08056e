//! Files that come compressed: unpacked once, when they come, so that everything behind sees plain rows with their places.

use std::io::{ErrorKind as IoKind, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use flate2::read::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use tokio::sync::mpsc;

use super::columnar;
use super::source::Ranges;
use crate::base::{ByteStream, Error, ErrorKind, FilePath, Result};

/// Bytes unpacked at a time, and pieces that wait to be taken.
const PIECE: usize = 256 << 10;
const WAITING: usize = 4;
/// How many times its size a file may be when unpacked, once that is more than `SMALL` bytes. Rows of text come to 3 to 30.
const RATIO: u64 = 200;
const SMALL: u64 = 64 << 20;

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// Tells it by the first bytes.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let begins = |magic: &[u8]| head.starts_with(magic);
        if begins(b"\x1F\x8B") {
            return Some(Self::Gzip);
        }
        begins(b"\x28\xB5\x2F\xFD").then_some(Self::Zstd)
    }

    /// The path of what is within: `rows.jsonl` of `rows.jsonl.gz`.
    pub(super) fn inner_path(self, path: &FilePath) -> Result<FilePath> {
        let endings: &[&str] = match self {
            Self::Gzip => &["gz", "gzip"],
            Self::Zstd => &["zst", "zstd"],
        };
        let ending = path.extension();
        match path.as_str().len().checked_sub(ending.len() + 1) {
            Some(end) if endings.contains(&ending.as_str()) => FilePath::parse(&path.as_str()[..end]),
            _ => Ok(path.clone()),
        }
    }
}

/// The bytes within a compressed file of so many bytes, unpacked on a thread of their own as they are taken.
///
/// # Errors
/// In the stream: `invalid` when it cannot be unpacked, `too_large` when it becomes more than 200 times larger.
pub(super) fn unpack(packing: Packing, reader: Box<dyn Read + Send>, packed: u64) -> ByteStream {
    through(packed, move |outlet| match packing {
        Packing::Gzip => pass_on(MultiGzDecoder::new(reader), outlet).map(drop),
        Packing::Zstd => frames(reader, outlet),
    })
}

/// The rows of a Parquet file as JSON lines, as they are taken.
///
/// # Errors
/// In the stream: `invalid` when it cannot be read, `too_large` when it would take more room than a file may.
pub(super) fn rows_of(parquet: Ranges) -> ByteStream {
    through(parquet.length, move |outlet| columnar::pass_rows(parquet, outlet))
}

/// What work on a thread of its own passes on, of a file of so many bytes.
pub(super) fn through(packed: u64, work: impl FnOnce(&mut Outlet) -> Result<(), Stop> + Send + 'static) -> ByteStream {
    let (send, receive) = mpsc::channel(WAITING);
    let mut outlet = Outlet { send, passed: 0, most: SMALL.max(packed.saturating_mul(RATIO)) };
    tokio::task::spawn_blocking(move || {
        // An end without a word would pass for the end of the file.
        let done = catch_unwind(AssertUnwindSafe(|| work(&mut outlet)))
            .unwrap_or_else(|_| Err(Stop::Failed(unreadable(std::io::Error::other("unpacking broke off")))));
        if let Err(Stop::Failed(error)) = done {
            // Whoever takes the bytes may be gone by now.
            let _ = outlet.send.blocking_send(Err(error));
        }
    });
    Box::pin(futures::stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive))))
}

/// Why unpacking ends before the end.
pub(super) enum Stop {
    /// Nobody takes the bytes any more.
    Left,
    /// They cannot be unpacked.
    Failed(Error),
}

/// Where unpacked bytes go.
pub(super) struct Outlet {
    send: mpsc::Sender<Result<Bytes>>,
    passed: u64,
    most: u64,
}

impl Outlet {
    /// An outlet for a file of so many bytes, and where they come out.
    #[cfg(test)]
    pub(super) fn of(packed: u64) -> (Self, mpsc::Receiver<Result<Bytes>>) {
        let (send, receive) = mpsc::channel(WAITING);
        (Self { send, passed: 0, most: SMALL.max(packed.saturating_mul(RATIO)) }, receive)
    }

    /// The most bytes that may come out.
    pub(super) fn most(&self) -> u64 {
        self.most
    }

    /// Tells whether nobody takes the bytes any more.
    pub(super) fn gone(&self) -> impl Fn() -> bool + Send + Sync + 'static {
        let send = self.send.clone();
        move || send.is_closed()
    }

    /// Passes these on once they are many, which leaves none.
    pub(super) fn write(&mut self, bytes: &mut Vec<u8>) -> Result<(), Stop> {
        if bytes.len() < PIECE { Ok(()) } else { self.pass(std::mem::take(bytes)) }
    }

    /// Passes on the last ones.
    pub(super) fn end(&mut self, bytes: Vec<u8>) -> Result<(), Stop> {
        if bytes.is_empty() { Ok(()) } else { self.pass(bytes) }
    }

    fn pass(&mut self, bytes: Vec<u8>) -> Result<(), Stop> {
        self.passed += bytes.len() as u64;
        if self.passed > self.most {
            return Err(Stop::Failed(
                Error::new(ErrorKind::TooLarge, format!("`file` unpacks to more than {RATIO} times its size"))
                    .field("file")
                    .code("unpacks_too_large")
                    .hint("send it uncompressed if that is what it is"),
            ));
        }
        self.send.blocking_send(Ok(bytes.into())).map_err(|_| Stop::Left)
    }
}

/// The frames of a Zstandard file, one after another.
fn frames(mut reader: Box<dyn Read + Send>, outlet: &mut Outlet) -> Result<(), Stop> {
    let mut unpacked = 0;
    loop {
        match StreamingDecoder::new(&mut reader) {
            Ok(frame) => unpacked += pass_on(frame, outlet)?,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let skipped = std::io::copy(&mut (&mut reader).take(length.into()), &mut std::io::sink());
                skipped.map_err(|cause| Stop::Failed(unreadable(cause)))?;
            }
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::MagicNumberReadError(cause)))
                if cause.kind() == IoKind::UnexpectedEof && unpacked > 0 =>
            {
                return Ok(());
            }
            Err(cause) => return Err(Stop::Failed(unreadable(std::io::Error::other(cause)))),
        }
    }
}

/// All bytes of a reader, and how many they were.
fn pass_on(mut from: impl Read, outlet: &mut Outlet) -> Result<u64, Stop> {
    let mut count = 0;
    loop {
        let mut piece = Vec::with_capacity(PIECE);
        let read = from.by_ref().take(PIECE as u64).read_to_end(&mut piece);
        read.map_err(|cause| Stop::Failed(unreadable(cause)))?;
        if piece.is_empty() {
            return Ok(count);
        }
        count += piece.len() as u64;
        outlet.pass(piece)?;
    }
}

fn unreadable(cause: std::io::Error) -> Error {
    Error::invalid("file", "cannot be unpacked")
        .code("unreadable_archive")
        .hint("compress it again, or send it uncompressed")
        .caused_by(cause)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;
    use futures::TryStreamExt;
    use proptest::prelude::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut packed = GzEncoder::new(Vec::new(), Compression::default());
        packed.write_all(bytes).unwrap();
        packed.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    async fn unpacked(packed: Vec<u8>) -> Result<Vec<u8>> {
        let packing = Packing::of(&packed).expect("it says what it is");
        let length = packed.len() as u64;
        let pieces: Vec<Bytes> = unpack(packing, Box::new(Cursor::new(packed)), length).try_collect().await?;
        Ok(pieces.concat())
    }

    #[tokio::test]
    async fn several_parts_are_one_file() {
        let text = "a,b\n1,2\n".repeat(100_000);
        for pack in [gzip, zstd] {
            let packed = [pack(text.as_bytes()), pack(b"3,4\n")].concat();
            assert_eq!(unpacked(packed).await.unwrap(), format!("{text}3,4\n").as_bytes());
        }
    }

    #[tokio::test]
    async fn parts_of_zstd_that_hold_nothing_are_skipped() {
        let skipped = [&[0x50, 0x2A, 0x4D, 0x18, 4, 0, 0, 0][..], b"note"].concat();
        let packed = [zstd(b"a\n"), skipped, zstd(b"b\n")].concat();
        assert_eq!(unpacked(packed).await.unwrap(), b"a\nb\n");
    }

    #[tokio::test]
    async fn what_is_cut_or_spoilt_is_refused() {
        let text: Vec<u8> = (0..200_000u32).flat_map(|n| (n.wrapping_mul(2_654_435_761)).to_le_bytes()).collect();
        for pack in [gzip, zstd] {
            let whole = pack(&text);
            let cut = whole[..whole.len() / 2].to_vec();
            assert_eq!(unpacked(cut).await.unwrap_err().stable_code(), "unreadable_archive");
        }
        let mut spoilt = gzip(&text);
        let last = spoilt.len() - 6;
        spoilt[last] ^= 1; // the checksum
        assert_eq!(unpacked(spoilt).await.unwrap_err().stable_code(), "unreadable_archive");
    }

    #[tokio::test]
    async fn work_that_breaks_off_is_no_end() {
        let broken = through(10, |outlet| {
            outlet.end(b"half".to_vec())?;
            panic!("as a library may")
        });
        let error = broken.try_collect::<Vec<Bytes>>().await.unwrap_err();
        assert_eq!(error.stable_code(), "unreadable_archive");
    }

    #[tokio::test]
    async fn a_bomb_is_refused_before_it_grows() {
        for pack in [gzip, zstd] {
            let error = unpacked(pack(&vec![b' '; 80 << 20])).await.unwrap_err();
            assert_eq!((error.kind(), error.stable_code()), (ErrorKind::TooLarge, "unpacks_too_large"));
        }
    }

    #[test]
    fn the_ending_says_only_how_it_is_packed() {
        for (path, packing, inner) in [
            ("a/rows.jsonl.gz", Packing::Gzip, "a/rows.jsonl"),
            ("rows.csv.ZST", Packing::Zstd, "rows.csv"),
            ("rows.csv", Packing::Gzip, "rows.csv"),
        ] {
            let found = packing.inner_path(&FilePath::parse(path).unwrap()).unwrap();
            assert_eq!(found.as_str(), inner, "{path}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn noise_is_refused_or_read_and_never_more(noise in proptest::collection::vec(any::<u8>(), 0..2000), zstd: bool) {
            let magic: &[u8] = if zstd { b"\x28\xB5\x2F\xFD" } else { b"\x1F\x8B\x08" };
            let packed = [magic, &noise].concat();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            if let Err(error) = runtime.block_on(unpacked(packed)) {
                prop_assert!(["unreadable_archive", "unpacks_too_large"].contains(&error.stable_code()));
            }
        }
    }

    #[test]
    fn spoilt_archives() {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let seeds = [gzip(b"a,b\n1,2\n"), zstd(b"a,b\n1,2\n"), gzip(&[b'x'; 5000])];
        let seeds: Vec<&[u8]> = seeds.iter().map(|seed| &seed[..]).collect();
        crate::fuzz::spoil("archive", &seeds, |bytes| {
            if Packing::of(bytes).is_none() {
                return "no archive".to_owned();
            }
            let unpacked = runtime.block_on(unpacked(bytes.to_vec()));
            unpacked.map_or_else(|error| error.message().to_owned(), |bytes| format!("{} bytes", bytes.len()))
        });
    }
}
