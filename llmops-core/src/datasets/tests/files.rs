//! Files: received, understood, shown, sent.

use super::*;

#[tokio::test]
async fn an_upload_records_the_structure() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let names: Vec<_> = dataset.schema.iter().map(|c| (c.name.as_str(), c.column_type, c.nullable)).collect();
    assert_eq!(names, [("prompt", ColumnType::Text, false), ("response", ColumnType::Text, false)]);
    assert_eq!((dataset.rows, dataset.format), (600, Some(DataFormat::Csv)));
}

#[tokio::test]
async fn a_corpus_is_its_lines() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("sotu", DatasetType::PretrainCorpus).await;
    let uploaded = fresh.upload(&dataset, "corpus.txt", CORPUS).await.unwrap();
    assert_eq!((uploaded.files[0].rows, uploaded.files[0].bytes), (433, 299_943));
}

#[tokio::test]
async fn a_compressed_file_is_kept_as_what_is_in_it() {
    let fresh = Fresh::open().await;
    let plain = fresh.dataset("plain", DatasetType::SftPair).await;
    fresh.upload(&plain, "train.csv", CAPITALS).await.unwrap();
    let packed = fresh.dataset("packed", DatasetType::SftPair).await;
    let bytes = ruzstd::encoding::compress_to_vec(CAPITALS.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    let uploaded = fresh.upload(&packed, "train.csv.zst", bytes).await.unwrap();
    let file = &uploaded.files[0];
    assert_eq!((file.path.as_str(), file.rows, file.bytes), ("train.csv", 600, CAPITALS.len() as u64));
    let digest = async |of: &Dataset| fresh.get(of).await.digest;
    assert_eq!(digest(&packed).await, digest(&plain).await);
}

#[tokio::test]
async fn what_was_packed_leaves_no_bytes_behind() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("spoilt", DatasetType::Other).await;
    let refusal = refused(fresh.upload(&dataset, "a.csv.gz", b"\x1F\x8B\x08 and no more".to_vec())).await;
    assert_eq!(refusal, (ErrorKind::Invalid, "unreadable_archive".into()));
    fresh.bytes_are_gone().await;
}

#[tokio::test]
async fn files_come_back_byte_for_byte() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let request = DownloadDatasetFile { dataset_id: dataset.id, path: "train.csv".into(), range: None };
    let download = fresh.ops.datasets().download_dataset_file(&fresh.ops.ctx(), request).await.unwrap();
    let bytes: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
    assert_eq!(bytes.concat(), CAPITALS.as_bytes());
}

#[tokio::test]
async fn pages_of_a_preview_follow_one_another() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let (mut cursor, mut rows) = (None, Vec::new());
    loop {
        let request = PreviewDataset {
            dataset_id: dataset.id,
            limit: Some(70),
            cursor,
            row: None,
            columns: Some(vec!["prompt".into()]),
        };
        let page = fresh.preview(&dataset, request).await.unwrap();
        rows.extend(page.items.into_iter().map(|row| row.values["prompt"].as_str().unwrap().to_owned()));
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    let wanted: Vec<String> =
        csv::Reader::from_reader(CAPITALS.as_bytes()).records().map(|r| r.unwrap()[0].to_owned()).collect();
    assert_eq!(rows, wanted);
}

#[tokio::test]
async fn a_row_deep_inside_is_found_with_its_line() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let page = fresh.preview(&dataset, rows_from(&dataset, 500, 1)).await.unwrap();
    assert_eq!((page.items[0].row, page.items[0].line), (500, 502));
}

#[tokio::test]
async fn a_cursor_of_other_bytes_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let cursor = fresh.preview(&dataset, rows_from(&dataset, 0, 1)).await.unwrap().next_cursor;
    fresh.upload(&dataset, "more.csv", "prompt,response\na,b\n").await.unwrap();
    let request = PreviewDataset { cursor, row: None, ..rows_from(&dataset, 0, 1) };
    assert_eq!(refused(fresh.preview(&dataset, request)).await, (ErrorKind::Malformed, "invalid_cursor".into()));
}

