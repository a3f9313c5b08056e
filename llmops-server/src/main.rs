//! The executable.

fn main() -> std::process::ExitCode {
    llmops_server::cli::main()
}
