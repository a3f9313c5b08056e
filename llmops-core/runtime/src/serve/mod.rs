//! Serves one model over HTTP in OpenAI's dialect, with continuous batching on the CPU.
//!
//! From the outside in: [`server`] is the process (address, signals, draining), [`http`] the routes, [`api`] the
//! dialect, `template` the way from messages to a prompt, [`engine`] the thread that owns the model, and
//! [`sampling`], [`logprobs`] and [`text`] what happens to one token.
//!
//! Limits, each with its answer: body 1 MiB (413) and 30 s (408), 64 bodies on their way at once (429), queue `--queue`
//! (429 with `Retry-After`), prompt and answer together `--max-context` (400), 4 stop strings of 256 bytes, 300 token
//! biases, 20 alternatives per position (5 on `/v1/completions`), one answer per request (400 each), chat template
//! 256 KiB, a million steps and 4 MiB of output (400), keys and values `--kv-mib` (requests wait).
//!
//! It outlives who started it: a parent that went away is found again by `--addr-file`, and whoever wants this process
//! to end sends it SIGTERM.

mod api;
pub(crate) mod engine;
mod http;
mod logprobs;
pub(crate) mod metrics;
pub(crate) mod sampling;
mod server;
#[cfg(test)]
pub(crate) mod tests;
mod text;

pub(crate) use api::ApiError;
pub use server::{ServeArgs, serve};
