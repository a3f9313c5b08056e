//! What goes over the wire to others: event streams in, forms out, whether one of our own answers, and the guarded door to
//! addresses that users set. Rank 2, below who speaks
//! with others.

pub mod form;
pub mod guard;
pub mod probe;
pub mod sse;
