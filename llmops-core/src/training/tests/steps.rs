//! The loop step by step, stopped where a crash would stop it.

use super::super::status::Stage;
use super::*;
use crate::blob::Blobs;
use crate::catalog::{GetModel, SqlCatalog, UploadModelFiles};
use crate::compute::{Compute, Program, Work};
use crate::cost::{PriceTable, SqlCost};
use crate::datasets::SqlDatasets;
use crate::experiments::SqlExperiments;
use crate::platform::on_trial;
use crate::scheduling::{Owner, Scheduler, Site, Standing};
use crate::store::{Lease, Next, Reconcile, Step, Store, trial};

/// A platform that only answers calls, and the loop under the test's hand.
struct Slow {
    fresh: Fresh,
    store: Store,
    room: SqlTraining,
    trainings: Trainings,
}

impl Slow {
    /// With a job from nothing that waits.
    async fn open() -> (Self, JobId) {
        let mut fresh = Fresh::open().await;
        let data = fresh.corpus().await;
        fresh.ops.shutdown().await;
        let builder = on_trial(fresh.dir.path()).await.compute(fresh.fake.clone());
        fresh.ops = builder.loops(false).open().await.unwrap();
        let job = fresh.submit(from_scratch(data)).await.unwrap();
        let store = Store::open(&trial::database(fresh.dir.path()).await).await.unwrap();
        let blobs = Blobs::open_store(&crate::blob::trial::store(fresh.dir.path())).unwrap();
        let room = SqlTraining::new(TrainingParts {
            catalog: Arc::new(SqlCatalog::new(store.clone(), blobs.clone())),
            datasets: Arc::new(SqlDatasets::new(store.clone(), blobs.clone())),
            experiments: Arc::new(SqlExperiments::new(store.clone())),
            cost: Arc::new(SqlCost::new(store.clone(), PriceTable::default())),
            scheduler: Scheduler::new(store.clone(), Site { name: "fake".into(), cpu_millis: 1000 }),
            compute: fresh.fake.clone(),
            scratch: fresh.dir.path().join("scratch"),
            store: store.clone(),
            blobs,
        });
        let trainings = Trainings::new(room.clone());
        (Self { fresh, store, room, trainings }, job.id)
    }

    async fn lease(&self, id: JobId) -> Lease {
        self.store.acquire(&Ctx::system(), &format!("training/{id}")).await.unwrap().unwrap()
    }

    async fn step(&self, id: JobId, lease: &Lease) -> Result<Next> {
        let key = id.to_string();
        self.trainings.step(&Ctx::system(), Step { key: &key, lease }).await
    }

    /// Steps until the job is at this stage.
    async fn until(&self, id: JobId, lease: &Lease, stage: Stage) {
        for _ in 0..20 {
            if self.stage(id).await == stage {
                return;
            }
            self.step(id, lease).await.unwrap();
        }
        panic!("it is {:?} and not {stage:?}", self.stage(id).await);
    }

    async fn stage(&self, id: JobId) -> Stage {
        Stage::from_name(&self.room.load(&self.fresh.ops.ctx(), id).await.unwrap().stage).unwrap()
    }
}

#[tokio::test]
async fn work_that_was_started_just_before_a_crash_is_not_started_again() {
    let (slow, id) = Slow::open().await;
    let lease = slow.lease(id).await;
    slow.until(id, &lease, Stage::Starting).await;
    let work = recipe::work_id(id, 1).unwrap();
    slow.fresh.fake.start(&Work::batch(work, Program::Runtime(vec!["train".into()]))).await.unwrap();
    slow.until(id, &lease, Stage::Following).await;
    assert_eq!(slow.fresh.fake.started().len(), 1);
    assert_eq!(slow.fresh.get(id).await.attempt, 1);
}

#[tokio::test]
async fn a_model_half_registered_before_a_crash_comes_once() {
    let (slow, id) = Slow::open().await;
    let lease = slow.lease(id).await;
    slow.until(id, &lease, Stage::Following).await;
    slow.fresh.succeed(&recipe::work_id(id, 1).unwrap());
    slow.until(id, &lease, Stage::Registering).await;
    slow.step(id, &lease).await.unwrap();
    let model = slow.fresh.get(id).await.output_model_id.unwrap();
    let request = UploadModelFiles { model_id: model, path: None, replace: None, sha256: None };
    let (path, bytes) = result("b").remove(0);
    let body = parts(vec![Part::from_bytes(path, bytes)]);
    slow.fresh.ops.catalog().upload_model_files(&slow.fresh.ops.ctx(), request, body).await.unwrap();
    slow.until(id, &lease, Stage::Resting).await;
    assert_eq!(slow.fresh.get(id).await.status, JobStatus::Succeeded);
    assert_eq!(slow.fresh.models().await.len(), 1);
    let request = GetModel { model_id: model };
    assert!(slow.fresh.ops.catalog().get_model(&slow.fresh.ops.ctx(), request).await.unwrap().digest.is_some());
}

#[tokio::test]
async fn a_job_cancelled_while_its_work_is_being_started_leaves_none() {
    let (slow, id) = Slow::open().await;
    let lease = slow.lease(id).await;
    slow.until(id, &lease, Stage::Starting).await;
    slow.fresh.cancel(id).await.unwrap();
    slow.until(id, &lease, Stage::Resting).await;
    assert_eq!(slow.fresh.get(id).await.status, JobStatus::Cancelled);
    assert!(slow.fresh.fake.started().is_empty());
}

#[tokio::test]
async fn a_server_that_lost_the_job_writes_nothing() {
    let (slow, id) = Slow::open().await;
    let lease = slow.lease(id).await;
    let stale = Lease { epoch: lease.epoch + 1, ..lease };
    assert_eq!(slow.step(id, &stale).await.unwrap_err().stable_code(), "lease_lost");
    assert_eq!(slow.stage(id).await, Stage::Waiting);
}

#[tokio::test]
async fn the_cores_are_free_and_the_examples_gone_once_it_rests() {
    let (slow, id) = Slow::open().await;
    let lease = slow.lease(id).await;
    slow.until(id, &lease, Stage::Following).await;
    slow.fresh.succeed(&recipe::work_id(id, 1).unwrap());
    slow.until(id, &lease, Stage::Resting).await;
    let owners = [Owner::new("training", id.0)];
    assert_eq!(slow.room.scheduler.standings(&Ctx::system(), &owners).await.unwrap(), [Standing::Gone]);
    assert_eq!(std::fs::read_dir(slow.fresh.dir.path().join("scratch")).unwrap().count(), 0);
}
