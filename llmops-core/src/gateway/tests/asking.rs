//! Questions and answers.

use super::*;
use crate::base::ErrorKind;

#[tokio::test]
async fn a_question_is_answered() {
    let here = here(vec![FakeTurn::Says(words(&["Good ", "day"]))]).await;
    let answer = here.chat(hello()).await.unwrap();
    assert_eq!(
        (text(&answer), answer.route.as_str(), answer.model.as_str()),
        ("Good day", "/tiny", "tiny-model:1.0.0")
    );
    assert_eq!(answer.usage.completion_tokens, 2);
}

#[tokio::test]
async fn a_stream_is_one_answer_in_pieces() {
    let here = here(vec![FakeTurn::Says(words(&["a", "b"]))]).await;
    let chunks: Vec<ChatChunk> = here.stream(hello()).await.unwrap().map(Result::unwrap).collect().await;
    let said: String = chunks.iter().flat_map(|c| &c.choices).filter_map(|c| c.delta.content.clone()).collect();
    assert_eq!(said, "ab");
    assert!(chunks.iter().all(|chunk| chunk.id == chunks[0].id));
    assert_eq!(chunks.last().unwrap().usage.unwrap().completion_tokens, 2);
}

#[tokio::test]
async fn a_stream_that_breaks_ends_with_an_error() {
    let here = here(vec![FakeTurn::Breaks(words(&["a"]))]).await;
    let items: Vec<Result<ChatChunk>> = here.stream(hello()).await.unwrap().collect().await;
    let errors = items.iter().filter(|item| item.is_err()).count();
    assert_eq!(errors, 1);
    assert_eq!(items.last().unwrap().as_ref().unwrap_err().kind(), ErrorKind::Upstream);
}

#[tokio::test]
async fn the_key_of_the_replica_goes_along_and_no_other() {
    let here = here(vec![]).await;
    here.chat(hello()).await.unwrap();
    let call = here.provider.calls().pop().unwrap();
    assert_eq!(call.target.base_url, "http://tiny-1:1");
    assert_eq!(call.target.api_key.unwrap().expose(), "k");
}

#[tokio::test]
async fn nothing_is_read_from_anywhere_while_a_question_is_asked() {
    let here = here(vec![]).await;
    let asked = here.source.asked.load(Ordering::SeqCst);
    here.store.close().await;
    let mut chunks = here.stream(hello()).await.unwrap();
    chunks.next().await.unwrap().unwrap();
    here.chat(hello()).await.unwrap();
    assert_eq!(here.source.asked.load(Ordering::SeqCst), asked);
}

#[tokio::test]
async fn a_whole_answer_is_not_a_stream() {
    let here = here(vec![]).await;
    assert_eq!(here.chat(ask(json!({ "stream": true }))).await.unwrap_err().field_name(), Some("stream"));
}

#[tokio::test]
async fn the_endpoints_limit_is_the_default_and_the_most() {
    let mut route = served("tiny");
    route.limits.max_output_tokens = Some(10);
    let here = here_with(vec![], KeyLimits::default(), vec![route]).await;
    here.chat(hello()).await.unwrap();
    here.chat(ask(json!({ "maxTokens": 3 }))).await.unwrap();
    let asked: Vec<_> = here.provider.calls().iter().map(|call| call.ask.max_tokens).collect();
    assert_eq!(asked, [Some(10), Some(3)]);
    let error = here.chat(ask(json!({ "maxTokens": 11 }))).await.unwrap_err();
    assert!(error.message().contains("at most 10"), "{error}");
}

/// Asks with these fields; the refusal must name this field.
async fn refuse(more: serde_json::Value, field: &str) {
    let here = here(vec![]).await;
    let error = here.chat(ask(more.clone())).await.unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some(field)), "{more}");
    assert!(error.hint_text().is_some(), "{more}");
    assert!(here.provider.calls().is_empty());
}

