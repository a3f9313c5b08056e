//! Files that lie: refused in words, within bounded memory.

use std::io::Write;

use flate2::write::GzEncoder;
use parquet::basic::{Compression, GzipLevel};
use proptest::prelude::*;

use super::make::{Column, footer_at, number, of_pages, page, plain, rows, varint, with_footer, written};

const TEXTS: &str = "message rows { required binary text (STRING); }";
const NUMBERS: &str = "message rows { required int64 n; }";
const LISTS: &str = "message rows { repeated int64 list; }";

fn sound() -> Vec<u8> {
    written(NUMBERS, plain(), vec![Column::flat(&(0..1000).collect::<Vec<i64>>())])
}

#[track_caller]
fn refused(bytes: &[u8], code: &str, says: &str) {
    let error = rows(bytes).expect_err("it should be refused");
    assert_eq!(error.stable_code(), code, "{}", error.message());
    assert!(error.message().contains(says), "{}", error.message());
    assert!(error.field_name() == Some("file") && error.hint_text().is_some(), "{}", error.to_json());
}

#[test]
fn what_is_cut_or_no_parquet() {
    let sound = sound();
    for cut in [5, 20, sound.len() / 2, sound.len() - 1] {
        refused(&sound[..cut], "unreadable_parquet", "cut");
    }
    refused(b"PAR1", "unreadable_parquet", "cut");
    refused(b"PAR1PAR1", "unreadable_parquet", "");
    refused(b"PAR1 this is nothing of the kind\0\0\0\0PAR1", "unreadable_parquet", "spoilt");
}

#[test]
fn what_is_encrypted() {
    let mut sound = sound();
    let end = sound.len() - 4;
    sound[end..].copy_from_slice(b"PARE");
    refused(&sound, "unsupported_parquet", "encrypted");
    refused(b"PARE and the rest..", "unsupported_parquet", "encrypted");
}

#[test]
fn a_footer_longer_than_the_file() {
    let mut sound = sound();
    let at = sound.len() - 8;
    sound[at..at + 4].copy_from_slice(&u32::MAX.to_le_bytes());
    refused(&sound, "unreadable_parquet", "longer than the file");
}

#[test]
fn a_footer_of_claims() {
    // A list of 2^31 nodes; nodes within nodes; a node of 2^31 children.
    let footer = |schema: &[u8]| {
        let mut bytes = [b"PAR1", &[0x15, 0x02, 0x19][..], schema].concat();
        let length = bytes.len() - 4;
        bytes.extend(u32::try_from(length).unwrap().to_le_bytes());
        bytes.extend(b"PAR1");
        bytes
    };
    let list = |count: u64, nodes: &[u8]| [&[0xFC][..], &varint(count), nodes, &[0]].concat();
    refused(&footer(&list(1 << 31, &[])), "unreadable_parquet", "spoilt");
    let node = |children: i64| [&[0x48, 1, b'a', 0x15][..], &number(children), &[0]].concat();
    let deep = node(1).repeat(5000);
    refused(&footer(&list(5001, &[deep, vec![0x48, 1, b'a', 0]].concat())), "parquet_too_large", "nests too deeply");
    refused(&footer(&list(2, &node((1 << 31) - 1).repeat(2))), "unreadable_parquet", "hold together");
    // Structures within structures that nobody knows.
    let unknown = [&[0x1C][..], &[0x1C; 4000]].concat();
    refused(&footer(&unknown), "unreadable_parquet", "spoilt");
}

