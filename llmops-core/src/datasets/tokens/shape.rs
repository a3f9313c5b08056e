//! What a `tokenizer.json` says it does to a text, looked at before it is believed: such a file comes with a model and is
//! foreign data. Each of its steps is known, there are few of them, and none makes a text much longer.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

/// Steps of normalizing and of cutting, each.
const STEPS: usize = 64;
/// Bytes of a pattern, and of what takes the place of what it finds.
const PATTERN: usize = 4096;
/// How much longer all steps of cutting may make a text.
const CUTTING: usize = 64;
/// How much longer one step of normalizing may make a text.
const NORMALIZING: usize = 128;
/// How often steps may be in steps.
const DEPTH: usize = 16;

/// The parts of the file that turn text into tokens. What it says of cutting texts short, of filling them up, of markers
/// around them and of the way back is not read: it does not change how many tokens a text has.
#[derive(Deserialize)]
pub(super) struct Parts<'a> {
    #[serde(borrow, default)]
    added_tokens: Option<&'a RawValue>,
    #[serde(default)]
    normalizer: Option<Value>,
    #[serde(default)]
    pre_tokenizer: Option<Value>,
    #[serde(borrow)]
    model: &'a RawValue,
}

/// What the parts do, once they were found to be bounded.
pub(super) struct Shape {
    /// The steps of normalizing in their order, with how many times longer each may make a text.
    pub normalizing: Vec<(Value, usize)>,
    /// How many times longer the text may become while it is cut.
    pub cutting: usize,
}

impl<'a> Parts<'a> {
    pub(super) fn read(json: &'a [u8]) -> Result<Self, String> {
        serde_json::from_slice(json)
            .map_err(|error| format!("it is not a tokenizer of the `tokenizers` library: {error}"))
    }

    /// The same file without the rest.
    pub(super) fn file(&self) -> Result<Vec<u8>, String> {
        let none = Value::Null;
        let (normalizer, cutting) = (self.normalizer.as_ref(), self.pre_tokenizer.as_ref());
        let mut file = format!(
            "{{\"version\":\"1.0\",\"normalizer\":{},\"pre_tokenizer\":{},\"model\":",
            normalizer.unwrap_or(&none),
            cutting.unwrap_or(&none)
        );
        file.push_str(self.model.get());
        file.push_str(",\"added_tokens\":");
        file.push_str(self.added_tokens.map_or("[]", RawValue::get));
        file.push('}');
        Ok(file.into_bytes())
    }

    pub(super) fn shape(&self) -> Result<Shape, String> {
        let (mut normalizing, mut cutting) = (Vec::new(), Vec::new());
        flatten(self.normalizer.as_ref(), "normalizers", &mut normalizing, 0)?;
        flatten(self.pre_tokenizer.as_ref(), "pretokenizers", &mut cutting, 0)?;
        let mut steps = Vec::new();
        for step in normalizing {
            let longer = normalizes(step)?;
            if longer > NORMALIZING {
                return Err(format!(
                    "its normalizer makes texts up to {longer} times longer; at most {NORMALIZING} is accepted"
                ));
            }
            steps.push((step.clone(), longer));
        }
        let mut longer: usize = 1;
        for step in cutting {
            longer = longer.saturating_mul(cuts(step)?);
        }
        if longer > CUTTING {
            return Err(format!(
                "its pre-tokenizer makes texts up to {longer} times longer; at most {CUTTING} is accepted"
            ));
        }
        Ok(Shape { normalizing: steps, cutting: longer })
    }
}

/// The steps of a part, those in sequences too.
fn flatten<'v>(part: Option<&'v Value>, list: &str, into: &mut Vec<&'v Value>, depth: usize) -> Result<(), String> {
    let Some(part) = part.filter(|part| !part.is_null()) else { return Ok(()) };
    if depth > DEPTH {
        return Err(format!("its steps are in one another more than {DEPTH} times"));
    }
    match part.get(list).and_then(Value::as_array) {
        Some(parts) if kind(part) == "Sequence" => {
            parts.iter().try_for_each(|part| flatten(Some(part), list, into, depth + 1))
        }
        _ => {
            into.push(part);
            if into.len() > STEPS { Err(format!("it has more than {STEPS} steps")) } else { Ok(()) }
        }
    }
}

