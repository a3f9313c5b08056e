//! What is read from which bytes, and that hostile bytes end in a word about their place.

use std::io::{Cursor, Read};

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::fuzz::spoil;

fn form(format: DataFormat) -> Form {
    Form { format, delimiter: b',', header: true }
}

fn open(text: &[u8], form: Form) -> Records {
    Records::open(Box::new(Cursor::new(text.to_vec())), form).unwrap()
}

fn items(mut records: Records) -> Vec<Item> {
    let mut all = Vec::new();
    while let Some(item) = records.next().unwrap() {
        all.push(item);
    }
    all
}

/// The rows' texts, or `line:column reason` of what cannot be read.
fn read(text: &[u8], format: DataFormat) -> Vec<String> {
    let shown = |item| match item {
        Item::Row(row) => {
            let cells: Vec<String> = row.cells.iter().map(|c| c.text().unwrap_or("~".into()).into_owned()).collect();
            format!("{} {}", row.place.line, cells.join("|"))
        }
        Item::Bad(Problem { line, column: Some(column), reason }) => format!("{line}:{column} {reason}"),
        Item::Bad(Problem { line, column: None, reason }) => format!("{line} {reason}"),
    };
    items(open(text, form(format))).into_iter().map(shown).collect()
}

#[track_caller]
fn table(text: impl AsRef<[u8]>, rows: &[&str]) {
    assert_eq!(read(text.as_ref(), DataFormat::Csv), rows);
}

#[track_caller]
fn jsonl(text: impl AsRef<[u8]>, rows: &[&str]) {
    assert_eq!(read(text.as_ref(), DataFormat::Jsonl), rows);
}

#[track_caller]
fn text(text: impl AsRef<[u8]>, rows: &[&str]) {
    assert_eq!(read(text.as_ref(), DataFormat::Text), rows);
}

#[test]
fn tables() {
    table("a,b\n1,2\n", &["2 1|2"]);
    table("a,b\r\n1,2\r3,4\n5,6", &["2 1|2", "3 3|4", "4 5|6"]);
    table("\u{feff}a,b\n1,\n\n\n,2\n", &["2 1|", "5 |2"]);
    table("a,b\n\"x\ny\",\"say \"\"hi\"\", then\"\n1,2", &["2 x\ny|say \"hi\", then", "4 1|2"]);
    table("a,b\n5\" pipe,2", &["2 5\" pipe|2"]);
    table("a\n\"\"\n", &["2 "]);
}

#[test]
fn a_byte_order_mark_may_come_in_pieces() {
    let slowly = Slowly(Cursor::new("\u{feff}a\n1".as_bytes().to_vec()));
    let records = Records::open(Box::new(slowly), form(DataFormat::Csv)).unwrap();
    assert_eq!(records.columns(), ["a"]);
}

#[test]
fn tables_that_cannot_be_read() {
    table(
        "a,b\n1\n1,2,3\n4,5",
        &["2 1 values where the table has 2 columns", "3 3 values where the table has 2 columns", "4 4|5"],
    );
    table("a,b\n\"1\"x,2\n3,4", &["2:4 a value goes on after its closing quote", "3 3|4"]);
    table("a,b\n1,\"two\n3,4\n", &["2:3 a quote is opened and never closed"]);
    // There are no backslashes before quotes, no other quotes, and no comments.
    table("a,b\n\"say \\\"hi\\\"\",2\n3,4", &["2:8 a value goes on after its closing quote", "3 3|4"]);
    table("a,b\n'x,y'\n# by us\n3,4", &["2 'x|y'", "3 1 values where the table has 2 columns", "4 3|4"]);
    table(b"a,b\n1,\xff\n3,4", &["2 in the value of column 2: the byte 0xff is not UTF-8", "3 3|4"]);
    table("a,b\n1,\0\n3,4", &["2 in the value of column 2: there is a NUL byte", "3 3|4"]);
}

#[test]
fn an_unclosed_quote_costs_a_row_and_not_the_file() {
    let long = format!("a,b\n1,\"{}\n3,4\n", "x\n".repeat(ROW_BYTES));
    let found = read(long.as_bytes(), DataFormat::Csv);
    assert_eq!(found[0], "2:3 the row is longer than the limit of 4 MiB; is the quote opened here never closed?");
    assert_eq!(found.last().unwrap().split_once(' ').unwrap().1, "3|4");
}

#[test]
fn headers_that_cannot_be() {
    let refused = |text: &str| {
        let opened = Records::open(Box::new(Cursor::new(text.as_bytes().to_vec())), form(DataFormat::Csv));
        opened.err().unwrap().message().to_owned()
    };
    assert!(refused("a,b,a\n").contains("line 1: the header names the column `a` twice"));
    assert!(refused("\na,,c\n").contains("line 2: the header leaves column 2 without a name"));
    assert!(refused(&"c,".repeat(1_000_000)).contains("line 1: 1000001 columns, and 1000 is the most"));
    assert!(refused("\"a,b\n1,2\n").contains("a quote is opened and never closed"));
}

