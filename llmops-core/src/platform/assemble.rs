//! Putting the rooms together.

use std::path::Path;
use std::sync::Arc;

use super::{Builder, LlmOps, Rooms, gate::PlatformGate, gauges::Counted, lineage::Lineages, place, routing};
use crate::base::{Error, Result};
use crate::blob::{Abandoned, Blobs, Release, StoreUrl};
use crate::catalog::{Exports, Imports, Outside, SqlCatalog};
use crate::compute::Compute;
use crate::cost::SqlCost;
use crate::datasets::{Comparisons, Contaminations, Derivations, Packings, SqlDatasets, TokenCounts, Validations};
use crate::egress::guard::Guard;
use crate::evaluation::{Answering, EvaluationParts, EvaluationUses, Evaluations, SqlEvaluation, ThroughGateway};
use crate::experiments::SqlExperiments;
use crate::gateway::{Journal, Settling};
use crate::governance::{Identity, Keeping, SqlGovernance};
use crate::lineage::{LineageGraphs, LineageRoom};
use crate::op::{Gate, OperationTable};
use crate::registry::{HUGGING_FACE, HubRegistry};
use crate::scheduling::{Scheduler, Site};
use crate::serving::{Endpoints, SqlServing};
use crate::store::{DatabaseUrl, Delivery, Loops, Reconcile, Store};
use crate::training::{JobUses, SqlTraining, TrainingParts, Trainings};
use crate::trash::{Cleaning, Emptying, Trash};
use crate::uploads::{Finishing, StagedFiles};
use crate::vault::Vault;

/// What an embedded platform must end when it ends.
pub(super) struct Embedded {
    store: Store,
    blobs: Blobs,
    compute: Arc<dyn Compute>,
    loops: Option<Loops>,
    journal: Arc<Journal>,
    pub(super) counted: Counted,
}

/// A label that no work has: to look for it is to see whether the place answers.
const NOBODY: (&str, &str) = ("health", "nobody");

impl Embedded {
    pub(super) async fn health(&self) -> Vec<(&'static str, Option<String>)> {
        let (database, store, compute) =
            tokio::join!(self.store.ping(), self.blobs.ping(), self.compute.list(NOBODY.0, NOBODY.1));
        let said = |outcome: Result<()>| outcome.err().map(|error| error.message().to_owned());
        vec![("database", said(database)), ("objectStore", said(store)), ("compute", said(compute.map(drop)))]
    }

    #[cfg(feature = "plans")]
    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    pub(super) async fn shutdown(self) {
        if let Some(loops) = self.loops {
            loops.stop().await;
        }
        self.journal.close();
        self.store.close().await;
    }
}

