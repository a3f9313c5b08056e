//! What holds across the rooms and the doors.

mod functions;
mod layers;
mod tidy;
mod tree;
