//! Trains a model: from nothing, all weights of one that exists, or an adapter beside them.
//!
//! The process tells what happens in events, keeps checkpoints, ends in order on SIGTERM (with a checkpoint and exit
//! code 0), and writes its model beside the place it is meant for, so that nobody sees a part of it. One specification
//! with one number of threads gives the same weights to the last bit, also when it was stopped and went on in between;
//! only a limit in seconds depends on the machine.

mod checkpoint;
mod learner;
mod lessons;
mod optimizer;
mod run;
mod spec;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde_json::json;
use sha2::{Digest, Sha256};

use crate::data::{Encoder, Form, Line};
use crate::error::{Error, Result};
use crate::events::Events;
use crate::files::{Text, check_memory};
use crate::process::Ending;
use crate::tokenizer;
use checkpoint::Found;
use learner::{Learner, Origin};
use lessons::Lessons;
use optimizer::AdamW;
use run::{Plan, Run};
use spec::{JobType, Spec};

/// The most tokens of an example where nobody says.
const CONTEXT: usize = 256;

/// Trains a model as a specification says
#[derive(clap::Args, Clone, Debug)]
pub struct TrainArgs {
    /// The specification, a JSON file; the paths in it are relative to the working folder
    #[arg(long, value_name = "FILE")]
    pub spec: PathBuf,
    /// Folder to write the trained model to, in Hugging Face's layout
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Folder for the checkpoints
    #[arg(long, value_name = "DIR", default_value = "checkpoints")]
    pub checkpoints: PathBuf,
    /// Whether to go on from the newest checkpoint of the same work
    #[arg(long, value_enum, default_value_t)]
    pub resume: Resume,
    /// File to write the events to, beside standard output
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
}

/// Whether to go on from a checkpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Resume {
    /// Where there is one of the same specification and data
    #[default]
    Auto,
    /// Begin anew
    Never,
}

/// Trains until the steps are done, the time is over, or somebody asks the process to end.
pub fn train(args: &TrainArgs) -> Result<()> {
    train_until(args, &Ending::listen()?)
}

/// As [`train`], with `ending` to be asked.
pub(crate) fn train_until(args: &TrainArgs, ending: &Ending) -> Result<()> {
    let spec = Spec::read(&args.spec)?;
    let mut events = Events::open(args.events.as_deref())?;
    let digest = digest(&spec)?;
    let files = lessons::read(&spec)?;
    let found = match args.resume {
        Resume::Auto => checkpoint::latest(&args.checkpoints, &digest),
        Resume::Never => None,
    };
    let origin = origin(&spec, &files, found.as_ref())?;
    let context = spec.hyper.context.unwrap_or(CONTEXT).min(origin.config.max_position_embeddings);
    let lessons = Lessons::new(&spec, &files, &Encoder::new(&origin.text)?, context)?;
    drop(files);
    check_memory("this training", learner::bytes(&origin.config, &spec, lessons.longest()))?;
    let learner = Learner::new(&origin, &spec)?;
    let mut optimizer =
        AdamW::new(&learner.vars, spec.hyper.weight_decay.unwrap_or(0.1), spec.hyper.clip.unwrap_or(1.0));
    let plan = Plan::new(&spec, origin.config.parameters(), lessons.train.len());
    let mark = match found {
        None => None,
        Some(mut found) => {
            let missing = |name: &str| Error::bad_model(format!("the checkpoint has no {name}"));
            optimizer.restore(found.mark.step, |name| found.state.remove(name).ok_or_else(|| missing(name)))?;
            Some(found.mark)
        }
    };
    events.emit(&json!({
        "event": "start", "params": origin.config.parameters(), "trained_params": optimizer.weights(),
        "examples": lessons.train.len(), "held_out": lessons.held.len(), "skipped": lessons.skipped,
        "tokens": lessons.tokens(), "digest": digest, "steps": plan.steps, "lr": plan.rate,
        "resumed_from": mark.as_ref().map(|mark| mark.step), "threads": rayon::current_num_threads(),
    }));
    // The tokenizer of a base is where it was; one that was trained is kept, since it is part of the state.
    let tokenizer = (spec.job_type == JobType::FromScratch).then_some(origin.text.json.as_slice());
    let run =
        Run { learner, optimizer, lessons, plan, events, ending, checkpoints: &args.checkpoints, tokenizer, digest };
    run.go(mark, |learner| learner.save(&args.out, &origin, spec.base.as_deref()))
}

/// What training begins with.
fn origin(spec: &Spec, files: &[(Form, Vec<Line>)], found: Option<&Found>) -> Result<Origin> {
    match &spec.base {
        Some(base) => Origin::read(base),
        None => Origin::drawn(spec, text(spec, files, found)?),
    }
}

/// The tokenizer of a new model.
fn text(spec: &Spec, files: &[(Form, Vec<Line>)], found: Option<&Found>) -> Result<Text> {
    if let Some(json) = found.and_then(|found| found.tokenizer.as_deref()) {
        return tokenizer::restore(json);
    }
    let lines = files.iter().flat_map(|(_, lines)| lines);
    let texts: Vec<&str> = lines.flat_map(|line| line.record.texts()).collect();
    tokenizer::train(&texts, spec.architecture.as_ref().map_or(1024, spec::Architecture::vocabulary))
}

/// SHA-256 of all that decides what comes out: the specification, the data and the base's shape.
fn digest(spec: &Spec) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(serde_json::to_vec(spec).map_err(Error::internal)?);
    for data in &spec.data {
        add_file(&mut hash, &data.path)?;
    }
    Ok(hex::encode(hash.finalize()))
}

fn add_file(hash: &mut Sha256, path: &Path) -> Result<()> {
    let bad = |error: std::io::Error| Error::bad_data(format!("{} cannot be read: {error}", path.display()));
    let mut file = std::fs::File::open(path).map_err(bad)?;
    let mut buffer = vec![0u8; 1 << 16];
    loop {
        match std::io::Read::read(&mut file, &mut buffer).map_err(bad)? {
            0 => return Ok(()),
            many => hash.update(&buffer[..many]),
        }
    }
}
