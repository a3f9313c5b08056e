//! Two who want what only one can have. On PostgreSQL both are under way at once; each outcome must be one that makes sense.

use super::*;

/// How often each pair runs: the order is chance.
const ROUNDS: usize = 12;

impl Fresh {
    async fn table(&self, round: usize) -> Dataset {
        let dataset = self.dataset(&format!("table-{round}"), DatasetType::Other).await;
        self.upload(&dataset, "first.csv", format!("a,b\n{round},x\n")).await.unwrap();
        self.get(&dataset).await
    }
}

#[tokio::test]
async fn what_was_validated_is_what_is_there() {
    let fresh = Fresh::open().await;
    for round in 0..ROUNDS {
        let table = fresh.table(round).await;
        let change = fresh.upload(&table, "second.csv", format!("a,b\n{round},y\n{round},z\n"));
        let (begun, changed) = tokio::join!(fresh.ask_to_validate(&table, None), change);
        let (begun, rows) = match (begun, changed) {
            (Ok(begun), Ok(_)) => (begun, 3),
            (Ok(begun), Err(refused)) => {
                assert_eq!(refused.kind(), ErrorKind::Conflict, "{refused}");
                (begun, 1)
            }
            (Err(refused), Ok(_)) => {
                assert_eq!(refused.kind(), ErrorKind::Conflict, "{refused}");
                (fresh.ask_to_validate(&table, None).await.unwrap(), 3)
            }
            both => panic!("one of two has its way: {both:?}"),
        };
        let report = fresh.ended(&table).await;
        let now = fresh.get(&table).await;
        assert_eq!((report.structure.rows, now.digest), (rows, Some(begun.digest)));
    }
}

#[tokio::test]
async fn who_approves_and_who_validates_again_do_not_both_have_their_way() {
    let fresh = Fresh::open().await;
    for round in 0..ROUNDS {
        let table = fresh.table(round).await;
        fresh.validate(&table).await;
        let table = fresh.set_status(&table, DatasetStatus::UnderReview).await.unwrap();
        let again = fresh.ask_to_validate(&table, Some(vec![PiiType::Email]));
        let (approved, refused) = match tokio::join!(fresh.review(&table), again) {
            (Ok(_), Err(refused)) => (true, refused),
            (Err(refused), Ok(_)) => (false, refused),
            both => panic!("one of two has its way: {both:?}"),
        };
        assert_eq!(refused.kind(), ErrorKind::Conflict, "{refused}");
        let now = fresh.get(&table).await;
        assert_eq!(now.status == DatasetStatus::Approved, approved, "{refused}");
    }
}

#[tokio::test]
async fn a_file_that_comes_while_its_dataset_goes_leaves_nothing() {
    let fresh = Fresh::open().await;
    for round in 0..ROUNDS {
        let table = fresh.table(round).await;
        let ctx = fresh.ops.ctx();
        let gone = fresh.ops.datasets().delete_dataset(&ctx, DeleteDataset { dataset_id: table.id });
        let (sent, gone) = tokio::join!(fresh.upload(&table, "second.csv", format!("a,b\n{round},y\n")), gone);
        gone.unwrap();
        if let Err(refused) = sent {
            assert!(matches!(refused.kind(), ErrorKind::NotFound | ErrorKind::Conflict), "{refused:?}");
        }
    }
    fresh.bytes_are_gone().await;
}
