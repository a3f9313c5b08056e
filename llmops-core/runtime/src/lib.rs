//! The local runtime of llmops: trains, evaluates and serves small Llama models on the CPU, as a process of its own.

mod cli;
mod convert;
mod data;
pub mod error;
pub mod eval;
pub mod events;
pub mod files;
#[cfg(test)]
#[path = "../../src/tests/fuzz.rs"]
mod fuzz;
pub mod model;
mod process;
pub mod serve;
mod template;
mod tokenizer;
pub mod train;

pub use cli::{CHILD, dispatch_if_child, main};
