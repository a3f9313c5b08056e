//! Files of models, spoilt.

use bytes::Bytes;

use super::super::{Format, gguf, safetensors};
use super::walked::{SYSTEM, archive, look, onnx};
use super::{gguf_with, tensors};
use crate::base::{ErrorKind, Result};
use crate::cards::FrontMatter;
use crate::fuzz::spoil;

/// What is said of it; a file that is refused is refused as such.
fn said<T: std::fmt::Debug>(found: Result<T>) -> String {
    match found {
        Ok(found) => format!("{found:?}"),
        Err(error) => {
            assert!(matches!(error.kind(), ErrorKind::Invalid | ErrorKind::TooLarge), "{error:?}");
            error.message().to_owned()
        }
    }
}

#[test]
fn spoilt_tensors() {
    let header = r#"{"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}"#;
    let seeds = [tensors(header, 9), tensors(r#"{"a":{"dtype":"BF16","shape":[2,3],"data_offsets":[0,12]}}"#, 12)];
    spoil("safetensors", &[&seeds[0], &seeds[1]], |bytes| {
        let bytes = Bytes::copy_from_slice(bytes);
        said(safetensors::check(&bytes, bytes.len() as u64))
    });
}

#[test]
fn spoilt_gguf() {
    // `general.name` as a text, an array of two numbers.
    let text = |text: &str| [&(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    let named = [text("general.name"), 8u32.to_le_bytes().to_vec(), text("tiny")].concat();
    let array =
        [text("list"), [9u32, 4].map(u32::to_le_bytes).concat(), 2u64.to_le_bytes().to_vec(), vec![0; 8]].concat();
    let seeds = [gguf_with(0, &[]), gguf_with(1, &named), gguf_with(2, &[named.clone(), array].concat())];
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| &seed[..]).collect();
    spoil("gguf", &seeds, |bytes| {
        let bytes = Bytes::copy_from_slice(bytes);
        said(gguf::check(&bytes, bytes.len() as u64))
    });
}

#[test]
fn spoilt_pickles() {
    let mut seeds: Vec<Vec<u8>> = SYSTEM.iter().map(|hex| hex::decode(hex).unwrap()).collect();
    seeds.push(archive(&[("archive/data.pkl", &seeds[5]), ("archive/data/0", b"0123")]));
    let seeds: Vec<&[u8]> = seeds.iter().map(|seed| &seed[..]).collect();
    spoil("pickle", &seeds, |bytes| said(look(Format::Pickle, bytes)));
}

#[test]
fn spoilt_onnx() {
    let seeds = [onnx("weights.bin"), onnx("")];
    spoil("onnx", &[&seeds[0], &seeds[1]], |bytes| said(look(Format::Onnx, bytes)));
}

#[test]
fn spoilt_tokenizers() {
    let json =
        br#"{"version":"1.0","model":{"type":"BPE","vocab":{"a":0,"b":1,"ab":2},"merges":["a b"]},"added_tokens":[]}"#;
    let piece = [0x0a, 0x0b, 0x0a, 0x02, b'a', b'b', 0x15, 0, 0, 0, 0, 0x18, 0x01];
    spoil("tokenizer", &[json, &piece], |bytes| said(look(Format::Tokenizer, bytes)));
}

#[test]
fn spoilt_json() {
    let config =
        br#"{"architectures":["LlamaForCausalLM"],"trust_remote_code":false,"text_config":{"auto_map":{"A":"m.M"}}}"#;
    let tokenizer =
        br#"{"model":{"type":"BPE","vocab":{"a":0,"b":1},"merges":[["a","b"]]},"added_tokens":[{"id":2,"content":"<s>"}]}"#;
    let index = br#"{"metadata":{"total_size":9},"weight_map":{"t":"1.safetensors","u":"a/2.safetensors"}}"#;
    spoil("json", &[config, tokenizer, index], |bytes| {
        let bytes = Bytes::copy_from_slice(bytes);
        let formats = [Format::Json, Format::JsonTokenizer, Format::Index];
        formats.map(|format| said(format.check(&bytes, bytes.len() as u64))).join("\n")
    });
}

#[test]
fn spoilt_cards() {
    let seed = b"---\nlicense: mit\ntags: [a, b]\nbase: &x {y: 1}\nmore: *x\ndeep: {a: [1, 2.5, null, true, \"t\"]}\n---\n# Title\n";
    let other = b"---\nmodel-index:\n- name: x\n  results:\n  - metrics:\n    - type: f1\n      value: 0.5\n---\n";
    spoil("card", &[seed, other], |bytes| {
        let FrontMatter { fields, tags } = FrontMatter::read(bytes);
        format!("{:?} {}", fields.keys().collect::<Vec<_>>(), tags.len())
    });
}
