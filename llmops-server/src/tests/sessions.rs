//! Browser sessions: from a key or a link to a cookie, and what the cookie opens.

use reqwest::Response;
use serde_json::{Value, json};

use super::{Served, json_of, served};

impl Served {
    /// Opens a session as a page does; the answer and its cookie.
    async fn sign_in(&self, secret: &str) -> (Value, String) {
        let request = self.http.post(self.url("/llm-ops/v1/session")).bearer_auth(secret);
        let answer = request.header("x-requested-with", "llmops").send().await.unwrap();
        let cookie = set_cookie(&answer);
        (json_of(answer, 200).await["data"].take(), cookie)
    }

    async fn with_cookie(&self, verb: &str, path: &str, cookie: &str) -> Response {
        let request = self.http.request(verb.parse().unwrap(), self.url(&format!("/llm-ops/v1{path}")));
        let pair = cookie.split(';').next().unwrap_or_default();
        request
            .header("cookie", format!("theme=dark; {pair}"))
            .header("x-requested-with", "llmops")
            .send()
            .await
            .unwrap()
    }
}

fn set_cookie(answer: &Response) -> String {
    answer.headers().get("set-cookie").map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn a_page_gets_the_session_as_a_cookie_that_no_script_reads() {
    let here = served().await;
    let (session, cookie) = here.sign_in(&here.key).await;
    assert_eq!(session["actor"], "administrator");
    assert_eq!(session["secret"], Value::Null, "the secret is in the cookie alone");
    assert!(cookie.starts_with("llmops_session=llo_"), "{cookie}");
    assert!(cookie.contains("; HttpOnly; SameSite=Strict") && cookie.contains("; Path=/"), "{cookie}");
    let seen = json_of(here.with_cookie("GET", "/session", &cookie).await, 200).await;
    assert_eq!(seen["data"]["actor"], "administrator");
    let models = json_of(here.with_cookie("GET", "/catalog/models", &cookie).await, 200).await;
    assert_eq!(models["data"], json!([]));
}

#[tokio::test]
async fn a_program_gets_the_session_as_a_secret() {
    let here = served().await;
    let answer = json_of(here.post("/session", &json!({})).await, 200).await;
    let secret = answer["data"]["secret"].as_str().unwrap();
    let models = here.http.get(here.url("/llm-ops/v1/catalog/models")).bearer_auth(secret).send().await.unwrap();
    json_of(models, 200).await;
}

#[tokio::test]
async fn a_change_from_another_page_is_refused() {
    let here = served().await;
    let (_, cookie) = here.sign_in(&here.key).await;
    let pair = cookie.split(';').next().unwrap();
    let post = || here.http.post(here.url("/llm-ops/v1/catalog/models")).header("cookie", pair);
    let model = json!({ "name": "tiny", "version": "1.0.0" });
    let answer = json_of(post().json(&model).send().await.unwrap(), 403).await;
    assert_eq!(answer["error"]["code"], "csrf_failed");
    let elsewhere = post().header("x-requested-with", "llmops").header("origin", "https://evil.example");
    let answer = json_of(elsewhere.json(&model).send().await.unwrap(), 403).await;
    assert_eq!(answer["error"]["code"], "origin_not_allowed");
    let models = json_of(here.with_cookie("GET", "/catalog/models", &cookie).await, 200).await;
    assert_eq!(models["data"], json!([]));
}

#[tokio::test]
async fn signing_out_ends_the_session_and_forgets_the_cookie() {
    let here = served().await;
    let (_, cookie) = here.sign_in(&here.key).await;
    let out = here.with_cookie("DELETE", "/session", &cookie).await;
    assert!(set_cookie(&out).starts_with("llmops_session=;") && set_cookie(&out).ends_with("Max-Age=0"));
    json_of(out, 200).await;
    json_of(here.with_cookie("GET", "/session", &cookie).await, 401).await;
}

#[tokio::test]
async fn a_link_signs_in_once() {
    let here = served().await;
    let link = json_of(here.post("/session/links", &json!({})).await, 200).await;
    let secret = link["data"]["secret"].as_str().unwrap();
    let models = here.http.get(here.url("/llm-ops/v1/catalog/models")).bearer_auth(secret).send().await.unwrap();
    assert_eq!(json_of(models, 403).await["error"]["code"], "permission_missing");
    let (session, cookie) = here.sign_in(secret).await;
    assert_eq!(session["permissions"], json!(["*", "session:own"]));
    json_of(here.with_cookie("GET", "/catalog/models", &cookie).await, 200).await;
    let again = here.http.post(here.url("/llm-ops/v1/session")).bearer_auth(secret).send().await.unwrap();
    json_of(again, 401).await;
}
