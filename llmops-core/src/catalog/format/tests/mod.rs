//! Headers that tell the truth, and headers that lie.

mod spoilt;
mod walked;

use bytes::Bytes;
use proptest::prelude::*;

use super::{Format, gguf, safetensors};

fn tensors(header: &str, data: usize) -> Bytes {
    let mut file = (header.len() as u64).to_le_bytes().to_vec();
    file.extend_from_slice(header.as_bytes());
    file.extend(std::iter::repeat_n(0, data));
    file.into()
}

fn check(header: &str, data: usize, good: bool) {
    let file = tensors(header, data);
    assert_eq!(safetensors::check(&file, file.len() as u64).is_ok(), good, "{header}");
}

#[test]
fn two_tensors_side_by_side() {
    check(
        r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"U8","shape":[],"data_offsets":[8,9]}}"#,
        9,
        true,
    );
}

#[test]
fn a_gap_between_tensors() {
    check(
        r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#,
        12,
        false,
    );
}

#[test]
fn tensors_that_overlap() {
    check(
        r#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
        8,
        false,
    );
}

#[test]
fn a_shape_that_overflows() {
    check(r#"{"a":{"dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,0]}}"#, 0, false);
}

#[test]
fn bytes_after_the_last_tensor() {
    check(r#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 5, false);
}

#[test]
fn a_header_longer_than_the_file() {
    let file = Bytes::from(u64::MAX.to_le_bytes().to_vec());
    assert!(safetensors::check(&file, 8).is_err());
}

pub(super) fn gguf_with(pairs: u64, rest: &[u8]) -> Bytes {
    let mut file = b"GGUF\x03\0\0\0".to_vec();
    file.extend(0u64.to_le_bytes());
    file.extend(pairs.to_le_bytes());
    file.extend(rest);
    file.into()
}

#[test]
fn an_empty_gguf() {
    let file = gguf_with(0, &[]);
    assert!(gguf::check(&file, file.len() as u64).is_ok());
}

#[test]
fn a_gguf_key_longer_than_the_file() {
    let file = gguf_with(1, &u64::MAX.to_le_bytes());
    assert!(gguf::check(&file, file.len() as u64).is_err());
}

#[test]
fn a_gguf_with_too_many_pairs() {
    let file = gguf_with(u64::MAX, &[]);
    assert!(gguf::check(&file, file.len() as u64).is_err());
}

/// A GGUF of these metadata pairs and F32 tensors: name, elements and offset each; and `data` bytes behind its header.
fn gguf_of(pairs: &[(&str, u32)], tensors: &[(&str, u64, u64)], data: usize) -> crate::base::Result<()> {
    let mut file = b"GGUF\x03\0\0\0".to_vec();
    let text = |file: &mut Vec<u8>, text: &str| {
        file.extend((text.len() as u64).to_le_bytes());
        file.extend(text.as_bytes());
    };
    file.extend((tensors.len() as u64).to_le_bytes());
    file.extend((pairs.len() as u64).to_le_bytes());
    for (key, value) in pairs {
        text(&mut file, key);
        file.extend(4u32.to_le_bytes());
        file.extend(value.to_le_bytes());
    }
    for (name, elements, offset) in tensors {
        text(&mut file, name);
        file.extend(1u32.to_le_bytes());
        file.extend(elements.to_le_bytes());
        file.extend(0u32.to_le_bytes());
        file.extend(offset.to_le_bytes());
    }
    let size = file.len().next_multiple_of(32) + data;
    gguf::check(&file.into(), size as u64)
}

#[test]
fn a_gguf_holds_its_tensors_apart_and_whole() {
    gguf_of(&[], &[("a", 8, 0), ("b", 9, 32)], 68).unwrap();
    gguf_of(&[("general.alignment", 8)], &[("a", 2, 0), ("b", 1, 8)], 64).unwrap();
    type Lie<'a> = (&'a str, &'a [(&'a str, u32)], &'a [(&'a str, u64, u64)], usize);
    let lies: [Lie<'_>; 7] = [
        ("outside the file", &[], &[("a", 8, 0), ("b", 9, 32)], 67),
        ("outside the file", &[], &[("a", 10_000_000, 0)], 2_000_000),
        ("overlap", &[], &[("a", 8, 0), ("b", 8, 0)], 64),
        ("twice", &[], &[("a", 8, 0), ("a", 8, 32)], 64),
        ("twice", &[("k", 1), ("k", 2)], &[], 0),
        ("where its alignment says", &[], &[("a", 1, 4)], 64),
        ("no multiple of 8", &[("general.alignment", 0)], &[("a", 8, 0)], 64),
    ];
    for (why, pairs, tensors, data) in lies {
        let refused = gguf_of(pairs, tensors, data).unwrap_err();
        assert!(refused.message().contains(why), "{why}: {refused}");
    }
}

