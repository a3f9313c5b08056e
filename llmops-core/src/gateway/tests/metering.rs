//! What was used, and that it is not forgotten.

use std::time::Duration;

use super::*;
use crate::cost::{Cost, CostEntry, ListCostEntries, PriceTable, SqlCost};
use crate::gateway::journal::UsageOutcome;
use crate::store::{Next, Reconcile, Step};

#[tokio::test]
async fn an_answer_is_on_record_with_what_it_used() {
    let here = here(vec![FakeTurn::Says(words(&["a", "b"]))]).await;
    let answer = here.chat(hello()).await.unwrap();
    let [record] = here.journaled().await.try_into().unwrap();
    assert_eq!((record.id, record.usage, record.is_exact), (answer.id, answer.usage, true));
    assert_eq!((record.outcome, record.route.as_str()), (UsageOutcome::Completed, "/tiny"));
}

#[tokio::test]
async fn a_stream_is_on_record_once() {
    let here = here(vec![FakeTurn::Says(words(&["a", "b"]))]).await;
    let chunks: Vec<_> = here.stream(hello()).await.unwrap().collect().await;
    assert_eq!(chunks.len(), 5);
    let [record] = here.journaled().await.try_into().unwrap();
    assert_eq!((record.outcome, record.usage.completion_tokens), (UsageOutcome::Completed, 2));
    assert!(record.first_ms.is_some());
}

#[tokio::test]
async fn who_leaves_early_pays_for_what_was_seen() {
    let here = here(vec![FakeTurn::Says(words(&["a", "b", "c"]))]).await;
    let mut chunks = here.stream(hello()).await.unwrap();
    for _ in 0..3 {
        chunks.next().await.unwrap().unwrap();
    }
    drop(chunks);
    let [record] = here.journaled().await.try_into().unwrap();
    assert_eq!((record.outcome, record.is_exact, record.usage.completion_tokens), (UsageOutcome::Cancelled, false, 2));
}

#[tokio::test]
async fn who_leaves_after_the_usage_had_it_all() {
    let here = here(vec![FakeTurn::Says(words(&["a"]))]).await;
    let mut chunks = here.stream(hello()).await.unwrap();
    while chunks.next().await.unwrap().unwrap().usage.is_none() {}
    drop(chunks);
    assert_eq!(here.journaled().await[0].outcome, UsageOutcome::Completed);
}

#[tokio::test]
async fn what_is_refused_costs_nothing() {
    let here = here(vec![FakeTurn::Away]).await;
    here.chat(hello()).await.unwrap_err();
    here.chat(ask(json!({ "temperature": 9 }))).await.unwrap_err();
    assert_eq!(here.journaled().await, []);
}

#[tokio::test]
async fn the_same_request_id_twice_is_charged_twice() {
    let here = here(vec![]).await;
    let ctx = Ctx::system();
    here.gateway.chat(&ctx, hello()).await.unwrap();
    here.gateway.chat(&ctx, hello()).await.unwrap();
    let records = here.journaled().await;
    assert_eq!(records[0].request_id, records[1].request_id);
    assert_ne!(records[0].id, records[1].id);
}

#[tokio::test]
async fn a_new_server_takes_over_what_the_old_one_left() {
    let here = here(vec![]).await;
    here.chat(hello()).await.unwrap();
    here.journal.close();
    let folder = here.dir.path().join("journal");
    drop(here.gateway);
    drop(here.journal);
    let again = Journal::open(&folder).unwrap();
    let names = again.cut().await;
    assert_eq!(names.iter().map(|name| again.read(name).unwrap().len()).sum::<usize>(), 1);
}

#[tokio::test]
async fn files_of_a_living_server_are_left_alone() {
    let here = here(vec![]).await;
    here.chat(hello()).await.unwrap();
    wait_for_files(&here.dir.path().join("journal"), 1).await;
    let other = Journal::open(&here.dir.path().join("journal")).unwrap();
    assert_eq!(other.cut().await, Vec::<String>::new());
}

