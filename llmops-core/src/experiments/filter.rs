//! The filter grammar of a search: comparisons joined by AND, OR and parentheses.

use crate::base::{Error, Result};

/// The longest filter, the most comparisons and the deepest parentheses.
const CHARS: usize = 4096;
const COMPARISONS: usize = 32;
const DEPTH: usize = 16;

/// A filter, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Filter {
    /// Both.
    And(Box<Filter>, Box<Filter>),
    /// Either.
    Or(Box<Filter>, Box<Filter>),
    /// One comparison.
    Compare(Field, Comparison, Literal),
}

/// What is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Field {
    /// A metric's last value.
    Metric(String),
    /// A parameter.
    Param(String),
    /// A tag.
    Tag(String),
    /// `name`, `status`, `createdBy`, `jobId` or `startedAt`.
    Attribute(&'static str),
}

/// How it is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
}

/// What with.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Number(f64),
    Text(String),
}

/// Reads a filter.
///
/// # Errors
/// `invalid`, naming the place.
pub(super) fn parse(text: &str) -> Result<Filter> {
    if text.chars().count() > CHARS {
        return Err(refuse("must be at most 4096 characters"));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, comparisons: 0 };
    let filter = parser.either(0)?;
    match parser.peek() {
        None => Ok(filter),
        Some(extra) => Err(refuse(&format!("has `{}` where it should end", show(extra)))),
    }
}

fn refuse(rule: &str) -> Error {
    Error::invalid("filter", rule)
        .hint("for example metrics.loss < 0.5 AND params.lr = '0.001' AND status = 'finished'")
}

#[derive(Debug, Clone, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Number(f64),
    Sign(Comparison),
    Open,
    Close,
}

fn show(token: &Token) -> String {
    match token {
        Token::Word(text) | Token::Text(text) => text.clone(),
        Token::Number(n) => n.to_string(),
        Token::Sign(_) => "a comparison".into(),
        Token::Open => "(".into(),
        Token::Close => ")".into(),
    }
}

fn tokens(text: &str) -> Result<Vec<Token>> {
    let chars: Vec<char> = text.chars().collect();
    let (mut out, mut at) = (Vec::new(), 0);
    while let Some(&c) = chars.get(at) {
        match c {
            c if c.is_whitespace() => at += 1,
            '(' => {
                out.push(Token::Open);
                at += 1;
            }
            ')' => {
                out.push(Token::Close);
                at += 1;
            }
            '\'' | '"' | '`' => {
                let (quoted, next) = quoted(&chars, at)?;
                // Backticks quote a name, as in metrics.`val loss`.
                out.push(if c == '`' { Token::Word(quoted) } else { Token::Text(quoted) });
                at = next;
            }
            '=' | '!' | '<' | '>' => {
                let (sign, length) = sign(c, chars.get(at + 1).copied())?;
                out.push(Token::Sign(sign));
                at += length;
            }
            _ => {
                let (word, next) = word(&chars, at)?;
                out.push(word);
                at = next;
            }
        }
    }
    Ok(out)
}

fn quoted(chars: &[char], start: usize) -> Result<(String, usize)> {
    let quote = chars[start];
    let (mut out, mut at) = (String::new(), start + 1);
    loop {
        match chars.get(at) {
            None => return Err(refuse(&format!("has a {quote} that is not closed"))),
            Some('\\') if chars.get(at + 1).is_some() => {
                out.push(chars[at + 1]);
                at += 2;
            }
            Some(&c) if c == quote => return Ok((out, at + 1)),
            Some(&c) => {
                out.push(c);
                at += 1;
            }
        }
    }
}

fn sign(first: char, second: Option<char>) -> Result<(Comparison, usize)> {
    Ok(match (first, second) {
        ('!', Some('=')) => (Comparison::NotEqual, 2),
        ('<', Some('=')) => (Comparison::LessOrEqual, 2),
        ('>', Some('=')) => (Comparison::GreaterOrEqual, 2),
        ('<', _) => (Comparison::Less, 1),
        ('>', _) => (Comparison::Greater, 1),
        ('=', _) => (Comparison::Equal, 1),
        _ => return Err(refuse("has a `!` without `=`")),
    })
}

/// A word may hold backticks after its dot: metrics.`val loss`.
fn word(chars: &[char], start: usize) -> Result<(Token, usize)> {
    let (mut out, mut at) = (String::new(), start);
    while let Some(&c) = chars.get(at) {
        if c == '`' {
            let (name, next) = quoted(chars, at)?;
            out.push_str(&name);
            at = next;
        } else if c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '/' | ':') {
            out.push(c);
            at += 1;
        } else {
            break;
        }
    }
    if out.is_empty() {
        return Err(refuse(&format!("has `{}`, which means nothing here", chars[start])));
    }
    let numeric = out.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.'));
    match out.parse::<f64>() {
        Ok(number) if numeric => Ok((Token::Number(number), at)),
        _ => Ok((Token::Word(out), at)),
    }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    comparisons: usize,
}

