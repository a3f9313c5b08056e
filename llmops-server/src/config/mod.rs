//! What can be set, and where a value came from: a default, `llmops.toml`, `.env`, a variable or a flag. The later wins.

mod example;
mod layers;
mod settings;
#[cfg(test)]
mod tests;
mod value;

pub use example::example;
pub use layers::{Layers, Origin};
pub use settings::{Config, SETTINGS};
pub use value::{Auth, LeastBytes, List, Setting, Shown};
