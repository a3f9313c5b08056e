//! A base model out of a GGUF file: converted by the runtime, then uploaded as any client would.

use std::path::Path;
use std::pin::pin;
use std::time::{Duration, Instant};

use llmops_core::base::{Error, Result};
use llmops_core::platform::local_files;
use serde_json::{Value, json};

use super::data::VERSION;
use super::story::BASE;
use crate::cli::{Client, Progress};
use crate::config::Config;

/// Converts the file into a folder of safetensors and registers that as a base model.
pub(super) async fn import(client: &Client, file: &Path, config: &Config) -> Result<Value> {
    let unusable = |e: std::io::Error| Error::unavailable("a folder for the conversion cannot be made").caused_by(e);
    let work = tempfile::Builder::new().prefix(".convert-").tempdir_in(&config.data).map_err(unusable)?;
    let folder = work.path().join("model");
    convert(file, &folder, config, Progress::new(client.out, "converting")).await?;
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).map_err(unusable)? {
        files.push(entry.map_err(unusable)?.path());
    }
    files.retain(|path| path.is_file());
    files.sort();
    let model = match unfinished(client).await? {
        Some(there) => there,
        None => client.call("catalog.create_model", json!({ "name": BASE, "version": VERSION })).await?,
    };
    crate::cli::transfer::send(client, crate::cli::models::to(&model), local_files(&files)?, true).await?;
    client.call("catalog.get_model", json!({ "modelId": model["id"] })).await
}

/// The model of a run before that got no files.
async fn unfinished(client: &Client) -> Result<Option<Value>> {
    let all = client.list("catalog.list_models", json!({ "name": BASE }), usize::MAX).await?;
    Ok(all.into_iter().find(|one| one["version"] == VERSION))
}

async fn convert(file: &Path, folder: &Path, config: &Config, progress: Progress) -> Result<()> {
    let command = crate::start::runtime(config)?;
    let (program, arguments) =
        command.split_first().ok_or_else(|| Error::invalid("runtime_bin", "must name a program"))?;
    let mut child = tokio::process::Command::new(program);
    child.args(arguments).arg("convert").arg("--from").arg(file).arg("--to").arg(folder).kill_on_drop(true);
    let ended = timed(child.output(), progress).await;
    let ended = ended.map_err(|e| Error::unavailable("the runtime cannot be started").caused_by(e))?;
    if ended.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&ended.stdout);
    let events = said.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let why = events.filter_map(|event| event["message"].as_str().map(str::to_owned)).next_back();
    Err(Error::invalid("base", format!("cannot be used: {}", why.unwrap_or_else(|| ended.status.to_string()))))
}

/// Shows how long something takes that does not say how far it is.
async fn timed<T>(work: impl Future<Output = T>, mut progress: Progress) -> T {
    let mut work = pin!(work);
    let began = Instant::now();
    let mut looks = tokio::time::interval(Duration::from_secs(1));
    let done = loop {
        tokio::select! {
            done = work.as_mut() => break done,
            _ = looks.tick() => progress.at(0, 0, &format!("{} s", began.elapsed().as_secs())),
        }
    };
    progress.done();
    done
}
