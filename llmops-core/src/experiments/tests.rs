//! Experiments on a real SQLite file.

use std::collections::BTreeMap;

use futures::StreamExt;

use super::*;
use crate::LlmOps;
use crate::base::{ErrorKind, Timestamp};
use crate::platform::on_trial;

struct Fresh {
    _dir: tempfile::TempDir,
    ops: LlmOps,
}

fn labels(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn point(name: &str, step: i64, value: f64) -> MetricPoint {
    MetricPoint { name: name.into(), value: Number(value), step, time: Some(Timestamp::from_micros(1_000_000 + step)) }
}

impl Fresh {
    async fn open() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let ops = on_trial(dir.path()).await.open().await.unwrap();
        Self { _dir: dir, ops }
    }

    async fn run(&self, name: &str, params: &[(&str, &str)]) -> Run {
        let request = CreateRun { name: name.into(), params: labels(params), ..CreateRun::default() };
        self.ops.experiments().create_run(&self.ops.ctx(), request).await.unwrap()
    }

    async fn log(&self, run: &Run, metrics: Vec<MetricPoint>) -> Result<LoggedMetrics> {
        self.ops.experiments().log_metrics(&self.ops.ctx(), LogMetrics { run_id: run.id, metrics }).await
    }

    async fn get(&self, run: &Run) -> Run {
        self.ops.experiments().get_run(&self.ops.ctx(), GetRun { run_id: run.id }).await.unwrap()
    }

    async fn set(&self, run: &Run, status: Option<RunStatus>, params: &[(&str, &str)]) -> Result<Run> {
        let request = UpdateRun { run_id: run.id, name: None, status, params: Some(labels(params)), tags: None };
        self.ops.experiments().update_run(&self.ops.ctx(), request).await
    }

    async fn search(&self, filter: &str, order_by: Option<&str>) -> Result<Vec<String>> {
        let request =
            SearchRuns { filter: Some(filter.into()), order_by: order_by.map(Into::into), ..SearchRuns::default() };
        let page = self.ops.experiments().search_runs(&self.ops.ctx(), request).await?;
        Ok(page.items.into_iter().map(|run| run.name).collect())
    }

    async fn series(&self, run: &Run, max_points: u32) -> Series {
        let request = GetSeries { run_id: run.id, metrics: None, max_points: Some(max_points) };
        self.ops.experiments().get_series(&self.ops.ctx(), request).await.unwrap().series.remove(0)
    }
}

#[tokio::test]
async fn a_run_is_read_as_it_was_written() {
    let fresh = Fresh::open().await;
    let run = fresh.run("first", &[("lr", "0.001")]).await;
    fresh.log(&run, vec![point("loss", 1, 2.0), point("loss", 2, 1.5)]).await.unwrap();
    let read = fresh.get(&run).await;
    let loss = &read.metrics["loss"];
    assert_eq!((loss.last, loss.step, loss.min, loss.max, loss.points), (Number(1.5), 2, Some(1.5), Some(2.0), 2));
}

#[tokio::test]
async fn a_batch_sent_twice_is_there_once() {
    let fresh = Fresh::open().await;
    let run = fresh.run("r", &[]).await;
    let batch = || (0..2500).map(|step| point("loss", step, step as f64)).collect::<Vec<_>>();
    fresh.log(&run, batch()).await.unwrap();
    let again = fresh.log(&run, batch()).await.unwrap();
    assert_eq!(again, LoggedMetrics { recorded: 0, known: 2500 });
    assert_eq!(fresh.get(&run).await.metrics["loss"].points, 2500);
}

#[tokio::test]
async fn what_json_cannot_say_survives() {
    let fresh = Fresh::open().await;
    let run = fresh.run("r", &[]).await;
    let values = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY];
    let points = values.iter().zip(0..).map(|(value, step)| point("x", step, *value)).collect();
    fresh.log(&run, points).await.unwrap();
    let read: Vec<Number> = fresh.series(&run, 10).await.points.iter().map(|p| p.value).collect();
    assert_eq!(read, values.map(Number));
}

#[tokio::test]
async fn a_bad_point_keeps_the_whole_batch_out() {
    let fresh = Fresh::open().await;
    let run = fresh.run("r", &[]).await;
    let error = fresh.log(&run, vec![point("loss", 1, 1.0), point("", 2, 1.0)]).await.unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("metrics[1].name")));
    assert!(fresh.get(&run).await.metrics.is_empty());
}

#[tokio::test]
async fn a_long_curve_is_thinned_evenly() {
    let fresh = Fresh::open().await;
    let run = fresh.run("r", &[]).await;
    for batch in 0..3 {
        let points = (0..5000).map(|n| point("loss", batch * 5000 + n, n as f64)).collect();
        fresh.log(&run, points).await.unwrap();
    }
    let series = fresh.series(&run, 500).await;
    assert_eq!(series.total, 15_000);
    assert!((250..=500).contains(&series.points.len()), "{}", series.points.len());
    assert_eq!((series.points[0].step, series.points[series.points.len() - 1].step), (0, 14_999));
}

#[tokio::test]
async fn a_parameter_never_changes() {
    let fresh = Fresh::open().await;
    let run = fresh.run("r", &[("lr", "1")]).await;
    let error = fresh.set(&run, None, &[("lr", "2")]).await.unwrap_err();
    assert_eq!(error.stable_code(), "param_exists");
}

