//! What is generated is what the declarations say today.

use std::collections::BTreeSet;
use std::fs;

use crate::emit::{self, Generated};
use crate::tree::root;

#[test]
fn generated_files_are_fresh() {
    let files = emit::all();
    if std::env::var_os("UPDATE_GENERATED").is_some() {
        files.iter().for_each(write);
        stale(&files).iter().for_each(|path| fs::remove_file(root().join(path)).expect("a stale file can be removed"));
    }
    let mut wrong: Vec<String> = files.iter().filter_map(difference).collect();
    wrong.extend(stale(&files).into_iter().map(|path| format!("{path}: nothing writes this file any more\n")));
    assert!(
        wrong.is_empty(),
        "{} generated files are not what the declarations say; run\n  \
         UPDATE_GENERATED=1 cargo test -p llmops-tests --test it generated\n\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

fn write(file: &Generated) {
    let path = root().join(&file.path);
    if fs::read_to_string(&path).is_ok_and(|text| text == file.text) {
        return;
    }
    fs::create_dir_all(path.parent().expect("a file has a folder")).expect("a folder can be made");
    fs::write(path, &file.text).expect("a file can be written");
}

/// The first lines that differ, if any do.
fn difference(file: &Generated) -> Option<String> {
    let Ok(found) = fs::read_to_string(root().join(&file.path)) else {
        return Some(format!("{}: missing\n", file.path));
    };
    if found == file.text {
        return None;
    }
    let (old, new): (Vec<&str>, Vec<&str>) = (found.lines().collect(), file.text.lines().collect());
    let start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let end = old[start..].iter().rev().zip(new[start..].iter().rev()).take_while(|(a, b)| a == b).count();
    let part = |lines: &[&str], sign: char| {
        let changed = &lines[start..lines.len() - end];
        let shown: String = changed.iter().take(8).map(|line| format!("  {sign} {line}\n")).collect();
        let more = changed.len().saturating_sub(8);
        shown + &if more > 0 { format!("  {sign} .. and {more} lines more\n") } else { String::new() }
    };
    Some(format!("{}:{}:\n{}{}", file.path, start + 1, part(&old, '-'), part(&new, '+')))
}

/// Files in the generated folders that no writer names.
fn stale(files: &[Generated]) -> Vec<String> {
    let known: BTreeSet<&str> = files.iter().map(|file| file.path.as_str()).collect();
    let mut found = Vec::new();
    for folder in emit::FOLDERS {
        for entry in fs::read_dir(root().join(folder)).into_iter().flatten() {
            let entry = entry.expect("an entry can be read");
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.file_type().is_ok_and(|kind| kind.is_file()) && !known.contains(path.as_str()) {
                found.push(path);
            }
        }
    }
    found
}
