//! What goes over the wire to others: event streams in, forms out, and whether one of our own answers. Rank 2, below who speaks
//! with others.

pub mod form;
pub mod probe;
pub mod sse;
