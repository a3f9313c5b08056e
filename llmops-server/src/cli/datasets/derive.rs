//! `datasets derive`: a dataset made from another.

use clap::{Args, Subcommand};
use llmops_core::base::{Error, Result};
use serde_json::{Map, Value, json};

use crate::cli::client::{Client, fields, pairs, text};
use crate::cli::follow;
use crate::cli::output::Column;
use crate::cli::reference::{dataset, id, model};

const OUTPUTS: &[Column] =
    &[("NAME", "/name"), ("VERSION", "/version"), ("PART", "/part"), ("ROWS", "/rows"), ("ID", "/datasetId")];

/// What `derive` is told.
#[derive(Debug, Args)]
pub(super) struct Derive {
    /// From which.
    dataset: String,
    /// What is made: another name, or this version of it [default: the next version of the same name].
    #[arg(long = "as", value_name = "NAME[:VERSION]", global = true)]
    made: Option<String>,
    /// Only begins it.
    #[arg(long, global = true)]
    detach: bool,
    #[command(subcommand)]
    operation: Operation,
}

#[derive(Debug, Subcommand)]
enum Operation {
    /// Splits the rows into parts, each a dataset; the shares add up to 1.
    Split {
        #[arg(long)]
        train: f64,
        #[arg(long)]
        validation: Option<f64>,
        #[arg(long)]
        test: Option<f64>,
        /// Decides the chance.
        #[arg(long)]
        seed: Option<u64>,
        /// A column that each part has in the shares of the whole.
        #[arg(long, value_name = "COLUMN")]
        stratify_by: Option<String>,
        /// A column of which all rows with one value go into one part.
        #[arg(long, value_name = "COLUMN")]
        group_by: Option<String>,
    },
    /// Keeps the rows for which a condition holds, as 'prompt|length > 10 and lang == "en"'.
    Filter { condition: String },
    /// Makes columns by templates, as prompt='Q: {{ question }}'.
    Map {
        #[arg(required = true, value_name = "COLUMN=TEMPLATE")]
        columns: Vec<String>,
        /// Of these, the columns whose templates make JSON.
        #[arg(long, value_name = "COLUMN")]
        json_column: Vec<String>,
        /// Lets the other columns stay.
        #[arg(long)]
        keep: bool,
    },
    /// Leaves out rows that repeat an earlier one.
    Dedupe {
        /// A column in which they must be equal; may be given again [default: all].
        #[arg(long)]
        column: Vec<String>,
        /// Leave out rows too that are nearly an earlier one.
        #[arg(long)]
        near: bool,
    },
    /// Replaces personal and secret data by marks such as [EMAIL].
    Redact {
        /// A column to look at; may be given again [default: all].
        #[arg(long)]
        column: Vec<String>,
        /// The policy whose search finds what is replaced [default: the one called `default`, if there is one].
        #[arg(long)]
        policy: Option<String>,
    },
    /// Draws rows by chance.
    Sample {
        /// How many.
        #[arg(long, required_unless_present = "share")]
        rows: Option<u64>,
        /// Which share of all, 0 to 1.
        #[arg(long)]
        share: Option<f64>,
        /// Decides the chance.
        #[arg(long)]
        seed: Option<u64>,
    },
    /// Writes the rows as csv or jsonl. As Parquet they are written by `datasets rows`.
    Convert {
        to: String,
        /// Leaves texts of a table as they are that a spreadsheet would take for a formula; they get an apostrophe otherwise.
        #[arg(long)]
        raw_cells: bool,
    },
    /// Keeps the rows that are so many tokens for a model.
    Tokens {
        /// The model whose tokenizer counts.
        #[arg(long)]
        model: String,
        /// A column whose tokens count; may be given again [default: those that hold text].
        #[arg(long)]
        column: Vec<String>,
        /// The fewest tokens of a row that stays.
        #[arg(long, required_unless_present = "max")]
        min: Option<u64>,
        /// The most.
        #[arg(long)]
        max: Option<u64>,
    },
}

/// The name of the operation in a request, and what it is told.
async fn asked(client: &Client, operation: Operation) -> Result<(&'static str, Value)> {
    let some = |list: Vec<String>| (!list.is_empty()).then(|| Value::from(list));
    Ok(match operation {
        Operation::Split { train, validation, test, seed, stratify_by, group_by } => {
            let given = [
                ("train", Some(train.into())),
                ("validation", validation.map(Value::from)),
                ("test", test.map(Value::from)),
                ("seed", seed.map(Value::from)),
                ("stratifyBy", stratify_by.map(Value::from)),
                ("groupBy", group_by.map(Value::from)),
            ];
            ("split", fields(given))
        }
        Operation::Filter { condition } => ("filter", json!({ "condition": condition })),
        Operation::Map { columns, json_column, keep } => {
            let column = |(name, template): (String, Value)| {
                let json = json_column.contains(&name);
                json!({ "name": name, "template": template, "json": json })
            };
            let columns: Vec<Value> = pairs("column", &columns)?.into_iter().map(column).collect();
            ("map", json!({ "columns": columns, "keep": keep }))
        }
        Operation::Dedupe { column, near } => {
            ("dedupe", fields([("columns", some(column)), ("near", near.then_some(true.into()))]))
        }
        Operation::Redact { column, policy } => {
            ("redact", fields([("columns", some(column)), ("policy", policy.map(Value::from))]))
        }
        Operation::Sample { rows, share, seed } => {
            let given =
                [("rows", rows.map(Value::from)), ("share", share.map(Value::from)), ("seed", seed.map(Value::from))];
            ("sample", fields(given))
        }
        Operation::Tokens { model: of, column, min, max } => {
            let given = [
                ("modelId", Some(id(&model(client, &of).await?).into())),
                ("columns", some(column)),
                ("min", min.map(Value::from)),
                ("max", max.map(Value::from)),
            ];
            ("tokens", fields(given))
        }
        Operation::Convert { to, raw_cells } => {
            ("convert", fields([("to", Some(to.into())), ("safeCells", raw_cells.then_some(false.into()))]))
        }
    })
}

/// Begins it, and shows what was made unless nobody waits.
pub(super) async fn derive(client: &Client, told: Derive) -> Result<()> {
    let source = dataset(client, &told.dataset).await?;
    let (operation, how) = asked(client, told.operation).await?;
    let mut request = Map::from_iter([("datasetId".to_owned(), id(&source).into()), (operation.to_owned(), how)]);
    if let Some(made) = told.made {
        let (name, version) =
            made.split_once(':').map_or((made.as_str(), None), |(name, version)| (name, Some(version)));
        request.insert("name".into(), name.into());
        request.extend(version.map(|version| ("version".to_owned(), version.into())));
    }
    let begun = client.call("datasets.derive_dataset", Value::Object(request)).await?;
    if told.detach {
        client.out.record(&begun);
        return Ok(());
    }
    let label = format!("{operation} of {}", text(&source, "name"));
    let ended = follow::derivation(client, &id(&source), &id(&begun), &label).await?;
    if text(&ended, "state") != "succeeded" {
        let why = if text(&ended, "state") == "cancelled" { "it was cancelled" } else { text(&ended, "error") };
        return Err(Error::conflict(format!("nothing was made: {why}")));
    }
    if client.out.is_json() {
        client.out.record(&ended);
    } else {
        client.out.rows(ended["outputs"].as_array().map(Vec::as_slice).unwrap_or_default(), OUTPUTS);
    }
    Ok(())
}
