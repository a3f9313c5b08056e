//! The command line: the server itself, and an ordinary client of its API.

mod flags;
mod outcome;
mod serve;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use llmops_core::base::{Error, Result};

pub(crate) use flags::{ConfigFile, ServerFlags};
pub(crate) use outcome::{Exit, say};

/// The LLM Ops engine: its server, and a client for it.
#[derive(Debug, Parser)]
#[command(name = "llmops-server", version, propagate_version = true, max_term_width = 110, after_help = outcome::CODES)]
struct Cli {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Runs the server until it is told to stop (Ctrl-C or SIGTERM); requests under way may finish.
    #[command(after_help = serve::EXAMPLES)]
    Serve(serve::Serve),
}

/// Runs the command line on the arguments of this process.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    // The runtime is a program of its own in the same file: nothing of the server starts for it.
    #[cfg(feature = "runtime")]
    if arguments.get(1).is_some_and(|verb| verb == "runtime") && arguments.get(2).is_none_or(|verb| verb != "supervise")
    {
        return llmops_runtime::main(arguments.into_iter().skip(2).collect());
    }
    run(arguments)
}

/// Runs the command line on these arguments; the first is the program's name.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    if let [_, runtime, supervise, rest @ ..] = arguments.as_slice()
        && runtime == "runtime"
        && supervise == "supervise"
    {
        return llmops_core::compute::supervise(rest.to_vec());
    }
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(refused) => {
            // Nothing is to be done when the terminal is gone.
            let _ = refused.print();
            return if refused.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS };
        }
    };
    let outcome = match cli.verb {
        Verb::Serve(verb) => block_on(serve::run(verb, &cli.file)),
    };
    match outcome {
        Ok(exit) => exit.into(),
        Err(error) => outcome::fail(&error).into(),
    }
}

/// Carries out a verb that waits for something.
fn block_on(work: impl Future<Output = Result<Exit>>) -> Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Error::unexpected("the runtime cannot start").caused_by(e))?.block_on(work)
}
