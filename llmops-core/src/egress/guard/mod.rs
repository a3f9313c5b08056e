//! The door to the outside. Every address that a user can set is asked through here: over TLS, on the open internet, with no
//! redirect that was not judged and past no proxy, unless an administrator listed the server. What an address means is decided
//! when the connection is made, so a name that answers differently the second time gains nothing.

mod address;
mod allowed;
mod reading;
mod sending;
#[cfg(test)]
mod tests;

use std::error::Error as _;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use tokio::sync::Semaphore;
use url::{Host, Url};

pub use allowed::AllowedHosts;
pub use reading::Opened;
pub use sending::{Bring, Brought, Verb};

use super::client::{HttpVersions, http_client};
use crate::base::{Error, ErrorKind, Result, Secret};
use address::{Reach, reach};

/// The longest a connection may take to be made.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest without a byte of the answer.
const SILENCE: Duration = Duration::from_secs(30);
/// Questions under way at once.
const AT_ONCE: usize = 16;
/// The longest address, in bytes.
const ADDRESS_BYTES: usize = 2048;

/// Says at which addresses a name is.
#[async_trait::async_trait]
pub trait Lookup: Send + Sync + 'static {
    /// All of them.
    async fn lookup(&self, name: &str) -> std::io::Result<Vec<IpAddr>>;
}

/// Asks the system.
struct SystemLookup;

#[async_trait::async_trait]
impl Lookup for SystemLookup {
    async fn lookup(&self, name: &str) -> std::io::Result<Vec<IpAddr>> {
        Ok(tokio::net::lookup_host((name, 0)).await?.map(|at| at.ip()).collect())
    }
}

/// One request to the outside, without a body.
pub struct Ask<'a> {
    /// The address.
    pub url: &'a str,
    /// Headers that may be seen.
    pub headers: &'a [(&'static str, String)],
    /// A header that may not.
    pub secret: Option<(&'static str, Secret)>,
    /// The longest until the answer is whole.
    pub within: Duration,
    /// The largest answer, in bytes.
    pub limit: usize,
}

/// What came back.
#[derive(Debug)]
pub struct Answered {
    /// The HTTP status; never a redirect.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

/// Asks the outside. Cheap to clone.
#[derive(Clone)]
pub struct Guard {
    /// For the open internet.
    open: reqwest::Client,
    /// For what is listed: a name that is may lead to a private address, on the listed port and no other.
    listed: reqwest::Client,
    /// The same two for what is brought: an answer comes only after all of it is there.
    bringing: reqwest::Client,
    bringing_listed: reqwest::Client,
    allowed: AllowedHosts,
    asking: Arc<Semaphore>,
    reading: Arc<Semaphore>,
}

impl Guard {
    /// A guard that lets through to the open internet and to what is listed.
    ///
    /// # Errors
    /// `unexpected` when the system lacks what an HTTP client needs.
    pub fn new(allowed: AllowedHosts) -> Result<Self> {
        Self::with_lookup(allowed, Arc::new(SystemLookup))
    }

    /// The same, with names looked up elsewhere.
    ///
    /// # Errors
    /// Those of [`Guard::new`].
    pub fn with_lookup(allowed: AllowedHosts, lookup: Arc<dyn Lookup>) -> Result<Self> {
        Self::waiting(allowed, &lookup, SILENCE)
    }

    /// One that waits no longer than this for a byte of an answer, for tests.
    #[cfg(test)]
    pub(crate) fn impatient(allowed: AllowedHosts, silence: Duration) -> Result<Self> {
        let lookup: Arc<dyn Lookup> = Arc::new(SystemLookup);
        Self::waiting(allowed, &lookup, silence)
    }

    fn waiting(allowed: AllowedHosts, lookup: &Arc<dyn Lookup>, silence: Duration) -> Result<Self> {
        let client = |listed, silence| client(lookup, listed, silence);
        Ok(Self {
            open: client(false, Some(silence))?,
            listed: client(true, Some(silence))?,
            bringing: client(false, None)?,
            bringing_listed: client(true, None)?,
            allowed,
            asking: turns(),
            reading: turns(),
        })
    }

