use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Instant;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::*;
use crate::serve::tests::tiny::{CONTEXT, tiny};

/// Enough for everything a test does.
const ROOMY: Limits =
    Limits { batch: 8, chunk: 256, queue: 64, kv_bytes: 64 << 20, prefix_bytes: 16 << 20, context: CONTEXT };

struct House {
    engine: Engine,
    model: Arc<Loaded>,
    metrics: Arc<Metrics>,
    ended: oneshot::Receiver<()>,
}

fn house(limits: Limits) -> House {
    let (model, metrics) = (Arc::new(tiny()), Arc::new(Metrics::default()));
    let (engine, ended) = Engine::start(model.clone(), limits, metrics.clone()).unwrap();
    House { engine, model, metrics, ended }
}

fn greedy() -> Sampling {
    Sampling { temperature: 0.0, ..Sampling::default() }
}

fn prompt(length: usize, seed: usize) -> Vec<u32> {
    (0..length).map(|i| ((i * (17 + seed) + 5 * seed) % 250) as u32).collect()
}

fn job(prompt: Vec<u32>, max_new: usize, sampling: Sampling) -> (Job, UnboundedReceiver<Event>) {
    let (events, heard) = unbounded_channel();
    let (stop, accepted) = (Vec::new(), Instant::now());
    (Job { prompt, max_new, sampling, stop, logprobs: None, ignore_eos: true, events, accepted }, heard)
}

#[derive(Clone, Debug, PartialEq)]
struct Answer {
    text: String,
    positions: Vec<Position>,
    finish: Finish,
    usage: Usage,
}

fn listen(mut heard: UnboundedReceiver<Event>) -> std::result::Result<Answer, ApiError> {
    let (mut text, mut positions) = (String::new(), Vec::new());
    loop {
        match heard.blocking_recv().expect("the engine tells the end") {
            Event::Piece { text: piece, positions: more } => {
                text.push_str(&piece);
                positions.extend(more);
            }
            Event::Done { finish, usage } => return Ok(Answer { text, positions, finish, usage }),
            Event::Failed(error) => return Err(error),
        }
    }
}

impl House {
    fn run(&self, (job, heard): (Job, UnboundedReceiver<Event>)) -> Answer {
        self.engine.submit(job).unwrap();
        listen(heard).unwrap()
    }

    fn submit_all(&self, jobs: Vec<(Job, UnboundedReceiver<Event>)>) -> Vec<UnboundedReceiver<Event>> {
        let submit = |(job, heard)| {
            self.engine.submit(job).unwrap();
            heard
        };
        jobs.into_iter().map(submit).collect()
    }

    fn run_all(&self, jobs: Vec<(Job, UnboundedReceiver<Event>)>) -> Vec<Answer> {
        self.submit_all(jobs).into_iter().map(|heard| listen(heard).unwrap()).collect()
    }
}

/// Requests of many lengths, half of them drawn with a seed.
fn mixed() -> Vec<(Job, UnboundedReceiver<Event>)> {
    let sampling =
        |i: usize| if i.is_multiple_of(2) { greedy() } else { Sampling { seed: i as u64, ..Sampling::default() } };
    (0..10).map(|i| job(prompt(3 + 29 * i, i), 10 + 9 * i, sampling(i))).collect()
}

fn texts(answers: &[Answer]) -> Vec<&str> {
    answers.iter().map(|answer| answer.text.as_str()).collect()
}

fn alone() -> Vec<Answer> {
    let house = house(Limits { prefix_bytes: 0, ..ROOMY });
    mixed().into_iter().map(|job| house.run(job)).collect()
}

#[test]
fn a_batch_gives_what_each_gets_alone() {
    let together = house(Limits { batch: 4, chunk: 7, ..ROOMY }).run_all(mixed());
    assert_eq!(texts(&together), texts(&alone()));
}

