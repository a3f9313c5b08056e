//! Reading: lists, repositories, trees and files.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Uri};
use llmops_core::base::{Ctx, Error, ErrorKind, Limits, Result};
use llmops_core::catalog::{ListModels, ModelSort};
use llmops_core::datasets::{DatasetSort, ListDatasets};
use llmops_core::governance::GetSession;
use serde_json::{Value, json};

use super::address::{Address, Kind};
use super::version::{self, Version, no_repo, of_dataset, of_model};
use super::{json_response, tell, wants, xet};
use crate::{Door, Failure, answered, files, read_body, routes};

/// Repositories of a page when the client does not say how many.
const PAGE: u32 = 100;
/// The most paths that are asked for at once.
const PATHS: usize = 1000;

pub(super) async fn whoami(door: &Door, ctx: &Ctx) -> Result<Value> {
    let session = door.ops().governance().get_session(ctx, GetSession {}).await?;
    Ok(json!({
        "type": "user", "id": session.actor, "name": session.actor, "fullname": session.actor, "isPro": false,
        "orgs": [{ "type": "org", "id": ctx.project(), "name": ctx.project(), "fullname": ctx.project() }],
        "auth": { "type": "access_token", "accessToken": { "displayName": session.actor, "role": "write" } },
    }))
}

/// What a list is asked for.
#[derive(Default)]
struct Asked {
    search: Option<String>,
    author: Option<String>,
    filters: Vec<String>,
    sort: Option<String>,
    limit: Option<u32>,
    cursor: Option<String>,
    /// All but the cursor, for the next page.
    kept: Vec<(String, String)>,
}

fn asked(uri: &Uri) -> Asked {
    let mut asked = Asked::default();
    for (key, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        let value = value.into_owned();
        if key != "cursor" {
            asked.kept.push((key.clone().into_owned(), value.clone()));
        }
        match key.as_ref() {
            "search" => asked.search = Some(value),
            "author" => asked.author = Some(value),
            "filter" => asked.filters.extend(value.split(',').map(str::to_owned)),
            "pipeline_tag" => asked.filters.push(value),
            "sort" => asked.sort = Some(value),
            "limit" => asked.limit = value.parse().ok(),
            "cursor" => asked.cursor = Some(value),
            _ => {}
        }
    }
    asked
}

/// A page of repositories, and the query of the next.
pub(super) async fn list(door: &Door, mut ctx: Ctx, kind: Kind, uri: &Uri) -> Result<(Value, Option<String>)> {
    let asked = asked(uri);
    if let Some(author) = &asked.author {
        match door.ops().enter_project(&ctx.caller, author) {
            Ok(caller) => ctx.caller = caller,
            Err(_) => return Ok((json!([]), None)),
        }
    }
    let limit = Some(asked.limit.unwrap_or(PAGE).clamp(1, Limits::PAGE));
    let changed = asked.sort.as_deref() == Some("lastModified");
    let (text, cursor, newest) = (asked.search.clone(), asked.cursor.clone(), Some(true));
    let (found, page): (Vec<Version>, _) = match kind {
        Kind::Models => {
            let sort = changed.then_some(ModelSort::LastChangedFirst);
            let request = ListModels { text, sort, newest, limit, cursor, ..ListModels::default() };
            let page = door.ops().catalog().list_models(&ctx, request).await?;
            (page.items.into_iter().filter_map(of_model).collect(), page.page)
        }
        Kind::Datasets => {
            let sort = changed.then_some(DatasetSort::LastChangedFirst);
            let request = ListDatasets { text, sort, newest, limit, cursor, ..ListDatasets::default() };
            let page = door.ops().datasets().list_datasets(&ctx, request).await?;
            (page.items.into_iter().map(of_dataset).collect(), page.page)
        }
    };
    let told = found.iter().map(tell::repo).filter(|repo| asked.filters.iter().all(|filter| is_tagged(repo, filter)));
    let next = page.next_cursor.map(|cursor| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&asked.kept).append_pair("cursor", &cursor).finish()
    });
    Ok((told.collect(), next))
}

fn is_tagged(repo: &Value, filter: &str) -> bool {
    let tags = repo.get("tags").and_then(Value::as_array);
    repo.get("pipeline_tag") == Some(&json!(filter)) || tags.is_some_and(|tags| tags.contains(&json!(filter)))
}

