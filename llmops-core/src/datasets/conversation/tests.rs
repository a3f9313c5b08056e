use serde_json::json;

use super::*;

/// A question before the message, and an answer where it is none.
fn talk(message: &Value) -> Cell {
    Cell::Json(
        json!([{ "role": "user", "content": "How warm is it?" }, message, { "role": "assistant", "content": "Warm" }]),
    )
}

#[track_caller]
fn good(message: Value) {
    assert_eq!(check(&talk(&message)), Ok(()), "{message}");
    assert_eq!(check(&Cell::Text(json!([message, { "role": "assistant", "content": "" }]).to_string())), Ok(()));
}

#[track_caller]
fn bad(message: Value, reason: &str) {
    assert_eq!(check(&talk(&message)), Err(reason.to_owned()), "{message}");
}

fn calling(call: Value) -> Value {
    json!({ "role": "assistant", "content": null, "tool_calls": [call] })
}

fn saying(content: Value) -> Value {
    json!({ "role": "user", "content": content })
}

#[test]
fn a_message_says_a_text_or_parts_or_calls_tools() {
    good(saying(json!("")));
    good(saying(json!([{ "type": "text", "text": "Look" }, { "type": "image_url", "image_url": { "url": "data:" } }])));
    good(saying(json!([{ "type": "text", "text": "Look", "image": null }, { "type": "image", "text": null }])));
    good(saying(json!([{ "type": "input_audio", "input_audio": { "data": "UklGRg==", "format": "wav" } }])));
    let function = json!({ "name": "weather", "arguments": "{\"city\": \"Seoul\"}" });
    good(calling(json!({ "id": "call_1", "type": "function", "function": function })));
    good(calling(json!({ "function": { "name": "weather", "arguments": { "city": "Seoul" } } })));
    good(calling(json!({ "name": "weather", "arguments": null })));
    good(json!({ "role": "assistant", "tool_calls": [{ "function": function }], "content": "Let me look." }));
    good(json!({ "role": "assistant", "tool_calls": [{ "function": function }], "content": [] }));
    good(json!({ "role": "assistant", "content": null, "refusal": "I may not say that." }));
    good(json!({ "role": "assistant", "content": [{ "type": "refusal", "refusal": "No." }], "tool_calls": [] }));
    good(json!({ "role": "tool", "tool_call_id": "call_1", "content": "{\"celsius\": 21}", "name": "weather" }));
    good(json!({ "role": "tool", "tool_call_id": null, "tool_calls": null, "name": null, "content": "21" }));
}

#[test]
fn what_a_message_lacks_is_said() {
    bad(saying(json!(5)), "the `content` of message 1 must be a text or a list of parts");
    bad(saying(Value::Null), "the `content` of message 1 is missing");
    bad(json!({ "role": "assistant" }), "the `content` of message 1 is missing and it has no `tool_calls`");
    let empty = json!({ "role": "assistant", "content": null, "tool_calls": [] });
    bad(empty, "the `content` of message 1 is missing and it has no `tool_calls`");
    bad(saying(json!([])), "the `content` of message 1 is a list without parts");
    bad(saying(json!(["a"])), "part 0 of message 1 has no `type`");
    bad(saying(json!([{ "type": "text", "text": "a" }, { "text": "b" }])), "part 1 of message 1 has no `type`");
    bad(saying(json!([{ "type": "text" }])), "part 0 of message 1 has no `text`");
    bad(saying(json!([{ "type": 1 }])), "part 0 of message 1 has a `type` that is no text");
    bad(saying(json!([{ "type": "image_url", "url": "a" }])), "part 0 of message 1 has no `image_url`");
    let old = json!({ "role": "assistant", "function_call": { "name": "weather", "arguments": "{}" } });
    bad(old, "message 1 has `function_call`, the old form: write it as `tool_calls`");
    bad(
        json!({ "role": "tool", "content": "21", "tool_call_id": 7 }),
        "the `tool_call_id` of message 1 must be a text",
    );
    bad(json!({ "role": "user", "content": "a", "name": [] }), "the `name` of message 1 must be a text");
}

