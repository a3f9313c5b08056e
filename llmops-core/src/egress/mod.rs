//! What goes over the wire to others: event streams in, forms out. Rank 2.

pub mod form;
pub mod sse;
