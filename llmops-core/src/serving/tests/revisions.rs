//! One revision after the other, and back.

use super::*;

async fn numbers(fresh: &Fresh, of: &Endpoint) -> Vec<(u32, bool, String)> {
    let request = ListEndpointRevisions { endpoint_id: of.id, limit: None, cursor: None };
    let page = fresh.serving().list_endpoint_revisions(&fresh.ctx(), request).await.unwrap();
    page.items.into_iter().map(|one| (one.revision, one.active, one.model_version)).collect()
}

/// What the gateway asks.
async fn asked(fresh: &Fresh) -> (u32, String) {
    let route = fresh.served().await.remove(0);
    (route.revision, route.replicas[0].work.clone())
}

#[tokio::test]
async fn the_revision_before_answers_until_the_new_one_is_ready() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let other = fresh.model("2.0.0").await;
    fresh.fake.hold_starts(true);
    let rolling = fresh.redeploy(&endpoint, Some(&other)).await.unwrap();
    assert_eq!((rolling.revision, rolling.next_revision), (1, Some(2)));
    fresh.eventually("the next one is started", async || fresh.works().len() == 2).await;
    assert_eq!(asked(&fresh).await.0, 1);
    let next = fresh.works().into_iter().find(|work| work.as_str().contains("-r2-")).unwrap();
    fresh.fake.run(&next);
    let rolled = fresh.until(&endpoint, |now| now.revision == 2).await;
    assert_eq!((rolled.model_version.as_str(), rolled.model_id), ("2.0.0", other.id));
    assert_eq!(asked(&fresh).await, (2, next.to_string()));
    assert_eq!(numbers(&fresh, &endpoint).await, [(2, true, "2.0.0".into()), (1, false, "1.0.0".into())]);
    let mut answered: Vec<Option<u32>> = rolled.history.iter().map(|change| change.revision).collect();
    answered.dedup();
    assert_eq!(answered, [None, Some(1), Some(2)]);
}

#[tokio::test]
async fn the_revision_before_ends_seconds_after_the_switch() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let before = fresh.works().remove(0);
    fresh.redeploy(&endpoint, None).await.unwrap();
    fresh.until(&endpoint, |now| now.revision == 2).await;
    let switched = std::time::Instant::now();
    fresh.eventually("the one before is told to end", async || !fresh.fake.stops().is_empty()).await;
    assert!(switched.elapsed() > Duration::from_secs(4), "it had {:?}", switched.elapsed());
    assert_eq!(fresh.fake.stops()[0], (before, Duration::from_secs(15)));
    fresh.until(&endpoint, |now| now.replicas.total == 1).await;
}

#[tokio::test]
async fn rolling_back_to_what_still_runs_takes_effect_in_the_call() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let before = asked(&fresh).await;
    fresh.redeploy(&endpoint, None).await.unwrap();
    fresh.until(&endpoint, |now| now.revision == 2).await;
    let back = fresh.rollback(&endpoint, None).await.unwrap();
    assert_eq!((back.revision, back.next_revision), (1, None));
    assert_eq!(asked(&fresh).await, before);
    assert_eq!(fresh.fake.stops(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_reads_routes_during_a_switch_finds_the_replicas_of_the_revision_he_reads() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let room = fresh.room().await;
    let reader = tokio::spawn(async move {
        loop {
            let route = room.served_routes(&Ctx::system()).await.unwrap().remove(0);
            let of = format!("-r{}-", route.revision);
            assert!(route.replicas.iter().any(|one| one.work.contains(&of)), "{route:?}");
        }
    });
    for revision in 2..16 {
        fresh.redeploy(&endpoint, None).await.unwrap();
        fresh.until(&endpoint, |now| now.revision == revision).await;
        assert!(!reader.is_finished(), "{:?}", reader.await);
    }
    reader.abort();
}

#[tokio::test]
async fn rolling_back_to_what_ended_starts_it_again_from_its_revision() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let other = fresh.model("2.0.0").await;
    fresh.redeploy(&endpoint, Some(&other)).await.unwrap();
    fresh.until(&endpoint, |now| now.revision == 2 && now.replicas.total == 1).await;
    fresh.rollback(&endpoint, Some(1)).await.unwrap();
    let back = fresh.until(&endpoint, |now| now.revision == 1).await;
    assert_eq!((back.model_version.as_str(), back.next_revision), ("1.0.0", None));
}

