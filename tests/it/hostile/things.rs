//! Bad input that needs something to be there: cursors of other lists, and paths that lead out of their owner.

use reqwest::header::HeaderMap;
use serde_json::{Value, json};

use super::served::{Asked, Refusal, Served, in_path};
use super::{Described, document, operations, text_of};

const BASE: &str = "/llm-ops/v1";

/// Paths that lead elsewhere, or that some file system takes for another.
const ASTRAY: [&str; 12] = [
    "../x.txt",
    "../../etc/passwd",
    "/etc/passwd",
    "a/../../x.txt",
    "a//x.txt",
    "a/./x.txt",
    "..\\x.txt",
    "C:\\x.txt",
    ".hidden.txt",
    "CON.txt",
    "%2e%2e/x.txt",
    "a\u{202e}txt.exe",
];

fn asked(verb: &str, path: String) -> Asked {
    Asked { verb: verb.into(), path, query: Vec::new(), body: None, headers: HeaderMap::new() }
}

/// A server with two models and a dataset.
struct Things {
    served: Served,
    model: String,
    dataset: String,
    run: String,
    /// Where the list of models goes on.
    cursor: String,
}

impl Things {
    async fn open() -> Self {
        let served = Served::open().await;
        let made = async |path: &str, request: Value| {
            let body = Some(request.to_string().into_bytes());
            let (status, said) = served.send(&Asked { body, ..asked("POST", format!("{BASE}{path}")) }).await;
            assert_eq!(status, 200, "{}", String::from_utf8_lossy(&said));
            let said: Value = serde_json::from_slice(&said).expect("JSON");
            text_of(&said["data"]["id"])
        };
        let model = made("/catalog/models", json!({ "name": "a", "version": "1.0.0" })).await;
        made("/catalog/models", json!({ "name": "b", "version": "1.0.0" })).await;
        let dataset = json!({ "name": "a", "version": "1.0.0", "type": "other" });
        let dataset = made("/catalog/datasets", dataset).await;
        let run = made("/experiments/runs", json!({ "name": "a" })).await;
        let (_, page) = served.send(&asked("GET", format!("{BASE}/catalog/models?limit=1"))).await;
        let page: Value = serde_json::from_slice(&page).expect("JSON");
        let cursor = text_of(&page["page"]["nextCursor"]);
        Self { served, model, dataset, run, cursor }
    }

    /// The path of an operation, if everything that it names is there.
    fn path(&self, op: &Described) -> Option<String> {
        let mut path = op.path.replace("{modelId}", &self.model).replace("{datasetId}", &self.dataset);
        if op.name.starts_with("experiments.") {
            path = path.replace("{runId}", &self.run);
        }
        (!path.contains('{')).then_some(path)
    }

    fn spoiled(&self) -> String {
        let (rest, last) = self.cursor.split_at(self.cursor.len() - 1);
        format!("{rest}{}", if last == "A" { "B" } else { "A" })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_is_taken_only_by_the_list_that_gave_it() {
    let here = Things::open().await;
    let document = document();
    let refusal = Refusal { statuses: &[400], code: Some("invalid_cursor"), field: Some("cursor") };
    let mut wrong = Vec::new();
    let mut lists = 0;
    for op in operations(&document) {
        if !op.parameters.iter().any(|parameter| parameter["name"] == "cursor") {
            continue;
        }
        let Some(path) = here.path(&op) else { continue };
        lists += 1;
        let own = op.name == "catalog.list_models";
        let (spoiled, half) = (here.spoiled(), here.cursor[..8].to_owned());
        let cursors = [("", &""), ("", &"x"), ("", &"AAAA"), ("", &half.as_str()), ("", &spoiled.as_str())];
        let foreign = [(if own { "name" } else { "" }, &here.cursor.as_str())];
        for (filter, cursor) in cursors.iter().chain(&foreign) {
            let mut asked = asked("GET", path.clone());
            asked.query.push(("cursor".into(), (**cursor).to_owned()));
            if !filter.is_empty() {
                asked.query.push(((*filter).to_owned(), "a".into()));
            }
            let said = here.served.fault(&asked, &refusal).await;
            wrong.extend(said.map(|said| format!("{}: {cursor:?}: {said}", op.name)));
        }
    }
    assert!(lists >= 12, "only {lists} lists were asked");
    here.served.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_out_of_its_owner() {
    let here = Things::open().await;
    let before = here.served.written();
    let owners = [format!("{BASE}/catalog/models/{}", here.model), format!("{BASE}/catalog/datasets/{}", here.dataset)];
    let refusal = Refusal { statuses: &[422], code: Some("invalid_filename"), field: Some("path") };
    let mut wrong = Vec::new();
    for (owner, astray) in owners.iter().flat_map(|owner| ASTRAY.iter().map(move |astray| (owner, *astray))) {
        let upload = || asked("POST", format!("{owner}/upload"));
        let mut raw = upload();
        raw.query.push(("path".into(), astray.into()));
        raw.headers.insert("content-type", "application/octet-stream".parse().expect("a header"));
        raw.body = Some(b"hello\n".to_vec());
        let mut form = upload();
        form.headers.insert("content-type", "multipart/form-data; boundary=x".parse().expect("a header"));
        let name = astray.replace('\\', "\\\\");
        let head = format!("--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        form.body = Some(format!("{head}hello\n\r\n--x--\r\n").into_bytes());
        let download = asked("GET", format!("{owner}/files/{}", in_path(astray)));
        for (what, asked) in [("raw", raw), ("form", form), ("download", download)] {
            let said = here.served.fault(&asked, &refusal).await;
            wrong.extend(said.map(|said| format!("{what} {owner} {astray:?}: {said}")));
        }
    }
    assert_eq!(here.served.written(), before, "something was written");
    here.served.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
