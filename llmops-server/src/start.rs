//! From settings to a platform and its door.

use std::ffi::OsString;
use std::time::Duration;

use llmops_core::LlmOps;
use llmops_core::base::{Error, Result};
use llmops_core::datasets::Packing;
use llmops_core::gateway::KeyLimits;
use llmops_core::platform::Builder;

use crate::config::{Auth, Config};
use crate::{DoorOptions, Patience, Server, dialect};

/// How long a day is.
const DAY: Duration = Duration::from_secs(24 * 3600);

/// Opens the platform of these settings and its door.
///
/// # Errors
/// `invalid` for an address that others can reach while nobody said how they are recognised; else what opening met.
pub async fn start(config: &Config) -> Result<Server> {
    if config.auth == Auth::Local && !config.listen.ip().is_loopback() {
        return Err(Error::invalid(
            "listen",
            format!("must be an address of this machine alone, not {}", config.listen),
        )
        .code("auth_required")
        .hint(
            "listen on 127.0.0.1, or set `auth = keys` (LLMOPS_AUTH=keys) so that only holders of an API key get \
                 in, with TLS in front of it",
        ));
    }
    // First of all: what is counted while the platform opens would go nowhere.
    crate::telemetry::metrics();
    let ops = platform(config)?.open().await?;
    let drain = Duration::from_secs(config.drain_seconds.into());
    let options = DoorOptions {
        patience: Patience { drain, ..Patience::default() },
        allowed_hosts: config.allowed_hosts.0.clone(),
        ..DoorOptions::default()
    };
    Server::start_with(ops, config.listen, options, dialect::routes()).await
}

/// The platform of these settings.
///
/// # Errors
/// When this executable, which is its own runtime, cannot be found.
pub fn platform(config: &Config) -> Result<Builder> {
    let mut builder = LlmOps::builder().data_dir(&config.data).runtime_command(runtime(config)?);
    if let Some(database) = &config.database {
        builder = builder.database(database.clone());
    }
    if let Some(store) = &config.store {
        builder = builder.store(store.clone());
    }
    if let Some(prices) = &config.prices {
        builder = builder.prices(prices.clone());
    }
    if let Some(families) = &config.model_families {
        builder = builder.model_families(families.clone());
    }
    if let Some(keys) = &config.credentials_key {
        builder = builder.master_keys(keys.clone());
    }
    builder = builder
        .allowed_hosts(config.egress_allowed_hosts.clone())
        .keep_deleted(DAY * u32::from(config.trash_days))
        .packing(Packing {
            least_bytes: config.packing_least_bytes.0,
            after: Duration::from_secs(config.packing_after_seconds.into()),
        });
    Ok(builder.key_limits(KeyLimits {
        requests_per_minute: config.key_requests_per_minute,
        concurrent_requests: config.key_concurrent_requests,
    }))
}

/// The command that is the local runtime: this executable, unless another is set.
pub(crate) fn runtime(config: &Config) -> Result<Vec<OsString>> {
    if let Some(command) = &config.runtime_bin {
        return Ok(vec![command.into()]);
    }
    let own = std::env::current_exe()
        .map_err(|e| Error::unexpected("the path of this executable is not known").caused_by(e))?;
    Ok(vec![own.into(), "runtime".into()])
}
