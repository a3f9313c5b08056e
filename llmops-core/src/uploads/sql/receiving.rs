//! Parts as they come.

use futures::TryStreamExt;
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter};

use super::super::rows::{part, upload};
use super::super::{UploadId, UploadPart, UploadState};
use super::Uploads;
use super::state::{check_digest, check_open, closed, differs, no_part, to_part, to_upload};
use crate::base::{Ctx, Error, Id, Result};
use crate::blob::Whole;
use crate::op::Parts;
use crate::store::count::{signed, unsigned};

impl Uploads {
    /// Receives one part; the same bytes may be sent again.
    ///
    /// # Errors
    /// `conflict` for other bytes than before or an upload that takes no more; `invalid` for other bytes than were said.
    pub async fn part(
        &self,
        ctx: &Ctx,
        (owner, id): (Id, UploadId),
        (number, sha256): (u64, Option<&str>),
        mut body: Parts,
    ) -> Result<UploadPart> {
        let row = self.row(ctx, owner, id).await?;
        check_open(&row)?;
        let said = sha256.map(check_digest).transpose()?;
        let place = to_upload(row.clone(), 0)?.place(number)?;
        let sent = body.try_next().await?.ok_or_else(no_part)?;
        let session = self.session(ctx, &row).await?;
        let name = row.id.simple().to_string();
        let whole = Whole { name: &name, session: &session, tags: &[] };
        let known = part::Entity::find_by_id((row.id, signed(number)));
        if let Some(known) = known.one(&self.store.conn(ctx)).await? {
            // Written over, it would be lost if this connection broke off: it is only compared.
            let digest = crate::blob::digest_of(&place, sent.body).await?;
            return if digest == known.sha256 { Ok(to_part(known)) } else { Err(differs(number)) };
        }
        let kept = self.blobs.put_part(&whole, &place, sent.body).await?;
        if said.as_ref().is_some_and(|said| *said != kept.digest) {
            return Err(Error::invalid("sha256", format!("is not that of the part's bytes, which is {}", kept.digest))
                .code("checksum_mismatch")
                .hint("send the part again"));
        }
        if body.try_next().await?.is_some() {
            return Err(
                Error::invalid("file", "must be one: this call takes one part").hint("send each part by itself")
            );
        }
        let part = part::Model {
            upload_id: row.id,
            number: signed(number),
            bytes: signed(place.bytes),
            sha256: kept.digest,
            tag: kept.tag,
            checked: said.is_some(),
        };
        self.write_down(ctx, &row, part).await
    }

    /// Writes down that a part is there, unless the upload was closed meanwhile.
    async fn write_down(&self, ctx: &Ctx, of: &upload::Model, row: part::Model) -> Result<UploadPart> {
        let unit = self.store.begin(&ctx.clone().without_operation()).await?;
        let written = async {
            let conn = self.store.conn(&unit);
            let open = upload::Entity::update_many()
                .col_expr(upload::Column::UpdatedAt, ctx.now().micros().into())
                .filter(upload::Column::Id.eq(of.id))
                .filter(upload::Column::State.eq(UploadState::Receiving.name()));
            if open.exec(&conn).await?.rows_affected == 0 {
                return Err(closed(of));
            }
            let there = part::Entity::find_by_id((row.upload_id, row.number)).one(&conn).await?;
            match there {
                Some(there) if there.sha256 != row.sha256 => return Err(differs(unsigned(row.number))),
                Some(_) => {}
                None => {
                    let insert = part::Entity::insert(row.clone().into_active_model());
                    insert.exec_without_returning(&conn).await?;
                }
            }
            Ok(())
        };
        match written.await {
            Ok(()) => self.store.commit(unit).await?,
            Err(error) => {
                self.store.rollback(unit).await;
                return Err(error);
            }
        }
        Ok(to_part(row))
    }

    /// What the store calls the upload; the first part asks for it.
    async fn session(&self, ctx: &Ctx, row: &upload::Model) -> Result<String> {
        if let Some(session) = &row.session {
            return Ok(session.clone());
        }
        let name = row.id.simple().to_string();
        let session = self.blobs.begin_parts(&name).await?;
        let first = upload::Entity::update_many()
            .col_expr(upload::Column::Session, session.clone().into())
            .filter(upload::Column::Id.eq(row.id))
            .filter(upload::Column::Session.is_null());
        if first.exec(&self.store.conn(ctx)).await?.rows_affected == 1 {
            return Ok(session);
        }
        // Another part was the first.
        self.blobs.forget_parts(&Whole { name: &name, session: &session, tags: &[] }).await?;
        let found = upload::Entity::find_by_id(row.id).one(&self.store.conn(ctx)).await?;
        found.and_then(|row| row.session).ok_or_else(|| Error::not_found("upload", row.id))
    }
}
