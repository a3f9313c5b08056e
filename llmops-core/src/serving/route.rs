//! Routes: one spelling for every way to write one.

use crate::base::{Error, Result};

/// What callers may have copied along.
const PREFIX: &str = "llm-ops/v1/serve/";
/// The longest name, in characters.
const CHARS: usize = 64;

/// The one spelling of a route, with a leading slash: ` tiny/`, `/tiny` and `/llm-ops/v1/serve/tiny` are all `/tiny`.
///
/// # Errors
/// `invalid` when what is left is not 1 to 64 of letters, digits, `-`, `_` and `.`, beginning with a letter or digit.
pub fn route_of(text: &str) -> Result<String> {
    let rule = |rule: String| Error::invalid("route", rule).hint("for example `/tiny-chat`");
    let path = text.trim().trim_matches('/');
    let name = path.strip_prefix(PREFIX).unwrap_or(path).trim_matches('/');
    if name.is_empty() {
        return Err(rule("must not be empty".into()));
    }
    if name.chars().count() > CHARS {
        return Err(rule(format!("must be at most {CHARS} characters")));
    }
    let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if let Some(bad) = name.chars().find(|c| !good(*c)) {
        return Err(rule(format!("must not contain {bad:?}: only letters, digits, `-`, `_` and `.`")));
    }
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(rule("must begin with a letter or digit".into()));
    }
    Ok(format!("/{name}"))
}

#[cfg(test)]
mod tests {
    use super::route_of;

    #[test]
    fn every_way_to_write_a_route_is_one() {
        for text in ["tiny", "/tiny", " tiny ", "//tiny//", "/llm-ops/v1/serve/tiny", "llm-ops/v1/serve/tiny/"] {
            assert_eq!(route_of(text).unwrap(), "/tiny", "{text:?}");
        }
    }

    #[test]
    fn what_is_not_safe_in_an_address_is_refused() {
        let long = "a".repeat(65);
        for text in ["", "/", "a/b", "a b", "a?b", "a%2fb", "ä", "..", "-a", ".a", "/llm-ops/v1/serve/", &long] {
            assert_eq!(route_of(text).unwrap_err().field_name(), Some("route"), "{text:?}");
        }
    }
}
