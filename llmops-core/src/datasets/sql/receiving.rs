//! A file as it comes: unpacked, written in UTF-8 and understood, before it is a dataset's.

use bytes::BytesMut;
use futures::TryStreamExt;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::super::format::{self, Form, HEAD_BYTES, Records, Wanted};
use super::super::schema::Profile;
use super::super::source::Ranges;
use super::super::unpack::{Packing, rows_of, unpack};
use super::super::{DataFormat, DatasetFileEncoding, GuessedForm, columnar, encoding, source};
use super::SqlDatasets;
use super::cards::Readme;
use crate::base::{ByteStream, Ctx, Error, FilePath, Limits, Result};
use crate::blob::{Incoming, Stored};
use crate::cards::README;

/// How files are written, in the words of their sender.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct WrittenAs {
    pub(super) format: Option<DataFormat>,
    pub(super) delimiter: Option<String>,
    pub(super) header: Option<bool>,
    pub(super) encoding: Option<String>,
}

/// The same, understood.
pub(super) struct Told {
    wanted: Wanted,
    encoding: Option<&'static encoding_rs::Encoding>,
}

impl Told {
    /// Reads it, before anything is received.
    pub(super) fn of(written: &WrittenAs) -> Result<Self> {
        let encoding = written.encoding.as_deref().map(encoding::named).transpose()?;
        Ok(Self { wanted: wanted(written)?, encoding })
    }
}

/// A file whose bytes are in the store and understood.
pub struct Received {
    pub(super) path: FilePath,
    pub(super) form: Form,
    pub(super) guessed: Vec<GuessedForm>,
    pub(super) encoding: Option<DatasetFileEncoding>,
    pub(super) profile: Profile,
    pub(super) stored: Stored,
}

/// What came: rows, or the card.
pub enum Came {
    /// One of the files.
    Rows(Received),
    /// A `README.md`.
    Card(Readme),
}

impl Received {
    /// Rows that can be read.
    pub(super) fn rows(&self) -> u64 {
        self.profile.rows
    }
}

/// A file on its way to plain rows: the bytes as they are now, and what has to be let go of at the end.
struct Way {
    path: FilePath,
    stored: Stored,
    made: Vec<Incoming>,
}

impl SqlDatasets {
    /// Understands what was sent, or what is packed in it; with it, what was made of it, to be let go of when it is kept. Of what is
    /// refused nothing stays.
    pub(super) async fn understand(
        &self,
        ctx: &Ctx,
        told: &Told,
        path: FilePath,
        sent: &Stored,
    ) -> Result<(Received, Vec<Incoming>)> {
        let mut way = Way { path, stored: sent.clone(), made: Vec::new() };
        match self.plain(ctx, told, &mut way).await {
            Ok(received) => Ok((received, way.made)),
            Err(error) => {
                self.let_all_go(ctx, way.made).await?;
                Err(error)
            }
        }
    }

    pub(super) async fn let_all_go(&self, ctx: &Ctx, made: Vec<Incoming>) -> Result<()> {
        for one in made {
            self.blobs.let_go(&self.store, ctx, one).await?;
        }
        Ok(())
    }

    /// Unpacks, decodes and understands a file.
    async fn plain(&self, ctx: &Ctx, told: &Told, way: &mut Way) -> Result<Received> {
        if let Some(packing) = Packing::of(&self.head(&way.stored, HEAD_BYTES).await?) {
            let reader = source::open(&self.blobs, &way.stored.digest, 0).await?;
            self.turn_into(ctx, way, unpack(packing, reader, way.stored.bytes)).await?;
            way.path = packing.inner_path(&way.path)?;
            if way.path.as_str() == README {
                return Err(Error::invalid(README, "is the card of the dataset, and comes packed")
                    .hint("send it as it is, or data under another name"));
            }
        }
        let head = self.head(&way.stored, encoding::HEAD).await?;
        if columnar::is_parquet(&head) {
            let wanted = check_parquet(told).map_err(|e| at_file(e, &way.path))?;
            let ranges = Ranges::open(&self.blobs, &way.stored.digest, way.stored.bytes).await?;
            self.turn_into(ctx, way, rows_of(ranges)).await?;
            way.path = columnar::inner_path(&way.path)?;
            return self.receive(way.path.clone(), wanted, &way.stored).await;
        }
        let utf8 = format::is_jsonl(&way.path.extension(), told.wanted);
        let said = encoding::Said { encoding: told.encoding, utf8 };
        let written = encoding::of(&head, head.len() as u64 == way.stored.bytes, said);
        if let Some(written) = written {
            let reader = source::open(&self.blobs, &way.stored.digest, 0).await?;
            self.turn_into(ctx, way, encoding::in_utf8(reader, written, way.stored.bytes)).await?;
        }
        let received = self.receive(way.path.clone(), told.wanted, &way.stored).await?;
        Ok(Received { encoding: written.map(encoding::Written::stated), ..received })
    }