#[test]
fn a_wide_row_keeps_no_more_than_its_columns() {
    table(format!("a,b\n{}\n1,2", ",".repeat(1_000_000)), &["2 1000001 values where the table has 2 columns", "3 1|2"]);
}

#[test]
fn lines_of_json() {
    jsonl("{\"a\":1,\"b\":\"x\"}\r\n\n{\"b\":null,\"c\":[1]}", &["1 1|x", "3 ~|~|[1]"]);
}

#[test]
fn lines_that_are_none() {
    jsonl(
        "[1]\n\"a\"\n{\"a\":1}",
        &["1:1 a row must be a JSON object, not a list", "2:1 a row must be a JSON object, not a text", "3 1"],
    );
    jsonl("{\"a\":1", &["1:6 is not JSON: EOF while parsing an object"]);
    jsonl("{\"a\" 1}\n{\"a\":1}", &["1:6 is not JSON: expected `:`", "2 1"]);
    jsonl(b"{\"a\":\"\xc3\"}", &["1:7 the byte 0xc3 is not UTF-8"]);
    jsonl(format!("{{\"a\":{}", "[".repeat(1_000_000)), &["1:69 the JSON nests deeper than 64 levels"]);
    jsonl(
        format!("{{\"a\":\"{}\"}}\n{{\"a\":1}}", "x".repeat(ROW_BYTES)),
        &["1 the row is longer than the limit of 4 MiB", "2 1"],
    );
}

#[test]
fn more_keys_than_columns_are_refused_row_by_row() {
    let keys: Vec<String> = (0..1001).map(|key| format!("\"k{key}\":1")).collect();
    let line = format!("{{{}}}\n{{\"a\":1}}", keys.join(","));
    jsonl(line, &["1 the rows have more than 1000 different keys", "2 1"]);
}

#[test]
fn a_key_that_stands_twice_makes_a_row_a_bad_one() {
    let twice = |key: &str| format!("the key `{key}` stands there twice, so it is not known which value holds");
    let text = "{\"a\":1,\"b\":2}\n{\"b\":3,\"a\":4,\"b\":3}\n{\"a\":null,\"a\":5}\n{\"a\":{\"c\":6},\"b\":7}";
    jsonl(text, &["1 1|2", &format!("2 {}", twice("b")), &format!("3 {}", twice("a")), "4 {\"c\":6}|7"]);
    // What only such a row names is no column.
    jsonl("{\"x\":1,\"y\":1,\"x\":2}\n{\"z\":1,\"y\":2}", &[&format!("1 {}", twice("x")), "2 1|2"]);
    let long = "k".repeat(200);
    jsonl(format!("{{\"{long}\":1,\"{long}\":2}}"), &[&format!("1 {}", twice(&long[..60]))]);
}

#[test]
fn plain_text() {
    text("one\r\n\r\n  \ntwo\rthree", &["1 one", "4 two", "5 three"]);
    text(b"a\0b\nc", &["1:2 there is a NUL byte", "2 c"]);
}

#[test]
fn what_values_look_like() {
    let kind = |text: &str| Cell::Raw(text.into()).kind();
    for (text, wanted) in [
        ("", None),
        ("  ", None),
        ("-12", Some(ColumnType::Integer)),
        ("1.5e3", Some(ColumnType::Number)),
        ("007", Some(ColumnType::Text)),
        ("0", Some(ColumnType::Integer)),
        ("inf", Some(ColumnType::Text)),
        ("NaN", Some(ColumnType::Text)),
        ("True", Some(ColumnType::Boolean)),
        ("1e999", Some(ColumnType::Text)),
        ("12 kg", Some(ColumnType::Text)),
    ] {
        assert_eq!(kind(text), wanted, "{text:?}");
    }
}

#[test]
fn dialects() {
    for (name, text, delimiter, header) in [
        ("csv", "a,b\n1,2\n", b',', true),
        ("csv", "a;b\n\"1,5\";2\n\"2,5\";3\n", b';', true),
        ("csv", "a\tb\tc\n1\t2\t3\n", b'\t', true),
        ("csv", "a|b\nx, y|z\n", b'|', true),
        ("tsv", "a,b\tc\n1\t2", b'\t', true),
        ("csv", "1,2\n3,4\n", b',', false),
        ("csv", "one\ntwo\n", b',', true),
    ] {
        let found = detect(name, text.as_bytes(), Wanted::default()).unwrap();
        assert_eq!(found, Form { format: DataFormat::Csv, delimiter, header }, "{text:?}");
    }
}

