//! Describing a platform before it is opened.

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::{LlmOps, assemble};
use crate::base::{Clock, Result, Secret, SystemClock};
use crate::blob::StoreUrl;
use crate::catalog::Families;
use crate::compute::Compute;
use crate::cost::PriceTable;
use crate::datasets::{Packing, PiiDetector};
use crate::egress::guard::AllowedHosts;
use crate::gateway::{KeyLimits, RouteSource};
use crate::provider::{Deadlines, Provider};
use crate::registry::{Registries, Registry};
use crate::store::DatabaseUrl;
use crate::vault::MasterKeys;

/// What a platform in this process is made of. Every part has a default: a folder is enough.
pub struct Builder {
    pub(super) data_dir: PathBuf,
    pub(super) database: Option<DatabaseUrl>,
    pub(super) store: Option<StoreUrl>,
    pub(super) runtime: Option<Vec<OsString>>,
    pub(super) compute: Option<Arc<dyn Compute>>,
    pub(super) prices: PriceTable,
    pub(super) cpu_millis: Option<u32>,
    pub(super) provider: Option<Arc<dyn Provider>>,
    pub(super) routes: Option<Arc<dyn RouteSource>>,
    pub(super) key_limits: KeyLimits,
    pub(super) deadlines: Deadlines,
    pub(super) families: Families,
    pub(super) detectors: Vec<Arc<dyn PiiDetector>>,
    pub(super) packing: Packing,
    pub(super) outside: AllowedHosts,
    pub(super) registries: Registries,
    pub(super) master_keys: Option<Secret>,
    pub(super) keep_deleted: Duration,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) loops: bool,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            data_dir: PathBuf::from("./llmops-data"),
            database: None,
            store: None,
            runtime: None,
            compute: None,
            prices: PriceTable::default(),
            cpu_millis: None,
            provider: None,
            routes: None,
            key_limits: KeyLimits::default(),
            deadlines: Deadlines::default(),
            families: Families::default(),
            detectors: Vec::new(),
            packing: Packing::default(),
            outside: AllowedHosts::default(),
            registries: Registries::new(),
            master_keys: None,
            keep_deleted: Duration::ZERO,
            clock: Arc::new(SystemClock),
            loops: true,
        }
    }
}

impl Builder {
    /// The folder that holds the administrator's key, the work of local jobs and, by default, database and blobs.
    pub fn data_dir(mut self, dir: impl Into<PathBuf>) -> Self {
        self.data_dir = dir.into();
        self
    }

    /// The database; `llmops.db` in the data folder when not given.
    pub fn database(mut self, url: DatabaseUrl) -> Self {
        self.database = Some(url);
        self
    }

    /// The object store; `blobs` in the data folder when not given.
    pub fn store(mut self, url: StoreUrl) -> Self {
        self.store = Some(url);
        self
    }

    /// The command that is the local runtime, as `["llmops-server", "runtime"]`. `LLMOPS_RUNTIME_BIN` overrides it.
    pub fn runtime_command(mut self, command: Vec<OsString>) -> Self {
        self.runtime = Some(command);
        self
    }

    /// Where work runs; child processes in the data folder's `work` when not given.
    pub fn compute(mut self, place: Arc<dyn Compute>) -> Self {
        self.compute = Some(place);
        self
    }

    /// What work costs; 0.04 USD for an hour of CPU time when not given.
    pub fn prices(mut self, prices: PriceTable) -> Self {
        self.prices = prices;
        self
    }

    /// Thousandths of cores that jobs may use together; those of the whole machine when not given.
    pub fn cpu_millis(mut self, cpu_millis: u32) -> Self {
        self.cpu_millis = Some(cpu_millis);
        self
    }

    /// Who speaks to the models behind the gateway; OpenAI's dialect over HTTP when not given.
    pub fn provider(mut self, provider: Arc<dyn Provider>) -> Self {
        self.provider = Some(provider);
        self
    }

    /// Who answers which route; the endpoints of serving when not given.
    pub fn routes(mut self, source: Arc<dyn RouteSource>) -> Self {
        self.routes = Some(source);
        self
    }

    /// What each API key may ask of the gateway; anything when not given.
    pub fn key_limits(mut self, limits: KeyLimits) -> Self {
        self.key_limits = limits;
        self
    }

    /// How long an answer of the gateway may take.
    pub fn deadlines(mut self, deadlines: Deadlines) -> Self {
        self.deadlines = deadlines;
        self
    }

    /// The families that models may be of; those that everybody knows when not given.
    pub fn model_families(mut self, families: Families) -> Self {
        self.families = families;
        self
    }

    /// One more detector of personal data, as a model that knows names. What it finds is added to what the rules find, in
    /// validations and redactions; a kind that has no name here is `custom`, under a word of its own. Give every server the same.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use llmops_core::LlmOps;
    /// use llmops_core::datasets::{PiiDetector, PiiMatch, PiiType};
    ///
    /// struct CodeNames;
    ///
    /// impl PiiDetector for CodeNames {
    ///     fn find(&self, text: &str, found: &mut Vec<PiiMatch>) {
    ///         let all = text.match_indices("Bluebird");
    ///         found.extend(all.map(|(at, name)| {
    ///             PiiMatch::new(PiiType::Custom, at..at + name.len(), 0.9).of_rule("code_name")
    ///         }));
    ///     }
    /// }
    ///
    /// let builder = LlmOps::builder().pii_detector(Arc::new(CodeNames));
    /// # drop(builder);
    /// ```
    pub fn pii_detector(mut self, detector: Arc<dyn PiiDetector>) -> Self {
        self.detectors.push(detector);
        self
    }

    /// When of a dataset's file only what earlier versions lack is kept; a minute after the version last changed, from 1 MiB
    /// on, when not given. Give every server the same.
    pub fn packing(mut self, rule: Packing) -> Self {
        self.packing = rule;
        self
    }

    /// The servers beside the open internet that users may name, as that of an external model; none when not given.
    pub fn allowed_hosts(mut self, hosts: AllowedHosts) -> Self {
        self.outside = hosts;
        self
    }

    /// A registry that models are imported from, by the name that requests give it; `huggingface` is there unless another takes
    /// its name.
    pub fn registry(mut self, name: impl Into<String>, registry: Arc<dyn Registry>) -> Self {
        self.registries.insert(name.into(), registry);
        self
    }

    /// How long deleted models and datasets can be brought back; not at all when not given.
    pub fn keep_deleted(mut self, keep: Duration) -> Self {
        self.keep_deleted = keep;
        self
    }

    /// The master keys that seal credentials: 64 hex digits each, separated by commas, the one to seal with first. In
    /// `credentials.key` in the data folder, made when first needed, when not given.
    pub fn master_keys(mut self, keys: Secret) -> Self {
        self.master_keys = Some(keys);
        self
    }

    /// Where the master keys are.
    pub(super) fn master_keys_at(&self) -> MasterKeys {
        match &self.master_keys {
            Some(keys) => MasterKeys::Given(keys.clone()),
            None => MasterKeys::File(self.data_dir.join("credentials.key")),
        }
    }

    /// The clock, for tests.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Whether this process does the work of the loops; a process that only answers calls says no.
    pub fn loops(mut self, run: bool) -> Self {
        self.loops = run;
        self
    }

    /// Opens the platform: connects, migrates, makes the administrator's key and starts the loops.
    pub async fn open(self) -> Result<LlmOps> {
        assemble::open(self).await
    }
}
