//! Answers that are read as they come, from wherever a server keeps its files.

use std::time::Duration;

use futures::StreamExt;
use reqwest::header::{HeaderMap, LINK, LOCATION};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::{Ask, Guard, headers, late, redirects, unreachable};
use crate::base::{ByteStream, Error, ErrorKind, Result};

/// The most servers that send on to the next, one after the other.
const REDIRECTS: usize = 5;

/// Nothing takes longer.
const LONGEST: Duration = Duration::from_secs(24 * 3600);

/// What comes back and is read as it comes.
pub struct Opened {
    /// The HTTP status; never a redirect.
    pub status: u16,
    /// Where the next page is, of an answer that comes in pages.
    pub next: Option<String>,
    /// The body. It fails when it is not whole in time.
    pub body: ByteStream,
}

impl Guard {
    /// Asks for bytes that are read as they come; `ask.limit` does not count. Redirects are followed, for storage is mostly
    /// beside the server that knows of it: each leads through this door again, and what is secret is sent to the first server
    /// only. Beyond 16 at once it waits for its turn.
    ///
    /// # Errors
    /// Those of [`Guard::get`], also in the body.
    pub async fn open(&self, ask: Ask<'_>) -> Result<Opened> {
        let first = self.check("baseUrl", ask.url)?;
        let host = first.host_str().unwrap_or_default().to_owned();
        let turn = self.reading.clone().acquire_owned().await.map_err(|_| Error::unavailable("stopping"))?;
        let until = Instant::now() + ask.within.min(LONGEST);
        let response = timeout_at(until, self.follow(first, &ask)).await.unwrap_or_else(|_| Err(late(&host)))?;
        let (status, next) = (response.status().as_u16(), next_page(response.headers()));
        let body = futures::stream::unfold(Some((response, turn)), move |reading| {
            let host = host.clone();
            async move {
                let (mut response, turn) = reading?;
                match timeout_at(until, response.chunk()).await {
                    Ok(Ok(Some(chunk))) => Some((Ok(chunk), Some((response, turn)))),
                    Ok(Ok(None)) => None,
                    Ok(Err(cause)) => Some((Err(unreachable(&host, 443, cause)), None)),
                    Err(_) => Some((Err(late(&host)), None)),
                }
            }
        });
        Ok(Opened { status, next, body: body.boxed() })
    }

    async fn follow(&self, first: Url, ask: &Ask<'_>) -> Result<reqwest::Response> {
        let mut headers = headers(ask)?;
        let mut url = first.clone();
        for _ in 0..=REDIRECTS {
            let (host, port) = (url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or(443));
            let sent = self.client(host, port).get(url.clone()).headers(headers.clone()).send().await;
            let response = sent.map_err(|cause| unreachable(host, port, cause))?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let to = to.and_then(|to| url.join(to).ok()).ok_or_else(|| redirects(host))?;
            let to = self.check("baseUrl", to.as_str())?;
            if let Some((secret, _)) = ask.secret.as_ref().filter(|_| to.origin() != first.origin()) {
                // Not even if it leads back: who sends on elsewhere decides what is asked for.
                headers.remove(*secret);
            }
            url = to;
        }
        let host = first.host_str().unwrap_or_default();
        Err(Error::new(ErrorKind::Upstream, format!("{host} sends on more than {REDIRECTS} times"))
            .code("upstream_redirects")
            .hint("check the address; if it goes on, ask whoever runs it"))
    }
}

/// The target of `Link: <..>; rel="next"`.
fn next_page(headers: &HeaderMap) -> Option<String> {
    let links = headers.get(LINK)?.to_str().ok()?;
    let next = links.split(',').find(|link| link.contains(r#"rel="next""#))?;
    Some(next.split_once('<')?.1.split_once('>')?.0.to_owned())
}
