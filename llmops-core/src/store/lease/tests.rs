use super::*;
use crate::store::trial;

async fn write(store: &Store, lease: &Lease) -> Result<()> {
    store.write_fenced(&Ctx::system(), lease, "test", |_| Box::pin(async { Ok(()) })).await
}

#[tokio::test]
async fn a_lease_that_its_own_server_left_is_taken_again_and_the_old_one_writes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let ctx = Ctx::system();
    let left = store.acquire(&ctx, "work/1").await.unwrap().unwrap();
    let taken = store.acquire(&ctx, "work/1").await.unwrap().unwrap();
    assert_eq!(taken.epoch, left.epoch + 1);
    assert_eq!(write(&store, &left).await.unwrap_err().stable_code(), "lease_lost");
    store.renew_leases(&ctx).await.unwrap();
    write(&store, &taken).await.unwrap();
}

#[tokio::test]
async fn another_server_waits_until_it_is_given_back() {
    let dir = tempfile::tempdir().unwrap();
    let url = trial::database(dir.path()).await;
    let (one, other, ctx) = (Store::open(&url).await.unwrap(), Store::open(&url).await.unwrap(), Ctx::system());
    let held = one.acquire(&ctx, "work/1").await.unwrap().unwrap();
    assert_eq!(other.acquire(&ctx, "work/1").await.unwrap(), None);
    one.release(&ctx, &held).await.unwrap();
    assert!(other.acquire(&ctx, "work/1").await.unwrap().is_some());
}
