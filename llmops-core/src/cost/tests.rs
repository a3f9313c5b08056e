//! Charges in, sums out, on a real SQLite file; prices as pure arithmetic.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::base::{Caller, Ctx, Error, ErrorKind, Timestamp};
use crate::store::{Store, trial};

const DAY: i64 = 86_400_000_000;

struct Fresh {
    _dir: tempfile::TempDir,
    room: SqlCost,
}

async fn fresh(prices: Value) -> Fresh {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    let prices = if prices.is_null() { PriceTable::default() } else { PriceTable::parse(&prices).unwrap() };
    Fresh { _dir: dir, room: SqlCost::new(store, prices) }
}

fn charge(key: &str, usage: &[(CostUsage, u64)]) -> Charge {
    Charge {
        key: key.into(),
        resource: CostResource::Request,
        resource_id: key.into(),
        model_id: None,
        model: Some("tiny".into()),
        project: "default".into(),
        actor: "ann".into(),
        usage: usage.iter().copied().collect(),
        at: Timestamp::from_micros(DAY),
    }
}

fn in_project(project: &str) -> Ctx {
    Ctx::new(Caller { project: project.into(), ..Caller::system() })
}

impl Fresh {
    async fn record(&self, charges: Vec<Charge>) {
        self.room.record(&Ctx::system(), charges).await.unwrap();
    }

    async fn by(&self, group_by: &str) -> CostAggregate {
        let request = serde_json::from_value(json!({ "groupBy": group_by })).unwrap();
        self.room.get_cost_aggregate(&Ctx::system(), request).await.unwrap()
    }

    async fn list(&self, filter: Value) -> Page<CostEntry> {
        let request = serde_json::from_value(filter).unwrap();
        self.room.list_cost_entries(&Ctx::system(), request).await.unwrap()
    }
}

fn amounts(sums: &CostSums) -> Vec<(&str, &str)> {
    sums.amounts.iter().map(|money| (money.amount.as_str(), money.currency.as_str())).collect()
}

fn priced(prices: Value, usage: &[(CostUsage, u64)], model: Option<&str>) -> Option<String> {
    let usage: BTreeMap<CostUsage, u64> = usage.iter().copied().collect();
    let table = PriceTable::parse(&prices).unwrap();
    table.price(&usage, model, Timestamp::from_micros(DAY)).amount.map(|money| money.amount)
}

#[track_caller]
fn refused(prices: Value, field: &str) {
    let error: Error = PriceTable::parse(&prices).unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some(field)), "{error}");
}

#[test]
fn kinds_of_use_add_up_and_are_rounded_once() {
    let prices = json!({"version": "a", "cpuHour": "0.04", "models": {"tiny": {"input": "0.15", "cachedInput": 0.015, "output": "0.6"}}});
    let usage = [
        (CostUsage::InputTokens, 1000),
        (CostUsage::CachedInputTokens, 1000),
        (CostUsage::OutputTokens, 100),
        (CostUsage::CpuMillis, 3_600_000),
    ];
    assert_eq!(priced(prices.clone(), &usage, Some("tiny")).as_deref(), Some("0.040225"));
    let half = json!({"version": "a", "models": {"*": {"input": "0.0005", "output": "0.0005"}}});
    let usage = [(CostUsage::InputTokens, 1), (CostUsage::OutputTokens, 1)];
    assert_eq!(priced(half, &usage, None).as_deref(), Some("0.000000001"), "half a nano twice is one, not two");
}

#[test]
fn an_unknown_price_is_not_zero() {
    let prices = json!({"version": "a", "models": {"tiny": {"input": "1"}}});
    let both = [(CostUsage::InputTokens, 5), (CostUsage::OutputTokens, 5)];
    assert_eq!(priced(prices.clone(), &both, Some("tiny")), None);
    assert_eq!(priced(prices.clone(), &both[..1], Some("other")), None);
    let none = [(CostUsage::InputTokens, 5), (CostUsage::OutputTokens, 0)];
    assert_eq!(priced(prices, &none, Some("tiny")).as_deref(), Some("0.000005"));
}

