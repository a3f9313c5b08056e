//! Which column plays which part of a dataset's type.

#[cfg(test)]
mod tests;

use super::{ColumnRoles, DatasetColumn, DatasetType};
use crate::base::{Error, Limits, Result, check_text};

/// The parts a dataset's type has: sets of which one must be whole.
fn parts(dataset_type: DatasetType) -> &'static [&'static [&'static str]] {
    match dataset_type {
        DatasetType::PretrainCorpus => &[&["text"]],
        DatasetType::SftPair | DatasetType::Benchmark => &[&["prompt", "response"], &["messages"]],
        DatasetType::RagQa => &[&["question", "context", "answer"]],
        DatasetType::RlhfPair => &[&["prompt", "chosen", "rejected"]],
        DatasetType::Other => &[],
    }
}

impl ColumnRoles {
    fn each(&self) -> [(&'static str, &Option<String>); 9] {
        [
            ("text", &self.text),
            ("prompt", &self.prompt),
            ("response", &self.response),
            ("messages", &self.messages),
            ("question", &self.question),
            ("context", &self.context),
            ("answer", &self.answer),
            ("chosen", &self.chosen),
            ("rejected", &self.rejected),
        ]
    }

    /// The columns that play a part.
    pub(super) fn columns(&self) -> Vec<&str> {
        self.each().into_iter().filter_map(|(_, column)| column.as_deref()).collect()
    }

    fn named(&self, part: &str) -> Option<&str> {
        self.each().into_iter().find(|(name, _)| *name == part).and_then(|(_, column)| column.as_deref())
    }

    fn set(&mut self, part: &str, column: &str) {
        let slot = match part {
            "text" => &mut self.text,
            "prompt" => &mut self.prompt,
            "response" => &mut self.response,
            "messages" => &mut self.messages,
            "question" => &mut self.question,
            "context" => &mut self.context,
            "answer" => &mut self.answer,
            "chosen" => &mut self.chosen,
            "rejected" => &mut self.rejected,
            _ => return,
        };
        *slot = Some(column.to_owned());
    }
}

/// Refuses parts that this type does not have, and names no column could have.
pub(super) fn check(dataset_type: DatasetType, roles: &ColumnRoles) -> Result<()> {
    let known: Vec<&str> = parts(dataset_type).concat();
    for (part, column) in roles.each() {
        let Some(column) = column else { continue };
        let field = format!("columns.{part}");
        if !known.contains(&part) && dataset_type != DatasetType::Other {
            return Err(Error::invalid(field, format!("is no part of this type, which has {}", known.join(", ")))
                .hint("leave it out, or choose another type"));
        }
        if column.trim().is_empty() {
            return Err(Error::invalid(field, "must name a column").hint("leave it out to use the part's own name"));
        }
        check_text(&field, column, Limits::NAME_CHARS)?;
        let taken = |(other, name): &(&str, &Option<String>)| *other != part && name.as_ref() == Some(column);
        if let Some((other, _)) = roles.each().into_iter().find(taken) {
            return Err(Error::invalid(field, format!("must be another column than that of `{other}`"))
                .hint("one column plays one part"));
        }
    }
    Ok(())
}

/// How many columns the type needs at least.
pub(super) fn needed(dataset_type: DatasetType) -> usize {
    parts(dataset_type).first().map_or(0, |set| set.len())
}

/// The column of every part, or the parts that have none.
pub(super) fn resolve(
    dataset_type: DatasetType,
    roles: &ColumnRoles,
    columns: &[DatasetColumn],
) -> Result<ColumnRoles, Vec<String>> {
    let sets = parts(dataset_type);
    let has = |name: &str| columns.iter().any(|column| column.name == name);
    let find = |part: &str| -> Result<String, String> {
        if let Some(asked) = roles.named(part) {
            return if has(asked) { Ok(asked.to_owned()) } else { Err(asked.to_owned()) };
        }
        let own = [part, if part == "response" { "completion" } else { part }];
        own.into_iter().find(|name| has(name)).map(str::to_owned).ok_or_else(|| part.to_owned())
    };
    let mut missing: Option<Vec<String>> = None;
    for set in sets {
        let found: Vec<(&str, Result<String, String>)> = set.iter().map(|part| (*part, find(part))).collect();
        let lacking: Vec<String> = found.iter().filter_map(|(_, column)| column.clone().err()).collect();
        if lacking.is_empty() {
            let mut resolved = ColumnRoles::default();
            for (part, column) in found {
                resolved.set(part, &column.unwrap_or_default());
            }
            return Ok(resolved);
        }
        // What was asked for, or what most of is there, says which set was meant.
        let meant = set.iter().any(|part| roles.named(part).is_some()) || lacking.len() < set.len();
        if missing.is_none() || meant {
            missing = Some(lacking);
        }
    }
    match missing {
        Some(missing) => Err(missing),
        None => Ok(roles.clone()),
    }
}
