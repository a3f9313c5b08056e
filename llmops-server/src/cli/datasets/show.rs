//! What was found out about a dataset, for people.

use llmops_core::base::Result;
use serde_json::{Value, json};

use crate::cli::client::{Client, text};
use crate::cli::output::{Column, cell, decimal, grid};
use crate::cli::say;

const VERSIONS: &[Column] = &[
    ("VERSION", "/version"),
    ("STATUS", "/status"),
    ("ROWS", "/rows"),
    ("SIZE", "/bytes"),
    ("ADDS", "/storedBytes"),
    ("SINCE ITS BASE", "/difference"),
    ("MADE", "/createdAt"),
    ("ID", "/id"),
];

/// All versions of a name, and what they take together.
pub(super) async fn versions(client: &Client, of: &str) -> Result<()> {
    let request = json!({ "datasetId": of });
    let mut versions = client.list("datasets.list_dataset_versions", request.clone(), usize::MAX).await?;
    if !client.out.is_json() {
        versions.iter_mut().for_each(|version| version["difference"] = difference(&version["diffSummary"]).into());
    }
    client.out.rows(&versions, VERSIONS);
    let taken = client.call("datasets.get_dataset_storage", request).await?;
    let size = |name: &str| cell("/bytes", &taken[name]);
    let saved = 100.0 * taken["saved"].as_f64().unwrap_or_default();
    let mut said = format!("{} stored of {}, {saved:.1} % saved", size("storedBytes"), size("bytes"));
    if taken["pending"].as_u64().is_some_and(|pending| pending > 0) {
        said.push_str(&format!("; {} not looked at yet", taken["pending"]));
    }
    client.out.note(&said);
    Ok(())
}

/// How a version differs from the one it was made from, in a few words; nothing of one that was made from none.
pub(super) fn difference(summary: &Value) -> String {
    let count = |pointer: &str| summary.pointer(pointer).and_then(Value::as_i64).unwrap_or_default();
    let Some(base) = summary["baseVersion"].as_str() else { return String::new() };
    if summary["sameFiles"] == true {
        return format!("{base}: same files");
    }
    let rows = if summary["compared"].is_object() {
        let [added, removed, modified] = ["added", "removed", "modified"].map(|of| count(&format!("/compared/{of}")));
        format!("rows +{added} -{removed} ~{modified}")
    } else {
        format!("{:+} rows", count("/rows"))
    };
    let [added, removed, changed] = ["Added", "Removed", "Changed"].map(|of| count(&format!("/columns{of}")));
    let columns =
        if added + removed + changed > 0 { format!(", columns +{added} -{removed} ~{changed}") } else { String::new() };
    format!("{base}: {rows}{columns}")
}

/// Whether a report leaves nothing to mend.
pub(crate) fn is_sound(validation: &Value) -> bool {
    let holds = |pointer: &str| validation.pointer(pointer).and_then(Value::as_bool).unwrap_or_default();
    let number = |pointer: &str| validation.pointer(pointer).and_then(Value::as_f64).unwrap_or_default();
    holds("/report/structure/valid")
        && holds("/report/pii/clean")
        && number("/report/quality/score") >= number("/report/quality/threshold")
}

/// A report in a few lines.
pub(crate) fn summary(validation: &Value) -> String {
    let at = |pointer: &str| validation.pointer(pointer).cloned().unwrap_or_default();
    let score = at("/report/quality/score").as_f64().unwrap_or_default();
    let mut lines = vec![format!(
        "{} rows, {} that cannot be read; personal data found {} times; quality {} of 100",
        at("/report/structure/rows"),
        at("/report/structure/badRows"),
        at("/report/pii/total"),
        decimal(score)
    )];
    let advice = at("/report/recommendations");
    lines.extend(advice.as_array().into_iter().flatten().map(|one| format!("- {}", text(one, "text"))));
    let place = |one: &Value| format!("  {}:{}", text(one, "path"), one["line"]);
    let (errors, findings) = (at("/report/structure/errors"), at("/report/pii/findings"));
    lines.extend(first(&errors).map(|one| format!("{}: {}", place(one), text(one, "reason"))));
    let changes = at("/report/structure/typeChanges");
    lines.extend(first(&changes).flat_map(|column| {
        let odd = |one: &Value| {
            format!(
                "{}: {} is {} among {}",
                place(one),
                text(column, "column"),
                text(one, "type"),
                text(column, "type")
            )
        };
        first(&column["first"]).map(odd).collect::<Vec<_>>()
    }));
    lines.extend(
        first(&findings).map(|one| {
            format!("{}, {}: {} {}", place(one), text(one, "column"), text(one, "type"), text(one, "excerpt"))
        }),
    );
    lines.join("\n")
}