#[test]
fn notes_of_safetensors_are_texts() {
    check(r#"{"__metadata__":{"a":"b"},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, true);
    check(r#"{"__metadata__":{"a":1},"t":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4, false);
    let deep = format!(r#"{{"__metadata__":{}{}}}"#, r#"{"a":"#.repeat(100_000), "}".repeat(100_000));
    check(&deep, 0, false);
}

#[test]
fn json_is_read_by_whoever_reads_it_with_a_limit() {
    let nested = |depth: usize| format!(r#"{{"a":{}{}}}"#, "[".repeat(depth), "]".repeat(depth));
    super::json::check(nested(63).as_bytes()).unwrap();
    for deep in [64, 100_000] {
        let refused = super::json::check(nested(deep).as_bytes()).unwrap_err();
        assert!(refused.message().contains("deeper than 64"), "{refused}");
    }
    let marked = super::json::check(b"\xef\xbb\xbf{}").unwrap_err();
    assert!(marked.message().contains("byte order mark"), "{marked}");
}

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut magic = b"GGUF\x03\0\0\0".to_vec();
        magic.extend_from_slice(&bytes);
        let _ = gguf::check(&magic.clone().into(), magic.len() as u64);
        let _ = safetensors::check(&bytes.clone().into(), bytes.len() as u64);
    }
}

/// How far a file of these first bytes and of `size` in all is read, reading by reading.
fn read(format: Format, bytes: &Bytes, size: u64) -> Vec<u64> {
    let (mut head, mut lengths) = (Bytes::new(), Vec::new());
    while let Some(length) = format.lacks(&head, size) {
        lengths.push(length);
        head = bytes.slice(..bytes.len().min(length as usize));
    }
    lengths
}

#[test]
fn no_more_is_read_than_a_header_needs() {
    let (first, most, large) = (64 << 10, 32 << 20, 1 << 40);
    let header = |length: usize| tensors(&format!("{{}}{}", " ".repeat(length - 2)), 0);
    assert_eq!(read(Format::Safetensors, &header(100), large), [first]);
    assert_eq!(read(Format::Safetensors, &header(100), 108), [108]);
    assert_eq!(read(Format::Safetensors, &header(300_000), large), [first, 300_008]);
    let lie = Bytes::from(u64::MAX.to_le_bytes().to_vec());
    assert_eq!(read(Format::Safetensors, &lie, large), [first]);
    assert_eq!(read(Format::Gguf, &gguf_with(0, &vec![0; 1 << 20]), large), [first]);
    let key = [&500_000u64.to_le_bytes()[..], &vec![b'k'; 500_000], &0u32.to_le_bytes(), &[0]].concat();
    assert_eq!(read(Format::Gguf, &gguf_with(1, &[&key[..], &vec![0; 1 << 20]].concat()), large), [first, 8 * first]);
    let endless = Bytes::from(vec![b'G'; most as usize]);
    assert_eq!(read(Format::Gguf, &endless, large), [first, 8 * first, 64 * first, most]);
    assert_eq!(read(Format::Json, &endless, 20 << 20), [20 << 20]);
    assert_eq!(read(Format::Text, &Bytes::new(), 0), [0u64; 0]);
    assert_eq!(read(Format::Pickle, &endless, large), [0u64; 0]);
}
