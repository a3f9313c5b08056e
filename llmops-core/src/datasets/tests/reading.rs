//! Rows as they are taken out: in both formats, of every kind of file, and that nothing ends early without a word.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, Int64Type};
use arrow_array::{Array, RecordBatch};
use arrow_ipc::reader::StreamReader;
use serde_json::{Value, json};

use super::*;

fn all(of: &Dataset) -> ReadDatasetRows {
    ReadDatasetRows {
        dataset_id: of.id,
        path: None,
        columns: None,
        row: None,
        limit: None,
        format: None,
        skip_bad_rows: None,
    }
}

impl Fresh {
    async fn other(&self, files: &[(&str, &str)]) -> Dataset {
        let dataset = self.dataset("x", DatasetType::Other).await;
        for (path, text) in files {
            self.upload(&dataset, path, (*text).to_owned()).await.unwrap();
        }
        self.get(&dataset).await
    }

    async fn bytes(&self, request: ReadDatasetRows) -> Result<Vec<u8>> {
        let download = self.ops.datasets().read_dataset_rows(&self.ops.ctx(), request).await?;
        Ok(download.body.try_collect::<Vec<bytes::Bytes>>().await?.concat())
    }

    async fn text(&self, request: ReadDatasetRows) -> Result<String> {
        Ok(String::from_utf8(self.bytes(request).await?).unwrap())
    }

    async fn values(&self, request: ReadDatasetRows) -> Vec<Value> {
        let rows = self.ops.rows(&self.ops.ctx(), request).await.unwrap();
        rows.map_ok(Value::Object).try_collect().await.unwrap()
    }

    async fn batches(&self, request: ReadDatasetRows) -> Vec<RecordBatch> {
        let bytes = self.bytes(ReadDatasetRows { format: Some(RowFormat::Arrow), ..request }).await.unwrap();
        StreamReader::try_new(bytes.as_slice(), None).unwrap().map(|batch| batch.unwrap()).collect()
    }
}

#[tokio::test]
async fn what_is_read_as_parquet_comes_back_the_same() {
    let fresh = Fresh::open().await;
    let text = concat!(
        r#"{"n": -9223372036854775808, "x": 0.1, "ok": true, "t": "한 \"1\"\n", "m": [{"role": "user"}], "none": null}"#,
        "\n",
        r#"{"t": "", "x": 3.5, "ok": null, "m": {"a": null}}"#,
        "\n",
        r#"{"n": 7, "ok": false, "m": null}"#,
        "\n",
    );
    let dataset = fresh.other(&[("a.jsonl", text), ("b.jsonl", "{\"n\": 8, \"t\": \"b\"}\n")]).await;
    let as_parquet = |of: &Dataset| ReadDatasetRows { format: Some(RowFormat::Parquet), ..all(of) };
    let file = fresh.bytes(as_parquet(&dataset)).await.unwrap();
    let back = fresh.dataset("back", DatasetType::Other).await;
    fresh.upload(&back, "rows.parquet", file).await.unwrap();
    let back = fresh.get(&back).await;
    let nested = [json!("[{\"role\": \"user\"}]"), json!("{\"a\": null}"), Value::Null, Value::Null];
    let mut wanted = fresh.values(all(&dataset)).await;
    wanted.iter_mut().zip(nested).for_each(|(row, text)| row["m"] = text);
    assert_eq!((wanted.len(), fresh.values(all(&back)).await), (4, wanted));
    let types = |of: &Dataset| of.schema.iter().map(|column| column.column_type).collect::<Vec<_>>();
    assert_eq!(types(&back)[..4], types(&dataset)[..4]);
    let some =
        ReadDatasetRows { columns: Some(vec!["n".to_owned()]), row: Some(2), limit: Some(1), ..as_parquet(&dataset) };
    let some = fresh.bytes(some).await.unwrap();
    assert!(some.starts_with(b"PAR1") && some.ends_with(b"PAR1"));
    let huge = fresh.dataset("huge", DatasetType::Other).await;
    fresh.upload(&huge, "a.jsonl", "{\"n\": 18446744073709551615}\n".to_owned()).await.unwrap();
    let error = fresh.bytes(as_parquet(&huge)).await.unwrap_err();
    assert_eq!((error.stable_code(), error.message().contains("`parquet`")), ("number_too_large", true));
}

