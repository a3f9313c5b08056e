//! The llmops engine: catalog, training, evaluation, serving, gateway and governance behind one facade.
//!
//! Each module has a rank and uses only modules of lower ranks: `docs/architecture.md` has the map.

pub mod base;
pub mod blob;
pub mod cards;
pub mod catalog;
pub mod compute;
pub mod cost;
pub mod datasets;
pub mod egress;
pub mod evaluation;
pub mod experiments;
#[cfg(test)]
#[path = "tests/fuzz.rs"]
pub(crate) mod fuzz;
pub mod gateway;
pub mod governance;
pub mod lineage;
pub mod op;
pub mod platform;
pub mod provider;
pub mod registry;
pub mod scheduling;
pub mod serving;
pub mod store;
pub mod training;
pub mod trash;
pub mod uploads;
pub mod vault;

pub use platform::LlmOps;
