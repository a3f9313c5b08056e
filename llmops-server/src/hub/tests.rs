//! Addresses, lines and cards.

use bytes::Bytes;
use futures::{StreamExt, stream};

use super::address::Address;
use super::lines::Lines;

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