const TABLE: &str = "n,x,ok,t,none\n1,1,true,a,\n-2,2.50,FALSE,\"say \"\"hi\"\"\",\n,,, ,\n";

#[tokio::test]
async fn a_table_has_the_types_of_its_columns() {
    let fresh = Fresh::open().await;
    let dataset = fresh.other(&[("a.csv", TABLE)]).await;
    let wanted = [
        r#"{"n":1,"x":1.0,"ok":true,"t":"a","none":null}"#,
        r#"{"n":-2,"x":2.5,"ok":false,"t":"say \"hi\"","none":null}"#,
        r#"{"n":null,"x":null,"ok":null,"t":null,"none":null}"#,
    ];
    assert_eq!(fresh.text(all(&dataset)).await.unwrap().lines().collect::<Vec<_>>(), wanted);
}

#[tokio::test]
async fn lines_of_json_keep_their_values_to_the_last_digit() {
    let fresh = Fresh::open().await;
    let text = concat!(
        r#"{"a": 0.1234567890123456789e-7, "b": {"c": [1, 2.0]}, "t": "\u00e9\n"}"#,
        "\n",
        r#"{"b": null, "a": 18446744073709551616, "t": ""}"#,
        "\n",
        r#"{"a": 2.675, "odd": "x"}"#,
        "\n",
    );
    let dataset = fresh.other(&[("a.jsonl", text)]).await;
    let wanted = [
        r#"{"a":0.1234567890123456789e-7,"b":{"c": [1, 2.0]},"t":"\u00e9\n","odd":null}"#,
        r#"{"a":18446744073709551616,"b":null,"t":"","odd":null}"#,
        r#"{"a":2.675,"b":null,"t":null,"odd":"x"}"#,
    ];
    assert_eq!(fresh.text(all(&dataset)).await.unwrap().lines().collect::<Vec<_>>(), wanted);
}

#[tokio::test]
async fn a_text_is_its_lines_and_an_empty_object_a_row() {
    let fresh = Fresh::open().await;
    let text = fresh.other(&[("a.txt", "one\n\n two \n")]).await;
    assert_eq!(fresh.values(all(&text)).await, [json!({ "text": "one" }), json!({ "text": " two " })]);
    let bare = fresh.dataset("bare", DatasetType::Other).await;
    assert_eq!(fresh.text(all(&bare)).await.unwrap(), "");
    assert!(fresh.batches(all(&bare)).await.is_empty());
    fresh.upload(&bare, "a.jsonl", "{}\n{}\n").await.unwrap();
    assert_eq!(fresh.text(all(&bare)).await.unwrap(), "{}\n{}\n");
    assert_eq!(fresh.batches(all(&bare)).await[0].num_rows(), 2);
}

#[tokio::test]
async fn arrow_has_the_types_and_nulls_of_the_columns() {
    let fresh = Fresh::open().await;
    let table = fresh.other(&[("a.csv", TABLE)]).await;
    let batch = fresh.batches(all(&table)).await.remove(0);
    let types: Vec<String> = batch.schema().fields().iter().map(|field| field.data_type().to_string()).collect();
    assert_eq!(types, ["Int64", "Float64", "Boolean", "Utf8", "Utf8"]);
    let nulls: Vec<usize> = batch.columns().iter().map(|column| column.null_count()).collect();
    assert_eq!(nulls, [1, 1, 1, 1, 3]);
    assert_eq!(batch.column(0).as_primitive::<Int64Type>().value(1), -2);
    assert_eq!(batch.column(1).as_primitive::<Float64Type>().value(1), 2.5);
    assert!(batch.column(2).as_boolean().value(0) && !batch.column(2).as_boolean().value(1));
    assert_eq!(batch.column(3).as_string::<i32>().value(1), "say \"hi\"");
}