#[test]
fn fields_that_are_read_in_two_ways() {
    let sound = written(TEXTS, plain(), vec![Column::text(&["a", "b"])]);
    let at = footer_at(&sound);
    let footer = &sound[at..sound.len() - 8];
    let ended = |footer: &[u8]| {
        let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
        [&sound[..at], footer, &length, b"PAR1"].concat()
    };
    assert!(rows(&ended(footer)).is_ok());
    // Before the end: field 65541, of which 16 bits are 5; a known field of another kind.
    let open = &footer[..footer.len() - 1];
    for more in [
        [&[0x05][..], &number(65_541), &number(1), &[0]].concat(),
        [&[0x05][..], &number(9), &number(1), &[0]].concat(),
    ] {
        refused(&ended(&[open, &more].concat()), "unreadable_parquet", "spoilt");
    }
    for header in [
        [&[0x15][..], &number(0), &[0x15], &number(60), &[0x18, 2, 0, 0]].concat(), // a size that is bytes
        [&[0x15][..], &number(0), &[0x15], &number(60), &[0x05], &number(65_538), &number(1), &[0]].concat(),
        [&[0x15][..], &number(1 << 33), &[0]].concat(),
    ] {
        let file = of_pages(TEXTS, (&[&header[..], &[0; 60]].concat(), Compression::UNCOMPRESSED), 1, false);
        refused(&file, "unreadable_parquet", "header");
    }
}

#[test]
fn a_row_that_becomes_very_long() {
    // A dictionary of one text, of which a list holds very many; a value of characters that JSON writes in six.
    let long = "x".repeat(1 << 20);
    let lists = "message rows { repeated binary list (STRING); }";
    let many = Column::Bytes(vec![long.into_bytes(); 400], vec![1; 400], (0..400).map(|n| i16::from(n > 0)).collect());
    let dictionary = written(lists, zstd(), vec![many]);
    refused(&dictionary, "parquet_too_large", "a row of more than 16 MiB");
    let controls = written(TEXTS, zstd(), vec![Column::Bytes(vec![vec![1; 20 << 20]], vec![], vec![])]);
    refused(&controls, "parquet_too_large", "a row of more than 16 MiB");
}

#[test]
fn texts_that_repeat_one_another() {
    // The first text of 1 MiB, of which 998 more repeat all: blocks of 1,024 in 4 parts, the first difference 2^20.
    let mut steps = vec![0; 256 * 21 / 8];
    steps[2] = 0x10;
    let prefixes = [varint(1024), varint(4), varint(1000), number(0), number(0), vec![21, 0, 0, 0], steps].concat();
    let lengths = [varint(1024), varint(4), varint(1000), number(1 << 20), number(0), vec![0; 4]].concat();
    let body = [prefixes, lengths, vec![b'x'; 1 << 20]].concat();
    let page = page(0, body.len() as i64, (1000, 7), &body);
    let file = of_pages(TEXTS, (&page, Compression::UNCOMPRESSED), 1000, false);
    refused(&file, "parquet_too_large", "repeat one another");
}

#[test]
fn names_that_stand_in_every_element() {
    let schema = format!("message rows {{ required int64 {}; }}", "n".repeat(300));
    refused(&written(&schema, plain(), vec![Column::flat(&[1])]), "parquet_too_large", "names of more than 256 bytes");
}

#[test]
fn more_rows_than_pages_and_fewer() {
    for (claimed, says) in [(1_000_000_000_000, "fewer rows"), (1001, "fewer rows"), (999, "more rows")] {
        let lying = with_footer(&sound(), |footer| {
            let mut builder = footer.into_builder();
            for group in builder.take_row_groups() {
                builder = builder.add_row_group(group.into_builder().set_num_rows(claimed).build().unwrap());
            }
            builder.build()
        });
        refused(&lying, "unreadable_parquet", says);
    }
}

#[test]
fn more_rows_than_row_groups() {
    let mut lying = sound();
    // The footer's field 3, 1000 rows, before the list of row groups.
    let at = lying.windows(4).rposition(|bytes| bytes == [0x16, 0xD0, 0x0F, 0x19]).unwrap();
    lying[at + 1] = 0xD2;
    refused(&lying, "unreadable_parquet", "as many rows together");
}

