//! Who is let in.

use std::time::Duration;

use super::*;
use crate::base::ErrorKind;

fn by_key(id: &str) -> Ctx {
    Ctx::new(Caller { key_id: Some(id.into()), ..Caller::system() })
}

#[tokio::test]
async fn a_full_route_says_when_to_come_again() {
    let mut route = served("tiny");
    route.limits.max_concurrent_requests = 1;
    let slow = || FakeTurn::Slowly(words(&["a"]), Duration::from_secs(60));
    let here = here_with(vec![slow(), slow()], KeyLimits::default(), vec![route]).await;
    let first = here.stream(hello()).await.unwrap();
    let _second = here.stream(hello()).await.unwrap();
    let error = here.chat(hello()).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::RateLimited, "route_concurrency"));
    assert!(error.retry_after().is_some());
    drop(first);
    here.chat(hello()).await.unwrap();
}

#[tokio::test]
async fn places_are_given_back_on_every_way_out() {
    let mut route = served("tiny");
    route.limits.max_concurrent_requests = 1;
    let turns = vec![FakeTurn::Breaks(words(&["a"])), FakeTurn::Away, FakeTurn::Breaks(vec![]), FakeTurn::Away];
    let here = here_with(turns, KeyLimits::default(), vec![route]).await;
    let _ = here.stream(hello()).await.unwrap().collect::<Vec<_>>().await;
    assert!(here.stream(hello()).await.is_err());
    here.chat(hello()).await.unwrap_err();
    here.chat(hello()).await.unwrap_err();
    drop(here.stream(hello()).await.unwrap());
    let routes = here.gateway.list_routes(&Ctx::system(), ListRoutes::default()).await.unwrap().items;
    assert_eq!(routes[0].in_flight, 0);
    let both = [here.stream(hello()).await, here.stream(hello()).await];
    assert!(both.iter().all(Result::is_ok), "both places are free again");
}

#[tokio::test]
async fn a_key_has_its_rate() {
    let limits = KeyLimits { requests_per_minute: Some(2), concurrent_requests: None };
    let here = here_with(vec![], limits, vec![served("tiny")]).await;
    for _ in 0..2 {
        here.gateway.chat(&by_key("k1"), hello()).await.unwrap();
    }
    let error = here.gateway.chat(&by_key("k1"), hello()).await.unwrap_err();
    assert_eq!(error.stable_code(), "key_requests_per_minute");
    let wait = error.retry_after().unwrap();
    assert!((25_000..=30_001).contains(&wait), "{wait}");
    here.gateway.chat(&by_key("k2"), hello()).await.unwrap();
}

#[tokio::test]
async fn a_key_has_its_places() {
    let limits = KeyLimits { requests_per_minute: None, concurrent_requests: Some(1) };
    let slow = FakeTurn::Slowly(words(&["a"]), Duration::from_secs(60));
    let here = here_with(vec![slow], limits, vec![served("tiny")]).await;
    let held = here.gateway.chat_stream(&by_key("k1"), hello()).await.unwrap();
    assert_eq!(here.gateway.chat(&by_key("k1"), hello()).await.unwrap_err().stable_code(), "key_concurrency");
    here.gateway.chat(&by_key("k2"), hello()).await.unwrap();
    drop(held);
    here.gateway.chat(&by_key("k1"), hello()).await.unwrap();
}

#[tokio::test]
async fn places_are_exact_in_a_race() {
    let limits = KeyLimits { requests_per_minute: Some(7), concurrent_requests: None };
    let here = Arc::new(here_with(vec![], limits, vec![served("tiny")]).await);
    let asked = (0..64).map(|_| {
        let here = here.clone();
        tokio::spawn(
            async move { here.gateway.chat(&by_key("k"), hello()).await.map_err(|e| e.stable_code().to_owned()) },
        )
    });
    let answers = futures::future::join_all(asked).await;
    let let_in = answers.into_iter().map(Result::unwrap).filter(|a| a != &Err("key_requests_per_minute".to_owned()));
    assert_eq!(let_in.count(), 7);
}
