//! What clients of the hub are told.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::version::{COMMIT, File, Version};

/// A repository at a revision.
pub(super) fn repo(of: &Version) -> Value {
    let mut card = of.card.clone();
    if !of.tags.is_empty() {
        card.insert("tags".into(), json!(of.tags));
    }
    let mut tags = [&of.tags[..], &of.marks].concat();
    if let Some(license) = card.get("license").and_then(Value::as_str) {
        tags.push(format!("license:{license}"));
    }
    json!({
        "_id": of.commit(), "id": of.repo_id(), "modelId": of.repo_id(), "author": of.project, "sha": of.commit(),
        "lastModified": of.updated_at, "createdAt": of.created_at, "private": true, "gated": false, "disabled": false,
        "downloads": 0, "likes": 0, "tags": tags, "cardData": card,
        "pipeline_tag": card.get("pipeline_tag"), "library_name": card.get("library_name"),
    })
}

/// Its files as siblings; with sizes and digests if asked.
pub(super) fn siblings(files: &[File], with_blobs: bool) -> Value {
    let one = |file: &File| match with_blobs {
        false => json!({ "rfilename": file.path }),
        true => json!({
            "rfilename": file.path, "size": file.bytes, "blobId": short(&file.sha256),
            "lfs": { "sha256": file.sha256, "size": file.bytes, "pointerSize": POINTER },
        }),
    };
    files.iter().map(one).collect()
}

/// What a file's pointer would have as its size, if there were one.
const POINTER: u64 = 134;

fn short(digest: &str) -> &str {
    digest.get(..COMMIT).unwrap_or(digest)
}

fn entry(of: &Version, file: &File) -> Value {
    json!({
        "type": "file", "path": file.path, "size": file.bytes, "oid": short(&file.sha256),
        "lfs": { "oid": file.sha256, "size": file.bytes, "pointerSize": POINTER },
        "lastCommit": last_commit(of), "securityFileStatus": security(file),
    })
}

fn folder(of: &Version, path: &str) -> Value {
    json!({ "type": "directory", "path": path, "size": 0, "oid": of.commit(), "lastCommit": last_commit(of) })
}

fn last_commit(of: &Version) -> Value {
    json!({ "id": of.commit(), "title": format!("version {}", of.version), "date": of.updated_at })
}

fn security(file: &File) -> Value {
    let status = if file.is_unsafe { "unsafe" } else { "safe" };
    json!({ "status": status, "avScan": null, "pickleImportScan": null })
}

/// What is in a folder, its own folders first; with all below if asked. `None` when there is no such folder.
pub(super) fn tree(of: &Version, files: &[File], within: &str, recursive: bool) -> Option<Vec<Value>> {
    let prefix = if within.is_empty() { String::new() } else { format!("{}/", within.trim_end_matches('/')) };
    let inside: Vec<&File> = files.iter().filter(|file| file.path.starts_with(&prefix)).collect();
    if inside.is_empty() && !prefix.is_empty() {
        return None;
    }
    let mut folders = BTreeSet::new();
    for file in &inside {
        let rest = &file.path[prefix.len()..];
        let ends = rest.match_indices('/').map(|(at, _)| &file.path[..prefix.len() + at]);
        folders.extend(ends.take(if recursive { usize::MAX } else { 1 }));
    }
    let shown = inside.into_iter().filter(|file| recursive || !file.path[prefix.len()..].contains('/'));
    Some(folders.iter().map(|path| folder(of, path)).chain(shown.map(|file| entry(of, file))).collect())
}

/// What is at these paths; those where nothing is are left out.
pub(super) fn at(of: &Version, files: &[File], paths: &[String]) -> Vec<Value> {
    let found = |path: &String| {
        let path = path.trim_matches('/');
        if let Some(file) = files.iter().find(|file| file.path == path) {
            return Some(entry(of, file));
        }
        let prefix = format!("{path}/");
        files.iter().any(|file| file.path.starts_with(&prefix)).then(|| folder(of, path))
    };
    paths.iter().filter_map(found).collect()
}

/// The revisions: `main`, and every version as a tag.
pub(super) fn refs(versions: &[Version]) -> Value {
    let tag = |of: &Version| json!({ "name": of.version, "ref": format!("refs/tags/{}", of.version), "targetCommit": of.commit() });
    let main = versions.first().map(Version::commit);
    json!({
        "branches": [{ "name": "main", "ref": "refs/heads/main", "targetCommit": main }],
        "tags": versions.iter().map(tag).collect::<Vec<_>>(), "converts": [], "pullRequests": [],
    })
}

/// The versions up to this one, as commits.
pub(super) fn commits(versions: &[Version], from: &str) -> Value {
    let one = |of: &Version| {
        json!({
            "id": of.commit(), "title": format!("version {}", of.version), "message": "", "date": of.updated_at,
            "authors": [],
        })
    };
    versions.iter().skip_while(|of| of.version != from).map(one).collect()
}