    /// Takes in what is made of a file, which goes on as that.
    async fn turn_into(&self, ctx: &Ctx, way: &mut Way, body: ByteStream) -> Result<()> {
        let made = self.blobs.take_in(&self.store, ctx, body, Limits::FILE_BYTES).await;
        let made = made.map_err(|e| at_file(e, &way.path))?;
        way.stored = made.stored.clone();
        way.made.push(made);
        Ok(())
    }

    pub(super) async fn head(&self, stored: &Stored, most: u64) -> Result<BytesMut> {
        let mut head = BytesMut::new();
        if stored.bytes > 0 {
            let mut stream = self.blobs.get(&stored.digest, Some(0..stored.bytes.min(most))).await?;
            while let Some(chunk) = stream.try_next().await? {
                head.extend_from_slice(&chunk);
            }
        }
        Ok(head)
    }

    /// The bytes came first; one pass over them learns what they are.
    pub(super) async fn receive(&self, path: FilePath, wanted: Wanted, stored: &Stored) -> Result<Received> {
        let head = self.head(stored, HEAD_BYTES).await?;
        let form = format::detect(&path.extension(), &head, wanted).map_err(|e| at_file(e, &path))?;
        let reader = source::open(&self.blobs, &stored.digest, 0).await?;
        let table = form.format == DataFormat::Csv;
        let profile = source::off_thread(move || Profile::of(Records::open(reader, form)?, table)).await;
        let profile = profile.map_err(|e| at_file(e, &path))?;
        check_readable(&path, &profile)?;
        let guessed = format::guessed(&path.extension(), form, wanted);
        Ok(Received { path, form, guessed, encoding: None, profile, stored: stored.clone() })
    }
}

fn wanted(written: &WrittenAs) -> Result<Wanted> {
    let delimiter = match written.delimiter.as_deref() {
        None => None,
        Some("\t" | "tab") => Some(b'\t'),
        Some("," | ";" | "|") => written.delimiter.as_deref().and_then(|text| text.bytes().next()),
        Some(_) => {
            return Err(Error::invalid("delimiter", "must be one of `,` `;` `|` or a tab")
                .hint("leave it out to have it found out"));
        }
    };
    Ok(Wanted { format: written.format, delimiter, header: written.header })
}

/// What Parquet is received as. It says itself how it is written.
fn check_parquet(told: &Told) -> Result<Wanted> {
    if told.encoding.is_some() {
        return Err(Error::invalid("encoding", "is said of a Parquet file, whose text is UTF-8").hint("leave it out"));
    }
    match told.wanted.format {
        None | Some(DataFormat::Jsonl) => Ok(Wanted { format: Some(DataFormat::Jsonl), ..Wanted::default() }),
        Some(_) => Err(Error::invalid("format", "is said of a Parquet file, which is kept as JSON lines")
            .hint("leave it out, and `convert` the dataset with derive_dataset if another is needed")),
    }
}

fn at_file(error: Error, path: &FilePath) -> Error {
    if error.field_name() == Some("file") { error.field(path.as_str()) } else { error }
}

/// Refuses a file of which no row can be read, saying why of the first.
fn check_readable(path: &FilePath, profile: &Profile) -> Result<()> {
    if profile.rows > 0 {
        return Ok(());
    }
    let Some(first) = profile.problems.first() else {
        return Err(Error::invalid(path.as_str(), "holds no row").hint("send at least one"));
    };
    let errors: Vec<_> =
        profile.problems.iter().map(|p| json!({ "line": p.line, "column": p.column, "reason": p.reason })).collect();
    Err(Error::invalid(path.as_str(), format!("holds no row that can be read; line {}: {}", first.line, first.reason))
        .code("unreadable_rows")
        .hint("mend the rows, or say the right `format` or `encoding`")
        .details(json!({ "badRows": profile.bad_rows, "errors": errors })))
}
