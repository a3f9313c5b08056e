//! Bytes as they are read where they lie.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use object_store::{GetResult, GetResultPayload};

use super::store_error;
use crate::base::{ByteStream, Error, ErrorKind, Result};

/// Bytes of a file that are read at a time. The store's own pieces are of 8 KiB, each read by another thread, and handing them
/// over costs ten times what reading them does.
const PIECE: u64 = 256 << 10;

/// Streams what was found.
pub(super) fn stream(found: GetResult) -> ByteStream {
    match found.payload {
        GetResultPayload::File(file, _) => from_file(file, found.range),
        GetResultPayload::Stream(stream) => stream.map_err(store_error).boxed(),
    }
}

fn from_file(file: File, range: Range<u64>) -> ByteStream {
    futures::stream::try_unfold((file, range), |(mut file, range)| async move {
        if range.is_empty() {
            return Ok(None);
        }
        let read = move || {
            let piece = read(&mut file, range.start, PIECE.min(range.end - range.start))?;
            let rest = range.start + piece.len() as u64..range.end;
            Ok(Some((piece, (file, rest))))
        };
        let read = tokio::task::spawn_blocking(read).await;
        read.map_err(|cause| Error::unexpected("reading a file ended abruptly").caused_by(cause))?
    })
    .boxed()
}

fn read(file: &mut File, start: u64, bytes: u64) -> Result<Bytes> {
    let mut piece = Vec::with_capacity(bytes as usize);
    let read = file.seek(SeekFrom::Start(start)).and_then(|_| file.take(bytes).read_to_end(&mut piece));
    let read = read.and_then(|read| match read as u64 == bytes {
        true => Ok(Bytes::from(piece)),
        false => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file is shorter than it was")),
    });
    read.map_err(|cause| {
        Error::new(ErrorKind::Upstream, "the object store's folder cannot be read")
            .hint("look at the folder's permissions and disk; the call may be repeated")
            .caused_by(cause)
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[tokio::test]
    async fn a_range_comes_in_order_and_ends_where_it_should() {
        let whole: Vec<u8> = (0..3 * PIECE as u32 / 4 + 7).flat_map(u32::to_le_bytes).collect();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&whole).unwrap();
        for range in [0..whole.len(), 5..6, 17..PIECE as usize + 17, PIECE as usize..whole.len(), 9..9] {
            let stream = from_file(file.try_clone().unwrap(), range.start as u64..range.end as u64);
            let pieces: Vec<Bytes> = stream.try_collect().await.unwrap();
            assert_eq!(pieces.concat(), whole[range]);
        }
    }

    #[tokio::test]
    async fn a_file_that_became_shorter_is_told() {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(b"half").unwrap();
        let read: Result<Vec<Bytes>> = from_file(file, 0..8).try_collect().await;
        assert_eq!(read.unwrap_err().message(), "the object store's folder cannot be read");
    }
}
