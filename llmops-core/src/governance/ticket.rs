//! Tickets: signed words that let their holder do one thing in a caller's place, for a while.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::Sha256;

use crate::base::{Caller, Error, ErrorKind, Result};

/// How long a ticket is good, in microseconds.
const GOOD_FOR: i64 = 3600 * 1_000_000;
/// The bytes of a signature.
const SIGNATURE: usize = 32;

/// What a ticket says.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Ticket {
    key: String,
    session: Option<String>,
    /// The project that its holder works in.
    pub(super) project: String,
    until: i64,
}

impl Ticket {
    /// Whether it was given to this caller.
    pub(super) fn is_of(&self, caller: &Caller) -> bool {
        caller.key_id.as_ref() == Some(&self.key) && caller.session_id == self.session
    }
}

/// Writes and reads tickets.
pub(super) struct Tickets {
    secret: [u8; 32],
}

impl Tickets {
    pub(super) fn new(secret: [u8; 32]) -> Self {
        Self { secret }
    }

    pub(super) fn write(&self, caller: &Caller, purpose: &str, now: i64) -> Result<String> {
        let key = caller.key_id.clone().ok_or_else(|| {
            Error::denied("only a caller with an API key is given a ticket")
                .hint("call with `Authorization: Bearer ..`")
        })?;
        let session = caller.session_id.clone();
        let ticket = Ticket { key, session, project: caller.project.clone(), until: now + GOOD_FOR };
        let body = serde_json::to_vec(&ticket)
            .map_err(|cause| Error::unexpected("a ticket cannot be written").caused_by(cause))?;
        let mut signed = self.sign(purpose, &body);
        signed.extend_from_slice(&body);
        Ok(URL_SAFE_NO_PAD.encode(signed))
    }

    pub(super) fn read(&self, text: &str, purpose: &str, now: i64) -> Result<Ticket> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| refused())?;
        let (tag, body) = bytes.split_at_checked(SIGNATURE).ok_or_else(refused)?;
        if !bool::from(subtle::ConstantTimeEq::ct_eq(tag, self.sign(purpose, body).as_slice())) {
            return Err(refused());
        }
        let ticket: Ticket = serde_json::from_slice(body).map_err(|_| refused())?;
        if ticket.until > now { Ok(ticket) } else { Err(refused()) }
    }

    fn sign(&self, purpose: &str, body: &[u8]) -> Vec<u8> {
        let Ok(mut mac) = <Hmac<Sha256> as KeyInit>::new_from_slice(&self.secret) else { return Vec::new() };
        mac.update(&(purpose.len() as u64).to_be_bytes());
        mac.update(purpose.as_bytes());
        mac.update(body);
        mac.finalize().into_bytes().to_vec()
    }
}

/// Why a ticket does not count, whatever is wrong with it.
pub(super) fn refused() -> Error {
    Error::new(ErrorKind::Unauthenticated, "the ticket in this address is not valid")
        .hint("it may have expired; begin again to be given another")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caller(key: &str) -> Caller {
        Caller { key_id: Some(key.into()), ..Caller::system() }
    }

    #[test]
    fn a_ticket_is_good_for_its_purpose_and_for_an_hour() {
        let tickets = Tickets::new([7; 32]);
        let ticket = tickets.write(&caller("k"), "this", 0).unwrap();
        let read = tickets.read(&ticket, "this", GOOD_FOR - 1).unwrap();
        assert!(read.is_of(&caller("k")) && !read.is_of(&caller("other")));
        assert!(!read.is_of(&Caller { session_id: Some("s".into()), ..caller("k") }));
        let other = Tickets::new([8; 32]);
        for refused in [
            tickets.read(&ticket, "that", 0),
            tickets.read(&ticket, "this", GOOD_FOR),
            tickets.read(&format!("A{ticket}"), "this", 0),
            tickets.read("", "this", 0),
            tickets.read("***", "this", 0),
            other.read(&ticket, "this", 0),
        ] {
            assert_eq!(refused.unwrap_err().kind(), ErrorKind::Unauthenticated);
        }
    }

    #[test]
    fn who_showed_no_key_is_given_none() {
        let refused = Tickets::new([7; 32]).write(&Caller::system(), "this", 0);
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::Denied);
    }
}
