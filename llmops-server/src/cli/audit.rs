//! `audit verify`: proves an export of the audit log without a server.

use std::io::BufReader;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use llmops_core::base::{Error, Result};
use llmops_core::governance::verify_export_with;
use llmops_core::platform::unreadable;
use serde_json::json;

use super::{Exit, Output};

pub(super) const EXAMPLES: &str = "\
Examples:
  llmops-server call governance.export_audit_logs --output audit.jsonl
  llmops-server audit verify audit.jsonl
  llmops-server audit verify audit.jsonl --expect 48:5f0c..   # what an earlier verification said, kept elsewhere";

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
    /// An entry that the log must hold: its number and hash, as a verification before said them.
    #[arg(long, value_name = "ENTRIES:HASH")]
    expect: Option<String>,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

fn expected(text: &str) -> Result<(u64, String)> {
    let parts = text.split_once(':').and_then(|(seq, hash)| Some((seq.parse().ok()?, hash.to_owned())));
    parts.filter(|(_, hash)| hash.len() == 64).ok_or_else(|| {
        Error::invalid("expect", "must be a number of entries, a colon and a hash of 64 digits")
            .hint("`audit verify` and governance.verify_audit_logs print them")
    })
}

pub(super) fn run(verb: Audit) -> Result<Exit> {
    let Verb::Verify(verify) = verb.verb;
    let expected = verify.expect.as_deref().map(expected).transpose()?;
    let found = if verify.file == Path::new("-") {
        verify_export_with(std::io::stdin().lock(), expected)?
    } else {
        let file = std::fs::File::open(&verify.file).map_err(|e| unreadable(&verify.file, e))?;
        verify_export_with(BufReader::new(file), expected)?
    };
    let out = Output::new(verify.json);
    let said = json!({
        "verified": found.verified, "entries": found.entries, "hash": found.hash, "problem": found.problem,
    });
    out.line(&said, |_| match &found.problem {
        None => {
            format!("verified: {} entries, none changed or missing between; the last is {}", found.entries, found.hash)
        }
        Some(problem) => format!("NOT verified after {} entries: {problem}", found.entries),
    });
    Ok(if found.verified { Exit::Done } else { Exit::Failed })
}
