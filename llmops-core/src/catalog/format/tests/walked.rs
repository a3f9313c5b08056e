//! Files that are walked through: pickles, ONNX, tokenizers, and JSON that names programs.

use std::io::{Cursor, Write};

use bytes::Bytes;
use proptest::prelude::*;

use super::super::{Format, torch};
use crate::base::{ErrorKind, Result};
use crate::catalog::FileScan;

pub(super) fn look(format: Format, bytes: &[u8]) -> Result<FileScan> {
    format.look(Cursor::new(bytes.to_vec()), bytes.len() as u64)
}

fn imports(hex: &str) -> FileScan {
    look(Format::Pickle, &hex::decode(hex).unwrap()).unwrap()
}

fn refused(format: Format, bytes: &[u8]) -> String {
    let error = look(format, bytes).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Invalid);
    error.to_string()
}

/// `os.system("true")`, as Python's own pickler writes it in each protocol.
pub(super) const SYSTEM: [&str; 6] = [
    "63706f7369780a73797374656d0a70300a2856747275650a70310a7470320a5270330a2e",
    "63706f7369780a73797374656d0a71002858040000007472756571017471025271032e",
    "800263706f7369780a73797374656d0a710058040000007472756571018571025271032e",
    "800363706f7369780a73797374656d0a710058040000007472756571018571025271032e",
    "8004951f000000000000008c05706f736978948c0673797374656d9493948c047472756594859452942e",
    "8005951f000000000000008c05706f736978948c0673797374656d9493948c047472756594859452942e",
];

#[test]
fn a_call_is_seen_in_every_protocol() {
    for hex in SYSTEM {
        let scan = imports(hex);
        assert_eq!(scan.unsafe_imports, ["posix.system"], "{hex}");
        assert_eq!(scan.incomplete, None, "{hex}");
    }
}

#[test]
fn containers_are_no_danger() {
    let scan = imports(
        "80049540000000000000008c0b636f6c6c656374696f6e73948c0b4f726465726564446963749493942952948c0161945d94284b014740040000000000004303787878948c01799465732e",
    );
    assert_eq!(scan.imports, ["collections.OrderedDict"]);
    assert!(scan.unsafe_imports.is_empty());
}

#[test]
fn a_pickle_behind_another_is_seen() {
    let scan = imports(&format!("80024b012e{}", SYSTEM[2]));
    assert_eq!(scan.unsafe_imports, ["posix.system"]);
}

#[test]
fn what_lies_behind_the_last_pickle_is_said_not_to_be_searched() {
    let scan = imports(&format!("80024b012e{}", SYSTEM[0]));
    assert_eq!(scan.incomplete.as_deref(), Some("what lies behind its last pickle is not searched"));
    assert_eq!(imports("80024b012e80024b022e"), FileScan::default());
}

#[test]
fn names_that_come_out_of_the_memo_are_seen() {
    // BINUNICODE "os", BINPUT 0, POP, BINUNICODE "system", BINPUT 1, POP, BINGET 0, BINGET 1, STACK_GLOBAL, STOP
    let scan = imports("800458020000006f73710030580600000073797374656d71013068006801932e");
    assert_eq!(scan.unsafe_imports, ["os.system"]);
}

#[test]
fn texts_that_are_doubled_cost_nothing_and_too_many_end_the_search() {
    let mut file = vec![0x80, 4, b'X', 0, 1, 0, 0];
    file.extend([b'a'; 256]);
    file.extend(b"2\x94".repeat(100_000));
    file.push(b'.');
    assert_eq!(look(Format::Pickle, &file).unwrap(), FileScan::default());
    let mut file = vec![0x80, 4];
    for _ in 0..300_000 {
        file.extend([0x8c, 255]);
        file.extend([b'a'; 255]);
    }
    file.push(b'.');
    assert!(look(Format::Pickle, &file).unwrap().incomplete.unwrap().contains("64 MiB of texts"));
}

#[test]
fn names_that_are_hidden_are_told() {
    assert_eq!(imports("80044b014b02932e").unsafe_imports, ["?.?"]);
}

#[test]
fn what_is_no_pickle_is_said_to_be_none() {
    let scan = look(Format::Pickle, b"pickle").unwrap();
    assert_eq!(scan.incomplete.as_deref(), Some("it is not a whole pickle"));
}

