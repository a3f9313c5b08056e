//! The end of the story: what it took, what it brought, and where to look further.

use std::path::Path;

use llmops_core::base::Result;
use serde_json::{Map, Value, json};

use super::settings::METRICS;
use super::story::{Outcome, ROUTE, Story};
use crate::cli::output::{cell, decimal, grid};
use crate::cli::{Client, evaluate, say};

/// The exact match that the tuned model of the examples reaches.
const USUAL: f64 = 0.9;

/// Shows the closing table.
pub(super) async fn close(story: Story, outcome: &Outcome, data: &Path, stays: bool) -> Result<()> {
    let document = document(&story, outcome, data).await?;
    if story.client().out.is_json() {
        say(&format!("{document:#}"));
        return Ok(());
    }
    let steps = story.narrator.told.iter();
    let steps = steps.map(|told| vec![told.step.clone(), format!("{:.1}", told.seconds), told.result.clone()]);
    say(&format!("\n{}", grid(words(["STEP", "SECONDS", "RESULT"]), steps.collect())));
    let scores = METRICS.map(|name| {
        let of = |which: &str| document["scores"][which][name].as_f64().map(decimal).unwrap_or_default();
        vec![name.to_owned(), of("base"), of("tuned")]
    });
    say(&format!("\n{}", grid(words(["SCORE", "BASE", "TUNED"]), scores.to_vec())));
    if story.settings.quick {
        say("\nThese trainings were too short to learn from; leave --quick out for the real ones.");
    } else if story.settings.questions.is_none() && document["scores"]["tuned"]["exact_match"].as_f64() < Some(USUAL) {
        say(&format!(
            "\nThe tuned model knows less than usual, which is an exact_match of {USUAL} and more. \
             If --quick told the story in this folder, begin anew in another one."
        ));
    }
    let amounts = cell("amounts", &document["cost"]["amounts"]);
    say(&format!(
        "\n{:.0} seconds, {:.0} CPU seconds, {} {}, {} audit entries (the chain of hashes is {})",
        document["seconds"].as_f64().unwrap_or_default(),
        document["cpuSeconds"].as_f64().unwrap_or_default(),
        // The ledger is of the whole folder, not of this run alone.
        if story.narrator.told.iter().any(|told| told.there) { "cost so far" } else { "cost" },
        if amounts.is_empty() { "unknown" } else { &amounts },
        document["audit"]["entries"],
        if document["audit"]["verified"] == true { "intact" } else { "BROKEN" },
    ));
    say("\nLook further:");
    for (name, address) in document["addresses"].as_object().into_iter().flatten() {
        say(&format!("  {name:<10} {}", address.as_str().unwrap_or_default()));
    }
    if stays {
        let link = story.client().call("governance.create_sign_in_link", json!({})).await?;
        let address = format!("{}/sign-in?token={}", story.client().url(), cell("secret", &link["secret"]));
        say(&format!("  {:<10} {address} (once, within 15 minutes)", "pages"));
        say("\nThe server goes on until Ctrl-C.");
    }
    Ok(())
}

fn words<const N: usize>(titles: [&str; N]) -> Vec<String> {
    titles.map(String::from).to_vec()
}

/// Everything, for programs.
async fn document(story: &Story, outcome: &Outcome, data: &Path) -> Result<Value> {
    let client = story.client();
    let cost = client.call("cost.get_cost_aggregate", json!({ "groupBy": "model" })).await?;
    let audit = client.call("governance.verify_audit_logs", json!({})).await?;
    let steps: Vec<Value> = story.narrator.told.iter().map(|told| told.to_json()).collect();
    let mut document = json!({
        "steps": steps,
        "seconds": rounded(story.narrator.seconds()),
        "cpuSeconds": rounded(outcome.cpu_seconds + own_cpu_seconds()),
        "scores": { "base": scores(&outcome.base_run), "tuned": scores(&outcome.tuned_run) },
        "models": { "base": named(&outcome.base), "tuned": named(&outcome.tuned) },
        "endpoint": outcome.endpoint,
        "chat": outcome.chat,
        "cost": { "amounts": cost["total"]["amounts"], "cpuSeconds": cost["total"]["cpuSeconds"], "groups": cost["groups"] },
        "audit": audit,
        "data": data.display().to_string(),
        "addresses": addresses(client),
    });
    document["quick"] = story.settings.quick.into();
    Ok(document)
}

fn addresses(client: &Client) -> Value {
    let at = |path: &str| Value::from(format!("{}{path}", client.url()));
    json!({
        "server": client.url(),
        "docs": at("/docs"),
        "openapi": at("/llm-ops/v1/openapi.json"),
        "chat": at("/v1/chat/completions"),
        "models": at("/v1/models"),
        "health": at(&format!("/llm-ops/v1/serve/{ROUTE}/health")),
        "metrics": at("/metrics"),
    })
}

fn scores(run: &Value) -> Value {
    let known = METRICS.into_iter().filter_map(|name| Some((name.to_owned(), evaluate::score(run, name)?.into())));
    Value::Object(known.collect::<Map<_, _>>())
}

fn named(model: &Value) -> Value {
    json!({ "id": model["id"], "name": model["name"], "version": model["version"], "status": model["status"] })
}

/// CPU seconds of this process: the server and its client. Not known everywhere.
fn own_cpu_seconds() -> f64 {
    const TICKS: f64 = 100.0; // of a second, on every Linux there is
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace()).into_iter().flatten();
    let used: f64 = fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum();
    used / TICKS
}

fn rounded(seconds: f64) -> f64 {
    (seconds * 100.0).round() / 100.0
}
