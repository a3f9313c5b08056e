//! Who is meant by a name.

use super::*;

fn in_environment(name: &str, environment: Environment) -> ServedRoute {
    ServedRoute { environment, ..served(name) }
}

/// The environment that a name leads to.
fn leads(routes: Vec<ServedRoute>, name: &str, wanted: Option<Environment>) -> Option<Environment> {
    table(routes).resolve("default", name, wanted).ok().map(|route| route.served.environment)
}

#[test]
fn production_comes_first_unless_another_is_named() {
    let all = || vec![in_environment("a", Environment::Dev), in_environment("a", Environment::Prod)];
    assert_eq!(leads(all(), "a", None), Some(Environment::Prod));
    assert_eq!(leads(all(), "a", Some(Environment::Dev)), Some(Environment::Dev));
    assert_eq!(leads(all(), "a", Some(Environment::Stg)), None);
}

#[test]
fn a_production_that_is_down_is_not_silently_another() {
    let mut production = in_environment("a", Environment::Prod);
    production.replicas.clear();
    assert_eq!(leads(vec![production, in_environment("a", Environment::Dev)], "a", None), Some(Environment::Prod));
}

#[test]
fn names_of_models_lead_to_the_route_that_is_answered() {
    let mut down = ServedRoute { model_name: "m".into(), ..served("a") };
    down.replicas.clear();
    let up = ServedRoute { model_name: "m".into(), ..served("b") };
    let (id, all) = (up.model_id.to_string(), table(vec![down, up]));
    for name in ["m", "m:1.0.0", id.as_str()] {
        assert_eq!(all.resolve("default", name, None).unwrap().served.route, "/b", "{name}");
    }
    assert!(all.resolve("default", "m:2.0.0", None).is_err());
}

#[test]
fn a_route_is_meant_before_a_model() {
    let model = ServedRoute { model_name: "x".into(), ..served("a") };
    let all = table(vec![model, served("x")]);
    assert_eq!(all.resolve("default", "x", None).unwrap().served.route, "/x");
    assert_eq!(all.resolve("default", "/llm-ops/v1/serve/x", None).unwrap().served.route, "/x");
}

#[test]
fn projects_do_not_see_one_another() {
    let all = table(vec![ServedRoute { project: "other".into(), ..served("a") }]);
    assert_eq!(all.resolve("default", "a", None).unwrap_err().stable_code(), "model_not_found");
}

#[test]
fn replicas_that_stay_keep_their_counts() {
    let one = served("a");
    let before = table(vec![one.clone()]);
    let route = before.resolve("default", "a", None).unwrap();
    let _place = route.replicas[0].enter();
    let mut two = ServedRoute { revision: 2, ..one };
    two.replicas.push(replica("a-2"));
    let after = Table::after(&before, vec![two]);
    let route = after.resolve("default", "a", None).unwrap();
    assert_eq!(route.replicas.iter().map(|r| r.in_flight()).collect::<Vec<_>>(), [1, 0]);
    assert_eq!((route.served.revision, after.generation), (2, 2));
}

#[tokio::test]
async fn a_signal_brings_the_new_routes() {
    let here = here(vec![]).await;
    here.source.routes.lock().unwrap().push(served("new"));
    here.store.signals().wake(&["serving".to_owned()]);
    let mut seen = false;
    for _ in 0..100 {
        seen |= here.gateway.get_route_health(&Ctx::system(), health("new")).await.is_ok();
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert!(seen);
}

fn health(route: &str) -> GetRouteHealth {
    GetRouteHealth { route: route.into(), environment: None }
}

#[tokio::test]
async fn an_answer_under_way_outlives_its_revision() {
    let pause = std::time::Duration::from_millis(20);
    let here = here(vec![FakeTurn::Slowly(words(&["a", "b", "c"]), pause)]).await;
    let mut chunks = here.stream(hello()).await.unwrap();
    chunks.next().await.unwrap().unwrap();
    here.source.routes.lock().unwrap().clear();
    here.gateway.refresh().await.unwrap();
    assert!(here.chat(hello()).await.is_err());
    let rest: Vec<Result<ChatChunk>> = chunks.collect().await;
    assert!(rest.iter().all(Result::is_ok) && rest.len() == 5, "{rest:?}");
}

#[tokio::test]
async fn health_says_who_would_answer() {
    let mut down = served("down");
    down.replicas.clear();
    let here = here_with(vec![], KeyLimits::default(), vec![served("tiny"), down]).await;
    let ctx = Ctx::system();
    assert!(here.gateway.get_route_health(&ctx, health("tiny")).await.unwrap().available);
    assert!(!here.gateway.get_route_health(&ctx, health("down")).await.unwrap().available);
    let error = here.gateway.get_route_health(&ctx, health("none")).await.unwrap_err();
    assert_eq!(error.stable_code(), "model_not_found");
}

#[tokio::test]
async fn routes_are_listed_in_pages() {
    let routes = vec![served("c"), served("a"), in_environment("a", Environment::Prod), served("b")];
    let here = here_with(vec![], KeyLimits::default(), routes).await;
    let (mut seen, mut cursor) = (Vec::new(), None);
    loop {
        let asked = ListRoutes { limit: Some(3), cursor, environment: None };
        let page = here.gateway.list_routes(&Ctx::system(), asked).await.unwrap();
        seen.extend(page.items.into_iter().map(|route| (route.route, route.environment)));
        cursor = page.page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let expected =
        [("/a", Environment::Prod), ("/a", Environment::Dev), ("/b", Environment::Dev), ("/c", Environment::Dev)];
    assert_eq!(seen, expected.map(|(route, environment)| (route.to_owned(), environment)));
}

#[tokio::test]
async fn a_request_waits_for_the_replica_that_is_just_coming() {
    let mut coming = served("tiny");
    let replicas = std::mem::take(&mut coming.replicas);
    let here = here_with(vec![], KeyLimits::default(), vec![coming.clone()]).await;
    let answered = here.chat(hello());
    let appears = async {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        here.source.routes.lock().unwrap()[0].replicas = replicas;
        here.gateway.refresh().await.unwrap();
    };
    let (answered, ()) = tokio::join!(answered, appears);
    assert_eq!(answered.unwrap().route, "/tiny");
}
