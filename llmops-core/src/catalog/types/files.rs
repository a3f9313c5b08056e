//! Files of models, and what happens when a model goes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Model, ModelId};
use crate::base::{Error, Result, Timestamp};

/// Sends files of a model. Each part's file name is its path within the model. Files that came before one that is refused stay.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UploadModelFiles {
    /// Whose files.
    pub model_id: ModelId,
    /// The path of a body that is sent as it is, without a form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 512))]
    pub path: Option<String>,
    /// Whether other bytes under the same path take the place of the old ones; refused otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replace: Option<bool>,
    /// The SHA-256 the file must have, in hex; for an upload of one file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 64))]
    pub sha256: Option<String>,
}

/// Whether a file may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FileState {
    /// It is what it claims to be.
    Verified,
    /// Stored, hashed and searched, never loaded and never deployable: its format can run code.
    Quarantined,
    /// Its bytes are gone or changed, as `verify_model` found. The model is not approved or deployed until the same bytes are
    /// sent again, which mends the file in its place.
    Damaged,
}

/// What was found in a file that may run code, or says how the model is built or what its card holds. Nothing of it was carried out.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileScan {
    /// What loading a pickle would import, as `torch._utils._rebuild_tensor_v2`; at most 200. `?.?` stands for a name that
    /// the file hides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub imports: Vec<String>,
    /// Those of them that do more than put tensors, arrays and containers together again.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unsafe_imports: Vec<String>,
    /// Whether it is a program of the model, or sends who loads it to one: Python files, `auto_map`, `trust_remote_code`.
    /// Such a model is approved with `codeReviewed`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub runs_code: bool,
    /// The architectures that a JSON file names, as `LlamaForCausalLM`; at most 16.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub architectures: Vec<String>,
    /// The files that a list of shards (`*.safetensors.index.json`) names, beside which it lies. A model is approved with
    /// all of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shards: Vec<String>,
    /// Why the front matter of a `README.md` cannot be read, so that it says nothing for the card.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unread_card: Option<String>,
    /// What kept the search from going to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<String>,
}

/// One file of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelFile {
    /// Its path within the model.
    pub path: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// As `safetensors`, `gguf`, `json`, `tokenizer_json`, `safetensors_index`, `text`.
    pub format: String,
    /// Whether it may be used.
    pub state: FileState,
    /// What was found in it: that it may run code, names architectures or shards, or has a front matter that cannot be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scan: Option<FileScan>,
    /// When it was found damaged, if it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub damaged_at: Option<Timestamp>,
    /// When it came.
    pub created_at: Timestamp,
}

impl ModelFile {
    /// The digest over all files of a model, to which its approval is bound: SHA-256 over a line `PATH NUL SHA-256` for each, in
    /// the order of the paths' bytes. Nothing when there is no file.
    pub fn digest_over(files: &[Self]) -> Option<String> {
        let mut sorted: Vec<&Self> = files.iter().collect();
        sorted.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        digest_in_order(sorted.into_iter())
    }

    /// Refuses files of which some are damaged, naming them.
    pub(crate) fn check_whole(files: &[Self]) -> Result<()> {
        let damaged: Vec<&str> =
            files.iter().filter(|file| file.state == FileState::Damaged).map(|file| file.path.as_str()).collect();
        let Some(first) = damaged.first() else { return Ok(()) };
        let more = if damaged.len() > 1 { format!(", and {} more are", damaged.len() - 1) } else { " is".to_owned() };
        Err(Error::conflict(format!("`{first}`{more} damaged: bytes are gone or changed"))
            .code("files_damaged")
            .hint("upload the same bytes again, which mends a file in its place")
            .details(json!({ "files": damaged })))
    }

    /// Whether these files, in the order of the database, have this digest. Models whose files last changed before 2026-11-27 may
    /// have one over that order, which is another where PostgreSQL sorts by a language.
    pub(crate) fn have_digest(files: &[Self], digest: Option<&str>) -> bool {
        Self::digest_over(files).as_deref() == digest || digest_in_order(files.iter()).as_deref() == digest
    }
}

fn digest_in_order<'f>(files: impl ExactSizeIterator<Item = &'f ModelFile>) -> Option<String> {
    let any = files.len() > 0;
    let mut sha = Sha256::new();
    files.for_each(|file| sha.update(format!("{}\0{}\n", file.path, file.sha256)));
    any.then(|| hex::encode(sha.finalize()))
}

impl Model {
    /// That these are the files, in the order of the database, which the model had when it was read, and that none is damaged:
    /// others that came in between were not approved with it, and nor were these bytes.
    ///
    /// # Errors
    /// `conflict`, code `model_changed` or `files_damaged`.
    pub fn check_same_files(&self, files: &[ModelFile]) -> Result<()> {
        match ModelFile::have_digest(files, self.digest.as_deref()) {
            true => ModelFile::check_whole(files).map_err(|error| error.field("modelId")),
            false => Err(Error::conflict(format!("files of model `{}` {} changed just now", self.name, self.version))
                .code("model_changed")
                .field("modelId")
                .hint("look at the model again and repeat what you did")),
        }
    }
}

/// The files an upload brought.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct UploadedFiles {
    /// Each file as it is kept, in the order they came.
    pub files: Vec<ModelFile>,
}

/// Asks for the files of a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListModelFiles {
    /// Whose.
    pub model_id: ModelId,
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// Asks for the bytes of a file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DownloadModelFile {
    /// Whose.
    pub model_id: ModelId,
    /// Its path within the model.
    #[schemars(length(max = 512))]
    pub path: String,
    /// As the HTTP header: `bytes=0-99`, `bytes=100-`, `bytes=-10`. Several ranges are answered with the whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 255))]
    pub range: Option<String>,
}

/// Asks to verify a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct VerifyModel {
    /// Which.
    pub model_id: ModelId,
}

/// What reading all files again showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ModelVerification {
    /// Whether every file has its digest. What was found is written down: see `state` of each file.
    pub verified: bool,
    /// Files read.
    pub files: u64,
    /// Bytes read.
    pub bytes: u64,
    /// Paths whose bytes are gone or changed.
    pub damaged: Vec<String>,
}

/// Asks to delete a model.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeleteModel {
    /// Which.
    pub model_id: ModelId,
}

/// A model that is gone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DeletedModel {
    /// Which.
    pub model_id: ModelId,
    /// Files that will be removed from the store unless something else holds the same bytes.
    pub files: u64,
    /// Until when it can be brought back; absent when it is gone for good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restorable_until: Option<Timestamp>,
    /// Whether its bytes are gone from the store already. They follow in the background: `get_model_deletion` says when they are.
    pub storage_cleaned: bool,
}

/// Something that needs a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Blocker {
    /// As `endpoint`, `job`, `model`.
    pub kind: String,
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}