#[test]
fn files_that_are_something_else_are_named() {
    for (head, what) in [(&b"\x1f\x8b\x08"[..], "twice"), (b"\xff\xfea\0", "UTF-16"), (b"PK\x03\x04", "spreadsheet")] {
        let error = detect("csv", head, Wanted::default()).unwrap_err();
        assert!(error.message().contains(what) && error.hint_text().is_some(), "{}", error.message());
    }
}

/// Hands out one byte at a time.
struct Slowly(Cursor<Vec<u8>>);

impl Read for Slowly {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let most = into.len().min(1);
        self.0.read(&mut into[..most])
    }
}

proptest! {
    #[test]
    fn what_was_written_is_read(rows in proptest::collection::vec(proptest::collection::vec("[a-c,\"\n; ]{0,6}", 3), 1..8)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(["a", "b", "c"]).unwrap();
        rows.iter().for_each(|row| writer.write_record(row).unwrap());
        let found: Vec<Vec<String>> = items(open(&writer.into_inner().unwrap(), form(DataFormat::Csv)))
            .into_iter()
            .map(|item| match item {
                Item::Row(row) => row.cells.into_iter().map(|c| c.text().unwrap().into_owned()).collect(),
                Item::Bad(problem) => panic!("{problem:?}"),
            })
            .collect();
        prop_assert_eq!(found, rows);
    }

    #[test]
    fn any_bytes_are_read_to_their_end(bytes in proptest::collection::vec(any::<u8>(), 0..400), at in 0usize..3) {
        let form = form([DataFormat::Csv, DataFormat::Jsonl, DataFormat::Text][at]);
        let (whole, slowly) = (bytes.clone(), bytes.clone());
        let fast = Records::open(Box::new(Cursor::new(whole)), form).map(items);
        let slow = Records::open(Box::new(Slowly(Cursor::new(slowly))), form).map(items);
        prop_assert_eq!(fast.ok(), slow.ok());
        let _ = detect("csv", &bytes, Wanted::default());
    }

    #[test]
    fn reading_on_at_a_row_is_reading_from_the_start(
        rows in proptest::collection::vec("[a-c,\"\n\r ]{0,8}", 1..20), at in 0usize..3, cut in 0usize..20,
    ) {
        let form = form([DataFormat::Csv, DataFormat::Jsonl, DataFormat::Text][at]);
        let body = match form.format {
            DataFormat::Jsonl => rows.iter().map(|row| format!("{}\n", json!({ row: row }))).collect(),
            _ => format!("x,y\n{}", rows.join("\n")),
        };
        let Ok(mut records) = Records::open(Box::new(Cursor::new(body.clone().into_bytes())), form) else { return Ok(()) };
        let mut all = Vec::new();
        while let Some(item) = records.next().unwrap() {
            all.push(item);
        }
        let Some(Item::Row(row)) = all.get(cut) else { return Ok(()) };
        let rest = body.as_bytes()[row.place.offset as usize..].to_vec();
        let again = items(Records::resume(Box::new(Cursor::new(rest)), form, row.place, records.columns()));
        let texts = |items: &[Item]| -> Vec<String> {
            items.iter().map(|item| match item {
                Item::Row(row) => {
                    let cells: Vec<_> = row.cells.iter().filter_map(Cell::text).collect();
                    format!("{:?} {cells:?}", row.place)
                }
                Item::Bad(problem) => format!("{problem:?}"),
            }).collect()
        };
        prop_assert_eq!(texts(&again), texts(&all[cut..]));
    }
}

#[test]
fn spoilt_rows() {
    let seeds: [(DataFormat, &[u8]); 3] = [
        (DataFormat::Csv, b"\xef\xbb\xbfa,b,c\r\n1,\"x \"\"y\"\"\nz\",3\r\n,,\n4,5,6\n"),
        (DataFormat::Jsonl, b"{\"a\":1,\"b\":[1,{\"c\":null}],\"d\":\"\\u00e9\\n\"}\n\n{\"a\":-1.5e3,\"b\":true}\n"),
        (DataFormat::Text, b"one\r\ntwo\n\nthree"),
    ];
    for (format, seed) in seeds {
        spoil(&format!("{format:?}"), &[seed], |bytes| {
            let _ = detect("csv", bytes, Wanted::default());
            match Records::open(Box::new(Cursor::new(bytes.to_vec())), form(format)) {
                Err(error) => error.message().to_owned(),
                Ok(records) => {
                    let shown = items(records).into_iter().map(|item| match item {
                        Item::Row(row) => row.cells.len().to_string(),
                        Item::Bad(problem) => problem.reason,
                    });
                    shown.collect::<Vec<_>>().join("|")
                }
            }
        });
    }
}
