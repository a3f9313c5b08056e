//! Bytes between their arrival and the row that needs them: held, so that nobody collects them meanwhile, and let go
//! afterwards, so that what was refused does not stay.

use std::time::Duration;

use super::sql::INCOMING;
use super::{Blobs, Staged, Stored, Whole, parts_gone};
use crate::base::{ByteStream, Ctx, Error, Id, Result};
use crate::store::Store;

/// How long to look for bytes that are being collected, and how often.
pub(super) const PATIENCE: Duration = Duration::from_millis(100);
pub(super) const LOOKS: usize = 20;

/// Bytes that came and are held for the upload under way.
#[derive(Debug)]
#[must_use = "let it go once its row is written or refused"]
pub struct Incoming {
    /// The bytes.
    pub stored: Stored,
    owner: String,
}

/// Who holds a file that was put together, until its row is written or refused.
pub fn whole_holder(name: &str) -> String {
    format!("upload/{name}")
}

/// Who holds what a pass under way wrote down to go on from. It is let go a day after it was written, should nobody come
/// back for it.
pub fn pass_holder(pass: Id) -> String {
    format!("{INCOMING}pass{}", pass.simple())
}

impl Blobs {
    /// Keeps a stream as [`Blobs::put`] does and holds it until [`Blobs::let_go`], or for a day if that is never called.
    /// The hold is written before the bytes get their place: who collects the same bytes at this moment either sees the
    /// hold, or has moved them away by the time that this looks whether they are there.
    ///
    /// # Errors
    /// Those of `put`; `unavailable` when the bytes are away for longer than two seconds, which sending them again mends.
    pub async fn take_in(&self, store: &Store, ctx: &Ctx, body: ByteStream, limit: u64) -> Result<Incoming> {
        let staged = self.stage(body, limit).await?;
        let owner = format!("{INCOMING}{}", ctx.new_id().simple());
        if let Err(error) = self.hold_now(store, ctx, &owner, &staged.stored).await {
            self.unstage(staged).await;
            return Err(error);
        }
        self.settle(store, ctx, owner, staged).await
    }

    /// The same for work that may be begun again after a crash: the bytes are held under a name that stays, until
    /// [`Blobs::release_all`].
    ///
    /// # Errors
    /// Those of `take_in`.
    pub async fn take_in_as(
        &self,
        store: &Store,
        ctx: &Ctx,
        owner: String,
        (body, limit): (ByteStream, u64),
    ) -> Result<Stored> {
        let staged = self.stage(body, limit).await?;
        if let Err(error) = self.hold_now(store, ctx, &owner, &staged.stored).await {
            self.unstage(staged).await;
            return Err(error);
        }
        Ok(self.settle(store, ctx, owner, staged).await?.stored)
    }

    /// Puts a file of parts together and holds it as [`Blobs::take_in`] does a stream, if its SHA-256 is the one that was said.
    /// Doing so again after it was cut short does the rest.
    ///
    /// # Errors
    /// `checksum_mismatch`; `parts_gone` when nothing of it is there any more; `unavailable` while a part is on its way.
    pub async fn take_whole(&self, store: &Store, ctx: &Ctx, whole: &Whole<'_>, said: &Stored) -> Result<Incoming> {
        let owner = whole_holder(whole.name);
        let Some(staged) = self.join_parts(whole).await? else {
            return match self.size(&said.digest).await? {
                // It was given its place before this was cut short.
                Some(bytes) if bytes == said.bytes => {
                    self.hold_now(store, ctx, &owner, said).await?;
                    Ok(Incoming { stored: said.clone(), owner })
                }
                _ => Err(parts_gone()),
            };
        };
        if staged.stored != *said {
            let is = &staged.stored.digest;
            return Err(Error::invalid("sha256", format!("is not that of the bytes that came, which is {is}"))
                .code("checksum_mismatch")
                .hint("send the file again"));
        }
        self.hold_now(store, ctx, &owner, said).await?;
        self.settle(store, ctx, owner, staged).await
    }

    /// Holds bytes as [`Blobs::take_in`] does that are there already. In the open unit of work, in which the caller has seen to it
    /// that who holds them so far does not let go.
    pub async fn take_again(&self, store: &Store, ctx: &Ctx, stored: Stored) -> Result<Incoming> {
        let owner = format!("{INCOMING}{}", ctx.new_id().simple());
        self.hold(store, ctx, &owner, &stored).await?;
        Ok(Incoming { stored, owner })
    }

    /// Gives bytes that are held already their place.
    async fn settle(&self, store: &Store, ctx: &Ctx, owner: String, staged: Staged) -> Result<Incoming> {
        let incoming = Incoming { owner, stored: staged.stored.clone() };
        let kept = self.publish(staged).await;
        for _ in 0..LOOKS {
            if kept.is_err() {
                break;
            }
            if self.size(&incoming.stored.digest).await?.is_some() {
                return Ok(incoming);
            }
            tokio::time::sleep(PATIENCE).await;
        }
        self.let_go(store, ctx, incoming).await?;
        kept?;
        Err(Error::unavailable("the same bytes were being deleted while these came").hint("send them again"))
    }

    async fn hold_now(&self, store: &Store, ctx: &Ctx, owner: &str, stored: &Stored) -> Result<()> {
        let unit = store.begin(&ctx.clone().without_operation()).await?;
        match self.hold(store, &unit, owner, stored).await {
            Ok(()) => store.commit(unit).await,
            Err(error) => {
                store.rollback(unit).await;
                Err(error)
            }
        }
    }

    /// Ends the hold of an upload, whatever became of it: bytes that no row needs go.
    pub async fn let_go(&self, store: &Store, ctx: &Ctx, incoming: Incoming) -> Result<()> {
        let unit = store.begin(&ctx.clone().without_operation()).await?;
        match self.release(store, &unit, &incoming.owner, &incoming.stored.digest).await {
            Ok(()) => store.commit(unit).await,
            Err(error) => {
                store.rollback(unit).await;
                Err(error)
            }
        }
    }
}
