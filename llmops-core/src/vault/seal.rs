//! How a secret is sealed: bytes in, text out, and nothing else.

use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD as BASE64};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use crate::base::{Error, Result, Secret};

const KEY: usize = 32;
const NONCE: usize = 24;
/// A key of a credential as it is sealed: its nonce, itself, its tag.
const WRAPPED: usize = NONCE + KEY + 16;
/// How sealed text is laid out: this byte, the wrapped key, the nonce, the encrypted secret.
const LAYOUT: u8 = 1;

/// A key that seals the keys of credentials.
#[derive(Clone)]
pub(super) struct MasterKey {
    /// Tells master keys apart; says nothing about the key.
    pub id: String,
    key: Zeroizing<[u8; KEY]>,
}

impl MasterKey {
    pub(super) fn new(key: Zeroizing<[u8; KEY]>) -> Self {
        let id = Sha256::new().chain_update("llmops master key\0").chain_update(*key).finalize();
        Self { id: hex::encode(&id[..8]), key }
    }

    /// A key that nobody had before.
    pub(super) fn fresh() -> Self {
        Self::new(Zeroizing::new(rand::random()))
    }

    /// Reads 32 bytes in hex.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut key = Zeroizing::new([0; KEY]);
        hex::decode_to_slice(text, &mut *key).ok()?;
        Some(Self::new(key))
    }

    /// As [`MasterKey::read`] reads it.
    pub(super) fn write(&self) -> Zeroizing<String> {
        Zeroizing::new(hex::encode(*self.key))
    }
}

/// What a secret is bound to: moved to another place it does not open.
pub(super) struct Bound<'a> {
    pub project: &'a str,
    pub id: uuid::Uuid,
    pub origin: &'a str,
}

impl Bound<'_> {
    fn secret(&self) -> Vec<u8> {
        format!("llmops credential\0{}\0{}\0{}", self.project, self.id, self.origin).into_bytes()
    }

    fn key(&self, master: &MasterKey) -> Vec<u8> {
        format!("llmops credential key\0{}\0{}", self.id, master.id).into_bytes()
    }
}

pub(super) fn seal(master: &MasterKey, bound: &Bound<'_>, secret: &Secret) -> Result<String> {
    let key: Zeroizing<[u8; KEY]> = Zeroizing::new(rand::random());
    let mut sealed = vec![LAYOUT];
    sealed.extend(encrypt(&master.key, &bound.key(master), &*key)?);
    sealed.extend(encrypt(&key, &bound.secret(), secret.expose().as_bytes())?);
    Ok(BASE64.encode(sealed))
}

pub(super) fn open(master: &MasterKey, bound: &Bound<'_>, sealed: &str) -> Result<Secret> {
    let (wrapped, encrypted) = parts(sealed)?;
    let key = unwrap(master, bound, &wrapped)?;
    let secret = decrypt(&key, &bound.secret(), &encrypted)?;
    let text = std::str::from_utf8(&secret).map_err(|_| spoilt())?;
    Ok(Secret::new(text))
}

/// The same secret under another master key: only its own key is sealed anew.
pub(super) fn rewrap(from: &MasterKey, to: &MasterKey, bound: &Bound<'_>, sealed: &str) -> Result<String> {
    let (wrapped, encrypted) = parts(sealed)?;
    let key = unwrap(from, bound, &wrapped)?;
    let mut anew = vec![LAYOUT];
    anew.extend(encrypt(&to.key, &bound.key(to), &*key)?);
    anew.extend(encrypted);
    Ok(BASE64.encode(anew))
}

fn unwrap(master: &MasterKey, bound: &Bound<'_>, wrapped: &[u8]) -> Result<Zeroizing<[u8; KEY]>> {
    let key = decrypt(&master.key, &bound.key(master), wrapped)?;
    let key = <[u8; KEY]>::try_from(key.as_slice()).map_err(|_| spoilt())?;
    Ok(Zeroizing::new(key))
}

/// The wrapped key and the encrypted secret.
fn parts(sealed: &str) -> Result<(Vec<u8>, Vec<u8>)> {
    let bytes = BASE64.decode(sealed).map_err(|_| spoilt())?;
    match bytes.split_first() {
        Some((&LAYOUT, rest)) if rest.len() > WRAPPED + NONCE => {
            let (wrapped, encrypted) = rest.split_at(WRAPPED);
            Ok((wrapped.to_vec(), encrypted.to_vec()))
        }
        _ => Err(spoilt()),
    }
}

/// The nonce and the encrypted bytes behind it. Nonces are so long that chance never gives one twice.
fn encrypt(key: &[u8; KEY], aad: &[u8], msg: &[u8]) -> Result<Vec<u8>> {
    let nonce: [u8; NONCE] = rand::random();
    let cipher = XChaCha20Poly1305::new(key.into());
    let encrypted = cipher.encrypt(&XNonce::from(nonce), Payload { msg, aad });
    let encrypted = encrypted.map_err(|_| Error::unexpected("a secret cannot be sealed"))?;
    Ok([&nonce[..], &encrypted].concat())
}

fn decrypt(key: &[u8; KEY], aad: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let (nonce, msg) = sealed.split_first_chunk::<NONCE>().ok_or_else(spoilt)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    let secret = cipher.decrypt(&XNonce::from(*nonce), Payload { msg, aad });
    secret.map(Zeroizing::new).map_err(|_| spoilt())
}

/// The bytes were changed, or belong to another place.
fn spoilt() -> Error {
    Error::unexpected("a stored credential does not open").hint("delete it and store its secret again")
}
