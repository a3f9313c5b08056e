//! `audit verify`: proves an export of the audit log without a server.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use llmops_core::base::Result;
use llmops_core::governance::verify_export;
use llmops_core::platform::unreadable;
use serde_json::json;

use super::{Exit, Output};

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server call governance.export_audit_logs --output audit.jsonl
  llmops-server audit verify audit.jsonl";

/// What `audit` is told.
#[derive(Debug, Args)]
pub(super) struct Audit {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Checks an export: every entry there, none changed, none missing at its end. Exits with 1 if something is wrong.
    Verify(Verify),
}

#[derive(Debug, Args)]
struct Verify {
    /// The export, in JSON lines; `-` reads it from standard input.
    file: PathBuf,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(verb: Audit) -> Result<Exit> {
    let Verb::Verify(verify) = verb.verb;
    let found = if verify.file == Path::new("-") {
        verify_export(std::io::stdin().lock())?
    } else {
        let file = std::fs::File::open(&verify.file).map_err(|e| unreadable(&verify.file, e))?;
        verify_export(BufReader::new(file))?
    };
    let out = Output::new(verify.json);
    let said = json!({ "verified": found.verified, "entries": found.entries, "problem": found.problem });
    out.line(&said, |_| match &found.problem {
        None => format!("verified: {} entries, complete and unaltered", found.entries),
        Some(problem) => format!("NOT verified after {} entries: {problem}", found.entries),
    });
    Ok(if found.verified { Exit::Done } else { Exit::Failed })
}
