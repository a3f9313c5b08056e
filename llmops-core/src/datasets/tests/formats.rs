//! What a dataset may come as: Parquet, and text of any encoding.

use super::super::columnar::tests::make::{Column, plain, written};
use super::*;

const TEXTS: &str = "message rows { required binary prompt (STRING); required binary response (STRING); }";

pub(super) fn parquet(rows: &[(&str, &str)]) -> Vec<u8> {
    let (prompts, responses): (Vec<&str>, Vec<&str>) = rows.iter().copied().unzip();
    written(TEXTS, plain(), vec![Column::text(&prompts), Column::text(&responses)])
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn parquet_is_the_json_lines_that_it_holds() {
    let mut all = vec![Fresh::open().await];
    if let Ok(bucket) = std::env::var("LLMOPS_TEST_S3_BUCKET") {
        let url = format!("s3://{bucket}/formats-{}", uuid::Uuid::now_v7().simple());
        all.push(Fresh::on(StoreUrl::parse("store", &url).unwrap()).await);
    }
    let many: Vec<(String, String)> = (0..5000).map(|n| (format!("{n}?"), format!("{n} is {}", n * n))).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let lines: String = many.iter().map(|(a, b)| format!("{{\"prompt\":\"{a}\",\"response\":\"{b}\"}}\n")).collect();
    for fresh in all {
        let dataset = fresh.dataset("packed", DatasetType::SftPair).await;
        for (path, bytes) in [("rows.parquet", parquet(&many)), ("more.pq.gz", gzip(&parquet(&many)))] {
            let file = fresh.upload(&dataset, path, bytes).await.unwrap().files.remove(0);
            let inner = path.split('.').next().unwrap();
            assert_eq!((file.path, file.rows, file.encoding), (format!("{inner}.jsonl"), 5000, None));
            assert_eq!((file.bytes, file.format), (lines.len() as u64, DataFormat::Jsonl));
        }
        let page = fresh.preview(&dataset, rows_from(&dataset, 4999, 1)).await.unwrap();
        assert_eq!(page.items[0].values["response"], "4999 is 24990001");
    }
}

#[tokio::test]
async fn a_row_that_is_too_long_is_reported_and_the_next_is_read() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("long", DatasetType::SftPair).await;
    let long = "x".repeat(5 << 20);
    let bytes = parquet(&[("a", "b"), ("c", &long), ("d", "e")]);
    let file = fresh.upload(&dataset, "rows.parquet", bytes).await.unwrap().files.remove(0);
    assert_eq!((file.rows, file.bad_rows), (2, 1));
    let page = fresh.preview(&dataset, rows_from(&dataset, 1, 1)).await.unwrap();
    assert_eq!((page.items[0].line, &page.items[0].values["prompt"]), (3, &json!("d")));
}

#[tokio::test]
async fn what_cannot_be_read_leaves_no_bytes_behind() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("spoilt", DatasetType::Other).await;
    let sound = parquet(&[("a", "b")]);
    for (path, bytes, code) in [
        ("a.parquet", sound[..sound.len() - 30].to_vec(), "unreadable_parquet"),
        ("a.csv.gz", gzip(b"a,b\n1,\xFF\xFF\xEF\xB0\xA1\n"), "undecodable_text"),
    ] {
        let refusal = refused(fresh.upload_in(&dataset, path, bytes, path.ends_with("gz").then_some("euc-kr"))).await;
        assert_eq!(refusal, (ErrorKind::Invalid, code.into()));
    }
    fresh.bytes_are_gone().await;
}

#[tokio::test]
async fn parquet_of_no_row_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("none", DatasetType::Other).await;
    let refusal = fresh.upload(&dataset, "a.parquet", parquet(&[])).await.unwrap_err();
    assert!(refusal.message().contains("is empty"), "{refusal}");
}

#[tokio::test]
async fn bytes_of_another_encoding_spoil_their_lines_of_json_alone() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("lines", DatasetType::Other).await;
    let bytes = b"{\"a\": \"one\"}\n{\"a\": \"caf\xE9\"}\n{\"a\": \"na\xEFve\"}\n";
    let file = fresh.upload(&dataset, "a.jsonl", bytes.to_vec()).await.unwrap().files.remove(0);
    assert_eq!((file.rows, file.bad_rows, file.encoding), (1, 2, None));
    let said =
        fresh.upload_in(&dataset, "b.jsonl", bytes.to_vec(), Some("windows-1252")).await.unwrap().files.remove(0);
    assert_eq!((said.rows, said.bad_rows), (3, 0));
    assert_eq!(said.encoding, Some(DatasetFileEncoding { name: "windows-1252".into(), guessed: false }));
    let refusal = fresh.upload(&dataset, "c.jsonl", b"{\"a\": \"caf\xE9\"}\n".to_vec()).await.unwrap_err();
    assert_eq!(refusal.stable_code(), "unreadable_rows");
    assert!(refusal.hint_text().unwrap().contains("`encoding`"), "{refusal}");
}

#[tokio::test]
async fn a_wrong_guess_is_put_right_by_sending_again() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("central", DatasetType::Other).await;
    let (bytes, _, _) = encoding_rs::WINDOWS_1250.encode("a,b\nžluťoučký,kůň\n");
    let first = fresh.upload(&dataset, "a.csv", bytes.to_vec()).await.unwrap().files.remove(0);
    let guess = first.encoding.unwrap();
    assert_eq!((guess.name.as_str(), guess.guessed), ("windows-1250", true));
    // The same text: what is said takes the place of what was guessed.
    let said = fresh.upload_in(&dataset, "a.csv", bytes.to_vec(), Some("cp1250")).await.unwrap().files.remove(0);
    assert_eq!(said.encoding, Some(DatasetFileEncoding { name: "windows-1250".into(), guessed: false }));
    let request = ListDatasetFiles { dataset_id: dataset.id, limit: None, cursor: None };
    let listed = fresh.ops.datasets().list_dataset_files(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!(listed.items, [said]);
    // Another text needs `replace`, as other bytes do.
    let refusal = refused(fresh.upload_in(&dataset, "a.csv", bytes.to_vec(), Some("windows-1251"))).await;
    assert_eq!(refusal, (ErrorKind::Conflict, "already_exists".into()));
}
