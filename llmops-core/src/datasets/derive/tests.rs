//! What operations make of rows.

use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::super::format::{Cell, Row};
use super::super::pii::{PiiDetector, RuleDetector, Search};
use super::super::searching::{Rules, Wanted};
use super::super::sorted::Scratch;
use super::super::tests::place::Place;
use super::super::walk::At;
use super::super::{DataFormat, DerivedBy, PiiType};
use super::redact::Redactor;
use super::{Operation, Task, run, template};
use crate::base::{Error, Result};
use crate::fuzz::spoil;

/// What is redacted when nobody says. Once for all tests: its patterns take longer to compile than a test to run.
fn everything() -> Arc<Search> {
    static SEARCH: LazyLock<Arc<Search>> = LazyLock::new(|| {
        let wanted = Wanted { of: "", types: None, min_confidence: None };
        Arc::new(Rules::of(&wanted, None).unwrap().search(&[]).unwrap())
    });
    SEARCH.clone()
}

/// The same without a least confidence.
fn search_all() -> &'static RuleDetector {
    static ALL: LazyLock<RuleDetector> = LazyLock::new(|| RuleDetector::new(PiiType::ALL).unwrap());
    &ALL
}

/// The texts of the parts that an operation makes.
fn made(text: &str, format: DataFormat, operation: Value) -> Result<Vec<String>> {
    let place = Place::new();
    let operation = Operation::of(&serde_json::from_value::<DerivedBy>(operation).unwrap())?;
    let search = Some(everything());
    let task =
        Task { walk: place.walk(text, format), format, parts: operation.parts(), operation, search, tokens: None };
    let scratch = Scratch::create(&place.dir.path().join("scratch"))?;
    let files = run(&task, &scratch, (place.runtime.handle(), Arc::default()))?;
    Ok(files.iter().map(|file| std::fs::read_to_string(&file.path).unwrap()).collect())
}

fn one(text: &str, format: DataFormat, operation: Value) -> String {
    made(text, format, operation).unwrap().remove(0)
}

fn refused(text: &str, format: DataFormat, operation: Value) -> Error {
    made(text, format, operation).expect_err("it should be refused")
}

const CSV: DataFormat = DataFormat::Csv;
const JSONL: DataFormat = DataFormat::Jsonl;

fn numbered(rows: usize) -> String {
    (0..rows).fold("id,kind\n".to_owned(), |text, row| format!("{text}{row},k{}\n", row % 3))
}

