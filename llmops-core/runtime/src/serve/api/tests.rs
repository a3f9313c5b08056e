use serde_json::{Value, json};

use super::{ApiError, Asked, Envelope, Shape, Usage, read_chat, read_completion, read_tokenize};
use crate::serve::metrics::Finish;

fn chat(body: Value) -> Result<super::Ask, ApiError> {
    read_chat(body.to_string().as_bytes())
}

fn with(field: &str, value: Value) -> Value {
    let mut body = json!({"messages": [{"role": "user", "content": "hi"}]});
    body[field] = value;
    body
}

/// The field a chat request is refused for; every refusal is a 400 whose message names the field.
fn refused(body: Value) -> String {
    let error = chat(body.clone()).expect_err(&body.to_string());
    assert_eq!(error.status, 400, "{body}");
    let param = error.param.unwrap_or_default();
    assert!(error.message.contains(param.split('.').next_back().unwrap()), "{param}: {}", error.message);
    param
}

#[test]
fn a_bare_request_has_openai_s_defaults() {
    let ask = chat(with("model", json!("m"))).unwrap();
    assert_eq!(ask.model.as_deref(), Some("m"));
    assert_eq!((ask.sampling.temperature, ask.sampling.top_p, ask.sampling.top_k), (1.0, 1.0, 0));
    assert_eq!((ask.max_tokens, ask.logprobs, ask.stream, ask.include_usage), (None, None, false, false));
    assert!(ask.stop.is_empty() && ask.ignored.is_empty());
}

#[test]
fn null_is_absent() {
    let mut body = with("temperature", Value::Null);
    for field in ["stop", "max_tokens", "seed", "stream", "stream_options", "logprobs", "n", "tools", "logit_bias"] {
        body[field] = Value::Null;
    }
    assert!(chat(body).is_ok());
}

#[test]
fn values_out_of_range_name_their_field() {
    for (field, value) in [
        ("temperature", json!(2.1)),
        ("temperature", json!("1")),
        ("top_p", json!(-0.1)),
        ("top_k", json!(-2)),
        ("seed", json!(1.5)),
        ("presence_penalty", json!(3)),
        ("frequency_penalty", json!(-3)),
        ("repetition_penalty", json!(0)),
        ("max_tokens", json!(0)),
        ("max_completion_tokens", json!(-5)),
        ("n", json!(2)),
        ("n", json!(0)),
        ("stream", json!("yes")),
        ("stop", json!(["a", "b", "c", "d", "e"])),
        ("stop", json!([1])),
        ("stop", json!("x".repeat(257))),
        ("logprobs", json!(3)),
        ("top_logprobs", json!(2)),
        ("logit_bias", json!({"x": 1})),
        ("logit_bias", json!({"5": 101})),
        ("stream_options", json!({"include_usage": true})),
        ("response_format", json!({"type": "json_object"})),
        ("tools", json!("f")),
        ("tool_choice", json!("required")),
        ("tool_choice", json!({"type": "function"})),
        ("messages", json!([])),
        ("messages", json!("hi")),
        ("model", json!(5)),
    ] {
        assert_eq!(refused(with(field, value)), field);
    }
}

#[test]
fn messages_are_checked_one_by_one() {
    let user = json!({"role": "user", "content": "hi"});
    assert_eq!(refused(json!({})), "messages");
    assert_eq!(refused(json!({"messages": [user, 5]})), "messages[1]");
    assert_eq!(refused(json!({"messages": [user, {"content": "x"}]})), "messages[1].role");
    assert_eq!(refused(json!({"messages": [{"role": "user"}]})), "messages[0].content");
    assert_eq!(refused(json!({"messages": [{"role": "user", "content": 5}]})), "messages[0].content");
    let picture = json!([{"type": "image_url", "image_url": {"url": "x"}}]);
    assert_eq!(refused(json!({"messages": [{"role": "user", "content": picture}]})), "messages[0].content");
}

#[test]
fn contents_become_plain_text() {
    let parts = json!([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]);
    let body = json!({"messages": [
        {"role": "developer", "content": parts},
        {"role": "assistant", "content": null, "tool_calls": [{"id": "1"}]},
    ]});
    let Asked::Chat { messages, .. } = chat(body).unwrap().asked else { panic!("not a chat") };
    assert_eq!(messages[0], json!({"role": "system", "content": "a\nb"}));
    assert_eq!(messages[1]["content"], "");
}

