//! Packs that wait, and files that are put together of them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::BytesMut;
use futures::{StreamExt, TryStreamExt};
use sea_orm::{ColumnTrait, QueryFilter, QueryOrder};

use super::super::packs::{self, PACK_BYTES, RUNS_BYTES, Run, Walk};
use super::super::rows::staged;
use super::staging::mine;
use super::{NewStaged, Staged, StagedFor, Staging, check_said, no_part};
use crate::base::{ByteStream, Ctx, Error, ErrorKind, Result};
use crate::blob::Incoming;
use crate::op::{Part, Parts};

/// Packs whose places are at hand while a file is put together.
const AT_HAND: usize = 64;

/// A pack that waits.
struct Pack {
    digest: String,
    /// Where each piece begins, and where the last one ends.
    starts: Vec<u64>,
}

/// What is known of the packs of a file.
struct Known {
    staging: Staging,
    ctx: Ctx,
    project: String,
    name: String,
    packs: HashMap<String, Arc<Pack>>,
}

impl Staging {
    /// Receives a pack of this name: for a day files are put together of its pieces.
    ///
    /// # Errors
    /// `invalid` when its name or its bytes are none, `conflict` when too many wait.
    pub async fn keep_pack(
        &self,
        ctx: &Ctx,
        of: StagedFor<'_>,
        (name, said): (&str, Option<&str>),
        body: Parts,
    ) -> Result<Staged> {
        if !packs::is_name(name) {
            return Err(
                Error::invalid("pack", "must be 64 digits, of 0 to 9 and a to f").hint("as Xet names its xorbs")
            );
        }
        self.check_room_of(ctx, of, &self.packs()).await?;
        let walk = Arc::new(Mutex::new(Walk::default()));
        let seen = walk.clone();
        let body = body.map_ok(move |part| Part { name: part.name, body: watched(part.body, seen.clone()) }).boxed();
        let came = self.receive_at_most(ctx, body, PACK_BYTES).await?.ok_or_else(no_part)?;
        let starts = walk.lock().unwrap_or_else(PoisonError::into_inner).end();
        let kept = self.keep_walked(ctx, of, (name, said), (&came, starts)).await;
        self.blobs.let_go(&self.store, ctx, came).await?;
        kept
    }

    async fn keep_walked(
        &self,
        ctx: &Ctx,
        of: StagedFor<'_>,
        (name, said): (&str, Option<&str>),
        (came, starts): (&Incoming, Result<Vec<u64>>),
    ) -> Result<Staged> {
        check_said(said, &came.stored)?;
        let told = crate::op::encode(&starts?)?;
        let (sha256, stored) = (came.stored.digest.clone(), came.stored.clone());
        self.keep_as(ctx, of, (self.packs(), NewStaged { path: name.to_owned(), sha256, stored, told })).await
    }

    /// The file that is put together of runs of the caller's packs, which the one part of a call lists.
    ///
    /// # Errors
    /// `invalid` when it is no such list. That a pack is missing is found out when the file is read.
    pub async fn put_together(&self, ctx: &Ctx, of: StagedFor<'_>, mut body: Parts) -> Result<Parts> {
        let mut list = body.try_next().await?.ok_or_else(no_part)?;
        let mut read = BytesMut::new();
        while let Some(bytes) = list.body.try_next().await? {
            if read.len() + bytes.len() > RUNS_BYTES as usize {
                return Err(Error::new(ErrorKind::TooLarge, "the list of runs is over 32 MiB")
                    .hint("send the file as it is: it is cut into too many pieces"));
            }
            read.extend_from_slice(&bytes);
        }
        let runs = packs::runs(&read)?;
        let (project, name) = (of.project.to_owned(), of.name.to_owned());
        let known = Known { staging: self.clone(), ctx: ctx.clone(), project, name, packs: HashMap::new() };
        let file = Part { name: list.name, body: together(known, runs) };
        Ok(futures::stream::once(async move { Ok(file) }).chain(body).boxed())
    }
}

fn watched(body: ByteStream, walk: Arc<Mutex<Walk>>) -> ByteStream {
    body.inspect_ok(move |bytes| walk.lock().unwrap_or_else(PoisonError::into_inner).see(bytes)).boxed()
}

/// The bytes of the runs, one after the other. No more of a pack is read than a run has.
fn together(mut known: Known, runs: Vec<Run>) -> ByteStream {
    let stream = async_stream::try_stream! {
        for run in runs {
            let pack = known.find(&run.pack).await?;
            let (Some(start), Some(end)) = (pack.starts.get(run.from), pack.starts.get(run.to)) else {
                Err(no_piece(&run, pack.starts.len() - 1))?;
                return;
            };
            let mut body = known.staging.blobs.get(&pack.digest, Some(*start..*end)).await?;
            let mut read = BytesMut::new();
            while let Some(bytes) = body.try_next().await? {
                read.extend_from_slice(&bytes);
                while let Some(piece) = packs::unpack_next(&mut read)? {
                    yield piece;
                }
            }
            if !read.is_empty() {
                Err(packs::broken("a piece is cut off"))?;
            }
        }
    };
    stream.boxed()
}

impl Known {
    async fn find(&mut self, name: &str) -> Result<Arc<Pack>> {
        if let Some(pack) = self.packs.get(name) {
            return Ok(pack.clone());
        }
        let of = StagedFor { project: &self.project, name: &self.name };
        let found = mine(&self.ctx, of, &self.staging.packs()).filter(staged::Column::Path.eq(name));
        let newest = found.order_by_desc(staged::Column::Id).one(&self.staging.store.conn(&self.ctx)).await?;
        let row = newest.ok_or_else(|| {
            Error::invalid("file", format!("must name packs that you have sent; {name} is none"))
                .code("pack_missing")
                .hint("send the pack; it waits for a day, and those that somebody else sent do not count")
        })?;
        let starts = serde_json::from_value(row.told)
            .map_err(|cause| Error::unexpected("what is known of a pack cannot be read").caused_by(cause))?;
        let pack = Arc::new(Pack { digest: row.kept, starts });
        if self.packs.len() == AT_HAND {
            self.packs.clear();
        }
        self.packs.insert(name.to_owned(), pack.clone());
        Ok(pack)
    }
}

fn no_piece(run: &Run, pieces: usize) -> Error {
    let Run { pack, from, to } = run;
    Error::invalid("file", format!("must name pieces that are there: {pack} has {pieces}, not {from} to {to}"))
        .code("invalid_runs")
        .hint("count the pieces of a pack from 0")
}
