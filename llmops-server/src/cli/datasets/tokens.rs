//! `datasets tokens`: how many tokens a dataset is for a model, for people.

use clap::Args;
use llmops_core::base::{Error, Result};
use serde_json::{Value, json};

use crate::cli::client::{Client, fields, text};
use crate::cli::output::{decimal, grid};
use crate::cli::reference::{dataset, id, model};
use crate::cli::{follow, say};

/// What `tokens` is told.
#[derive(Debug, Args)]
pub(super) struct Tokens {
    /// Of which dataset.
    dataset: String,
    /// The model whose tokenizer counts.
    #[arg(long)]
    model: String,
    /// A column to count; may be given again [default: those that hold text].
    #[arg(long)]
    column: Vec<String>,
    /// Only begins it.
    #[arg(long)]
    detach: bool,
}

/// Begins the count, and shows what was counted unless nobody waits.
pub(super) async fn count(client: &Client, told: Tokens) -> Result<()> {
    let of = dataset(client, &told.dataset).await?;
    let request = fields([
        ("datasetId", Some(id(&of).into())),
        ("modelId", Some(id(&model(client, &told.model).await?).into())),
        ("columns", Some(Value::from(told.column)).filter(|list| *list != json!([]))),
    ]);
    let begun = client.call("datasets.count_tokens", request).await?;
    if told.detach {
        client.out.record(&begun);
        return Ok(());
    }
    let label = format!("counting tokens of {}", text(&of, "name"));
    let ended = follow::token_count(client, &id(&of), &id(&begun), &label).await?;
    match text(&ended, "state") {
        "succeeded" => {}
        "cancelled" => return Err(Error::conflict("the count was cancelled")),
        _ => return Err(Error::unexpected(format!("the count failed: {}", text(&ended, "error")))),
    }
    if client.out.is_json() {
        client.out.record(&ended);
    } else {
        say(&summary(&ended));
    }
    Ok(())
}

fn summary(count: &Value) -> String {
    let report = &count["report"];
    let tokens = &report["together"]["total"];
    let mut lines =
        vec![format!("{tokens} tokens for {} in {} rows", text(&count["tokenizer"], "name"), report["rows"])];
    if let (Some(context), Some(over)) = (report["contextLength"].as_u64(), report["together"]["overContext"].as_u64())
    {
        lines.push(format!("{over} rows are longer than the {context} tokens that the model takes"));
    }
    let left_out = report["leftOut"].as_array().into_iter().flatten().filter_map(Value::as_str);
    lines.extend(left_out.map(|what| format!("left out: {what}")));
    let row = |name: &str, of: &Value| {
        let spread = &of["distribution"];
        let number = |value: &Value| value.as_f64().map(decimal).unwrap_or_default();
        let quantiles = spread["quantiles"].as_array().into_iter().flatten().map(|one| number(&one["value"]));
        let mut quantiles: Vec<String> = quantiles.collect();
        quantiles.resize(4, String::new());
        let begin = [name.to_owned(), of["counted"].to_string(), of["total"].to_string()];
        let middle = ["min", "mean"].map(|name| number(&spread[name]));
        begin.into_iter().chain(middle).chain(quantiles).chain([number(&spread["max"])]).collect::<Vec<String>>()
    };
    let columns = report["columns"].as_array().into_iter().flatten();
    let mut rows: Vec<Vec<String>> = columns.map(|column| row(text(column, "name"), &column["tokens"])).collect();
    if rows.len() > 1 {
        rows.push(row("(together)", &report["together"]));
    }
    let titles = ["COLUMN", "TEXTS", "TOKENS", "LEAST", "MEAN", "50 %", "90 %", "95 %", "99 %", "MOST"];
    lines.extend([String::new(), grid(titles.map(String::from).to_vec(), rows)]);
    lines.join("\n")
}
