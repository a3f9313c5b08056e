//! The data of the story, inside the executable.

use serde_json::{Value, json};

/// A dataset of the story.
pub(super) struct Given {
    /// Its name.
    pub(super) name: &'static str,
    /// As `pretrain_corpus`.
    pub(super) kind: &'static str,
    /// Its file.
    pub(super) file: &'static str,
    /// The bytes of the file.
    pub(super) bytes: &'static [u8],
    /// What it holds, for people.
    pub(super) holds: &'static str,
}

impl Given {
    /// The request that registers it.
    pub(super) fn request(&self) -> Value {
        json!({ "name": self.name, "version": VERSION, "type": self.kind })
    }
}

/// The version of everything the story makes.
pub(super) const VERSION: &str = "1.0.0";

/// A text to learn words from.
pub(super) const SPEECHES: Given = Given {
    name: "speeches",
    kind: "pretrain_corpus",
    file: "corpus.txt",
    bytes: include_bytes!("../../../examples/data/corpus.txt"),
    holds: "public-domain speeches",
};

/// Questions with answers to learn from.
pub(super) const CAPITALS: Given = Given {
    name: "capitals",
    kind: "sft_pair",
    file: "capitals-train.csv",
    bytes: include_bytes!("../../../examples/data/capitals-train.csv"),
    holds: "the capitals of 50 states, each asked in 12 ways",
};

/// The same questions in other words, to measure with.
pub(super) const HELDOUT: Given = Given {
    name: "capitals-heldout",
    kind: "benchmark",
    file: "capitals-heldout.csv",
    bytes: include_bytes!("../../../examples/data/capitals-heldout.csv"),
    holds: "the same capitals, asked in 4 other ways",
};

/// Questions that nobody trained on, with their answers.
pub(super) fn questions(count: usize) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(HELDOUT.bytes);
    let rows = text.lines().skip(1).filter(|row| !row.contains('"'));
    rows.filter_map(|row| row.split_once(',')).take(count).map(|(q, a)| (q.to_owned(), a.to_owned())).collect()
}
