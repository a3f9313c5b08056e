//! From the deployment to the end: answering, failing, stopping, deleting.

use super::*;
use crate::catalog::DeleteModel;
use crate::compute::{Compute, Program};
use crate::cost::{CostUsage, ListCostEntries};
use crate::platform::on_trial;

#[tokio::test]
async fn an_approved_model_answers_under_its_route() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let routes = fresh.served().await;
    assert_eq!(routes.len(), 1);
    let route = &routes[0];
    assert_eq!((route.endpoint_id, route.route.as_str(), route.revision), (endpoint.id, "/tiny", 1));
    assert_eq!(route.status, EndpointStatus::Healthy);
    assert_eq!(route.replicas[0].address, fresh.answers.address);
    assert_eq!(endpoint.replicas, ReplicaCount { total: 1, ready: 1, available: 1 });
}

#[tokio::test]
async fn the_gateway_and_the_replica_share_a_key_that_is_nowhere_kept_or_shown() {
    let fresh = Fresh::open().await;
    fresh.healthy().await;
    let key = fresh.served().await[0].replicas[0].api_key.clone().unwrap();
    let work = fresh.fake.started().remove(0);
    assert_eq!(work.environment["LLMOPS_SERVE_KEY"].expose(), key.expose());
    let Program::Runtime(arguments) = &work.program else { panic!("a replica runs the runtime") };
    assert!(!arguments.contains(&key.expose().to_owned()));
    assert!(!trial::holds(fresh.dir.path(), key.expose()).await, "the key is in the database");
    assert!(trial::holds(fresh.dir.path(), "/tiny").await, "the search finds nothing at all");
}

#[tokio::test]
async fn a_replica_that_loads_is_not_asked_yet() {
    let fresh = Fresh::open().await;
    fresh.answers.say(503);
    let model = fresh.model("1.0.0").await;
    let endpoint = fresh.deploy(&model, "tiny").await;
    let loading = fresh.until(&endpoint, |now| now.status_reason.ends_with("loads the model")).await;
    assert_eq!(loading.status, EndpointStatus::Deploying);
    assert_eq!(fresh.served().await[0].replicas.len(), 0);
    fresh.answers.say(200);
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
}

#[tokio::test]
async fn a_replica_that_ends_comes_back() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let first = fresh.works().remove(0);
    fresh.fake.text(&first, "out of ideas");
    fresh.fake.end(&first, 1);
    let down = fresh.until(&endpoint, |now| now.status == EndpointStatus::Deploying).await;
    assert!(down.status_reason.contains("exit code 1 after saying: out of ideas"), "{}", down.status_reason);
    let again = fresh.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
    let asked = fresh.served().await[0].replicas[0].work.clone();
    assert_ne!(asked, first.to_string());
    let seen: Vec<EndpointStatus> = again.history.iter().map(|change| change.status).collect();
    assert_eq!(seen.last(), Some(&EndpointStatus::Healthy));
    assert!(seen.contains(&EndpointStatus::Deploying));
}

#[tokio::test]
async fn a_model_the_runtime_refuses_fails_with_its_words() {
    let fresh = Fresh::open().await;
    fresh.fake.on_start(|fake, work| {
        fake.text(&work.id, "error: model.safetensors holds no layer");
        fake.end(&work.id, 66);
    });
    let model = fresh.model("1.0.0").await;
    let endpoint = fresh.deploy(&model, "tiny").await;
    let failed = fresh.until(&endpoint, |now| now.status == EndpointStatus::Failed).await;
    assert!(failed.status_reason.contains("exit code 66"), "{}", failed.status_reason);
    assert!(failed.status_reason.contains("holds no layer"), "{}", failed.status_reason);
}

#[tokio::test]
async fn a_start_that_is_refused_is_told_and_tried_again() {
    let fresh = Fresh::open().await;
    fresh.fake.fail_next_start(crate::base::Error::unavailable("no core is free"));
    let model = fresh.model("1.0.0").await;
    let endpoint = fresh.deploy(&model, "tiny").await;
    fresh.until(&endpoint, |now| now.status_reason.contains("cannot be started: no core is free")).await;
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
}

