//! `doctor`: looks at everything a server needs and says what to do about what is wrong.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use llmops_core::base::{Error, Result};
use llmops_core::blob::Blobs;
use llmops_core::store::{DatabaseUrl, Store};
use serde_json::{Value, json};

use super::{ConfigFile, Exit, Output, ServerFlags};
use crate::config::{Auth, Config};

/// The most time that looking at one thing may take.
const PATIENCE: Duration = Duration::from_secs(15);

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server doctor
  llmops-server doctor --database postgres://llmops@db/llmops --json";

/// What `doctor` is told.
#[derive(Debug, Args)]
pub(super) struct Doctor {
    #[command(flatten)]
    settings: ServerFlags,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// What looking at one thing showed: how it is, or what is wrong with it and what to do.
type Finding = Result<String>;

pub(super) async fn run(verb: Doctor, file: &ConfigFile) -> Result<Exit> {
    let out = Output::new(verb.json);
    let findings = match verb.settings.config(file) {
        Err(error) => vec![("settings", Err(error))],
        Ok(config) => examine(&config).await,
    };
    let sound = findings.iter().all(|(_, finding)| finding.is_ok());
    let rows: Vec<Value> = findings.iter().map(|(name, finding)| row(name, finding)).collect();
    out.rows(&rows, &[("CHECK", "/check"), ("STATE", "/state"), ("WHAT WAS FOUND", "/found"), ("WHAT TO DO", "/todo")]);
    Ok(if sound { Exit::Done } else { Exit::Failed })
}

fn row(name: &str, finding: &Finding) -> Value {
    match finding {
        Ok(found) => json!({ "check": name, "state": "ok", "found": found, "todo": "" }),
        Err(error) => {
            let cause = std::error::Error::source(error).map(|cause| format!(" ({cause})")).unwrap_or_default();
            let found = format!("{}{cause}", error.message());
            json!({ "check": name, "state": "WRONG", "found": found, "todo": error.hint_text().unwrap_or_default() })
        }
    }
}

async fn examine(config: &Config) -> Vec<(&'static str, Finding)> {
    let (database, store, runtime) =
        tokio::join!(within(database(config)), within(store(config)), within(runtime(config)),);
    vec![
        ("settings", Ok(format!("{} settings are understood", config.shown().len()))),
        ("data folder", folder(&config.data)),
        ("administrator's key", key(&config.data.join("admin.key"))),
        ("database", database),
        ("object store", store),
        ("runtime", runtime),
        ("address", address(config.listen).await),
        ("access", access(config)),
    ]
}

async fn within(look: impl Future<Output = Finding>) -> Finding {
    tokio::time::timeout(PATIENCE, look).await.unwrap_or_else(|_| {
        Err(Error::unavailable(format!("it did not answer within {} seconds", PATIENCE.as_secs()))
            .hint("check the address and what stands between here and there"))
    })
}

/// A folder that is there and can be written, or can be made.
fn folder(path: &Path) -> Finding {
    if !path.exists() {
        let near = path.ancestors().skip(1).find(|up| up.exists() || up.as_os_str().is_empty());
        let near = near.filter(|up| !up.as_os_str().is_empty()).unwrap_or(Path::new("."));
        writable(near)?;
        return Ok(format!("{} will be made at the first start", path.display()));
    }
    writable(path)?;
    #[cfg(unix)]
    if mode(path)? & 0o022 != 0 {
        return Err(Error::denied(format!("others may write in {}", path.display()))
            .hint(format!("chmod 700 {}", path.display())));
    }
    Ok(format!("{} can be written", path.display()))
}

fn writable(folder: &Path) -> Result<()> {
    let tried = tempfile::Builder::new().prefix(".llmops-doctor").tempfile_in(folder);
    tried.map(drop).map_err(|e| {
        Error::unavailable(format!("{} cannot be written", folder.display()))
            .hint("choose another with --data, or let this user write there")
            .caused_by(e)
    })
}

fn key(path: &Path) -> Finding {
    if !path.exists() {
        return Ok(format!("{} will be made at the first start", path.display()));
    }
    #[cfg(unix)]
    if mode(path)? & 0o077 != 0 {
        return Err(Error::denied(format!("others may read {}", path.display()))
            .hint(format!("chmod 600 {}, and revoke the key if somebody did", path.display())));
    }
    Ok(format!("{} is for its owner only", path.display()))
}

#[cfg(unix)]
fn mode(path: &Path) -> Result<u32> {
    use std::os::unix::fs::PermissionsExt;
    let found = std::fs::metadata(path).map(|meta| meta.permissions().mode());
    found.map_err(|e| Error::unavailable(format!("{} cannot be looked at", path.display())).caused_by(e))
}

async fn database(config: &Config) -> Finding {
    let file = config.data.join("llmops.db");
    let url = config.database.clone().unwrap_or_else(|| DatabaseUrl::file(&file));
    let shown = url.masked();
    if let Some(file) =
        shown.strip_prefix("sqlite://").map(|path| PathBuf::from(path.split('?').next().unwrap_or(path)))
        && !file.exists()
    {
        return Ok(format!("{shown} will be made at the first start"));
    }
    let pending = Store::pending(&url).await?;
    Ok(match pending.len() {
        0 => format!("{shown} answers and is up to date"),
        some => format!("{shown} answers; the next start brings it up to date ({some} migrations)"),
    })
}

async fn store(config: &Config) -> Finding {
    match &config.store {
        None => folder(&config.data.join("blobs")),
        Some(url) => {
            let blobs = Blobs::open_store(url)?;
            blobs.ping().await?;
            Ok(format!("{} answers", url.as_str()))
        }
    }
}

/// Whether the runtime starts: it is asked for its help.
async fn runtime(config: &Config) -> Finding {
    let command = crate::start::runtime(config)?;
    let shown = command.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
    let failed = |why: String| {
        Err(Error::unavailable(format!("`{shown}` {why}"))
            .hint("set LLMOPS_RUNTIME_BIN to a program that is the runtime, or unset it"))
    };
    let Some((program, arguments)) = command.split_first() else { return failed("is empty".into()) };
    let mut child = tokio::process::Command::new(program);
    child.args(arguments).arg("--help").kill_on_drop(true).stdin(std::process::Stdio::null());
    match child.output().await {
        Ok(ended) if ended.status.success() => Ok(format!("`{shown}` starts")),
        Ok(ended) => failed(format!("ended with {}", ended.status)),
        Err(error) => failed(format!("cannot be started: {error}")),
    }
}

/// Whether the address is free, or a server of ours is there.
async fn address(address: SocketAddr) -> Finding {
    match tokio::net::TcpListener::bind(address).await {
        Ok(_) => Ok(format!("{address} is free")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse && is_ours(address).await => {
            Ok(format!("a server of llmops listens on {address}"))
        }
        Err(error) => Err(Error::unavailable(format!("{address} cannot be listened on"))
            .hint("choose another with --listen, or end what is there")
            .caused_by(error)),
    }
}

async fn is_ours(address: SocketAddr) -> bool {
    llmops_core::base::ensure_crypto_provider();
    let client = reqwest::Client::builder().timeout(Duration::from_secs(3)).build();
    let Ok(client) = client else { return false };
    let answer = client.get(format!("http://{address}/llm-ops/v1/openapi.json")).send().await;
    let Ok(answer) = answer else { return false };
    answer.json::<Value>().await.is_ok_and(|document| document["info"]["title"].as_str().is_some_and(is_title))
}

fn is_title(title: &str) -> bool {
    title.to_ascii_lowercase().contains("llmops")
}

fn access(config: &Config) -> Finding {
    match (config.auth, config.listen.ip().is_loopback()) {
        (Auth::Local, true) => Ok("this machine's user only".into()),
        (Auth::Local, false) => Err(Error::denied(format!(
            "{} can be reached by others, and nobody said how they are recognised",
            config.listen
        ))
        .hint("listen on 127.0.0.1, or set `auth = keys` with TLS in front")),
        (Auth::Keys, true) => Ok("holders of an API key, through this machine".into()),
        (Auth::Keys, false) => Ok("holders of an API key; put TLS in front of it".into()),
    }
}