async fn wait_for_files(folder: &std::path::Path, count: usize) {
    for _ in 0..200 {
        if std::fs::read_dir(folder).unwrap().count() == count {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the journal has no {count} files");
}

#[tokio::test]
async fn a_torn_end_costs_only_what_was_torn() {
    let here = here(vec![]).await;
    for _ in 0..3 {
        here.chat(hello()).await.unwrap();
    }
    let name = here.journal.cut().await.pop().unwrap();
    let path = here.dir.path().join("journal").join(format!("{name}.usage"));
    let whole = std::fs::read(&path).unwrap();
    let mut ends = vec![];
    while let Some(at) = Some(ends.last().copied().unwrap_or(0)).filter(|at| *at < whole.len()) {
        ends.push(at + 8 + u32::from_le_bytes(whole[at..at + 4].try_into().unwrap()) as usize);
    }
    for cut in [0, 1, 7, 8, 9, ends[0], ends[0] + 1, ends[1] - 1, ends[1], ends[2] - 1, ends[2]] {
        std::fs::write(&path, &whole[..cut]).unwrap();
        let left = ends.iter().filter(|end| **end <= cut).count();
        assert_eq!(here.journal.read(&name).unwrap().len(), left, "{cut} of {ends:?}");
    }
    let mut flipped = whole.clone();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(&path, &flipped).unwrap();
    assert_eq!(here.journal.read(&name).unwrap().len(), 2);
}

#[tokio::test]
async fn a_closed_journal_lets_nobody_in() {
    let here = here(vec![]).await;
    here.journal.close();
    assert_eq!(here.chat(hello()).await.unwrap_err().stable_code(), "journal_full");
}

#[tokio::test]
async fn a_journal_closes_while_requests_are_under_way() {
    let here = here(vec![FakeTurn::Slowly(words(&["a"]), Duration::from_secs(60))]).await;
    let _under_way = here.stream(hello()).await.unwrap();
    let journal = here.journal.clone();
    let closing = tokio::task::spawn_blocking(move || journal.close());
    tokio::time::timeout(Duration::from_secs(5), closing).await.expect("it hangs").unwrap();
}

#[tokio::test]
async fn a_file_that_was_removed_is_gone() {
    let here = here(vec![]).await;
    here.chat(hello()).await.unwrap();
    let name = here.journal.cut().await.pop().unwrap();
    here.journal.remove(&name).unwrap();
    here.journal.remove(&name).unwrap();
    assert!(!here.journal.is_closed(&name));
    assert_eq!(here.journal.read(&name).unwrap(), []);
}

/// Takes one step of the loop on every file that is due, as often as asked, and gives what the ledger holds then.
async fn settle(here: &Here, ledger: &Arc<SqlCost>, times: usize) -> Vec<CostEntry> {
    let settling = Settling::new(here.store.clone(), here.journal.clone(), ledger.clone());
    let ctx = Ctx::system();
    for key in settling.due(&ctx).await.unwrap() {
        let lease = here.store.acquire(&ctx, &format!("gateway/{key}")).await.unwrap().unwrap();
        for _ in 0..times {
            let next = settling.step(&ctx, Step { key: &key, lease: &lease }).await.unwrap();
            assert_eq!(next, Next::Rest);
        }
        here.store.release(&ctx, &lease).await.unwrap();
    }
    ledger.list_cost_entries(&ctx, ListCostEntries::default()).await.unwrap().items
}

#[tokio::test]
async fn the_ledger_gets_every_record_and_the_file_goes() {
    let here = here(vec![FakeTurn::Says(words(&["a", "b"])), FakeTurn::Says(words(&["c"]))]).await;
    let ledger = Arc::new(SqlCost::new(here.store.clone(), PriceTable::default()));
    let answers = [here.chat(hello()).await.unwrap(), here.chat(hello()).await.unwrap()];
    let entries = settle(&here, &ledger, 2).await;
    let mut charged: Vec<&str> = entries.iter().map(|entry| entry.resource_id.as_str()).collect();
    charged.sort_unstable();
    let mut expected = answers.each_ref().map(|answer| answer.id.as_str());
    expected.sort_unstable();
    assert_eq!(charged, expected);
    assert_eq!(here.journal.cut().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_crash_between_ledger_and_file_charges_nothing_twice() {
    let here = here(vec![]).await;
    let ledger = Arc::new(SqlCost::new(here.store.clone(), PriceTable::default()));
    here.chat(hello()).await.unwrap();
    let name = here.journal.cut().await.pop().unwrap();
    let path = here.dir.path().join("journal").join(format!("{name}.usage"));
    let bytes = std::fs::read(&path).unwrap();
    assert_eq!(settle(&here, &ledger, 1).await.len(), 1);
    // The next server finds the file that this one would have deleted.
    std::fs::write(&path, bytes).unwrap();
    let after = Here { journal: Journal::open(&here.dir.path().join("journal")).unwrap(), ..here };
    assert_eq!(settle(&after, &ledger, 1).await.len(), 1);
    assert!(!path.exists());
}
