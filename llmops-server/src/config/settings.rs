//! Every setting, declared once: from here come the type, its reading, `config show` and `.env.example`.

use std::net::SocketAddr;
use std::path::PathBuf;

use llmops_core::base::{Result, Secret};
use llmops_core::blob::StoreUrl;
use llmops_core::catalog::Families;
use llmops_core::cost::PriceTable;
use llmops_core::egress::guard::AllowedHosts;
use llmops_core::store::DatabaseUrl;

use super::layers::{Layers, Origin};
use super::value::{Auth, LeastBytes, List, Setting, Shown, Value};
use crate::LogFormat;

macro_rules! settings {
    ($($(#[doc = $doc:literal])* $field:ident: $type:ty = $name:literal, $default:literal;)*) => {
        /// The settings of this process.
        #[derive(Debug, Clone)]
        pub struct Config {
            $($(#[doc = $doc])* pub $field: $type,)*
            shown: Vec<Shown>,
        }

        /// Every setting, in the order of the documentation.
        pub const SETTINGS: &[Setting] = &[
            $(Setting { name: $name, default: $default, docs: &[$($doc),*], secret: <$type as Value>::SECRET },)*
        ];

        impl Config {
            /// Reads the settings from their layers.
            ///
            /// # Errors
            /// `invalid`, naming the first setting that is unknown or malformed, its source and what is allowed.
            pub fn read(layers: &Layers) -> Result<Self> {
                layers.refuse_strangers(SETTINGS)?;
                let mut shown = Vec::new();
                $(
                    let (text, origin) = layers.find($name).unwrap_or(($default, Origin::Default));
                    let $field = read::<$type>($name, text, &origin)?;
                    shown.push(Shown { name: $name, value: $field.show(), origin });
                )*
                Ok(Self { $($field,)* shown })
            }
        }
    };
}

settings! {
    /// The folder that holds the administrator's key, the work of local jobs and, unless set otherwise, database and
    /// blobs.
    data: PathBuf = "data", "./llmops-data";
    /// Where the server listens; port 0 takes a free one. Any address but this machine's own needs `auth = keys`.
    listen: SocketAddr = "listen", "127.0.0.1:8080";
    /// The database: sqlite://FILE or postgres://USER:PASSWORD@HOST:PORT/NAME. A file in the data folder if unset.
    database: Option<DatabaseUrl> = "database", "";
    /// The object store: file:///DIR or s3://BUCKET/PREFIX, with the usual AWS_* variables. A folder in the data folder
    /// if unset.
    store: Option<StoreUrl> = "store", "";
    /// Who may reach the server: `local`, this machine only, or `keys`, any machine whose callers hold an API key. Put
    /// TLS in front of it then.
    auth: Auth = "auth", "local";
    /// More host names by which the server may be called, separated by commas; a proxy's, for example.
    allowed_hosts: List = "allowed_hosts", "";
    /// Servers beside the open internet that users may name, as that of an external model: HOST:PORT, separated by commas.
    /// They may be private and may be asked without TLS.
    egress_allowed_hosts: AllowedHosts = "egress.allowed_hosts", "";
    /// Families of models beside those that are known, or in their place, as JSON: each with the architectures that a
    /// `config.json` may name, as {"mamba": ["MambaForCausalLM"]}.
    model_families: Option<Families> = "model_families", "";
    /// The master keys that seal credentials: 64 hex digits each, separated by commas, the one to seal with first. In
    /// `credentials.key` in the data folder if unset. Servers that share a database need the same ones.
    credentials_key: Option<Secret> = "credentials_key", "";
    /// Days for which deleted models and datasets can be brought back, 0 to 3600; with 0 they are gone at once.
    trash_days: u16 = "trash_days", "0";
    /// Of new versions of datasets only what earlier ones lack is kept, in files from so many bytes on, 4096 to
    /// 1099511627776; `off` keeps all whole.
    packing_least_bytes: LeastBytes = "packing.least_bytes", "1048576";
    /// Seconds that a version was not changed before it is packed so, 0 to 3600.
    packing_after_seconds: u16 = "packing.after_seconds", "60";
    /// Seconds that requests get to finish when the server is told to stop, 0 to 3600.
    drain_seconds: u16 = "drain_seconds", "30";
    /// Requests a minute that each API key may send to models, 1 to 1000000; no limit if unset.
    key_requests_per_minute: Option<u32> = "key.requests_per_minute", "";
    /// Requests to models that each API key may have under way at once, 1 to 1000000; no limit if unset.
    key_concurrent_requests: Option<u32> = "key.concurrent_requests", "";
    /// The command that is the local runtime, if it is not this executable itself.
    runtime_bin: Option<PathBuf> = "runtime_bin", "";
    /// What work costs, as JSON, or as the table `prices` of the file: versions with the price of an hour of CPU time and
    /// of a million tokens by model. An hour of CPU time costs 0.04 USD and tokens cost nothing if unset.
    prices: Option<PriceTable> = "prices", "";
    /// What is logged: off, error, warn, info, debug or trace, or a list as `llmops=debug,info`.
    log_level: String = "log.level", "info";
    /// How it is logged: `pretty` for people, `json` for machines.
    log_format: LogFormat = "log.format", "pretty";
    /// For the client commands: the server to call. The one at `listen` if unset.
    url: Option<url::Url> = "url", "";
    /// For the client commands: the key to call it with. For a server on this machine the administrator's, out of the
    /// data folder, if unset.
    api_key: Option<Secret> = "api_key", "";
    /// For the client commands: the project to work in. The key's own if unset.
    project: Option<String> = "project", "";
}

impl Config {
    /// Every setting with its value and its origin; secrets are masked.
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }
}

fn read<T: Value>(name: &str, text: &str, origin: &Origin) -> Result<T> {
    T::read(name, text).map_err(|error| {
        let rule = error.message().strip_prefix(&format!("`{name}` ")).unwrap_or(error.message()).to_owned();
        let said = llmops_core::base::Error::invalid(name, format!("{rule}; it is set by {origin}"));
        said.code("invalid_setting")
            .hint(error.hint_text().unwrap_or("`llmops-server config show` lists every setting"))
    })
}
