//! A place in memory, where a test decides what becomes of each piece of work.

mod place;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::broadcast;

use super::{Capability, Exit, Observed, Phase, Work, WorkId};
use crate::base::{Clock, Error, SystemClock};

/// A place where nothing runs: what is started stands as running until the test says more. Work that is asked to stop
/// ends at once, unless [`Fake::ignore_stops`].
///
/// ```
/// # #[tokio::main(flavor = "current_thread")] async fn main() -> llmops_core::base::Result<()> {
/// use llmops_core::compute::{Channel, Compute, Fake, Phase, Program, Work, WorkId};
/// let fake = Fake::new();
/// let id = WorkId::parse("train-1")?;
/// fake.start(&Work::batch(id.clone(), Program::Runtime(vec!["train".into()]))).await?;
/// fake.event(&id, serde_json::json!({ "event": "step", "step": 1 }));
/// fake.output(&id, "config.json", "{}");
/// fake.end(&id, 0);
/// assert_eq!(fake.observe(&id).await?.map(|seen| seen.phase), Some(Phase::Ended));
/// assert_eq!(fake.read_log(&id, Channel::Events, 0, 1000).await?.bytes, b"{\"event\":\"step\",\"step\":1}\n");
/// # Ok(()) }
/// ```
pub struct Fake {
    state: Mutex<State>,
    changed: broadcast::Sender<WorkId>,
    clock: Arc<dyn Clock>,
}

type OnStart = Arc<dyn Fn(&Fake, &Work) + Send + Sync>;

struct State {
    capability: Capability,
    pieces: BTreeMap<WorkId, Piece>,
    calls: Vec<WorkId>,
    stops: Vec<(WorkId, Duration)>,
    refusals: VecDeque<Error>,
    hold: bool,
    ignore_stops: bool,
    on_start: Option<OnStart>,
}

/// A piece of work as the test tells it.
struct Piece {
    work: Work,
    seen: Observed,
    events: Vec<u8>,
    text: Vec<u8>,
    outputs: BTreeMap<String, Vec<u8>>,
}

impl Fake {
    /// An empty place.
    pub fn new() -> Arc<Self> {
        Self::with_clock(Arc::new(SystemClock))
    }

    /// An empty place whose times come from this clock.
    pub fn with_clock(clock: Arc<dyn Clock>) -> Arc<Self> {
        let capability = Capability {
            backend: "fake",
            place: "fake".into(),
            services: true,
            runtime: true,
            outlives_server: true,
            cpu_millis: 4000,
            memory_bytes: 8 << 30,
            gpus: 0,
        };
        let state = State {
            capability,
            pieces: BTreeMap::new(),
            calls: Vec::new(),
            stops: Vec::new(),
            refusals: VecDeque::new(),
            hold: false,
            ignore_stops: false,
            on_start: None,
        };
        Arc::new(Self { state: Mutex::new(state), changed: broadcast::channel(1024).0, clock })
    }

    // What comes.

    /// Says what the place can do from now on.
    pub fn set_capability(&self, change: impl FnOnce(&mut Capability)) {
        change(&mut self.state().capability);
    }

    /// Refuses the next start with this error; several are used up in order.
    pub fn fail_next_start(&self, error: Error) {
        self.state().refusals.push_back(error);
    }

    /// Whether work that is started from now on waits until [`Fake::run`].
    pub fn hold_starts(&self, hold: bool) {
        self.state().hold = hold;
    }

    /// Whether work goes on when it is asked to stop; a grace of nothing ends it all the same.
    pub fn ignore_stops(&self, ignore: bool) {
        self.state().ignore_stops = ignore;
    }

    /// Tells a story by itself: called after each start that happened, outside all locks.
    pub fn on_start(&self, story: impl Fn(&Fake, &Work) + Send + Sync + 'static) {
        self.state().on_start = Some(Arc::new(story));
    }

    // What happens to one piece; nothing happens to work that was never started.

    /// Lets waiting work run.
    pub fn run(&self, id: &WorkId) {
        let now = self.clock.now();
        self.change(id, |piece| {
            piece.seen.phase = Phase::Running;
            piece.seen.reason.clear();
            piece.seen.started_at.get_or_insert(now);
        });
    }

