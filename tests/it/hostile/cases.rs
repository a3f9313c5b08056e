//! What a hostile caller may put into each place of a request, and how it is to be refused.

use serde_json::{Value, json};

use super::schema::{Place, types};

/// A value and what is said to it.
pub struct Hostile {
    pub what: String,
    /// Nothing: the field is left out.
    pub value: Option<Value>,
    /// The finer code, where there is one.
    pub code: Option<&'static str>,
    /// What comes after the place's name in the field that is named.
    pub below: &'static str,
}

fn hostile(what: impl Into<String>, value: Value) -> Hostile {
    Hostile { what: what.into(), value: Some(value), code: None, below: "" }
}

/// Everything that must not stand at this place.
pub fn of(place: &Place, smallest: impl Fn(&Value) -> Value) -> Vec<Hostile> {
    let mut found = Vec::new();
    if place.required {
        found.push(Hostile { what: "missing".into(), value: None, code: Some("missing_field"), below: "" });
    }
    if place.is_free() {
        return found;
    }
    if place.required || !place.may_be_null() && !place.steps.is_empty() {
        found.push(hostile("null", Value::Null));
    }
    found.extend(other_types(place));
    if !place.words().is_empty() {
        found.push(hostile("another word", json!("no-such-word")));
    } else if let Some(schema) = place.of_type("string") {
        found.extend(texts(schema));
    }
    if let Some(schema) = place.of_type("integer").or(place.of_type("number")).filter(|_| !is_any_number(place)) {
        found.extend(numbers(schema));
    }
    if let Some(schema) = place.of_type("array") {
        found.extend(lists(schema, &smallest));
    }
    if let Some(schema) = place.of_type("object") {
        found.extend(objects(schema, smallest));
    }
    found
}

/// A measurement may be any number there is, and NaN.
fn is_any_number(place: &Place) -> bool {
    place.words().iter().any(|word| word == "NaN")
}

fn other_types(place: &Place) -> Vec<Hostile> {
    let is = |kind: &str| place.of_type(kind).is_some() || (kind == "string" && !place.words().is_empty());
    let number = is("integer") || is("number");
    let others = [
        (is("string"), json!("no such thing")),
        (is("boolean"), json!(true)),
        (number, json!(7)),
        (is("number"), json!(1.5)),
        (is("array"), json!([])),
        (is("array"), json!([1, 2, 3])),
        (is("object"), json!({})),
        (is("object"), json!({ "draft": null })),
    ];
    let wrong = others.into_iter().filter(|(right, _)| !right);
    wrong.map(|(_, value)| hostile(format!("{value} for another type"), value)).collect()
}

fn texts(schema: &Value) -> Vec<Hostile> {
    if schema["format"].is_string() {
        let others = ["../../etc/passwd", "", "\u{0}", "0", "9999-99-99T99:99:99Z", &"a".repeat(4000)];
        return others
            .iter()
            .map(|text| hostile(format!("{:.20?} for a {}", text, schema["format"]), json!(text)))
            .collect();
    }
    let most = schema["maxLength"].as_u64().unwrap_or(0) as usize;
    let mut found = vec![hostile("a text one too long", json!("a".repeat(most + 1)))];
    if most < 1_000_000 {
        found.push(hostile("a megabyte", json!("a".repeat(1_000_000))));
    }
    if let Some(least) = schema["minLength"].as_u64() {
        found.push(hostile("a text too short", json!("a".repeat(least as usize - 1))));
    }
    for text in ["a\u{0}b", "\u{1b}[2J", "a\u{85}b"] {
        found.push(hostile(format!("the control characters of {text:?}"), json!(text)));
    }
    found
}

fn numbers(schema: &Value) -> Vec<Hostile> {
    let mut found = vec![hostile("NaN as text", json!("NaN"))];
    let whole = types(schema).contains(&"integer");
    for huge in ["1e300", "-1e300", "1000000000000000000000000000000"] {
        found.push(hostile(huge, serde_json::from_str(huge).expect("a number")));
    }
    for (bound, by) in [("minimum", -1), ("maximum", 1)] {
        let beyond = match &schema[bound] {
            Value::Null => continue,
            edge if edge.as_i64().is_some_and(|edge| edge.checked_add(by).is_some()) => {
                json!(edge.as_i64().expect("whole") + by)
            }
            edge if whole => json!(edge.as_f64().expect("a number") * 2.0),
            edge => json!(edge.as_f64().expect("a number") + f64::from(i32::try_from(by).expect("small")) / 8.0),
        };
        found.push(hostile(format!("beyond the {bound}"), beyond));
    }
    found
}

fn lists(schema: &Value, smallest: impl Fn(&Value) -> Value) -> Vec<Hostile> {
    let item = smallest(&schema["items"]);
    let most = schema["maxItems"].as_u64().unwrap_or(0) as usize;
    let mut found = vec![hostile("a list one too long", Value::Array(vec![item.clone(); most + 1]))];
    if let Some(least) = schema["minItems"].as_u64() {
        found.push(hostile("a list too short", Value::Array(vec![item; least as usize - 1])));
    }
    found
}

fn objects(schema: &Value, smallest: impl Fn(&Value) -> Value) -> Vec<Hostile> {
    if schema["additionalProperties"] == json!(false) {
        let value = Some(json!("$unknown"));
        return vec![Hostile {
            what: "an unknown field".into(),
            value,
            code: Some("unknown_field"),
            below: "noSuchField",
        }];
    }
    let most = schema["maxProperties"].as_u64().unwrap_or(0) as usize;
    let of = &schema["additionalProperties"];
    let value = if of.is_object() { smallest(of) } else { json!("1") };
    let mut full = smallest(schema);
    let fields = full.as_object_mut().expect("an object");
    (0..=most).take(most + 1 - fields.len()).for_each(|n| drop(fields.insert(n.to_string(), value.clone())));
    vec![hostile("a key too many", full), hostile("a control character in a key", json!({ "a\u{0}": value }))]
}

/// The limits that a schema must state and does not.
pub fn unstated(place: &Place) -> Option<String> {
    let missing = |schema: &Value| {
        let lacks = |keyword: &str| schema[keyword].is_null().then(|| keyword.to_owned());
        match types(schema).first().copied() {
            Some("string") if schema["const"].is_null() && schema["format"].is_null() => lacks("maxLength"),
            Some("array") => lacks("maxItems"),
            Some("number") if !is_any_number(place) => lacks("maximum").or(lacks("minimum")),
            // 32 bits are a limit; of 64 a reader of JSON keeps fewer.
            Some("integer") if !schema["format"].as_str().is_some_and(|format| format.ends_with("32")) => {
                lacks("maximum").or(lacks("minimum"))
            }
            Some("object") if schema["additionalProperties"] != json!(false) && schema["properties"].is_null() => {
                lacks("maxProperties")
            }
            _ => None,
        }
    };
    place.allowed.iter().find_map(missing).map(|keyword| format!("{} states no {keyword}", place.name()))
}
