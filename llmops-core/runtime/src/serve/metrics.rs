//! Counters of one server, written in Prometheus' text format under vLLM's names, so that one scraper reads vLLM,
//! llama.cpp and this runtime alike.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Why an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Finish {
    /// The model ended it, or a stop string did.
    Stop,
    /// The token limit or the context was reached.
    Length,
    /// The client went away.
    Abort,
    /// The engine failed.
    Error,
}

impl Finish {
    const ALL: [Self; 4] = [Self::Stop, Self::Length, Self::Abort, Self::Error];

    /// The word that clients and metrics use.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Stop => "stop",
            Self::Length => "length",
            Self::Abort => "abort",
            Self::Error => "error",
        }
    }
}

/// Seconds; covers a token on a fast machine up to a long answer on a slow one.
const BOUNDS: [f64; 14] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 120.0];

/// Durations by bucket.
#[derive(Default)]
pub(crate) struct Histogram {
    buckets: [AtomicU64; BOUNDS.len() + 1],
    micros: AtomicU64,
}

impl Histogram {
    /// Counts one duration.
    pub(crate) fn observe(&self, took: Duration) {
        let seconds = took.as_secs_f64();
        let bucket = BOUNDS.iter().position(|&bound| seconds <= bound).unwrap_or(BOUNDS.len());
        self.buckets[bucket].fetch_add(1, Relaxed);
        self.micros.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Relaxed);
    }

    fn write(&self, out: &mut String, name: &str, label: &str) {
        let mut count = 0;
        for (bucket, bound) in self.buckets.iter().zip(BOUNDS.iter().map(f64::to_string).chain(["+Inf".to_string()])) {
            count += bucket.load(Relaxed);
            let _ = writeln!(out, "{name}_bucket{{{label},le=\"{bound}\"}} {count}");
        }
        let sum = self.micros.load(Relaxed) as f64 / 1e6;
        let _ = writeln!(out, "{name}_sum{{{label}}} {sum}");
        let _ = writeln!(out, "{name}_count{{{label}}} {count}");
    }
}

/// Everything that is counted.
#[derive(Default)]
pub(crate) struct Metrics {
    /// Requests in the batch now.
    pub(crate) running: AtomicU64,
    /// Requests in the queue now.
    pub(crate) waiting: AtomicU64,
    /// Bytes of keys and values held now, with the kept prefixes.
    pub(crate) kv_bytes: AtomicU64,
    /// The most bytes they may take.
    pub(crate) kv_budget: AtomicU64,
    /// Prompt tokens that went through the model.
    pub(crate) prompt_tokens: AtomicU64,
    /// Tokens chosen.
    pub(crate) generation_tokens: AtomicU64,
    /// Prompt tokens looked up among the kept prefixes.
    pub(crate) prefix_queries: AtomicU64,
    /// Prompt tokens found there.
    pub(crate) prefix_hits: AtomicU64,
    /// Requests that had to give their keys and values up and start again.
    pub(crate) preemptions: AtomicU64,
    /// Steps of the model.
    pub(crate) steps: AtomicU64,
    /// Ended requests by reason, in the order of `Finish::ALL`.
    finished: [AtomicU64; 4],
    /// From acceptance to the first token.
    pub(crate) first_token: Histogram,
    /// Between two tokens of one request.
    pub(crate) inter_token: Histogram,
    /// From acceptance to the end.
    pub(crate) end_to_end: Histogram,
    /// From acceptance to joining the batch.
    pub(crate) queued: Histogram,
}

impl Metrics {
    /// Counts an ended request.
    pub(crate) fn finish(&self, why: Finish) {
        self.finished[why as usize].fetch_add(1, Relaxed);
    }

    /// The text for a scraper.
    pub(crate) fn render(&self, model: &str) -> String {
        let label = format!("model_name=\"{}\"", model.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n"));
        let mut out = String::with_capacity(8 << 10);
        let held = self.kv_bytes.load(Relaxed) as f64 / (self.kv_budget.load(Relaxed) as f64).max(1.0);
        let mut line = |name: &str, kind: &str, help: &str, value: f64| {
            let _ =
                writeln!(out, "# HELP vllm:{name} {help}\n# TYPE vllm:{name} {kind}\nvllm:{name}{{{label}}} {value}");
        };
        let now = |counter: &AtomicU64| counter.load(Relaxed) as f64;
        line("num_requests_running", "gauge", "Requests in the batch.", now(&self.running));
        line("num_requests_waiting", "gauge", "Requests in the queue.", now(&self.waiting));
        line("kv_cache_usage_perc", "gauge", "Share of the key-value budget in use, 0 to 1.", held);
        line("prompt_tokens_total", "counter", "Prompt tokens processed.", now(&self.prompt_tokens));
        line("generation_tokens_total", "counter", "Tokens generated.", now(&self.generation_tokens));
        line("prefix_cache_queries_total", "counter", "Prompt tokens looked up.", now(&self.prefix_queries));
        line("prefix_cache_hits_total", "counter", "Prompt tokens found.", now(&self.prefix_hits));
        line("num_preemptions_total", "counter", "Requests started again for memory.", now(&self.preemptions));
        line("engine_steps_total", "counter", "Steps of the model.", now(&self.steps));
        let _ = writeln!(out, "# HELP vllm:request_success_total Ended requests by reason.");
        let _ = writeln!(out, "# TYPE vllm:request_success_total counter");
        for why in Finish::ALL {
            let count = self.finished[why as usize].load(Relaxed);
            let _ = writeln!(out, "vllm:request_success_total{{{label},finished_reason=\"{}\"}} {count}", why.word());
        }
        for (name, help, histogram) in [
            ("time_to_first_token_seconds", "From acceptance to the first token.", &self.first_token),
            ("inter_token_latency_seconds", "Between two tokens of one request.", &self.inter_token),
            ("e2e_request_latency_seconds", "From acceptance to the end.", &self.end_to_end),
            ("request_queue_time_seconds", "From acceptance to joining the batch.", &self.queued),
        ] {
            let name = format!("vllm:{name}");
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} histogram");
            histogram.write(&mut out, &name, &label);
        }
        out
    }
}
