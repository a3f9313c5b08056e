//! The local runtime of llmops: trains, evaluates and serves small Llama models on the CPU, as a process of its own.
#![allow(dead_code, unused_imports)]

pub mod error;
pub mod events;
pub mod files;
pub mod model;
pub mod serve;
mod template;
mod tokenizer;