/// What is asked of one repository, with nothing to be changed.
pub(super) async fn ask(door: &Door, ctx: &Ctx, address: &Address, parts: &Parts) -> Result<Response> {
    let repo = &address.repo;
    match address.what.as_str() {
        "" | "revision" => {
            let of = version::revision(door, ctx, repo, &address.revision).await?;
            let files = version::files(door, ctx, &of).await?;
            let mut told = tell::repo(&of);
            told["siblings"] = tell::siblings(&files, wants(parts, "blobs"));
            told["usedStorage"] = json!(files.iter().map(|file| file.bytes).sum::<u64>());
            Ok(answered(repo.kind.files(), json_response(&told)))
        }
        "tree" => {
            let of = version::revision(door, ctx, repo, &address.revision).await?;
            let files = version::files(door, ctx, &of).await?;
            let found = tell::tree(&of, &files, &address.path, wants(parts, "recursive"));
            let found = found.ok_or_else(|| Error::not_found("folder", &address.path).code("entry_not_found"))?;
            Ok(answered(repo.kind.files(), json_response(&Value::Array(found))))
        }
        "refs" => {
            Ok(answered(repo.kind.list(), json_response(&tell::refs(&version::versions(door, ctx, repo).await?))))
        }
        "commits" => {
            let of = version::revision(door, ctx, repo, &address.revision).await?;
            let told = tell::commits(&version::versions(door, ctx, repo).await?, &of.version);
            Ok(answered(repo.kind.list(), json_response(&told)))
        }
        "resolve" => resolve(door, ctx, address, &parts.headers).await,
        "xet-write-token" => xet::token(door, ctx, address, parts).await,
        "xet-read-token" => Err(no_xet()),
        _ => Err(routes::unknown()),
    }
}

/// No client asks for this unless it was told that a file is kept so.
fn no_xet() -> Error {
    Error::new(ErrorKind::Malformed, "this server takes files by Xet, and sends them without")
        .code("no_xet")
        .hint("download them from their `resolve` address")
}

async fn resolve(door: &Door, ctx: &Ctx, address: &Address, headers: &HeaderMap) -> Result<Response> {
    let of = version::revision(door, ctx, &address.repo, &address.revision).await?;
    let range = files::wanted_range(headers).map(str::to_owned);
    let mut response = match version::download(door, ctx, &of, (address.path.clone(), range)).await {
        Ok(download) => {
            let size = download.range.map(|(_, _, total)| total).or(download.length);
            let mut response = files::response(headers, download);
            if let Some(size) = size {
                response.headers_mut().insert("x-linked-size", HeaderValue::from(size));
            }
            if let Some(tag) = response.headers().get(http::header::ETAG).cloned() {
                response.headers_mut().insert("x-linked-etag", tag);
            }
            response
        }
        // Also that a file is not there is said of a commit: clients remember it.
        Err(error) => Failure(error).into_response(),
    };
    if let Ok(commit) = HeaderValue::from_str(of.commit()) {
        response.headers_mut().insert(HeaderName::from_static("x-repo-commit"), commit);
    }
    let operation = match address.repo.kind {
        Kind::Models => "catalog.download_model_file",
        Kind::Datasets => "datasets.download_dataset_file",
    };
    Ok(answered(operation, response))
}

pub(super) async fn paths_info(
    door: &Door,
    ctx: &Ctx,
    address: &Address,
    (parts, body): (&Parts, Body),
) -> Result<Response> {
    let bytes = read_body(door, &parts.headers, body, Limits::JSON_BYTES).await?;
    let paths: Vec<String> = match serde_json::from_slice::<Value>(&bytes) {
        Ok(said) => {
            let all = said.get("paths").and_then(Value::as_array).into_iter().flatten();
            all.filter_map(|path| path.as_str().map(str::to_owned)).collect()
        }
        Err(_) => {
            let form = url::form_urlencoded::parse(&bytes).filter(|(key, _)| key == "paths");
            form.map(|(_, path)| path.into_owned()).collect()
        }
    };
    if paths.len() > PATHS {
        return Err(Error::invalid("paths", "must be at most 1,000").hint("ask for the others in another call"));
    }
    let of = version::revision(door, ctx, &address.repo, &address.revision).await?;
    let files = version::files(door, ctx, &of).await?;
    Ok(answered(address.repo.kind.files(), json_response(&Value::Array(tell::at(&of, &files, &paths)))))
}

/// The newest version of a repository, to be written to.
pub(super) async fn newest(door: &Door, ctx: &Ctx, address: &Address) -> Result<Version> {
    let of = version::revision(door, ctx, &address.repo, "main").await?;
    if address.revision == "main" {
        return Ok(of);
    }
    let asked = version::revision(door, ctx, &address.repo, &address.revision).await?;
    if asked.version == of.version && of.is_draft {
        return Ok(of);
    }
    match asked.name == address.repo.name {
        true => Err(Error::conflict(format!("revision `{}` is not one that is changed", address.revision))
            .code("revision_closed")
            .hint("commit to `main`: it is the newest version, or a new one when that is no draft")),
        false => Err(no_repo(&address.repo)),
    }
}
