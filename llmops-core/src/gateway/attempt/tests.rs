//! Who is asked, and who is asked next.

use std::sync::Mutex;
use std::time::Duration;

use futures::FutureExt;

use super::*;
use crate::gateway::tests::{replica, served, table};
use crate::provider::{ChatAsk, Target};

fn route(names: &[&str]) -> Arc<Route> {
    let mut one = served("tiny");
    one.replicas = names.iter().map(|name| replica(name)).collect();
    table(vec![one]).resolve("default", "tiny", None).unwrap()
}

fn call() -> ProviderCall {
    ProviderCall {
        target: Target { base_url: String::new(), model: None, api_key: None },
        ask: Arc::new(ChatAsk::default()),
        deadlines: Deadlines::default(),
        request_id: "req".into(),
    }
}

fn failing(elsewhere: bool) -> ProviderFailure {
    ProviderFailure { error: Error::unavailable("away").code("away"), elsewhere, away: elsewhere }
}

/// Which addresses are asked when each answers with the next of `outcomes`, and how it ends.
async fn asked(names: &[&str], outcomes: &[Option<bool>]) -> (usize, Result<()>) {
    let route = route(names);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let outcomes = outcomes.to_vec();
    let log = seen.clone();
    let ended = run(&route, call(), Instant::now(), move |call| {
        let mut seen = log.lock().unwrap();
        let outcome = outcomes[seen.len()];
        assert!(!seen.contains(&call.target.base_url), "a replica was asked twice");
        seen.push(call.target.base_url);
        async move { outcome.map_or(Ok(()), |elsewhere| Err(failing(elsewhere))) }.boxed()
    });
    let ended = ended.await.map(|taken| taken.answer);
    (seen.lock().unwrap().len(), ended)
}

#[tokio::test]
async fn another_replica_is_asked_when_nothing_was_done() {
    let (attempts, ended) = asked(&["a", "b"], &[Some(true), None]).await;
    assert_eq!(attempts, 2);
    ended.unwrap();
}

#[tokio::test]
async fn nobody_else_is_asked_when_something_may_have_been_done() {
    let (attempts, ended) = asked(&["a", "b"], &[Some(false)]).await;
    assert_eq!((attempts, ended.unwrap_err().stable_code()), (1, "away"));
}

#[tokio::test]
async fn attempts_end_with_the_replicas_or_at_three() {
    assert_eq!(asked(&["a"], &[Some(true)]).await.0, 1);
    assert_eq!(asked(&["a", "b", "c", "d", "e"], &[Some(true); 5]).await.0, 3);
}

#[tokio::test]
async fn without_replicas_the_reason_is_told() {
    let error = asked(&[], &[]).await.1.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Unavailable, "no_replica"));
    assert!(error.message().contains("all is well"), "{error}");
}

#[tokio::test]
async fn the_total_covers_all_attempts() {
    let route = route(&["a", "b", "c"]);
    let mut call = call();
    call.deadlines.total = Duration::from_millis(3000);
    let attempts = Arc::new(Mutex::new(0));
    let counted = attempts.clone();
    let ended = run::<()>(&route, call, Instant::now(), move |_| {
        *counted.lock().unwrap() += 1;
        async {
            tokio::time::sleep(Duration::from_millis(1600)).await;
            Err(failing(true))
        }
        .boxed()
    });
    ended.await.unwrap_err();
    assert_eq!(*attempts.lock().unwrap(), 2);
}

#[test]
fn the_less_busy_of_two_is_chosen() {
    let route = route(&["a", "b", "c"]);
    let busy: Vec<Place> = route.replicas[..2].iter().map(Replica::enter).collect();
    let mut chosen = [0; 3];
    for drawn in 0..60u64 {
        let random = (drawn % 3) | ((drawn / 3) << 32);
        let one = choose(&route.replicas, &[], 0, || random).unwrap();
        chosen[route.replicas.iter().position(|r| Arc::ptr_eq(r, &one)).unwrap()] += 1;
    }
    // The idle one wins every pair it is in, which are two of three.
    assert_eq!(chosen[2], 40);
    drop(busy);
    assert_eq!(route.replicas[0].in_flight(), 0);
}

#[test]
fn one_that_was_away_is_left_alone_while_there_is_another() {
    let route = route(&["a", "b"]);
    route.replicas[0].avoid(1000);
    for random in 0..10 {
        assert!(Arc::ptr_eq(&choose(&route.replicas, &[], 1500, || random).unwrap(), &route.replicas[1]));
    }
    let first = &route.replicas[..1];
    assert!(choose(first, &[], 1500, || 0).is_some(), "better than nobody");
    assert!(!route.replicas[0].is_avoided(2500));
}
