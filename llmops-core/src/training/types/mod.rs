//! What callers send and get.

mod job;
mod logs;
mod spec;
mod submit;

pub use job::*;
pub use logs::*;
pub use spec::*;
pub use submit::*;
