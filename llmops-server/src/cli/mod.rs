//! The command line: the server itself, and an ordinary client of its API.

mod audit;
mod call;
pub(crate) mod chat;
mod client;
mod config;
mod credentials;
pub(crate) mod datasets;
mod doctor;
pub(crate) mod endpoints;
pub(crate) mod evaluate;
mod filters;
mod flags;
pub(crate) mod follow;
mod migrate;
pub(crate) mod models;
mod outcome;
pub(crate) mod output;
mod progress;
pub(crate) mod reference;
mod reviews;
mod runs;
mod secret;
mod serve;
mod suggest;
#[cfg(test)]
mod tests;
pub(crate) mod train;
pub(crate) mod transfer;
mod trash;
mod written;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand};
use llmops_core::base::{Error, Result};

pub(crate) use client::{Client, text};
pub(crate) use flags::{ConfigFile, ServerFlags};
pub(crate) use outcome::{Exit, print, say};
pub(crate) use output::Output;
pub(crate) use progress::Progress;
pub(crate) use serve::stop_signal;

/// The LLM Ops engine: its server, and a client for it.
#[derive(Debug, Parser)]
#[command(name = "llmops-server", version, max_term_width = 110, after_help = outcome::CODES)]
struct Cli {
    #[command(flatten)]
    file: ConfigFile,
    #[command(subcommand)]
    verb: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    #[command(flatten)]
    Own(Box<Verb>),
    /// The program that trains, evaluates and serves in processes of its own; `runtime help` says what it takes.
    #[command(disable_help_flag = true)]
    Runtime {
        /// Its own arguments.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_name = "ARGUMENT")]
        arguments: Vec<OsString>,
    },
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Runs the server until it is told to stop (Ctrl-C or SIGTERM); requests under way may finish.
    #[command(after_help = serve::EXAMPLES)]
    Serve(serve::Serve),
    /// Plays the life of a model on this machine, from a text to a chat.
    #[command(after_help = crate::quickstart::EXAMPLES)]
    Quickstart(crate::quickstart::Quickstart),
    /// Models: what exists.
    #[command(after_help = models::EXAMPLES)]
    Models(models::Models),
    /// Datasets: what models learn from and are measured with.
    #[command(after_help = datasets::EXAMPLES)]
    Datasets(datasets::Datasets),
    /// Training jobs: what makes models.
    #[command(after_help = train::EXAMPLES)]
    Train(Box<train::Train>),
    /// Runs: every training and experiment on record.
    #[command(after_help = runs::EXAMPLES)]
    Runs(runs::Runs),
    /// Evaluations: how good a model is.
    #[command(after_help = evaluate::EXAMPLES)]
    Evaluate(Box<evaluate::Evaluate>),
    /// Deploys an approved model.
    #[command(after_help = endpoints::DEPLOY_EXAMPLES)]
    Deploy(endpoints::Deploy),
    /// Endpoints: models that answer.
    #[command(after_help = endpoints::EXAMPLES)]
    Endpoints(endpoints::Endpoints),
    /// Talks to a deployed model.
    #[command(after_help = chat::EXAMPLES)]
    Chat(chat::Chat),
    /// Credentials: keys to other people's services, sealed.
    #[command(after_help = credentials::EXAMPLES)]
    Credentials(credentials::Credentials),
    /// Carries out any operation of the API by its name.
    #[command(after_help = call::EXAMPLES)]
    Call(call::Call),
    /// Shows the settings.
    #[command(after_help = config::EXAMPLES)]
    Config(config::ConfigVerb),
    /// Looks at everything a server needs and says what to do about what is wrong.
    #[command(after_help = doctor::EXAMPLES)]
    Doctor(doctor::Doctor),
    /// Brings the database up to date without serving.
    #[command(after_help = migrate::EXAMPLES)]
    Migrate(migrate::Migrate),
    /// Prints the description of the HTTP interface (OpenAPI 3.1).
    Openapi,
    /// Proves an export of the audit log.
    #[command(after_help = audit::EXAMPLES)]
    Audit(audit::Audit),
    /// Prints what makes a shell complete these commands.
    #[command(after_help = "Example:\n  source <(llmops-server completion bash)")]
    Completion {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// How much of a list is shown.
#[derive(Debug, Clone, Args)]
struct Paging {
    /// At most so many, 1 or more.
    #[arg(long, default_value_t = 50, allow_negative_numbers = true, value_parser = at_least_one)]
    limit: usize,
    /// All of them.
    #[arg(long, conflicts_with = "limit")]
    all: bool,
}

fn at_least_one(word: &str) -> std::result::Result<usize, String> {
    word.parse()
        .ok()
        .filter(|most| *most > 0)
        .ok_or_else(|| "must be a whole number above 0; --all shows all".to_owned())
}

impl Paging {
    fn most(&self) -> usize {
        if self.all { usize::MAX } else { self.limit }
    }
}

/// Runs the command line on the arguments of this process.
pub fn main() -> ExitCode {
    run(std::env::args_os().collect())
}

/// Runs the command line on these arguments; the first is the program's name.
pub fn run(arguments: Vec<OsString>) -> ExitCode {
    let json = arguments.iter().any(|word| word == "--json");
    match Cli::try_parse_from(arguments) {
        Ok(Cli { verb: Command::Runtime { arguments }, .. }) => runtime(&arguments),
        Ok(Cli { verb: Command::Own(verb), file }) => {
            carry_out(*verb, &file).and_then(outcome::end).unwrap_or_else(|error| outcome::fail(&error, json)).into()
        }
        Err(refused) => {
            // Nothing is to be done when the terminal is gone.
            let _ = refused.print();
            if refused.use_stderr() { Exit::Usage.into() } else { ExitCode::SUCCESS }
        }
    }
}

/// The runtime is a program of its own in the same file: nothing of the server starts for it.
fn runtime(arguments: &[OsString]) -> ExitCode {
    if let [verb, rest @ ..] = arguments
        && verb == "supervise"
    {
        return llmops_core::compute::supervise(rest.to_vec());
    }
    #[cfg(feature = "runtime")]
    return llmops_runtime::main(arguments.to_vec());
    #[cfg(not(feature = "runtime"))]
    outcome::fail(
        &Error::new(llmops_core::base::ErrorKind::Unsupported, "this build has no runtime")
            .hint("build with the feature `runtime`, or set LLMOPS_RUNTIME_BIN to a program that is one"),
        false,
    )
    .into()
}

fn carry_out(verb: Verb, file: &ConfigFile) -> Result<Exit> {
    match verb {
        Verb::Serve(verb) => block_on(serve::run(verb, file)),
        Verb::Quickstart(verb) => block_on(crate::quickstart::run(verb)),
        Verb::Models(verb) => block_on(models::run(verb, file)),
        Verb::Datasets(verb) => block_on(datasets::run(verb, file)),
        Verb::Train(verb) => block_on(train::run(*verb, file)),
        Verb::Runs(verb) => block_on(runs::run(verb, file)),
        Verb::Evaluate(verb) => block_on(evaluate::run(*verb, file)),
        Verb::Deploy(verb) => block_on(endpoints::deploy(verb, file)),
        Verb::Endpoints(verb) => block_on(endpoints::run(verb, file)),
        Verb::Chat(verb) => block_on(chat::run(verb, file)),
        Verb::Credentials(verb) => block_on(credentials::run(verb, file)),
        Verb::Call(verb) => block_on(call::run(verb, file)),
        Verb::Config(verb) => config::run(verb, file),
        Verb::Doctor(verb) => block_on(doctor::run(verb, file)),
        Verb::Migrate(verb) => block_on(migrate::run(verb, file)),
        Verb::Openapi => migrate::openapi(),
        Verb::Audit(verb) => audit::run(verb),
        Verb::Completion { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "llmops-server", &mut script);
            say(String::from_utf8_lossy(&script).trim_end());
            Ok(Exit::Done)
        }
    }
}

/// Carries out a verb that waits for something.
fn block_on(work: impl Future<Output = Result<Exit>>) -> Result<Exit> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Error::unexpected("the runtime cannot start").caused_by(e))?.block_on(work)
}
