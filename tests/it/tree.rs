//! The source tree as the house tests see it: every file that people write, and Rust with its comments and strings told apart.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// What nobody writes by hand; in a linked worktree `.git` is a file.
const MADE: [&str; 11] = [
    ".git",
    "target",
    "node_modules",
    "ui-dist",
    ".venv",
    "dist",
    "out",
    "__pycache__",
    ".pytest_cache",
    "_generated",
    ".mypy_cache",
];

/// One file of the project.
pub struct File {
    /// Where it is, from the root of the repository, with `/` between folders.
    pub path: String,
    /// What is in it.
    pub text: String,
}

/// A rule that a line breaks, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub struct Violation {
    pub path: String,
    pub line: usize,
    pub rule: String,
    pub remedy: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}; {}", self.path, self.line, self.rule, self.remedy)
    }
}

impl File {
    /// The file's name without its folders.
    pub fn name(&self) -> &str {
        self.path.rsplit('/').next().unwrap_or(&self.path)
    }

    /// What follows the last dot of its name.
    pub fn extension(&self) -> &str {
        self.name().rsplit_once('.').map_or("", |(_, ext)| ext)
    }

    /// Whether a program wrote it, which its first lines say.
    pub fn is_generated(&self) -> bool {
        let name = self.name();
        name.starts_with("generated.") || self.text.lines().take(5).any(|l| l.contains("@generated"))
    }

    /// Whether all of it is test code.
    pub fn is_test(&self) -> bool {
        let in_tests = self.path.split('/').any(|part| part == "tests" || part == "test" || part == "benches");
        in_tests || matches!(self.name(), "tests.rs" | "conftest.py") || self.name().starts_with("test_")
    }

    /// A violation in this file.
    pub fn breaks(&self, line: usize, rule: impl Into<String>, remedy: &'static str) -> Violation {
        Violation { path: self.path.clone(), line, rule: rule.into(), remedy }
    }
}

/// The folder that holds the workspace.
pub fn root() -> PathBuf {
    // Asked when the test runs: two checkouts may share a build folder.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&here).parent().expect("tests/ lies in the workspace").to_path_buf()
}

/// Every text file that people write, in the order of their paths.
pub fn files() -> Vec<File> {
    let root = root();
    let mut found = Vec::new();
    walk(&root, &root, &mut found);
    found.sort_by(|a: &File, b| a.path.cmp(&b.path));
    assert!(found.iter().any(|f| f.path == "Cargo.toml"), "{} is not the repository", root.display());
    found
}

fn walk(root: &Path, folder: &Path, found: &mut Vec<File>) {
    for entry in fs::read_dir(folder).expect("a folder of the repository can be read") {
        let entry = entry.expect("an entry of the repository can be read");
        let (path, kind) = (entry.path(), entry.file_type().expect("an entry has a type"));
        if MADE.contains(&entry.file_name().to_string_lossy().as_ref()) {
            continue;
        }
        if kind.is_dir() {
            walk(root, &path, found);
        } else if kind.is_file()
            && let Ok(text) = fs::read_to_string(&path)
        {
            let path = path.strip_prefix(root).expect("a file lies under the root");
            found.push(File { path: path.to_string_lossy().replace('\\', "/"), text });
        }
    }
}

/// A Rust file in three layers of equal shape: each keeps its own characters, and the line breaks of all.
pub struct Rust {
    /// Without comments; what strings hold is `~`.
    pub code: String,
    /// As `code`, without what `#[cfg(test)]` guards.
    pub product: String,
    /// Comments alone.
    pub comments: String,
}

impl Rust {
    /// Tells the layers of a Rust text apart.
    pub fn parse(text: &str) -> Self {
        let mut scan = Scan { rest: text, code: String::new(), comments: String::new() };
        while !scan.rest.is_empty() {
            scan.step();
        }
        let product = without_tests(&scan.code);
        Self { product, code: scan.code, comments: scan.comments }
    }
}

