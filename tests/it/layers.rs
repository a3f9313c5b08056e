//! Who may use whom: modules use lower ranks only, and a foreign crate has one owner.

use crate::tree::{File, Rust, Violation, closing, files, is_word, line_of, words};

/// The modules of the core by rank. A module uses those of lower rank; those of one rank do not know each other.
const RANKS: [&[&str]; 12] = [
    &["base"],
    &["op"],
    // How bytes travel is known to whoever speaks with others.
    &["egress"],
    &["store", "compute", "provider", "registry", "runtime"],
    // Who still needs which bytes is a row, written in the unit of work of the one who needs them.
    &["blob", "vault"],
    // What rooms of one rank tell each other goes through these.
    &["cards", "trash", "lineage", "uploads"],
    &["scheduling", "catalog", "datasets", "prompts", "experiments", "governance", "cost", "observability"],
    &["training", "serving"],
    &["gateway"],
    &["evaluation"],
    &["pipelines"],
    &["platform"],
];

/// The crates of the workspace and which others of them each may use.
const CRATES: [(&str, &[&str]); 6] = [
    ("llmops-core/supervisor", &[]),
    ("llmops-core", &["llmops-supervisor"]),
    ("llmops-core/runtime", &["llmops-supervisor"]),
    ("llmops-server", &["llmops-core", "llmops-runtime"]),
    ("llmops-py", &["llmops-core", "llmops-runtime"]),
    ("llmops-node", &["llmops-core", "llmops-runtime"]),
];

/// Foreign crates and where they may be named: a folder ends in `/`, `*/` stands for any folders before.
const OWNERS: [(&[&str], &[&str]); 7] = [
    (
        &["sea_orm", "sea_orm_migration", "sqlx"],
        &["llmops-core/src/store/", "*/rows.rs", "*/rows/", "*/sql.rs", "*/sql/"],
    ),
    (&["object_store"], &["llmops-core/src/blob/"]),
    (
        &["reqwest"],
        &[
            "llmops-core/src/egress/",
            "llmops-core/src/provider/",
            "llmops-core/src/registry/",
            "llmops-core/src/platform/remote/",
            "llmops-core/src/platform/remote.rs",
            "llmops-server/src/cli/",
            "llmops-server/src/quickstart/",
            "llmops-server/src/quickstart.rs",
        ],
    ),
    (&["kube", "k8s_openapi"], &["llmops-core/src/compute/kubernetes/"]),
    (&["candle_core", "candle_nn", "candle_transformers"], &["llmops-core/runtime/src/"]),
    (&["tokenizers"], &["llmops-core/runtime/src/", "llmops-core/src/datasets/tokens/"]),
    (&["pyo3", "pyo3_async_runtimes", "pythonize"], &["llmops-py/src/"]),
];

const CORE: &str = "llmops-core/src/";

#[test]
fn modules_use_lower_ranks_only() {
    let files = files();
    let lib = files.iter().find(|f| f.path == format!("{CORE}lib.rs")).expect("the core has a lib.rs");
    let exports = exports(&Rust::parse(&lib.text).product);
    report(product(&files).flat_map(|(file, code)| ranks(file, &code, &exports)).collect());
}

#[test]
fn foreign_crates_have_an_owner() {
    report(product(&files()).flat_map(|(file, code)| owners(file, &code)).collect());
}

#[test]
fn crates_use_lower_crates_only() {
    report(files().iter().flat_map(crates).collect());
}

#[track_caller]
fn report(found: Vec<Violation>) {
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} layers crossed:\n{}", list.len(), list.join("\n"));
}

/// The Rust files that ship, with their code free of comments, strings and tests.
fn product(files: &[File]) -> impl Iterator<Item = (&File, String)> {
    let ships = |f: &&File| f.extension() == "rs" && f.path.contains("/src/") && !f.is_test();
    files.iter().filter(ships).map(|f| (f, Rust::parse(&f.text).product))
}

fn rank(module: &str) -> Option<usize> {
    RANKS.iter().position(|modules| modules.contains(&module))
}

/// The modules above a file, from the root of the core: `a/mod.rs` and `a.rs` are both in `a`.
fn module_path(path: &str) -> Option<Vec<&str>> {
    let inside = path.strip_prefix(CORE)?.strip_suffix(".rs")?;
    let mut parts: Vec<&str> = inside.split('/').collect();
    if parts.last() == Some(&"mod") {
        parts.pop();
    }
    (parts != ["lib"]).then_some(parts)
}

