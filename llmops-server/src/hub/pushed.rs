//! Pushes of many shards. Clients send Parquet, which is kept as JSON lines under other names; when they come in several commits, the
//! last removes all that is not called as what was sent.

use llmops_core::base::{Ctx, Error, Result};
use llmops_core::cards::FrontMatter;
use serde_json::Value;

use super::version::{self, Id, Version};
use crate::Door;

/// What a commit adds, with digests, what it removes, and what its `README.md` says.
type Changes<'c> = (&'c [(String, String)], &'c [String], &'c FrontMatter);

/// Refuses a commit whose card names files of which it leaves none.
pub(super) async fn check(door: &Door, ctx: &Ctx, of: &Version, (add, remove, card): Changes<'_>) -> Result<()> {
    let named = data_files(&card.fields);
    if remove.is_empty() || named.is_empty() || !matches!(of.id, Id::Dataset(_)) {
        return Ok(());
    }
    let there = version::files(door, ctx, of).await?;
    let there: Vec<&str> = there.iter().map(|file| file.path.as_str()).collect();
    let add: Vec<&str> = add.iter().map(|(path, _)| path.as_str()).collect();
    match emptied(&named, &there, (&add, remove)) {
        None => Ok(()),
        // No conflict: clients would try that again without end.
        Some(named) => Err(Error::invalid("README.md", format!("names files `{named}..`, of which the commit leaves none"))
            .code("files_of_card_removed")
            .hint("let its `configs` name files that stay. A push of Datasets goes in one commit, as with `num_shards=50`: \
                   Parquet is kept as JSON lines, so that the last of several commits would remove what the others brought")),
    }
}

/// The patterns of `data_files` in the `configs` of a card, as far as they are plain: what stands before the first sign.
pub(super) fn data_files(card: &serde_json::Map<String, Value>) -> Vec<String> {
    let mut found = Vec::new();
    for config in card.get("configs").and_then(Value::as_array).into_iter().flatten() {
        texts(config.get("data_files"), &mut found);
    }
    found.iter().map(|pattern| pattern.split(['*', '?', '[', '{']).next().unwrap_or_default().to_owned()).collect()
}

fn texts(value: Option<&Value>, found: &mut Vec<String>) {
    match value {
        Some(Value::String(text)) => found.push(text.clone()),
        Some(Value::Array(list)) => list.iter().for_each(|one| texts(Some(one), found)),
        Some(Value::Object(fields)) => texts(fields.get("path"), found),
        _ => {}
    }
}

/// A beginning of paths that had files, and has none after this.
pub(super) fn emptied<'n>(named: &'n [String], there: &[&str], (add, remove): (&[&str], &[String])) -> Option<&'n str> {
    let goes = |path: &str| remove.iter().any(|of| path == of || of.ends_with('/') && path.starts_with(of.as_str()));
    let found = named.iter().find(|begins| {
        let of_it: Vec<&&str> = there.iter().filter(|path| path.starts_with(begins.as_str())).collect();
        let comes = add.iter().any(|path| path.starts_with(begins.as_str()));
        !of_it.is_empty() && !comes && of_it.iter().all(|path| goes(path))
    });
    found.map(String::as_str)
}