#[test]
fn a_charge_is_priced_by_its_own_time() {
    let versions = json!({"versions": [
        {"version": "new", "since": "1970-01-02", "cpuHour": 2, "currency": "EUR"},
        {"version": "old", "cpuHour": 1},
    ]});
    let table = PriceTable::parse(&versions).unwrap();
    let hour = BTreeMap::from([(CostUsage::CpuMillis, 3_600_000)]);
    let before = table.price(&hour, None, Timestamp::from_micros(DAY - 1));
    let after = table.price(&hour, None, Timestamp::from_micros(DAY));
    assert_eq!((before.version.as_str(), before.amount.unwrap().amount.as_str()), ("old", "1"));
    assert_eq!((after.version.as_str(), after.amount.unwrap().currency.as_str()), ("new", "EUR"));
}

#[test]
fn bad_prices_are_refused_by_field() {
    refused(json!({"versions": []}), "prices");
    refused(json!({"version": "a", "cpuHour": "-1"}), "prices.cpuHour");
    refused(json!({"version": "a", "cpuHour": "0.0000000001"}), "prices.cpuHour");
    refused(json!({"version": "a", "cpuHour": "1e3"}), "prices.cpuHour");
    refused(json!({"version": "a", "models": {"m": {"output": true}}}), "prices.models.m.output");
    refused(json!({"version": "a", "models": {"m": {"outputs": 1}}}), "prices.models.m.outputs");
    refused(json!({"version": "a", "since": "soon"}), "prices.since");
    refused(json!({"version": "a", "currency": "Euro"}), "prices.currency");
    refused(json!({"versions": [{"version": "a"}, {"version": "b"}]}), "prices");
}

#[tokio::test]
async fn a_charge_recorded_twice_is_recorded_once() {
    let here = fresh(Value::Null).await;
    let one = charge("a", &[(CostUsage::CpuMillis, 3_600_000)]);
    here.record(vec![one.clone(), one.clone()]).await;
    here.record(vec![Charge { usage: BTreeMap::new(), ..one }]).await;
    let total = here.by("day").await.total;
    assert_eq!((total.count, total.cpu_seconds, amounts(&total)), (1, 3600.0, vec![("0.04", "USD")]));
}

#[tokio::test]
async fn charges_add_up_by_group() {
    let here = fresh(Value::Null).await;
    let mut charges = Vec::new();
    for (key, model, actor, day) in [("a", "tiny", "ann", 1), ("b", "tiny", "bob", 2), ("c", "base", "bob", 2)] {
        let usage = [(CostUsage::OutputTokens, 7), (CostUsage::CpuMillis, 500)];
        let at = Timestamp::from_micros(day * DAY);
        charges.push(Charge { model: Some(model.into()), actor: actor.into(), at, ..charge(key, &usage) });
    }
    charges.push(Charge { model: None, ..charge("d", &[]) });
    here.record(charges).await;
    let counts = |of: CostAggregate| -> Vec<(Option<String>, u64, u64)> {
        of.groups.into_iter().map(|group| (group.key, group.sums.count, group.sums.output_tokens)).collect()
    };
    let key = |text: &str| Some(text.to_owned());
    let by_model = counts(here.by("model").await);
    assert_eq!(by_model, [(None, 1, 0), (key("base"), 1, 7), (key("tiny"), 2, 14)]);
    assert_eq!(counts(here.by("user").await), [(key("ann"), 2, 7), (key("bob"), 2, 14)]);
    assert_eq!(counts(here.by("day").await), [(key("1970-01-03"), 2, 14), (key("1970-01-02"), 2, 7)]);
    assert_eq!(counts(here.by("project").await), [(key("default"), 4, 21)]);
}

#[tokio::test]
async fn unpriced_charges_are_counted_and_in_no_amount() {
    let here = fresh(json!({"version": "a", "models": {"tiny": {"output": 1}}})).await;
    let known = charge("a", &[(CostUsage::OutputTokens, 1_000_000)]);
    here.record(vec![known.clone(), Charge { model: Some("other".into()), key: "b".into(), ..known }]).await;
    let total = here.by("day").await.total;
    assert_eq!((total.count, total.unpriced, amounts(&total)), (2, 1, vec![("1", "USD")]));
    assert_eq!(here.room.total_of(&Ctx::system(), CostResource::Request, "a").await.unwrap(), None);
    assert_eq!(here.list(json!({"model": "other"})).await.items[0].amount, None);
}