#[tokio::test]
async fn of_two_values_that_come_at_once_one_is_the_parameter() {
    let fresh = Fresh::open().await;
    for _ in 0..12 {
        let run = fresh.run("r", &[]).await;
        let two = tokio::join!(fresh.set(&run, None, &[("lr", "1")]), fresh.set(&run, None, &[("lr", "2")]));
        let (kept, lost) = match two {
            (Ok(kept), Err(lost)) | (Err(lost), Ok(kept)) => (kept, lost),
            both => panic!("one of two is refused: {both:?}"),
        };
        assert_eq!(lost.stable_code(), "param_exists");
        assert_eq!(fresh.get(&run).await.params, kept.params);
    }
}

#[tokio::test]
async fn a_job_has_one_run() {
    let fresh = Fresh::open().await;
    let job = fresh.ops.ctx().new_id();
    let request = || CreateRun { name: "r".into(), job_id: Some(job), ..CreateRun::default() };
    let ctx = fresh.ops.ctx();
    let run = fresh.ops.experiments().create_run(&ctx, request()).await.unwrap();
    let error = fresh.ops.experiments().create_run(&ctx, request()).await.unwrap_err();
    assert_eq!(error.stable_code(), "run_exists");
    let found = fresh.ops.experiments().get_job_run(&ctx, GetJobRun { job_id: job }).await.unwrap();
    assert_eq!(found, run);
}

#[tokio::test]
async fn a_search_reads_its_filter() {
    let fresh = Fresh::open().await;
    for (name, lr, loss) in [("alpha", "0.1", 0.9), ("beta", "0.01", 0.4), ("Gamma", "0.1", 0.2)] {
        let run = fresh.run(name, &[("lr", lr)]).await;
        fresh.log(&run, vec![point("loss", 1, loss)]).await.unwrap();
    }
    let cases: [(&str, Option<&str>, &[&str]); 8] = [
        ("metrics.loss < 0.5", Some("name"), &["Gamma", "beta"]),
        ("params.lr = '0.1' AND metrics.loss > 0.5", None, &["alpha"]),
        ("params.lr = '0.01' OR metrics.loss < 0.3", Some("metrics.loss"), &["Gamma", "beta"]),
        ("name LIKE '%a'", Some("-metrics.loss"), &["alpha", "beta", "Gamma"]),
        ("name LIKE 'g%'", None, &[]),
        ("name ILIKE 'g%'", None, &["Gamma"]),
        ("params.lr != '0.1'", None, &["beta"]),
        ("(name = 'alpha' OR name = 'beta') AND status = 'running'", Some("-name"), &["beta", "alpha"]),
    ];
    for (filter, order, expected) in cases {
        assert_eq!(fresh.search(filter, order).await.unwrap(), expected, "{filter}");
    }
}

#[tokio::test]
async fn a_search_by_metric_goes_on_page_by_page() {
    let fresh = Fresh::open().await;
    for n in 0..7 {
        let run = fresh.run(&format!("r{n}"), &[]).await;
        fresh.log(&run, vec![point("loss", 1, f64::from(n % 3))]).await.unwrap();
    }
    let mut request = SearchRuns { order_by: Some("metrics.loss".into()), limit: Some(2), ..SearchRuns::default() };
    let mut losses = Vec::new();
    loop {
        let page = fresh.ops.experiments().search_runs(&fresh.ops.ctx(), request.clone()).await.unwrap();
        losses.extend(page.items.iter().map(|run| run.metrics["loss"].last.0));
        let Some(next) = page.page.next_cursor else { break };
        request.cursor = Some(next);
    }
    assert_eq!(losses, [0.0, 0.0, 0.0, 1.0, 1.0, 2.0, 2.0]);
}

#[tokio::test]
async fn a_filter_that_means_nothing_is_refused() {
    let fresh = Fresh::open().await;
    let wrong = ["metrics.loss <", "loss < 1", "metrics.loss = 'a'", "params.lr < '1'", "(name = 'a'", "name = a"];
    for filter in wrong {
        let error = fresh.search(filter, None).await.unwrap_err();
        assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("filter")), "{filter}");
    }
}

#[tokio::test]
async fn a_comparison_shows_what_differs() {
    let fresh = Fresh::open().await;
    let one = fresh.run("one", &[("lr", "1"), ("seed", "7")]).await;
    let two = fresh.run("two", &[("lr", "2"), ("seed", "7")]).await;
    fresh.log(&two, vec![point("loss", 1, 0.5)]).await.unwrap();
    let request = CompareRuns { run_ids: vec![two.id, one.id] };
    let compared = fresh.ops.experiments().compare_runs(&fresh.ops.ctx(), request).await.unwrap();
    let lr = vec![Some("2".to_owned()), Some("1".to_owned())];
    assert_eq!(compared.params, BTreeMap::from([("lr".to_owned(), lr)]));
    assert_eq!(compared.metrics["loss"], [Some(Number(0.5)), None]);
}

#[tokio::test]
async fn a_follower_sees_each_point_once_and_the_end() {
    let fresh = Fresh::open().await;
    let run = fresh.run("r", &[]).await;
    let request = WatchRun { run_id: run.id, after: Some(0) };
    let events = fresh.ops.experiments().watch_run(&fresh.ops.ctx(), request).await.unwrap();
    let follower = tokio::spawn(events.collect::<Vec<_>>());
    for step in 0..20 {
        fresh.log(&run, vec![point("loss", step, 1.0)]).await.unwrap();
    }
    fresh.set(&run, Some(RunStatus::Finished), &[]).await.unwrap();
    let events: Vec<RunEvent> = follower.await.unwrap().into_iter().map(|event| event.unwrap()).collect();
    let steps: Vec<i64> = events.iter().flat_map(|event| event.points.iter().map(|point| point.step)).collect();
    assert_eq!(steps, (0..20).collect::<Vec<_>>());
    assert_eq!(events.last().map(|event| event.status), Some(RunStatus::Finished));
}