#[tokio::test]
async fn every_field_has_its_rule() {
    let many = vec!["a"; 5];
    let long = "a".repeat(257);
    for (more, field) in [
        (json!({ "messages": [] }), "messages"),
        (json!({ "messages": [{ "role": "user" }] }), "messages[0].content"),
        (json!({ "messages": [{ "role": "user", "content": [] }] }), "messages[0].content"),
        (json!({ "messages": [{ "role": "user", "content": [{ "type": "text" }] }] }), "messages[0].content"),
        (json!({ "messages": [{ "role": "tool", "content": "4" }] }), "messages[0].toolCallId"),
        (json!({ "messages": [{ "role": "user", "content": "a", "toolCalls": [{}] }] }), "messages[0].toolCalls"),
        (json!({ "temperature": 2.5 }), "temperature"),
        (json!({ "temperature": -0.1 }), "temperature"),
        (json!({ "topP": 1.5 }), "topP"),
        (json!({ "maxTokens": 0 }), "maxTokens"),
        (json!({ "presencePenalty": 3 }), "presencePenalty"),
        (json!({ "frequencyPenalty": -3 }), "frequencyPenalty"),
        (json!({ "stop": many }), "stop"),
        (json!({ "stop": [""] }), "stop"),
        (json!({ "stop": [long] }), "stop"),
        (json!({ "n": 0 }), "n"),
        (json!({ "n": 17 }), "n"),
        (json!({ "topLogprobs": 3 }), "topLogprobs"),
        (json!({ "logprobs": true, "topLogprobs": 21 }), "topLogprobs"),
        (json!({ "logitBias": { "x": 1 } }), "logitBias"),
        (json!({ "logitBias": { "1": 101 } }), "logitBias"),
        (json!({ "tools": [{ "type": "web" }] }), "tools"),
        (json!({ "toolChoice": "required" }), "toolChoice"),
    ] {
        refuse(more, field).await;
    }
}

#[tokio::test]
async fn parts_of_another_kind_are_refused_with_the_reason() {
    let here = here(vec![]).await;
    let image = json!([{ "type": "image_url", "image_url": { "url": "data:," } }]);
    let error = here.chat(ask(json!({ "messages": [{ "role": "user", "content": image }] }))).await.unwrap_err();
    assert_eq!(error.stable_code(), "unsupported_content");
    assert!(error.message().contains("image_url"), "{error}");
}

#[test]
fn what_is_unknown_is_named() {
    let request = json!({ "route": "tiny", "messages": [{ "role": "user", "content": "a", "mood": 1 }] });
    let error = crate::op::decode::<ChatRequest>(request).unwrap_err();
    assert_eq!((error.stable_code(), error.field_name()), ("unknown_field", Some("messages[0].mood")));
    let request = json!({ "route": "tiny", "messages": [{ "role": "robot", "content": "a" }] });
    let error = crate::op::decode::<ChatRequest>(request).unwrap_err();
    assert_eq!(error.field_name(), Some("messages[0].role"));
    let request = json!({ "route": "tiny", "messages": [{ "role": "user", "content": 4 }] });
    let error = crate::op::decode::<ChatRequest>(request).unwrap_err();
    assert!(error.message().contains("a text or a list of parts"), "{error}");
}

#[tokio::test]
async fn several_answers_are_one() {
    let turns = vec![FakeTurn::Says(words(&["a"])), FakeTurn::Says(words(&["b", "c"]))];
    let here = here(turns.iter().chain(&turns).cloned().collect()).await;
    let whole = here.chat(ask(json!({ "n": 2, "seed": 5 }))).await.unwrap();
    let indexes: Vec<u32> = whole.choices.iter().map(|choice| choice.index).collect();
    assert_eq!((indexes, whole.usage.prompt_tokens, whole.usage.completion_tokens), (vec![0, 1], 1, 3));
    let seeds: Vec<_> = here.provider.calls().iter().map(|call| call.ask.seed).collect();
    assert_eq!(seeds, [Some(5), Some(6)]);
    let chunks: Vec<ChatChunk> = here.stream(ask(json!({ "n": 2 }))).await.unwrap().map(Result::unwrap).collect().await;
    let mut said = [String::new(), String::new()];
    for choice in chunks.iter().flat_map(|chunk| &chunk.choices) {
        said[choice.index as usize].push_str(choice.delta.content.as_deref().unwrap_or_default());
    }
    assert_eq!(said, ["a", "bc"]);
    assert_eq!(
        chunks.iter().filter_map(|chunk| chunk.usage).map(|usage| usage.completion_tokens).collect::<Vec<_>>(),
        [3]
    );
}

#[tokio::test]
async fn of_several_answers_one_that_breaks_breaks_all() {
    let here = here(vec![FakeTurn::Says(words(&["a"])), FakeTurn::Breaks(words(&["b"]))]).await;
    let items: Vec<Result<ChatChunk>> = here.stream(ask(json!({ "n": 2 }))).await.unwrap().collect().await;
    assert!(items.last().unwrap().is_err());
    let routes = here.gateway.list_routes(&Ctx::system(), ListRoutes::default()).await.unwrap().items;
    assert_eq!(routes[0].in_flight, 0);
}
