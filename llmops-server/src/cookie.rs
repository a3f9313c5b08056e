//! A browser's session: the secret that `governance.open_session` gives travels as a cookie that no script can read.
//!
//! A cookie is sent by the browser whichever page asks, so a call that changes something must also carry a header that
//! only a page of this server can set. The `Origin` of every call is checked before (see [`crate::auth`]).

use http::{HeaderMap, HeaderValue, Method, header};
use llmops_core::base::{Error, Result};
use serde_json::Value;

use crate::Door;

/// The header by which our own pages are known, with the value `llmops`.
const OWN_PAGE: &str = "x-requested-with";

/// The cookie's name. Where others can reach the server it goes over TLS alone, and the name says so to the browser.
fn name(door: &Door) -> &'static str {
    if door.is_loopback() { "llmops_session" } else { "__Host-llmops_session" }
}

/// The session's secret in a request's cookies.
///
/// # Errors
/// `denied` for a change that does not come from one of our pages.
pub(crate) fn token<'h>(door: &Door, verb: &Method, headers: &'h HeaderMap) -> Result<Option<&'h str>> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let Some((_, secret)) = pairs.find(|(key, _)| *key == name(door)) else { return Ok(None) };
    if verb.is_safe() || is_own_page(headers) {
        return Ok(Some(secret));
    }
    Err(Error::denied("a change made with a browser's session must come from a page of this server")
        .code("csrf_failed")
        .field("X-Requested-With")
        .hint("send `X-Requested-With: llmops`, or an API key as `Authorization: Bearer ..`"))
}

fn is_own_page(headers: &HeaderMap) -> bool {
    headers.get(OWN_PAGE).is_some_and(|value| value == "llmops")
}

/// The cookie that goes with an answer: it takes the secret of a session that a page opened out of the answer.
pub(crate) fn of_answer(door: &Door, op: &str, headers: &HeaderMap, answer: &mut Value) -> Option<HeaderValue> {
    if !is_own_page(headers) {
        return None;
    }
    let secret = match op {
        "governance.open_session" => answer.as_object_mut()?.remove("secret")?.as_str()?.to_owned(),
        "governance.close_session" => String::new(),
        _ => return None,
    };
    let secure = if door.is_loopback() { "" } else { "; Secure" };
    // The server ends a session; a cookie that outlives it does no harm. An empty one is to be forgotten.
    let age = if secret.is_empty() { "; Max-Age=0" } else { "" };
    let text = format!("{}={secret}; Path=/; HttpOnly; SameSite=Strict{secure}{age}", name(door));
    HeaderValue::from_str(&text).ok()
}
