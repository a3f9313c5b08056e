//! Names and versions, checked once at the door.

use super::{Error, Limits, Result};

/// A name: letters, digits, `-`, `_`, `.` and `/` between segments; starts with a letter or digit; at most 128 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

impl Name {
    /// Checks `text`, which came in `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        let rule = |rule: &str| Error::invalid(field, rule).hint("for example `tiny-chat`");
        if text.is_empty() {
            return Err(rule("must not be empty"));
        }
        if text.chars().count() > Limits::NAME_CHARS {
            return Err(rule("must be at most 128 characters"));
        }
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
        if let Some(bad) = text.chars().find(|c| !good(*c)) {
            return Err(rule(&format!("must not contain {bad:?}: only letters, digits, `-`, `_`, `.` and `/`")));
        }
        if text.split('/').any(|part| !part.starts_with(|c: char| c.is_ascii_alphanumeric()) || part.ends_with('.')) {
            return Err(rule("must start each part with a letter or digit and not end it with a dot"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A version such as `1.0.0` or `2.1.0-rc.1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Semver(semver::Version);

impl Semver {
    /// Checks `text`, which came in `field`.
    pub fn parse(field: &str, text: &str) -> Result<Self> {
        match text.parse::<semver::Version>() {
            Ok(version) if text.len() <= 64 => Ok(Self(version)),
            _ => Err(Error::invalid(field, "must be a semantic version of at most 64 characters")
                .hint("for example `1.0.0`")),
        }
    }

    /// The version after this one that changes the least: `1.0.1` after `1.0.0`, `2.0.0` after `2.0.0-rc.1`.
    ///
    /// # Errors
    /// A conflict when the patch number is the largest there is.
    pub fn next_patch(&self) -> Result<Self> {
        let step = u64::from(self.0.pre.is_empty());
        match self.0.patch.checked_add(step) {
            Some(patch) => Ok(Self(semver::Version::new(self.0.major, self.0.minor, patch))),
            None => Err(self.is_last("minor")),
        }
    }

    /// The next version that adds something: `1.1.0` after `1.0.3`, `2.0.0` after `2.0.0-rc.1`.
    ///
    /// # Errors
    /// A conflict when the minor number is the largest there is.
    pub fn next_minor(&self) -> Result<Self> {
        let step = u64::from(self.0.pre.is_empty() || self.0.patch > 0);
        match self.0.minor.checked_add(step) {
            Some(minor) => Ok(Self(semver::Version::new(self.0.major, minor, 0))),
            None => Err(self.is_last("major")),
        }
    }

    fn is_last(&self, larger: &str) -> Error {
        Error::conflict(format!("there is no version after {self}"))
            .code("no_version_after")
            .hint(format!("register the next version by hand, with a larger {larger} number"))
    }
}

impl std::fmt::Display for Semver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// Checks a free text: at most `max` characters, no control characters but line breaks and tabs.
pub fn check_text(field: &str, text: &str, max: usize) -> Result<()> {
    if text.chars().count() > max {
        return Err(Error::invalid(field, format!("must be at most {max} characters")).hint("shorten it"));
    }
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(Error::invalid(field, "must not contain control characters").hint("remove them"));
    }
    Ok(())
}
