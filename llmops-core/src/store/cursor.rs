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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spoilt_cursors() {
        let cursors = Cursors::new([7; 32]);
        let key = |value: &str, id: &str| Key { value: value.into(), id: id.into() };
        let written = [key("1700000000000000", "01900000-0000-7000-8000-000000000000"), key("caf\u{e9} \"x\"", "b")];
        let [first, second] = written.each_ref().map(|key| cursors.write("models", key));
        let other = cursors.write("datasets", &key("3", "c"));
        let inner = b"[\"1700000000000000\",\"caf\\u00e9\"]";
        let seeds: [&[u8]; 4] = [first.as_bytes(), second.as_bytes(), other.as_bytes(), inner];
        crate::fuzz::spoil("cursor", &seeds, |bytes| {
            if let Ok(read) = cursors.read("models", &String::from_utf8_lossy(bytes)) {
                assert!(written.contains(&read), "a place that was never given out: {read:?}");
            }
            // What is within is read only after its signature, so it is spoilt and then signed.
            let signed = [cursors.sign("models", bytes), bytes.to_vec()].concat();
            let read = cursors.read("models", &URL_SAFE_NO_PAD.encode(signed));
            read.map_or_else(|error| error.message().to_owned(), |_| "a place".to_owned())
        });
    }
}
