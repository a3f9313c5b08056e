//! The house's rules that need no compiler: sizes, open ends, panics in libraries, paths of a machine, names that say nothing.

use crate::functions::functions;
use crate::tree::{File, Rust, Violation, files, is_word, line_of, words};

#[test]
fn the_tree_is_tidy() {
    let files = files();
    let mut found: Vec<Violation> = files.iter().flat_map(check).collect();
    found.extend(bindings(&files));
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} rules broken:\n{}", list.len(), list.join("\n"));
}

fn check(file: &File) -> Vec<Violation> {
    let mut found = Vec::new();
    found.extend(name(file));
    if !file.path.ends_with(".lock") && file.name() != "package-lock.json" {
        found.extend(machine_paths(file));
    }
    if file.is_generated() {
        return found;
    }
    found.extend(size(file));
    if file.extension() == "rs" {
        let rust = Rust::parse(&file.text);
        found.extend(measures(file, &rust.code));
        found.extend(open_ends(file, &rust.comments));
        found.extend(old_code(file, &rust.comments));
        found.extend(unfinished(file, &rust.code));
        // An example is a program of its own, and prints.
        if !file.is_test() && !file.path.split('/').any(|part| part == "examples") {
            found.extend(abrupt(file, &rust.product));
        }
    } else if matches!(
        file.extension(),
        "py" | "pyi" | "js" | "mjs" | "cjs" | "ts" | "vue" | "sh" | "toml" | "yml" | "yaml"
    ) {
        found.extend(open_ends(file, &file.text));
    }
    found
}

/// The most lines a file of this kind may have.
fn most_lines(file: &File) -> Option<usize> {
    match file.extension() {
        "rs" if file.is_test() => Some(600),
        "rs" => Some(400),
        "vue" | "ts" => Some(200),
        "py" | "js" | "mjs" | "cjs" => Some(250),
        _ => None,
    }
}

fn size(file: &File) -> Option<Violation> {
    let (most, lines) = (most_lines(file)?, file.text.lines().count());
    // Tables and exhaustive test data may be long if they say that this is what they are.
    let exempt = file.text.lines().take(5).any(|l| l.contains("exempt from the size limit"));
    (lines > most && !exempt).then(|| {
        let rule = format!("{lines} lines, and {most} is the most");
        file.breaks(most + 1, rule, "find the concept that is missing and give it a file of its own")
    })
}

fn measures(file: &File, code: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for f in functions(code) {
        if f.lines > 60 {
            let rule = format!("`{}` has {} lines, and 60 is the most", f.name, f.lines);
            found.push(file.breaks(f.line, rule, "name its steps and make them functions"));
        }
        if f.parameters > 5 {
            let rule = format!("`{}` takes {} parameters, and 5 is the most", f.name, f.parameters);
            found.push(file.breaks(f.line, rule, "what travels together is a struct"));
        }
    }
    found
}

/// An open end says in brackets why it is open.
fn open_ends(file: &File, text: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for mark in [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX"), concat!("HA", "CK")] {
        for at in words(text, mark) {
            let reason =
                text[at + mark.len()..].strip_prefix('(').and_then(|r| r.split_once(')')).map_or("", |(r, _)| r);
            if reason.trim().is_empty() {
                let rule = format!("`{mark}` without a reason");
                found.push(file.breaks(line_of(text, at), rule, "do it, or say in brackets what it waits for"));
            }
        }
    }
    found
}

/// Two comment lines in a row that end as statements do were code once.
fn old_code(file: &File, comments: &str) -> Vec<Violation> {
    let is_code = |line: &str| {
        let said = line.trim();
        let plain = said.strip_prefix("// ").filter(|_| !said.starts_with("///") && !said.starts_with("//!"));
        plain.is_some_and(|c| [");", " {", "};", "?;", "},"].iter().any(|end| c.ends_with(end)))
    };
    let lines: Vec<bool> = comments.lines().map(is_code).collect();
    let pairs = lines.windows(2).enumerate().filter(|(_, pair)| pair[0] && pair[1]);
    pairs.map(|(i, _)| file.breaks(i + 1, "code that is commented out", "delete it; git remembers it")).collect()
}

