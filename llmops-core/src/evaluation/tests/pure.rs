//! What needs no database.

use serde_json::{Value, json};

use super::super::examples;
use super::super::plan::{self, check_suits};
use super::super::scoring::{Answered, score_all};
use super::super::through;
use super::super::verdict::{End, Refusal, Verdict, judge, refusal};
use super::super::*;
use crate::base::{Error, ErrorKind, Id};
use crate::compute::Exit;
use crate::datasets::ExampleForm;

fn ask(change: Value) -> Result<()> {
    let mut request = json!({ "modelId": Id::nil(), "datasetId": Id::nil(), "metrics": ["exact_match"] });
    for (key, value) in change.as_object().unwrap() {
        request[key] = value.clone();
    }
    plan::settle(&serde_json::from_value(request).unwrap()).map(drop)
}

#[track_caller]
fn refused(change: Value, field: &str) {
    let error = ask(change).unwrap_err();
    assert_eq!((error.kind(), error.field_name()), (ErrorKind::Invalid, Some(field)), "{error}");
}

#[test]
fn requests_are_refused_by_field() {
    ask(json!({})).unwrap();
    refused(json!({ "modelId": null }), "modelId");
    refused(json!({ "endpointId": Id::nil() }), "modelId");
    refused(json!({ "metrics": [] }), "metrics");
    refused(json!({ "metrics": ["bleu", "bleu"] }), "metrics[1]");
    refused(json!({ "metrics": ["nope"] }), "metrics[0].name");
    refused(json!({ "limit": 0 }), "limit");
    refused(json!({ "limit": 100_001 }), "limit");
    refused(json!({ "concurrency": 0 }), "concurrency");
    refused(json!({ "concurrency": 65 }), "concurrency");
    refused(json!({ "parameters": { "maxTokens": 0 } }), "parameters.maxTokens");
    refused(json!({ "parameters": { "temperature": -0.1 } }), "parameters.temperature");
}

#[track_caller]
fn suits(metric: &str, form: ExampleForm, over_endpoint: bool, expect: bool) {
    let outcome = check_suits(&[MetricSpec::Name(metric.into())], form, over_endpoint);
    assert_eq!(outcome.is_ok(), expect, "{metric} over {form:?}, endpoint {over_endpoint}");
}

#[test]
fn metrics_suit_what_is_asked() {
    suits("exact_match", ExampleForm::Prompt, true, true);
    suits("latency", ExampleForm::Chat, true, true);
    suits("perplexity", ExampleForm::Prompt, false, true);
    suits("perplexity", ExampleForm::Text, false, true);
    suits("exact_match", ExampleForm::Text, false, false);
    suits("latency", ExampleForm::Text, false, false);
    suits("perplexity", ExampleForm::Prompt, true, false);
}

#[track_caller]
fn sample(written: Value, prompt: &str, reference: Option<&str>) {
    let line = examples::line(3, &written).unwrap();
    let example = examples::read(line.as_bytes()).unwrap().remove(0);
    assert_eq!((example.number, example.prompt.as_str()), (3, prompt));
    assert_eq!(example.reference.as_deref(), reference);
}

#[test]
fn every_form_becomes_a_question_with_a_reference() {
    sample(json!({ "prompt": "a", "response": "b" }), "a", Some("b"));
    sample(json!({ "prompt": "a", "chosen": "b", "rejected": "c" }), "a", Some("b"));
    sample(json!({ "question": "q", "context": "c", "answer": "a" }), "c\n\nq", Some("a"));
    sample(json!({ "text": "t" }), "t", None);
    let said = |role: &str, content: &str| json!({ "role": role, "content": content });
    sample(json!({ "messages": [said("user", "a"), said("assistant", "b")] }), "a", Some("b"));
    let long = [said("system", "s"), said("user", "a"), said("assistant", "b")];
    sample(json!({ "messages": long }), "system: s\nuser: a", Some("b"));
}

#[test]
fn what_tools_did_is_part_of_the_question_and_never_the_answer() {
    let call = json!({ "function": { "name": "weather", "arguments": { "city": "Seoul" } } });
    let called = json!({ "role": "assistant", "content": "", "tool_calls": [call] });
    let result = json!({ "role": "tool", "content": "21" });
    let asked = json!({ "role": "user", "content": "a" });
    let answer = json!({ "role": "assistant", "content": "b" });
    let tools = json!([{ "name": "weather" }]);
    let prompt = "user: a\nassistant: weather({\"city\":\"Seoul\"})\ntool: 21";
    for tools in [tools.clone(), tools.to_string().into()] {
        let written = json!({ "messages": [asked, called, result, answer], "tools": tools });
        sample(written.clone(), prompt, Some("b"));
        let example = examples::read(examples::line(0, &written).unwrap().as_bytes()).unwrap().remove(0);
        assert_eq!(example.question.tools, [json!({ "name": "weather" })]);
        assert_eq!(example.question.messages[1].tool_calls[0], call);
    }
    assert_eq!(examples::line(0, &json!({ "messages": [asked, called] })), None);
}

#[test]
fn a_conversation_without_an_answer_is_no_sample() {
    assert_eq!(examples::line(0, &json!({ "messages": [{ "role": "user", "content": "a" }] })), None);
}

