//! The flags that stand for settings.

use std::path::{Path, PathBuf};

use clap::Args;
use llmops_core::base::Result;

use crate::config::{Config, Layers};

/// The file of settings.
#[derive(Debug, Clone, Args)]
pub(crate) struct ConfigFile {
    /// The file of settings; `llmops.toml` in this folder if there is one and no other is named.
    #[arg(long, value_name = "FILE", env = "LLMOPS_CONFIG", global = true, hide_env_values = true,
          help_heading = super::client::HEADING)]
    config: Option<PathBuf>,
}

impl ConfigFile {
    /// The file that was named.
    pub(crate) fn path(&self) -> Option<&Path> {
        self.config.as_deref()
    }
}

/// The settings of a server. Each is a variable too: `--log-level` is `LLMOPS_LOG_LEVEL`.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct ServerFlags {
    /// The folder of the administrator's key, of local jobs and, unless set otherwise, of database and blobs.
    #[arg(long, value_name = "DIR")]
    data: Option<String>,
    /// Where to listen; port 0 takes a free one [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDR:PORT")]
    listen: Option<String>,
    /// The database: sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/NAME.
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// The object store: file:///DIR or s3://BUCKET/PREFIX, with the usual AWS_* variables.
    #[arg(long, value_name = "URL")]
    store: Option<String>,
    /// Who may reach the server: `local` (this machine only) or `keys` (any, with an API key).
    #[arg(long, value_name = "WHO")]
    auth: Option<String>,
    /// More host names by which the server may be called, separated by commas.
    #[arg(long, value_name = "NAMES")]
    allowed_hosts: Option<String>,
    /// What is logged: off, error, warn, info, debug, trace, or a list as `llmops=debug,info`.
    #[arg(long, value_name = "LEVEL")]
    log_level: Option<String>,
    /// How it is logged: `pretty` or `json`.
    #[arg(long, value_name = "FORMAT")]
    log_format: Option<String>,
    /// Seconds that requests get to finish when the server is told to stop.
    #[arg(long, value_name = "SECONDS")]
    drain_seconds: Option<String>,
}

impl ServerFlags {
    /// The settings of this process, with these flags above all.
    pub(crate) fn config(self, file: &ConfigFile) -> Result<Config> {
        let mut layers = Layers::of_process(file.path())?;
        layers.flags([
            ("data", self.data),
            ("listen", self.listen),
            ("database", self.database),
            ("store", self.store),
            ("auth", self.auth),
            ("allowed_hosts", self.allowed_hosts),
            ("log_level", self.log_level),
            ("log_format", self.log_format),
            ("drain_seconds", self.drain_seconds),
        ]);
        Config::read(&layers)
    }
}
