//! Who asks, and by what name he calls the server.

use std::sync::Arc;

use http::{HeaderMap, Uri, header, request::Parts};
use llmops_core::base::{Caller, Ctx, Error, ErrorKind, Result};
use llmops_core::op::{Access, Operation};
use llmops_core::platform::PROJECT_HEADER;

use crate::{Door, cookie, guard::Arrived};

/// The host names a request may carry.
#[derive(Debug)]
pub(crate) struct Hosts {
    allowed: Option<Vec<String>>,
}

impl Hosts {
    /// On loopback the names of this machine and those allowed; elsewhere those allowed, or any if none are.
    pub(crate) fn new(loopback: bool, more: &[String]) -> Self {
        let own = ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned);
        let more = more.iter().map(|name| name.to_ascii_lowercase());
        Self { allowed: (loopback || more.len() > 0).then(|| own.into_iter().chain(more).collect()) }
    }

    /// Refuses a request that calls the server by a name it does not go by.
    pub(crate) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<()> {
        let mut given = headers.get_all(header::HOST).iter();
        let host = match (uri.authority(), given.next(), given.next()) {
            (_, _, Some(_)) => return Err(bad_host("is given twice")),
            (Some(authority), _, _) => authority.as_str(),
            (None, Some(value), None) => value.to_str().map_err(|_| bad_host("must be a host name"))?,
            (None, None, None) => return Err(bad_host("is required")),
        };
        let authority: http::uri::Authority =
            host.parse().map_err(|_| bad_host("must be a host name, with a port if need be"))?;
        if authority.as_str().contains('@') {
            return Err(bad_host("must not hold a user"));
        }
        let name = authority.host().to_ascii_lowercase();
        match &self.allowed {
            Some(allowed) if !allowed.contains(&name) => {
                Err(Error::new(ErrorKind::Malformed, format!("this server does not go by the host name `{name}`"))
                    .code("host_not_allowed")
                    .field("Host")
                    .hint("call it as localhost or 127.0.0.1, or allow the name with LLMOPS_ALLOWED_HOSTS"))
            }
            _ => self.check_origin(headers, &authority),
        }
    }

    /// Refuses a page of another site: a browser says where the page came from.
    fn check_origin(&self, headers: &HeaderMap, own: &http::uri::Authority) -> Result<()> {
        let Some(origin) = headers.get(header::ORIGIN) else { return Ok(()) };
        let from = origin.to_str().ok().and_then(|text| text.parse::<Uri>().ok());
        let from = from.as_ref().and_then(Uri::authority);
        let name = from.map(|authority| authority.host().to_ascii_lowercase()).unwrap_or_default();
        let friend = self.allowed.as_ref().is_some_and(|allowed| allowed.contains(&name));
        if friend || from.is_some_and(|authority| authority.as_str().eq_ignore_ascii_case(own.as_str())) {
            return Ok(());
        }
        Err(Error::denied("pages of other sites may not call this server")
            .code("origin_not_allowed")
            .field("Origin")
            .hint("open the page from this server, or allow its host name with LLMOPS_ALLOWED_HOSTS"))
    }
}

fn bad_host(rule: &str) -> Error {
    Error::new(ErrorKind::Malformed, format!("the header `Host` {rule}"))
        .code("invalid_host")
        .field("Host")
        .hint("call the server as localhost or by its name")
}

/// The context of a call to an operation.
pub(crate) fn context(door: &Door, op: &Operation, parts: &Parts) -> Result<Ctx> {
    let ctx = match (shown(door, parts)?, op.access) {
        (None, Access::Public) => Ctx::new(nobody()),
        (token, _) => authenticated(door, token, &parts.headers)?,
    };
    Ok(addressed(ctx, parts))
}

/// The context of a caller with a valid key, for routes that are no operations.
///
/// # Errors
/// `unauthenticated` without a valid key.
pub fn caller(door: &Door, parts: &Parts) -> Result<Ctx> {
    Ok(addressed(authenticated(door, shown(door, parts)?, &parts.headers)?, parts))
}

/// The context of whoever holds a ticket for this purpose, which stands in the address: its client sends no key.
///
/// # Errors
/// `unauthenticated` without a valid ticket.
pub(crate) fn caller_by_ticket(door: &Door, parts: &Parts, ticket: &str, purpose: &str) -> Result<Ctx> {
    Ok(addressed(Ctx::new(door.ops().redeem(ticket, purpose)?), parts))
}

/// Resolves when the caller's key is in force no more, with what to tell him: an answer may last longer than his right to it.
pub(crate) async fn shut_out(door: &Door, caller: &Caller) -> Error {
    loop {
        tokio::time::sleep(door.patience().standing).await;
        if let Err(error) = door.ops().check_standing(caller) {
            return error;
        }
    }
}

/// The key that a request shows, or else the session of its browser.
fn shown<'p>(door: &Door, parts: &'p Parts) -> Result<Option<&'p str>> {
    match bearer(&parts.headers)? {
        Some(token) => Ok(Some(token)),
        None => cookie::token(door, &parts.method, &parts.headers),
    }
}

fn authenticated(door: &Door, token: Option<&str>, headers: &HeaderMap) -> Result<Ctx> {
    let token = token.ok_or_else(|| {
        Error::new(ErrorKind::Unauthenticated, "an API key is needed").hint(
            "send one as `Authorization: Bearer ..`; the local administrator's is in the data folder, in admin.key",
        )
    })?;
    let caller = door.ops().authenticate(token)?;
    Ok(Ctx::new(match project(headers)? {
        Some(project) => door.ops().enter_project(&caller, project)?,
        None => caller,
    }))
}

fn addressed(mut ctx: Ctx, parts: &Parts) -> Ctx {
    if let Some(arrived) = parts.extensions.get::<Arrived>() {
        ctx.request_id.clone_from(&arrived.request_id);
        ctx.address = arrived.address.map(|address| address.ip().to_string());
    }
    ctx
}

fn nobody() -> Caller {
    Caller { actor: "anonymous".into(), permissions: Arc::default(), all_projects: false, ..Caller::system() }
}

/// The project that a request is for, where that is not the key's own.
fn project(headers: &HeaderMap) -> Result<Option<&str>> {
    let mut given = headers.get_all(PROJECT_HEADER).iter();
    match (given.next().map(|value| value.to_str()), given.next()) {
        (None, _) => Ok(None),
        (Some(Ok(name)), None) => Ok(Some(name.trim())),
        _ => Err(Error::new(ErrorKind::Malformed, "the header `X-LLMOps-Project` must hold the name of one project")
            .code("invalid_project")
            .field("X-LLMOps-Project")
            .hint("governance.list_projects names them; leave it out for the key's own")),
    }
}

fn bearer(headers: &HeaderMap) -> Result<Option<&str>> {
    let mut given = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = given.next() else { return Ok(None) };
    let refused = |why: &str| Err(Error::new(ErrorKind::Unauthenticated, why).hint("send `Authorization: Bearer KEY`"));
    if given.next().is_some() {
        return refused("more than one `Authorization` header was sent");
    }
    let text = value.to_str().unwrap_or_default().trim();
    match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") && !token.trim().is_empty() => {
            Ok(Some(token.trim()))
        }
        _ => refused("the `Authorization` header does not hold a bearer token"),
    }
}
