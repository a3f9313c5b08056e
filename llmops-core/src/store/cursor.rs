//! Cursors: where a page ended, signed so that nobody makes one up, bound to the list and its filters.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::base::{Error, ErrorKind, Result};

/// The place in a list after which the next page begins: the sort value and the id of its last item.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// The value sorted by, as text; numbers and times as decimal integers.
    pub value: String,
    /// The id, which breaks ties.
    pub id: String,
}

/// Writes and reads cursors.
pub struct Cursors {
    secret: [u8; 32],
}

impl Cursors {
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    /// A cursor for this list. `list` names the list, its project, filters and order.
    pub fn write(&self, list: &str, key: &Key) -> String {
        let body = serde_json::to_vec(&(&key.value, &key.id)).unwrap_or_default();
        let mut signed = self.sign(list, &body);
        signed.extend_from_slice(&body);
        URL_SAFE_NO_PAD.encode(signed)
    }

    /// Reads a cursor back; one of another list, or touched, is refused.
    pub fn read(&self, list: &str, cursor: &str) -> Result<Key> {
        let refuse = || {
            Error::new(ErrorKind::Malformed, "`cursor` is not one this list gave out")
                .code("invalid_cursor")
                .field("cursor")
                .hint("take `page.nextCursor` of the page before, with the same filters and order")
        };
        let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| refuse())?;
        let (tag, body) = bytes.split_at_checked(16).ok_or_else(refuse)?;
        if !bool::from(subtle::ConstantTimeEq::ct_eq(tag, self.sign(list, body).as_slice())) {
            return Err(refuse());
        }
        let (value, id) = serde_json::from_slice(body).map_err(|_| refuse())?;
        Ok(Key { value, id })
    }

    fn sign(&self, list: &str, body: &[u8]) -> Vec<u8> {
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.secret) else { return Vec::new() };
        mac.update(&(list.len() as u64).to_be_bytes());
        mac.update(list.as_bytes());
        mac.update(body);
        mac.finalize().into_bytes()[..16].to_vec()
    }
}
