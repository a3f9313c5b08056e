//! What holds across the rooms and the doors.

mod compute;
mod crash;
#[path = "../emit/mod.rs"]
mod emit;
mod foreign;
mod functions;
mod generated;
mod hostile;
mod layers;
mod parity;
mod plans;
mod process;
mod projects;
mod quickstart;
mod scenarios;
mod serving;
mod tidy;
mod training;
mod tree;
mod walk;
