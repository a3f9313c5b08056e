//! The local runtime as a program of its own: `cargo run -p llmops-runtime --example runtime -- train --help`.

fn main() -> std::process::ExitCode {
    llmops_runtime::main(std::env::args_os().skip(1).collect())
}