#[tokio::test]
async fn arrow_holds_objects_and_mixed_values_as_json() {
    let fresh = Fresh::open().await;
    let text = "{\"m\": [{\"role\": \"user\"}], \"x\": 1, \"f\": 0.30000000000000004, \"n\": \"\"}\n\
                {\"m\": null, \"x\": \"one\", \"f\": 1e2, \"n\": 7}\n";
    let dataset = fresh.other(&[("a.jsonl", text)]).await;
    let batch = fresh.batches(all(&dataset)).await.remove(0);
    let schema = batch.schema();
    let said: Vec<&str> = schema.fields().iter().map(|field| field.metadata()["llmops.type"].as_str()).collect();
    assert_eq!(said, ["json", "mixed", "number", "integer"]);
    let texts =
        |at: usize| batch.column(at).as_string::<i32>().iter().map(|t| t.map(str::to_owned)).collect::<Vec<_>>();
    assert_eq!(texts(0), [Some("[{\"role\": \"user\"}]".into()), None]);
    assert_eq!(texts(1), [Some("1".into()), Some("\"one\"".into())]);
    assert_eq!(batch.column(2).as_primitive::<Float64Type>().values().as_ref(), [0.300_000_000_000_000_04, 100.0]);
    assert_eq!(batch.column(3).as_primitive::<Int64Type>().iter().collect::<Vec<_>>(), [None, Some(7)]);
}

#[tokio::test]
async fn a_number_that_arrow_has_no_room_for_ends_the_stream() {
    let fresh = Fresh::open().await;
    let dataset = fresh.other(&[("a.jsonl", "{\"id\": 1}\n{\"id\": 18446744073709551615}\n")]).await;
    let request = ReadDatasetRows { format: Some(RowFormat::Arrow), ..all(&dataset) };
    let error = fresh.bytes(request).await.unwrap_err();
    assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Invalid, "number_too_large"));
    assert!(error.message().contains("18446744073709551615"), "{error}");
    assert_eq!(fresh.values(all(&dataset)).await[1], json!({ "id": 18_446_744_073_709_551_615_u64 }));
}

/// Two files of so many rows, `n` counting on.
async fn counted(fresh: &Fresh, first: usize, second: usize) -> Dataset {
    let line = |n: usize| format!("{{\"n\": {n}, \"text\": \"{}\"}}\n", "x".repeat(n % 90));
    let text = |rows: std::ops::Range<usize>| rows.map(line).collect::<String>();
    fresh.other(&[("a.jsonl", &text(0..first)), ("b.jsonl", &text(first..first + second))]).await
}

#[tokio::test]
async fn any_window_is_found_in_whatever_file() {
    let fresh = Fresh::open().await;
    let dataset = counted(&fresh, 1000, 500).await;
    for (row, limit) in [(0, 1), (63, 2), (64, 900), (999, 2), (1000, 1), (1100, 9999), (1499, 1), (1500, 1), (0, 9999)]
    {
        let request =
            ReadDatasetRows { row: Some(row), limit: Some(limit), columns: Some(vec!["n".into()]), ..all(&dataset) };
        let found: Vec<Value> = fresh.values(request.clone()).await;
        let wanted: Vec<Value> = (row..(row + limit).min(1500)).map(|n| json!({ "n": n })).collect();
        assert_eq!(found, wanted, "{row} {limit}");
        let rows: usize = fresh.batches(request).await.iter().map(RecordBatch::num_rows).sum();
        assert_eq!(rows, wanted.len(), "{row} {limit}");
    }
    let one = ReadDatasetRows { path: Some("b.jsonl".into()), row: Some(499), ..all(&dataset) };
    assert_eq!(fresh.values(one).await, [json!({ "n": 1499, "text": "x".repeat(1499 % 90) })]);
}

