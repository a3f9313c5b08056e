//! Counts are those that follow by hand from small tokenizers, and wrong ones are refused or bounded.

use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::DataFormat;
use super::super::tests::place::Place;
use super::*;
use crate::fuzz::spoil;

/// Whole words in small letters and signs, with all that would change a count if it were read.
pub(in super::super) fn words() -> Value {
    let vocabulary = ["[UNK]", "the", "cat", "sat", ".", "on", "mat", "<s>"];
    let vocabulary: Value = vocabulary.iter().zip(0..).map(|(word, id)| ((*word).to_owned(), json!(id))).collect();
    let special = json!({
        "id": 7, "content": "<s>", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true,
    });
    json!({
        "version": "1.0",
        "truncation": { "direction": "Right", "max_length": 2, "strategy": "LongestFirst", "stride": 0 },
        "padding": {
            "strategy": { "Fixed": 64 }, "direction": "Right", "pad_to_multiple_of": null, "pad_id": 0, "pad_type_id": 0,
            "pad_token": "[UNK]",
        },
        "added_tokens": [special],
        "normalizer": { "type": "Lowercase" },
        "pre_tokenizer": { "type": "Whitespace" },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                { "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } },
                { "Sequence": { "id": "A", "type_id": 0 } },
            ],
            "pair": [{ "Sequence": { "id": "A", "type_id": 0 } }, { "Sequence": { "id": "B", "type_id": 1 } }],
            "special_tokens": { "<s>": { "id": "<s>", "ids": [7], "tokens": ["<s>"] } },
        },
        "decoder": null,
        "model": { "type": "WordLevel", "vocab": vocabulary, "unk_token": "[UNK]" },
    })
}

/// Pairs of letters: `ab`, then `abab`.
fn pairs() -> Value {
    json!({
        "version": "1.0",
        "model": {
            "type": "BPE", "dropout": 0.5, "vocab": { "a": 0, "b": 1, "ab": 2, "abab": 3 },
            "merges": [["a", "b"], ["ab", "ab"]],
        },
    })
}

fn opened(file: &Value) -> std::result::Result<Counter, String> {
    Counter::open(&serde_json::to_vec(file).unwrap())
}

fn count(file: &Value, text: &str) -> Count {
    opened(file).unwrap().count(text).unwrap()
}

#[test]
fn tokens_are_those_that_follow_by_hand() {
    for (text, tokens) in [
        ("The cat sat.", 4),
        ("the cat sat on the mat", 6),
        ("Unknown words: here", 4), // `[UNK] [UNK] : [UNK]`, where `:` is unknown too
        ("...", 1),                 // a run of signs is a piece
        ("<s>the<s> cat", 4),       // a special token is one wherever it stands
        (" ", 0),
        ("", 0),
    ] {
        assert_eq!(count(&words(), text), Count::Tokens(tokens), "{text}");
    }
    for (text, tokens) in [("abab", 1), ("ababab", 2), ("aab", 2), ("ba", 2), ("abba", 3)] {
        // With its chance to leave merges out the counts would differ from time to time.
        assert_eq!(count(&pairs(), text), Count::Tokens(tokens), "{text}");
    }
}

#[test]
fn long_texts_are_counted_up_to_the_limit() {
    let mut counter = opened(&words()).unwrap();
    let text = "the cat ".repeat(counter::TEXT_BYTES / 8);
    assert_eq!(counter.count(&text).unwrap(), Count::Tokens(2 * text.len() as u64 / 8));
    assert_eq!(counter.count(&format!("{text}.")).unwrap(), Count::Not("it is longer than 1 MiB".into()));
    assert_eq!(counter.count("the cat").unwrap(), Count::Tokens(2), "it goes on");
}

#[test]
fn nobody_waits_for_a_text_without_end() {
    let mut counter = opened(&words()).unwrap().with_patience(Duration::from_nanos(1));
    let error = counter.count(&"the cat ".repeat(100_000)).unwrap_err();
    assert_eq!(error.stable_code(), "tokenizer_too_slow");
    assert_eq!(counter.count("short").unwrap(), Count::Tokens(1), "short ones are counted here");
}

