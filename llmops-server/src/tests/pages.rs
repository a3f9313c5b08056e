//! The pages in this program: what browsers get, keep and are refused.

use reqwest::Response;

use super::{Served, json_of, served};

impl Served {
    async fn look(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        let request = headers.iter().fold(self.http.get(self.url(path)), |r, (name, value)| r.header(*name, *value));
        request.send().await.unwrap()
    }
}

fn header(answer: &Response, name: &str) -> String {
    answer.headers().get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}

/// Nothing from elsewhere, nothing inline, no frame, no form that a browser sends by itself.
const POLICY: &str = "default-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; \
                      base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

#[tokio::test]
async fn every_page_is_the_application_under_a_strict_policy() {
    let here = served().await;
    for path in ["/", "/training/jobs/123", "/sign-in?token=x"] {
        let answer = here.look(path, &[]).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(header(&answer, "content-type"), "text/html; charset=utf-8");
        assert_eq!(header(&answer, "cache-control"), "no-cache");
        assert_eq!(header(&answer, "content-security-policy"), POLICY);
        let tag = header(&answer, "etag");
        assert_eq!(here.look(path, &[("if-none-match", &tag)]).await.status(), 304);
        assert!(answer.text().await.unwrap().contains("<div id=\"app\""), "{path}");
    }
}

#[tokio::test]
async fn a_page_about_something_with_a_dot_in_its_name_can_be_typed() {
    let here = served().await;
    let browser = [("accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")];
    let answer = here.look("/datasets/policies/company-1.0", &browser).await;
    assert_eq!((answer.status().as_u16(), header(&answer, "content-type")), (200, "text/html; charset=utf-8".into()));
    assert_eq!(here.look("/assets/nope.js", &browser).await.status(), 404);
}

#[tokio::test]
async fn files_are_kept_for_ever_and_sent_compressed() {
    let here = served().await;
    let page = here.look("/", &[]).await.text().await.unwrap();
    let script = page.split("assets/").find_map(|rest| rest.split('"').next().filter(|name| name.ends_with(".js")));
    let path = format!("/assets/{}", script.unwrap());
    let packed = here.look(&path, &[("accept-encoding", "gzip, br;q=0.9")]).await;
    assert_eq!(header(&packed, "content-encoding"), "br");
    assert_eq!(header(&packed, "content-type"), "text/javascript; charset=utf-8");
    assert_eq!(header(&packed, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&packed, "x-content-type-options"), "nosniff");
    assert_eq!(header(&here.look(&path, &[]).await, "content-encoding"), "");
}

#[tokio::test]
async fn what_is_no_page_is_an_error_for_programs() {
    let here = served().await;
    for path in ["/assets/nope.js", "/favicon.ico", "/llm-ops/v1/nope", "/v1/nope/nope"] {
        assert_eq!(here.look(path, &[]).await.status(), 404, "{path}");
    }
    let posted = here.http.post(here.url("/training")).send().await.unwrap();
    assert_eq!(json_of(posted, 404).await["error"]["code"], "unknown_path");
}
