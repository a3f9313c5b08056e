//! The command line of the runtime, and the ways into it.

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::io::Write;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use serde_json::json;

use crate::convert::{ConvertArgs, InspectArgs, TokenizerArgs, convert, inspect, train_tokenizer};
use crate::error::Result;
use crate::eval::{EvalArgs, eval};
use crate::process::prepare;
use crate::serve::{ServeArgs, serve};
use crate::train::{TrainArgs, train};

/// Set to `1`, makes [`dispatch_if_child`] take the process over.
pub const CHILD: &str = llmops_supervisor::CHILD;

const CODES: &str = "Exit codes: 0 done or ended on request, 2 wrong command line or specification, 65 wrong data, \
66 wrong model, 69 not enough memory, 70 a fault of this program or machine.";

/// The local runtime: trains, evaluates and serves small Llama models on the CPU
#[derive(Debug, Parser)]
#[command(name = "llmops-server runtime", version, max_term_width = 110, after_help = CODES)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
    /// Threads to compute with [default: all cores but one]
    #[arg(long, global = true, value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

#[derive(Debug, Subcommand)]
enum Verb {
    Train(TrainArgs),
    Eval(EvalArgs),
    Serve(ServeArgs),
    Convert(ConvertArgs),
    Inspect(InspectArgs),
    Tokenizer(TokenizerArgs),
}

/// Runs the runtime's command line on these arguments, which do not begin with a program's name.
///
/// Standard output gets JSON lines, standard error what is meant for a person. Where the process itself was started with
/// these arguments it may start itself anew, under the same process id, to set its number of threads.
pub fn main(args: Vec<OsString>) -> ExitCode {
    ExitCode::from(code(&args))
}

/// The exit code of a run on these arguments.
fn code(args: &[OsString]) -> u8 {
    if let Some((_, rest)) = args.split_first().filter(|(verb, _)| *verb == "supervise") {
        return llmops_supervisor::run(rest); // not for people: a server starts it for each piece of work
    }
    let program = OsString::from("llmops-server runtime");
    let cli = match Cli::try_parse_from(std::iter::once(program).chain(args.iter().cloned())) {
        Ok(cli) => cli,
        Err(refused) => {
            // Nothing is to be done when the terminal is gone.
            let _ = refused.print();
            return if refused.use_stderr() { 2 } else { 0 };
        }
    };
    match run(&cli, args) {
        Ok(()) => 0,
        Err(error) => {
            // What is meant for a person; a closed standard error is no reason to end otherwise.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            crate::events::emit(&json!({"event": "error", "class": error.class(), "message": error.to_string()}));
            error.exit_code()
        }
    }
}

/// Becomes the runtime when the environment says `LLMOPS_RUNTIME_CHILD=1`, and does not return then.
///
/// A program that embeds llmops has no `llmops-server` beside it, so it is its own runtime: it calls this first in its
/// `main`, and the platform starts its executable anew with the variable set and the runtime's arguments after it.
pub fn dispatch_if_child() {
    if std::env::var_os(CHILD).is_some_and(|value| value == "1") {
        let args: Vec<OsString> = std::env::args_os().skip(1).collect();
        std::process::exit(code(&args).into());
    }
    llmops_supervisor::offer_this_program();
}

fn run(cli: &Cli, args: &[OsString]) -> Result<()> {
    prepare(cli.threads.map(usize::from), matches!(cli.verb, Verb::Train(_)), args)?;
    match &cli.verb {
        Verb::Train(args) => train(args),
        Verb::Eval(args) => eval(args),
        Verb::Serve(args) => serve(args),
        Verb::Convert(args) => convert(args),
        Verb::Inspect(args) => inspect(args),
        Verb::Tokenizer(args) => train_tokenizer(args),
    }
}
