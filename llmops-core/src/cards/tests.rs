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
                  1.5: half\n7: seven\ntrue: yes\n? [a, 1]\n: pair\n<<: {merged: 1}\nday: 2024-02-29\nnone: ~\n---\n# T\n";
    let fields = json!({
        "large": "123456789012345678901234567890", "least": "-9223372036854775809",
        "some": [".inf", "-.inf", ".nan", 1.5], "1.5": "half", "7": "seven", "true": "yes", "[\"a\",1]": "pair",
        "<<": { "merged": 1 }, "day": "2024-02-29",
    });
    let (read, tags, _) = told(readme);
    assert_eq!((&read, tags.len()), (&fields, 0));
    let Value::Object(card) = read else { return };
    let again = rewrite(&card, &[], readme).unwrap();
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
fn spoilt_readmes() {
    let seeds: [&[u8]; 2] = [
        b"---\nconfigs:\n- config_name: default\n  data_files:\n  - {split: train, path: \"data/*\"}\ntags: [a]\n---\n# T\n",
        b"\xef\xbb\xbf---\nlanguage: &l [en, ko]\nagain: *l\ndataset_info: {splits: [{num_examples: 3}]}\n---\n\n---\n",
    ];
    spoil("readme", &seeds, |bytes| match FrontMatter::told(&String::from_utf8_lossy(bytes)) {
        Ok((FrontMatter { fields, tags }, text)) => {
            let again = write(&fields, &tags, text).unwrap();
            assert!(again.ends_with(text));
            format!("{:?} {} {}", fields.keys().collect::<Vec<_>>(), tags.len(), text.len())
        }
        Err(error) => error.message().to_owned(),
    });
}
