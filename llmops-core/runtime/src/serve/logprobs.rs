//! Log-probabilities as the model itself gives them: before bias, penalties and temperature.

use super::text::token_bytes;
use tokenizers::Tokenizer;

/// One candidate for a position.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Candidate {
    /// The token as text; bytes that are no UTF-8 by themselves show as U+FFFD.
    pub(crate) token: String,
    /// The token's exact bytes.
    pub(crate) bytes: Vec<u8>,
    /// Natural logarithm of its probability.
    pub(crate) logprob: f32,
}

/// What was chosen at one position, and what else was likely.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Position {
    /// The chosen token.
    pub(crate) chosen: Candidate,
    /// The most probable tokens, best first.
    pub(crate) top: Vec<Candidate>,
    /// Where the token's text begins in the answer, in characters.
    pub(crate) offset: usize,
}

/// The logarithm of the softmax's denominator.
pub(crate) fn log_sum_exp(logits: &[f32]) -> f64 {
    let best = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f64 = logits.iter().map(|&x| f64::from((x - best).exp())).sum();
    f64::from(best) + sum.ln()
}

/// The `n` most probable token ids with their log-probabilities, best first.
pub(crate) fn top(logits: &[f32], n: usize, log_sum: f64) -> Vec<(u32, f32)> {
    let mut ids: Vec<u32> = (0..logits.len() as u32).collect();
    let better = |a: &u32, b: &u32| logits[*b as usize].total_cmp(&logits[*a as usize]).then(a.cmp(b));
    if n < ids.len() {
        ids.select_nth_unstable_by(n, better);
        ids.truncate(n);
    }
    ids.sort_unstable_by(better);
    ids.into_iter().map(|id| (id, (f64::from(logits[id as usize]) - log_sum) as f32)).collect()
}

/// Describes the choice of `id` among `logits`, with `n` alternatives.
pub(crate) fn describe(tokenizer: &Tokenizer, logits: &[f32], id: u32, n: usize) -> Position {
    let log_sum = log_sum_exp(logits);
    let candidate = |id: u32, logprob: f32| {
        let bytes = token_bytes(tokenizer, id);
        Candidate { token: String::from_utf8_lossy(&bytes).into_owned(), bytes, logprob }
    };
    let chosen = candidate(id, (f64::from(logits[id as usize]) - log_sum) as f32);
    let top = top(logits, n, log_sum).into_iter().map(|(id, logprob)| candidate(id, logprob)).collect();
    Position { chosen, top, offset: 0 }
}
