//! The head of a `README.md`, read and written.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::check::{CARD_BYTES as BYTES, MOST_TAGS, TAG_CHARS, is_key};
use super::values::{self, Tree};
use super::{README, quoted};
use crate::base::{Error, Result};

/// As much of a `README.md` as its front matter may take, in bytes.
pub(crate) const HEAD_BYTES: usize = BYTES + 8;
const TAGS: &str = "tags";
/// Which credential an external model has: of this platform alone, and taken from nobody's file.
pub(crate) const CREDENTIAL: &str = "credentialId";

/// What the front matter of a `README.md` says.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct FrontMatter {
    /// Its fields but the tags, at whatever depth.
    pub fields: Map<String, Value>,
    /// Its tags.
    pub tags: Vec<String>,
}

impl FrontMatter {
    /// Reads the beginning of a `README.md`. One without a front matter, or with one that is no YAML, longer than 64 KiB, of more
    /// than 20,000 values, deeper than 32 or of more than 64 KiB as JSON says nothing. Tags beyond 50, or longer than 64
    /// characters, are left out, and so are control characters and keys to other people's services.
    pub fn read(readme: &[u8]) -> Self {
        let text = String::from_utf8_lossy(&readme[..readme.len().min(HEAD_BYTES)]);
        split(&text).and_then(|(yaml, _)| tree(yaml).ok()).and_then(Self::of).unwrap_or_default()
    }

    /// Reads a whole `README.md` whose sender is to hear of a front matter that would say nothing: what it says, and the text below.
    ///
    /// # Errors
    /// `invalid_front_matter`, with the place where it cannot be read.
    pub fn told(readme: &str) -> Result<(Self, &str)> {
        let Some((yaml, body)) = split(readme) else { return Ok((Self::default(), plain(readme))) };
        if yaml.len() > BYTES {
            return Err(unreadable("is longer than 64 KiB"));
        }
        if yaml.lines().all(|line| matches!(line.trim_start().chars().next(), None | Some('#'))) {
            return Ok((Self::default(), body));
        }
        let tree = tree(yaml).map_err(|e| unreadable(&format!("cannot be read: {e}")))?;
        let read = Self::of(tree).ok_or_else(|| unreadable("is no object of fields, or larger than 64 KiB as JSON"))?;
        Ok((read, body))
    }

    /// The same of a front matter that somebody else has read and tells as JSON.
    pub fn read_json(json: &str) -> Self {
        if json.len() > BYTES {
            return Self::default();
        }
        values::read_json(&mut serde_json::Deserializer::from_str(json)).ok().and_then(Self::of).unwrap_or_default()
    }

    fn of(read: Tree) -> Option<Self> {
        let Value::Object(mut fields) = read.into_value() else { return None };
        let tags = match fields.remove(TAGS) {
            Some(Value::Array(tags)) => tags.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Some(Value::String(tag)) => vec![tag],
            _ => Vec::new(),
        };
        let mut tags: Vec<String> = tags;
        tags.retain(|tag| !tag.trim().is_empty() && tag.chars().count() <= TAG_CHARS);
        tags.truncate(MOST_TAGS);
        fields.retain(|key, value| !value.is_null() && is_anybodys(key));
        serde_json::to_vec(&fields).ok().filter(|json| json.len() <= BYTES).map(|_| Self { fields, tags })
    }
}

fn tree(yaml: &str) -> Result<Tree, serde_yaml_ng::Error> {
    values::read_yaml(serde_yaml_ng::Deserializer::from_str(yaml))
}

fn unreadable(rule: &str) -> Error {
    Error::invalid(README, format!("has a front matter that {rule}"))
        .code("invalid_front_matter")
        .hint("write its fields as YAML between two lines of `---`, or leave it out; long texts go below it")
}

/// A `README.md` with this card at its head, and below it what stood there.
pub(crate) fn write(card: &Map<String, Value>, tags: &[String], body: &str) -> Result<String> {
    written(card, tags, ("", body))
}

/// A `README.md` with this card in place of the one at its head. One that says the same already stays as it is; else its fields,
/// and the tags, keep their order, those without a value stay without one, and days that had no quotes get none.
pub(crate) fn rewrite(card: &Map<String, Value>, tags: &[String], readme: &str) -> Result<String> {
    if says(card, tags, readme) {
        return Ok(readme.to_owned());
    }
    written(card, tags, split(readme).unwrap_or(("", plain(readme))))
}

