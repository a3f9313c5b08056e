//! Keys and values of ended requests, kept for those that begin with the same tokens: the next turn of a conversation,
//! or a shared system prompt.

use std::collections::VecDeque;

use crate::model::Kv;

/// Shorter common prefixes are not worth a copy.
const WORTHWHILE: usize = 16;

/// Kept prefixes, the least recently used first.
pub(super) struct Prefixes {
    kept: VecDeque<(Vec<u32>, Kv)>,
    bytes: usize,
    limit: usize,
}

impl Prefixes {
    /// Keeps at most `limit` bytes; 0 keeps nothing.
    pub(super) fn new(limit: usize) -> Self {
        Self { kept: VecDeque::new(), bytes: 0, limit }
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Keeps the keys and values of `tokens`. What is a beginning of something kept, or longer than allowed, is not.
    pub(super) fn keep(&mut self, mut tokens: Vec<u32>, kv: Kv) {
        tokens.truncate(kv.len());
        let bytes = kv.bytes();
        if tokens.len() < WORTHWHILE || bytes > self.limit || self.kept.iter().any(|k| k.0.starts_with(&tokens)) {
            return;
        }
        let (limit, held) = (self.limit, &mut self.bytes);
        self.kept.retain(|old| {
            let stale = tokens.starts_with(&old.0);
            *held -= if stale { old.1.bytes() } else { 0 };
            !stale
        });
        while self.bytes + bytes > limit {
            self.drop_oldest();
        }
        self.bytes += bytes;
        self.kept.push_back((tokens, kv));
    }

    /// The longest kept beginning of `tokens`, as a copy that can go on, and how many tokens it covers. The last token
    /// is never covered: something must go through the model to have an answer.
    pub(super) fn find(&mut self, tokens: &[u32]) -> Option<(Kv, usize)> {
        let most = tokens.len().saturating_sub(1);
        let common = |kept: &[u32]| kept.iter().zip(&tokens[..most]).take_while(|(a, b)| a == b).count();
        let (at, length) = self.kept.iter().map(|k| common(&k.0)).enumerate().max_by_key(|&(_, length)| length)?;
        if length < WORTHWHILE {
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