    /// The same for another purpose: neither waits for the other's turn.
    pub fn apart(&self) -> Self {
        Self { asking: turns(), reading: turns(), ..self.clone() }
    }

    /// Reads an address and says whether it may be asked; a name is looked up only when it is. `field` is where it was set.
    ///
    /// # Errors
    /// `invalid` when it is none; `denied` with the code `address_refused` when it leads somewhere it must not.
    pub fn check(&self, field: &str, text: &str) -> Result<Url> {
        let none = |rule: &str| Error::invalid(field, rule).hint("write it as `https://HOST/PATH`");
        if text.len() > ADDRESS_BYTES {
            return Err(none("must be at most 2,048 bytes"));
        }
        let url = Url::parse(text.trim()).map_err(|_| none("must be the address of a server"))?;
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(none("must be the address of a server"));
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(none("must begin with `https://`"));
        }
        if !url.username().is_empty() || url.password().is_some() || url.fragment().is_some() {
            return Err(none("must hold no user, password or fragment"));
        }
        let name = url.host_str().unwrap_or_default();
        let literal = match &host {
            Host::Ipv4(v4) => Some(IpAddr::V4(*v4)),
            Host::Ipv6(v6) => Some(IpAddr::V6(*v6)),
            Host::Domain(_) => None,
        };
        let listed = self.allowed.holds(name, port);
        match literal.map(reach) {
            Some(Reach::Metadata) => Err(metadata(name).field(field)),
            Some(Reach::Private) if !listed => Err(private(name, port).field(field)),
            _ if !listed && url.scheme() != "https" => Err(unlisted("over plain HTTP", name, port).field(field)),
            _ if !listed && port != 443 => Err(unlisted("on another port than 443", name, port).field(field)),
            _ => Ok(url),
        }
    }

    /// Asks, and reads the answer as far as it may go.
    ///
    /// # Errors
    /// Those of [`Guard::check`]; `rate_limited` beyond 16 questions at once; `upstream` with the codes `upstream_unreachable`, `upstream_redirects`, `upstream_garbled`;
    /// `timeout`.
    pub async fn get(&self, ask: Ask<'_>) -> Result<Answered> {
        let url = self.check("baseUrl", ask.url)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let _turn = self.asking.try_acquire().map_err(|_| {
            let busy = format!("{AT_ONCE} questions to others are under way");
            Error::new(ErrorKind::RateLimited, busy).hint("try again in a moment").retry_after_ms(1000)
        })?;
        tokio::time::timeout(ask.within, self.read(url, &ask)).await.unwrap_or_else(|_| Err(late(&host)))
    }

    async fn read(&self, url: Url, ask: &Ask<'_>) -> Result<Answered> {
        let (host, port) = (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or(443));
        let question = self.client(&host, port).get(url).headers(headers(ask)?);
        let again = question.try_clone();
        let mut sent = question.send().await;
        // The other side may have closed a kept connection just when it was asked, which says nothing of whether it answers.
        if let (Some(again), true) =
            (again, sent.as_ref().is_err_and(|cause| !cause.is_connect() && !cause.is_timeout()))
        {
            sent = again.send().await;
        }
        let mut response = sent.map_err(|cause| unreachable(&host, port, cause))?;
        if response.status().is_redirection() {
            return Err(redirects(&host));
        }
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|cause| unreachable(&host, port, cause))? {
            if body.len() + chunk.len() > ask.limit {
                let most = ask.limit >> 10;
                return Err(Error::new(ErrorKind::Upstream, format!("{host} answers with more than {most} KiB"))
                    .code("upstream_garbled")
                    .hint("check the address: it does not lead to what was expected"));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answered { status: response.status().as_u16(), body })
    }

    fn client(&self, host: &str, port: u16) -> &reqwest::Client {
        if self.allowed.holds(host, port) { &self.listed } else { &self.open }
    }
}

fn turns() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(AT_ONCE))
}

fn redirects(host: &str) -> Error {
    Error::new(ErrorKind::Upstream, format!("{host} sends on to another address"))
        .code("upstream_redirects")
        .hint("give the address itself; nobody is followed, so that no key goes where it was not meant to")
}

