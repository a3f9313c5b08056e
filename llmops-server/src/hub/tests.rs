//! Addresses, lines and cards.

use bytes::Bytes;
use futures::{StreamExt, stream};

use super::address::Address;
use super::commit;
use super::lines::Lines;
use super::pushed::{data_files, emptied};
use crate::fuzz::spoil;

fn read(path: &str) -> String {
    match Address::parse(path) {
        None => "-".to_owned(),
        Some(Address { repo, what, revision, path }) => {
            let project = repo.project.unwrap_or_default();
            format!("{} {project}:{} {what} {revision} {path}", repo.kind.one(), repo.name).trim_end().to_owned()
        }
    }
}

#[test]
fn addresses_are_taken_apart() {
    for (path, expected) in [
        ("/api/models/tiny", "model :tiny  main"),
        ("/api/models/lab/tiny", "model lab:tiny  main"),
        ("/api/models/lab/tiny/revision/1.0.0", "model lab:tiny revision 1.0.0"),
        ("/api/models/tiny/revision/refs%2Fpr%2F1", "model :tiny revision refs/pr/1"),
        ("/api/models/tiny/tree/main/a%2Fb", "model :tiny tree main a/b"),
        ("/api/models/tiny/tree/main/a/b", "model :tiny tree main a/b"),
        ("/api/datasets/lab/talks/refs", "dataset lab:talks refs main"),
        ("/api/models/tiny/refs", "model :tiny refs main"),
        ("/api/models/tree/tree/main", "model :tree tree main"),
        ("/tiny/resolve/main/a/b.json", "model :tiny resolve main a/b.json"),
        ("/lab/tiny/resolve/1.0.0/b%20c.txt", "model lab:tiny resolve 1.0.0 b c.txt"),
        ("/datasets/talks/resolve/main/t.jsonl", "dataset :talks resolve main t.jsonl"),
        ("/datasets/lab/talks/resolve/main/t.jsonl", "dataset lab:talks resolve main t.jsonl"),
        ("/lab/tiny.git/info/lfs/objects/batch", "model lab:tiny lfs main"),
        ("/datasets/talks.git/info/lfs/objects/batch", "dataset :talks lfs main"),
        ("/tiny/info/lfs/objects/batch", "-"),
        ("/models/0199/files", "-"),
        ("/datasets/0199", "-"),
        ("/api/models/a/b/c", "-"),
        ("/api/models/%ff", "-"),
        ("/api/models/a%2", "-"),
        ("/", "-"),
    ] {
        assert_eq!(read(path), expected, "{path}");
    }
}

async fn lines(chunks: &[&'static str], most: usize) -> Vec<String> {
    let chunks: Vec<_> = chunks.iter().map(|chunk| Ok(Bytes::from_static(chunk.as_bytes()))).collect();
    let mut lines = Lines::new(stream::iter(chunks).boxed(), most);
    let mut all = Vec::new();
    loop {
        match lines.next().await {
            Ok(Some(line)) => all.push(String::from_utf8(line.to_vec()).unwrap()),
            Ok(None) => return all,
            Err(error) => {
                all.push(error.stable_code().to_owned());
                return all;
            }
        }
    }
}

#[tokio::test]
async fn lines_are_whole_however_they_come() {
    assert_eq!(lines(&["ab", "c\nd", "\n\n  \nef"], 100).await, ["abc", "d", "ef"]);
    assert_eq!(lines(&["a\n"], 100).await, ["a"]);
    assert_eq!(lines(&[], 100).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_line_without_end_is_refused() {
    assert_eq!(lines(&["a\n", "bbbb", "bbbb", "bbbb"], 6).await, ["a", "line_too_long"]);
}

#[test]
fn a_card_names_files_in_several_ways() {
    let card = serde_json::json!({ "configs": [
        { "data_files": "a/*.jsonl" },
        { "data_files": ["b.jsonl", { "split": "train", "path": ["c/train-*", "d?"] }] },
        { "config_name": "none" },
    ] });
    assert_eq!(data_files(card.as_object().unwrap()), ["a/", "b.jsonl", "c/train-", "d"]);
    assert!(data_files(&serde_json::Map::new()).is_empty());
}

#[test]
fn what_a_card_names_is_not_removed_under_it() {
    let named = ["data/train-".to_owned(), "data/test-".to_owned()];
    let there = ["data/train-0.jsonl", "data/train-1.jsonl", "odd.jsonl"];
    for (add, remove, expected) in [
        (&[][..], &["data/train-0.jsonl"][..], None),
        (&[], &["data/train-0.jsonl", "data/train-1.jsonl"], Some("data/train-")),
        (&[], &["data/"], Some("data/train-")),
        (&["data/train-0.parquet"], &["data/train-0.jsonl", "data/train-1.jsonl"], None),
        (&[], &["odd.jsonl"], None),
    ] {
        let remove: Vec<String> = remove.iter().map(|path| (*path).to_owned()).collect();
        assert_eq!(emptied(&named, &there, (add, &remove)), expected, "{remove:?}");
    }
}

#[test]
fn spoilt_addresses() {
    let seeds: [&[u8]; 3] = [
        b"/api/models/lab/tiny/revision/refs%2Fpr%2F1",
        b"/datasets/lab/talks/resolve/main/a/b%20c.jsonl",
        b"/lab/tiny.git/info/lfs/objects/batch",
    ];
    spoil("address", &seeds, |bytes| read(&String::from_utf8_lossy(bytes)));
}

#[test]
fn spoilt_commits() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let seed = b"{\"key\":\"header\",\"value\":{\"summary\":\"first\",\"parentCommit\":\"ab\"}}\n\
        {\"key\":\"file\",\"value\":{\"path\":\"a.txt\",\"content\":\"aGVsbG8=\",\"encoding\":\"base64\"}}\n\
        {\"key\":\"lfsFile\",\"value\":{\"path\":\"b\",\"algo\":\"sha256\",\"oid\":\"cd\",\"size\":5}}\n\
        {\"key\":\"deletedFolder\",\"value\":{\"path\":\"old/\"}}\n";
    spoil("commit", &[seed], |bytes| {
        let body = stream::iter([Ok(Bytes::copy_from_slice(bytes))]).boxed();
        let mut lines = Lines::new(body, 200);
        let mut said = Vec::new();
        loop {
            let line = match runtime.block_on(lines.next()) {
                Ok(Some(line)) => {
                    commit::parse(&line).and_then(|(key, said)| Ok(format!("{key} {}", commit::content(&said)?.len())))
                }
                Ok(None) => return said.join(" "),
                Err(error) => Err(error),
            };
            match line {
                Ok(line) => said.push(line),
                Err(error) => return error.message().to_owned(),
            }
        }
    });
}