#[test]
fn a_page_that_claims_to_unpack_to_gigabytes() {
    let zstd = Compression::ZSTD(parquet::basic::ZstdLevel::default());
    let gzip = Compression::GZIP(GzipLevel::default());
    for packing in [Compression::UNCOMPRESSED, Compression::SNAPPY, Compression::LZ4_RAW, Compression::LZ4, zstd, gzip]
    {
        for kind in [0, 2] {
            let page = page(kind, i64::from(i32::MAX), (1, 0), &[0; 60]);
            let file = of_pages(TEXTS, (&page, packing), 1, kind == 2);
            refused(&file, "parquet_too_large", "more than 256 MiB");
        }
    }
    let negative = page(0, -1, (1, 0), &[0; 60]);
    refused(&of_pages(TEXTS, (&negative, Compression::SNAPPY), 1, false), "unreadable_parquet", "header");
}

#[test]
fn a_gzip_page_that_unpacks_to_more_than_it_says() {
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..20).for_each(|_| packed.write_all(&zeros).unwrap());
    let page = page(0, 100, (1, 0), &packed.finish().unwrap());
    let file = of_pages(TEXTS, (&page, Compression::GZIP(GzipLevel::default())), 1, false);
    refused(&file, "unreadable_parquet", "does not unpack to what");
}

#[test]
fn a_dictionary_of_more_values_than_bytes() {
    let page = page(2, 60, (100_000_000, 0), &[0; 60]);
    let file = of_pages(TEXTS, (&page, Compression::UNCOMPRESSED), 1, true);
    refused(&file, "unreadable_parquet", "more values than it has bytes for");
}

#[test]
fn lengths_for_values_that_are_not_there() {
    for encoding in [6, 7] {
        // Blocks of 128 in 4 parts, 2^30 values, the first 0.
        let body = [varint(128), varint(4), varint(1 << 30), varint(0)].concat();
        let page = page(0, body.len() as i64, (1, encoding), &body);
        let file = of_pages(TEXTS, (&page, Compression::UNCOMPRESSED), 1, false);
        refused(&file, "unreadable_parquet", "claims more values than it has");
        let page = super::make::page(0, body.len() as i64, (1 << 30, encoding), &body);
        let file = of_pages(TEXTS, (&page, Compression::UNCOMPRESSED), 1 << 30, false);
        refused(&file, "parquet_too_large", "more than 256 MiB");
    }
}

#[test]
fn a_list_without_an_end() {
    // Levels in two runs: a row begins, and goes on 500 million times, each of which is absent or the same number.
    let levels = |first: u8, then: u8| {
        let runs = [varint(2), vec![first], varint(500_000_000 << 1), vec![then]].concat();
        [&u32::try_from(runs.len()).unwrap().to_le_bytes()[..], &runs].concat()
    };
    let body = [levels(0, 1), levels(1, 1), vec![0]].concat();
    let page = page(0, body.len() as i64, (500_000_001, 8), &body);
    refused(&of_pages(LISTS, (&page, Compression::UNCOMPRESSED), 1, false), "parquet_too_large", "500000 values");
}

#[test]
fn more_columns_than_there_may_be() {
    let many = |count: usize| (0..count).map(|n| format!("required int64 c{n};")).collect::<String>();
    let columns = |count: usize| (0..count).map(|_| Column::flat(&[1])).collect::<Vec<_>>();
    let flat = written(&format!("message rows {{ {} }}", many(1001)), plain(), columns(1001));
    refused(&flat, "parquet_too_large", "1001 columns");
    let nested = format!("message rows {{ required group a {{ {} }} required int64 b; }}", many(1000));
    refused(&written(&nested, plain(), columns(1001)), "parquet_too_large", "1001 columns");
    let most = written(&format!("message rows {{ {} }}", many(1000)), plain(), columns(1000));
    assert_eq!(rows(&most).unwrap().lines().count(), 1);
}

#[test]
fn columns_deeper_than_json_may_be() {
    let nested = |levels: usize| {
        let open = "required group a { ".repeat(levels);
        format!("message rows {{ {open} required int64 n; {} }}", "}".repeat(levels))
    };
    refused(&written(&nested(64), plain(), vec![Column::flat(&[1])]), "parquet_too_large", "deeper than 64");
    assert!(rows(&written(&nested(63), plain(), vec![Column::flat(&[1])])).is_ok());
}

