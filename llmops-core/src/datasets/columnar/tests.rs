//! Parquet as it is written, and as it is written to harm.

mod hostile;
pub(in super::super) mod make;

use parquet::basic::{Compression, Encoding};
use parquet::data_type::Int96;
use parquet::file::properties::{WriterProperties, WriterVersion};

use make::{Column, plain, rows, written};

#[test]
fn each_kind_of_value_has_its_json() {
    let schema = "message rows {
        required boolean yes;
        required int32 small (INTEGER(8,true));
        required int64 large;
        required int64 unsigned (INTEGER(64,false));
        required float single;
        required double double;
        required double infinite;
        required int32 day (DATE);
        required int64 moment (TIMESTAMP(MICROS,true));
        required int64 local (TIMESTAMP(NANOS,false));
        required int64 time (TIME(MICROS,false));
        required int96 old;
        required int64 price (DECIMAL(18,2));
        required binary text (STRING);
        required binary bytes;
        required binary readable;
        optional binary none (STRING);
    }";
    let columns = vec![
        Column::Bool(vec![true]),
        Column::Int32(vec![-7]),
        Column::flat(&[i64::MIN]),
        Column::flat(&[-1]),
        Column::Float(vec![0.1]),
        Column::Double(vec![1e300]),
        Column::Double(vec![f64::NEG_INFINITY]),
        Column::Int32(vec![19_782]),
        Column::flat(&[1_709_210_096_000_001]),
        Column::flat(&[1]),
        Column::flat(&[45_296_000_000]),
        Column::Int96(vec![Int96::from(vec![1, 0, 2_440_588])]),
        Column::flat(&[-1_234]),
        Column::text(&["\"ä\"\n"]),
        Column::Bytes(vec![vec![0xFF, 0x00]], vec![], vec![]),
        Column::text(&["as it is"]),
        Column::Bytes(vec![], vec![0], vec![]),
    ];
    let wanted = concat!(
        r#"{"yes":true,"small":-7,"large":-9223372036854775808,"unsigned":18446744073709551615,"single":0.1,"#,
        r#""double":1e300,"infinite":null,"day":"2024-02-29","moment":"2024-02-29T12:34:56.000001Z","#,
        r#""local":"1970-01-01T00:00:00.000000001","time":"12:34:56","old":"1970-01-01T00:00:00.000000001","#,
        r#""price":"-12.34","text":"\"ä\"\n","bytes":"/wA=","readable":"as it is","none":null}"#,
        "\n"
    );
    let found = rows(&written(schema, plain(), columns)).unwrap();
    assert_eq!(found.replace("1e+300", "1e300"), wanted);
}

#[test]
fn columns_in_columns_are_objects_and_lists() {
    let schema = "message rows {
        optional group turns (LIST) { repeated group list { optional group element {
            required binary role (STRING);
            optional int64 tokens;
        } } }
        optional group tags (MAP) { repeated group key_value { required binary key (STRING); optional int64 value; } }
        optional group counts (MAP) { repeated group key_value { required int64 key; required int64 value; } }
        optional group old (LIST) { repeated int64 element; }
        repeated int64 bare;
    }";
    // Rows: two turns, the second without tokens; no turn; an absent list; a list with an absent turn.
    let columns = vec![
        Column::Bytes(vec![b"user".to_vec(), b"bot".to_vec()], vec![3, 3, 1, 0, 2], vec![0, 1, 0, 0, 0]),
        Column::Int(vec![5], vec![4, 3, 1, 0, 2], vec![0, 1, 0, 0, 0]),
        Column::Bytes(
            vec![b"a".to_vec(), b"b".to_vec(), b"a".to_vec()],
            vec![2, 2, 2, 1, 0, 0],
            vec![0, 1, 1, 0, 0, 0],
        ),
        Column::Int(vec![1, 3], vec![3, 2, 3, 1, 0, 0], vec![0, 1, 1, 0, 0, 0]),
        Column::Int(vec![7], vec![2, 0, 0, 0], vec![0, 0, 0, 0]),
        Column::Int(vec![8], vec![2, 0, 0, 0], vec![0, 0, 0, 0]),
        Column::Int(vec![1, 2, 3], vec![2, 2, 1, 0, 2], vec![0, 1, 0, 0, 0]),
        Column::Int(vec![4, 5], vec![1, 1, 0, 0, 0], vec![0, 1, 0, 0, 0]),
    ];
    let wanted = [
        r#"{"turns":[{"role":"user","tokens":5},{"role":"bot","tokens":null}],"tags":{"b":null,"a":3},"counts":[{"key":7,"value":8}],"old":[1,2],"bare":[4,5]}"#,
        r#"{"turns":[],"tags":{},"counts":null,"old":[],"bare":[]}"#,
        r#"{"turns":null,"tags":null,"counts":null,"old":null,"bare":[]}"#,
        r#"{"turns":[null],"tags":null,"counts":null,"old":[3],"bare":[]}"#,
        "",
    ];
    assert_eq!(rows(&written(schema, plain(), columns)).unwrap(), wanted.join("\n"));
}

