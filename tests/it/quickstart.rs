//! The story in one command: with trainings of a few steps, the whole way, and the same way again.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::process::{server_executable, with_working_folder};

/// Plays the story and gives its closing document.
fn play(data: &Path) -> Value {
    let arguments = ["quickstart", "--quick", "--exit", "--json", "--data"];
    let ended = Command::new(server_executable()).args(arguments).arg(data).output().unwrap();
    let (said, log) = (String::from_utf8_lossy(&ended.stdout), String::from_utf8_lossy(&ended.stderr));
    assert!(ended.status.success(), "{}\n{said}\n{log}", ended.status);
    serde_json::from_str(&said).unwrap_or_else(|e| panic!("{e}: {said}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_story_goes_from_a_text_to_a_chat_and_finds_itself_again() {
    let data = tempfile::tempdir().unwrap();
    let first = play(data.path());
    assert_eq!(first["models"]["tuned"]["status"], "approved");
    assert_eq!(first["scores"]["base"]["exact_match"], 0.0);
    assert_eq!(first["endpoint"]["status"], "healthy");
    assert_eq!(first["audit"]["verified"], true);
    assert_eq!(first["chat"].as_array().unwrap().len(), 3);
    assert!(first["cost"]["amounts"][0]["nanos"].as_u64() > Some(0), "{}", first["cost"]);

    assert_eq!(with_working_folder(data.path()), Vec::<u32>::new(), "nothing runs on");

    let second = play(data.path());
    assert_eq!(second["models"], first["models"]);
    assert_eq!(second["scores"], first["scores"]);
    crate::projects::nothing_is_seen_from_another(data.path()).await;
}
