//! Folders in Hugging Face's layout.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use candle_core::Tensor;
use serde_json::{Value, json};

use super::safetensors::SafeTensors;
use super::{Text, bounded};
use crate::error::{Error, Result};
use crate::model::Config;

/// The most files the weights may be spread over.
const MOST_SHARDS: usize = 1024;

/// An open folder.
pub(crate) struct Folder {
    dir: PathBuf,
    config: Config,
    shards: Vec<SafeTensors>,
    places: BTreeMap<String, usize>,
}

impl Folder {
    /// Opens a folder and checks the headers of its weights.
    pub(crate) fn open(dir: &Path) -> Result<Self> {
        let config = Config::from_json(&bounded::json(&dir.join("config.json"))?)?;
        let (mut shards, mut places) = (Vec::new(), BTreeMap::new());
        for path in weight_files(dir)? {
            let shard = SafeTensors::open(&path)?;
            for name in shard.entries.keys() {
                if places.insert(name.clone(), shards.len()).is_some() {
                    return Err(Error::bad_model(format!("{}: {name} stands in another file too", path.display())));
                }
            }
            shards.push(shard);
        }
        Ok(Self { dir: dir.to_path_buf(), config, shards, places })
    }

    /// The model's shape.
    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    /// Bytes of data.
    pub(crate) fn bytes(&self) -> u64 {
        self.shards.iter().map(SafeTensors::bytes).sum()
    }

    /// Names, types and shapes of the tensors.
    pub(super) fn tensors(&self) -> impl Iterator<Item = (&String, String, &[usize])> {
        self.shards
            .iter()
            .flat_map(|shard| shard.entries.iter())
            .map(|(name, entry)| (name, format!("{:?}", entry.dtype), entry.shape.as_slice()))
    }

    /// The tokenizer and what goes with it.
    pub(crate) fn text(&self) -> Result<Text> {
        Text::open(&self.dir, &self.config)
    }

    /// Reads one weight.
    pub(crate) fn weight(&mut self, name: &str) -> Result<Tensor> {
        let missing = || Error::bad_model(format!("{}: the tensor {name} is missing", self.dir.display()));
        let place = *self.places.get(name).ok_or_else(missing)?;
        self.shards[place].tensor(name)
    }
}

/// The files that hold the weights: one, or those that an index names.
fn weight_files(dir: &Path) -> Result<Vec<PathBuf>> {
    let index = dir.join("model.safetensors.index.json");
    if !index.exists() {
        return Ok(vec![dir.join("model.safetensors")]);
    }
    let bad = |why: String| Error::bad_model(format!("{}: {why}", index.display()));
    let stated = bounded::json(&index)?;
    let map = stated["weight_map"].as_object().ok_or_else(|| bad("weight_map is missing".into()))?;
    let mut files: Vec<&str> = map.values().filter_map(Value::as_str).collect();
    files.sort_unstable();
    files.dedup();
    if files.len() > MOST_SHARDS {
        return Err(bad(format!("it names {} files, and {MOST_SHARDS} are the most", files.len())));
    }
    let plain =
        |file: &&str| file.ends_with(".safetensors") && Path::new(file).file_name().is_some_and(|name| name == *file);
    match files.iter().find(|file| !plain(file)) {
        Some(file) => Err(bad(format!("`{file}` is not the name of a safetensors file in this folder"))),
        None => Ok(files.into_iter().map(|file| dir.join(file)).collect()),
    }
}

/// Writes a model's files into a folder; see [`whole`].
pub(crate) fn save_folder(dir: &Path, config: &Config, tensors: &BTreeMap<String, Tensor>, text: &Text) -> Result<()> {
    save_text(dir, config, text)?;
    save_tensors(&dir.join("model.safetensors"), tensors)
}

/// Writes all files of a model but its weights.
fn save_text(dir: &Path, config: &Config, text: &Text) -> Result<()> {
    write_json(&dir.join("config.json"), &config.to_json()?)?;
    let generation = json!({"bos_token_id": config.bos_token_id, "eos_token_id": text.ends});
    write_json(&dir.join("generation_config.json"), &generation)?;
    save_tokenizer(dir, text)
}

/// Writes the files of a tokenizer.
pub(crate) fn save_tokenizer(dir: &Path, text: &Text) -> Result<()> {
    write_json(&dir.join("tokenizer_config.json"), &text.settings())?;
    write(&dir.join("tokenizer.json"), &text.json)
}

/// Reads all tensors of one file.
pub(crate) fn read_tensors(path: &Path) -> Result<BTreeMap<String, Tensor>> {
    let mut file = SafeTensors::open(path)?;
    let names: Vec<String> = file.entries.keys().cloned().collect();
    names.into_iter().map(|name| Ok((name.clone(), file.tensor(&name)?))).collect()
}

/// Writes tensors into one file.
pub(crate) fn save_tensors(path: &Path, tensors: &BTreeMap<String, Tensor>) -> Result<()> {
    let metadata = std::collections::HashMap::from([("format".to_string(), "pt".to_string())]);
    let views = tensors.iter().map(|(name, tensor)| (name.as_str(), tensor));
    safetensors::serialize_to_file(views, Some(metadata), path)
        .map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    sync(path)
}

/// Fills a folder beside `dir` and puts it in its place, so that nobody ever sees a part of it.
pub(crate) fn whole(dir: &Path, fill: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
    let (part, old) = (beside(dir, "tmp"), beside(dir, "old"));
    remove(&part)?;
    fs::create_dir_all(&part).map_err(Error::at(&part))?;
    fill(&part)?;
    sync(&part)?;
    remove(&old)?;
    if dir.exists() {
        fs::rename(dir, &old).map_err(Error::at(dir))?;
    }
    fs::rename(&part, dir).map_err(Error::at(dir))?;
    if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        sync(parent)?;
    }
    remove(&old)
}

fn beside(dir: &Path, end: &str) -> PathBuf {
    let mut name = dir.as_os_str().to_owned();
    name.push(format!(".{end}"));
    PathBuf::from(name)
}

fn remove(dir: &Path) -> Result<()> {
    match fs::remove_dir_all(dir) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::at(dir)(error)),
        _ => Ok(()),
    }
}

pub(crate) fn write_json(path: &Path, value: &Value) -> Result<()> {
    let mut text = serde_json::to_vec_pretty(value).map_err(Error::internal)?;
    text.push(b'\n');
    write(path, &text)
}

fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    fs::write(path, bytes).map_err(Error::at(path))?;
    sync(path)
}

fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(Error::at(path))
}
