//! Tests of evaluation.

mod life;
mod pure;
mod scores;
mod warnings;
mod world;
