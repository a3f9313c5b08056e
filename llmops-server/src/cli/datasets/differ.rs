//! `datasets compare`: how two versions differ, for people.

use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use crate::cli::client::{Client, text};
use crate::cli::output::{cell, decimal, grid};
use crate::cli::reference::{dataset, id};
use crate::cli::{Progress, say};

/// Rows of each kind that are printed.
const SHOWN: usize = 5;

/// Asks until the answer is there, then shows it.
pub(super) async fn compare(client: &Client, a: &str, b: &str, keys: Vec<String>) -> Result<()> {
    let (a, b) = (id(&dataset(client, a).await?), id(&dataset(client, b).await?));
    let mut progress = Progress::new(client.out, "comparing");
    let mut request = json!({ "datasetId": a, "a": a, "b": b, "wait": 1 });
    if !keys.is_empty() {
        request["keys"] = keys.into();
    }
    let found = loop {
        let found = match client.call("datasets.compare_dataset_versions", request.clone()).await {
            Ok(found) => found,
            Err(error) => {
                progress.done();
                return Err(error);
            }
        };
        if !matches!(text(&found, "state"), "queued" | "running") {
            break found;
        }
        let count = |name: &str| found["progress"][name].as_u64().unwrap_or_default();
        progress.at(count("bytes"), count("totalBytes"), &format!("{} rows", count("rows")));
    };
    progress.done();
    if text(&found, "state") == "failed" {
        return Err(Error::unexpected(format!("the comparison failed: {}", text(&found, "error"))));
    }
    if client.out.is_json() {
        client.out.record(&found);
    } else {
        say(&summary(&found));
    }
    Ok(())
}

fn summary(found: &Value) -> String {
    let report = &found["report"];
    let side = |name: &str| format!("{} {}", text(&found[name], "name"), text(&found[name], "version"));
    let count = |name: &str| report[name].as_u64().unwrap_or_default();
    let mut lines = vec![format!(
        "{} -> {}: {} rows added, {} removed, {} modified, {} unchanged",
        side("a"),
        side("b"),
        count("added"),
        count("removed"),
        count("modified"),
        count("unchanged")
    )];
    if count("repeatedKeys") > 0 {
        lines.push(format!("{} rows share their key with another one of their version", count("repeatedKeys")));
    }
    let columns = changed_columns(report);
    if !columns.is_empty() {
        let titles = ["COLUMN", "CHANGE", "TYPE", "MISSING", "DIFFERENT", "MEAN"].map(String::from).to_vec();
        lines.extend([String::new(), grid(titles, columns)]);
    }
    let rows = |kind: &str| report["samples"][kind].as_array().cloned().unwrap_or_default().into_iter().take(SHOWN);
    lines.extend(rows("removed").map(|row| format!("- {}: {}", row["row"], values(&row["values"]))));
    lines.extend(rows("added").map(|row| format!("+ {}: {}", row["row"], values(&row["values"]))));
    for row in rows("modified") {
        lines.push(format!("~ {}: {}", row["rowAfter"], values(&row["key"])));
        for change in row["changes"].as_array().into_iter().flatten() {
            let (before, after) = (cell("", &change["before"]), cell("", &change["after"]));
            lines.push(format!(
                "    {}: {} -> {}",
                text(change, "column"),
                super::show::shortened(&before),
                super::show::shortened(&after)
            ));
        }
    }
    lines.join("\n")
}

/// The columns that are not what they were.
fn changed_columns(report: &Value) -> Vec<Vec<String>> {
    let all = report["columns"].as_array().into_iter().flatten();
    let changed = all.filter(|column| text(column, "change") != "none" || column["drifted"] == true);
    let row = |column: &Value| {
        let both = |show: &dyn Fn(&Value) -> String| match (show(&column["before"]), show(&column["after"])) {
            (before, after) if before == after => before,
            (before, after) => format!("{before} -> {after}"),
        };
        let number =
            |name: &'static str| move |shape: &Value| shape[name].as_f64().map_or_else(|| "-".to_owned(), decimal);
        let change = match text(column, "change") {
            "none" => "values",
            other => other,
        };
        vec![
            text(column, "name").to_owned(),
            change.to_owned(),
            both(&|shape| shape["type"].as_str().unwrap_or("-").to_owned()),
            both(&number("missingShare")),
            both(&number("distinct")),
            both(&number("mean")),
        ]
    };
    changed.map(row).collect()
}

fn values(row: &Value) -> String {
    let pairs = row.as_object().into_iter().flatten();
    let shown: Vec<String> = pairs.map(|(name, value)| format!("{name}={}", cell("", value))).collect();
    super::show::shortened(&shown.join(" "))
}
