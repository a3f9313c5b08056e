//! Downloads: to be saved, never to be shown as a page of this server.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use llmops_core::op::Download;

/// The range asked for, if the request has one to be honoured: a condition on it is answered with the whole.
pub(crate) fn wanted_range(headers: &HeaderMap) -> Option<&str> {
    if headers.contains_key(header::IF_RANGE) {
        return None;
    }
    headers.get(header::RANGE).and_then(|value| value.to_str().ok())
}

/// The bytes as an answer.
pub(crate) fn response(request: &HeaderMap, download: Download) -> Response {
    let tag = download.digest.as_ref().and_then(|digest| HeaderValue::from_str(&format!("\"{digest}\"")).ok());
    if let (Some(tag), Some(known)) = (&tag, request.get(header::IF_NONE_MATCH))
        && known.to_str().is_ok_and(|known| known.split(',').any(|one| one.trim().as_bytes() == tag.as_bytes()))
    {
        let mut response = StatusCode::NOT_MODIFIED.into_response();
        response.headers_mut().insert(header::ETAG, tag.clone());
        return response;
    }
    let mut response = Response::new(Body::from_stream(download.body));
    if let Some((first, last, total)) = download.range {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
        set(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes {first}-{last}/{total}"));
    }
    let headers = response.headers_mut();
    if let Some(length) = download.length {
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(length));
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    }
    if let Some(tag) = tag {
        headers.insert(header::ETAG, tag);
    }
    set(headers, header::CONTENT_TYPE, &download.content_type);
    set(headers, header::CONTENT_DISPOSITION, &disposition(&download.file_name));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'"));
    response
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, text: &str) {
    if let Ok(value) = HeaderValue::from_str(text) {
        headers.insert(name, value);
    }
}

/// An attachment by this name: plain ASCII for old clients, and the name itself in RFC 5987's coding.
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_graphic() && !"\"\\%;".contains(c) || c == ' ' { c } else { '_' }).collect();
    if plain == name {
        return format!("attachment; filename=\"{plain}\"");
    }
    let coded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{coded}")
}
