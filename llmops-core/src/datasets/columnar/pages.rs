//! The pages of a row group's columns, each looked at before room is made for what it claims.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use flate2::read::MultiGzDecoder;
use parquet::basic::{Compression, Encoding, Type};
use parquet::bloom_filter::Sbbf;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::RowGroupMetaData;
use parquet::file::properties::{ReaderProperties, ReaderPropertiesPtr};
use parquet::file::reader::{ChunkReader, RowGroupReader, SerializedPageReader};
use parquet::record::reader::RowIter;
use parquet::schema::types::Type as SchemaType;

use super::header::{Header, PageKind};
use super::levels::{Lengths, differences, runs};
use super::window::Window;
use super::{too_much, unreadable};
use crate::base::Error;
use crate::datasets::source::Ranges;

/// What the pages that are open at one time take at most: one of each column, with its dictionary.
const PAGES: u64 = 256 << 20;
/// Values of one row, lists in lists counted by what they hold.
const ROW_VALUES: u64 = 500_000;
/// What an entry of a dictionary takes beside its bytes.
const ENTRY: u64 = 32;

/// What the whole file may take: its pages may lie over one another, and unpack again and again.
pub(super) struct Work {
    /// Bytes unpacked so far, and at most.
    unpacked: AtomicU64,
    most: u64,
    gone: Box<dyn Fn() -> bool + Send + Sync>,
}

impl Work {
    /// Work on a file that may become so many bytes, for whoever `gone` tells of.
    pub(super) fn new(most: u64, gone: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        Self { unpacked: AtomicU64::default(), most, gone: Box::new(gone) }
    }

    /// Whether nobody waits for it any more.
    pub(super) fn is_in_vain(&self) -> bool {
        (self.gone)()
    }

    fn unpack(&self, bytes: u64) -> crate::base::Result<()> {
        if self.is_in_vain() {
            return Err(unreadable("nobody waits for it any more"));
        }
        if self.unpacked.fetch_add(bytes, Relaxed).saturating_add(bytes) <= self.most {
            return Ok(());
        }
        let rule = format!("has pages that unpack to more than {} MiB together", self.most >> 20);
        Err(too_much(&rule, "send it uncompressed if that is what it is"))
    }
}

/// What the columns of a row group share.
pub(super) struct Shared {
    /// What the file may still take.
    work: Arc<Work>,
    /// Bytes of the pages that are open.
    pages: AtomicU64,
    /// Values of the longest rows, over all columns.
    values: AtomicU64,
    /// Rows that the group claims.
    rows: u64,
    /// Why a page was refused: the library's errors carry only text.
    refused: Mutex<Option<Error>>,
}

impl Shared {
    /// Why a page was refused, if one was.
    pub(super) fn refusal(&self) -> Option<Error> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn refuse(&self, error: Error) -> ParquetError {
        let said = ParquetError::General(error.message().to_owned());
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
        said
    }
}

/// A row group whose pages are looked at.
pub(super) struct Group<'m> {
    metadata: &'m RowGroupMetaData,
    file: Arc<Ranges>,
    properties: ReaderPropertiesPtr,
    /// What its columns share.
    pub(super) shared: Arc<Shared>,
}

impl<'m> Group<'m> {
    /// The row group of a file; its places and counts are in order.
    pub(super) fn new(metadata: &'m RowGroupMetaData, file: Arc<Ranges>, work: Arc<Work>) -> Self {
        // Files of old writers, in which LZ4 means three things, would unpack without an end to it.
        let properties =
            ReaderProperties::builder().set_backward_compatible_lz4(false).set_read_bloom_filter(false).build();
        let shared = Shared {
            work,
            pages: AtomicU64::default(),
            values: AtomicU64::default(),
            rows: metadata.num_rows().cast_unsigned(),
            refused: Mutex::default(),
        };
        Self { metadata, file, properties: Arc::new(properties), shared: Arc::new(shared) }
    }
}