struct Scan<'a> {
    rest: &'a str,
    code: String,
    comments: String,
}

impl Scan<'_> {
    fn step(&mut self) {
        let rest = self.rest;
        if rest.starts_with("//") {
            self.comment(rest.find('\n').unwrap_or(rest.len()));
        } else if rest.starts_with("/*") {
            self.comment(block_comment(rest));
        } else if let Some(len) = string(rest, self.code.chars().last()) {
            self.take(len, |c| if c == '"' { '"' } else { '~' });
        } else if let Some(len) = character(rest) {
            self.take(len, |_| '~');
        } else {
            self.take(rest.chars().next().map_or(1, char::len_utf8), |c| c);
        }
    }

    fn comment(&mut self, len: usize) {
        let (now, rest) = self.rest.split_at(len);
        self.comments.push_str(now);
        self.code.extend(now.chars().map(|c| if c == '\n' { c } else { ' ' }));
        self.rest = rest;
    }

    fn take(&mut self, len: usize, show: impl Fn(char) -> char) {
        let (now, rest) = self.rest.split_at(len);
        self.code.extend(now.chars().map(|c| if c == '\n' { c } else { show(c) }));
        self.comments.extend(now.chars().map(|c| if c == '\n' { c } else { ' ' }));
        self.rest = rest;
    }
}

fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        match rest {
            r if r.starts_with("/*") => (depth, at) = (depth + 1, at + 2),
            r if r.starts_with("*/") => (depth, at) = (depth - 1, at + 2),
            r => at += r.chars().next().map_or(1, char::len_utf8),
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// The length of the string that starts here: plain, byte, C or raw.
fn string(text: &str, before: Option<char>) -> Option<usize> {
    if before.is_some_and(is_word) {
        return None;
    }
    let prefix = text.len() - text.trim_start_matches(['b', 'c']).len();
    let body = &text[prefix.min(1)..];
    if let Some(raw) = body.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        let inside = raw[hashes..].strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let len = inside.find(&end).map_or(inside.len(), |i| i + end.len());
        return Some(text.len() - inside.len() + len);
    }
    let inside = body.strip_prefix('"')?;
    let mut escaped = false;
    for (i, c) in inside.char_indices() {
        match c {
            '"' if !escaped => return Some(text.len() - inside.len() + i + 1),
            _ => escaped = c == '\\' && !escaped,
        }
    }
    Some(text.len())
}

/// The length of the character literal that starts here; a lifetime is none.
fn character(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('\'')?;
    let mut chars = inside.char_indices();
    let (_, first) = chars.next()?;
    if first == '\\' {
        let (start, _) = chars.next()?;
        return inside[start + 1..].find('\'').map(|i| start + i + 3);
    }
    let (at, next) = chars.next()?;
    (next == '\'').then_some(at + 2)
}

/// Whether a character can stand in a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where the bracket that opens at `open` closes.
pub fn closing(code: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (i, c) in code[open..].char_indices() {
        match c {
            '{' | '(' | '[' => depth += 1,
            '}' | ')' | ']' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return open + i;
        }
    }
    code.len()
}

/// The line, from 1, of a place in a text.
pub fn line_of(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// Where `name` stands alone, not as a part of a longer name.
pub fn words<'a>(code: &'a str, name: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(name)
        .map(|(at, _)| at)
        .filter(move |&at| !code[..at].ends_with(is_word) && !code[at + name.len()..].starts_with(is_word))
}

fn without_tests(code: &str) -> String {
    let mut out = code.to_string();
    for (at, mark) in code.match_indices("#[cfg(test)]") {
        let after = at + mark.len();
        let end = match code[after..].find(['{', ';']).map(|i| after + i) {
            Some(open) if code[open..].starts_with('{') => closing(code, open),
            Some(semicolon) => semicolon,
            None => code.len(),
        };
        let blank: String = code[at..end].bytes().map(|b| if b == b'\n' { '\n' } else { ' ' }).collect();
        out.replace_range(at..end, &blank);
    }
    out
}
