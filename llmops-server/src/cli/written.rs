//! Records that were written into a file, by a person or by `show --json`.

use std::path::Path;

use llmops_core::base::{Error, Result};
use serde_json::{Map, Value};

/// What answers say of a record beside its content.
const ANSWERED: [&str; 5] = ["version", "project", "createdBy", "createdAt", "etag"];

/// The object of JSON in a file; `-` is standard input.
pub(super) fn object(file: &Path, hint: &str) -> Result<Map<String, Value>> {
    let name = file.display();
    let text =
        if file == Path::new("-") { std::io::read_to_string(std::io::stdin()) } else { std::fs::read_to_string(file) };
    let text =
        text.map_err(|e| Error::invalid("file", format!("cannot be read: {name}: {e}")).hint("check the path"))?;
    let read = serde_json::from_str(&text);
    read.map_err(|e| Error::invalid("file", format!("must hold an object of JSON: {e}")).hint(hint))
}

/// Leaves out what an answer says beside the content.
pub(super) fn content_only(record: &mut Map<String, Value>) {
    for answered in ANSWERED {
        record.remove(answered);
    }
}
