//! Where settings are written down, from the weakest word to the strongest.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};

use llmops_core::base::{Error, Result};

use super::Setting;

const PREFIX: &str = "LLMOPS_";
/// Variables of other programs that share the prefix: the clients' own, and those of the tests.
const OTHERS: [&str; 8] =
    ["base_url", "timeout", "log", "home", "offline", "disable_progress_bars", "update_generated", "config"];

/// The setting that is a table of its own, and not a group of others.
const TABLE: &str = "prices";

/// Who set a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody.
    Default,
    /// A file, as `llmops.toml`.
    File(PathBuf),
    /// A variable of the environment.
    Variable(String),
    /// A flag of the command line.
    Flag(String),
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("default"),
            Self::File(path) => write!(f, "the file {}", path.display()),
            Self::Variable(name) => write!(f, "the variable {name}"),
            Self::Flag(name) => write!(f, "the flag {name}"),
        }
    }
}

/// Values by the name of their setting, the strongest layer last.
#[derive(Debug, Default)]
pub struct Layers(Vec<BTreeMap<String, (String, Origin)>>);

impl Layers {
    /// The layers of this process: `file`, or `llmops.toml` here if there is one; `.env` here; the environment.
    ///
    /// # Errors
    /// `invalid` when a file cannot be read.
    pub fn of_process(file: Option<&Path>) -> Result<Self> {
        let mut layers = Self::default();
        match file {
            Some(path) => layers.file(path)?,
            None if Path::new("llmops.toml").is_file() => layers.file(Path::new("llmops.toml"))?,
            None => {}
        }
        layers.dot_env(Path::new(".env"))?;
        layers.variables(std::env::vars_os().filter_map(|(k, v)| Some((k.into_string().ok()?, v.into_string().ok()?))));
        Ok(layers)
    }

    /// Adds a file of settings.
    ///
    /// # Errors
    /// `invalid` when it is no TOML, or holds what no setting can be.
    pub fn file(&mut self, path: &Path) -> Result<()> {
        let unusable = |why: String| {
            Error::invalid("config", format!("names the file {}, which {why}", path.display())).code("invalid_setting")
        };
        let text = std::fs::read_to_string(path)
            .map_err(|e| unusable("cannot be read".into()).hint("check its path and permissions").caused_by(e))?;
        let mut table: toml::Table = text.parse().map_err(|e: toml::de::Error| {
            unusable(format!("is not TOML: {}", e.message())).hint("write lines as `listen = \"127.0.0.1:8080\"`")
        })?;
        let mut layer = BTreeMap::new();
        if let Some(prices) = table.remove(TABLE) {
            layer.insert(TABLE.to_owned(), (json(prices).to_string(), Origin::File(path.to_owned())));
        }
        for (name, value) in flat("", table) {
            let text = plain(value).ok_or_else(|| unusable(format!("sets `{name}` to what is no text or number")))?;
            layer.insert(name, (text, Origin::File(path.to_owned())));
        }
        self.0.push(layer);
        Ok(())
    }

    /// Adds the variables that a `.env` file sets, if it is there.
    ///
    /// # Errors
    /// `invalid` when it cannot be read.
    pub fn dot_env(&mut self, path: &Path) -> Result<()> {
        if !path.is_file() {
            return Ok(());
        }
        let unusable = |e: dotenvy::Error| {
            Error::invalid("config", format!("the file {} cannot be read: {e}", path.display())).code("invalid_setting")
        };
        let mut layer = BTreeMap::new();
        for pair in dotenvy::from_path_iter(path).map_err(unusable)? {
            let (name, text) = pair.map_err(unusable)?;
            if let Some(setting) = setting_of(&name, &text) {
                layer.insert(setting, (text, Origin::File(path.to_owned())));
            }
        }
        self.0.push(layer);
        Ok(())
    }

    /// Adds environment variables.
    pub fn variables(&mut self, variables: impl Iterator<Item = (String, String)>) {
        let layer = variables.filter_map(|(name, text)| {
            let setting = setting_of(&name, &text)?;
            Some((setting, (text, Origin::Variable(name))))
        });
        self.0.push(layer.collect());
    }

    /// Adds flags that were given.
    pub fn flags(&mut self, flags: impl IntoIterator<Item = (&'static str, Option<String>)>) {
        let layer = flags.into_iter().filter_map(|(name, text)| {
            let flag = Origin::Flag(format!("--{}", name.replace('_', "-")));
            Some((key(name), (text?, flag)))
        });
        self.0.push(layer.collect());
    }

    /// The strongest word on a setting.
    pub(super) fn find(&self, name: &str) -> Option<(&str, Origin)> {
        let found = self.0.iter().rev().find_map(|layer| layer.get(&key(name)));
        found.map(|(text, origin)| (text.as_str(), origin.clone()))
    }

    /// Refuses what is no setting.
    pub(super) fn refuse_strangers(&self, settings: &[Setting]) -> Result<()> {
        let known = |name: &str| settings.iter().any(|setting| key(setting.name) == name);
        match self.0.iter().flatten().find(|(name, _)| !known(name)) {
            None => Ok(()),
            Some((name, (_, origin))) => {
                let all: Vec<&str> = settings.iter().map(|setting| setting.name).collect();
                Err(Error::invalid(name, format!("is no setting; it is set by {origin}"))
                    .code("unknown_setting")
                    .hint(format!("the settings are {}", all.join(", "))))
            }
        }
    }
}

/// `log.level`, `log_level` and `LOG_LEVEL` are one name.
fn key(name: &str) -> String {
    name.replace(['.', '-'], "_").to_ascii_lowercase()
}

/// The setting that a variable is for. A cluster sets variables of its own for a service that is named `llmops`.
fn setting_of(variable: &str, text: &str) -> Option<String> {
    let start = variable.get(..PREFIX.len()).filter(|start| start.eq_ignore_ascii_case(PREFIX))?;
    let name = key(&variable[start.len()..]);
    let of_cluster = name.contains("service_host")
        || name.contains("service_port")
        || name == "port"
        || name.contains("port_") && name.contains("_tcp")
        || text.starts_with("tcp://");
    let of_others = name.starts_with("test_") || name.starts_with("crash_") || OTHERS.contains(&name.as_str());
    (!of_cluster && !of_others).then_some(name)
}

fn flat(prefix: &str, table: toml::Table) -> Vec<(String, toml::Value)> {
    let pairs = table.into_iter().flat_map(|(name, value)| match value {
        toml::Value::Table(inner) => flat(&format!("{prefix}{name}_"), inner),
        value => vec![(key(&format!("{prefix}{name}")), value)],
    });
    pairs.collect()
}

/// The value as JSON; times are text.
fn json(value: toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is) => is.into(),
        toml::Value::Datetime(time) => time.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(fields) => fields.into_iter().map(|(name, value)| (name, json(value))).collect(),
    }
}

fn plain(value: toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Integer(_) | toml::Value::Float(_) | toml::Value::Boolean(_) => Some(value.to_string()),
        toml::Value::Array(items) => {
            let texts: Option<Vec<String>> = items.into_iter().map(plain).collect();
            texts.map(|texts| texts.join(","))
        }
        toml::Value::Datetime(_) | toml::Value::Table(_) => None,
    }
}
