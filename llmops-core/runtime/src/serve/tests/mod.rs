pub(crate) mod tiny;

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};

use crate::serve::logprobs::{log_sum_exp, top};
use crate::serve::metrics::{Finish, Metrics};
use crate::serve::sampling::{Sampler, Sampling};
use crate::template::{ChatTemplate, Conversation, Refusal};

// Sampling.

fn draws(rules: Sampling, logits: &[f32], n: usize) -> HashMap<u32, usize> {
    let mut counts = HashMap::new();
    for seed in 0..n as u64 {
        let mut sampler = Sampler::new(Sampling { seed, ..rules.clone() }, &[]);
        *counts.entry(sampler.pick(&mut logits.to_vec()).unwrap()).or_insert(0) += 1;
    }
    counts
}

#[test]
fn temperature_zero_takes_the_first_of_the_best() {
    let rules = Sampling { temperature: 0.0, ..Sampling::default() };
    assert_eq!(draws(rules, &[0.0, 3.0, 1.0, 3.0], 3), HashMap::from([(1, 3)]));
}

#[test]
fn draws_follow_the_softmax() {
    let counts = draws(Sampling::default(), &[0.0, 2.0_f32.ln(), 7.0_f32.ln()], 20_000);
    for (id, share) in [(0, 0.1), (1, 0.2), (2, 0.7)] {
        let got = counts[&id] as f64 / 20_000.0;
        assert!((got - share).abs() < 0.015, "token {id}: {got}, expected {share}");
    }
}

#[test]
fn top_p_keeps_the_smallest_set_that_is_enough() {
    let rules = Sampling { top_p: 0.75, ..Sampling::default() };
    let mut kept: Vec<u32> = draws(rules, &[0.0, 7.0_f32.ln(), 2.0_f32.ln()], 2_000).into_keys().collect();
    kept.sort_unstable();
    assert_eq!(kept, [1, 2]);
}

#[test]
fn top_p_is_exact_on_a_flat_vocabulary() {
    let kept = draws(Sampling { top_p: 0.5, ..Sampling::default() }, &[1.0; 1000], 5_000);
    assert_eq!(kept.into_keys().max(), Some(499), "of equals the lowest ids come first");
}

#[test]
fn top_k_keeps_so_many() {
    let rules = Sampling { top_k: 2, ..Sampling::default() };
    let mut kept: Vec<u32> = draws(rules, &[1.0, 1.2, 0.9, 1.1], 2_000).into_keys().collect();
    kept.sort_unstable();
    assert_eq!(kept, [1, 3]);
}

