//! YAML that means the same to readers of YAML 1.1, as those of Python are: there `no` is a truth, `12:30` a number and
//! `2024-02-29` a day, unless they are quoted. What JSON has no number for is a number again.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use serde_yaml_ng::{Mapping, Number, Value as Yaml};

use super::values::Tree;

/// What stands before a text that the writer of YAML is not to write in its own way; longer if a text has it. Then comes how.
const MARK: &str = "quoted0";
const QUOTED: char = 'q';
const BARE: char = 'b';

/// Writes fields as YAML. Those that stand in what was read before have its order, those that had no value have none, and those that
/// are a day without quotes there are so again.
pub(super) fn to_yaml(
    fields: Map<String, Value>,
    (before, like): (&str, Option<&Tree>),
) -> Result<String, serde_yaml_ng::Error> {
    let all = Value::Object(fields);
    let (mut mark, plain) = (MARK.to_owned(), format!("{all} {like:?}"));
    while plain.contains(&mark) {
        mark.push('0');
    }
    let days = before.lines().map(at_its_end).filter(|text| is_day(text)).collect();
    let marking = Marking { mark: &mark, days };
    let yaml = serde_yaml_ng::to_string(&match all {
        Value::Object(fields) => marking.fields(fields, like, true).into(),
        other => marking.value(other, like),
    })?;
    Ok(unmarked(&yaml, &mark))
}

/// The value at the end of a line of YAML, if it stands there without quotes.
fn at_its_end(line: &str) -> &str {
    let line = line.split(" #").next().unwrap_or_default().trim();
    let value = line.rsplit_once(": ").map_or(line, |(_, value)| value).trim_start();
    value.strip_prefix("- ").unwrap_or(value).trim_start()
}

/// Whether a text is a day or an instant, as YAML 1.1 writes them.
fn is_day(text: &str) -> bool {
    let year = text.get(..5).and_then(|begins| begins.strip_suffix('-'));
    year.is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()))
        && is_other(text)
        && !text.contains(": ")
        && !text.ends_with(':')
}

/// Whether a text stands for a number that JSON has not: one of more than 64 bits and at most 128, or none that is finite.
fn is_number(text: &str) -> bool {
    let is_small = text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok();
    let is_large = || {
        text.parse::<u128>().is_ok_and(|number| number.to_string() == text)
            || text.parse::<i128>().is_ok_and(|number| number.to_string() == text)
    };
    matches!(text, ".inf" | "-.inf" | ".nan") || !is_small && is_large()
}

/// Whether a reader of YAML 1.1 would take a bare text for something else.
fn is_other(text: &str) -> bool {
    const WORDS: [&str; 12] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~", "<<", "="];
    let like_number =
        |c: char| c.is_ascii_hexdigit() || matches!(c, '_' | ':' | '.' | '+' | '-' | 'x' | 'o' | 'T' | 't' | 'Z' | ' ');
    let begins = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    WORDS.contains(&text.to_ascii_lowercase().as_str())
        || begins
            && text.contains(|c: char| c.is_ascii_digit())
            && text.chars().all(like_number)
            && !text.ends_with(' ')
}

/// Says before each text how it is to be written, where that matters.
struct Marking<'a> {
    mark: &'a str,
    /// Those that get no quotes.
    days: BTreeSet<&'a str>,
}

impl Marking<'_> {
    fn value(&self, value: Value, like: Option<&Tree>) -> Yaml {
        match value {
            Value::Null => Yaml::Null,
            Value::Bool(one) => one.into(),
            Value::Number(one) => number(&one),
            Value::String(one) if is_number(&one) || self.days.contains(one.as_str()) => self.with(BARE, &one).into(),
            Value::String(one) => self.text(one).into(),
            Value::Array(list) => {
                let list = list.into_iter().enumerate();
                list.map(|(at, one)| self.value(one, like.and_then(|like| like.at(at)))).collect()
            }
            Value::Object(fields) => self.fields(fields, like, false).into(),
        }
    }

    /// Fields in the order of those that they are like, and the others after them; those without a value too, as a card has none.
    fn fields(&self, mut fields: Map<String, Value>, like: Option<&Tree>, with_empty: bool) -> Mapping {
        let mut all = Mapping::new();
        // A name that stands there twice counts as it stands last.
        for (key, like) in like.map(Tree::fields).unwrap_or_default() {
            let name = Yaml::from(self.text(key.clone()));
            match fields.remove(key) {
                Some(one) => drop(all.insert(name, self.value(one, Some(like)))),
                None if with_empty && *like == Tree::Leaf(Value::Null) => drop(all.entry(name).or_insert(Yaml::Null)),
                None => {}
            }
        }
        all.extend(fields.into_iter().map(|(key, one)| (self.text(key).into(), self.value(one, None))));
        all
    }

    fn text(&self, text: String) -> String {
        if is_other(&text) { self.with(QUOTED, &text) } else { text }
    }

    fn with(&self, how: char, text: &str) -> String {
        format!("{}{how}{text}", self.mark)
    }
}