pub(super) async fn open(builder: Builder) -> Result<LlmOps> {
    make_folder(&builder.data_dir)?;
    let (database, bytes) = addresses(&builder)?;
    let store = Store::open(&database).await?;
    let blobs = Blobs::open_store(&bytes)?.with_chunks(&store);
    let compute = place::compute(&builder, &blobs)?;
    let identity = Identity::load(store.clone(), &builder.clock).await?;
    let local = identity.local_administrator(&builder.data_dir.join("admin.key")).await?;

    let outside = outside(&builder, &store)?;
    let trash = Trash::new(store.clone(), blobs.clone(), builder.keep_deleted);
    let graphs = LineageGraphs::new(store.clone());
    let catalog = catalog(&builder, (&store, &blobs), &outside).with_trash(trash.clone());
    let catalog = Arc::new(catalog.with_lineages(graphs.clone()));
    let jobs = Arc::new(JobUses::new(store.clone()));
    let lineages = Arc::new(Lineages { catalog: catalog.clone(), jobs: jobs.clone() });
    let datasets = datasets(&builder, (&store, &blobs)).with_models(lineages).with_trash(trash);
    let datasets = Arc::new(datasets.with_lineages(graphs.clone()));
    let experiments = Arc::new(SqlExperiments::new(store.clone()));
    let cost = Arc::new(SqlCost::new(store.clone(), builder.prices.clone()));
    let governance = Arc::new(governance(&store, &identity, outside));
    let serving = Arc::new(SqlServing::new(store.clone(), blobs.clone(), catalog.clone(), compute.clone()));
    let (gateway, journal) = routing::open(&builder, &store, serving.clone()).await?;
    introduce((&catalog, &datasets), &jobs, &serving, &graphs);
    let training = SqlTraining::new(TrainingParts {
        scheduler: scheduler(&builder, &store, &*compute),
        scratch: builder.data_dir.join("scratch"),
        store: store.clone(),
        blobs: blobs.clone(),
        catalog: catalog.clone(),
        datasets: datasets.clone(),
        experiments: experiments.clone(),
        cost: cost.clone(),
        compute: compute.clone(),
    });
    let evaluation = evaluation(&training, Arc::new(ThroughGateway(gateway.clone())), &graphs);
    let mut reconcilers = keepers(&builder, &catalog, &datasets);
    let others: [Arc<dyn Reconcile>; 7] = [
        Arc::new(Abandoned { store: store.clone(), blobs: blobs.clone() }),
        Arc::new(StagedFiles { store: store.clone(), blobs: blobs.clone() }),
        Arc::new(Emptying::new(store.clone(), vec![catalog.clone(), datasets.clone()])),
        Arc::new(Trainings::new(training.clone())),
        Arc::new(Endpoints::new(&serving, cost.clone())),
        Arc::new(Evaluations::new(evaluation.clone())),
        Arc::new(Settling::new(store.clone(), journal.clone(), cost.clone())),
    ];
    reconcilers.extend(others);
    let counted = Counted { training: training.clone(), serving: serving.clone(), evaluation: evaluation.clone() };
    let (training, evaluation) = (Arc::new(training), Arc::new(evaluation));
    let rooms = Rooms { catalog, datasets, cost, evaluation, experiments, gateway, governance, serving, training };

    let gate = gate(&store);
    let release = Arc::new(Release::new(store.clone(), blobs.clone()));
    let owed: Vec<Arc<dyn Delivery>> = vec![Arc::new(Cleaning::new(store.clone(), release.clone())), release];
    let loops = builder.loops.then(|| Loops::start(&store, &builder.clock, reconcilers, owed));
    let embedded = Embedded { store, blobs, compute, loops, journal, counted };
    Ok(LlmOps::embedded(rooms.gated(&gate), local, embedded, identity))
}

/// The loops of the rooms that keep models and data.
fn keepers(builder: &Builder, catalog: &Arc<SqlCatalog>, datasets: &Arc<SqlDatasets>) -> Vec<Arc<dyn Reconcile>> {
    vec![
        Arc::new(Finishing::new(catalog.clone())),
        Arc::new(Finishing::new(datasets.clone())),
        Arc::new(Imports::new(catalog.clone())),
        Arc::new(Exports::new(catalog.clone())),
        Arc::new(Validations::new(datasets)),
        Arc::new(Comparisons::new(datasets, builder.data_dir.join("scratch"))),
        Arc::new(Derivations::new(datasets, builder.data_dir.join("scratch"))),
        Arc::new(Contaminations::new(datasets)),
        Arc::new(TokenCounts::new(datasets)),
        Arc::new(Packings::new(datasets, builder.packing.clone())),
    ]
}

fn catalog(builder: &Builder, (store, blobs): (&Store, &Blobs), outside: &Outside) -> SqlCatalog {
    let catalog = SqlCatalog::new(store.clone(), blobs.clone()).with_outside(outside.clone());
    catalog.with_families(builder.families.clone())
}

fn governance(store: &Store, identity: &Arc<Identity>, outside: Outside) -> SqlGovernance {
    let keeping = Keeping { vault: outside.vault, guard: outside.guard };
    let domains = super::ROOMS.iter().map(|(name, _)| *name).collect();
    SqlGovernance::new(store.clone(), identity.clone()).with_keeping(keeping).with_domains(domains)
}