fn body(text: &str) -> Vec<&str> {
    text.lines().skip(1).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn parts_are_disjoint_whole_and_the_same_under_one_seed(
        rows in 20usize..120,
        train in 1u32..8,
        seed in 0u64..1000,
        stratified in any::<bool>(),
    ) {
        let text = numbered(rows);
        let shares = [f64::from(train) / 10.0, f64::from(9 - train) / 10.0, 0.1];
        let mut split = json!({ "train": shares[0], "validation": shares[1], "test": shares[2], "seed": seed });
        if stratified {
            split["stratifyBy"] = "kind".into();
        }
        let parts = made(&text, CSV, json!({ "split": split.clone() })).unwrap();
        let mut together: Vec<&str> = parts.iter().flat_map(|part| body(part)).collect();
        for (part, share) in parts.iter().zip(shares) {
            let wanted = rows as f64 * share;
            prop_assert!((body(part).len() as f64 - wanted).abs() <= 2.0, "{} of {wanted}", body(part).len());
            let ids: Vec<u64> = body(part).iter().map(|row| row.split(',').next().unwrap().parse().unwrap()).collect();
            prop_assert!(ids.is_sorted(), "rows stay in their order");
        }
        together.sort_unstable();
        let mut wanted = body(&text);
        wanted.sort_unstable();
        prop_assert_eq!(together, wanted);
        prop_assert_eq!(&made(&text, CSV, json!({ "split": split })).unwrap(), &parts);
    }

    #[test]
    fn a_group_is_never_torn(rows in 40usize..120, seed in 0u64..50) {
        let text = (0..rows).fold("id,who\n".to_owned(), |text, row| format!("{text}{row},w{}\n", row % 20));
        let split = json!({ "split": { "train": 0.5, "test": 0.5, "seed": seed, "groupBy": "who" } });
        let Ok(parts) = made(&text, CSV, split) else { return Ok(()) }; // all groups fell to one side
        let groups = |part: &str| -> BTreeSet<String> {
            body(part).iter().map(|row| row.split(',').nth(1).unwrap().to_owned()).collect()
        };
        prop_assert_eq!(groups(&parts[0]).intersection(&groups(&parts[1])).count(), 0);
        prop_assert_eq!(body(&parts[0]).len() + body(&parts[1]).len(), rows);
    }

    #[test]
    fn a_sample_has_the_rows_asked_for(rows in 1usize..100, wanted in 1usize..100, seed in 0u64..100) {
        let wanted = wanted.min(rows);
        let text = numbered(rows);
        let sample = json!({ "sample": { "rows": wanted, "seed": seed } });
        let drawn = one(&text, CSV, sample);
        let all = body(&text);
        prop_assert_eq!(body(&drawn).len(), wanted);
        prop_assert!(body(&drawn).iter().all(|row| all.contains(row)));
    }

    #[test]
    fn the_first_of_equal_rows_stays(rows in proptest::collection::vec((0u8..6, 0u8..3), 1..60)) {
        let text = rows.iter().fold("a,b\n".to_owned(), |text, (a, b)| format!("{text}x{a},y{b}\n"));
        let mut seen = BTreeSet::new();
        let whole: Vec<String> =
            rows.iter().filter(|row| seen.insert(**row)).map(|(a, b)| format!("x{a},y{b}")).collect();
        let made = one(&text, CSV, json!({ "dedupe": {} }));
        prop_assert_eq!(body(&made), whole);
        let mut seen = BTreeSet::new();
        let by_a: Vec<String> =
            rows.iter().filter(|(a, _)| seen.insert(*a)).map(|(a, b)| format!("x{a},y{b}")).collect();
        let made = one(&text, CSV, json!({ "dedupe": { "columns": ["a"] } }));
        prop_assert_eq!(body(&made), by_a);
    }

    #[test]
    fn what_is_redacted_holds_nothing_that_the_search_finds(
        pieces in proptest::collection::vec((0usize..PIECES.len(), "[ a-z0-9.,\\-@+]{0,3}"), 1..12),
        nested in any::<bool>(),
    ) {
        let text: String = pieces.iter().map(|(piece, between)| format!("{}{between}", PIECES[*piece])).collect();
        let call = json!({ "function": { "name": "send", "arguments": json!({ "to": text }).to_string() } });
        let part = json!({ "type": "text", "text": format!("So:\n{text}") });
        let messages = json!([{ "content": [part], "tool_calls": [call] }, 4_111_111_111_111_111_u64]);
        let value = if nested { json!({ "messages": messages }) } else { json!(text) };
        let redact = serde_json::from_value(json!({})).unwrap();
        let mut redactor = Redactor::new(&redact, &[], everything());
        let cell = Cell::Json(value);
        let clean = redactor.cell(0, &cell).unwrap_or(cell);
        let mut found = Vec::new();
        search_all().find(&clean.text().unwrap(), &mut found);
        found.retain(|found| found.confidence >= 0.5);
        prop_assert!(found.is_empty(), "{clean:?} holds {found:?}");
    }
}

const PIECES: [&str; 12] = [
    "jane.roe@acme-mail.com",
    "4111 1111 1111 1111",
    "010-1234-5678",
    "+82 10 1234 5678",
    "850101-1234567",
    "123-45-6789",
    "DE89 3704 0044 0532 0130 00",
    "203.0.113.77",
    "8.8.8.8",
    "https://user:secret@host.com/x",
    "sk-abcdefghij0123456789abcd",
    "1234567",
];