#[test]
fn every_way_to_write_says_the_same() {
    let schema = "message rows { required int64 n; optional binary text (STRING); repeated int64 list; }";
    let texts: Vec<Vec<u8>> = (0..3000).map(|n| format!("the same beginning, {}", n % 700).into_bytes()).collect();
    let columns = || {
        let many: Vec<i64> = (0..4000).collect();
        let defs = (0..4000).map(|n| i16::from(n % 4 != 3)).collect();
        let lists = (0..8000).map(|n| i16::from(n % 2 == 1)).collect();
        vec![
            Column::flat(&many),
            Column::Bytes(texts.clone(), defs, vec![]),
            Column::Int((0..8000).collect(), vec![1; 8000], lists),
        ]
    };
    let first = rows(&written(schema, plain(), columns())).unwrap();
    assert_eq!(first.lines().count(), 4000);
    assert_eq!(first.lines().nth(1), Some(r#"{"n":1,"text":"the same beginning, 1","list":[2,3]}"#));
    let packings = [
        Compression::UNCOMPRESSED,
        Compression::SNAPPY,
        Compression::GZIP(parquet::basic::GzipLevel::default()),
        Compression::ZSTD(parquet::basic::ZstdLevel::default()),
        Compression::LZ4,
        Compression::LZ4_RAW,
    ];
    for version in [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0] {
        for packing in packings {
            for encoding in [None, Some(Encoding::DELTA_BYTE_ARRAY), Some(Encoding::DELTA_LENGTH_BYTE_ARRAY)] {
                let mut how = WriterProperties::builder()
                    .set_writer_version(version)
                    .set_compression(packing)
                    .set_data_page_row_count_limit(500)
                    .set_write_batch_size(100);
                if let Some(encoding) = encoding {
                    how = how.set_dictionary_enabled(false).set_column_encoding("text".into(), encoding);
                }
                let found = rows(&written(schema, how.build(), columns())).unwrap();
                assert!(found == first, "{version:?} {packing:?} {encoding:?}");
            }
        }
    }
}

#[test]
fn columns_keep_their_order() {
    let schema = "message rows { required int64 zebra; required int64 ant; required int64 mole; }";
    let columns = || vec![Column::flat(&[1]), Column::flat(&[2]), Column::flat(&[3])];
    assert_eq!(rows(&written(schema, plain(), columns())).unwrap(), "{\"zebra\":1,\"ant\":2,\"mole\":3}\n");
}

#[test]
fn the_path_becomes_that_of_rows() {
    for (path, inner) in [("a/rows.parquet", "a/rows.jsonl"), ("rows.PQ", "rows.jsonl"), ("rows.csv", "rows.csv")] {
        let found = super::inner_path(&crate::base::FilePath::parse(path).unwrap()).unwrap();
        assert_eq!(found.as_str(), inner, "{path}");
    }
}