/// What may stand in no Rust file at all.
fn unfinished(file: &File, code: &str) -> Vec<Violation> {
    let macros = ["todo!", "unimplemented!", "dbg!"];
    let mut found = each(file, code, &macros, "finish it, or leave the operation out until it is whole");
    found.extend(each(file, code, &["#[ignore]"], "run it, or give the reason: #[ignore = \"..\"]"));
    found
}

/// What ends or disturbs the program that holds the library.
fn abrupt(file: &File, product: &str) -> Vec<Violation> {
    let ends = [".unwrap()", ".unwrap_err()", ".expect(", ".expect_err(", "panic!"];
    let mut found = each(file, product, &ends, "return an error that says what to do, or make the state impossible");
    let prints = ["println!", "eprintln!", "print!", "eprint!"];
    found.extend(each(
        file,
        product,
        &prints,
        "a library logs with tracing; the command line writes with a handled error",
    ));
    found
}

fn each(file: &File, code: &str, patterns: &[&str], remedy: &'static str) -> Vec<Violation> {
    let mut found = Vec::new();
    for pattern in patterns {
        for (at, _) in code.match_indices(pattern) {
            if pattern.starts_with(is_word) && code[..at].ends_with(is_word) {
                continue;
            }
            found.push(file.breaks(line_of(code, at), format!("`{pattern}`"), remedy));
        }
    }
    found
}

fn machine_paths(file: &File) -> Vec<Violation> {
    let mut found = Vec::new();
    for start in [
        concat!("/ro", "ot/"),
        concat!("/wo", "rk/"),
        concat!("/ho", "me/"),
        concat!("/Us", "ers/"),
        concat!("../sha", "red"),
    ] {
        for (at, _) in file.text.match_indices(start) {
            // Inside a longer path it is some folder's name and no machine's.
            if !file.text[..at].ends_with(|c| is_word(c) || matches!(c, '.' | '/' | '-' | '}' | '*' | '~')) {
                let rule = format!("`{start}` is a path of one machine");
                found.push(file.breaks(
                    line_of(&file.text, at),
                    rule,
                    "take it from the environment or from an argument",
                ));
            }
        }
    }
    found
}

fn name(file: &File) -> Option<Violation> {
    const EMPTY: [&str; 8] = ["util", "utils", "common", "helper", "helpers", "manager", "managers", "misc"];
    let empty = |part: &str| EMPTY.contains(&part.split_once('.').map_or(part, |(stem, _)| stem));
    let part = file.path.split('/').find(|part| empty(part))?;
    Some(file.breaks(1, format!("`{part}` says nothing"), "name it for what it holds or computes"))
}

/// The door to a language is thin: what it does belongs to the core, what it repeats is generated.
fn bindings(files: &[File]) -> Vec<Violation> {
    let mut found = Vec::new();
    for folder in ["llmops-py/src/", "llmops-node/src/"] {
        let mine = || files.iter().filter(|f| f.path.starts_with(folder) && !f.is_generated());
        let lines: usize = mine().map(|f| f.text.lines().count()).sum();
        if let Some(file) = mine().next().filter(|_| lines > 400) {
            let rule = format!("{folder} has {lines} lines in all, and 400 is the most");
            found.push(file.breaks(1, rule, "move what is not translation into the core, or generate it"));
        }
    }
    found
}

mod tests {
    use super::{bindings, check};
    use crate::tree::File;

    fn rules(path: &str, text: &str) -> Vec<(usize, String)> {
        let file = File { path: path.into(), text: text.into() };
        check(&file).into_iter().map(|v| (v.line, v.rule)).collect()
    }

