//! Tests of evaluation.

mod life;
mod pure;
mod real;
mod scores;
mod world;