fn ranks(file: &File, code: &str, exports: &[(String, String)]) -> Vec<Violation> {
    let Some(path) = module_path(&file.path) else { return Vec::new() };
    let own = path[0];
    let Some(mine) = rank(own) else {
        return vec![file.breaks(
            1,
            format!("module `{own}` has no rank"),
            "give it one in the table of tests/it/layers.rs",
        )];
    };
    let mut found = Vec::new();
    for (at, name) in uses(code, path.len()) {
        let module =
            exports.iter().find(|(export, _)| *export == name).map_or(name.as_str(), |(_, from)| from.as_str());
        if module != own && rank(module).is_some_and(|theirs| theirs >= mine) {
            let rule = format!("`{own}` uses `{module}`, which is not of a lower rank");
            let remedy = "move what both need down, take it as an argument, or compose them in platform/";
            found.push(file.breaks(line_of(code, at), rule, remedy));
        }
    }
    found
}

/// The names right under the root of the crate that a module at this depth uses, and where.
fn uses(code: &str, depth: usize) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for at in words(code, "crate") {
        found.extend(after(code, at + "crate".len()));
    }
    for (at, _) in code.match_indices("super::") {
        let first = !code[..at].ends_with("super::") && !code[..at].ends_with(is_word);
        let up = code[at..].split("super::").take_while(|s| s.is_empty()).count();
        if first && up >= depth {
            found.extend(after(code, at + up * "super::".len() - 2));
        }
    }
    found
}

/// The first names of what follows a `::`, be it one path or a group of them.
fn after(code: &str, at: usize) -> Vec<(usize, String)> {
    let Some(rest) = code[at..].strip_prefix("::") else { return Vec::new() };
    let start = at + 2;
    if !rest.starts_with('{') {
        return vec![(start, first_word(rest))];
    }
    let group = &code[start + 1..closing(code, start)];
    let (mut depth, mut begin, mut found) = (0_i32, 0, Vec::new());
    for (i, c) in group.char_indices().chain([(group.len(), ',')]) {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                let item = group[begin..i].trim_start();
                found.push((start + 1 + i - item.len(), first_word(item)));
                begin = i + 1;
            }
            _ => {}
        }
    }
    found
}

fn first_word(text: &str) -> String {
    text.chars().take_while(|c| is_word(*c)).collect()
}

/// What the root of the core offers under a name of its own, and the module it comes from.
fn exports(lib: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (at, _) in lib.match_indices("pub use ") {
        let said = lib[at + "pub use ".len()..].split(';').next().unwrap_or("");
        let said = said.trim_start_matches("crate::").trim_start_matches("self::");
        let module = first_word(said);
        let names = said[module.len()..].split(|c| !is_word(c)).filter(|n| !n.is_empty());
        found.extend(names.map(|name| (name.to_string(), module.clone())));
    }
    found
}

fn owners(file: &File, code: &str) -> Vec<Violation> {
    let mut found = Vec::new();
    for (names, places) in OWNERS {
        if places.iter().any(|place| lies_in(&file.path, place)) {
            continue;
        }
        for name in names {
            // Of a module or a method of that name a foreign crate has only the path `name::`.
            for at in words(code, name).filter(|&at| is_crate(code, at, name)) {
                let rule = format!("`{name}` is named outside {}", places.join(", "));
                found.push(file.breaks(line_of(code, at), rule, "ask its owner for what you need, in our own types"));
            }
        }
    }
    found
}

fn is_crate(code: &str, at: usize, name: &str) -> bool {
    let (before, after) = (code[..at].trim_end(), &code[at + name.len()..]);
    let path = after.starts_with("::") || (before.ends_with("use") && after.trim_start().starts_with([';', ' ']));
    path && (!before.ends_with("::") || code[..at].ends_with(" ::"))
}

fn lies_in(path: &str, place: &str) -> bool {
    match place.strip_prefix('*') {
        Some(end) if end.ends_with('/') => path.contains(end),
        Some(end) => path.ends_with(end),
        None if place.ends_with('/') => path.starts_with(place),
        None => path == place,
    }
}