#[test]
fn a_condition_keeps_rows_and_their_bytes() {
    let text = "{\"n\": 1e0,\"t\":\"a b\"}\n{ \"n\":12345678901234567890123, \"t\":\"\"}\n{\"t\":\"c\"}\n";
    let keep = |condition: &str| one(text, JSONL, json!({ "filter": { "condition": condition } }));
    assert_eq!(keep("t == \"a b\""), "{\"n\": 1e0,\"t\":\"a b\"}\n");
    assert_eq!(keep("n is not none and n > 100"), "{ \"n\":12345678901234567890123, \"t\":\"\"}\n");
    assert_eq!(keep("n is none or t is matching(\"^a\")").lines().count(), 2);
    let table = "lang,size\nen,5\nde,20\nen,\n";
    let keep = |condition: &str| one(table, CSV, json!({ "filter": { "condition": condition } }));
    assert_eq!(keep("size and size > 10"), "lang,size\nde,20\n");
    assert_eq!(keep("lang in [\"en\", \"fr\"] and size is none"), "lang,size\nen,\n");
    assert_eq!(keep("row[\"lang\"]|upper == \"DE\""), "lang,size\nde,20\n");
}

#[test]
fn an_order_between_kinds_is_refused_by_the_schema() {
    let table = "text,size,ok\nten,5,true\neleven,20,false\n";
    let filter = |condition: &str| json!({ "filter": { "condition": condition } });
    for (condition, holds) in [
        ("text > 1", "`text`, which is text, with `1`, which is a number, by `>` at character 6"),
        ("size >= 1 and 0.5 < text", "`0.5`, which is a number, with `text`, which is text, by `<` at character 19"),
        ("text <= size", "`text`, which is text, with `size`, which is a number"),
        ("size > \"10\"", "`size`, which is a number, with `\"10\"`, which is text"),
        ("row[\"text\"] > 1", "`row[\"text\"]`, which is text"),
        ("not (text|lower < 3)", "`text|lower`, which is text"),
        ("1 < size < text", "`size`, which is a number, with `text`"),
        ("-1 < text if size > 6 else true", "`-1`, which is a number"),
    ] {
        let error = refused(table, CSV, filter(condition));
        assert_eq!(
            (error.stable_code(), error.field_name()),
            ("different_kinds", Some("filter.condition")),
            "{condition}"
        );
        assert!(error.message().contains(holds), "{condition}: {}", error.message());
    }
    for (condition, rows) in [
        ("size > 6", 1),
        ("text > \"f\"", 1),
        ("text|length > 3", 1),
        ("row.size < 6 or text == 1", 1),
        ("size|string > \"3\"", 1),
        ("ok > 0", 1),
        ("text != \"a > 1\" and text in [\"ten\", \"<\"]", 1),
        ("(size + 1) * 2 > 12 < 100", 1),
        ("text|length < size", 2),
    ] {
        assert_eq!(body(&one(table, CSV, filter(condition))).len(), rows, "{condition}");
    }
    // Of a column of several kinds it is not known before.
    let mixed = "{\"v\": 1}\n{\"v\": \"a\"}\n{\"v\": 3}\n";
    assert_eq!(one(mixed, JSONL, filter("v is number and v > 1")), "{\"v\": 3}\n");
    let lists = "{\"v\": [1]}\n";
    assert!(refused(lists, JSONL, filter("v > 1")).message().contains("`v`, which is a list or an object"));
}

#[test]
fn templates_make_columns() {
    let text = "question,answer\nq1,a1\n";
    let map = |columns: Value, keep: bool| json!({ "map": { "columns": columns, "keep": keep } });
    let prompt = json!([{ "name": "prompt", "template": "Q: {{ question }}" }]);
    assert_eq!(one(text, CSV, map(prompt.clone(), false)), "prompt\nQ: q1\n");
    assert_eq!(one(text, CSV, map(prompt, true)), "question,answer,prompt\nq1,a1,Q: q1\n");
    let chat = json!([{ "name": "messages", "json": true, "template":
        "[{\"role\": \"user\", \"content\": {{ question|tojson }}}, {\"role\": \"assistant\", \"content\": {{ answer|tojson }}}]" }]);
    let jsonl = "{\"question\":\"say \\\"hi\\\"\",\"answer\":\"hi\"}\n";
    let chat: Value = serde_json::from_str(&one(jsonl, JSONL, map(chat, false))).unwrap();
    assert_eq!(chat["messages"][0]["content"], "say \"hi\"");
    let upper = json!([{ "name": "text", "template": "{{ text|upper }}" }]);
    assert_eq!(one("ab\n", DataFormat::Text, map(upper, false)), "{\"text\":\"AB\"}\n");
    let bad = json!([{ "name": "messages", "json": true, "template": "[{{ question }}" }]);
    let error = refused(text, CSV, map(bad, false));
    assert!(error.message().contains("`rows` line 2") && error.stable_code() == "expression_failed", "{error:?}");
}

