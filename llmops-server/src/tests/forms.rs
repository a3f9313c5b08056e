//! Files on their way in and out.

use llmops_core::catalog::{DownloadModelFile, ModelId, UploadModelFiles};
use llmops_core::op::{Part, parts};
use serde_json::Value;

use super::{CONFIG, Served, json_of, served};

async fn with_file() -> (Served, String) {
    let here = served().await;
    let id = here.model_id().await;
    let path = format!("/catalog/models/{id}/upload?path=config.json");
    json_of(here.request("POST", &path).body(CONFIG).send().await.unwrap(), 200).await;
    (here, format!("/catalog/models/{id}/files/config.json"))
}

fn model(id: &str) -> ModelId {
    serde_json::from_value(Value::from(id)).unwrap()
}

#[tokio::test]
async fn the_own_client_gets_back_the_bytes_it_sent() {
    let here = served().await;
    let (ops, id) = (here.remote(), model(&here.model_id().await));
    let upload = UploadModelFiles { model_id: id, path: None, replace: None, sha256: None };
    let files = parts(vec![Part::from_bytes("a/config.json", CONFIG), Part::from_bytes("notes.txt", "ein wört\n")]);
    let sent = ops.catalog().upload_model_files(&ops.ctx(), upload, files).await.unwrap();
    assert_eq!(sent.files.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["a/config.json", "notes.txt"]);
    let wanted = DownloadModelFile { model_id: id, path: "a/config.json".into(), range: None };
    let download = ops.catalog().download_model_file(&ops.ctx(), wanted).await.unwrap();
    let bytes: Vec<u8> =
        futures::TryStreamExt::try_concat(futures::TryStreamExt::map_ok(download.body, |b| b.to_vec())).await.unwrap();
    assert_eq!(bytes, CONFIG.as_bytes());
}

#[tokio::test]
async fn a_range_is_a_part_with_its_place() {
    let (here, path) = with_file().await;
    let answer = here.request("GET", &path).header("range", "bytes=2-5").send().await.unwrap();
    assert_eq!(answer.status(), 206);
    assert_eq!(answer.headers()["content-range"].to_str().unwrap(), format!("bytes 2-5/{}", CONFIG.len()));
    assert_eq!(answer.text().await.unwrap(), CONFIG[2..6]);
}

#[tokio::test]
async fn a_range_outside_the_file_is_416() {
    let (here, path) = with_file().await;
    let answer = here.request("GET", &path).header("range", "bytes=9999-").send().await.unwrap();
    assert_eq!(json_of(answer, 416).await["error"]["code"], "range_not_satisfiable");
}

#[tokio::test]
async fn a_known_file_is_not_sent_again() {
    let (here, path) = with_file().await;
    let tag = here.request("GET", &path).send().await.unwrap().headers()["etag"].clone();
    let answer = here.request("GET", &path).header("if-none-match", &tag).send().await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.text().await.unwrap().as_str()), (304, ""));
}

#[tokio::test]
async fn a_download_is_never_a_page() {
    let (here, path) = with_file().await;
    let answer = here.request("GET", &path).send().await.unwrap();
    assert_eq!(answer.headers()["content-disposition"], "attachment; filename=\"config.json\"");
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers()["content-length"].to_str().unwrap(), CONFIG.len().to_string());
}

#[tokio::test]
async fn head_of_a_file_says_its_length() {
    let (here, path) = with_file().await;
    let answer = here.request("HEAD", &path).send().await.unwrap();
    assert_eq!(answer.headers()["content-length"].to_str().unwrap(), CONFIG.len().to_string());
}

#[tokio::test]
async fn a_raw_body_without_a_name_is_refused() {
    let here = served().await;
    let path = format!("/catalog/models/{}/upload", here.model_id().await);
    let said = json_of(here.request("POST", &path).body(CONFIG).send().await.unwrap(), 422).await;
    assert_eq!((&said["error"]["field"], &said["error"]["code"]), (&"path".into(), &"missing_field".into()));
}

#[tokio::test]
async fn a_form_that_breaks_off_is_refused() {
    let here = served().await;
    let path = format!("/catalog/models/{}/upload", here.model_id().await);
    let form = "--b\r\ncontent-disposition: form-data; name=\"file\"; filename=\"config.json\"\r\n\r\n{\"mod";
    let request = here.request("POST", &path).header("content-type", "multipart/form-data; boundary=b").body(form);
    assert_eq!(json_of(request.send().await.unwrap(), 400).await["error"]["code"], "invalid_form");
}

#[tokio::test]
async fn a_field_that_is_no_file_is_refused() {
    let here = served().await;
    let path = format!("/catalog/models/{}/upload", here.model_id().await);
    let form = "--b\r\ncontent-disposition: form-data; name=\"replace\"\r\n\r\ntrue\r\n--b--\r\n";
    let request = here.request("POST", &path).header("content-type", "multipart/form-data; boundary=b").body(form);
    let said = json_of(request.send().await.unwrap(), 422).await;
    assert_eq!(said["error"]["code"], "invalid_form");
    assert!(said["error"]["message"].as_str().unwrap().contains("`replace`"), "{said}");
}

#[tokio::test]
async fn a_form_without_a_boundary_is_refused() {
    let here = served().await;
    let path = format!("/catalog/models/{}/upload", here.model_id().await);
    let request = here.request("POST", &path).header("content-type", "multipart/form-data").body("x");
    assert_eq!(json_of(request.send().await.unwrap(), 400).await["error"]["code"], "invalid_form");
}

#[tokio::test]
async fn a_path_that_climbs_out_is_refused() {
    let here = served().await;
    let path = format!("/catalog/models/{}/upload?path=../admin.key.txt", here.model_id().await);
    let answer = here.request("POST", &path).body("x").send().await.unwrap();
    assert_eq!(json_of(answer, 422).await["error"]["field"], "path");
}

#[tokio::test]
async fn a_refusal_reaches_a_client_that_still_sends() {
    let here = served().await;
    let body = vec![b'x'; 64 << 20];
    let path = "/catalog/models/01a20e61-fed6-773e-bbc4-8fd14a598f2b/upload?path=a.txt";
    let answer = here.request("POST", path).body(body).send().await.unwrap();
    assert_eq!(answer.status(), 404);
}
