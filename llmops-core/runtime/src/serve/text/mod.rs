//! From token ids to text that may be sent: whole characters only, and nothing that could still become a stop string.

mod detokenize;
mod stop;
#[cfg(test)]
mod tests;

pub(crate) use detokenize::{Detokenizer, token_bytes};
pub(crate) use stop::{StopFilter, Verdict};