pub(super) fn archive(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
        zip.start_file(*name, options).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

#[test]
fn the_pickle_of_an_archive_is_seen_under_any_name() {
    let call = hex::decode(SYSTEM[2]).unwrap();
    for name in ["archive/data.pkl", "archive/data/0"] {
        let scan = look(Format::Pickle, &archive(&[("archive/version", b"3\n"), (name, &call)])).unwrap();
        assert_eq!(scan.unsafe_imports, ["posix.system"], "{name}");
    }
}

#[test]
fn an_archive_that_unpacks_to_too_much_ends_the_search() {
    let mut bomb = vec![0x80, 2, b'B', 0xff, 0xff, 0xff, 0x7f];
    bomb.resize(80 << 20, 0);
    let scan = look(Format::Pickle, &archive(&[("archive/data.pkl", &bomb)])).unwrap();
    assert!(scan.incomplete.unwrap().contains("64 MiB"));
}

#[test]
fn an_archive_that_breaks_off_is_said_to_be_none() {
    let whole = archive(&[("archive/data.pkl", b"N.")]);
    let scan = look(Format::Pickle, &whole[..whole.len() - 10]).unwrap();
    assert_eq!(scan.incomplete.as_deref(), Some("it is no whole zip archive"));
}

#[test]
fn what_pytorch_writes_rebuilds_tensors() {
    for name in
        ["torch._utils._rebuild_tensor_v2", "torch.FloatStorage", "torch.bfloat16", "torch.storage.UntypedStorage"]
    {
        assert!(torch::rebuilds(name), "{name}");
    }
    for name in [
        "torch.hub.load",
        "torch._utils._import_dotted_name",
        "builtins.eval",
        "torch.load",
        "numpy.load",
        "torch._utils._rebuild_tensor_v2.__builtins__.get",
    ] {
        assert!(!torch::rebuilds(name), "{name}");
    }
}

fn field(number: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![number << 3 | 2];
    let mut length = bytes.len();
    while length > 0x7f {
        field.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    field.push(length as u8);
    field.extend_from_slice(bytes);
    field
}

/// A model with one tensor that lies in this file.
pub(super) fn onnx(location: &str) -> Vec<u8> {
    let entry = [field(1, b"location"), field(2, location.as_bytes())].concat();
    let tensor = [field(8, b"weight"), field(13, &entry)].concat();
    let graph = [field(2, b"g"), field(5, &tensor)].concat();
    [vec![8, 8], field(7, &graph), field(8, &[0x10, 17])].concat()
}

#[test]
fn an_onnx_graph_with_tensors_beside_it() {
    assert_eq!(look(Format::Onnx, &onnx("weights/model.onnx_data")).ok(), Some(FileScan::default()));
}

#[test]
fn tensors_outside_of_the_model_are_refused() {
    for place in ["../../etc/passwd", "/etc/passwd", "a\\..\\b"] {
        assert!(refused(Format::Onnx, &onnx(place)).contains("outside of the model"), "{place}");
    }
}

#[test]
fn an_onnx_file_that_lies_is_refused() {
    let whole = onnx("w.bin");
    refused(Format::Onnx, &whole[..whole.len() - 1]);
    refused(Format::Onnx, b"not a model at all");
    refused(Format::Onnx, &field(7, &field(2, b"a graph and no operator set")));
    refused(Format::Onnx, &[field(7, b""), field(7, b""), field(8, &[0x10, 17])].concat());
    let mut lies = vec![7 << 3 | 2, 0xff, 0xff, 0xff, 0xff, 0x0f];
    lies.extend([0; 32]);
    refused(Format::Onnx, &lies);
}

#[test]
fn graphs_within_graphs_have_an_end() {
    let mut graph = field(2, b"innermost");
    for _ in 0..40 {
        graph = field(1, &field(5, &field(6, &graph)));
    }
    assert!(refused(Format::Onnx, &field(7, &graph)).contains("32 deep"));
}

#[test]
fn tokenizers_of_both_kinds() {
    let piece = field(1, "▁the".as_bytes());
    assert!(look(Format::Tokenizer, &[field(1, &piece), field(2, b"")].concat()).is_ok());
    assert!(look(Format::Tokenizer, b"IQ== 0\nIg== 1\n").is_ok());
    for bad in ["IQ== 0\n\nIg== 1\n", "IQ==\n", "abc def\n", "\n", "x"] {
        refused(Format::Tokenizer, bad.as_bytes());
    }
    refused(Format::Tokenizer, &field(1, &field(1, &[0xff, 0xfe])));
    refused(Format::Tokenizer, &vec![b'A'; 1 << 20]);
}

fn runs_code(json: &str) -> bool {
    Format::Json.check(&Bytes::copy_from_slice(json.as_bytes()), json.len() as u64).unwrap().runs_code
}

#[test]
fn json_that_names_programs() {
    assert!(runs_code(r#"{"auto_map":{"AutoModel":"modeling.Model"}}"#));
    assert!(runs_code(r#"{"trust_remote_code":true}"#));
    assert!(runs_code(r#" {"auto_map":{},"auto_map":{}}"#));
    assert!(runs_code(r#"{"trust_remote_code":[{"":0}]}"#));
    assert!(!runs_code(r#"{"trust_remote_code":null}"#));
    assert!(!runs_code(r#"{"trust_remote_code":false,"model_type":"llama"}"#));
    assert!(runs_code(r#"{"text_config":{"auto_map":{"AutoModel":"modeling.Model"}}}"#));
    assert!(runs_code(r#"[{"deep":[{"trust_remote_code":true}]}]"#));
    assert!(!runs_code(r#"{"vision":{"trust_remote_code":false,"auto_map":null}}"#));
    // A word of a vocabulary.
    assert!(!runs_code(r#"{"model":{"vocab":{"auto_map":7}}}"#));
}

#[test]
fn a_tokenizer_has_a_vocabulary() {
    let check = |json: &str| Format::JsonTokenizer.check(&Bytes::copy_from_slice(json.as_bytes()), json.len() as u64);
    assert_eq!(check(r#"{"model":{"type":"BPE","vocab":{"a":0},"merges":[]}}"#).unwrap(), FileScan::default());
    assert_eq!(check(r#"{"model":{"type":"Unigram","vocab":[["a",-1.5]]}}"#).unwrap(), FileScan::default());
    for bad in ["{}", "[]", r#"{"model":{}}"#, r#"{"model":{"vocab":"a"}}"#, r#"{"vocab":{"a":0}}"#] {
        assert_eq!(check(bad).unwrap_err().stable_code(), "invalid_tokenizer", "{bad}");
    }
}

#[test]
fn a_large_vocabulary_is_taken_and_other_json_is_not() {
    assert!(Format::JsonTokenizer.check_size(35 << 20).is_ok());
    assert_eq!(Format::Json.check_size(35 << 20).unwrap_err().stable_code(), "file_too_large");
    assert_eq!(Format::JsonTokenizer.check_size(65 << 20).unwrap_err().stable_code(), "file_too_large");
}

#[test]
fn a_list_of_shards_names_each_once() {
    let check = |json: &str| Format::Index.check(&Bytes::copy_from_slice(json.as_bytes()), json.len() as u64);
    let scan = check(
        r#"{"metadata":{"total_size":8},"weight_map":{"a":"2.safetensors","b":"1.safetensors","c":"2.safetensors"}}"#,
    );
    assert_eq!(scan.unwrap().shards, ["1.safetensors", "2.safetensors"]);
    let long = format!(r#"{{"weight_map":{{"a":"{}"}}}}"#, "x".repeat(129));
    for bad in ["{}", r#"{"weight_map":{"a":1}}"#, r#"{"weight_map":["a"]}"#, &long] {
        assert_eq!(check(bad).unwrap_err().stable_code(), "invalid_index", "{bad}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Whatever the bytes are, a look at them ends, and with an answer.
    #[test]
    fn a_look_at_any_bytes_ends(bytes in proptest::collection::vec(any::<u8>(), 0..400), pick in 0..3usize) {
        let format = [Format::Pickle, Format::Onnx, Format::Tokenizer][pick];
        if let Err(error) = look(format, &bytes) {
            prop_assert_eq!(error.kind(), ErrorKind::Invalid);
        }
    }
}