#[test]
fn what_a_tool_call_lacks_is_said() {
    bad(calling(json!("weather")), "tool call 0 of message 1 is no object");
    bad(calling(json!({})), "tool call 0 of message 1 has no function name");
    bad(calling(json!({ "function": { "name": "" } })), "tool call 0 of message 1 has no function name");
    bad(calling(json!({ "type": "custom" })), "tool call 0 of message 1 has a `type` other than `function`");
    bad(calling(json!({ "name": "a", "id": 1 })), "tool call 0 of message 1 has an `id` that is no text");
    let reason = "tool call 0 of message 1 has `arguments` that are neither an object nor the text of one";
    bad(calling(json!({ "name": "a", "arguments": [1] })), reason);
    bad(json!({ "role": "assistant", "tool_calls": {} }), "the `tool_calls` of message 1 must be a list");
    let reason = "message 1 has `tool_calls`, and only the assistant calls tools";
    bad(json!({ "role": "user", "content": "a", "tool_calls": [{ "name": "a" }] }), reason);
}

#[test]
fn tools_stand_beside_a_conversation() {
    let tools = json!([{ "type": "function", "function": { "name": "weather" } }, { "name": "time" }]);
    assert_eq!(tools_of(&Cell::Json(tools.clone())), Ok(Some(tools)));
    let text = "[{\"type\": \"function\", \"function\": {\"name\": \"weather\", \"description\": \"b\"}}]";
    assert_eq!(tools_of(&Cell::Text(text.into())), Ok(Some(text.into())));
    for none in [Cell::Absent, Cell::Json(Value::Null), Cell::Text(" ".into()), Cell::Json(json!([]))] {
        assert_eq!(tools_of(&none), Ok(None));
    }
    let lacks = |value: Value| tools_of(&Cell::Json(value)).unwrap_err();
    assert_eq!(lacks(json!("a hammer")), "the tools of a conversation must be a list of functions");
    assert_eq!(lacks(json!([{ "name": "a" }, {}])), "tool 1 has no function name");
}

#[test]
fn a_message_is_known_by_its_texts() {
    let of = |message: Value| {
        let mut found = Vec::new();
        texts(message.as_object().unwrap(), &mut |text| found.push(text.to_owned()));
        found
    };
    let parts =
        json!([{ "type": "text", "text": "a" }, { "type": "image", "url": "b" }, { "type": "text", "text": "c" }]);
    assert_eq!(of(json!({ "role": "user", "content": parts, "name": "d" })), ["a", "c"]);
    let calls = json!([{ "name": "e", "arguments": { "f": 1 } }, { "function": { "name": "g", "arguments": "{}" } }]);
    let found = of(json!({ "content": "a", "tool_calls": calls, "refusal": "h" }));
    assert_eq!(found, ["a", "h", "e", "{\"f\":1}", "g", "{}"]);
}

#[test]
fn what_looks_like_a_message_is_one() {
    let is = |value: Value| is_message(value.as_object().unwrap());
    assert!(
        is(json!({ "role": "user", "content": "" })) && is(json!({ "role": "a", "content": [{ "type": "text" }] }))
    );
    assert!(is(json!({ "role": "assistant", "tool_calls": [] })) && is(json!({ "role": "a", "refusal": "b" })));
    assert!(!is(json!({ "role": "chief" })) && !is(json!({ "role": "a", "content": ["b"] })));
    assert!(!is(json!({ "content": "a" })) && !is(json!({ "role": "a", "content": { "b": 1 } })));
}

#[test]
fn a_template_is_given_texts_alone() {
    let image = json!([saying(json!("a")), saying(json!([{ "type": "text", "text": "b" }, { "type": "image" }]))]);
    assert_eq!(beyond_text(&image), Some((1, "image")));
    let call = json!({ "function": { "name": "e", "arguments": "{}" } });
    let messages = json!([
        { "role": "user", "content": [{ "type": "text", "text": "a" }, { "type": "text", "text": "b" }], "name": null },
        { "role": "assistant", "content": null, "tool_calls": [call], "refusal": null },
        { "role": "tool", "content": "c", "tool_call_id": "1", "tool_calls": [] },
        { "role": "assistant", "refusal": "d" },
    ]);
    assert_eq!(beyond_text(&messages), None);
    let plain = plain(messages);
    assert_eq!(plain[0], json!({ "role": "user", "content": "a\nb" }));
    assert_eq!(plain[1], json!({ "role": "assistant", "content": "", "tool_calls": [call] }));
    assert_eq!(plain[2], json!({ "role": "tool", "content": "c", "tool_call_id": "1" }));
    assert_eq!(plain[3], json!({ "role": "assistant", "content": "d" }));
}