#[tokio::test]
async fn what_a_replica_used_is_charged_when_it_ends() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let work = fresh.works().remove(0);
    fresh.fake.usage(&work, 2.5, 0);
    fresh.fake.end(&work, 1);
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Deploying).await;
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
    let request = ListCostEntries { resource_id: Some(endpoint.id.to_string()), ..ListCostEntries::default() };
    let entries = fresh.ops.cost().list_cost_entries(&fresh.ctx(), request).await.unwrap().items;
    let used: Vec<u64> = entries.iter().map(|entry| entry.usage[&CostUsage::CpuMillis]).collect();
    assert_eq!((used, entries[0].model.as_deref()), (vec![2500], Some("tiny")));
}

#[tokio::test]
async fn work_of_an_endpoint_that_is_gone_is_swept_up() {
    let mut fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let late = fresh.fake.started().remove(0);
    fresh.delete(&endpoint).await;
    fresh.eventually("it is gone", async || fresh.get(&endpoint).await.is_err()).await;
    fresh.ops.shutdown().await;
    fresh.fake.start(&late).await.unwrap(); // by a server that had lost its lease
    fresh.ops = on_trial(fresh.dir.path()).await.compute(fresh.fake.clone()).open().await.unwrap();
    fresh.eventually("it is swept up", async || fresh.works().is_empty()).await;
}

#[tokio::test]
async fn a_server_elsewhere_takes_an_endpoint_over_that_nobody_watches() {
    let mut fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    fresh.ops.shutdown().await;
    let (elsewhere, address) = (Fake::new(), fresh.answers.address.clone());
    elsewhere.set_capability(|can| can.place = "elsewhere".into());
    elsewhere.on_start(move |fake, work| fake.listen(&work.id, &address));
    fresh.ops = on_trial(fresh.dir.path()).await.compute(elsewhere.clone()).open().await.unwrap();
    fresh.eventually("it runs there", async || !elsewhere.started().is_empty()).await;
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
    assert_eq!(fresh.served().await[0].replicas.len(), 0, "what runs elsewhere cannot be asked from here");
}

#[tokio::test]
async fn more_and_fewer_replicas() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    fresh.update(&endpoint, UpdateEndpoint { min_replicas: Some(3), ..change(&endpoint) }).await.unwrap();
    fresh.until(&endpoint, |now| now.replicas.available == 3 && now.status == EndpointStatus::Healthy).await;
    let fewer = UpdateEndpoint { min_replicas: Some(1), ..change(&endpoint) };
    fresh.update(&endpoint, fewer).await.unwrap();
    fresh.until(&endpoint, |now| now.replicas.total == 1).await;
    fresh.eventually("two are removed", async || fresh.works().len() == 1).await;
}

#[tokio::test]
async fn a_stopped_endpoint_starts_again() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let off = UpdateEndpoint { status: Some(EndpointSwitch::Stopped), ..change(&endpoint) };
    let stopped = fresh.update(&endpoint, off).await.unwrap();
    assert_eq!(stopped.status, EndpointStatus::Stopped);
    fresh.until(&endpoint, |now| now.replicas.total == 0).await;
    fresh.eventually("nothing runs", async || fresh.works().is_empty()).await;
    let on = UpdateEndpoint { status: Some(EndpointSwitch::Running), ..change(&endpoint) };
    fresh.update(&endpoint, on).await.unwrap();
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
}

#[tokio::test]
async fn only_what_was_read_is_changed() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let changed = fresh.update(&endpoint, UpdateEndpoint { min_replicas: Some(2), ..change(&endpoint) }).await.unwrap();
    assert_ne!(changed.etag, endpoint.etag);
    let ctx = fresh.ctx().with_if_match(endpoint.etag.clone());
    let late = UpdateEndpoint { min_replicas: Some(3), ..change(&endpoint) };
    assert_eq!(refused(fresh.serving().update_endpoint(&ctx, late)).await.0, ErrorKind::Stale);
}

#[tokio::test]
async fn a_restart_of_the_platform_finds_its_replicas() {
    let mut fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let work = fresh.works().remove(0);
    fresh.ops.shutdown().await;
    fresh.ops = on_trial(fresh.dir.path()).await.compute(fresh.fake.clone()).open().await.unwrap();
    fresh.update(&endpoint, UpdateEndpoint { min_replicas: Some(2), ..change(&endpoint) }).await.unwrap();
    fresh.until(&endpoint, |now| now.replicas.available == 2).await;
    assert_eq!((fresh.fake.start_calls(&work), fresh.works().len()), (1, 2));
}