#[tokio::test]
async fn several_files_are_one_dataset() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    fresh.upload(&dataset, "more.csv", "prompt,response\na,b\n").await.unwrap();
    let page = fresh.preview(&dataset, rows_from(&dataset, 0, 2)).await.unwrap();
    let found: Vec<_> = page.items.iter().map(|row| (row.row, row.path.as_str(), row.line)).collect();
    assert_eq!((page.rows, found), (601, vec![(0, "more.csv", 2), (1, "train.csv", 2)]));
}

#[tokio::test]
async fn files_that_make_no_dataset_together_are_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    for (path, text, code) in
        [("a.csv", "question,answer\na,b\n", "columns_differ"), ("a.txt", "text\n", "mixed_formats")]
    {
        assert_eq!(refused(fresh.upload(&dataset, path, text)).await, (ErrorKind::Invalid, code.to_owned()));
    }
}

#[tokio::test]
async fn what_is_no_data_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("x", DatasetType::Other).await;
    for (path, text, code) in [
        ("a.csv", "", "invalid"),
        ("a.bin", "x", "unsupported_format"),
        ("a.csv", "PK\u{3}\u{4}..", "unsupported_format"),
        ("a.jsonl", "hello\nworld\n", "unreadable_rows"),
        ("a.csv", "a,a\n1,2\n", "invalid_table"),
        ("../a.csv", "a,b\n1,2\n", "invalid_filename"),
    ] {
        let found = refused(fresh.upload(&dataset, path, text)).await;
        assert_eq!(found, (ErrorKind::Invalid, code.to_owned()), "{path} {text:?}");
    }
}

#[tokio::test]
async fn other_bytes_under_a_path_need_replace() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let uploaded = fresh.upload(&dataset, "train.csv", "prompt,response\na,b\n");
    assert_eq!(refused(uploaded).await, (ErrorKind::Conflict, "already_exists".into()));
}

#[tokio::test]
async fn a_table_is_read_as_the_sender_says() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("x", DatasetType::Other).await;
    let send = |delimiter: &str, text: &'static str| {
        let request = UploadDatasetFiles {
            dataset_id: dataset.id,
            path: None,
            format: Some(DataFormat::Csv),
            delimiter: Some(delimiter.to_owned()),
            header: Some(false),
            encoding: None,
            replace: Some(true),
            sha256: None,
        };
        let (ops, body) = (&fresh.ops, parts(vec![Part::from_bytes("rows.data", text)]));
        async move { ops.datasets().upload_dataset_files(&ops.ctx(), request, body).await }
    };
    let file = send("tab", "a,b\tc\n").await.unwrap().files.remove(0);
    let names: Vec<_> = file.schema.iter().map(|column| column.name.as_str()).collect();
    assert_eq!((names, file.rows, file.delimiter.as_deref()), (vec!["column_1", "column_2"], 1, Some("\t")));
    let error = send("::", "a::b").await.unwrap_err();
    assert_eq!(error.field_name(), Some("delimiter"));
}

#[tokio::test]
async fn a_checksum_that_is_not_that_of_the_bytes_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.dataset("x", DatasetType::Other).await;
    let request = UploadDatasetFiles {
        dataset_id: dataset.id,
        path: None,
        format: None,
        delimiter: None,
        header: None,
        encoding: None,
        replace: None,
        sha256: Some("0".repeat(64)),
    };
    let body = parts(vec![Part::from_bytes("a.txt", "text")]);
    let sent = fresh.ops.datasets().upload_dataset_files(&fresh.ops.ctx(), request, body).await;
    assert_eq!(sent.unwrap_err().stable_code(), "checksum_mismatch");
}

#[tokio::test]
async fn a_preview_beyond_the_end_is_empty() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let page = fresh.preview(&dataset, rows_from(&dataset, 600, 10)).await.unwrap();
    assert_eq!((page.items.len(), page.next_cursor), (0, None));
}
