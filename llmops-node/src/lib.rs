//! llmops for Node.js: translation only. What it does belongs to the core, what it repeats is generated.
//!
//! JSON travels as text, which the engine parses faster than objects are built field by field. Errors travel as data, so
//! that they are thrown in JavaScript with everything they say.

// What napi exports is unused where there is no Node.js to use it.
#![cfg_attr(test, allow(dead_code))]

mod native;
mod runtime;
mod streams;
