//! How likely a model finds what stands in the data.

use candle_core::{Device, Tensor};

use crate::data::{Encoder, Record};
use crate::error::{Error, NO_NUMBER, Result};
use crate::files::Loaded;
use crate::model::Kv;
use crate::model::ops::CrossEntropy;

/// Rows whose scores over the whole vocabulary are held at once.
const ROWS: usize = 256;

/// The natural logarithm of the probability of each token of the answer, or of the text, and the bytes these tokens are.
///
/// A text is begun by the marker that stands between texts, so that its first token is measured too; where a tokenizer
/// has none, the first token is not measured and its bytes do not count. What is longer than the context is measured in
/// windows (a text) or loses its beginning (a conversation).
pub(super) fn of(model: &Loaded, encoder: &Encoder<'_>, record: &Record) -> Result<(Vec<f64>, usize)> {
    let context = model.model.config().max_position_embeddings;
    let (prompt, answer) = encoder.question(record)?;
    let (mut tokens, from, bytes) = match record {
        Record::Chat(..) => {
            let answered = encoder.encode(&answer)?;
            let from = prompt.len();
            ([prompt, answered].concat(), from, answer.len())
        }
        Record::Text(text) => match encoder.separator() {
            Some(first) => ([vec![first], prompt].concat(), 1, text.len()),
            None => {
                let first = encoder.decode(&prompt[..prompt.len().min(1)])?.len();
                (prompt, 1, text.len().saturating_sub(first))
            }
        },
    };
    let mut from = from.max(1);
    if matches!(record, Record::Chat(..)) && tokens.len() > context + 1 {
        let gone = tokens.len() - context - 1;
        tokens.drain(..gone);
        from = from.saturating_sub(gone).max(1);
    }
    let mut log_probs = Vec::with_capacity(tokens.len().saturating_sub(from));
    for at in (0..tokens.len().saturating_sub(1)).step_by(context) {
        let window = &tokens[at..tokens.len().min(at + context + 1)];
        log_probs.extend(window_of(model, window, from.saturating_sub(at).max(1))?);
    }
    Ok((log_probs, bytes))
}

/// The log-probabilities of `tokens[from..]`, each after all before it.
fn window_of(model: &Loaded, tokens: &[u32], from: usize) -> Result<Vec<f64>> {
    if tokens.len() <= from {
        return Ok(vec![]);
    }
    let seen = &tokens[..tokens.len() - 1];
    let hidden = model.model.hidden(&mut [(seen, &mut Kv::new(model.model.config()))])?;
    let mut log_probs = Vec::with_capacity(tokens.len() - from);
    for first in (from..tokens.len()).step_by(ROWS) {
        let targets = &tokens[first..tokens.len().min(first + ROWS)];
        let rows = Tensor::arange(first as u32 - 1, (first - 1 + targets.len()) as u32, &Device::Cpu)?;
        let logits = model.model.logits(&hidden.index_select(&rows, 0)?)?;
        let losses = CrossEntropy::rows(&logits.flatten_all()?.to_vec1::<f32>()?, targets);
        if losses.iter().any(|loss| !loss.is_finite()) {
            return Err(Error::bad_model(NO_NUMBER));
        }
        log_probs.extend(losses.into_iter().map(|loss| -f64::from(loss)));
    }
    Ok(log_probs)
}