#[tokio::test]
async fn many_rows_come_in_pieces() {
    let fresh = Fresh::open().await;
    let dataset = counted(&fresh, 30_000, 1).await;
    let request = ReadDatasetRows { format: Some(RowFormat::Arrow), ..all(&dataset) };
    let download = fresh.ops.datasets().read_dataset_rows(&fresh.ops.ctx(), request).await.unwrap();
    assert_eq!((download.length, download.content_type.as_str()), (None, "application/vnd.apache.arrow.stream"));
    let pieces: Vec<bytes::Bytes> = download.body.try_collect().await.unwrap();
    assert!(pieces.len() > 2 && pieces.iter().all(|piece| piece.len() < 1 << 20), "{}", pieces.len());
    assert_eq!(fresh.batches(all(&dataset)).await.iter().map(RecordBatch::num_rows).sum::<usize>(), 30_001);
}

#[tokio::test]
async fn rows_that_cannot_be_read_are_told_before_anything_is_sent() {
    let fresh = Fresh::open().await;
    let dataset = fresh.other(&[("a.jsonl", "{\"n\": 0}\n"), ("b.jsonl", "{\"n\": 1}\nnot\n{\"n\": 2}\n")]).await;
    let error = fresh.bytes(all(&dataset)).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.stable_code(), error.field_name()),
        (ErrorKind::Conflict, "bad_rows", Some("skipBadRows"))
    );
    assert!(error.message().contains("1 rows in `b.jsonl`"), "{error}");
    let request = ReadDatasetRows { skip_bad_rows: Some(true), ..all(&dataset) };
    assert_eq!(fresh.values(request).await, [json!({ "n": 0 }), json!({ "n": 1 }), json!({ "n": 2 })]);
    let request = ReadDatasetRows { skip_bad_rows: Some(true), row: Some(2), ..all(&dataset) };
    assert_eq!(fresh.values(request).await, [json!({ "n": 2 })]);
    let request = ReadDatasetRows { path: Some("a.jsonl".into()), ..all(&dataset) };
    assert_eq!(fresh.values(request).await.len(), 1);
}

#[tokio::test]
async fn bytes_that_rotted_end_the_stream_with_an_error() {
    for (change, said) in [("{\"n\": 1}\n", "after 1 rows of 2"), ("{\"n\": 1}\n{\"n\": \n", "line 2 is not JSON")] {
        let fresh = Fresh::open().await;
        let dataset = fresh.other(&[("a.jsonl", "{\"n\": 1}\n{\"n\": 2}\n")]).await;
        for format in [RowFormat::Jsonl, RowFormat::Arrow] {
            overwrite(&crate::blob::trial::kept(fresh.dir.path()).join("blobs"), change);
            let error = fresh.bytes(ReadDatasetRows { format: Some(format), ..all(&dataset) }).await.unwrap_err();
            assert_eq!((error.kind(), error.stable_code()), (ErrorKind::Upstream, "file_differs"));
            assert!(error.message().contains(said), "{error}");
        }
    }
}

fn overwrite(folder: &std::path::Path, text: &str) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        if entry.path().is_dir() {
            overwrite(&entry.path(), text);
        } else {
            std::fs::remove_file(entry.path()).unwrap();
            std::fs::write(entry.path(), text).unwrap();
        }
    }
}

#[tokio::test]
async fn what_is_not_there_is_refused() {
    let fresh = Fresh::open().await;
    let dataset = fresh.capitals().await;
    let refuse = async |request: ReadDatasetRows| {
        let error = fresh.bytes(request).await.unwrap_err();
        (error.kind(), error.field_name().map(str::to_owned))
    };
    let column = ReadDatasetRows { columns: Some(vec!["nope".into()]), ..all(&dataset) };
    assert_eq!(refuse(column).await, (ErrorKind::Invalid, Some("columns".into())));
    let none = ReadDatasetRows { columns: Some(vec![]), ..all(&dataset) };
    assert_eq!(refuse(none).await, (ErrorKind::Invalid, Some("columns".into())));
    let file = ReadDatasetRows { path: Some("nope.csv".into()), ..all(&dataset) };
    assert_eq!(refuse(file).await.0, ErrorKind::NotFound);
}
