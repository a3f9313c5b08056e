//! Counting the tokens of texts with a foreign tokenizer: in bounded memory and time, and whatever it does it does not
//! take this program with it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::Duration;

use tokenizers::models::ModelWrapper;
use tokenizers::normalizers::NormalizerWrapper;
use tokenizers::{NormalizedString, Normalizer, Tokenizer};

use super::shape::Parts;
use crate::base::{Error, Result};

/// The largest `tokenizer.json`, in bytes. Those of large vocabularies have 35 MB.
pub(in super::super) const FILE_BYTES: u64 = 64 << 20;
/// The longest text whose tokens are counted, in bytes of UTF-8.
pub(in super::super) const TEXT_BYTES: usize = 1 << 20;
/// How long one text may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Texts up to this length are counted where they are read; for longer ones it is watched how long they take.
const SHORT: usize = 2 << 10;
/// The longest a step of normalizing may make a text, and a text when it is cut, in bytes.
const NORMALIZED: usize = 34 << 20;
const CUT: usize = 8 << 20;
/// Characters of a word that a WordPiece model looks at: its time grows with their square.
const WORD: usize = 256;
/// The longest token, in bytes. A Unigram model looks so far ahead at each character.
const TOKEN: usize = 1024;

/// What became of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Count {
    /// It has so many tokens.
    Tokens(u64),
    /// They are not counted, for this reason.
    Not(String),
}

/// A tokenizer that counts.
pub(in super::super) struct Counter {
    tokens: Arc<Bounded>,
    worker: Option<Worker>,
    patience: Duration,
}

/// A thread that counts, so that nobody waits for a text without end.
struct Worker {
    texts: SyncSender<String>,
    counts: Receiver<Count>,
}

/// A tokenizer whose steps are known.
struct Bounded {
    tokenizer: Tokenizer,
    normalizing: Vec<(NormalizerWrapper, usize)>,
    /// How many times longer all steps together may make a text.
    longer: usize,
    cutting: usize,
}

impl Counter {
    /// The tokenizer of a `tokenizer.json`; what is wrong with it if it is not one. This takes a while for a large one.
    pub(in super::super) fn open(json: &[u8]) -> std::result::Result<Self, String> {
        let opened = catch_unwind(AssertUnwindSafe(|| Bounded::open(json)));
        // The library gives up with a panic on some wrong files.
        let tokens = opened.map_err(|_| "it cannot be read")??;
        Ok(Self { tokens: Arc::new(tokens), worker: None, patience: PATIENCE })
    }

    /// The same with less patience.
    #[cfg(test)]
    pub(super) fn with_patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Counts the tokens of a text, without markers around it.
    ///
    /// # Errors
    /// `tokenizer_too_slow` when it takes longer than a minute; then this counter counts no more.
    pub(in super::super) fn count(&mut self, text: &str) -> Result<Count> {
        if text.len() > TEXT_BYTES {
            return Ok(Count::Not(format!("it is longer than {} MiB", TEXT_BYTES >> 20)));
        }
        if text.len() <= SHORT {
            return Ok(self.tokens.count(text));
        }
        let worker = match self.worker.take() {
            Some(worker) => worker,
            None => Worker::start(self.tokens.clone())?,
        };
        let gone = || Error::unexpected("the thread that counts tokens ended");
        worker.texts.send(text.to_owned()).map_err(|_| gone())?;
        match worker.counts.recv_timeout(self.patience) {
            Ok(count) => {
                self.worker = Some(worker);
                Ok(count)
            }
            // Let go of, the thread ends with this text.
            Err(RecvTimeoutError::Timeout) => Err(too_slow(self.patience)),
            Err(RecvTimeoutError::Disconnected) => Err(gone()),
        }
    }
}

fn too_slow(patience: Duration) -> Error {
    let rule = format!(
        "names a model whose tokenizer takes longer than {} seconds for a text; choose a model with another tokenizer",
        patience.as_secs()
    );
    Error::invalid("modelId", rule).code("tokenizer_too_slow")
}