fn number(one: &serde_json::Number) -> Yaml {
    let whole = one.as_u64().map(Number::from).or_else(|| one.as_i64().map(Number::from));
    Yaml::Number(whole.unwrap_or_else(|| one.as_f64().unwrap_or_default().into()))
}

/// Puts quotes where the marks say so. What is marked has no quote in it; where the writer put some already, the mark goes.
fn unmarked(yaml: &str, mark: &str) -> String {
    let mut written = String::with_capacity(yaml.len());
    let mut rest = yaml;
    while let Some(at) = rest.find(mark) {
        written.push_str(&rest[..at]);
        rest = &rest[at + mark.len()..];
        let is_bare = rest.starts_with(BARE);
        rest = rest.strip_prefix([QUOTED, BARE]).unwrap_or(rest);
        if is_bare || written.ends_with(['\'', '"']) {
            continue;
        }
        let end =
            rest.match_indices(['\n', ':']).find(|(at, sign)| *sign == "\n" || rest[at + 1..].starts_with([' ', '\n']));
        let (text, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        written.extend(["'", text, "'"]);
        rest = after;
    }
    written.push_str(rest);
    written
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, Value, json};

    use super::to_yaml;

    fn yaml(value: Value) -> String {
        let Value::Object(fields) = value else { return String::new() };
        to_yaml(fields, ("", None)).unwrap()
    }

    #[test]
    fn what_json_has_no_number_for_is_a_number_again() {
        let texts = ["18446744073709551616", "-9223372036854775809", ".inf", "-.inf", ".nan"];
        assert_eq!(
            yaml(json!({ "all": texts })),
            "all:\n- 18446744073709551616\n- -9223372036854775809\n- .inf\n- -.inf\n- .nan\n"
        );
        let quoted = ["18446744073709551615", "007", "+1", "1e5", ".Inf", &"9".repeat(40)];
        for text in quoted {
            let written = yaml(json!({ "a": text }));
            assert!(written == format!("a: '{text}'\n") || written == format!("a: \"{text}\"\n"), "{written}");
        }
    }

    #[test]
    fn a_day_is_written_as_it_was() {
        let before = "at: 2024-02-29  # leap\nall:\n- 2024-03-01T10:00:00Z\n- day: 2024-04-01\nquoted: '2024-05-01'\n\
                      time: 12:30\n";
        let fields = json!({
            "at": "2024-02-29", "all": ["2024-03-01T10:00:00Z", { "day": "2024-04-01" }], "quoted": "2024-05-01",
            "time": "12:30",
        });
        let Value::Object(fields) = fields else { return };
        let expected = "all:\n- 2024-03-01T10:00:00Z\n- day: 2024-04-01\nat: 2024-02-29\nquoted: '2024-05-01'\n\
                        time: '12:30'\n";
        assert_eq!(to_yaml(fields, (before, None)).unwrap(), expected);
    }

    #[test]
    fn what_older_readers_take_for_something_else_is_quoted() {
        let fields = json!({
            "language": ["no", "en", "On", "~"], "names": { "0": "no", "1": "yes", "y": 1, "2": "maybe" },
            "at": "12:30", "day": "2024-02-29", "version": "1.0", "size": "1K<n<10K", "n": 7, "is": false, "not": "n o",
        });
        let expected = "at: '12:30'\nday: '2024-02-29'\nis: false\nlanguage:\n- 'no'\n- en\n- 'On'\n- '~'\n\
                        'n': 7\nnames:\n  '0': 'no'\n  '1': 'yes'\n  '2': maybe\n  'y': 1\nnot: n o\nsize: 1K<n<10K\nversion: '1.0'\n";
        assert_eq!(yaml(fields), expected);
    }

    #[test]
    fn a_text_with_the_mark_stays_as_it_is() {
        let fields = json!({ "a": "quoted0no", "b": "no", "c": "text\nquoted00no: x\nno\n" });
        let read: Map<String, Value> = serde_yaml_ng::from_str(&yaml(fields.clone())).unwrap();
        assert_eq!(Value::Object(read), fields);
    }
}