impl RowGroupReader for Group<'_> {
    fn metadata(&self) -> &RowGroupMetaData {
        self.metadata
    }

    fn num_columns(&self) -> usize {
        self.metadata.num_columns()
    }

    fn get_column_page_reader(&self, i: usize) -> Result<Box<dyn PageReader>> {
        let column = self.metadata.column(i);
        let window = Window::new(self.file.clone(), self.metadata.num_columns());
        let (start, length) = column.byte_range();
        let rows = usize::try_from(self.shared.rows)?;
        let properties = self.properties.clone();
        let inner =
            SerializedPageReader::new_with_properties(Arc::new(window.clone()), column, rows, None, properties)?;
        let descr = column.column_descr();
        Ok(Box::new(Pages {
            inner,
            window,
            at: start,
            end: start + length,
            looked: None,
            gzip: matches!(column.compression(), Compression::GZIP(_)),
            width: match descr.physical_type() {
                Type::BOOLEAN => 1,
                Type::INT32 | Type::FLOAT | Type::BYTE_ARRAY => 4,
                Type::INT64 | Type::DOUBLE => 8,
                Type::INT96 => 12,
                Type::FIXED_LEN_BYTE_ARRAY => u64::from(descr.type_length().max(1).unsigned_abs()),
            },
            levels: (descr.max_rep_level(), descr.max_def_level()),
            lengths: Lengths::default(),
            longest: 0,
            open: (0, 0),
            shared: self.shared.clone(),
        }))
    }

    fn get_column_bloom_filter(&self, _: usize) -> Option<&Sbbf> {
        None
    }

    fn get_row_iter(&self, projection: Option<SchemaType>) -> Result<RowIter<'_>> {
        RowIter::from_row_group(projection, self)
    }
}

/// The pages of one column.
struct Pages {
    inner: SerializedPageReader<Window>,
    window: Window,
    /// Where the next page begins, and where the column ends.
    at: u64,
    end: u64,
    /// The next page, once it was looked at.
    looked: Option<Header>,
    gzip: bool,
    /// Bytes that a value takes at least.
    width: u64,
    /// How deep values repeat, and how deep they may be absent.
    levels: (i16, i16),
    lengths: Lengths,
    /// Of the longest row, what is counted already.
    longest: u64,
    /// What the open page takes, and the dictionary.
    open: (u64, u64),
    shared: Arc<Shared>,
}

impl Pages {
    /// Looks at the next page, once, and says whether there is one.
    fn look(&mut self) -> Result<bool> {
        if self.looked.is_some() {
            return Ok(true);
        }
        if self.at >= self.end {
            return Ok(false);
        }
        match self.check() {
            Ok(header) => {
                self.looked = Some(header);
                Ok(true)
            }
            Err(error) => Err(self.shared.refuse(error)),
        }
    }

    fn check(&mut self) -> crate::base::Result<Header> {
        let left = self.end - self.at;
        let header = Header::read(&self.window, self.at, left)?;
        if header.length + header.packed > left {
            return Err(unreadable("a page is longer than its column"));
        }
        let mut takes = header.unpacked.max(header.packed);
        if header.kind == PageKind::Dictionary {
            if header.values.saturating_mul(self.width) > header.unpacked {
                return Err(unreadable("a dictionary claims more values than it has bytes for"));
            }
            takes += header.values * ENTRY;
        } else if header.differences {
            takes += header.values.saturating_mul(8);
        }
        let before = if header.kind == PageKind::Dictionary { self.open.1 } else { self.open.0 };
        let all = self.shared.pages.fetch_add(takes, Relaxed).saturating_add(takes) - before;
        if all > PAGES {
            let rule = format!("needs more than {} MiB for the pages that one row is spread over", PAGES >> 20);
            return Err(too_much(&rule, "write it with smaller pages or row groups, or send its rows as JSON lines"));
        }
        self.shared.pages.fetch_sub(before, Relaxed);
        if header.kind == PageKind::Dictionary {
            self.open.1 = takes
        } else {
            self.open.0 = takes
        }
        self.shared.work.unpack(header.unpacked)?;
        if self.gzip {
            self.check_gzip(&header)?;
        }
        Ok(header)
    }

    /// Gzip unpacks to what it wants to, whatever the header says; so it is unpacked to nowhere first.
    fn check_gzip(&self, header: &Header) -> crate::base::Result<()> {
        let (Ok(length), Ok(plain)) = (usize::try_from(header.packed), usize::try_from(header.plain)) else {
            return Err(unreadable("a page is longer than its column"));
        };
        if !header.compressed || header.unpacked == header.plain {
            return Ok(());
        }
        let bytes = self
            .window
            .get_bytes(self.at + header.length, length)
            .map_err(|e| unreadable("a page is cut").caused_by(e))?;
        let Some(body) = bytes.get(plain..) else { return Err(unreadable("a page's header does not fit it")) };
        let wanted = header.unpacked - header.plain;
        let mut within = std::io::Read::take(MultiGzDecoder::new(body), wanted + 1);
        match std::io::copy(&mut within, &mut std::io::sink()) {
            Ok(found) if found == wanted => Ok(()),
            _ => Err(unreadable("a page does not unpack to what its header says")),
        }
    }

