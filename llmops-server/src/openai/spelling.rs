//! Our names of fields in OpenAI's spelling.

use std::borrow::Cow;

/// A field as OpenAI names it: `maxTokens` is `max_tokens`, and the route is the model.
pub(crate) fn param(field: &str) -> String {
    if field == "route" {
        return "model".to_owned();
    }
    let mut out = String::with_capacity(field.len() + 4);
    for c in field.chars() {
        if c.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// A sentence about a field, with the name its reader knows.
pub(crate) fn in_words_of_openai<'t>(text: &'t str, field: Option<&str>) -> Cow<'t, str> {
    match field.map(|field| (field, param(field))) {
        Some((field, param)) if field != param => text.replace(&format!("`{field}`"), &format!("`{param}`")).into(),
        _ => text.into(),
    }
}