fn kind(step: &Value) -> &str {
    step.get("type").and_then(Value::as_str).unwrap_or_default()
}

fn unknown(step: &Value) -> String {
    let name: String = kind(step).chars().take(40).collect();
    format!("it has a step of the type `{name}`, which is not known")
}

/// How many times longer a step of normalizing may make a text, counted in bytes of UTF-8. Those of Unicode are from its
/// report 15; what a pattern finds may be a single byte.
fn normalizes(step: &Value) -> Result<usize, String> {
    Ok(match kind(step) {
        "Strip" | "StripAccents" | "Nmt" => 1,
        "NFC" | "NFD" | "Lowercase" => 3,
        "NFKC" | "NFKD" => 11,
        "ByteLevel" => 2,
        "BertNormalizer" | "Bert" => 12,
        "Prepend" => 1 + text(step, "prepend")?.len(),
        "Replace" => {
            let content = text(step, "content")?.len();
            match step.pointer("/pattern/String").and_then(Value::as_str) {
                Some(found) if !found.is_empty() => content.div_ceil(found.len()).max(1),
                _ => {
                    check_pattern(step)?;
                    1 + content
                }
            }
        }
        "Precompiled" => charsmap(step)?,
        _ => return Err(unknown(step)),
    })
}

/// The longest text that takes the place of a character in a map of SentencePiece: four bytes with the size of a tree, the
/// tree, and the texts, each with a zero after it.
fn charsmap(step: &Value) -> Result<usize, String> {
    let broken = || "its map of characters cannot be read".to_owned();
    let map = step.get("precompiled_charsmap").and_then(Value::as_str).ok_or_else(broken)?;
    let map = STANDARD.decode(map).map_err(|_| broken())?;
    let (size, rest) = map.split_first_chunk::<4>().ok_or_else(broken)?;
    let tree = usize::try_from(u32::from_le_bytes(*size)).map_err(|_| broken())?;
    let texts = rest.get(tree..).ok_or_else(broken)?;
    Ok(texts.split(|byte| *byte == 0).map(<[u8]>::len).max().unwrap_or_default().max(1))
}

/// The same of a step of cutting.
fn cuts(step: &Value) -> Result<usize, String> {
    Ok(match kind(step) {
        "BertPreTokenizer" | "Delimiter" | "CharDelimiterSplit" | "Whitespace" | "Punctuation" | "WhitespaceSplit"
        | "Digits" | "UnicodeScripts" | "FixedLength" => 1,
        "Split" => {
            check_pattern(step)?;
            1
        }
        // A blank before each piece, and each byte that is no letter as two.
        "ByteLevel" if step.get("add_prefix_space").and_then(Value::as_bool).unwrap_or(true) => 4,
        "ByteLevel" => 2,
        // A character of up to four bytes in the place of each blank and before each piece.
        "Metaspace" => 8,
        _ => return Err(unknown(step)),
    })
}

fn text<'v>(step: &'v Value, field: &str) -> Result<&'v str, String> {
    let text = step.get(field).and_then(Value::as_str).ok_or_else(|| format!("a step has no text `{field}`"))?;
    if text.len() > PATTERN { Err(format!("`{field}` of a step is longer than {PATTERN} bytes")) } else { Ok(text) }
}

fn check_pattern(step: &Value) -> Result<(), String> {
    let pattern = step.get("pattern").and_then(|pattern| pattern.get("Regex").or_else(|| pattern.get("String")));
    let length = pattern.and_then(Value::as_str).ok_or("a step has no pattern")?.len();
    if length > PATTERN { Err(format!("the pattern of a step is longer than {PATTERN} bytes")) } else { Ok(()) }
}