#[test]
fn formats_are_converted_there_and_back() {
    let table = "id,ok,rate,text\n1,true,1.5,=1+1\n2,false,,-5 apples\n";
    let lines = one(table, CSV, json!({ "convert": { "to": "jsonl" } }));
    let first: Value = serde_json::from_str(lines.lines().next().unwrap()).unwrap();
    assert_eq!(first, json!({ "id": 1, "ok": true, "rate": 1.5, "text": "=1+1" }));
    assert_eq!(one(&lines, JSONL, json!({ "convert": { "to": "csv", "safeCells": false } })), table);
    for convert in [json!({ "to": "csv" }), json!({ "to": "csv", "safeCells": true })] {
        let safe = one(&lines, JSONL, json!({ "convert": convert }));
        assert_eq!(safe, "id,ok,rate,text\n1,true,1.5,'=1+1\n2,false,,'-5 apples\n");
    }
    let numbers = "a,b\n-1,+2.5e3\n-0.5,+7\n";
    assert_eq!(one(numbers, CSV, json!({ "convert": { "to": "csv" } })), numbers);
    let begun = "a\n@SUM(A1)\n\"\tx\"\n\"\rx\"\n=HYPERLINK(1)\nplain - text\n";
    let safe = one(begun, CSV, json!({ "convert": { "to": "csv" } }));
    assert_eq!(safe.lines().filter(|line| line.contains('\'')).count(), 4, "{safe:?}");
    // What is not converted is not changed.
    assert_eq!(one(begun, CSV, json!({ "filter": { "condition": "a is matching(\"SUM\")" } })), "a\n@SUM(A1)\n");
    let sly = "=a,b\n -1,\" =1+1\"\n\"\n=1\",＝1\n";
    let safe = one(sly, CSV, json!({ "convert": { "to": "csv", "safeCells": true } }));
    assert_eq!(safe, "'=a,b\n -1,' =1+1\n\"'\n=1\",'＝1\n");
}

#[test]
fn personal_data_become_marks() {
    let text = "who,note\njane,write to jane.roe@acme-mail.com now\njoe,nothing\n";
    let clean = one(text, CSV, json!({ "redact": {} }));
    assert_eq!(clean, "who,note\njane,write to [EMAIL] now\njoe,nothing\n");
    let other = one(text, CSV, json!({ "redact": { "columns": ["who"] } }));
    assert_eq!(other, text);
}

#[test]
fn what_makes_no_row_is_refused() {
    let error = refused("a\n1\n", CSV, json!({ "filter": { "condition": "a > 5" } }));
    assert_eq!(error.stable_code(), "no_rows");
}

