//! The reference server of llmops: every operation of the platform over HTTP, and the command line.
//!
//! [`Server::start`] opens the door on an address; [`Door::router`] gives the same routes to a host program that has an
//! HTTP server of its own.

mod auth;
mod body;
pub mod cli;
pub mod config;
mod connection;
mod cookie;
mod dialect;
mod door;
mod envelope;
mod files;
mod form;
#[cfg(test)]
#[path = "../../llmops-core/src/tests/fuzz.rs"]
mod fuzz;
mod guard;
mod hub;
mod json;
mod listen;
mod openai;
mod pages;
mod patience;
mod payload;
mod quickstart;
mod request;
mod routes;
mod sse;
mod start;
mod telemetry;
#[cfg(test)]
mod tests;
#[cfg(feature = "ui")]
mod ui;
mod wait;

pub use auth::caller;
use auth::caller_by_ticket;
pub use body::read_body;
pub use dialect::{Dialect, routes as dialects};
pub use door::{Door, DoorOptions};
pub use envelope::Failure;
pub use guard::answered;
pub use json::parse as parse_json;
pub use listen::Server;
pub use patience::Patience;
pub use start::{platform, start};
pub use telemetry::{LogFormat, init_logs};
