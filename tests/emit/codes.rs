//! The codes of errors, out of the lines that make them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::snake;

/// Where errors are made.
const SOURCES: [&str; 2] = ["llmops-core/src", "llmops-server/src"];
/// How far before its code an error begins at most.
const FAR: usize = 1500;

/// What is known of a code.
pub struct Code {
    /// As `conflict`.
    pub kind: String,
    /// What it says, its places left open.
    pub says: String,
}

/// Every code with the first message that goes with it.
pub fn codes() -> BTreeMap<String, Code> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests lie in the repository");
    let mut files = Vec::new();
    SOURCES.iter().for_each(|folder| walk(&root.join(folder), &mut files));
    files.sort();
    let mut found = BTreeMap::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source can be read");
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
        for (at, _) in text.match_indices(".code(\"") {
            let code = text[at + 7..].split('"').next().unwrap_or_default();
            if let Some(said) = said_before(text, at) {
                found.entry(code.to_owned()).or_insert(said);
            }
        }
    }
    found
}

fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry of a folder").path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        if path.is_dir() && name != "tests" {
            walk(&path, files);
        } else if name.ends_with(".rs") && name != "tests.rs" {
            files.push(path);
        }
    }
}

/// The constructor that the code belongs to: the last before it.
fn said_before(text: &str, at: usize) -> Option<Code> {
    let from = (at.saturating_sub(FAR)..at).find(|from| text.is_char_boundary(*from))?;
    let begun = text[from..at].rfind("Error::")? + from + "Error::".len();
    let made = &text[begun..at];
    let constructor = made.split('(').next()?;
    let kind = match constructor {
        "new" => snake(made.split("ErrorKind::").nth(1)?.split(|c: char| !c.is_alphanumeric()).next()?),
        named => named.to_owned(),
    };
    let mut texts = literals(made);
    let says = match constructor {
        // A field that is not named in place is a word from elsewhere.
        "invalid" => match texts.next()? {
            rule if rule.contains(' ') => rule,
            field => format!("`{field}` {}", texts.next()?),
        },
        "not_found" => format!("there is no {}", texts.next()?),
        _ => texts.next()?,
    };
    Some(Code { kind, says: open(&says) })
}

/// The string literals of a piece of source, as they are read.
fn literals(source: &str) -> impl Iterator<Item = String> + '_ {
    let mut rest = source;
    std::iter::from_fn(move || {
        let begun = rest.find('"')? + 1;
        let mut end = begun;
        while rest[end..].starts_with('\\') || !rest[end..].starts_with('"') {
            end += if rest[end..].starts_with('\\') { 2 } else { rest[end..].chars().next()?.len_utf8() };
        }
        let text = rest[begun..end].replace("\\\"", "\"");
        rest = &rest[end + 1..];
        let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "\\").collect();
        Some(words.join(" "))
    })
}

/// A message whose places are dots.
fn open(says: &str) -> String {
    let mut out = String::new();
    let mut rest = says;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        out.push_str("..");
        rest = after.split_once('}').map_or("", |(_, after)| after);
    }
    out + rest
}
