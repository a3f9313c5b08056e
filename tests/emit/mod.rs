//! Writers of the generated files: what every door says about the operations, from the one declaration of each.

pub mod api;
mod codes;
pub mod javascript;
pub mod pages;
pub mod python;
pub mod python_rooms;
pub mod shape;
pub mod typescript;

use std::fmt::Write;

use api::Api;

/// A file that nobody edits: where it is from the root of the repository, and what is in it.
pub struct Generated {
    pub path: String,
    pub text: String,
}

impl Generated {
    fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }
}

/// The folders that hold nothing but generated files.
pub const FOLDERS: [&str; 2] = ["llmops-py/python/llmops/_generated", "docs/reference"];

/// Every generated file.
pub fn all() -> Vec<Generated> {
    let api = Api::read();
    let mut files = python::files(&api);
    files.extend(python_rooms::files(&api));
    files.push(javascript::file(&api));
    files.push(typescript::file(&api));
    files.extend(pages::files(&api));
    files
}

/// `model_id` or `modelId` as `ModelId`.
pub fn pascal(name: &str) -> String {
    let mut out = String::new();
    for word in name.split(['_', '-', ' ']) {
        let mut chars = word.chars();
        out.extend(chars.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(chars.as_str());
    }
    out
}

/// `model_id` as `modelId`.
pub fn camel(name: &str) -> String {
    let pascal = pascal(name);
    pascal[..1].to_ascii_lowercase() + &pascal[1..]
}

/// `modelId` as `model_id`; runs of capitals stay one word.
pub fn snake(name: &str) -> String {
    let mut out = String::new();
    let mut before = '_';
    for c in name.chars() {
        if c.is_ascii_uppercase() && !(before.is_ascii_uppercase() || before == '_') {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
        before = c;
    }
    out
}

/// Text in lines of at most `width` characters, each after `indent`; blank lines stay.
pub fn wrapped(text: &str, indent: &str, width: usize) -> String {
    let mut out = String::new();
    for paragraph in text.lines() {
        let mut line = String::new();
        for word in paragraph.split_whitespace() {
            if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > width {
                let _ = writeln!(out, "{indent}{line}");
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        let _ = writeln!(out, "{}", format!("{indent}{line}").trim_end());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{camel, pascal, snake, wrapped};

    #[test]
    fn spellings_of_a_name() {
        assert_eq!(pascal("range_not_satisfiable"), "RangeNotSatisfiable");
        assert_eq!(camel("create_model"), "createModel");
        assert_eq!(snake("includeTotal"), "include_total");
        assert_eq!(snake("sha256"), "sha256");
    }

    #[test]
    fn long_lines_are_broken_between_words() {
        assert_eq!(wrapped("one two three", "  ", 9), "  one two\n  three\n");
    }
}