/// Conditions of somebody who means harm, each with the code that it ends with.
#[test]
fn hostile_expressions_end_soon_and_small() {
    let deep = format!("{}1{}", "(".repeat(1900), ")".repeat(1900));
    let (sums, nots) = (vec!["a"; 1999].join("+"), format!("{}a", "not ".repeat(990)));
    for (condition, code) in [
        (deep.as_str(), Some("invalid_expression")),
        (sums.as_str(), None),
        (nots.as_str(), None),
        ("\"x\" * 1000000000000", Some("out_of_fuel|expression_failed")),
        ("(\"x\" * 100000)|replace(\"x\", \"y\" * 100000)", Some("out_of_fuel|expression_failed")),
        ("range(1000000000)|list|length > 1", Some("out_of_fuel|expression_failed")),
        ("10 ** 10 ** 10 ** 10", None),
        ("a is matching(\"(a{1000}){1000}\")", Some("expression_failed")),
        ("debug()", Some("unknown_column")),
        ("nope == 1", Some("unknown_column")),
        ("a ==", Some("invalid_expression")),
        ("a.__class__", None),
        ("length(a)", Some("unknown_column")),
    ] {
        let began = std::time::Instant::now();
        let ended = made("a\n1\n", CSV, json!({ "filter": { "condition": condition } }));
        let shown: String = condition.chars().take(60).collect();
        assert!(began.elapsed().as_secs() < 20, "{shown} took {:?}", began.elapsed());
        if let Some(code) = code {
            let error = ended.expect_err(&shown);
            assert!(code.split('|').any(|code| code == error.stable_code()), "{shown}: {error:?}");
        }
    }
    let grows =
        "{% set ns = namespace(x=\"x\") %}{% for i in range(100) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}";
    let writes = "{% for i in range(100000) %}{% for j in range(100000) %}xxxxxxxx{% endfor %}{% endfor %}";
    let chain = format!("{{% if a == 0 %}}{}{{% endif %}}x", "{% elif a==2 %}".repeat(1300));
    let sums = format!("{{{{ {} }}}}", vec!["a"; 9990].join("+"));
    for template in [chain, sums] {
        // Whatever comes of them, the process lives on.
        let _ = made("a\n1\n", CSV, json!({ "map": { "columns": [{ "name": "x", "template": template }] } }));
    }
    for template in [grows, writes, "{{ a.b.c }}"] {
        let map = json!({ "map": { "columns": [{ "name": "x", "template": template }] } });
        let error = refused("a\n1\n", CSV, map);
        assert!(["out_of_fuel", "expression_failed"].contains(&error.stable_code()), "{template}: {error:?}");
    }
}

#[test]
fn spoilt_conditions() {
    let columns = Place::new().walk("a,b\n1,2\n", CSV).columns;
    let environment = template::environment();
    let seeds: [&[u8]; 3] =
        [b"a|length > 10 and b == \"en\"", b"(a in [1, 2.5, none]) or not b is defined", b"{'x': a[1:2]}['x']"];
    spoil("condition", &seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let condition = template::Condition::new(&environment, &text, &columns);
        condition.map_or_else(|error| error.message().to_owned(), |_| "well".to_owned())
    });
}

#[test]
fn spoilt_templates() {
    let columns = Place::new().walk("a,b\n1,2\n", CSV).columns;
    let seeds: [&[u8]; 3] = [
        b"Question: {{ a|trim|upper }}\nAnswer: {{ b if b else \"none\" }}",
        b"{% for x in [a, b] %}{{ loop.index }}. {{ x }}{% endfor %}",
        b"{# why #}{% set n = a|length %}{% if n > 2 %}{{ a[1:] ~ b }}{% endif %}",
    ];
    spoil("template", &seeds, |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let environment = template::environment();
        let template = template::Text::new(&environment, ("map.columns[0].template", "x", &text), &columns);
        let at = At { path: "rows", file: 0, line: "", row: 0, places: &[0, 1] };
        let row = || Row {
            place: super::super::format::Place::START,
            cells: ["one", "2"].map(|text| Cell::Raw(text.into())).into(),
        };
        let made = template.and_then(|mut template| template.of(&at, &row()));
        made.unwrap_or_else(|error| error.message().to_owned())
    });
}

#[test]
fn a_mistake_is_shown_where_it_is() {
    let columns = Place::new().walk("a\n1\n", CSV).columns;
    let environment = template::environment();
    let error = template::Condition::new(&environment, "a == 1 and )", &columns).err().unwrap();
    assert!(error.message().contains("character 12"), "{}", error.message());
    let error = template::Condition::new(&environment, "b == 1", &columns).err().unwrap();
    assert_eq!((error.field_name(), error.hint_text()), (Some("filter.condition"), Some("its columns are a")));
}
