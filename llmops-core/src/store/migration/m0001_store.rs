//! The store's own tables.

use sea_orm_migration::prelude::*;

use super::{big, create, index, json, key, text, uuid};

pub(super) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &str {
        "m0001_store"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, m: &SchemaManager) -> Result<(), DbErr> {
        audit(m).await?;
        let key_text = || ColumnDef::new("key").text().not_null().primary_key().to_owned();
        create(m, "idempotency", vec![key_text(), text("request_hash"), text("response"), big("created_at")]).await?;
        index(m, "ix_idempotency_created", "idempotency", &["created_at"]).await?;
        let name = || ColumnDef::new("name").text().not_null().primary_key().to_owned();
        create(m, "leases", vec![name(), uuid("holder"), big("epoch"), big("expires_at")]).await?;
        index(m, "ix_leases_holder", "leases", &["holder"]).await?;
        let attempts = ColumnDef::new("attempts").integer().not_null().to_owned();
        create(m, "outbox", vec![key("id"), text("topic"), json("payload"), attempts, big("due_at"), text("error")])
            .await?;
        index(m, "ix_outbox_due", "outbox", &["due_at", "id"]).await?;
        create(m, "settings", vec![name(), text("value")]).await?;
        blob_refs(m).await
    }
}

async fn audit(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let seq = ColumnDef::new("seq").big_integer().not_null().primary_key().to_owned();
    let texts = ["actor", "action", "resource_type", "resource_id", "result", "reason", "project", "metadata", "hash"];
    let mut columns = vec![seq, uuid("id"), big("at")];
    columns.extend(texts.map(text));
    create(m, "audit_log", columns).await?;
    for (name, column) in [
        ("ix_audit_actor", "actor"),
        ("ix_audit_action", "action"),
        ("ix_audit_resource", "resource_id"),
        ("ix_audit_result", "result"),
        ("ix_audit_at", "at"),
    ] {
        index(m, name, "audit_log", &[column, "seq"]).await?;
    }
    let id = ColumnDef::new("id").integer().not_null().primary_key().to_owned();
    create(m, "audit_head", vec![id, big("seq"), text("hash")]).await?;
    let head = Query::insert()
        .into_table("audit_head")
        .columns(["id", "seq", "hash"])
        .values_panic([1.into(), 0i64.into(), crate::store::audit::GENESIS.into()])
        .to_owned();
    m.execute(head).await
}

async fn blob_refs(m: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut statement = super::table("blob_refs");
    for column in [text("owner"), text("digest"), big("bytes"), big("created_at")] {
        statement.col(column);
    }
    statement.primary_key(Index::create().col("owner").col("digest"));
    m.create_table(statement).await?;
    index(m, "ix_blob_refs_digest", "blob_refs", &["digest"]).await
}