#[tokio::test]
async fn a_deleted_endpoint_ends_what_runs_and_then_goes() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    fresh.fake.ignore_stops(true);
    let request = GetEndpoint { endpoint_id: endpoint.id };
    let followed = fresh.serving().watch_endpoint(&fresh.ctx(), request).await.unwrap();
    let following = tokio::spawn(followed.try_collect::<Vec<Endpoint>>());
    let leaving = fresh.delete(&endpoint).await;
    assert_eq!(leaving.status_reason, "being deleted: 1 replica ends what it took");
    assert_eq!(refused(fresh.redeploy(&endpoint, None)).await.1, "being_deleted");
    fresh.eventually("it is told to end", async || !fresh.fake.stops().is_empty()).await;
    assert_eq!(fresh.get(&endpoint).await.unwrap().status, EndpointStatus::Stopped);
    fresh.fake.end(&fresh.works().remove(0), 0);
    let seen = tokio::time::timeout(PATIENCE, following).await.unwrap().unwrap().unwrap();
    assert_eq!(seen.last().unwrap().status, EndpointStatus::Stopped, "who follows it hears that it is gone");
    assert!(fresh.get(&endpoint).await.is_err());
    assert_eq!(fresh.works(), Vec::<WorkId>::new());
    assert_eq!(fresh.served().await.len(), 0);
}

#[tokio::test]
async fn a_model_that_answers_is_not_deleted() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let other = fresh.model("2.0.0").await;
    fresh.redeploy(&endpoint, Some(&other)).await.unwrap();
    fresh.until(&endpoint, |now| now.revision == 2).await;
    for model in [endpoint.model_id, other.id] {
        let ctx = fresh.ctx();
        let call = fresh.ops.catalog().delete_model(&ctx, DeleteModel { model_id: model });
        assert_eq!(refused(call).await.1, "in_use");
    }
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let fresh = Fresh::open().await;
    let model = fresh.model("1.0.0").await;
    for route in ["a", "b", "c"] {
        fresh.deploy(&model, route).await;
    }
    let list = async |request: ListEndpoints| {
        let page = fresh.serving().list_endpoints(&fresh.ctx(), request).await.unwrap();
        (page.items.into_iter().map(|item| item.route).collect::<Vec<_>>(), page.page.next_cursor)
    };
    let (first, cursor) = list(ListEndpoints { limit: Some(2), ..ListEndpoints::default() }).await;
    let (rest, end) = list(ListEndpoints { limit: Some(2), cursor, ..ListEndpoints::default() }).await;
    assert_eq!((first.concat(), rest.concat(), end), ("/c/b".into(), "/a".into(), None));
    let of_model = ListEndpoints { model_id: Some(model.id), ..ListEndpoints::default() };
    assert_eq!(list(of_model).await.0.len(), 3);
    let of_prod = ListEndpoints { environment: Some(Environment::Prod), ..ListEndpoints::default() };
    assert_eq!(list(of_prod).await.0.len(), 0);
    let stopped = ListEndpoints { status: Some(EndpointStatus::Stopped), ..ListEndpoints::default() };
    assert_eq!(list(stopped).await.0.len(), 0);
}

#[tokio::test]
async fn what_replicas_write_is_read_and_followed() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let work = fresh.works().remove(0);
    fresh.fake.text(&work, "loading");
    fresh.fake.event(&work, json!({ "event": "ready" }));
    let request = StreamEndpointLogs { endpoint_id: endpoint.id, follow: None };
    let there = fresh.serving().stream_endpoint_logs(&fresh.ctx(), request).await.unwrap();
    let lines: Vec<String> = there.map_ok(|line| line.line).try_collect().await.unwrap();
    assert_eq!(lines, ["loading", r#"{"event":"ready"}"#]);
    let request = StreamEndpointLogs { endpoint_id: endpoint.id, follow: Some(true) };
    let mut followed = fresh.serving().stream_endpoint_logs(&fresh.ctx(), request).await.unwrap();
    for _ in 0..2 {
        followed.try_next().await.unwrap();
    }
    fresh.fake.text(&work, "later");
    let line = followed.try_next().await.unwrap().unwrap();
    assert_eq!((line.line.as_str(), line.replica, line.revision), ("later", work.to_string(), 1));
}
