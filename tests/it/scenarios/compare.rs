//! What a scenario expects of an answer: names filled in, parts compared.

use std::collections::BTreeMap;

use serde_json::Value;

/// What a scenario keeps, by name.
pub type Kept = BTreeMap<String, Value>;

/// Fills in what is kept: `"$model"` as it is, `"tiny-$unique"` as text.
pub fn fill(value: &Value, kept: &Kept) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('$').and_then(|name| kept.get(name)) {
            Some(whole) => whole.clone(),
            None => fill_text(text, kept).into(),
        },
        Value::Array(items) => items.iter().map(|item| fill(item, kept)).collect(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (fill_text(key, kept), fill(value, kept)))
            .collect::<serde_json::Map<_, _>>()
            .into(),
        plain => plain.clone(),
    }
}

fn fill_text(text: &str, kept: &Kept) -> String {
    // The longest name first: `$model2` is not `$model` and a 2.
    kept.iter().rev().fold(text.to_owned(), |text, (name, value)| match value.as_str() {
        Some(value) => text.replace(&format!("${name}"), value),
        None => text,
    })
}

/// The part at a path as `items.0.id`.
pub fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    path.split('.').filter(|step| !step.is_empty()).try_fold(value, |value, step| match step.parse::<usize>() {
        Ok(index) => value.get(index),
        Err(_) => value.get(step),
    })
}

/// Where an answer is not what was expected, and how. Objects are compared by the keys that are expected; `null` is absent
/// too; `"$any"` is anything that is there; `{"$len": n}`, `{"$has": [..]}`, `{"$from": n, "$to": n}` are about a whole.
pub fn differs(expected: &Value, got: &Value, path: &str) -> Option<String> {
    let wrong = |rule: &str| Some(format!("{path}: expected {rule}, got {got}"));
    match expected {
        Value::String(text) if text == "$any" => got.is_null().then(|| format!("{path}: nothing is there")),
        Value::Object(map) if map.keys().any(|key| key.starts_with('$')) => {
            map.iter().find_map(|(key, value)| rule(key, value, got, path))
        }
        Value::Object(map) => {
            if !got.is_object() {
                return wrong("an object");
            }
            map.iter().find_map(|(key, value)| differs(value, &got[key], &format!("{path}.{key}")))
        }
        Value::Array(items) => match got.as_array() {
            Some(found) if found.len() == items.len() => {
                let mut pairs = items.iter().zip(found).enumerate();
                pairs.find_map(|(i, (item, found))| differs(item, found, &format!("{path}.{i}")))
            }
            _ => wrong(&format!("{} items", items.len())),
        },
        Value::Number(_) if expected.as_f64() == got.as_f64() => None,
        plain if plain == got => None,
        plain => wrong(&plain.to_string()),
    }
}

fn rule(name: &str, value: &Value, got: &Value, path: &str) -> Option<String> {
    let items = got.as_array();
    let kept = match name {
        "$len" => items.is_some_and(|items| value.as_u64() == Some(items.len() as u64)),
        "$has" => value.as_array().is_some_and(|wanted| {
            wanted
                .iter()
                .all(|one| items.is_some_and(|items| items.iter().any(|item| differs(one, item, path).is_none())))
        }),
        "$from" => got.as_f64() >= value.as_f64(),
        "$to" => got.as_f64().is_some() && got.as_f64() <= value.as_f64(),
        "$holds" => got.as_str().is_some_and(|text| text.contains(value.as_str().unwrap_or_default())),
        _ => false,
    };
    (!kept).then(|| format!("{path}: {name} {value} does not hold of {got}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Kept, at, differs, fill};

    #[test]
    fn names_are_filled_in() {
        let kept = Kept::from([("id".into(), json!(7)), ("u".into(), json!("x"))]);
        assert_eq!(fill(&json!({"a": "$id", "b": ["m-$u", "$other"]}), &kept), json!({"a": 7, "b": ["m-x", "$other"]}));
    }

    #[test]
    fn parts_are_compared() {
        let got = json!({"id": "a", "n": 2, "items": [{"x": 1}, {"x": 2}], "text": "hello"});
        for expected in [
            json!({"id": "$any", "n": 2.0, "gone": null}),
            json!({"items": {"$len": 2}, "n": {"$from": 1, "$to": 2}}),
            json!({"items": {"$has": [{"x": 2}]}, "text": {"$holds": "ell"}}),
        ] {
            assert_eq!(differs(&expected, &got, ""), None);
        }
        for expected in
            [json!({"gone": "$any"}), json!({"items": [{"x": 1}]}), json!({"n": {"$to": 1}}), json!({"id": 1})]
        {
            assert!(differs(&expected, &got, "").is_some(), "{expected}");
        }
    }

    #[test]
    fn a_path_leads_into_lists() {
        assert_eq!(at(&json!({"items": [{"id": 1}]}), "items.0.id"), Some(&json!(1)));
    }
}