#[test]
fn wrong_files_are_refused_with_the_reason() {
    let with = |part: &str, value: Value| {
        let mut file = words();
        file[part] = value;
        opened(&file).err().unwrap_or_else(|| panic!("{part} is accepted"))
    };
    let steps = |step: Value, many: usize| json!({ "type": "Sequence", "normalizers": vec![step; many] });
    let pattern = |pattern: &str| json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false });
    let long = "x".repeat(5000);
    let mut nested = json!({ "type": "NFC" });
    for _ in 0..40 {
        nested = steps(nested, 1);
    }
    for (part, value, expect) in [
        ("normalizer", json!({ "type": "Explode" }), "`Explode`"),
        ("normalizer", steps(json!({ "type": "NFC" }), 65), "more than 64 steps"),
        ("normalizer", nested, "in one another"),
        ("normalizer", json!({ "type": "Prepend", "prepend": "x".repeat(200) }), "201 times longer"),
        (
            "normalizer",
            json!({ "type": "Replace", "pattern": { "String": "a" }, "content": "x".repeat(129) }),
            "129 times",
        ),
        ("normalizer", json!({ "type": "Replace", "pattern": { "Regex": "" }, "content": long }), "longer than 4096"),
        ("normalizer", json!({ "type": "Precompiled", "precompiled_charsmap": "/////w==" }), "map of characters"),
        ("pre_tokenizer", pattern(&long), "longer than 4096"),
        ("pre_tokenizer", pattern("(("), ""),
        (
            "pre_tokenizer",
            json!({ "type": "Sequence", "pretokenizers": vec![json!({ "type": "ByteLevel", "add_prefix_space": true, "trim_offsets": true }); 9] }),
            "times longer",
        ),
        (
            "model",
            json!({ "type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100_000, "vocab": { "[UNK]": 0 } }),
            "100000 characters",
        ),
        (
            "model",
            json!({ "type": "WordLevel", "unk_token": "[UNK]", "vocab": { "[UNK]": 0, (long.clone()): 1 } }),
            "5000 bytes",
        ),
        ("model", json!({ "type": "Unigram", "unk_id": 5, "vocab": [["a", 0.0]] }), ""),
        ("model", json!({}), ""),
    ] {
        let why = with(part, value);
        assert!(why.contains(expect) && !why.is_empty(), "{why}");
    }
    for bytes in [&b"{}"[..], b"", b"not json", b"[]", br#"{"model": null}"#] {
        assert!(Counter::open(bytes).is_err());
    }
    let known = json!({ "version": "1.0", "model": { "type": "WordLevel", "vocab": {}, "unk_token": "" } });
    assert_eq!(opened(&known).err().unwrap(), "it knows no token");
}

#[test]
fn steps_that_lengthen_are_stopped_before_they_fill_the_memory() {
    let tenfold = json!({ "type": "Replace", "pattern": { "String": "a" }, "content": "aaaaaaaaaa" });
    let mut file = words();
    file["normalizer"] = json!({ "type": "Sequence", "normalizers": vec![tenfold; 20] });
    let mut counter = opened(&file).unwrap();
    assert_eq!(counter.count(&"a".repeat(1000)).unwrap(), Count::Not("the tokenizer makes it too long".into()));
    assert_eq!(counter.count("the cot").unwrap(), Count::Tokens(2), "what holds no `a` is as long as it was");
}

#[test]
fn patterns_that_go_back_without_end_are_given_up() {
    let mut file = words();
    // Finds no end: each `a` is tried in both ways.
    let pattern = "(?=((a|a)*)b)\\1c|(a*a*)*\\3b";
    file["pre_tokenizer"] =
        json!({ "type": "Split", "pattern": { "Regex": pattern }, "behavior": "Isolated", "invert": false });
    let begun = Instant::now();
    let mut counter = opened(&file).unwrap();
    match counter.count(&"a".repeat(2000)) {
        Ok(Count::Not(why)) => assert!(why.starts_with("the tokenizer refuses it"), "{why}"),
        Ok(counted) => assert!(matches!(counted, Count::Tokens(_))),
        Err(slow) => assert_eq!(slow.stable_code(), "tokenizer_too_slow"),
    }
    assert!(begun.elapsed() < Duration::from_secs(90));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_text_is_counted_and_never_ends_the_program(text in ".{0,200}") {
        prop_assert!(matches!(count(&words(), &text), Count::Tokens(_)));
        count(&pairs(), &text);
    }
}

#[test]
fn spoilt_files_are_refused_or_read() {
    let (words, pairs) = (serde_json::to_vec(&words()).unwrap(), serde_json::to_vec(&pairs()).unwrap());
    spoil("tokenizer.json", &[&words, &pairs], |bytes| match Counter::open(bytes) {
        Ok(mut counter) => counter.count("the cat abab").map(|count| format!("{count:?}")).unwrap_or_default(),
        Err(why) => why,
    });
}

/// The report of a dataset whose columns all count.
fn report(text: &str, chat: bool, config: Option<Value>) -> TokenReport {
    let place = Place::new();
    let walk = place.walk(text, DataFormat::Jsonl);
    let named = walk.names().into_iter().zip(0..).collect();
    let task = Task {
        columns: Columns { named, chat: chat.then_some(0) },
        walk,
        model: "tiny:1.0.0".into(),
        tokenizer: serde_json::to_vec(&words()).unwrap().into(),
        config: config.map(|config| config.to_string().into()),
        settings: Some(json!({ "model_max_length": 1e30 }).to_string().into()),
    };
    run(&task, (place.runtime.handle(), Arc::default())).unwrap()
}

#[test]
fn a_report_counts_columns_and_rows() {
    let rows =
        "{\"a\": \"The cat\", \"b\": \"sat on the mat.\"}\n{\"a\": \"\", \"b\": \"the\"}\nbroken\n{\"a\": 12}\n{}\n";
    let found = report(rows, false, Some(json!({ "max_position_embeddings": 4 })));
    assert_eq!((found.rows, found.bad_rows, found.context_length), (4, 1, Some(4)));
    assert_eq!((found.complete, found.left_out.as_slice()), (false, &["1 row: it cannot be read".to_owned()][..]));
    let sums = |of: &TokenDistribution| (of.counted, of.missing, of.left_out, of.total, of.over_context);
    assert_eq!(sums(&found.columns[0].tokens), (2, 2, 0, 3, Some(0)));
    assert_eq!(sums(&found.columns[1].tokens), (2, 2, 0, 6, Some(1)));
    assert_eq!(sums(&found.together), (3, 1, 0, 9, Some(1)));
    let spread = found.together.distribution.unwrap();
    assert_eq!((spread.min, spread.max, spread.mean, spread.sampled), (1.0, 7.0, 3.0, false));
    let quantiles: Vec<(f64, f64)> = spread.quantiles.iter().map(|one| (one.q, one.value)).collect();
    // Of 1, 1 and 7, between neighbours: 0.9 is eight tenths of the way from the second to the third.
    assert_eq!(quantiles.iter().map(|(q, _)| *q).collect::<Vec<_>>(), [0.5, 0.9, 0.95, 0.99]);
    assert!((quantiles[0].1 - 1.0).abs() < 1e-9 && (quantiles[1].1 - 5.8).abs() < 1e-9, "{quantiles:?}");
    assert_eq!(spread.histogram.iter().map(|bar| bar.count).sum::<u64>(), 3);
}

#[test]
fn a_conversation_is_the_contents_of_its_messages() {
    let turn = |role: &str, content: &str| json!({ "role": role, "content": content });
    let rows = [
        json!({ "messages": [turn("user", "the cat"), turn("assistant", "sat.")] }),
        json!({ "messages": [turn("user", "nobody answers")] }),
        json!({ "messages": [turn("user", ""), turn("assistant", "the")] }),
    ];
    let rows: String = rows.iter().map(|row| format!("{row}\n")).collect();
    let found = report(&rows, true, None);
    let of = &found.columns[0];
    assert!(of.conversation);
    assert_eq!((of.tokens.counted, of.tokens.left_out, of.tokens.total, of.tokens.over_context), (2, 1, 5, None));
    assert_eq!((found.together.counted, found.together.left_out, found.context_length), (2, 1, None));
    assert!(found.left_out[0].starts_with("1 text: no message is from the assistant"), "{:?}", found.left_out);
}

#[test]
fn of_a_conversation_all_that_is_text_counts() {
    let call = json!({ "name": "the", "arguments": "the cat" });
    let parts = json!([{ "type": "text", "text": "the cat" }, { "type": "text", "text": "sat." }]);
    let image = json!([{ "type": "text", "text": "the" }, { "type": "image_url", "image_url": { "url": "the" } }]);
    let answer = json!({ "role": "assistant", "content": null, "tool_calls": [call] });
    let rows = [parts, image].map(|said| json!({ "messages": [{ "role": "user", "content": said }, answer] }));
    let found = report(&rows.map(|row| format!("{row}\n")).concat(), true, None);
    assert_eq!((found.together.counted, found.together.left_out, found.together.total), (1, 1, 7));
    assert_eq!(found.left_out, ["1 text: the conversation has parts that are no text"]);
}

#[test]
fn context_lengths_are_found_where_models_state_them() {
    let of = |config: Option<Value>, settings: Option<Value>| texts::context_length(config.as_ref(), settings.as_ref());
    let at = |name: &str, value: Value| Some(json!({ name: value }));
    assert_eq!(of(at("max_position_embeddings", json!(32)), at("model_max_length", json!(64))), Some(32));
    assert_eq!(of(at("n_positions", json!(1024)), None), Some(1024));
    assert_eq!(of(at("text_config", json!({ "max_position_embeddings": 8192 })), None), Some(8192));
    assert_eq!(of(Some(json!({})), at("model_max_length", json!(64))), Some(64));
    // How the `transformers` library writes that there is none.
    assert_eq!(of(None, serde_json::from_str("{\"model_max_length\": 1000000000000000019884624838656}").ok()), None);
    assert_eq!(of(at("max_position_embeddings", json!(-1)), None), None);
    assert_eq!(of(None, None), None);
}

#[test]
fn a_tokenizer_that_is_none_is_refused_by_name() {
    let error = open("tiny:1.0.0", b"{}").err().unwrap();
    assert_eq!((error.field_name(), error.stable_code()), (Some("modelId"), "unusable_tokenizer"));
    let said = error.message();
    assert!(
        said.contains("tiny:1.0.0, whose tokenizer.json cannot be used") && said.contains("choose another model"),
        "{said}"
    );
}