fn headers(ask: &Ask<'_>) -> Result<HeaderMap> {
    let mut map = HeaderMap::new();
    for (name, value) in ask.headers {
        let value = HeaderValue::try_from(value).map_err(|_| Error::unexpected("a header cannot be sent"))?;
        map.insert(HeaderName::from_static(name), value);
    }
    if let Some((name, secret)) = &ask.secret {
        let mut value = HeaderValue::try_from(secret.expose()).map_err(|_| {
            Error::invalid("metadata.apiKey", "must hold letters, digits and signs only").hint("copy the key again")
        })?;
        value.set_sensitive(true);
        map.insert(HeaderName::from_static(name), value);
    }
    Ok(map)
}

fn client(lookup: &Arc<dyn Lookup>, listed: bool, silence: Option<Duration>) -> Result<reqwest::Client> {
    let client = http_client(HttpVersions::One)?;
    let client = match silence {
        Some(silence) => client.read_timeout(silence),
        None => client,
    };
    client
        .no_proxy()
        .user_agent(concat!("llmops/", env!("CARGO_PKG_VERSION")))
        .redirect(Policy::none())
        .dns_resolver(Arc::new(Vetted { listed, lookup: lookup.clone() }))
        .connect_timeout(CONNECT)
        .build()
        .map_err(|e| Error::unexpected("the HTTP client cannot be made").caused_by(e))
}

/// Looks names up, and gives no address that must not be asked.
struct Vetted {
    listed: bool,
    lookup: Arc<dyn Lookup>,
}

impl Resolve for Vetted {
    fn resolve(&self, name: Name) -> Resolving {
        let (listed, lookup) = (self.listed, self.lookup.clone());
        Box::pin(async move {
            let found = lookup.lookup(name.as_str()).await?;
            vet(&found, listed)?;
            let addresses: Addrs = Box::new(found.into_iter().map(|ip| SocketAddr::new(ip, 0)));
            Ok(addresses)
        })
    }
}

/// A name leads where nobody may go.
#[derive(Debug, thiserror::Error)]
#[error("the name leads to an address that is not asked")]
struct Refused(Reach);

/// One address that must not be asked is enough: whoever answers so may answer otherwise the next time.
fn vet(found: &[IpAddr], listed: bool) -> Result<(), Refused> {
    let reaches = found.iter().map(|address| reach(*address));
    let refused = reaches.filter(|reach| *reach == Reach::Metadata || *reach == Reach::Private && !listed).max();
    refused.map_or(Ok(()), |reach| Err(Refused(reach)))
}

fn metadata(host: &str) -> Error {
    Error::denied(format!("{host} is where a machine gets its own credentials, and nobody is let there"))
        .code("address_refused")
        .hint("give the address of the provider")
}

fn private(host: &str, port: u16) -> Error {
    unlisted("on a private network or on this machine", host, port)
}

fn unlisted(what: &str, host: &str, port: u16) -> Error {
    Error::denied(format!("{host} would be asked {what}, and is not on the administrator's list"))
        .code("address_refused")
        .hint(format!("ask an administrator to add `{host}:{port}` to `egress.allowed_hosts`, or use an https address"))
}

fn unreachable(host: &str, port: u16, cause: reqwest::Error) -> Error {
    let mut source = cause.source();
    while let Some(inner) = source {
        match inner.downcast_ref::<Refused>() {
            Some(Refused(Reach::Metadata)) => return metadata(host),
            Some(Refused(_)) => return private(host, port),
            None => source = inner.source(),
        }
    }
    if cause.is_timeout() {
        return late(host);
    }
    Error::new(ErrorKind::Upstream, format!("{host} cannot be reached"))
        .code("upstream_unreachable")
        .hint("check the address, and whether the server runs")
        .caused_by(cause.without_url())
}

fn late(host: &str) -> Error {
    Error::new(ErrorKind::Timeout, format!("{host} did not answer in time"))
        .code("upstream_timeout")
        .hint("try again; if it goes on, ask whoever runs it")
}
