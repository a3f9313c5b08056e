//! Tells the linker what a Node.js library needs.

fn main() {
    napi_build::setup();
}