#[test]
fn answers_survive_giving_their_keys_and_values_up() {
    let config = tiny().model.config().clone();
    let tight = Limits { kv_bytes: Kv::bytes_for(&config, 640), ..ROOMY };
    let house = house(tight);
    let together = house.run_all(mixed());
    assert_eq!(texts(&together), texts(&alone()));
    assert!(house.metrics.preemptions.load(Relaxed) > 0, "the budget was not tight");
}

#[test]
fn keys_and_values_keep_to_their_budget() {
    let config = tiny().model.config().clone();
    let budget = Kv::bytes_for(&config, 640);
    let house = house(Limits { kv_bytes: budget, prefix_bytes: budget / 2, ..ROOMY });
    let (most, done) = (std::sync::atomic::AtomicU64::new(0), std::sync::atomic::AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Relaxed) {
                most.fetch_max(house.metrics.kv_bytes.load(Relaxed), Relaxed);
                std::thread::yield_now();
            }
        });
        house.run_all(mixed());
        done.store(true, Relaxed);
    });
    assert!((1..=budget as u64).contains(&most.into_inner()));
}

#[test]
fn a_kept_prefix_changes_nothing_but_the_work() {
    let house = house(ROOMY);
    let begin = prompt(200, 1);
    let ask = |tail: usize| {
        let (mut job, heard) = job([&begin[..], &prompt(20, tail)].concat(), 30, greedy());
        job.logprobs = Some(2);
        (job, heard)
    };
    let fresh = Limits { prefix_bytes: 0, ..ROOMY };
    house.run(ask(3));
    for tail in [3, 4] {
        let warm = house.run(ask(tail));
        let cold = super::tests::house(fresh).run(ask(tail));
        assert_eq!(warm.usage.cached, 192, "the whole blocks of what the two have in common");
        assert_eq!((cold.usage.cached, &cold.text), (0, &warm.text));
        assert_eq!(cold.positions, warm.positions, "to the last bit");
    }
}

#[test]
fn a_seed_gives_one_text_and_another_seed_another() {
    let house = house(ROOMY);
    let ask = |seed| job(prompt(9, 2), 40, Sampling { seed, ..Sampling::default() });
    let first = house.run(ask(1)).text;
    assert_eq!(house.run(ask(1)).text, first);
    assert_ne!(house.run(ask(2)).text, first);
}

#[test]
fn the_token_limit_ends_an_answer() {
    let answer = house(ROOMY).run(job(prompt(5, 1), 13, greedy()));
    assert_eq!((answer.finish, answer.usage), (Finish::Length, Usage { prompt: 5, completion: 13, cached: 0 }));
}

#[test]
fn the_whole_context_can_be_used() {
    let answer = house(ROOMY).run(job(prompt(5, 1), CONTEXT - 5, greedy()));
    assert_eq!((answer.finish, answer.usage.completion), (Finish::Length, CONTEXT - 5));
}

#[test]
fn the_end_marker_ends_an_answer_and_is_no_part_of_it() {
    let house = house(ROOMY);
    let end = house.model.ends[0];
    let ask = |ignore_eos| {
        let (job, heard) = job(prompt(5, 1), 4, Sampling { bias: [(end, 1e4)].into(), ..greedy() });
        (Job { ignore_eos, ..job }, heard)
    };
    let answer = house.run(ask(false));
    assert_eq!((answer.text.as_str(), answer.finish, answer.usage.completion), ("", Finish::Stop, 0));
    let answer = house.run(ask(true));
    assert_eq!((answer.text.as_str(), answer.finish, answer.usage.completion), ("", Finish::Length, 4));
}

#[test]
fn a_stop_string_cuts_the_answer_and_its_log_probabilities() {
    let house = house(ROOMY);
    let letters: std::collections::BTreeMap<u32, f32> =
        "abcdefgh".chars().map(|c| (house.model.tokenizer.token_to_id(&c.to_string()).unwrap(), 1e3)).collect();
    let ask = |stop: Vec<String>| {
        let sampling = Sampling { bias: letters.clone(), seed: 4, ..Sampling::default() };
        let (job, heard) = job(prompt(5, 1), 60, sampling);
        (Job { stop, logprobs: Some(0), ..job }, heard)
    };
    let whole = house.run(ask(vec![])).text;
    let stop = whole[30..34].to_string();
    let cut = house.run(ask(vec!["never".into(), stop.clone()]));
    assert_eq!((cut.text.as_str(), cut.finish), (&whole[..whole.find(&stop).unwrap()], Finish::Stop));
    assert_eq!(cut.positions.len(), cut.text.len());
}

