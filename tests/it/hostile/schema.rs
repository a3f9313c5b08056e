//! Schemas of requests as places with rules, and samples that keep them.

use serde_json::{Map, Value, json};

/// A step from a value into it.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    Field(String),
    First,
}

/// A field of a request, however deep, with what its schema says.
#[derive(Debug, Clone)]
pub struct Place {
    pub steps: Vec<Step>,
    /// What may stand there: the schema itself, or its alternatives.
    pub allowed: Vec<Value>,
    pub required: bool,
}

impl Place {
    /// As the product names it: `lineage.datasetIds[0]`.
    pub fn name(&self) -> String {
        let mut name = String::new();
        for step in &self.steps {
            match step {
                Step::Field(field) if name.is_empty() => name.push_str(field),
                Step::Field(field) => name.push_str(&format!(".{field}")),
                Step::First => name.push_str("[0]"),
            }
        }
        name
    }

    /// The alternative of this type, if there is one.
    pub fn of_type(&self, kind: &str) -> Option<&Value> {
        self.allowed.iter().find(|schema| types(schema).contains(&kind))
    }

    /// Whether anything may stand there.
    pub fn is_free(&self) -> bool {
        self.allowed.iter().any(|schema| types(schema).is_empty() && words(schema).is_empty())
    }

    /// The words that may stand there, if only words may.
    pub fn words(&self) -> Vec<String> {
        self.allowed.iter().flat_map(words).collect()
    }

    /// Whether `null` or nothing may stand there.
    pub fn may_be_null(&self) -> bool {
        self.of_type("null").is_some()
    }
}

/// The types that a schema names.
pub fn types(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The words that a schema lists.
fn words(schema: &Value) -> Vec<String> {
    let listed = schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let one = schema["const"].as_str();
    let each = schema["oneOf"].as_array().into_iter().flatten().flat_map(words);
    listed.chain(one).map(str::to_owned).chain(each).collect()
}

/// A document of OpenAPI.
pub struct Document(pub Value);

impl Document {
    /// The schema that a reference means.
    pub fn resolve<'a>(&'a self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        while let Some(reference) = schema["$ref"].as_str() {
            schema = self.0.pointer(&reference[1..]).expect("a reference leads somewhere");
        }
        schema
    }

    /// A schema's alternatives; itself if it has none.
    fn alternatives(&self, schema: &Value) -> Vec<Value> {
        let schema = self.resolve(schema);
        match schema["anyOf"].as_array() {
            Some(any) => any.iter().flat_map(|one| self.alternatives(one)).collect(),
            None => vec![schema.clone()],
        }
    }

    /// The place of this schema at `steps`, and every place within.
    pub fn places(&self, schema: &Value, steps: Vec<Step>, required: bool) -> Vec<Place> {
        let place = Place { allowed: self.alternatives(schema), steps, required };
        let below = |step: Step| place.steps.iter().cloned().chain([step]).collect::<Vec<_>>();
        let mut found = Vec::new();
        for one in &place.allowed {
            let needed = |name: &String| one["required"].as_array().is_some_and(|all| all.contains(&json!(name)));
            for (name, schema) in one["properties"].as_object().into_iter().flatten() {
                found.extend(self.places(schema, below(Step::Field(name.clone())), needed(name)));
            }
            if one["items"].is_object() {
                found.extend(self.places(&one["items"], below(Step::First), false));
            }
            if one["additionalProperties"].is_object() {
                let any = below(Step::Field("key".into()));
                found.extend(self.places(&one["additionalProperties"], any, false));
            }
        }
        found.insert(0, place);
        found
    }

    /// Something that keeps the rules of a schema, as small as may be.
    pub fn sample(&self, schema: &Value) -> Value {
        let alternatives = self.alternatives(schema);
        let schema = &alternatives[0];
        if let Some(word) = words(schema).first() {
            return json!(word);
        }
        match types(schema).first().copied() {
            Some("string") => match schema["format"].as_str() {
                Some("uuid") => json!("01900000-0000-7000-8000-000000000000"),
                Some("date-time") => json!("2026-01-01T00:00:00Z"),
                _ => json!("a".repeat(schema["minLength"].as_u64().unwrap_or(1).max(1) as usize)),
            },
            Some("integer") => json!(schema["minimum"].as_i64().unwrap_or(1)),
            Some("number") => json!(schema["minimum"].as_f64().unwrap_or(0.5)),
            Some("boolean") => json!(false),
            Some("array") => {
                let least = schema["minItems"].as_u64().unwrap_or(0);
                (0..least).map(|_| self.sample(&schema["items"])).collect()
            }
            Some("object") => {
                let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
                let fields = required.map(|name| (name.to_owned(), self.sample(&schema["properties"][name])));
                Value::Object(fields.collect::<Map<_, _>>())
            }
            _ => Value::Null,
        }
    }

    /// Puts `value` at these steps of a request, making what leads there.
    pub fn put(&self, request: &mut Value, schema: &Value, steps: &[Step], value: Option<Value>) {
        let Some((step, rest)) = steps.split_first() else {
            *request = value.unwrap_or_default();
            return;
        };
        for one in self.alternatives(schema) {
            let inner = match step {
                Step::Field(name) if one["properties"][name].is_null() => &one["additionalProperties"],
                Step::Field(name) => &one["properties"][name],
                Step::First => &one["items"],
            };
            if !inner.is_object() {
                continue;
            }
            if rest.is_empty() && value.is_none() {
                if !request.is_object() {
                    *request = self.sample(&one);
                }
                request.as_object_mut().map(|fields| fields.remove(&named(step)));
                return;
            }
            let slot = match step {
                Step::Field(name) => {
                    if !request.is_object() {
                        *request = self.sample(&one);
                    }
                    let fields = request.as_object_mut().expect("an object is sampled as one");
                    fields.entry(name.clone()).or_insert_with(|| self.sample(inner))
                }
                Step::First => {
                    if request.as_array().is_none_or(Vec::is_empty) {
                        *request = json!([self.sample(inner)]);
                    }
                    &mut request[0]
                }
            };
            return self.put(slot, inner, rest, value);
        }
        panic!("there is no place {step:?} in {schema}");
    }
}

fn named(step: &Step) -> String {
    match step {
        Step::Field(name) => name.clone(),
        Step::First => "0".into(),
    }
}