    /// Looks at what a page holds, before its values are read.
    fn admit(&mut self, page: &Page, header: &Header) -> crate::base::Result<()> {
        if u64::from(page.num_values()) != header.values || page.buffer().len() as u64 > header.unpacked {
            return Err(unreadable("a page is not what its header says"));
        }
        let Page::DataPage { .. } = page else {
            let Page::DataPageV2 { buf, rep_levels_byte_len, def_levels_byte_len, encoding, .. } = page else {
                return Ok(());
            };
            let levels = *rep_levels_byte_len as usize;
            let values = levels.saturating_add(*def_levels_byte_len as usize);
            self.count(buf.get(..levels), header.values)?;
            return self.check_values(buf.get(values..), *encoding, header.values);
        };
        let Page::DataPage { buf, encoding, def_level_encoding, rep_level_encoding, .. } = page else {
            return Ok(());
        };
        let mut rest = &buf[..];
        let old = "its levels are packed as was done before 2013";
        if self.levels.0 > 0 {
            if *rep_level_encoding != Encoding::RLE {
                return Err(unreadable(old));
            }
            self.count(prefixed(&mut rest), header.values)?;
        } else {
            self.count(Some(&[]), header.values)?;
        }
        if self.levels.1 > 0 && header.differences {
            if *def_level_encoding != Encoding::RLE {
                return Err(unreadable(old));
            }
            prefixed(&mut rest).ok_or_else(|| unreadable("a page is cut"))?;
        }
        self.check_values(Some(rest), *encoding, header.values)
    }

    /// Counts rows, and how many values the longest has.
    fn count(&mut self, levels: Option<&[u8]>, values: u64) -> crate::base::Result<()> {
        if self.levels.0 == 0 {
            self.lengths.rows += values;
        } else {
            let width = u32::from(self.levels.0.unsigned_abs()).checked_ilog2().unwrap_or_default() + 1;
            let lengths = &mut self.lengths;
            let read =
                levels.and_then(|levels| runs(levels, width, values, &mut |level, times| lengths.add(level, times)));
            read.ok_or_else(|| unreadable("a page is cut"))?;
            let more = self.lengths.longest - self.longest;
            self.longest = self.lengths.longest;
            if self.shared.values.fetch_add(more, Relaxed) + more > ROW_VALUES {
                let rule = format!("has rows of more than {ROW_VALUES} values, those of lists counted");
                return Err(too_much(&rule, "split the longest lists into several rows"));
            }
        }
        if self.lengths.rows > self.shared.rows {
            return Err(unreadable("a column has more rows than its row group"));
        }
        Ok(())
    }

    fn check_values(&self, bytes: Option<&[u8]>, encoding: Encoding, values: u64) -> crate::base::Result<()> {
        let streams = match encoding {
            Encoding::DELTA_LENGTH_BYTE_ARRAY => 1,
            Encoding::DELTA_BYTE_ARRAY => 2,
            _ => return Ok(()),
        };
        match bytes.and_then(|bytes| differences(bytes, values, streams)) {
            Some(repeated) if repeated <= PAGES => Ok(()),
            Some(_) => {
                let rule = format!("has a page of texts that repeat one another to more than {} MiB", PAGES >> 20);
                Err(too_much(&rule, "write it with smaller pages, or another encoding than DELTA_BYTE_ARRAY"))
            }
            None => Err(unreadable("a page claims more values than it has")),
        }
    }
}

/// What stands behind four bytes that say its length, of which `rest` begins after.
fn prefixed<'b>(rest: &mut &'b [u8]) -> Option<&'b [u8]> {
    let (length, after) = rest.split_first_chunk::<4>()?;
    let (found, after) = after.split_at_checked(u32::from_le_bytes(*length) as usize)?;
    *rest = after;
    Some(found)
}

impl Iterator for Pages {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for Pages {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        if !self.look()? {
            if self.lengths.rows < self.shared.rows {
                return Err(self.shared.refuse(unreadable("a column has fewer rows than its row group")));
            }
            return Ok(None);
        }
        let page = self.inner.get_next_page()?;
        if let (Some(page), Some(header)) = (&page, self.looked.take()) {
            self.at += header.length + header.packed;
            self.admit(page, &header).map_err(|error| self.shared.refuse(error))?;
        }
        Ok(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.look()?;
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        Err(ParquetError::NYI("no page is skipped".into()))
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.look()?;
        self.inner.at_record_boundary()
    }
}
