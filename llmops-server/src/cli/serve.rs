//! `serve`: the platform of the settings, behind the door, until it is told to stop.

use clap::Args;
use llmops_core::base::{Error, Result};

use super::{ConfigFile, Exit, ServerFlags, say};

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server serve --data ./data --listen 127.0.0.1:8080
  llmops-server serve --listen 0.0.0.0:8080 --auth keys --database postgres://llmops@db/llmops --store s3://llmops";

/// What `serve` is told.
#[derive(Debug, Args)]
pub(super) struct Serve {
    #[command(flatten)]
    settings: ServerFlags,
}

pub(super) async fn run(verb: Serve, file: &ConfigFile) -> Result<Exit> {
    let config = verb.settings.config(file)?;
    crate::init_logs(&config.log_level, config.log_format)?;
    let server = crate::start(&config).await?;
    let link = server.sign_in_link().await?;
    say(&format!("listening on {}", server.url()));
    say(&format!("sign in at {link} (once, within 15 minutes)"));
    stop_signal().await?;
    tracing::info!("told to stop; requests under way may finish");
    tokio::select! {
        () = server.stop() => Ok(Exit::Done),
        // A second time means now.
        again = stop_signal() => again.map(|()| Exit::Failed),
    }
}

/// Resolves when the process is told to stop.
pub(crate) async fn stop_signal() -> Result<()> {
    let unheard = |e: std::io::Error| Error::unexpected("signals cannot be heard").caused_by(e);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(unheard)?;
        let mut hung_up = signal(SignalKind::hangup()).map_err(unheard)?; // its terminal was closed
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed.map_err(unheard),
            _ = terminate.recv() => Ok(()),
            _ = hung_up.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(unheard)
}
