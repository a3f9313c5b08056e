//! Settings as text and as what they mean.

use std::net::SocketAddr;
use std::path::PathBuf;

use llmops_core::base::{Error, Result, Secret};
use llmops_core::blob::StoreUrl;
use llmops_core::catalog::Families;
use llmops_core::cost::PriceTable;
use llmops_core::egress::guard::AllowedHosts;
use llmops_core::store::DatabaseUrl;

use super::Origin;
use crate::LogFormat;

/// One setting, as documented.
#[derive(Debug)]
pub struct Setting {
    /// As `log.level`.
    pub name: &'static str,
    /// What holds when nobody sets it; empty for unset.
    pub default: &'static str,
    /// What it means.
    pub docs: &'static [&'static str],
    /// Whether its value is shown to nobody.
    pub secret: bool,
}

impl Setting {
    /// The environment variable, as `LLMOPS_LOG_LEVEL`.
    pub fn variable(&self) -> String {
        format!("LLMOPS_{}", self.name.replace('.', "_").to_ascii_uppercase())
    }
}

/// A setting with its value.
#[derive(Debug, Clone)]
pub struct Shown {
    /// As `log.level`.
    pub name: &'static str,
    /// The value, masked if it is secret; empty for unset.
    pub value: String,
    /// Who set it.
    pub origin: Origin,
}

/// What a setting may be.
pub(super) trait Value: Sized {
    /// Whether it is shown to nobody.
    const SECRET: bool = false;
    /// Reads it. The error says what is allowed.
    fn read(name: &str, text: &str) -> Result<Self>;
    /// The value for people.
    fn show(&self) -> String;
}

impl<T: Value> Value for Option<T> {
    const SECRET: bool = T::SECRET;

    fn read(name: &str, text: &str) -> Result<Self> {
        if text.is_empty() { Ok(None) } else { T::read(name, text).map(Some) }
    }

    fn show(&self) -> String {
        self.as_ref().map(T::show).unwrap_or_default()
    }
}

impl Value for String {
    fn read(_: &str, text: &str) -> Result<Self> {
        Ok(text.to_owned())
    }

    fn show(&self) -> String {
        self.clone()
    }
}

impl Value for PathBuf {
    fn read(name: &str, text: &str) -> Result<Self> {
        if text.is_empty() { Err(Error::invalid(name, "must be a path")) } else { Ok(text.into()) }
    }

    fn show(&self) -> String {
        self.display().to_string()
    }
}

impl Value for SocketAddr {
    fn read(name: &str, text: &str) -> Result<Self> {
        let text = text.strip_prefix("localhost:").map_or(text.to_owned(), |port| format!("127.0.0.1:{port}"));
        text.parse().map_err(|_| Error::invalid(name, "must be ADDRESS:PORT").hint("for example 127.0.0.1:8080"))
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for u16 {
    fn read(name: &str, text: &str) -> Result<Self> {
        let read = text.parse().ok().filter(|seconds| *seconds <= 3600);
        read.ok_or_else(|| Error::invalid(name, "must be a whole number from 0 to 3600"))
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for u32 {
    fn read(name: &str, text: &str) -> Result<Self> {
        let read = text.parse().ok().filter(|count| (1..=1_000_000).contains(count));
        read.ok_or_else(|| Error::invalid(name, "must be a whole number from 1 to 1000000"))
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for DatabaseUrl {
    fn read(name: &str, text: &str) -> Result<Self> {
        Self::parse(name, text)
    }

    fn show(&self) -> String {
        self.masked()
    }
}

impl Value for StoreUrl {
    fn read(name: &str, text: &str) -> Result<Self> {
        Self::parse(name, text)
    }

    fn show(&self) -> String {
        self.as_str().to_owned()
    }
}

impl Value for PriceTable {
    fn read(name: &str, text: &str) -> Result<Self> {
        let prices = serde_json::from_str(text).map_err(|e| {
            Error::invalid(name, format!("must be JSON: {e}"))
                .hint(r#"for example {"version": "2026-11", "cpuHour": "0.04"}"#)
        })?;
        Self::parse(&prices)
    }

    fn show(&self) -> String {
        let versions: Vec<&str> = self.versions().iter().map(|version| version.version.as_str()).collect();
        format!("versions {}", versions.join(", "))
    }
}

impl Value for Secret {
    const SECRET: bool = true;

    fn read(_: &str, text: &str) -> Result<Self> {
        Ok(Self::new(text))
    }

    fn show(&self) -> String {
        "***".into()
    }
}

impl Value for Families {
    fn read(_: &str, text: &str) -> Result<Self> {
        text.parse()
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for AllowedHosts {
    fn read(name: &str, text: &str) -> Result<Self> {
        text.parse().map_err(|error: Error| {
            let rule = error.message().trim_start_matches("`allowedHosts` ").to_owned();
            Error::invalid(name, rule).hint(error.hint_text().unwrap_or_default())
        })
    }

    fn show(&self) -> String {
        self.to_string()
    }
}

impl Value for url::Url {
    fn read(name: &str, text: &str) -> Result<Self> {
        let url = Self::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.ok_or_else(|| Error::invalid(name, "must be a server's address").hint("for example http://127.0.0.1:8080"))
    }

    fn show(&self) -> String {
        self.as_str().trim_end_matches('/').to_owned()
    }
}

impl Value for LogFormat {
    fn read(name: &str, text: &str) -> Result<Self> {
        match text {
            "pretty" => Ok(Self::Pretty),
            "json" => Ok(Self::Json),
            _ => Err(Error::invalid(name, "must be `pretty` or `json`")),
        }
    }

    fn show(&self) -> String {
        match self {
            Self::Pretty => "pretty".into(),
            Self::Json => "json".into(),
        }
    }
}

/// Who may reach the server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auth {
    /// This machine only; its user finds the administrator's key in the data folder.
    Local,
    /// Any machine whose callers hold an API key.
    Keys,
}

impl Value for Auth {
    fn read(name: &str, text: &str) -> Result<Self> {
        match text {
            "local" => Ok(Self::Local),
            "keys" => Ok(Self::Keys),
            _ => Err(Error::invalid(name, "must be `local` or `keys`")),
        }
    }

    fn show(&self) -> String {
        match self {
            Self::Local => "local".into(),
            Self::Keys => "keys".into(),
        }
    }
}

/// From how many bytes on something is done, if it is done at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LeastBytes(pub Option<u64>);

impl Value for LeastBytes {
    fn read(name: &str, text: &str) -> Result<Self> {
        if text == "off" {
            return Ok(Self(None));
        }
        let bytes = text.parse().ok().filter(|bytes| (4096..=1 << 40).contains(bytes));
        let bytes = bytes.ok_or_else(|| {
            Error::invalid(name, "must be a whole number from 4096 to 1099511627776, or `off`").hint("1048576 is 1 MiB")
        })?;
        Ok(Self(Some(bytes)))
    }

    fn show(&self) -> String {
        self.0.map_or("off".into(), |bytes| bytes.to_string())
    }
}

/// Several values, separated by commas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct List(pub Vec<String>);

impl Value for List {
    fn read(_: &str, text: &str) -> Result<Self> {
        Ok(Self(text.split(',').map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()))
    }

    fn show(&self) -> String {
        self.0.join(",")
    }
}
