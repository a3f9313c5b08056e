//! Conversations in which the assistant calls tools.

use super::*;
use crate::data;

/// As of Qwen2.5, without its system prompt.
const QWEN: &str = r#"{%- if tools %}
    {{- '<|im_start|>system\n<tools>' }}
    {%- for tool in tools %}
        {{- '\n' }}{{- tool | tojson }}
    {%- endfor %}
    {{- '\n</tools><|im_end|>\n' }}
{%- endif %}
{%- for message in messages %}
    {%- if (message.role == "user") or (message.role == "assistant" and not message.tool_calls) %}
        {{- '<|im_start|>' + message.role + '\n' + message.content + '<|im_end|>' + '\n' }}
    {%- elif message.role == "assistant" %}
        {{- '<|im_start|>' + message.role }}
        {%- if message.content %}{{- '\n' + message.content }}{%- endif %}
        {%- for tool_call in message.tool_calls %}
            {%- if tool_call.function is defined %}{%- set tool_call = tool_call.function %}{%- endif %}
            {{- '\n<tool_call>\n{"name": "' }}{{- tool_call.name }}{{- '", "arguments": ' }}{{- tool_call.arguments | tojson }}{{- '}\n</tool_call>' }}
        {%- endfor %}
        {{- '<|im_end|>\n' }}
    {%- elif message.role == "tool" %}
        {{- '<|im_start|>user\n<tool_response>\n' }}{{- message.content }}{{- '\n</tool_response><|im_end|>\n' }}
    {%- endif %}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|im_start|>assistant\n' }}
{%- endif %}"#;

/// Which tools there are, and a conversation that calls one with these arguments.
fn weather(arguments: Value, tools: Value) -> Value {
    let call = json!({"id": "c1", "type": "function", "function": {"name": "weather", "arguments": arguments}});
    json!({"messages": [
        {"role": "user", "content": [{"type": "text", "text": "How warm"}, {"type": "text", "text": "is it?"}]},
        {"role": "assistant", "content": null, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c1", "content": "21"},
        {"role": "assistant", "content": "21 degrees", "tool_calls": null, "name": null},
    ], "tools": tools})
}

fn read(line: &Value) -> Result<Record> {
    let place = Place::new();
    place.write("talk.jsonl", &format!("\n{line}\n"));
    let mut lines = data::read(&place.path("talk.jsonl"), Some(Form::Chat))?;
    Ok(lines.remove(0).record)
}

/// What is read and what is learnt of a conversation, as texts.
fn example(line: &Value, template: Option<&str>) -> Result<(String, String)> {
    let text = Text { template: template.map(str::to_owned), ..tokenizer::train(&TEXTS, 280).unwrap() };
    let example = Encoder::new(&text)?.example(&read(line)?)?;
    Ok((text.tokenizer.decode(&example.tokens, false).unwrap(), learnt(&text, &example)))
}

#[track_caller]
fn refuses(line: &Value, template: Option<&str>, words: &str) {
    let error = example(line, template).unwrap_err();
    assert_eq!(error.exit_code(), 65, "{error}");
    assert!(error.to_string().contains(words), "{error}");
}

const CALL: &str =
    "<tool_call>\n{\"name\": \"weather\", \"arguments\": {\"city\": \"Seoul\", \"at\": 9}}\n</tool_call><|im_end|>";

#[test]
fn a_call_is_learnt_as_the_template_writes_it() {
    let order = "{\"city\": \"Seoul\", \"at\": 9}";
    let (whole, learnt) = example(&weather(order.into(), json!(null)), Some(QWEN)).unwrap();
    assert_eq!(learnt, format!("{CALL}21 degrees<|im_end|>"));
    let said = format!(
        "<|im_start|>user\nHow warm\nis it?<|im_end|>\n<|im_start|>assistant\n{CALL}\n\
         <|im_start|>user\n<tool_response>\n21\n</tool_response><|im_end|>\n<|im_start|>assistant\n21 degrees<|im_end|>"
    );
    assert_eq!(whole, said);
    let (_, learnt) = example(&weather(json!({"city": "Seoul"}), json!([])), Some(QWEN)).unwrap();
    assert!(learnt.contains("\"arguments\": {\"city\": \"Seoul\"}}\n"), "{learnt}");
}

#[test]
fn tools_are_written_into_the_prompt_in_their_order() {
    let tools = r#"[{"type": "function", "function": {"name": "weather", "description": "b"}}]"#;
    let written = "<|im_start|>system\n<tools>\n{\"type\": \"function\", \"function\": {\"name\": \"weather\", \
                   \"description\": \"b\"}}\n</tools><|im_end|>\n";
    let (whole, _) = example(&weather(json!({}), tools.into()), Some(QWEN)).unwrap();
    assert!(whole.starts_with(written), "{whole}");
    let whole = |line: &Value| example(line, Some(QWEN)).unwrap().0;
    assert!(whole(&weather(json!({}), serde_json::from_str(tools).unwrap())).contains("</tools>"));
}

#[test]
fn a_template_that_knows_no_calls_is_refused_rather_than_taught_silence() {
    refuses(&weather(json!({}), json!(null)), None, "the assistant calls `weather`, and the model's chat template");
    let talk = json!({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}], "tools": [{"name": "c"}]});
    refuses(&talk, None, "there are tools, and the model's chat template has no place for them");
}

#[test]
fn conversations_of_more_than_text_say_where() {
    let image = json!({"type": "image_url", "image_url": {"url": "data:"}});
    let with = |message: Value| json!({"messages": [message, {"role": "assistant", "content": "b"}]});
    let wrong = |message: Value, words: &str| refuses(&with(message), None, words);
    wrong(json!({"role": "user", "content": [image]}), "line 2: message 0 has a part of the type `image_url`");
    wrong(json!({"role": "user", "content": 5}), "message 0 has a `content` that is neither a text nor parts of text");
    wrong(json!({"role": "user", "content": null}), "message 0 has no `content`");
    wrong(json!({"content": "a"}), "message 0 has no `role`");
    let tools = json!({"messages": [{"role": "assistant", "content": "b"}], "tools": {}});
    refuses(&tools, None, "line 2: `tools` is no list");
}

#[test]
fn the_answer_to_a_question_may_be_a_call() {
    let mut line = weather(json!("{\"city\": \"Seoul\", \"at\": 9}"), json!(null));
    line["messages"].as_array_mut().unwrap().truncate(2);
    let text = Text { template: Some(QWEN.into()), ..tokenizer::train(&TEXTS, 280).unwrap() };
    let (prompt, answer) = Encoder::new(&text).unwrap().question(&read(&line).unwrap()).unwrap();
    assert_eq!(answer, CALL);
    assert!(text.decode(&prompt).unwrap().ends_with("is it?\nassistant\n"), "{}", text.decode(&prompt).unwrap());
}
