//! Cards of models and datasets, as the Hub has them in a `README.md`: fields as YAML between two lines of dashes, and a text
//! below.

mod check;
mod front_matter;
mod quoted;
#[cfg(test)]
mod tests;
mod values;

pub use front_matter::FrontMatter;

pub(crate) use check::{check_card, check_tags, filled, is_key, object, patched};
pub(crate) use front_matter::{CREDENTIAL, HEAD_BYTES, head_of, rewrite, write};

/// The file that a card stands in.
pub const README: &str = "README.md";

/// Whether a text begins as a `README.md` with a front matter does.
pub(crate) fn has_front_matter(text: &str) -> bool {
    front_matter::split(text).is_some()
}