#[test]
fn log_probabilities_are_those_of_one_pass_over_everything() {
    let house = house(ROOMY);
    let begin = prompt(12, 1);
    let (mut ask, heard) = job(begin.clone(), 20, Sampling { temperature: 0.7, seed: 3, ..Sampling::default() });
    ask.logprobs = Some(5);
    let answer = house.run((ask, heard));
    assert_eq!(answer.positions.len(), 20);
    let bytes: Vec<Vec<u8>> = (0..256).map(|id| crate::serve::text::token_bytes(&house.model.tokenizer, id)).collect();
    let id = |position: &Position| bytes.iter().position(|b| *b == position.chosen.bytes).unwrap() as u32;
    let all = [begin.clone(), answer.positions.iter().map(id).collect()].concat();
    let rows: Vec<Vec<f32>> =
        house.model.model.step_all(&mut [(&all, &mut Kv::new(house.model.model.config()))]).unwrap().to_vec2().unwrap();
    for (at, position) in answer.positions.iter().enumerate() {
        let row = &rows[begin.len() + at - 1];
        let sum: f64 = row.iter().map(|&x| f64::from(x).exp()).sum();
        let expected = f64::from(row[all[begin.len() + at] as usize]) - sum.ln();
        assert!((expected - f64::from(position.chosen.logprob)).abs() < 1e-3, "{at}: {expected} {position:?}");
        assert_eq!(position.top.len(), 5);
    }
}

#[test]
fn a_client_that_goes_frees_its_place() {
    let house = house(Limits { batch: 1, ..ROOMY });
    let (long, mut heard) = job(prompt(5, 1), CONTEXT - 5, greedy());
    house.engine.submit(long).unwrap();
    heard.blocking_recv().unwrap();
    drop(heard);
    house.run(job(prompt(5, 2), 3, greedy()));
    assert!(house.metrics.generation_tokens.load(Relaxed) < 400, "the answer went on for nobody");
    assert!(house.metrics.render("m").contains("finished_reason=\"abort\"} 1"));
}

#[test]
fn a_full_queue_refuses_and_makes_room_when_someone_leaves() {
    let house = house(Limits { batch: 1, queue: 1, ..ROOMY });
    let (long, mut running) = job(prompt(5, 1), CONTEXT - 5, greedy());
    house.engine.submit(long).unwrap();
    running.blocking_recv().unwrap();
    let (waiting, heard) = job(prompt(5, 2), 3, greedy());
    house.engine.submit(waiting).unwrap();
    assert_eq!(house.engine.submit(job(prompt(5, 3), 3, greedy()).0).unwrap_err().code, "queue_full");
    drop(heard);
    house.engine.submit(job(prompt(5, 3), 3, greedy()).0).unwrap();
}

#[test]
fn closing_lets_the_accepted_end() {
    let house = house(Limits { batch: 1, ..ROOMY });
    let heard = house.submit_all((0..3).map(|i| job(prompt(5, i), 5, greedy())).collect());
    house.engine.close();
    assert_eq!(house.engine.submit(job(prompt(5, 9), 5, greedy()).0).unwrap_err().code, "draining");
    assert!(heard.into_iter().all(|heard| listen(heard).unwrap().usage.completion == 5));
    house.ended.blocking_recv().expect_err("nobody sends, the thread's end closes it");
}

#[test]
fn abandoning_tells_everyone() {
    let house = house(Limits { batch: 1, ..ROOMY });
    let heard = house.submit_all((0..3).map(|i| job(prompt(5, i), CONTEXT - 5, greedy())).collect());
    house.engine.abandon();
    for heard in heard {
        assert_eq!(listen(heard).unwrap_err().code, "draining");
    }
}
