//! Answers the prompts of a file with a model, and says how likely the model finds the answers that stand there.
//!
//! The generation is the server's own: what is measured is what is served. Samples are written in the order of the data,
//! each as soon as it and those before it are there, so a process that was killed goes on behind the last whole one.

mod likelihood;
mod partial;
#[cfg(test)]
mod tests;

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use futures::StreamExt;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::unbounded_channel;

use crate::data::{self, Encoder, Line, Record};
use crate::error::{Error, Result};
use crate::events::Events;
use crate::files::{Loaded, Quant, Text};
use crate::model::Kv;
use crate::process::Ending;
use crate::serve::engine::{Engine, Event, Job, Limits};
use crate::serve::metrics::{Finish, Metrics};
use crate::serve::sampling::Sampling;
use partial::Partial;

/// The most progress events of a run.
const MOST_EVENTS: usize = 1000;
/// Bytes for the keys and values of all prompts, unless one alone needs more.
const KV_BYTES: usize = 512 << 20;
/// Most prompt tokens in one step.
const CHUNK: usize = 256;

/// Answers prompts with a model and measures the answers that are known
#[derive(clap::Args, Clone, Debug)]
pub struct EvalArgs {
    /// Model folder in Hugging Face's layout, or a GGUF file
    #[arg(long)]
    pub model: PathBuf,
    /// JSON lines, each with `prompt` and `response`, `messages`, or `text`, and with an `id`
    #[arg(long, value_name = "FILE")]
    pub data: PathBuf,
    /// Folder to write `samples.jsonl` to
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Most tokens of an answer
    #[arg(long, default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..))]
    pub max_tokens: u32,
    /// 0 takes the most probable token
    #[arg(long, default_value_t = 0.0)]
    pub temperature: f32,
    /// Seed of the first sample's draws; each sample after it has the next one
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Prompts that are answered at once
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=256))]
    pub batch: u16,
    /// Whether to answer the prompts
    #[arg(long, default_value_t = true, action = clap::ArgAction::Set, value_name = "BOOL")]
    pub generate: bool,
    /// Whether to measure how likely the known answers and the texts are
    #[arg(long, default_value_t = false, action = clap::ArgAction::Set, value_name = "BOOL")]
    pub likelihood: bool,
    /// Lines to take from the beginning [default: all]
    #[arg(long)]
    pub limit: Option<usize>,
    /// What to do with quantized weights
    #[arg(long, value_enum, default_value_t)]
    pub quant: Quant,
    /// File to write the events to, beside standard output
    #[arg(long, value_name = "FILE")]
    pub events: Option<PathBuf>,
}

/// Evaluates until all samples are written or somebody asks the process to end.
pub fn eval(args: &EvalArgs) -> Result<()> {
    eval_until(args, &Ending::listen()?)
}

/// As [`eval`], with `ending` to be asked.
pub(crate) fn eval_until(args: &EvalArgs, ending: &Ending) -> Result<()> {
    if !(args.temperature.is_finite() && (0.0..=100.0).contains(&args.temperature)) {
        return Err(Error::usage(format!("--temperature must be from 0 to 100, not {}", args.temperature)));
    }
    let mut events = Events::open(args.events.as_deref())?;
    let mut lines = data::read(&args.data, None)?;
    lines.truncate(args.limit.unwrap_or(usize::MAX));
    if lines.is_empty() {
        return Err(Error::bad_data(format!("{} holds no lines", args.data.display())));
    }
    let model = Arc::new(Loaded::open(&args.model, args.quant)?);
    let text = Text::of(&model);
    let mut partial = Partial::open(&args.out, &work(args)?)?;
    let total = lines.len();
    events.emit(&json!({
        "event": "start", "params": model.model.config().parameters(), "total": total, "resumed_from": partial.lines(),
        "threads": rayon::current_num_threads(),
    }));
    let answerer = Answerer::new(args, model, &text)?;
    let done = tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
        let left = lines.iter().enumerate().skip(partial.lines());
        // Twice as many as are answered at once, so that one long answer does not leave places empty behind it.
        let mut samples = futures::stream::iter(left.map(|(at, line)| answerer.sample(at, line)))
            .buffered(2 * usize::from(args.batch));
        while let Some(sample) = samples.next().await {
            partial.push(&sample?)?;
            let done = partial.lines();
            if done.is_multiple_of(total / MOST_EVENTS + 1) || done == total {
                events.emit(&json!({"event": "sample", "done": done, "total": total}));
            }
            if ending.asked() {
                break;
            }
        }
        Ok::<_, Error>(partial.lines())
    })?;
    let (reason, artifacts) = if done < total { ("cancelled", vec![]) } else { ("completed", vec![partial::SAMPLES]) };
    if done == total {
        partial.finish(&args.out)?;
    }
    events.emit(&json!({"event": "done", "reason": reason, "done": done, "total": total, "artifacts": artifacts}));
    Ok(())
}