#[tokio::test]
async fn a_revision_that_does_not_start_leaves_the_one_before_answering() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    fresh.fake.on_start(|fake, work| fake.end(&work.id, 66));
    fresh.redeploy(&endpoint, None).await.unwrap();
    let stuck = fresh.until(&endpoint, |now| now.status == EndpointStatus::Degraded).await;
    assert_eq!((stuck.revision, stuck.replicas.available), (1, 1));
    assert!(stuck.status_reason.contains("revision 2 keeps failing"), "{}", stuck.status_reason);
    let back = fresh.rollback(&endpoint, None).await.unwrap();
    assert_eq!((back.revision, back.next_revision, back.status), (1, None, EndpointStatus::Healthy));
}

#[tokio::test]
async fn there_must_be_something_to_roll_back_to() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    assert_eq!(refused(fresh.rollback(&endpoint, None)).await.1, "no_earlier_revision");
    assert_eq!(refused(fresh.rollback(&endpoint, Some(1))).await.1, "revision_active");
    assert_eq!(refused(fresh.rollback(&endpoint, Some(9))).await.0, ErrorKind::NotFound);
}

#[tokio::test]
async fn other_limits_are_a_new_revision() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let limits = EndpointLimits { max_concurrent_requests: 2, ..EndpointLimits::default() };
    let same = UpdateEndpoint { limits: Some(endpoint.limits), ..change(&endpoint) };
    assert_eq!(fresh.update(&endpoint, same).await.unwrap().next_revision, None);
    let fewer = UpdateEndpoint { limits: Some(limits), ..change(&endpoint) };
    assert_eq!(fresh.update(&endpoint, fewer).await.unwrap().next_revision, Some(2));
    let limited = fresh.until(&endpoint, |now| now.revision == 2).await;
    assert_eq!(limited.limits, limits);
}

#[tokio::test]
async fn the_bytes_of_a_revision_stay_when_the_model_changes() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let model = fresh.ops.catalog().get_model(&fresh.ctx(), GetModel { model_id: endpoint.model_id }).await.unwrap();
    let request = ListEndpointRevisions { endpoint_id: endpoint.id, limit: None, cursor: None };
    let revisions = fresh.serving().list_endpoint_revisions(&fresh.ctx(), request).await.unwrap().items;
    let request = UploadModelFiles { model_id: model.id, path: None, replace: Some(true), sha256: None };
    let body = parts(vec![Part::from_bytes("config.json", r#"{"other":1}"#)]);
    fresh.ops.catalog().upload_model_files(&fresh.ctx(), request, body).await.unwrap();
    fresh.fake.end(&fresh.works().remove(0), 1);
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Deploying).await;
    fresh.until(&endpoint, |now| now.status == EndpointStatus::Healthy).await;
    let blobs = Blobs::open_store(&crate::blob::trial::store(fresh.dir.path())).unwrap();
    for file in &revisions[0].plan.files {
        assert!(blobs.size(&file.sha256).await.unwrap().is_some(), "{} is gone", file.path);
    }
}

#[tokio::test]
async fn an_endpoint_is_found_by_a_part_of_its_route() {
    let fresh = Fresh::open().await;
    let endpoint = fresh.healthy().await;
    let found = async |text: &str| {
        let request = ListEndpoints { text: Some(text.into()), ..ListEndpoints::default() };
        let page = fresh.serving().list_endpoints(&fresh.ctx(), request).await.unwrap();
        page.items.into_iter().map(|one| one.id).collect::<Vec<_>>()
    };
    let route = endpoint.route.to_uppercase();
    assert_eq!(found(&route[1..]).await, [endpoint.id]);
    assert_eq!(found("another").await, []);
    fresh.serving().delete_endpoint(&fresh.ctx(), DeleteEndpoint { endpoint_id: endpoint.id }).await.unwrap();
    fresh.eventually("it is gone", async || found("").await.is_empty()).await;
    let again = fresh.deploy(&fresh.model("3.0.0").await, &endpoint.route).await;
    assert_eq!(found(&route[1..]).await, [again.id]);
}
