//! The servers beside the open internet that an administrator lets users name.

use std::fmt;
use std::str::FromStr;

use url::Url;

use crate::base::{Error, Result};

/// A list of `HOST:PORT`, as `localhost:11434, 10.0.0.5:8000`. What is on it may be private and may be asked without TLS.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AllowedHosts(Vec<(String, u16)>);

impl AllowedHosts {
    /// Whether this host is listed with this port.
    pub(super) fn holds(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|(listed, at)| listed == host && *at == port)
    }
}

impl FromStr for AllowedHosts {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let entries = text.split(',').map(str::trim).filter(|entry| !entry.is_empty());
        entries.map(entry).collect::<Result<_>>().map(Self)
    }
}

impl fmt::Display for AllowedHosts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries: Vec<String> = self.0.iter().map(|(host, port)| format!("{host}:{port}")).collect();
        f.write_str(&entries.join(", "))
    }
}

/// Read as an address is, so that both are spelled alike afterwards.
fn entry(text: &str) -> Result<(String, u16)> {
    let wrong = || {
        Error::invalid("allowedHosts", format!("must list HOST:PORT, and `{text}` is not one"))
            .hint("as `localhost:11434` or `[::1]:8000`, with commas between")
    };
    let ends_in_port = text.rsplit_once(':').is_some_and(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()));
    let url = Url::parse(&format!("ws://{text}/")).map_err(|_| wrong())?;
    let plain = url.username().is_empty() && url.password().is_none() && url.path() == "/" && url.query().is_none();
    match (url.host_str(), url.port_or_known_default()) {
        (Some(host), Some(port)) if plain && ends_in_port && url.fragment().is_none() => Ok((host.to_owned(), port)),
        _ => Err(wrong()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_read_and_told_alike() {
        let list: AllowedHosts = " LocalHost:11434,[::1]:80, 0x7f.1:8000,".parse().unwrap();
        assert_eq!(list.to_string(), "localhost:11434, [::1]:80, 127.0.0.1:8000");
        assert!(list.holds("localhost", 11434) && !list.holds("localhost", 80));
        assert!(list.holds("127.0.0.1", 8000) && !list.holds("127.0.0.2", 8000));
    }

    #[test]
    fn what_names_no_port_or_more_than_a_host_is_refused() {
        for text in ["localhost", "http://localhost:1", "a:1/b", "u@a:1", "a:70000", ":1", "[::1]"] {
            let error = text.parse::<AllowedHosts>().unwrap_err();
            assert!(error.message().contains(text), "{text}: {error}");
        }
    }
}