#[tokio::test]
async fn the_total_of_a_resource_is_its_charges_together() {
    let here = fresh(Value::Null).await;
    let job = |key: &str, millis| Charge {
        resource: CostResource::TrainingJob,
        resource_id: "job".into(),
        ..charge(key, &[(CostUsage::CpuMillis, millis)])
    };
    here.record(vec![job("1", 3_600_000), job("2", 7_200_000)]).await;
    let total = here.room.total_of(&Ctx::system(), CostResource::TrainingJob, "job").await.unwrap();
    assert_eq!(total.unwrap().amount, "0.12");
    assert_eq!(here.room.total_of(&Ctx::system(), CostResource::TrainingJob, "other").await.unwrap(), None);
}

#[tokio::test]
async fn a_project_sees_its_own_charges_only() {
    let here = fresh(Value::Null).await;
    here.record(vec![charge("a", &[]), Charge { project: "other".into(), ..charge("b", &[]) }]).await;
    assert_eq!(here.by("project").await.total.count, 1);
    assert_eq!(here.list(json!({})).await.items.len(), 1);
    let other = here.room.list_cost_entries(&in_project("other"), ListCostEntries::default()).await.unwrap();
    assert_eq!(other.items[0].resource_id, "b");
}

#[tokio::test]
async fn every_filter_holds_and_pages_follow() {
    let here = fresh(Value::Null).await;
    let at = |day: i64| Timestamp::from_micros(day * DAY + 1);
    let charges = (1..=5).map(|day| Charge { at: at(day), ..charge(&format!("c{day}"), &[]) });
    here.record(charges.collect()).await;
    let days = json!({"startDate": "1970-01-03", "endDate": "1970-01-04", "user": "ann", "resourceType": "request"});
    let ids = |page: &Page<CostEntry>| page.items.iter().map(|e| e.resource_id.clone()).collect::<Vec<_>>();
    assert_eq!(ids(&here.list(days).await), ["c3", "c2"], "the last day counts as a whole");
    let first = here.list(json!({"limit": 3})).await;
    let rest = here.list(json!({"limit": 3, "cursor": first.page.next_cursor})).await;
    assert_eq!(
        (ids(&first), ids(&rest)),
        (vec!["c5".into(), "c4".into(), "c3".into()], vec!["c2".into(), "c1".into()])
    );
    assert!(here.list(json!({"resourceId": "c9"})).await.items.is_empty());
}

#[tokio::test]
async fn a_charge_stands_or_falls_with_its_unit() {
    let here = fresh(Value::Null).await;
    let unit = here.room.store.begin(&Ctx::system()).await.unwrap();
    here.room.record(&unit, vec![charge("a", &[])]).await.unwrap();
    here.room.store.rollback(unit).await;
    assert_eq!(here.by("day").await.total.count, 0);
}

#[tokio::test]
async fn dates_are_checked() {
    let here = fresh(Value::Null).await;
    for (start, end, field) in [("yesterday", "1970-01-02", "startDate"), ("1970-01-02", "1970-01-01", "endDate")] {
        let request = json!({"groupBy": "day", "startDate": start, "endDate": end});
        let request = serde_json::from_value(request).unwrap();
        let error = here.room.get_cost_aggregate(&Ctx::system(), request).await.unwrap_err();
        assert_eq!(error.field_name(), Some(field));
    }
}

#[tokio::test]
async fn prices_are_shown_with_those_in_force() {
    let here = fresh(json!({"versions": [
        {"version": "b", "since": "2001-01-01", "cpuHour": 1},
        {"version": "c", "since": "2999-01-01"},
        {"version": "a", "models": {"*": {"output": "0.5"}}},
    ]}))
    .await;
    let list = here.room.list_cost_prices(&Ctx::system(), ListCostPrices {}).await.unwrap();
    let shown: Vec<_> = list.versions.iter().map(|v| (v.version.as_str(), v.in_force)).collect();
    assert_eq!(shown, [("c", false), ("b", true), ("a", false)]);
    assert_eq!(list.versions[2].models["*"][&CostUsage::OutputTokens].amount, "0.5");
}
