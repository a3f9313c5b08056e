//! `datasets contamination`: rows of a dataset that stand in others, for people.

use clap::Args;
use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use super::show::shortened;
use crate::cli::client::{Client, fields, text};
use crate::cli::output::{decimal, grid};
use crate::cli::reference::{dataset, id, model};
use crate::cli::{Exit, follow, say};

/// Pairs of rows that are printed.
const SHOWN: usize = 10;

/// What `contamination` is told.
#[derive(Debug, Args)]
pub(super) struct Contamination {
    /// Whose rows are looked for, mostly a benchmark.
    dataset: String,
    /// A dataset to look in; may be given again.
    #[arg(long, value_name = "DATASET", required_unless_present = "model")]
    against: Vec<String>,
    /// Looks in all that this model learned from.
    #[arg(long)]
    model: Option<String>,
    /// A column whose text is looked for; may be given again [default: those that play a part].
    #[arg(long)]
    column: Vec<String>,
    /// Words of a run, 3 to 50 [default: 13].
    #[arg(long)]
    ngram: Option<u32>,
    /// The share of a row's runs that must be found, 0 to 1 [default: 0.7].
    #[arg(long, value_name = "SHARE")]
    min_overlap: Option<f64>,
    /// The least similarity of rows that are nearly the same, 0.5 to 1 [default: 0.8].
    #[arg(long)]
    similarity: Option<f64>,
    /// Only begins it.
    #[arg(long)]
    detach: bool,
}

/// Begins the check, and shows what was found unless nobody waits.
pub(super) async fn check(client: &Client, told: Contamination) -> Result<Exit> {
    let of = dataset(client, &told.dataset).await?;
    let mut against = Vec::new();
    for other in &told.against {
        against.push(Value::from(id(&dataset(client, other).await?)));
    }
    let model = match &told.model {
        Some(name) => Some(Value::from(id(&model(client, name).await?))),
        None => None,
    };
    let request = fields([
        ("datasetId", Some(id(&of).into())),
        ("against", Some(Value::from(against)).filter(|list| *list != json!([]))),
        ("modelId", model),
        ("columns", Some(Value::from(told.column)).filter(|list| *list != json!([]))),
        ("ngram", told.ngram.map(Value::from)),
        ("minOverlap", told.min_overlap.map(Value::from)),
        ("similarity", told.similarity.map(Value::from)),
    ]);
    let begun = client.call("datasets.check_dataset_contamination", request).await?;
    if told.detach {
        client.out.record(&begun);
        return Ok(Exit::Done);
    }
    let label = format!("looking for rows of {}", text(&of, "name"));
    let ended = follow::contamination(client, &id(&of), &id(&begun), &label).await?;
    match text(&ended, "state") {
        "succeeded" => {}
        "cancelled" => return Err(Error::conflict("the check was cancelled")),
        _ => return Err(Error::unexpected(format!("the check failed: {}", text(&ended, "error")))),
    }
    if client.out.is_json() {
        client.out.record(&ended);
    } else {
        say(&summary(&ended));
    }
    let found = ended.pointer("/report/affected/rows").and_then(Value::as_u64).unwrap_or_default();
    Ok(if found == 0 { Exit::Done } else { Exit::Gate })
}

fn summary(check: &Value) -> String {
    let report = &check["report"];
    let count = |of: &Value, name: &str| of[name].as_u64().unwrap_or_default().to_string();
    let (found, checked) = (count(&report["affected"], "rows"), count(report, "rowsChecked"));
    let mut lines = vec![format!("{found} of {checked} rows stand in what was looked in")];
    let left_out = report["leftOut"].as_array().into_iter().flatten().filter_map(Value::as_str);
    lines.extend(left_out.map(|what| format!("left out: {what}")));
    let row = |source: &Value| {
        let affected = &source["affected"];
        let name = format!("{}:{}", text(source, "name"), text(source, "version"));
        let name = if source["identical"] == true { format!("{name} (the same bytes)") } else { name };
        let share = affected["share"].as_f64().map(decimal).unwrap_or_default();
        [name, count(source, "rows"), count(affected, "rows"), share]
            .into_iter()
            .chain(["exact", "ngram", "near"].map(|kind| count(affected, kind)))
            .collect()
    };
    let titles = ["DATASET", "ROWS", "FOUND", "SHARE", "EXACT", "NGRAM", "NEAR"].map(String::from).to_vec();
    let sources: Vec<Vec<String>> = report["sources"].as_array().into_iter().flatten().map(row).collect();
    lines.extend([String::new(), grid(titles, sources)]);
    let samples = report["samples"].as_array().into_iter().flatten().take(SHOWN);
    for sample in samples {
        let measure = sample["measure"].as_f64().map(decimal).unwrap_or_default();
        let (row, there) = (&sample["row"], &sample["sourceRow"]);
        lines.push(format!("{} {measure}: row {row} in row {there}", text(sample, "kind")));
        lines.push(format!("    {}", shortened(&text(sample, "excerpt").replace('\n', " "))));
        lines.push(format!("    {}", shortened(&text(sample, "sourceExcerpt").replace('\n', " "))));
    }
    lines.join("\n")
}