#[test]
fn the_newer_token_limit_wins() {
    let mut body = with("max_tokens", json!(5));
    body["max_completion_tokens"] = json!(7);
    assert_eq!(chat(body).unwrap().max_tokens, Some((7, "max_completion_tokens")));
}

#[test]
fn unknown_fields_are_ignored_and_named() {
    let mut body = with("frobnicate", json!(true));
    body["user"] = json!("u");
    assert_eq!(chat(body).unwrap().ignored, ["frobnicate"]);
}

#[test]
fn tool_choice_none_hides_the_tools() {
    let mut body = with("tools", json!([{"type": "function"}]));
    body["tool_choice"] = json!("none");
    let Asked::Chat { tools, .. } = chat(body).unwrap().asked else { panic!("not a chat") };
    assert!(tools.is_none());
}

#[test]
fn bodies_that_are_no_object_are_refused() {
    for (body, code) in
        [("", "invalid_json"), ("[]", "invalid_body"), ("{\"a\":", "invalid_json"), ("5", "invalid_body")]
    {
        assert_eq!(read_chat(body.as_bytes()).unwrap_err().code, code, "{body}");
    }
    let deep = format!("{{\"messages\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(read_chat(deep.as_bytes()).unwrap_err().code, "invalid_json");
}

#[test]
fn prompts_come_in_three_forms() {
    let read = |prompt: Value| read_completion(json!({"prompt": prompt}).to_string().as_bytes());
    assert_eq!(read(json!("a")).unwrap().asked, Asked::Text("a".into()));
    assert_eq!(read(json!(["a"])).unwrap().asked, Asked::Text("a".into()));
    assert_eq!(read(json!([1, 2])).unwrap().asked, Asked::Tokens(vec![1, 2]));
    assert_eq!(read(json!([[1, 2]])).unwrap().asked, Asked::Tokens(vec![1, 2]));
    for bad in [json!(["a", "b"]), json!([]), json!([1, "a"]), json!([-1]), json!(5), json!([[1], [2]])] {
        assert_eq!(read(bad.clone()).unwrap_err().param.as_deref(), Some("prompt"), "{bad}");
    }
    assert_eq!(read(json!("a")).unwrap().max_tokens, Some((16, "max_tokens")));
}

#[test]
fn tokenize_takes_text_or_messages() {
    let read = |body: Value| read_tokenize(body.to_string().as_bytes());
    assert!(read(json!({"prompt": "a"})).unwrap().add_special_tokens);
    assert!(!read(json!({"messages": [{"role": "user", "content": "a"}]})).unwrap().add_special_tokens);
    assert_eq!(read(json!({})).unwrap_err().param.as_deref(), Some("prompt"));
}

proptest::proptest! {
    #[test]
    fn no_bytes_break_the_reader(body: Vec<u8>) {
        let _ = (read_chat(&body), read_completion(&body), read_tokenize(&body));
    }

    #[test]
    fn no_value_breaks_a_field(field in "messages|prompt|stop|tools|logit_bias|stream_options|response_format|seed|n", text in "[\\[\\]{}\",:0-9a-z.-]{0,40}") {
        let body = format!("{{\"{field}\":{text}}}");
        let _ = (read_chat(body.as_bytes()), read_completion(body.as_bytes()), read_tokenize(body.as_bytes()));
    }
}

fn envelope(shape: Shape, include_usage: bool) -> Envelope {
    Envelope { shape, id: "x".into(), model: "m".into(), created: 1, include_usage, logprobs: false }
}

#[test]
fn a_chunk_always_has_a_finish_reason_field() {
    for shape in [Shape::Chat, Shape::Plain] {
        let chunk = envelope(shape, false).piece("a", &[]);
        assert_eq!(chunk["choices"][0].get("finish_reason"), Some(&Value::Null));
        assert!(chunk.get("usage").is_none());
    }
}

#[test]
fn the_usage_chunk_has_no_choices_and_the_others_say_null() {
    let envelope = envelope(Shape::Chat, true);
    assert_eq!(envelope.piece("a", &[]).get("usage"), Some(&Value::Null));
    assert_eq!(envelope.closing(Finish::Stop)["choices"][0]["delta"], json!({}));
    let usage = envelope.usage(Usage { prompt: 3, completion: 2, cached: 1 }).unwrap();
    assert_eq!(usage["choices"], json!([]));
    assert_eq!(usage["usage"]["total_tokens"], 5);
}