    #[track_caller]
    fn breaks(path: &str, text: &str, line: usize, rule: &str) {
        assert_eq!(rules(path, text), [(line, rule.to_string())], "{path}: {text}");
    }

    #[track_caller]
    fn keeps(path: &str, text: &str) {
        assert_eq!(rules(path, text), [], "{path}: {text}");
    }

    const LIB: &str = "llmops-core/src/datasets/sql.rs";

    #[test]
    fn a_file_has_400_lines_at_most() {
        keeps(LIB, &"\n".repeat(400));
        breaks(LIB, &"\n".repeat(401), 401, "401 lines, and 400 is the most");
        keeps("llmops-core/src/datasets/tests.rs", &"\n".repeat(600));
        keeps(LIB, &format!("//! A table, exempt from the size limit.\n{}", "\n".repeat(500)));
        keeps("llmops-node/generated.js", &"\n".repeat(900));
        breaks("llmops-node/client.js", &"\n".repeat(251), 251, "251 lines, and 250 is the most");
    }

    #[test]
    fn a_function_has_60_lines_and_5_parameters_at_most() {
        keeps(LIB, &format!("fn a() {{\n{}}}\n", "b();\n".repeat(60)));
        breaks(LIB, &format!("\nfn a() {{\n{}}}\n", "b();\n".repeat(61)), 2, "`a` has 61 lines, and 60 is the most");
        breaks(LIB, "fn a(b: B, c: C, d: D, e: E, f: F, g: G) {}", 1, "`a` takes 6 parameters, and 5 is the most");
    }

    #[test]
    fn an_open_end_has_a_reason() {
        breaks(LIB, concat!("// TO", "DO later"), 1, concat!("`TO", "DO` without a reason"));
        keeps(LIB, concat!("// TO", "DO(until the driver can do it): remove"));
        keeps(LIB, concat!("const S: &str = \"TO", "DO\";"));
    }

    #[test]
    fn nothing_is_left_unfinished() {
        breaks(LIB, "fn a() { todo!() }", 1, "`todo!`");
        breaks("tests/it/a.rs", "#[ignore]\nfn a() {}", 1, "`#[ignore]`");
        breaks(LIB, "// let a = b();\n// c(a);\n", 1, "code that is commented out");
    }

    #[test]
    fn a_library_does_not_end_the_program() {
        breaks(LIB, "\nfn a() { b().unwrap() }", 2, "`.unwrap()`");
        breaks(LIB, "fn a() { println!(\"b\") }", 1, "`println!`");
        keeps(LIB, "/// b().unwrap()\nfn a() { c(\"panic!\").unwrap_or(d) }");
        keeps(LIB, "#[cfg(test)]\nmod tests {\n fn a() { b().unwrap() }\n}");
        breaks(LIB, "#[cfg(test)]\nmod tests;\nfn a() { b().unwrap() }", 3, "`.unwrap()`");
        keeps("llmops-core/src/datasets/tests.rs", "fn a() { b().unwrap() }");
    }

    #[test]
    fn no_file_knows_a_machine() {
        let path = concat!("/ho", "me/");
        breaks("docs/a.md", &format!("see {path}me/x"), 1, &format!("`{path}` is a path of one machine"));
        keeps("docs/a.md", concat!("see models/ho", "me/x"));
    }

    #[test]
    fn a_name_says_something() {
        breaks("llmops-core/src/utils/mod.rs", "", 1, "`utils` says nothing");
        breaks("llmops-py/python/llmops/helpers.py", "", 1, "`helpers.py` says nothing");
    }

    #[test]
    fn a_door_is_thin() {
        let file = |n: usize, lines| File { path: format!("llmops-py/src/{n}.rs"), text: "\n".repeat(lines) };
        assert!(bindings(&[file(1, 200), file(2, 200)]).is_empty());
        assert_eq!(bindings(&[file(1, 200), file(2, 201)]).len(), 1);
    }
}
