//! `quickstart`: the life of a model on this machine, from a text to a chat. It starts a server on a fresh folder and is then an
//! ordinary client of that server's API.
//!
//! What a run left behind is found again by its name and version, so a second run on the same data goes on where the first
//! ended, or says what is there.

mod closing;
mod commands;
mod data;
mod ending;
mod import;
mod narrator;
mod people;
mod settings;
mod story;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::Args;
use llmops_core::base::{Error, Result, Secret};

use crate::cli::{Client, Exit, Output, stop_signal};
use crate::config::{Config, Layers};
use narrator::Narrator;
use settings::Settings;
use story::Story;

pub(crate) const EXAMPLES: &str = "\
Examples:
  llmops-server quickstart
  llmops-server quickstart --data ./demo
  llmops-server quickstart --exit --json
  llmops-server quickstart --base SmolLM2-135M-Instruct.Q4_1.gguf";

/// What `quickstart` is told.
#[derive(Debug, Args)]
pub(crate) struct Quickstart {
    /// Keeps everything in this folder; a second run goes on there. A folder that is deleted at the end if absent.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Ends when the story is told, instead of serving on until Ctrl-C.
    #[arg(long)]
    exit: bool,
    /// Prints the closing table as one JSON document on standard output, and nothing else there.
    #[arg(long)]
    json: bool,
    /// Tunes this model with LoRA instead of one trained here from scratch.
    #[arg(long, value_name = "FILE.gguf")]
    base: Option<PathBuf>,
    /// Where to listen; port 0 takes a free one.
    #[arg(long, value_name = "ADDR:PORT", default_value = "127.0.0.1:0")]
    listen: String,
    /// Trains for a few steps only: the whole way in seconds, with a model that has learned nothing.
    #[arg(long)]
    quick: bool,
}

pub(crate) async fn run(verb: Quickstart) -> Result<Exit> {
    crate::init_logs("warn", crate::LogFormat::Pretty)?;
    if let Some(file) = &verb.base
        && !file.is_file()
    {
        return Err(Error::invalid("base", format!("names {}, which is no file", file.display())));
    }
    let fresh = match &verb.data {
        Some(_) => None,
        None => Some(tempfile::Builder::new().prefix("llmops-quickstart-").tempdir().map_err(|e| {
            Error::unavailable("a folder for the story cannot be made").hint("name one with --data").caused_by(e)
        })?),
    };
    let folder = verb.data.clone().or(fresh.as_ref().map(|dir| dir.path().to_owned())).unwrap_or_default();
    let mut layers = Layers::default();
    layers.flags([("data", Some(folder.display().to_string())), ("listen", Some(verb.listen.clone()))]);
    let config = Config::read(&layers)?;
    let server = crate::start(&config).await?;
    let client = client(&config, &server.url(), verb.json)?;
    let mut pressed = std::pin::pin!(stop_signal());
    let told = tokio::select! {
        told = tell(&verb, &config, &client) => told.map(|()| Exit::Done),
        pressed = pressed.as_mut() => pressed.map(|()| Exit::Interrupted),
    };
    let told = match told {
        Ok(Exit::Done) if !verb.exit => pressed.await.map(|()| Exit::Done),
        told => told,
    };
    ending::end(&client, fresh.is_none()).await;
    server.stop().await;
    told
}

/// A client with the key that the server made for this machine's user.
fn client(config: &Config, url: &str, json: bool) -> Result<Client> {
    let key = std::fs::read_to_string(config.data.join("admin.key"))
        .map_err(|e| Error::unavailable("the administrator's key cannot be read").caused_by(e))?;
    Client::new(url, Some(Secret::new(key.trim())), Output::new(json))
}

/// The story itself.
async fn tell(verb: &Quickstart, config: &Config, client: &Client) -> Result<()> {
    let settings = Settings::new(verb.base.is_some(), verb.quick);
    let narrator = Narrator::new(client.out);
    let mut story = Story::new(client.clone(), settings, narrator);
    story.opening(&config.data);
    let outcome = match &verb.base {
        None => story.of_a_new_model().await?,
        Some(file) => story.of_a_file(file, config).await?,
    };
    closing::close(story, &outcome, &config.data, !verb.exit).await
}
