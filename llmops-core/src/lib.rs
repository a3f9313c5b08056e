//! The llmops engine: catalog, training, evaluation, serving, gateway and governance behind one facade.
//!
//! Modules stand in rank order; each uses only what stands above it.

pub mod base;
pub mod blob;
pub mod catalog;
pub mod compute;
pub mod cost;
pub mod datasets;
pub mod egress;
pub mod evaluation;
pub mod experiments;
pub mod gateway;
pub mod governance;
pub mod op;
pub mod platform;
pub mod provider;
pub mod scheduling;
pub mod serving;
pub mod store;
pub mod training;

pub use platform::LlmOps;