/// The head of a `README.md` as it may be kept, with its lines of dashes: without keys, and without the tags that are left out.
pub(crate) fn head_of(readme: &str) -> Result<String> {
    let Some((_, body)) = split(readme) else { return Ok(String::new()) };
    let FrontMatter { fields, tags } = FrontMatter::told(readme)?.0;
    let mut head = rewrite(&fields, &tags, readme)?;
    head.truncate(head.len() - body.len());
    Ok(head)
}

/// Whether the head of a `README.md` says just this card, and nothing that is nobody's business.
fn says(card: &Map<String, Value>, tags: &[String], readme: &str) -> bool {
    let Some((yaml, _)) = split(readme) else { return false };
    let is_open = || tree(yaml).is_ok_and(|tree| tree.fields().iter().all(|(key, _)| is_anybodys(key)));
    let set = |tags: &[String]| tags.iter().cloned().collect::<BTreeSet<_>>();
    let told = FrontMatter::told(readme);
    told.is_ok_and(|(read, _)| read.fields == *card && set(&read.tags) == set(tags)) && is_open()
}

fn written(card: &Map<String, Value>, tags: &[String], (before, body): (&str, &str)) -> Result<String> {
    let like = tree(before).ok().map(open);
    let mut fields = card.clone();
    fields.retain(|key, _| is_anybodys(key));
    if !tags.is_empty() {
        fields.insert(TAGS.into(), ordered(tags, like.as_ref().and_then(|like| like.field(TAGS))));
    }
    let failed = |e: serde_yaml_ng::Error| Error::unexpected("a card cannot be written as YAML").caused_by(e);
    let yaml = quoted::to_yaml(fields, (before, like.as_ref())).map_err(failed)?;
    Ok(format!("---\n{yaml}---\n{body}"))
}

/// What anybody may read of a head.
fn open(tree: Tree) -> Tree {
    match tree {
        Tree::Fields(fields) => Tree::Fields(fields.into_iter().filter(|(key, _)| is_anybodys(key)).collect()),
        other => other,
    }
}

/// Tags in the order that they had; one that stood by itself does again.
fn ordered(tags: &[String], like: Option<&Tree>) -> Value {
    let place = |tag: &String| match like {
        Some(Tree::List(list)) => {
            list.iter().position(|one| matches!(one, Tree::Leaf(Value::String(other)) if other == tag))
        }
        _ => None,
    };
    match (tags, like) {
        ([one], Some(Tree::Leaf(Value::String(other)))) if one == other => one.clone().into(),
        _ => {
            let mut tags = tags.to_vec();
            tags.sort_by_key(|tag| place(tag).unwrap_or(usize::MAX));
            tags.into()
        }
    }
}

/// Whether a field may stand in a file that anybody reads.
fn is_anybodys(field: &str) -> bool {
    field != CREDENTIAL && !is_key(field)
}

/// The text without the mark that some editors put before it.
fn plain(readme: &str) -> &str {
    readme.strip_prefix('\u{feff}').unwrap_or(readme)
}

