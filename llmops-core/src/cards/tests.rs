//! A `README.md` whose sender hears of what cannot be read.

use serde_json::{Value, json};

use super::*;
use crate::base::ErrorKind;
use crate::fuzz::spoil;

fn told(readme: &str) -> (Value, Vec<String>, String) {
    let (FrontMatter { fields, tags }, text) = FrontMatter::told(readme).unwrap();
    (fields.into(), tags, text.to_owned())
}

#[test]
fn a_readme_is_its_fields_its_tags_and_its_text() {
    let readme = "---\nlicense: mit\ntags: a\nconfigs:\n- data_files: [{split: train, path: data/*}]\n---\n# Title\n";
    let fields = json!({
        "license": "mit", "configs": [{ "data_files": [{ "split": "train", "path": "data/*" }] }],
    });
    assert_eq!(told(readme), (fields, vec!["a".to_owned()], "# Title\n".to_owned()));
}

#[test]
fn a_text_needs_no_front_matter() {
    for (readme, text) in [
        ("# Title\n", "# Title\n"),
        ("\u{feff}# Title\n", "# Title\n"),
        ("---\n---\ntext", "text"),
        ("---\n# nothing yet\n\n---\ntext", "text"),
        ("---\nlicense: mit\n", "---\nlicense: mit\n"),
        ("", ""),
    ] {
        assert_eq!(told(readme), (json!({}), vec![], text.to_owned()), "{readme}");
    }
}

#[test]
fn what_cannot_be_read_is_said() {
    let bombs: String =
        ('b'..'h').map(|c| format!("{c}: &{c} [*{0},*{0},*{0},*{0},*{0},*{0},*{0},*{0}]\n", 'a')).collect();
    let long = format!("---\na: {}\n---\n", "x".repeat(HEAD_BYTES));
    let wide = format!("---\na: &a {}\nb: *a\nc: *a\n---\n", "x".repeat(30_000));
    let deep = format!("---\na: {}{}\n---\n", "[".repeat(33), "]".repeat(33));
    let bomb = format!("---\na: &a [{}]\n{bombs}---\n", "x,".repeat(1000));
    for readme in ["---\n- a\n---\n", "---\na: [\n---\n", "---\njust words\n---\n", &long, &wide, &deep, &bomb] {
        let error = FrontMatter::told(readme).unwrap_err();
        assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Invalid, "invalid_front_matter"), "{readme:.40}");
        assert_eq!(error.field_name(), Some(README));
    }
}

#[test]
fn what_json_has_no_number_or_name_for_is_kept_as_its_text() {
    let readme = "---\nlarge: 123456789012345678901234567890\nleast: -9223372036854775809\nsome: [.inf, -.inf, .nan, 1.5]\n\
                  1.5: half\n7: seven\ntrue: yes\n? [a, 1]\n: pair\n<<: text\nday: 2024-02-29\nnone: ~\n---\n# T\n";
    let fields = json!({
        "large": "123456789012345678901234567890", "least": "-9223372036854775809",
        "some": [".inf", "-.inf", ".nan", 1.5], "1.5": "half", "7": "seven", "true": "yes", "[\"a\",1]": "pair",
        "<<": "text", "day": "2024-02-29",
    });
    let (read, tags, _) = told(readme);
    assert_eq!((&read, tags.len()), (&fields, 0));
    let Value::Object(card) = read else { return };
    assert_eq!(rewrite(&card, &[], readme).unwrap(), readme);
    let again = rewrite(&card, &["new".to_owned()], readme).unwrap();
    for line in
        ["large: 123456789012345678901234567890\n", "least: -9223372036854775809\n", "- .nan\n", "day: 2024-02-29\n"]
    {
        assert!(again.contains(line), "{again}");
    }
    assert!(again.ends_with("---\n# T\n"), "{again}");
    assert_eq!(told(&again).0, fields);
    assert!(write(&card, &[], "").unwrap().contains("day: '2024-02-29'\n"), "without the head before it is a text");
}