/// The first few of a list: enough to know what it is about.
fn first(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten().take(5)
}

/// Rows under the names of their columns.
pub(super) fn preview(client: &Client, page: &Value) {
    if client.out.is_json() {
        return client.out.record(page);
    }
    let list = |name: &str| page[name].as_array().cloned().unwrap_or_default();
    let columns: Vec<String> = list("columns").iter().map(|column| text(column, "name").to_owned()).collect();
    let rows = list("items").into_iter().map(|item| {
        let values = columns.iter().map(|column| {
            let value = &item["values"][column];
            turns(value).unwrap_or_else(|| shortened(&cell("", value)))
        });
        std::iter::once(item["row"].to_string()).chain(values).collect()
    });
    let titles = std::iter::once("ROW".to_owned()).chain(columns.clone());
    say(&grid(titles.collect(), rows.collect()));
    client.out.note(&format!("{} rows in all", page["rows"]));
}

/// The turns of a conversation, a line each: of a list of messages, or of the text that one is in a table. Nothing of what is none.
/// What is no text stands there by its type.
fn turns(value: &Value) -> Option<String> {
    const MOST: usize = 20;
    let parsed;
    let list = match value {
        Value::Array(list) => list,
        Value::String(text) if text.trim_start().starts_with('[') => {
            parsed = serde_json::from_str::<Vec<Value>>(text).ok()?;
            &parsed
        }
        _ => return None,
    };
    let turn = |message: &Value| {
        let (role, said) = (message["role"].as_str()?, said(message)?);
        Some(shortened(&format!("{role}: {}", cell("", &said.into()))))
    };
    let mut lines = list.iter().take(MOST).map(turn).collect::<Option<Vec<_>>>()?;
    if list.len() > MOST {
        lines.push(format!(".. {} more", list.len() - MOST));
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}

/// What a message says and calls; nothing if it has no place for either.
fn said(message: &Value) -> Option<String> {
    let (content, calls, refusal) = (message.get("content"), message.get("tool_calls"), message.get("refusal"));
    content.or(calls).or(refusal)?;
    let part = |part: &Value| match (part["text"].as_str().or(part["refusal"].as_str()), part["type"].as_str()) {
        (Some(text), _) => text.to_owned(),
        (None, kind) => format!("[{}]", kind.unwrap_or("?")),
    };
    let call = |call: &Value| {
        let function = call.get("function").filter(|function| function.is_object()).unwrap_or(call);
        let arguments = function["arguments"].as_str().map_or_else(|| function["arguments"].to_string(), str::to_owned);
        format!("{}({})", text(function, "name"), if arguments == "null" { "" } else { &arguments })
    };
    let mut pieces: Vec<String> = match content {
        Some(Value::Array(parts)) => parts.iter().map(part).collect(),
        Some(Value::Null) | None => Vec::new(),
        Some(other) => vec![cell("", other)],
    };
    pieces.extend(refusal.and_then(Value::as_str).map(str::to_owned));
    pieces.extend(calls.and_then(Value::as_array).into_iter().flatten().map(call));
    Some(pieces.join(" "))
}

/// A text that fits beside others.
pub(super) fn shortened(text: &str) -> String {
    const MOST: usize = 80;
    if text.chars().count() <= MOST {
        text.to_owned()
    } else {
        text.chars().take(MOST - 2).chain("..".chars()).collect()
    }
}

/// What each column holds.
pub(super) fn statistics(client: &Client, found: &Value) {
    if client.out.is_json() { client.out.record(found) } else { say(&spread(found)) }
}

/// A line for each column; of text its lengths.
fn spread(found: &Value) -> String {
    let rows = found["columns"].as_array().into_iter().flatten().map(|column| {
        let spread = column.get("numbers").filter(|numbers| !numbers.is_null()).unwrap_or(&column["lengths"]);
        let number = |name: &str| spread[name].as_f64().map(decimal).unwrap_or_default();
        let often = column["topValues"].get(0).map(|top| shortened(text(top, "value"))).unwrap_or_default();
        let about = if column["distinctExact"] == false { "≈ " } else { "" };
        let counts = [column["nulls"].to_string(), format!("{about}{}", column["distinct"])];
        let named = [text(column, "name").to_owned(), text(column, "type").to_owned()];
        named.into_iter().chain(counts).chain(["min", "mean", "max"].map(number)).chain([often]).collect()
    });
    let titles = ["COLUMN", "TYPE", "MISSING", "DIFFERENT", "LEAST", "MEAN", "MOST", "MOST FREQUENT"];
    grid(titles.map(String::from).to_vec(), rows.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_told_in_a_few_words() {
        let of = |more: Value| {
            let mut summary = json!({ "baseVersion": "1.0.0", "sameFiles": false, "rows": -2, "columnsAdded": 0, "columnsRemoved": 0, "columnsChanged": 0 });
            summary.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap());
            difference(&summary)
        };
        assert_eq!(of(json!({})), "1.0.0: -2 rows");
        assert_eq!(of(json!({ "rows": 0, "columnsAdded": 1 })), "1.0.0: +0 rows, columns +1 -0 ~0");
        let compared = json!({ "added": 4, "removed": 2, "modified": 3, "keys": ["id"] });
        assert_eq!(of(json!({ "compared": compared })), "1.0.0: rows +4 -2 ~3");
        assert_eq!(of(json!({ "sameFiles": true })), "1.0.0: same files");
        assert_eq!(difference(&Value::Null), "");
    }

    #[test]
    fn a_conversation_is_shown_turn_by_turn() {
        let messages = json!([
            { "role": "user", "content": "How\nfar?" },
            { "role": "assistant", "content": "x".repeat(100) },
            { "role": "tool", "content": null },
        ]);
        let shown = format!("user: How far?\nassistant: {}..\ntool: ", "x".repeat(67));
        assert_eq!(turns(&messages), Some(shown.clone()));
        assert_eq!(turns(&messages.to_string().into()), Some(shown));
        let image = json!({ "type": "image_url", "image_url": { "url": "https://example.com/a.png" } });
        let asked = json!([{ "type": "text", "text": "What is this?" }, image]);
        let look = json!({ "id": "c1", "type": "function", "function": { "name": "look", "arguments": "{\"n\":1}" } });
        let called = json!([
            { "role": "user", "content": asked },
            { "role": "assistant", "tool_calls": [look, { "name": "wait", "arguments": null }] },
            { "role": "tool", "tool_call_id": "c1", "content": "a cat" },
            { "role": "assistant", "content": null, "refusal": "No." },
        ]);
        let shown = "user: What is this? [image_url]\nassistant: look({\"n\":1}) wait()\ntool: a cat\nassistant: No.";
        assert_eq!(turns(&called).as_deref(), Some(shown));
        let many = Value::from(vec![json!({ "role": "user", "content": "hi" }); 23]);
        assert_eq!(turns(&many).unwrap().lines().last(), Some(".. 3 more"));
        for other in [json!([]), json!(["a"]), json!([{ "role": "user" }]), json!("[1] see"), json!("text"), json!(5)] {
            assert_eq!(turns(&other), None, "{other}");
        }
    }

    #[test]
    fn an_estimate_is_marked_as_one() {
        let column = |exact: bool| json!({ "name": "x", "type": "text", "nulls": 0, "distinct": 300_400, "distinctExact": exact });
        let shown = spread(&json!({ "columns": [column(true), column(false)] }));
        let lines: Vec<&str> = shown.lines().skip(1).collect();
        assert!(lines[0].contains("  300400") && lines[1].contains("  ≈ 300400"), "{shown}");
    }
}
