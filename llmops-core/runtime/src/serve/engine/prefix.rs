//! Keys and values of ended requests, kept for those that begin with the same tokens: the next turn of a conversation,
//! or a shared system prompt.
//!
//! A kept prefix changes no answer, to the last bit where the weights are quantized: there the smallest difference in
//! rounding grows to one in the text. So prompts are always computed in the same blocks, whatever else is in the batch,
//! and only whole blocks of prompts are kept. What was generated was computed token by token and is not.

use std::collections::VecDeque;

use crate::model::Kv;

/// Prompt tokens that are computed together, and kept or not.
pub(super) const BLOCK: usize = 64;

/// Kept prefixes, the least recently used first.
pub(super) struct Prefixes {
    kept: VecDeque<(Vec<u32>, Kv)>,
    bytes: usize,
    limit: usize,
    block: usize,
}

impl Prefixes {
    /// Keeps blocks of so many tokens in at most `limit` bytes; 0 keeps nothing.
    pub(super) fn new(limit: usize, block: usize) -> Self {
        Self { kept: VecDeque::new(), bytes: 0, limit, block }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keeps the keys and values of the whole blocks of a prompt. What is a beginning of something kept, or longer than
    /// allowed, is not.
    pub(super) fn keep(&mut self, mut prompt: Vec<u32>, kv: &Kv) {
        let length = prompt.len().min(kv.len()) / self.block * self.block;
        prompt.truncate(length);
        if length == 0 || self.limit == 0 || self.kept.iter().any(|k| k.0.starts_with(&prompt)) {
            return;
        }
        let Ok(kv) = kv.prefix(length) else { return };
        let bytes = kv.bytes();
        if bytes > self.limit {
            return;
        }
        let (limit, held) = (self.limit, &mut self.bytes);
        self.kept.retain(|old| {
            let stale = prompt.starts_with(&old.0);
            *held -= if stale { old.1.bytes() } else { 0 };
            !stale
        });
        while self.bytes + bytes > limit {
            self.drop_oldest();
        }
        self.bytes += bytes;
        self.kept.push_back((prompt, kv));
    }

    /// The longest kept beginning of `tokens`, as a copy that can go on, and how many tokens it covers. The last token
    /// is never covered: something must go through the model to have an answer.
    pub(super) fn find(&mut self, tokens: &[u32]) -> Option<(Kv, usize)> {
        let most = tokens.len().saturating_sub(1);
        let block = self.block;
        let common =
            |kept: &[u32]| kept.iter().zip(&tokens[..most]).take_while(|(a, b)| a == b).count() / block * block;
        let (at, length) = self.kept.iter().map(|k| common(&k.0)).enumerate().max_by_key(|&(_, length)| length)?;
        if length == 0 {
            return None;
        }
        let entry = self.kept.remove(at)?;
        let copy = entry.1.prefix(length).ok();
        self.kept.push_back(entry);
        copy.map(|kv| (kv, length))
    }

    /// Gives up the least recently used; false when there is nothing left.
    pub(super) fn drop_oldest(&mut self) -> bool {
        let Some((_, kv)) = self.kept.pop_front() else { return false };
        self.bytes -= kv.bytes();
        true
    }
}