impl Worker {
    fn start(tokens: Arc<Bounded>) -> Result<Self> {
        let (texts, asked) = sync_channel::<String>(1);
        let (answer, counts) = sync_channel(1);
        let work = move || {
            while let Ok(text) = asked.recv() {
                if answer.send(tokens.count(&text)).is_err() {
                    return; // nobody waits any more
                }
            }
        };
        let thread = std::thread::Builder::new().name("tokens".into()).spawn(work);
        thread.map_err(|cause| Error::unavailable("no thread can be begun to count tokens").caused_by(cause))?;
        Ok(Self { texts, counts })
    }
}

impl Bounded {
    fn open(json: &[u8]) -> std::result::Result<Self, String> {
        if json.len() as u64 > FILE_BYTES {
            return Err(format!("it is larger than {} MiB", FILE_BYTES >> 20));
        }
        let parts = Parts::read(json)?;
        let shape = parts.shape()?;
        let step = |(step, longer)| serde_json::from_value(step).map(|step| (step, longer));
        let normalizing: Vec<(NormalizerWrapper, usize)> =
            shape.normalizing.into_iter().map(step).collect::<serde_json::Result<_>>().map_err(|e| e.to_string())?;
        let mut tokenizer = Tokenizer::from_bytes(parts.file()?).map_err(|error| error.to_string())?;
        check_model(&mut tokenizer)?;
        let longer = normalizing.iter().fold(1usize, |longer, (_, step)| longer.saturating_mul(*step));
        Ok(Self { tokenizer, normalizing, longer, cutting: shape.cutting })
    }

    fn count(&self, text: &str) -> Count {
        let counted = catch_unwind(AssertUnwindSafe(|| self.encode(text)));
        match counted {
            Ok(Ok(tokens)) => Count::Tokens(tokens),
            Ok(Err(why)) => Count::Not(why),
            Err(_) => Count::Not("the tokenizer gives up on it".into()),
        }
    }

    fn encode(&self, text: &str) -> std::result::Result<u64, String> {
        if text.len().saturating_mul(self.longer).saturating_mul(self.cutting) > CUT {
            self.check_length(text)?;
        }
        let tokens = self.tokenizer.encode_fast(text, false);
        tokens.map(|tokens| tokens.len() as u64).map_err(|error| format!("the tokenizer refuses it: {error}"))
    }

    /// Refuses a text that would become too long: sees how long it really becomes, a step at a time.
    fn check_length(&self, text: &str) -> std::result::Result<(), String> {
        let too_long = || "the tokenizer makes it too long".to_owned();
        let mut normalized = NormalizedString::from(text);
        for (step, longer) in &self.normalizing {
            if normalized.len().saturating_mul(*longer) > NORMALIZED {
                return Err(too_long());
            }
            step.normalize(&mut normalized).map_err(|error| error.to_string())?;
        }
        if normalized.len().saturating_mul(self.cutting) > CUT { Err(too_long()) } else { Ok(()) }
    }
}

/// Refuses models whose time grows faster than the text, and takes chance out of them.
fn check_model(tokenizer: &mut Tokenizer) -> std::result::Result<(), String> {
    let longest = tokenizer.get_vocab(true).into_keys().map(|token| token.len()).max().unwrap_or_default();
    if longest > TOKEN {
        return Err(format!("one of its tokens has {longest} bytes; at most {TOKEN} are accepted"));
    }
    // While a model learns it may leave merges out by chance; here a text has one number of tokens.
    let certain = match tokenizer.get_model() {
        ModelWrapper::WordPiece(model) if model.max_input_chars_per_word > WORD => {
            let characters = model.max_input_chars_per_word;
            return Err(format!("it looks at words of up to {characters} characters; at most {WORD} are accepted"));
        }
        ModelWrapper::BPE(model) if model.dropout.is_some() => Some(model.clone()),
        _ => None,
    };
    if let Some(mut certain) = certain {
        certain.dropout = None;
        tokenizer.with_model(certain);
    }
    if tokenizer.get_vocab_size(true) == 0 { Err("it knows no token".into()) } else { Ok(()) }
}