#[test]
fn calls_without_ids_are_put_to_an_endpoint_with_such() {
    let call = |arguments: Value| json!({ "name": "weather", "arguments": arguments });
    let said = json!([
        { "role": "user", "content": "a" },
        { "role": "assistant", "content": "", "tool_calls": [call(json!({ "city": "Seoul" })), call(json!("{}"))] },
        { "role": "tool", "content": "21" },
        { "role": "tool", "content": "22" },
        { "role": "assistant", "content": "b", "tool_calls": [{ "id": "x", "function": call(Value::Null) }] },
        { "role": "tool", "content": "23", "tool_call_id": "x" },
    ]);
    let said: Vec<Message> = serde_json::from_value(said).unwrap();
    let sent = serde_json::to_value(through::messages(&said).unwrap()).unwrap();
    let function = |arguments: &str| json!({ "name": "weather", "arguments": arguments });
    let calls = json!([
        { "id": "call_1_0", "type": "function", "function": function("{\"city\":\"Seoul\"}") },
        { "id": "call_1_1", "type": "function", "function": function("{}") },
    ]);
    assert_eq!(sent[1], json!({ "role": "assistant", "toolCalls": calls }));
    assert_eq!(sent[2], json!({ "role": "tool", "content": "21", "toolCallId": "call_1_0" }));
    assert_eq!(sent[3]["toolCallId"], "call_1_1");
    assert_eq!((&sent[4]["content"], &sent[4]["toolCalls"][0]["id"]), (&json!("b"), &json!("x")));
    assert_eq!((&sent[4]["toolCalls"][0]["function"], &sent[5]["toolCallId"]), (&function("{}"), &json!("x")));
}

fn exit(code: Option<i32>, signal: Option<i32>) -> Exit {
    Exit { code, signal, out_of_memory: false, stopped: false }
}

#[track_caller]
fn ends(exit: Option<Exit>, attempt: i64, stopping: bool, expect: &str) {
    let verdict = judge(End { exit: exit.as_ref(), fault: "", stopping, attempt });
    let said = match verdict {
        Verdict::Collect => "collect".to_owned(),
        Verdict::Again(_) => "again".to_owned(),
        Verdict::End(status, _) => status.name().to_owned(),
    };
    assert_eq!(said, expect);
}

#[test]
fn the_end_of_a_process_is_judged() {
    ends(Some(exit(Some(0), None)), 1, false, "collect");
    ends(Some(exit(Some(66), None)), 1, false, "failed");
    ends(Some(exit(None, Some(9))), 1, false, "again");
    ends(Some(exit(None, Some(9))), 3, false, "failed");
    ends(None, 1, false, "again");
    ends(Some(exit(None, Some(15))), 1, true, "cancelled");
    ends(Some(Exit { out_of_memory: true, ..exit(None, Some(9)) }), 1, false, "failed");
}

#[test]
fn a_refusal_concerns_a_sample_a_while_or_all() {
    let of = |error: Error, setbacks| refusal(&error, setbacks);
    assert_eq!(of(Error::invalid("messages", "are too long"), 0), Refusal::Sample("`messages` are too long".into()));
    assert_eq!(of(Error::unavailable("starting"), 0), Refusal::Later("starting".into()));
    assert_eq!(of(Error::unavailable("starting"), 99), Refusal::Never("starting".into()));
    assert_eq!(of(Error::denied("no"), 0), Refusal::Never("no".into()));
}

#[test]
fn a_sample_without_an_answer_counts_as_an_empty_one() {
    let right = Answered { reference: Some("a b".into()), prediction: Some("A b.".into()), ..Answered::default() };
    let none = Answered { prediction: None, ..right.clone() };
    let specs = [MetricSpec::Name("exact_match".into())];
    let scored = score_all(&specs, &[right, none]).unwrap();
    assert_eq!((scored.metrics[0].value, scored.samples[1].scores["exact_match"]), (0.5, 0.0));
}

#[test]
fn a_metric_leaves_out_what_it_cannot_look_at() {
    let timed = |ms: f64| Answered { ms: Some(ms), ..Answered::default() };
    let specs = [MetricSpec::Name("latency".into())];
    let scored = score_all(&specs, &[timed(10.0), Answered::default(), timed(30.0)]).unwrap();
    assert_eq!(scored.metrics[0].value, 20.0);
    assert_eq!(scored.samples[2].scores["latency"], 30.0);
    assert!(scored.samples[1].scores.is_empty());
}

#[test]
fn likelihoods_are_kept_as_sums() {
    let sure = Answered { likelihood: Some((-2.0, 4, 8)), ..Answered::default() };
    let empty = Answered { likelihood: Some((0.0, 0, 0)), ..Answered::default() };
    let specs = ["perplexity", "bits_per_byte"].map(|name| MetricSpec::Name(name.into()));
    let scored = score_all(&specs, &[sure, empty]).unwrap();
    assert!((scored.metrics[0].value - 0.5_f64.exp()).abs() < 1e-12);
    assert!((scored.metrics[1].value - 2.0 / 8.0 / std::f64::consts::LN_2).abs() < 1e-12);
}

#[test]
fn every_metric_is_described() {
    let described = super::super::describe::describe().unwrap();
    assert_eq!(described.items.len(), metric::METRICS.len());
    assert!(described.items.iter().all(|metric| !metric.description.is_empty()));
    let bleu = described.items.iter().find(|metric| metric.name == "bleu").unwrap();
    assert_eq!(bleu.options["tokenizer"], "13a");
}
