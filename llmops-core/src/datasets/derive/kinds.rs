//! Comparisons by order between values of different kinds, found in a condition before anything is read: every text is after every
//! number, so that `text > 1` would be true of every row.

use std::ops::Range;

use super::super::{ColumnType, DatasetColumn};
use crate::base::{Error, Result};

/// What a value is, as far as an expression says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    /// Truth counts as one: it is compared as 0 and 1.
    Number,
    /// Lists and objects.
    Json,
}

impl Kind {
    fn of(column: ColumnType) -> Option<Self> {
        match column {
            ColumnType::Text => Some(Self::Text),
            ColumnType::Boolean | ColumnType::Integer | ColumnType::Number => Some(Self::Number),
            ColumnType::Json => Some(Self::Json),
            ColumnType::Empty | ColumnType::Mixed => None,
        }
    }

    /// What a filter makes, of those that make one kind of whatever they are given.
    fn made_by(filter: &str) -> Option<Self> {
        match filter {
            "length" | "count" | "int" | "float" | "round" | "abs" => Some(Self::Number),
            "lower" | "upper" | "trim" | "title" | "capitalize" | "replace" | "join" | "string" | "tojson" => {
                Some(Self::Text)
            }
            _ => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Number => "a number",
            Self::Json => "a list or an object",
        }
    }
}

/// A piece of an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'t> {
    Name(&'t str),
    Text(&'t str),
    Number,
    Sign(&'t str),
}

/// Signs of two characters; others have one.
const LONG_SIGNS: [&str; 6] = ["<=", ">=", "==", "!=", "//", "**"];
const ORDERS: [&str; 4] = ["<", "<=", ">", ">="];
/// Where what is compared begins and ends.
const BOUNDS: [&str; 9] = ["==", "!=", "<", "<=", ">", ">=", ",", ":", "="];
const WORD_BOUNDS: [&str; 6] = ["and", "or", "not", "if", "else", "in"];

/// Refuses the first comparison by order of two kinds.
pub(super) fn check(field: &str, text: &str, columns: &[DatasetColumn]) -> Result<()> {
    let tokens = tokens(text);
    for (at, (token, place)) in tokens.iter().enumerate() {
        let Token::Sign(order) = token else { continue };
        if !ORDERS.contains(order) {
            continue;
        }
        let (left, right) = (before(&tokens, at), after(&tokens, at));
        let (Some(a), Some(b)) = (kind(&tokens[left.clone()], columns), kind(&tokens[right.clone()], columns)) else {
            continue;
        };
        if a != b {
            let said = |of: Range<usize>| text[tokens[of.start].1.start..tokens[of.end - 1].1.end].to_owned();
            let (left, right) = (said(left), said(right));
            let character = text[..place.start].chars().count() + 1;
            let rule = format!(
                "compares `{left}`, which is {}, with `{right}`, which is {}, by `{order}` at character {character}",
                a.name(),
                b.name()
            );
            return Err(Error::invalid(field, rule).code("different_kinds").hint(
                "compare values of one kind, as `text|length > 1`, or `text|float > 1` where the text spells a number",
            ));
        }
    }
    Ok(())
}

/// The pieces and where they stand.
fn tokens(text: &str) -> Vec<(Token<'_>, Range<usize>)> {
    let (bytes, mut at, mut found) = (text.as_bytes(), 0, Vec::new());
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let run = |is: fn(char) -> bool| rest.find(|c: char| !is(c)).unwrap_or(rest.len());
        let (token, length) = match first {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            '"' | '\'' => {
                let length = quoted(&bytes[at..]);
                (Token::Text(rest[1..length].trim_end_matches(first)), length)
            }
            '0'..='9' => (Token::Number, run(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_')),
            c if c.is_alphanumeric() || c == '_' => {
                let length = run(|c| c.is_alphanumeric() || c == '_');
                (Token::Name(&rest[..length]), length)
            }
            c => {
                let long = LONG_SIGNS.iter().find(|sign| rest.starts_with(**sign)).map(|sign| sign.len());
                let length = long.unwrap_or(c.len_utf8());
                (Token::Sign(&rest[..length]), length)
            }
        };
        found.push((token, at..at + length));
        at += length;
    }
    found
}

/// The bytes of a text in quotes, with these.
fn quoted(bytes: &[u8]) -> usize {
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            byte if *byte == bytes[0] => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

/// The pieces left of this one that it compares.
fn before(tokens: &[(Token<'_>, Range<usize>)], at: usize) -> Range<usize> {
    let mut depth = 0u32;
    let mut start = at;
    while let Some(next) = start.checked_sub(1) {
        match tokens[next].0 {
            Token::Sign(")" | "]" | "}") => depth += 1,
            Token::Sign("(" | "[" | "{") if depth == 0 => break,
            Token::Sign("(" | "[" | "{") => depth -= 1,
            token if depth == 0 && bounds(token) => break,
            _ => {}
        }
        start = next;
    }
    start..at
}

/// The pieces right of it.
fn after(tokens: &[(Token<'_>, Range<usize>)], at: usize) -> Range<usize> {
    let mut depth = 0u32;
    let mut end = at + 1;
    while let Some((token, _)) = tokens.get(end) {
        match token {
            Token::Sign("(" | "[" | "{") => depth += 1,
            Token::Sign(")" | "]" | "}") if depth == 0 => break,
            Token::Sign(")" | "]" | "}") => depth -= 1,
            token if depth == 0 && bounds(*token) => break,
            _ => {}
        }
        end += 1;
    }
    at + 1..end
}

fn bounds(token: Token<'_>) -> bool {
    match token {
        Token::Sign(sign) => BOUNDS.contains(&sign),
        Token::Name(name) => WORD_BOUNDS.contains(&name),
        Token::Text(_) | Token::Number => false,
    }
}

/// What these pieces make, where that is plain: a column or a value, and what filters make of it.
fn kind(tokens: &[(Token<'_>, Range<usize>)], columns: &[DatasetColumn]) -> Option<Kind> {
    let tokens: Vec<Token<'_>> = tokens.iter().map(|(token, _)| *token).collect();
    let column = |name: &str| columns.iter().find(|column| column.name == name);
    match tokens[..] {
        [.., Token::Sign("|"), Token::Name(filter)] if is_chain(&tokens) => Kind::made_by(filter),
        [Token::Text(_)] => Some(Kind::Text),
        [Token::Number] | [Token::Sign("-"), Token::Number] => Some(Kind::Number),
        [Token::Name("true" | "false" | "True" | "False")] => Some(Kind::Number),
        [Token::Name(name)] => Kind::of(column(name)?.column_type),
        [Token::Name("row"), Token::Sign("["), Token::Text(name), Token::Sign("]")]
        | [Token::Name("row"), Token::Sign("."), Token::Name(name)]
            if column("row").is_none() =>
        {
            Kind::of(column(name)?.column_type)
        }
        _ => None,
    }
}

/// Whether filters follow one value: nothing between them computes, so that the last one says what comes of all.
fn is_chain(tokens: &[Token<'_>]) -> bool {
    let computes = |token: &Token<'_>| matches!(token, Token::Sign("+" | "-" | "*" | "/" | "//" | "%" | "**" | "~"));
    !tokens.iter().any(|token| computes(token) || matches!(token, Token::Name("is")))
}
