//! Token by token back to text. A character may be spread over several tokens: it is sent when it is whole.

use tokenizers::Tokenizer;

/// A character has at most four bytes, so a longer run of unfinished tokens is not UTF-8 and is sent as it reads.
const LONGEST_UNFINISHED: usize = 4;

/// Decodes one answer as it grows. Work per token does not grow with the answer.
#[derive(Default)]
pub(crate) struct Detokenizer {
    /// The tokens of the last piece and those not sent yet. Decoders look at neighbours (a leading space, say), so the
    /// last piece is decoded again for context.
    window: Vec<u32>,
    /// How many of `window` were sent.
    sent: usize,
}

impl Detokenizer {
    /// Adds a token; the text that became whole with it.
    pub(crate) fn push(&mut self, tokenizer: &Tokenizer, id: u32) -> String {
        self.window.push(id);
        let force = self.window.len() - self.sent > LONGEST_UNFINISHED;
        self.take(tokenizer, force)
    }

    /// What is left at the end, whole or not.
    pub(crate) fn finish(&mut self, tokenizer: &Tokenizer) -> String {
        self.take(tokenizer, true)
    }

    fn take(&mut self, tokenizer: &Tokenizer, force: bool) -> String {
        let before = tokenizer.decode(&self.window[..self.sent], true).unwrap_or_default();
        let after = tokenizer.decode(&self.window, true).unwrap_or_default();
        if after.ends_with('\u{fffd}') && !force {
            return String::new();
        }
        if after == before {
            // A token without text (an end marker, say) must not become the context of the next one.
            self.window.truncate(self.sent);
            return String::new();
        }
        // A decoder that rewrote the last piece leaves nothing sensible to add.
        let fresh = after.strip_prefix(before.as_str()).unwrap_or_default().to_string();
        self.window.drain(..self.sent);
        self.sent = self.window.len();
        fresh
    }
}

/// The exact bytes of one token, also when they are only a part of a character.
pub(crate) fn token_bytes(tokenizer: &Tokenizer, id: u32) -> Vec<u8> {
    let text = tokenizer.decode(&[id], false).unwrap_or_default();
    if !text.contains('\u{fffd}') {
        return text.into_bytes();
    }
    let spelled = tokenizer.id_to_token(id).unwrap_or_default();
    spelled.chars().map(byte_of).collect::<Option<Vec<u8>>>().unwrap_or_else(|| text.into_bytes())
}

/// Byte-level vocabularies spell each byte as one printable character: printable Latin-1 as itself, the other 68 bytes
/// in order from U+0100.
fn byte_of(spelled: char) -> Option<u8> {
    let printable = |b: u8| matches!(b, 0x21..=0x7e | 0xa1..=0xac | 0xae..=0xff);
    match u32::from(spelled) {
        code @ 0..=0xff => u8::try_from(code).ok().filter(|&b| printable(b)),
        code => (0..=255u8).filter(|&b| !printable(b)).nth((code - 0x100) as usize),
    }
}
