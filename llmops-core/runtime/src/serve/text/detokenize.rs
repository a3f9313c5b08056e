//! Token by token back to text. A character may be spread over several tokens: it is sent when it is whole.

use tokenizers::Tokenizer;

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
        let held = self.unfinished(tokenizer);
        self.take(tokenizer, self.window.len() - held)
    }

    /// What is left at the end, whole or not.
    pub(crate) fn finish(&mut self, tokenizer: &Tokenizer) -> String {
        self.take(tokenizer, self.window.len())
    }

    /// Sends the text up to the token `end` of the window.
    fn take(&mut self, tokenizer: &Tokenizer, end: usize) -> String {
        let before = decode(tokenizer, &self.window[..self.sent]);
        let after = decode(tokenizer, &self.window[..end]);
        if after == before {
            // A token without text (an end marker, say) must not become the context of the next one.
            self.window.drain(self.sent..end);
            return String::new();
        }
        // A decoder that rewrote the last piece leaves nothing sensible to add.
        let fresh = after.strip_prefix(before.as_str()).unwrap_or_default().to_string();
        self.window.drain(..self.sent);
        self.sent = end - self.sent;
        fresh
    }

    /// How many tokens at the end make up the beginning of a character that could still become whole: at most three, for
    /// a character has at most four bytes. Bytes that are no UTF-8 whatever follows are not waited for.
    fn unfinished(&self, tokenizer: &Tokenizer) -> usize {
        let fresh = &self.window[self.sent..];
        if !decode(tokenizer, &self.window).ends_with('\u{fffd}') {
            return 0;
        }
        let spelled: Vec<Vec<u8>> = fresh.iter().map(|&id| token_bytes(tokenizer, id)).collect();
        let mut missing = open_end(&spelled.concat());
        let covers = |bytes: &&Vec<u8>| {
            let wanted = missing > 0;
            missing = missing.saturating_sub(bytes.len());
            wanted
        };
        spelled.iter().rev().take_while(covers).count()
    }
}

fn decode(tokenizer: &Tokenizer, ids: &[u32]) -> String {
    tokenizer.decode(ids, true).unwrap_or_default()
}

/// Bytes at the end that begin a character without ending it.
fn open_end(mut bytes: &[u8]) -> usize {
    loop {
        match std::str::from_utf8(bytes) {
            Ok(_) => return 0,
            Err(error) => match error.error_len() {
                None => return bytes.len() - error.valid_up_to(),
                Some(wrong) => bytes = &bytes[error.valid_up_to() + wrong..],
            },
        }
    }
}

/// The exact bytes of one token, also when they are only a part of a character.
pub(crate) fn token_bytes(tokenizer: &Tokenizer, id: u32) -> Vec<u8> {
    let text = tokenizer.decode(&[id], false).unwrap_or_default();
    if !text.contains('\u{fffd}') {
        return text.into_bytes();
    }
    let spelled = tokenizer.id_to_token(id).unwrap_or_default();
    let hex = spelled.strip_prefix("<0x").and_then(|rest| rest.strip_suffix('>'));
    if let Some(byte) = hex.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
        return vec![byte];
    }
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
