//! YAML that means the same to readers of YAML 1.1, as those of Python are: there `no` is a truth, `12:30` a number and
//! `2024-02-29` a day, unless they are quoted.

use serde_json::{Map, Value};

/// What stands before a text that is to be quoted; longer if a text has it.
const MARK: &str = "quoted0";

/// Writes fields as YAML.
pub(super) fn to_yaml(fields: Map<String, Value>) -> Result<String, serde_yaml_ng::Error> {
    let all = Value::Object(fields);
    let (mut mark, plain) = (MARK.to_owned(), all.to_string());
    while plain.contains(&mark) {
        mark.push('0');
    }
    let yaml = serde_yaml_ng::to_string(&marked(all, &mark))?;
    Ok(unmarked(&yaml, &mark))
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

fn marked(value: Value, mark: &str) -> Value {
    let text = |text: String| if is_other(&text) { format!("{mark}{text}") } else { text };
    match value {
        Value::String(one) => text(one).into(),
        Value::Array(list) => list.into_iter().map(|one| marked(one, mark)).collect(),
        Value::Object(fields) => fields.into_iter().map(|(key, one)| (text(key), marked(one, mark))).collect(),
        other => other,
    }
}

/// Puts quotes where the marks are. What is marked has no quote in it; where the writer put some already, the mark goes.
fn unmarked(yaml: &str, mark: &str) -> String {
    let mut written = String::with_capacity(yaml.len());
    let mut rest = yaml;
    while let Some(at) = rest.find(mark) {
        written.push_str(&rest[..at]);
        rest = &rest[at + mark.len()..];
        if written.ends_with(['\'', '"']) {
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
        to_yaml(fields).unwrap()
    }

    #[test]
    fn what_older_readers_take_for_something_else_is_quoted() {
        let fields = json!({
            "language": ["no", "en", "On", "~"], "names": { "0": "no", "1": "yes", "y": 1, "2": "maybe" },
            "at": "12:30", "day": "2024-02-29", "version": "1.0", "size": "1K<n<10K", "n": 7, "is": false, "not": "n o",
        });
        let expected = "at: '12:30'\nday: '2024-02-29'\nis: false\nlanguage:\n- 'no'\n- en\n- 'On'\n- '~'\n\
                        names:\n  '0': 'no'\n  '1': 'yes'\n  '2': maybe\n  'y': 1\nnot: n o\n'n': 7\nsize: 1K<n<10K\nversion: '1.0'\n";
        assert_eq!(yaml(fields), expected);
    }

    #[test]
    fn a_text_with_the_mark_stays_as_it_is() {
        let fields = json!({ "a": "quoted0no", "b": "no", "c": "text\nquoted00no: x\nno\n" });
        let read: Map<String, Value> = serde_yaml_ng::from_str(&yaml(fields.clone())).unwrap();
        assert_eq!(Value::Object(read), fields);
    }
}