#[test]
fn merge_keys_are_carried_out() {
    for (yaml, fields) in [
        (
            "base: &b {x: 1, y: [2]}\nown: {<<: *b, x: 3}\n",
            json!({ "base": { "x": 1, "y": [2] }, "own": { "x": 3, "y": [2] } }),
        ),
        (
            "a: &a {x: 1}\nb: &b {x: 2, y: 2}\nc:\n  <<: [*a, *b]\n  z: 3\n",
            json!({
                "a": { "x": 1 }, "b": { "x": 2, "y": 2 }, "c": { "x": 1, "y": 2, "z": 3 },
            }),
        ),
        ("<<: {license: mit}\nlanguage: en\n", json!({ "license": "mit", "language": "en" })),
        (
            "a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: *b}\n",
            json!({
                "a": { "x": 1 }, "b": { "x": 1, "y": 2 }, "c": { "x": 1, "y": 2 },
            }),
        ),
    ] {
        let readme = format!("---\n{yaml}---\n");
        assert_eq!(told(&readme).0, fields, "{yaml}");
        assert_eq!(FrontMatter::read_json(&fields.to_string()).fields, *fields.as_object().unwrap());
    }
    // In JSON it is a name as any other.
    assert_eq!(FrontMatter::read_json(r#"{"a": {"<<": {"x": 1}}}"#).fields["a"], json!({ "<<": { "x": 1 } }));
}

/// Heads as models and datasets of the Hub have them.
const HEADS: [&str; 12] = [
    "license: apache-2.0\nlanguage:\n- en\n- ko\ntags:\n- zebra\n- apple\nbase_model: some/base\n",
    "tags: text\npipeline_tag: text-generation\nlicense: other\nlicense_name: own\nlicense_link: LICENSE\n",
    "# what people see\nlicense:\nlibrary_name: transformers\ninference: ~\n",
    "model-index:\n- name: tiny\n  results:\n  - task: {type: text-generation, name: Text}\n    dataset: {name: a, type: b}\n    \
     metrics:\n    - {type: accuracy, value: 0.5, verified: false}\nlicense: mit\n",
    "dataset_info:\n  features:\n  - name: text\n    dtype: string\n  splits:\n  - name: train\n    num_bytes: 10\n    \
     num_examples: 3\n  download_size: 9\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/*\n",
    "zzz: &d\n  split: train\n  path: a/*\naaa:\n  <<: *d\n  path: b/*\n",
    "language: ['no', 'on', \"yes\"]\nversion: '1.0'\nat: 2024-02-29\ntime: '12:30'\n",
    "extra_gated_prompt: |-\n  You agree: to\n  all of it.\nextra_gated_fields:\n  Name: text\n  Country: country\n  I agree: checkbox\n",
    "widget:\n- text: \"Hello: world\"\n  example_title: '#1'\n- text: 'It''s'\n",
    "license: llama3\ntags: []\nthumbnail: null\ndatasets: [b/b, a/a]\nmetrics: [rouge, bleu]\n",
    "size_categories:\n- 1K<n<10K\ntask_categories: [question-answering]\npretty_name: 한국어 자료\nannotations_creators: []\n",
    "quantized_by: someone\nlarge: 123456789012345678901234567890\nrate: .nan\n7: seven\ntrue: yes\n",
];

#[test]
fn a_head_that_nobody_changed_stays_as_it_is() {
    for head in HEADS {
        let readme = format!("---\n{head}---\n# Title\n");
        let FrontMatter { fields, tags } = FrontMatter::told(&readme).unwrap().0;
        let set = |mut tags: Vec<String>| {
            tags.sort();
            tags
        };
        assert_eq!(rewrite(&fields, &set(tags), &readme).unwrap(), readme);
        assert_eq!(head_of(&readme).unwrap(), format!("---\n{head}---\n"));
    }
}

#[test]
fn a_head_that_was_changed_keeps_its_order_and_what_has_no_value() {
    for head in HEADS {
        let readme = format!("---\n{head}---\n# Title\n");
        let FrontMatter { mut fields, mut tags } = FrontMatter::told(&readme).unwrap().0;
        fields.insert("aa_new".into(), "new".into());
        tags.sort();
        let again = rewrite(&fields, &tags, &readme).unwrap();
        let keys = |readme: &str| {
            let yaml = serde_yaml_ng::Deserializer::from_str(readme.split("---\n").nth(1).unwrap());
            values::read_yaml(yaml).unwrap().fields().iter().map(|(key, _)| key.clone()).collect::<Vec<_>>()
        };
        let mut expected = keys(&readme);
        expected.retain(|key| key != "tags" || !tags.is_empty());
        expected.push("aa_new".to_owned());
        assert_eq!(keys(&again), expected, "{again}");
        let read = FrontMatter::told(&again).unwrap().0;
        let before = FrontMatter::told(&readme).unwrap().0;
        assert_eq!((&read.fields, &read.tags), (&fields, &before.tags), "{again}");
    }
}

#[test]
fn fields_and_tags_that_changed_stand_where_they_stood() {
    let readme =
        "---\nlicense:\ntags:\n- zebra\n- apple\nconfigs:\n- path: b\n  name: a\n# a remark\nat: 2024-02-29\n---\ntext";
    let card = json!({ "at": "2024-02-29", "configs": [{ "name": "c", "path": "b" }, { "name": "d" }], "more": 1 });
    let Value::Object(card) = card else { return };
    let tags = ["apple", "fig", "zebra"].map(str::to_owned);
    let expected = "---\nlicense: null\ntags:\n- zebra\n- apple\n- fig\nconfigs:\n- path: b\n  name: c\n- name: d\nat: 2024-02-29\n\
                    more: 1\n---\ntext";
    assert_eq!(rewrite(&card, &tags, readme).unwrap(), expected);
    let keys = "---\nzoo: 1\napi_key: secret\nart: 2\n---\ntext";
    assert_eq!(head_of(keys).unwrap(), "---\nzoo: 1\nart: 2\n---\n");
    assert_eq!(head_of("text").unwrap(), "");
}

#[test]
fn spoilt_readmes() {
    let seeds: [&[u8]; 2] = [
        b"---\nconfigs:\n- config_name: default\n  data_files:\n  - {split: train, path: \"data/*\"}\ntags: [a]\n---\n# T\n",
        b"\xef\xbb\xbf---\nlanguage: &l [en, ko]\nagain: *l\ndataset_info: {splits: [{num_examples: 3}]}\n---\n\n---\n",
    ];
    spoil("readme", &seeds, |bytes| match FrontMatter::told(&String::from_utf8_lossy(bytes)) {
        Ok((FrontMatter { fields, tags }, text)) => {
            let again = write(&fields, &tags, text).unwrap();
            assert!(again.ends_with(text));
            let mut more = fields.clone();
            more.insert("zz_new".into(), 1.into());
            let again = rewrite(&more, &tags, &String::from_utf8_lossy(bytes)).unwrap();
            assert!(FrontMatter::told(&again).is_ok_and(|(read, _)| read.fields == more), "{again}");
            format!("{:?} {} {}", fields.keys().collect::<Vec<_>>(), tags.len(), text.len())
        }
        Err(error) => error.message().to_owned(),
    });
}
