//! Counts and logs.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use llmops_core::base::{Error, Result};
use llmops_core::platform::Gauge;
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use tracing_subscriber::EnvFilter;

const REQUESTS: &str = "llmops_http_requests_total";
const SECONDS: &str = "llmops_http_request_duration_seconds";
const CONNECTIONS: &str = "llmops_http_connections";
const SPOOFED: &str = "llmops_http_spoofed_identity_headers_total";
const BUILD: &str = "llmops_build_info";
const BUCKETS: [f64; 14] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0];

/// The process's counts. One recorder serves every door of a process, because the counting macros know only one.
#[derive(Clone)]
pub(crate) struct Metrics(Option<Arc<PrometheusHandle>>);

impl Metrics {
    /// The counts in Prometheus' text format.
    pub(crate) fn render(&self) -> String {
        self.0.as_ref().map(|handle| handle.render()).unwrap_or_default()
    }

    /// Folds what was observed since the last time, so that memory stays bounded when nobody scrapes.
    pub(crate) fn upkeep(&self) {
        if let Some(handle) = &self.0 {
            handle.run_upkeep();
        }
    }
}

/// The recorder of this process; a host program that set its own keeps it, and then there is nothing to show here.
pub(crate) fn metrics() -> Metrics {
    static RECORDER: OnceLock<Option<Arc<PrometheusHandle>>> = OnceLock::new();
    Metrics(RECORDER.get_or_init(install).clone())
}

fn install() -> Option<Arc<PrometheusHandle>> {
    let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &BUCKETS);
    let recorder = builder.ok()?.build_recorder();
    let handle = recorder.handle();
    metrics::set_global_recorder(recorder).ok()?;
    metrics::describe_counter!(REQUESTS, "HTTP requests answered, by operation and status.");
    metrics::describe_histogram!(SECONDS, "Seconds from a request's headers to the head of its answer, by operation.");
    metrics::describe_gauge!(CONNECTIONS, "Connections that are open.");
    metrics::describe_counter!(SPOOFED, "Requests whose headers claimed an identity; the claims were dropped.");
    metrics::describe_gauge!(BUILD, "Always 1; the labels say which build this is.");
    llmops_core::gateway::describe_metrics();
    metrics::gauge!(BUILD, "version" => env!("CARGO_PKG_VERSION")).set(1.0);
    Some(Arc::new(handle))
}

pub(crate) fn count(operation: &'static str, status: u16, took: Duration) {
    metrics::counter!(REQUESTS, "operation" => operation, "status" => status.to_string()).increment(1);
    metrics::histogram!(SECONDS, "operation" => operation).record(took.as_secs_f64());
}

pub(crate) fn connections(open: usize) {
    metrics::gauge!(CONNECTIONS).set(open as f64);
}

/// What goes on in the platform, as it is now.
pub(crate) fn gauges(gauges: &[Gauge]) {
    for gauge in gauges {
        metrics::describe_gauge!(gauge.name, gauge.docs);
        metrics::gauge!(gauge.name, "status" => gauge.status).set(gauge.value as f64);
    }
}

pub(crate) fn spoofed() {
    metrics::counter!(SPOOFED).increment(1);
}

/// How log lines look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// One JSON object a line.
    Json,
}

/// Sends the log to standard error. `level` is a filter as `info` or `llmops=debug,info`.
///
/// # Errors
/// When the level cannot be read, or a log is set already.
pub fn init_logs(level: &str, format: LogFormat) -> Result<()> {
    let filter = EnvFilter::try_new(level).map_err(|e| {
        Error::invalid("log.level", "must be off, error, warn, info, debug or trace, or a list as `llmops=debug,info`")
            .caused_by(e)
    })?;
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let set = match format {
        LogFormat::Pretty => builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr())).try_init(),
        LogFormat::Json => builder.json().flatten_event(true).try_init(),
    };
    set.map_err(|e| Error::conflict("the log of this process is set already").caused_by(e))
}
