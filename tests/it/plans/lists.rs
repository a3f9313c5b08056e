//! Each filter and each order of each list, once.

use llmops_core::LlmOps;
use llmops_core::op::{Kind, Operation, openapi};
use serde_json::{Map, Value, json};

use crate::hostile::schema::Document;
use crate::projects::known;

/// Of texts that have a form of their own: what stands there.
const FORMS: [(&str, &str); 4] =
    [("startDate", "2026-01-01"), ("endDate", "2099-01-01"), ("filter", "status = 'finished'"), ("version", "1.0.0")];

/// What a search of runs can ask for and sort by.
const SEARCHES: [(&str, &[&str]); 2] = [
    (
        "filter",
        &[
            "name = 'a'",
            "name LIKE 'a%'",
            "name ILIKE 'A%'",
            "status = 'finished'",
            "metrics.loss < 0.5",
            "metrics.loss < 0.5 AND metrics.loss > 0.1",
            "params.lr = '0.001'",
            "tags.team != 'core'",
            "tags.team LIKE 'c%'",
            "startedAt > 1",
        ],
    ),
    ("orderBy", &["startedAt", "-startedAt", "name", "-name", "metrics.loss", "-metrics.loss"]),
];

/// Lists of things that the scenarios delete at their end: the scenarios ask for them.
const OF_WHAT_IS_GONE: [&str; 1] = ["serving.list_endpoint_revisions"];

/// Calls every list with nothing, with each of its filters and in each of its orders, two pages of each.
pub async fn each_filter_is_used(ops: &LlmOps) {
    let document = Document(openapi(ops.operations()));
    let is_list = |op: &&Operation| {
        let name = op.name.rsplit('.').next().unwrap_or_default();
        let list = name.starts_with("list_") || name == "search_runs";
        list && op.kind() == Kind::Unary && !OF_WHAT_IS_GONE.contains(&op.name)
    };
    let (mut refused, mut called) = (Vec::new(), 0);
    for op in ops.operations().iter().filter(is_list) {
        let place = known(ops, op).await;
        for wanted in requests(&document, op) {
            called += 1;
            if let Err(said) = two_pages(ops, op, &place, wanted).await {
                refused.push(said);
            }
        }
    }
    assert!(refused.is_empty(), "{} lists were refused:\n{}", refused.len(), refused.join("\n"));
    assert!(called > 80, "{called} lists were asked for");
}

/// What to ask a list for beside the place that its path names.
fn requests(document: &Document, op: &Operation) -> Vec<Map<String, Value>> {
    let mut found = vec![Map::new()];
    for (name, schema) in fields(document, op) {
        let searched = SEARCHES.iter().find(|(field, _)| op.name.ends_with("search_runs") && *field == name);
        let values: Vec<Value> = match (name.as_str(), searched) {
            ("cursor" | "limit", _) => continue,
            (_, Some((_, texts))) => texts.iter().map(|text| json!(text)).collect(),
            ("sort", _) => {
                document.places(&schema, Vec::new(), false)[0].words().iter().map(|word| json!(word)).collect()
            }
            _ => vec![plausible(document, &name, &schema)],
        };
        found.extend(values.into_iter().map(|value| Map::from_iter([(name.clone(), value)])));
    }
    found
}

fn plausible(document: &Document, name: &str, schema: &Value) -> Value {
    match (FORMS.iter().find(|(field, _)| *field == name), document.sample(schema)) {
        (Some((_, text)), _) => json!(text),
        (None, Value::Bool(_)) => json!(true),
        (None, value) => value,
    }
}

/// The fields of an operation beside those in its path.
fn fields(document: &Document, op: &Operation) -> Vec<(String, Value)> {
    let verbs = document.0["paths"].as_object().into_iter().flat_map(|paths| paths.values());
    let mut described = verbs.flat_map(|verbs| verbs.as_object().into_iter().flat_map(|verbs| verbs.values()));
    let described = described.find(|one| one["operationId"] == op.name).expect("it is described");
    let parameters = described["parameters"].as_array().into_iter().flatten().filter(|one| one["in"] == "query");
    let in_query = parameters.map(|one| (one["name"].as_str().unwrap_or_default().to_owned(), one["schema"].clone()));
    let body = document.resolve(&described["requestBody"]["content"]["application/json"]["schema"]);
    let in_body = body["properties"].as_object().into_iter().flatten().map(|(name, one)| (name.clone(), one.clone()));
    in_query.chain(in_body).collect()
}

async fn two_pages(
    ops: &LlmOps,
    op: &Operation,
    place: &Map<String, Value>,
    wanted: Map<String, Value>,
) -> Result<(), String> {
    let mut request =
        Value::Object(place.iter().chain(&wanted).map(|(name, value)| (name.clone(), value.clone())).collect());
    if !unpaged(op) {
        request["limit"] = json!(1);
    }
    let said = |request: &Value, e: llmops_core::base::Error| format!("{} {request}: {}", op.name, e.to_json());
    let page = ops.call(ops.ctx(), op.name, request.clone()).await.map_err(|e| said(&request, e))?;
    if page["page"]["nextCursor"].is_string() {
        request["cursor"] = page["page"]["nextCursor"].clone();
        ops.call(ops.ctx(), op.name, request.clone()).await.map_err(|e| said(&request, e))?;
    }
    Ok(())
}

/// What there is in this build, or in memory: no page of it is asked for.
fn unpaged(op: &Operation) -> bool {
    matches!(op.name, "evaluation.list_metrics" | "cost.list_cost_prices" | "catalog.list_model_families")
}
