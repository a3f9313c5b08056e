//! What is told of changes, on one server and across two.

use std::time::Duration;

use super::super::{Store, trial};
use crate::base::{Ctx, LOCAL_PROJECT};

#[tokio::test]
async fn changes_on_one_server_are_told_on_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let first = Store::open(&trial::database(dir.path()).await).await.unwrap();
    // A file has one server.
    let is_shared = trial::database(dir.path()).await.sqlite_file().is_none();
    let other = if is_shared { Store::open(&trial::database(dir.path()).await).await.unwrap() } else { first.clone() };
    let mut changes = other.signals().changes();
    let job = Ctx::system().within("p");
    first
        .write(&job, "training.finish_job", |ctx| {
            ctx.signal("catalog/1");
            Box::pin(async { Ok(()) })
        })
        .await
        .unwrap();
    first.write(&Ctx::system(), "training.look", |_| Box::pin(async { Ok(()) })).await.unwrap();
    first
        .write(&job, "cost.end", |ctx| {
            ctx.signal("cost");
            Box::pin(async { Ok(()) })
        })
        .await
        .unwrap();
    let mut seen = Vec::new();
    for _ in 0..3 {
        let next = tokio::time::timeout(Duration::from_secs(20), changes.next()).await;
        let change = next.expect("a change is told").unwrap();
        seen.push((change.domain, change.project));
    }
    let there = Some("p".to_owned());
    let expected = ["catalog", "training", "cost"].map(|domain| (domain.to_owned(), there.clone()));
    assert_eq!(seen, expected, "a look that found nothing is no news");
}

#[tokio::test]
async fn what_is_done_in_the_first_project_is_no_news_for_others() {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let mut changes = store.signals().changes();
    for ctx in [Ctx::system().within(LOCAL_PROJECT), Ctx::system()] {
        let work = |ctx: Ctx| -> futures::future::BoxFuture<'static, crate::base::Result<()>> {
            ctx.signal("cost");
            Box::pin(async { Ok(()) })
        };
        store.write(&ctx, "cost.end", work).await.unwrap();
        let known = ctx.is_placed().then(|| LOCAL_PROJECT.to_owned());
        assert_eq!(changes.next().await.unwrap().project, known);
    }
}
