use std::path::{Path, PathBuf};

use super::rows::credential::{self, read, write};
use super::*;
use crate::base::{Caller, Ctx, ErrorKind, PageRequest, Secret};
use crate::store::{Store, trial};

const ORIGIN: &str = "https://api.example.com";

fn key(digit: &str) -> String {
    digit.repeat(64)
}

fn given(keys: &[&str]) -> MasterKeys {
    let keys: Vec<String> = keys.iter().map(|digit| key(digit)).collect();
    MasterKeys::Given(Secret::new(keys.join(",")))
}

async fn fresh() -> (tempfile::TempDir, Store, Ctx) {
    let dir = tempfile::tempdir().unwrap();
    let store = Store::open(&trial::database(dir.path()).await).await.unwrap();
    (dir, store, Ctx::system())
}

fn vault(store: &Store, keys: MasterKeys) -> Vault {
    Vault::new(store.clone(), keys).unwrap()
}

fn new(secret: &str) -> NewCredential<'static> {
    NewCredential { name: "a key", origin: ORIGIN, model_id: None, secret: Secret::new(secret) }
}

#[tokio::test]
async fn what_is_kept_is_opened_for_its_server_in_its_project_and_stands_nowhere_in_clear() {
    let (dir, store, ctx) = fresh().await;
    let vault = vault(&store, given(&["1"]));
    let kept = vault.keep(&ctx, "secret", new("sk-0123456789abcdef")).await.unwrap();
    assert_eq!((kept.origin.as_str(), kept.ending.as_deref()), (ORIGIN, Some("cdef")));
    assert_eq!(vault.open(&ctx, kept.id, ORIGIN).await.unwrap().expose(), "sk-0123456789abcdef");

    let elsewhere = vault.open(&ctx, kept.id, "https://evil.example").await.unwrap_err();
    assert_eq!(elsewhere.stable_code(), "credential_elsewhere");
    let stranger = Ctx::new(Caller { project: "other".into(), ..ctx.caller.clone() });
    assert_eq!(vault.open(&stranger, kept.id, ORIGIN).await.unwrap_err().kind(), ErrorKind::NotFound);
    assert!(!trial::holds(dir.path(), "0123456789").await);
    assert!(trial::holds(dir.path(), ORIGIN).await);
    assert!(!format!("{:?} {}", kept, serde_json::to_string(&kept).unwrap()).contains("0123456789"));
}

#[tokio::test]
async fn a_row_that_was_moved_or_changed_does_not_open() {
    let (_dir, store, ctx) = fresh().await;
    let vault = vault(&store, given(&["1"]));
    let kept = vault.keep(&ctx, "secret", new("a-secret-of-some-length")).await.unwrap();
    let row = read(&store, &ctx, kept.id).await;
    let spoilt = |row: &credential::Model| {
        let mut sealed = row.sealed.clone();
        let last = sealed.pop().unwrap();
        sealed.push(if last == 'A' { 'B' } else { 'A' });
        sealed
    };
    let evil = "https://evil.example".to_owned();
    for (row, origin) in [
        (credential::Model { origin: evil.clone(), ..row.clone() }, evil.as_str()),
        (credential::Model { sealed: spoilt(&row), ..row.clone() }, ORIGIN),
        (credential::Model { sealed: "!".into(), ..row.clone() }, ORIGIN),
        (credential::Model { sealed: String::new(), ..row.clone() }, ORIGIN),
    ] {
        write(&store, &ctx, row).await;
        let error = vault.open(&ctx, kept.id, origin).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unexpected, "{error}");
    }
}

#[tokio::test]
async fn a_secret_without_its_master_key_stays_shut_and_says_so() {
    let (_dir, store, ctx) = fresh().await;
    let kept = vault(&store, given(&["1"])).keep(&ctx, "secret", new("a-secret")).await.unwrap();
    let error = vault(&store, given(&["2"])).open(&ctx, kept.id, ORIGIN).await.unwrap_err();
    assert_eq!(error.stable_code(), "master_key_missing");
    assert_eq!(vault(&store, given(&["2", "1"])).open(&ctx, kept.id, ORIGIN).await.unwrap().expose(), "a-secret");
}

#[tokio::test]
async fn given_keys_change_places_and_the_old_one_may_go() {
    let (_dir, store, ctx) = fresh().await;
    let old = vault(&store, given(&["1"]));
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(old.keep(&ctx, "secret", new(&format!("secret-{n}"))).await.unwrap().id);
    }
    let (newest, count) = vault(&store, given(&["2", "1"])).rotate(&ctx).await.unwrap();
    assert_eq!(count, 3);
    let new = vault(&store, given(&["2"]));
    for (n, id) in ids.iter().enumerate() {
        assert_eq!(new.open(&ctx, *id, ORIGIN).await.unwrap().expose(), format!("secret-{n}"));
    }
    assert_eq!(new.rotate(&ctx).await.unwrap(), (newest, 0));
}

#[tokio::test]
async fn a_file_gets_a_fresh_key_each_time_and_keeps_what_is_still_needed() {
    let (_dir, store, ctx) = fresh().await;
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("credentials.key");
    let at = |file: &Path| MasterKeys::File(file.to_owned());
    let (here, there) = (vault(&store, at(&file)), vault(&store, at(&file)));
    assert!(!file.exists(), "a key is made when one is needed");
    let kept = here.keep(&ctx, "secret", new("a-secret")).await.unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let mut before = kept.master_key.clone();
    for lines in [2, 3, 4, 4] {
        let (newest, count) = here.rotate(&ctx).await.unwrap();
        assert_ne!(newest, before);
        assert_eq!((count, std::fs::read_to_string(&file).unwrap().lines().count()), (1, lines));
        // The other server reads the file again when it meets a key that it does not know.
        assert_eq!(there.open(&ctx, kept.id, ORIGIN).await.unwrap().expose(), "a-secret");
        before = newest;
    }
    let sealed_there = there.keep(&ctx, "secret", new("another")).await.unwrap();
    assert_eq!(sealed_there.master_key, before, "the newest key seals, whoever made it");
}

#[tokio::test]
async fn a_lost_or_spoilt_file_is_said_and_never_replaced() {
    let (_dir, store, ctx) = fresh().await;
    let dir = tempfile::tempdir().unwrap();
    let file: PathBuf = dir.path().join("credentials.key");
    let here = vault(&store, MasterKeys::File(file.clone()));
    let kept = here.keep(&ctx, "secret", new("a-secret")).await.unwrap();
    std::fs::write(&file, "something else").unwrap();
    let fresh = vault(&store, MasterKeys::File(file.clone()));
    assert_eq!(fresh.open(&ctx, kept.id, ORIGIN).await.unwrap_err().stable_code(), "master_key_missing");
    assert_eq!(fresh.keep(&ctx, "secret", new("b")).await.unwrap_err().kind(), ErrorKind::Unavailable);
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "something else");
}

#[tokio::test]
async fn secrets_that_could_not_be_sent_are_refused() {
    let (_dir, store, ctx) = fresh().await;
    let vault = vault(&store, given(&["1"]));
    for bad in ["", "two words", "line\nbreak", "\u{fc}ber", &"x".repeat(16_385)] {
        let error = vault.keep(&ctx, "metadata.apiKey", new(bad)).await.unwrap_err();
        assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some("metadata.apiKey")), "{bad:?}");
    }
    assert_eq!(vault.page(&ctx, &PageRequest::new(None, None).unwrap()).await.unwrap().items, []);
    assert!(Vault::new(store, MasterKeys::Given(Secret::new("short"))).is_err());
}