fn crates(file: &File) -> Vec<Violation> {
    let Some((name, lower)) = CRATES.iter().find(|(name, _)| file.path == format!("{name}/Cargo.toml")) else {
        return Vec::new();
    };
    let (mut found, mut section) = (Vec::new(), "");
    for (i, line) in file.text.lines().enumerate() {
        if line.starts_with('[') {
            section = line;
        }
        let used: String = line.chars().take_while(|c| is_word(*c) || *c == '-').collect();
        if section == "[dependencies]" && used.starts_with("llmops-") && !lower.contains(&used.as_str()) {
            let rule = format!("{name} uses {used}, which is not below it");
            found.push(file.breaks(i + 1, rule, "move what both need into the lower crate"));
        }
    }
    found
}

mod tests {
    use super::{crates, exports, owners, ranks};
    use crate::tree::{File, Rust};

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    #[track_caller]
    fn check(path: &str, text: &str, expect: &[(usize, &str)]) {
        let (file, code) = (file(path, text), Rust::parse(text).product);
        let exports = exports("pub use base::{Ctx, Result as Answer};\npub use platform::LlmOps;");
        let found: Vec<_> = ranks(&file, &code, &exports).into_iter().chain(owners(&file, &code)).collect();
        let found: Vec<(usize, &str)> = found.iter().map(|v| (v.line, v.rule.as_str())).collect();
        assert_eq!(found, expect, "{path}: {text}");
    }

    const SQL: &str = "llmops-core/src/datasets/sql.rs";
    const MOD: &str = "llmops-core/src/datasets/mod.rs";
    const PEER: &str = "`datasets` uses `catalog`, which is not of a lower rank";

    #[test]
    fn a_room_uses_what_is_below() {
        check(SQL, "use crate::base::Ctx;\nuse crate::{op, store::Unit};\nuse crate::datasets::rows;", &[]);
    }

    #[test]
    fn a_room_does_not_use_its_peer() {
        check(SQL, "\nuse crate::catalog::Model;", &[(2, PEER)]);
        check(SQL, "use crate::{\n    base::{Ctx, Error},\n    catalog,\n};", &[(3, PEER)]);
        check(SQL, "fn a() { b::<crate::catalog::Model>() }", &[(1, PEER)]);
    }

    #[test]
    fn nor_by_the_way_up() {
        check(MOD, "use super::catalog::Model;", &[(1, PEER)]);
        check(SQL, "use super::super::catalog::Model;", &[(1, PEER)]);
        check(SQL, "use super::catalog::Model;", &[]);
    }

    #[test]
    fn nor_by_the_root_of_the_crate() {
        check(SQL, "use crate::Ctx;", &[]);
        check(SQL, "use crate::LlmOps;", &[(1, "`datasets` uses `platform`, which is not of a lower rank")]);
    }

    #[test]
    fn tests_and_comments_may_name_anything() {
        check(SQL, "// crate::catalog\n#[cfg(test)]\nmod tests { use crate::platform::LlmOps; }", &[]);
    }

    #[test]
    fn a_module_has_a_rank() {
        check("llmops-core/src/wares/mod.rs", "", &[(1, "module `wares` has no rank")]);
    }

    #[test]
    fn a_foreign_crate_stays_with_its_owner() {
        check(SQL, "use sea_orm::Set;", &[]);
        check("llmops-core/src/evaluation/rows/runs.rs", "use sea_orm::Set;", &[]);
        let at = "`object_store` is named outside llmops-core/src/blob/";
        check(MOD, "use object_store::ObjectStore;\nfn a(object_store: u8) {}", &[(1, at)]);
        check("llmops-server/src/cli/mod.rs", "use reqwest::Client;", &[]);
        let text = "fn a() -> candle_core::Result<()> {}";
        check("llmops-server/src/routes.rs", text, &[(1, "`candle_core` is named outside llmops-core/runtime/src/")]);
    }

    #[test]
    fn a_crate_uses_lower_crates() {
        let core = file("llmops-core/Cargo.toml", "[dependencies]\nllmops-runtime.workspace = true\n");
        assert_eq!(crates(&core).len(), 1);
        let server = file("llmops-server/Cargo.toml", "[dependencies]\nllmops-runtime.workspace = true\n");
        assert_eq!(crates(&server).len(), 0);
    }
}
