//! Bytes that are brought to others, as they come from wherever they are kept.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use reqwest::header::{CONNECTION, CONTENT_LENGTH, ETAG, HOST, HeaderMap, HeaderName, HeaderValue, TRANSFER_ENCODING};
use url::Url;

use super::{Guard, SILENCE, late, redirects, unreachable};
use crate::base::{ByteStream, Error, ErrorKind, Result, Secret};

/// How something is brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// To whoever makes something of it.
    Post,
    /// To its place.
    Put,
}

/// Something that is brought to the outside.
pub struct Bring<'a> {
    /// How.
    pub verb: Verb,
    /// The address.
    pub url: &'a str,
    /// Headers; what others said to send with it is among them.
    pub headers: Vec<(String, String)>,
    /// A header that may not be seen.
    pub secret: Option<(&'static str, Secret)>,
    /// The longest until the answer is whole.
    pub within: Duration,
    /// The largest answer, in bytes.
    pub limit: usize,
    /// How many bytes are brought.
    pub bytes: u64,
    /// What is brought.
    pub body: ByteStream,
}

/// What came back for it.
#[derive(Debug)]
pub struct Brought {
    /// The HTTP status; never a redirect.
    pub status: u16,
    /// What the place knows the bytes by.
    pub etag: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Guard {
    /// Brings bytes as they come. Nobody who sends on is followed: what is brought is for whom it was meant. It ends when nobody
    /// takes a byte for 30 seconds; once all are taken, whoever took them has until the end to answer. Beyond 16 at once it waits
    /// for its turn.
    ///
    /// # Errors
    /// Those of [`Guard::get`]; those of the body.
    pub async fn bring(&self, bring: Bring<'_>) -> Result<Brought> {
        let url = self.check("baseUrl", bring.url)?;
        let host = url.host_str().unwrap_or_default().to_owned();
        let _turn = self.reading.acquire().await.map_err(|_| Error::unavailable("stopping"))?;
        let taken = Arc::new(Taken { all: bring.bytes, ..Taken::default() });
        let delivered = tokio::time::timeout(bring.within, self.deliver(url, bring, taken.clone()));
        tokio::select! {
            done = delivered => done.unwrap_or_else(|_| Err(late(&host))),
            () = taken.standstill() => Err(late(&host)),
        }
    }

    async fn deliver(&self, url: Url, bring: Bring<'_>, taken: Arc<Taken>) -> Result<Brought> {
        let (host, port) = (url.host_str().unwrap_or_default().to_owned(), url.port_or_known_default().unwrap_or(443));
        let client = if self.allowed.holds(&host, port) { &self.bringing_listed } else { &self.bringing };
        let headers = headers(&bring)?;
        let body = taken.clone().of(bring.body);
        let request = match bring.verb {
            Verb::Post => client.post(url),
            Verb::Put => client.put(url),
        };
        let sent = request.headers(headers).body(reqwest::Body::wrap_stream(body)).send().await;
        // What goes wrong with the bytes is told as it is, and not as a failure of the way.
        let mut response = sent.map_err(|cause| taken.failure().unwrap_or_else(|| unreachable(&host, port, cause)))?;
        if response.status().is_redirection() {
            return Err(redirects(&host));
        }
        let (status, mut answer) = (response.status().as_u16(), Vec::new());
        let etag = response.headers().get(ETAG).and_then(|etag| etag.to_str().ok()).map(str::to_owned);
        while let Some(chunk) = response.chunk().await.map_err(|cause| unreachable(&host, port, cause))? {
            if answer.len() + chunk.len() > bring.limit {
                let most = bring.limit >> 10;
                return Err(Error::new(ErrorKind::Upstream, format!("{host} answers with more than {most} KiB"))
                    .code("upstream_garbled")
                    .hint("check the address: it does not lead to what was expected"));
            }
            answer.extend_from_slice(&chunk);
        }
        Ok(Brought { status, etag, body: answer })
    }
}

/// What became of the bytes on their way.
#[derive(Default)]
struct Taken {
    all: u64,
    bytes: AtomicU64,
    failed: Mutex<Option<Error>>,
}

impl Taken {
    /// The bytes, watched.
    fn of(self: Arc<Self>, body: ByteStream) -> BoxStream<'static, std::io::Result<Bytes>> {
        let watched = body.map(move |chunk| match chunk {
            Ok(chunk) => {
                self.bytes.fetch_add(chunk.len() as u64, Ordering::Relaxed);
                Ok(chunk)
            }
            Err(error) => {
                *self.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
                Err(std::io::Error::other("the bytes cannot be read"))
            }
        });
        watched.boxed()
    }

    /// What went wrong with them.
    fn failure(&self) -> Option<Error> {
        self.failed.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Ends once nobody has taken one for as long as an answer may be silent.
    async fn standstill(&self) {
        let mut before = None;
        loop {
            let now = Some(self.bytes.load(Ordering::Relaxed));
            if now >= Some(self.all) {
                return std::future::pending().await;
            }
            if now == before {
                return;
            }
            before = now;
            tokio::time::sleep(SILENCE).await;
        }
    }
}

/// What belongs to the connection, and is nobody's to say.
const OURS: [HeaderName; 4] = [HOST, CONNECTION, TRANSFER_ENCODING, CONTENT_LENGTH];

fn headers(bring: &Bring<'_>) -> Result<HeaderMap> {
    let unfit = || {
        Error::new(ErrorKind::Upstream, "the server asks for a header that cannot be sent")
            .code("upstream_garbled")
            .hint("check the address: it does not lead to what was expected")
    };
    let mut map = HeaderMap::new();
    for (name, value) in &bring.headers {
        let name = HeaderName::try_from(name.as_str()).map_err(|_| unfit())?;
        let mut value = HeaderValue::try_from(value.as_str()).map_err(|_| unfit())?;
        value.set_sensitive(true); // what storage is opened with may be among them
        if !OURS.contains(&name) {
            map.insert(name, value);
        }
    }
    if let Some((name, secret)) = &bring.secret {
        let mut value = HeaderValue::try_from(secret.expose()).map_err(|_| {
            Error::invalid("credentialId", "holds a key with signs that cannot be sent").hint("store the key again")
        })?;
        value.set_sensitive(true);
        map.insert(HeaderName::from_static(name), value);
    }
    map.insert(CONTENT_LENGTH, HeaderValue::from(bring.bytes));
    Ok(map)
}