    /// Makes it wait, for a reason.
    pub fn wait(&self, id: &WorkId, reason: &str) {
        self.change(id, |piece| {
            piece.seen.phase = Phase::Waiting;
            piece.seen.reason = reason.to_owned();
        });
    }

    /// Writes an event.
    pub fn event(&self, id: &WorkId, event: Value) {
        self.change(id, |piece| piece.events.extend(format!("{event}\n").bytes()));
    }

    /// Writes bytes to the events as they are, lines whole or not.
    pub fn raw_events(&self, id: &WorkId, bytes: &[u8]) {
        self.change(id, |piece| piece.events.extend(bytes));
    }

    /// Writes a line for people.
    pub fn text(&self, id: &WorkId, line: &str) {
        self.change(id, |piece| piece.text.extend(format!("{line}\n").bytes()));
    }

    /// Leaves a file below `out/`.
    pub fn output(&self, id: &WorkId, path: &str, bytes: impl Into<Vec<u8>>) {
        self.change(id, |piece| drop(piece.outputs.insert(path.to_owned(), bytes.into())));
    }

    /// A service listens on this address.
    pub fn listen(&self, id: &WorkId, address: &str) {
        self.change(id, |piece| piece.seen.address = Some(address.to_owned()));
    }

    /// Says what it has used so far.
    pub fn usage(&self, id: &WorkId, cpu_seconds: f64, memory_peak_bytes: u64) {
        self.change(id, |piece| {
            piece.seen.cpu_seconds = cpu_seconds;
            piece.seen.memory_peak_bytes = memory_peak_bytes;
        });
    }

    /// Ends it with an exit status.
    pub fn end(&self, id: &WorkId, code: i32) {
        self.end_as(id, Exit { code: Some(code), signal: None, out_of_memory: false, stopped: false });
    }

    /// Ends it by a signal.
    pub fn end_by_signal(&self, id: &WorkId, signal: i32) {
        self.end_as(id, Exit { code: None, signal: Some(signal), out_of_memory: false, stopped: false });
    }

    /// Ends it for using too much memory.
    pub fn end_out_of_memory(&self, id: &WorkId) {
        self.end_as(id, Exit { code: None, signal: Some(9), out_of_memory: true, stopped: false });
    }

    /// Ends it; who was asked to stop before has `stopped` whatever this says.
    pub fn end_as(&self, id: &WorkId, exit: Exit) {
        let now = self.clock.now();
        let asked = self.state().stops.iter().any(|(stopped, _)| stopped == id);
        self.change(id, |piece| {
            piece.seen.phase = Phase::Ended;
            piece.seen.exit = Some(Exit { stopped: exit.stopped || asked, ..exit });
            piece.seen.ended_at = Some(now);
            piece.seen.address = None;
        });
    }

    /// Makes the place forget it, as a cluster does when somebody deletes by hand.
    pub fn lose(&self, id: &WorkId) {
        self.state().pieces.remove(id);
        self.tell(id);
    }

    // What was asked.

    /// What was started and is not removed, by name.
    pub fn started(&self) -> Vec<Work> {
        self.state().pieces.values().map(|piece| piece.work.clone()).collect()
    }

    /// What was started under this name.
    pub fn work(&self, id: &WorkId) -> Option<Work> {
        self.state().pieces.get(id).map(|piece| piece.work.clone())
    }

    /// How often a start of this name was asked for, refused and repeated ones among them.
    pub fn start_calls(&self, id: &WorkId) -> usize {
        self.state().calls.iter().filter(|called| *called == id).count()
    }

    /// Which stops were asked for, with their grace.
    pub fn stops(&self) -> Vec<(WorkId, Duration)> {
        self.state().stops.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, id: &WorkId, change: impl FnOnce(&mut Piece)) {
        if let Some(piece) = self.state().pieces.get_mut(id) {
            change(piece);
        }
        self.tell(id);
    }

    fn tell(&self, id: &WorkId) {
        // Nobody listening is no fault.
        let _ = self.changed.send(id.clone());
    }
}
