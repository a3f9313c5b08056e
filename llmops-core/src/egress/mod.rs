//! What goes over the wire to others: clients of HTTP, event streams in, forms out, whether one of our own answers, and the
//! guarded door to addresses that users set. Rank 2, below who speaks with others.

pub mod client;
pub mod form;
pub mod guard;
pub mod probe;
pub mod sse;