/// The YAML and what stands below it.
pub(super) fn split(readme: &str) -> Option<(&str, &str)> {
    let readme = plain(readme);
    let first = readme.split_inclusive('\n').next().filter(|line| line.trim_end() == "---")?;
    let (rest, mut at) = (&readme[first.len()..], 0);
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == "---" {
            return Some((&rest[..at], &rest[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const HUB: &str = r#"---
language:
- en
- ko
license: apache-2.0
base_model: some/base
tags: [text-generation, "tiny"]
datasets:
  - a/b
no_value:
model-index:
- name: tiny
  results:
  - task:
      type: text-generation
    metrics:
    - type: accuracy
      value: 0.5
      verified: false
extra: &note "kept: as it is # here"
again: *note
7: seven
---

# Tiny

---
not the end of the card
"#;

    #[test]
    fn json_of_strangers_is_read_within_the_same_bounds() {
        let read =
            FrontMatter::read_json(r#"{"license": "m\u0007it", "tags": ["a\u001b"], "api_key": "k", "n": null}"#);
        assert_eq!(
            (read.fields, read.tags),
            (json!({ "license": "mit" }).as_object().cloned().unwrap(), vec!["a".into()])
        );
        let many = format!(r#"{{"a": [{}{{}}]}}"#, "{},".repeat(20_000));
        let deep = format!(r#"{{"a": {}{}}}"#, "[".repeat(40), "]".repeat(40));
        for bad in [many, deep, "[]".into(), "{".into(), format!(r#"{{"a": "{}"}}"#, "x".repeat(BYTES))] {
            assert_eq!(FrontMatter::read_json(&bad), FrontMatter::default());
        }
    }

    #[test]
    fn what_the_hub_writes_is_read_at_every_depth() {
        let card = FrontMatter::read(HUB.as_bytes());
        let expect = json!({
            "language": ["en", "ko"], "license": "apache-2.0", "base_model": "some/base", "datasets": ["a/b"],
            "model-index": [{ "name": "tiny", "results": [{
                "task": { "type": "text-generation" },
                "metrics": [{ "type": "accuracy", "value": 0.5, "verified": false }],
            }] }],
            "extra": "kept: as it is # here", "again": "kept: as it is # here", "7": "seven",
        });
        assert_eq!(Value::Object(card.fields), expect);
        assert_eq!(card.tags, ["text-generation", "tiny"]);
        assert_eq!(body(HUB), "\n# Tiny\n\n---\nnot the end of the card\n");
    }

    #[test]
    fn what_is_no_card_says_nothing() {
        let long = format!("---\na: {}\n---\n", "x".repeat(BYTES));
        let bomb = format!(
            "---\na: &a [x,x,x,x,x,x,x,x,x,x]\n{}---\n",
            (b'b'..b'h')
                .map(|c| format!("{}: &{0} [*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1}]\n", c as char, (c - 1) as char))
                .collect::<String>()
        );
        let texts = format!("---\na: &a {}\nb: [{}]\n---\n", "x".repeat(30_000), "*a,".repeat(10_000));
        let deep = format!("---\na: {}{}\n---\n", "[".repeat(33), "]".repeat(33));
        for text in [
            texts.as_str(),
            &deep,
            "",
            "# Tiny\n",
            "---\nlicense: x\n",
            "---\n---\n",
            "---\n- a\n---\n",
            "---\na: [\n---\n",
            "---\na: !x b\n---\n",
            &long,
            &bomb,
        ] {
            assert_eq!(FrontMatter::read(text.as_bytes()), FrontMatter::default(), "{:.40}", text);
        }
        assert_eq!(FrontMatter::read(&[0xff, 0xfe]), FrontMatter::default());
    }

    #[test]
    fn a_key_is_taken_from_nobodys_file() {
        let readme = b"---\napiKey: a\napi_key: b\nAPI-KEY: c\ncredentialId: d\nlicense: mit\n---\n";
        assert_eq!(Value::Object(FrontMatter::read(readme).fields), json!({ "license": "mit" }));
    }

    #[test]
    fn a_card_that_is_larger_as_json_says_nothing() {
        let readme = format!("---\na: &a {}\nb: *a\nc: *a\n---\n", "x".repeat(30_000));
        assert_eq!(FrontMatter::read(readme.as_bytes()), FrontMatter::default());
    }

    #[test]
    fn control_characters_are_left_out() {
        let card = FrontMatter::read(b"---\na: \"x\\e]0;y\\0\\tz\"\ntags: [\"t\\e\"]\n---\n");
        assert_eq!((card.fields["a"].as_str(), card.tags), (Some("x]0;y\tz"), vec!["t".to_owned()]));
    }

    #[test]
    fn line_ends_and_a_byte_order_mark_do_not_matter() {
        let card = FrontMatter::read("\u{feff}---\r\nlicense: mit\r\n---\r\nbody\r\n".as_bytes());
        assert_eq!(card.fields["license"], "mit");
        assert_eq!(body("\u{feff}---\r\nlicense: mit\r\n---\r\nbody\r\n"), "body\r\n");
    }

    fn body(readme: &str) -> &str {
        split(readme).map_or(readme, |(_, body)| body)
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            (-1e9..1e9).prop_map(Value::from),
            "[ -~가-힣\n]{0,12}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 30, 5, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
                prop::collection::btree_map("[ -~]{1,8}", inner, 0..5)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_card_comes_back_as_it_went(
            fields in prop::collection::btree_map("[a-zA-Z_-]{1,10}", value(), 0..6),
            tags in prop::collection::vec("[a-z가-힣][a-z가-힣: #-]{0,10}", 0..4),
        ) {
            let mut fields: Map<String, Value> = fields.into_iter().collect();
            fields.remove(TAGS);
            let readme = write(&fields, &tags, "# Body\n---\nmore\n").unwrap();
            let card = FrontMatter::read(readme.as_bytes());
            prop_assert_eq!(&card.fields, &fields);
            prop_assert_eq!(&card.tags, &tags);
            prop_assert_eq!(body(&readme), "# Body\n---\nmore\n");
        }

        #[test]
        fn noise_is_no_fault(noise in prop::collection::vec(any::<u8>(), 0..200)) {
            FrontMatter::read(&[&b"---\n"[..], &noise, &b"\n---\n"[..]].concat());
        }
    }
}