#[test]
fn one_seed_gives_one_sequence() {
    let run = |seed| {
        let mut sampler = Sampler::new(Sampling { seed, ..Sampling::default() }, &[]);
        (0..50).map(|_| sampler.pick(&mut [0.0; 100]).unwrap()).collect::<Vec<u32>>()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn penalties_and_bias_move_the_choice() {
    let greedy = Sampling { temperature: 0.0, ..Sampling::default() };
    let pick_twice = |rules: Sampling, prompt: &[u32]| {
        let mut sampler = Sampler::new(rules, prompt);
        [sampler.pick(&mut [2.0, 1.9, -1.0]), sampler.pick(&mut [2.0, 1.9, -1.0])].map(Option::unwrap)
    };
    assert_eq!(pick_twice(greedy.clone(), &[0]), [0, 0]);
    assert_eq!(pick_twice(Sampling { presence: 0.5, ..greedy.clone() }, &[0]), [0, 1], "the prompt does not count");
    assert_eq!(pick_twice(Sampling { frequency: 0.5, ..greedy.clone() }, &[]), [0, 1]);
    assert_eq!(pick_twice(Sampling { repetition: 1.5, ..greedy.clone() }, &[0]), [1, 0], "the prompt counts");
    assert_eq!(pick_twice(Sampling { bias: [(2, 9.0)].into(), ..greedy }, &[]), [2, 2]);
}

#[test]
fn nothing_to_choose_from_is_told() {
    let mut sampler = Sampler::new(Sampling::default(), &[]);
    assert_eq!(sampler.pick(&mut [f32::NEG_INFINITY; 3]), None);
    assert_eq!(sampler.pick(&mut [f32::NAN; 3]), None);
}

// Log-probabilities.

#[test]
fn log_probabilities_are_normalized_and_ordered() {
    let logits = [1.0, 3.0, 2.0, 3.0];
    let log_sum = log_sum_exp(&logits);
    let all = top(&logits, 10, log_sum);
    assert_eq!(all.iter().map(|t| t.0).collect::<Vec<_>>(), [1, 3, 2, 0]);
    let total: f64 = all.iter().map(|t| f64::from(t.1).exp()).sum();
    assert!((total - 1.0).abs() < 1e-6, "{total}");
    assert_eq!(top(&logits, 2, log_sum), all[..2]);
}

// Templates.

const CHATML: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

fn render(source: &str, messages: Value, tools: &str) -> Result<String, String> {
    let tools: minijinja::Value = serde_json::from_str(tools).unwrap();
    let conversation = Conversation { messages: &messages, tools, add_generation_prompt: true };
    ChatTemplate::new(source, "<s>", "</s>")?.render(&conversation).map_err(Refusal::into_text)
}

fn one(source: &str) -> Result<String, String> {
    render(source, json!([{"role": "user", "content": "hi"}]), "null")
}

#[test]
fn a_usual_template_renders() {
    assert_eq!(one(CHATML).unwrap(), "<|im_start|>user\nhi<|im_end|>\n<|im_start|>assistant\n");
}

#[test]
fn python_methods_markers_and_absent_fields_work() {
    let source = "{{ bos_token }}{% for m in messages %}{% if m.tool_calls %}?{% endif %}{{ m.content.strip().upper() }}{% endfor %}{{ eos_token }}{% if tools is not none %}T{% endif %}";
    assert_eq!(one(source).unwrap(), "<s>HI</s>");
}

#[test]
fn tools_are_printed_as_python_prints_them() {
    let tools = r#"[{"type": "function", "function": {"name": "f<>", "parameters": {"a": [1, 2]}}}]"#;
    assert_eq!(render("{{ tools | tojson }}", json!([]), tools).unwrap(), tools);
}

#[test]
fn a_call_is_a_function_of_an_object_however_it_was_sent() {
    let source = "{{ messages[0].tool_calls | tojson }}";
    let rendered = |call: Value| render(source, json!([{"role": "assistant", "tool_calls": [call]}]), "null").unwrap();
    let sent = json!({"id": "1", "type": "function", "function": {"name": "f", "arguments": "{\"b\": 1, \"a\": [2]}"}});
    let seen = r#"[{"id": "1", "type": "function", "function": {"name": "f", "arguments": {"b": 1, "a": [2]}}}]"#;
    assert_eq!(rendered(sent), seen);
    let seen = r#"[{"type": "function", "function": {"name": "f", "arguments": {}}}]"#;
    assert_eq!(rendered(json!({"name": "f", "arguments": null})), seen);
    assert!(rendered(json!({"name": "f", "arguments": "no json"})).contains(r#""arguments": "no json""#));
    assert!(rendered(json!({"name": "f", "arguments": "5"})).contains(r#""arguments": "5""#));
}

#[test]
fn a_template_has_a_place_for_tools_or_has_none() {
    let takes = |source: &str| ChatTemplate::new(source, "", "").unwrap().takes_tools();
    assert!(takes("{% if tools %}{{ tools | tojson }}{% endif %}"));
    assert!(!takes(CHATML));
}

#[test]
fn a_template_can_refuse_in_its_own_words() {
    let error = one("{{ raise_exception('roles must alternate') }}").unwrap_err();
    assert!(error.contains("roles must alternate"), "{error}");
}

#[test]
fn printing_something_undefined_is_an_error() {
    assert!(one("{{ messages[0].nothing }}").is_err());
}

#[test]
fn a_broken_template_says_where() {
    let error = ChatTemplate::new("a\n{% for %}", "", "").err().unwrap();
    assert!(error.contains("line 2"), "{error}");
}

#[test]
fn debug_is_gone() {
    assert!(one("{{ debug() }}").is_err());
}

/// Hostile templates end in an error, and soon.
fn check_hostile(source: &str) {
    let begun = std::time::Instant::now();
    assert!(one(source).is_err(), "{source}");
    assert!(begun.elapsed() < Duration::from_secs(10), "{source} took {:?}", begun.elapsed());
}

macro_rules! hostile {
    ($($name:ident: $source:expr;)*) => {$(
        #[test]
        fn $name() {
            check_hostile($source);
        }
    )*};
}

hostile! {
    hostile_nested_loops: "{% for a in range(99999) %}{% for b in range(99999) %}{% for c in range(99999) %}{% endfor %}{% endfor %}{% endfor %}";
    hostile_recursive_macro: "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}";
    hostile_output: "{% for i in range(99999) %}{{ 'x' * 1000 }}{% endfor %}";
    hostile_repeat: "{{ 'x' * 9000000 }}";
    hostile_doubling_text: "{% set n = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set n.x = n.x ~ n.x %}{% endfor %}";
    hostile_replace: "{{ 'x'.replace('x', 'y' * 100000).replace('y', 'z' * 100000) }}";
    hostile_include: "{% include 'chat_template' %}";
    hostile_recursive_loop: "{% for i in range(99999) recursive %}{{ loop(range(99999)) }}{% endfor %}";
    hostile_length: &"{".repeat(300_000);
    hostile_nesting: &format!("{{{{ {}1{} }}}}", "(".repeat(100_000), ")".repeat(100_000));
    hostile_split: "{% for i in range(99999) %}{% set x = ('a,' * 100000).split(',') %}{% endfor %}";
    hostile_format: "{{ '%1000000000d' % 1 }}{{ '{:>1000000000}'.format(1) }}";
    hostile_center: "{{ 'x' | indent(1000000000) }}{{ 'x' | center(1000000000) }}";
    hostile_power: "{{ 9 ** 999999999 }}{{ 9 ** 9 ** 9 ** 9 }}";
}

// Metrics.

#[test]
fn metrics_have_the_names_scrapers_know() {
    let metrics = Metrics::default();
    metrics.finish(Finish::Length);
    metrics.first_token.observe(Duration::from_millis(30));
    metrics.first_token.observe(Duration::from_secs(500));
    let text = metrics.render("a\"b");
    for line in [
        r#"vllm:num_requests_running{model_name="a\"b"} 0"#,
        r#"vllm:request_success_total{model_name="a\"b",finished_reason="length"} 1"#,
        r#"vllm:time_to_first_token_seconds_bucket{model_name="a\"b",le="0.025"} 0"#,
        r#"vllm:time_to_first_token_seconds_bucket{model_name="a\"b",le="0.05"} 1"#,
        r#"vllm:time_to_first_token_seconds_bucket{model_name="a\"b",le="+Inf"} 2"#,
        r#"vllm:time_to_first_token_seconds_count{model_name="a\"b"} 2"#,
        r#"vllm:time_to_first_token_seconds_sum{model_name="a\"b"} 500.03"#,
    ] {
        assert!(text.lines().any(|l| l == line), "{line} is missing in\n{text}");
    }
}
