//! What holds across the rooms and the doors.

#[path = "../emit/mod.rs"]
mod emit;
mod functions;
mod generated;
mod layers;
mod parity;
mod tidy;
mod tree;