fn datasets(builder: &Builder, (store, blobs): (&Store, &Blobs)) -> SqlDatasets {
    SqlDatasets::new(store.clone(), blobs.clone()).with_detectors(builder.detectors.clone())
}

/// Tells the rooms of those that need their things, and lineages of those that know parts of them.
fn introduce(
    (catalog, datasets): (&Arc<SqlCatalog>, &Arc<SqlDatasets>),
    jobs: &Arc<JobUses>,
    serving: &Arc<SqlServing>,
    graphs: &LineageGraphs,
) {
    catalog.add_user(serving.clone());
    catalog.add_user(jobs.clone());
    datasets.add_user(jobs.clone());
    let rooms: [Arc<dyn LineageRoom>; 4] = [catalog.clone(), datasets.clone(), jobs.clone(), serving.clone()];
    rooms.into_iter().for_each(|room| graphs.add(room));
}

fn gate(store: &Store) -> Arc<dyn Gate> {
    Arc::new(PlatformGate { store: store.clone(), table: OperationTable::new(&super::domains()) })
}

/// Where rows and bytes are: in the data folder, unless another place was named.
fn addresses(builder: &Builder) -> Result<(DatabaseUrl, StoreUrl)> {
    let database = match &builder.database {
        Some(url) => url.clone(),
        None => DatabaseUrl::file(&builder.data_dir.join("llmops.db")),
    };
    let bytes = match &builder.store {
        Some(url) => url.clone(),
        None => StoreUrl::folder(&builder.data_dir.join("blobs"))?,
    };
    Ok((database, bytes))
}

/// The way to other people's services.
fn outside(builder: &Builder, store: &Store) -> Result<Outside> {
    let vault = Vault::new(store.clone(), builder.master_keys_at())?;
    let guard = Guard::new(builder.outside.clone())?;
    let mut registries = builder.registries.clone();
    registries.entry(HUGGING_FACE.to_owned()).or_insert_with(|| Arc::new(HubRegistry::new(guard.clone())));
    Ok(Outside { guard, vault, registries })
}

/// Hands out the cores of the place.
fn scheduler(builder: &Builder, store: &Store, compute: &dyn Compute) -> Scheduler {
    let here = compute.capability();
    let cpu_millis = builder.cpu_millis.unwrap_or(here.cpu_millis);
    Scheduler::new(store.clone(), Site { name: here.place, cpu_millis })
}

/// Evaluation with the parts that training has, known to the rooms whose things it needs.
fn evaluation(parts: &TrainingParts, answering: Arc<dyn Answering>, graphs: &LineageGraphs) -> SqlEvaluation {
    let evaluation = SqlEvaluation::new(EvaluationParts {
        store: parts.store.clone(),
        blobs: parts.blobs.clone(),
        catalog: parts.catalog.clone(),
        datasets: parts.datasets.clone(),
        cost: parts.cost.clone(),
        scheduler: parts.scheduler.clone(),
        compute: parts.compute.clone(),
        answering,
        scratch: parts.scratch.clone(),
    });
    let uses = Arc::new(EvaluationUses(evaluation.clone()));
    parts.catalog.add_user(uses.clone());
    parts.catalog.measured_by(uses.clone());
    parts.datasets.add_user(uses.clone());
    graphs.add(uses);
    evaluation
}

/// The data folder is the owner's alone: it holds a key.
fn make_folder(dir: &Path) -> Result<()> {
    let unusable = |e: std::io::Error| {
        Error::unavailable(format!("the data folder {} cannot be used", dir.display()))
            .hint("choose another with --data, or let this user write there")
            .caused_by(e)
    };
    if dir.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(dir).map_err(unusable)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        std::fs::set_permissions(dir, std::fs::Permissions::from_mode(0o700)).map_err(unusable)?;
    }
    Ok(())
}