/// What decides the samples; what was begun with something else is begun anew.
fn work(args: &EvalArgs) -> Result<String> {
    let EvalArgs { model, max_tokens, temperature, seed, generate, likelihood, quant, .. } = args;
    let said = format!("{model:?} {max_tokens} {temperature} {seed} {generate} {likelihood} {quant:?}\n");
    let data = std::fs::read(&args.data).map_err(Error::at(&args.data))?;
    Ok(hex::encode(Sha256::new().chain_update(said).chain_update(data).finalize()))
}

/// Makes samples of lines.
struct Answerer<'a> {
    args: &'a EvalArgs,
    model: Arc<Loaded>,
    encoder: Encoder<'a>,
    engine: Engine,
    places: Semaphore,
}

/// An answer of the model.
struct Answer {
    text: String,
    finish: Finish,
    prompt: usize,
    completion: usize,
    ms: f64,
}

impl<'a> Answerer<'a> {
    fn new(args: &'a EvalArgs, model: Arc<Loaded>, text: &'a Text) -> Result<Self> {
        let config = model.model.config();
        let batch = usize::from(args.batch);
        let limits = Limits {
            batch,
            chunk: CHUNK,
            queue: 2 * batch,
            kv_bytes: KV_BYTES.max(Kv::bytes_for(config, config.max_position_embeddings)),
            // Prompts that begin alike are common in a file.
            prefix_bytes: KV_BYTES / 4,
            context: config.max_position_embeddings,
        };
        let (engine, _ended) = Engine::start(model.clone(), limits, Arc::new(Metrics::default()))?;
        Ok(Self { args, encoder: Encoder::new(text)?, engine, places: Semaphore::new(batch), model })
    }

    /// The sample of one line.
    async fn sample(&self, at: usize, line: &Line) -> Result<Value> {
        let mut sample = Map::new();
        let id = if line.id.is_null() { json!(at) } else { line.id.clone() };
        sample.insert("id".into(), id);
        let is_question = matches!(line.record, Record::Chat(..));
        if self.args.generate && is_question {
            let answer = self.answer(at, line).await?;
            sample.insert("prediction".into(), answer.text.into());
            sample.insert("finish_reason".into(), answer.finish.word().into());
            sample.insert("prompt_tokens".into(), answer.prompt.into());
            sample.insert("completion_tokens".into(), answer.completion.into());
            sample.insert("ms".into(), json!(answer.ms));
        }
        if self.args.likelihood {
            let (log_probs, bytes) = likelihood::of(&self.model, &self.encoder, &line.record)?;
            sample.insert("log_probs".into(), json!(log_probs));
            sample.insert("bytes".into(), bytes.into());
        }
        Ok(Value::Object(sample))
    }

    async fn answer(&self, at: usize, line: &Line) -> Result<Answer> {
        let _place = self.places.acquire().await.map_err(Error::internal)?;
        let (prompt, _) = self.encoder.question(&line.record).map_err(|error| error.of_line(line.number))?;
        let begun = Instant::now();
        let room = self.engine.context().saturating_sub(prompt.len());
        let mut answer =
            Answer { text: String::new(), finish: Finish::Length, prompt: prompt.len(), completion: 0, ms: 0.0 };
        if room == 0 || prompt.is_empty() {
            return Ok(answer);
        }
        let sampling = Sampling {
            temperature: self.args.temperature,
            seed: self.args.seed.wrapping_add(at as u64),
            ..Sampling::default()
        };
        let (events, mut heard) = unbounded_channel();
        let (max_new, accepted) = (room.min(self.args.max_tokens as usize), begun);
        let job = Job { prompt, max_new, sampling, stop: vec![], logprobs: None, ignore_eos: false, events, accepted };
        let failed = |error: crate::serve::ApiError| {
            let why = format!("line {}: {}", at + 1, error.message);
            if error.is_damaged() { Error::bad_model(why) } else { Error::internal(why) }
        };
        self.engine.submit(job).map_err(failed)?;
        while let Some(event) = heard.recv().await {
            match event {
                Event::Piece { text, .. } => answer.text.push_str(&text),
                Event::Failed(error) => return Err(failed(error)),
                Event::Done { finish, usage } => {
                    answer.ms = (begun.elapsed().as_secs_f64() * 1e6).round() / 1e3;
                    return Ok(Answer { finish, completion: usage.completion, ..answer });
                }
            }
        }
        Err(Error::internal("the engine stopped; see what it said on standard error"))
    }
}
