//! Headers that tell the truth, and headers that lie.

mod spoilt;
mod walked;

use bytes::Bytes;
use proptest::prelude::*;

use super::{gguf, safetensors};

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

proptest! {
    #[test]
    fn random_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let mut magic = b"GGUF\x03\0\0\0".to_vec();
        magic.extend_from_slice(&bytes);
        let _ = gguf::check(&magic.clone().into(), magic.len() as u64);
        let _ = safetensors::check(&bytes.clone().into(), bytes.len() as u64);
    }
}
