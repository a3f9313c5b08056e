//! Tokenizer models: SentencePiece's protocol buffer, or lines of tokens in base64 with their ranks as tiktoken keeps them.

use std::io::{Read, Seek};

use super::input::Input;
use super::protobuf::{Message, Part, Trouble, walk};

static MODEL: Message = Message(&[(1, Part::Message("piece", &PIECE))]);
static PIECE: Message = Message(&[(1, Part::Text("text"))]);
/// What a SentencePiece model begins with: its first piece.
const FIRST_PIECE: u8 = 0x0a;
/// The longest line of a token and its rank.
const LINE: usize = 64 << 10;

/// Whether it holds pieces of text.
pub(super) fn check<R: Read + Seek>(input: &mut Input<R>) -> Result<(), Trouble> {
    if input.peek()? == Some(FIRST_PIECE) { pieces(input) } else { ranks(input) }
}

fn pieces<R: Read + Seek>(input: &mut Input<R>) -> Result<(), Trouble> {
    let mut texts = 0u64;
    walk(input, &MODEL, &mut |name, text| {
        if name == "text" {
            std::str::from_utf8(text).map_err(|_| "has a piece that is not UTF-8 text".to_owned())?;
            texts += 1;
        }
        Ok(())
    })?;
    if texts > 0 { Ok(()) } else { Err(Trouble::Broken("holds no pieces".into())) }
}

fn ranks<R: Read + Seek>(input: &mut Input<R>) -> Result<(), Trouble> {
    let wrong = |line: u64| {
        let what = "is neither a SentencePiece model nor lines of a token in base64 and its rank";
        Trouble::Broken(format!("{what}: line {line}"))
    };
    let (mut number, mut line) = (1, Vec::new());
    while let Some(byte) = input.byte()? {
        if byte != b'\n' {
            line.push(byte);
            if line.len() > LINE {
                return Err(wrong(number));
            }
            continue;
        }
        if !is_rank(&line) {
            return Err(wrong(number));
        }
        line.clear();
        number += 1;
    }
    if line.is_empty() && number > 1 || is_rank(&line) { Ok(()) } else { Err(wrong(number)) }
}

fn is_rank(line: &[u8]) -> bool {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let Some(space) = line.iter().position(|byte| *byte == b' ') else { return false };
    let (token, rank) = (&line[..space], &line[space + 1..]);
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    !token.is_empty()
        && token.iter().all(base64)
        && !rank.is_empty()
        && rank.len() < 12
        && rank.iter().all(u8::is_ascii_digit)
}
