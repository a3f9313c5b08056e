//! Tests of evaluation.

mod gates;
mod life;
mod pure;
mod scores;
mod warnings;
mod world;