impl Parser {
    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Result<Token> {
        let token = self.tokens.get(self.at).cloned().ok_or_else(|| refuse("ends too early"))?;
        self.at += 1;
        Ok(token)
    }

    fn keyword(&mut self, word: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Word(text)) if text.eq_ignore_ascii_case(word));
        self.at += usize::from(found);
        found
    }

    fn either(&mut self, depth: usize) -> Result<Filter> {
        let mut left = self.both(depth)?;
        while self.keyword("OR") {
            left = Filter::Or(Box::new(left), Box::new(self.both(depth)?));
        }
        Ok(left)
    }

    fn both(&mut self, depth: usize) -> Result<Filter> {
        let mut left = self.one(depth)?;
        while self.keyword("AND") {
            left = Filter::And(Box::new(left), Box::new(self.one(depth)?));
        }
        Ok(left)
    }

    fn one(&mut self, depth: usize) -> Result<Filter> {
        if depth > DEPTH {
            return Err(refuse("nests parentheses deeper than 16"));
        }
        if self.peek() == Some(&Token::Open) {
            self.at += 1;
            let inner = self.either(depth + 1)?;
            return match self.next()? {
                Token::Close => Ok(inner),
                other => Err(refuse(&format!("has `{}` where `)` is missing", show(&other)))),
            };
        }
        self.comparisons += 1;
        if self.comparisons > COMPARISONS {
            return Err(refuse("has more than 32 comparisons"));
        }
        let field = self.field()?;
        let comparison = self.comparison()?;
        let literal = self.literal()?;
        check(&field, comparison, &literal)?;
        Ok(Filter::Compare(field, comparison, literal))
    }

    fn field(&mut self) -> Result<Field> {
        let Token::Word(word) = self.next()? else { return Err(refuse("has a value where a field should be")) };
        if let Some((kind, name)) = word.split_once('.').filter(|(_, name)| !name.is_empty()) {
            match kind {
                "metrics" | "metric" => return Ok(Field::Metric(name.to_owned())),
                "params" | "param" | "parameters" => return Ok(Field::Param(name.to_owned())),
                "tags" | "tag" => return Ok(Field::Tag(name.to_owned())),
                _ => {}
            }
        }
        let plain = word.strip_prefix("attributes.").or(word.strip_prefix("attribute.")).unwrap_or(&word);
        Ok(Field::Attribute(match plain {
            "name" | "run_name" => "name",
            "status" => "status",
            "createdBy" | "created_by" => "createdBy",
            "jobId" | "job_id" => "jobId",
            "startedAt" | "started_at" => "startedAt",
            other => {
                let known = "metrics.NAME, params.NAME, tags.NAME, name, status, createdBy, jobId and startedAt";
                return Err(refuse(&format!("names the unknown field `{other}`; the fields are {known}")));
            }
        }))
    }

    fn comparison(&mut self) -> Result<Comparison> {
        match self.next()? {
            Token::Sign(sign) => Ok(sign),
            Token::Word(word) if word.eq_ignore_ascii_case("LIKE") => Ok(Comparison::Like),
            Token::Word(word) if word.eq_ignore_ascii_case("ILIKE") => Ok(Comparison::ILike),
            other => Err(refuse(&format!("has `{}` where a comparison should be", show(&other)))),
        }
    }

    fn literal(&mut self) -> Result<Literal> {
        match self.next()? {
            Token::Number(number) => Ok(Literal::Number(number)),
            Token::Text(text) => Ok(Literal::Text(text)),
            other => Err(refuse(&format!("has `{}` where a number or a quoted text should be", show(&other)))),
        }
    }
}

/// Metrics and times compare with numbers, the rest with text; only text has patterns, and only an order has `<`.
fn check(field: &Field, comparison: Comparison, literal: &Literal) -> Result<()> {
    use Comparison::{Equal, ILike, Like, NotEqual};
    let numeric = matches!(field, Field::Metric(_) | Field::Attribute("startedAt"));
    match literal {
        Literal::Text(_) if numeric => Err(refuse("compares a number with a text")),
        Literal::Number(_) if !numeric => Err(refuse("compares a text with a number; put the value in quotes")),
        _ if numeric && matches!(comparison, Like | ILike) => Err(refuse("uses LIKE on a number")),
        _ if !numeric && !matches!(comparison, Equal | NotEqual | Like | ILike) => {
            Err(refuse("uses an order on a text; texts know =, !=, LIKE and ILIKE"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn spoilt_filters() {
        let seeds: [&[u8]; 3] = [
            b"metrics.loss < 0.5 AND params.lr = '0.001' AND status = 'finished'",
            b"(metrics.`val loss` >= -1e9 or tags.\"a\" ilike \"%x\\'%\") and (name != 'a' or startedAt > 17)",
            "(((attributes.createdBy like '%\u{e9}\u{1f600}%'))) OR jobId = `a`".as_bytes(),
        ];
        crate::fuzz::spoil("filter", &seeds, |bytes| match parse(&String::from_utf8_lossy(bytes)) {
            Ok(filter) => format!("{filter:?}"),
            Err(error) => error.message().to_owned(),
        });
    }
}
