use super::*;
use crate::store::trial;

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