#[test]
fn a_column_that_is_there_twice() {
    let file = written(
        "message rows { required int64 a; required int64 a; }",
        plain(),
        vec![Column::flat(&[1]), Column::flat(&[2])],
    );
    refused(&file, "unreadable_parquet", "`a`");
}

#[test]
fn few_bytes_that_become_very_many_rows() {
    let long = "x".repeat(300_000);
    for how in [plain(), zstd()] {
        let file = written(TEXTS, how, vec![Column::text(&vec![long.as_str(); 240])]);
        assert!(file.len() < 330_000);
        refused(&file, "unpacks_too_large", "200 times");
    }
}

fn zstd() -> parquet::file::properties::WriterProperties {
    let packing = Compression::ZSTD(parquet::basic::ZstdLevel::default());
    parquet::file::properties::WriterProperties::builder().set_compression(packing).build()
}

#[test]
fn what_it_is_compressed_with_that_is_not_read() {
    let page = page(0, 60, (1, 0), &[0; 60]);
    for packing in [Compression::BROTLI(parquet::basic::BrotliLevel::default()), Compression::LZO] {
        refused(&of_pages(TEXTS, (&page, packing), 1, false), "unsupported_parquet", "compressed with");
    }
}

#[test]
fn text_that_is_none() {
    let file = written(TEXTS, plain(), vec![Column::Bytes(vec![b"good".to_vec(), vec![0xFF]], vec![], vec![])]);
    refused(&file, "unreadable_parquet", "row 2");
}

/// The files above once more where little memory is to be had: a process of its own that may map 2 GB, its program included.
#[test]
fn the_memory_stays_bounded() {
    let this = std::env::current_exe().unwrap();
    let ended = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 2000000 && exec \"$0\" \"$@\""])
        .arg(this)
        .args(["datasets::columnar::tests::hostile::", "--test-threads=1"])
        .args(["--skip", "the_memory_stays_bounded", "--skip", "spoilt"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stdout);
    assert!(ended.status.success(), "{said}\n{}", String::from_utf8_lossy(&ended.stderr));
    assert!(said.contains("a_list_without_an_end ... ok"), "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn spoilt_bytes_are_refused_or_read(at: prop::sample::Index, byte: u8, packed: bool, last: bool) {
        let schema = "message rows { optional binary text (STRING); repeated int64 list; }";
        let columns = vec![
            Column::Bytes(vec![b"one".to_vec(), b"two".to_vec()], vec![1, 0, 1], vec![]),
            Column::Int(vec![1, 2, 3], vec![1, 1, 0, 1], vec![0, 1, 0, 0]),
        ];
        let mut file = written(schema, if packed { zstd() } else { plain() }, columns);
        let from = if last { footer_at(&file) } else { 0 };
        let at = from + at.index(file.len() - from);
        file[at] = byte;
        if let Err(error) = rows(&file) {
            let known = ["unreadable_parquet", "unsupported_parquet", "parquet_too_large", "unpacks_too_large"];
            prop_assert!(known.contains(&error.stable_code()), "{}", error.to_json());
        }
    }
}

#[test]
fn spoilt_parquet() {
    let schema = "message rows { optional binary text (STRING); repeated int64 list; }";
    let columns = || {
        let texts = Column::Bytes(vec![b"one".to_vec(), b"two".to_vec()], vec![1, 0, 1], vec![]);
        vec![texts, Column::Int(vec![1, 2, 3], vec![1, 1, 0, 1], vec![0, 1, 0, 0])]
    };
    let seeds = [sound(), written(schema, plain(), columns()), written(schema, zstd(), columns())];
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| &seed[..]).collect();
    crate::fuzz::spoil("parquet", &seeds, |bytes| {
        rows(bytes).map_or_else(|error| error.message().to_owned(), |_| "well".into())
    });
}
