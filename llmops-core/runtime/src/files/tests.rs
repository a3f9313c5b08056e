use std::collections::BTreeMap;
use std::path::Path;

use candle_core::quantized::GgmlDType;
use tempfile::TempDir;

use super::*;
use crate::model::Kv;
use crate::serve::tests::tiny;

fn folder(dir: &Path) {
    whole(dir, |part| save_folder(part, &tiny::config(), &tiny::weights(), &tiny::text())).unwrap();
}

fn gguf(path: &Path, kind: GgmlDType) {
    let weights = tiny::weights();
    gguf::write(path, &tiny::config(), &tiny::text(), kind, |name| Ok(weights[name].clone())).unwrap();
}

fn values(tensor: &Tensor) -> Vec<f32> {
    tensor.flatten_all().unwrap().to_vec1().unwrap()
}

fn check_same(source: &mut Source) {
    let read = source.tensors().unwrap();
    for (name, tensor) in tiny::weights() {
        assert!(values(&read[&name]) == values(&tensor), "{name} differs");
    }
    assert_eq!(source.text().unwrap().encode("a é").unwrap(), tiny::text().encode("a é").unwrap());
}

#[test]
fn a_folder_gives_back_what_was_put_in() {
    let dir = TempDir::new().unwrap();
    folder(&dir.path().join("model"));
    let mut source = Source::open(&dir.path().join("model")).unwrap();
    assert_eq!(*source.config(), Config { head_dim: Some(8), ..tiny::config() });
    check_same(&mut source);
}

#[test]
fn one_file_gives_back_what_was_put_in() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("model.gguf");
    gguf(&path, GgmlDType::F32);
    check_same(&mut Source::open(&path).unwrap());
}

#[test]
fn a_quantized_file_answers_nearly_alike_in_every_form() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("model.gguf");
    gguf(&path, GgmlDType::Q8_0);
    let logits = |model: &Model| values(&model.step(&mut [(&[5, 80, 17], &mut Kv::new(model.config()))]).unwrap());
    let exact = logits(&tiny::tiny().model);
    let spread = exact.iter().map(|x| x.abs()).fold(0.0, f32::max);
    for quant in [Quant::Keep, Quant::Q8, Quant::F32] {
        let near = logits(&Loaded::open(&path, quant).unwrap().model);
        let apart = exact.iter().zip(near).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(apart < 0.1 * spread, "{quant:?}: {apart} of {spread}");
    }
}

#[test]
fn nothing_is_seen_of_a_folder_that_failed() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("model");
    folder(&path);
    let failed = whole(&path, |part| {
        std::fs::write(part.join("config.json"), "half").unwrap();
        Err(crate::error::Error::internal("the disk is full"))
    });
    failed.unwrap_err();
    check_same(&mut Source::open(&path).unwrap());
}

/// Writes a file of a model and expects a refusal that blames the model; says how.
fn check_refused(name: &str, bytes: &[u8]) -> String {
    let dir = TempDir::new().unwrap();
    let model = dir.path().join("model");
    folder(&model);
    std::fs::write(model.join(name), bytes).unwrap();
    let path = if name.ends_with(".gguf") { model.join(name) } else { model };
    let error = Source::open(&path).and_then(|mut source| source.text().and(source.tensors())).err().unwrap();
    assert_eq!(error.exit_code(), 66, "{error}");
    error.to_string()
}

/// A file of tensors with this header.
fn headed(header: &str) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 16]].concat()
}

#[test]
fn headers_that_lie_are_refused() {
    let file = "model.safetensors";
    check_refused(file, b"");
    check_refused(file, &u64::MAX.to_le_bytes());
    check_refused(file, &headed("[]"));
    check_refused(file, &headed(r#"{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 12]}}"#));
    check_refused(file, &headed(r#"{"a": {"dtype": "F32", "shape": [4], "data_offsets": [16, 0]}}"#));
    check_refused(
        file,
        &headed(r#"{"a": {"dtype": "F32", "shape": [9999999999, 9999999999], "data_offsets": [0, 16]}}"#),
    );
    check_refused(file, &headed(r#"{"a": {"dtype": "Q99", "shape": [4], "data_offsets": [0, 16]}}"#));
    check_refused(file, &headed(r#"{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]}}"#));
}

#[test]
fn tensors_that_lie_over_one_another_are_refused() {
    let two = headed(
        r#"{"a": {"dtype": "F32", "shape": [4], "data_offsets": [0, 16]},
            "b": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]}}"#,
    );
    let said = check_refused("model.safetensors", &two);
    assert!(said.contains("b begins at 8, where the data before it end at 16"), "{said}");
    let tensor = |name: &[u8]| {
        let (length, one, eight) = (name.len() as u64, 1_u32, 8_u64);
        [&length.to_le_bytes()[..], name, &one.to_le_bytes(), &eight.to_le_bytes(), &[0; 4], &[0; 8]].concat()
    };
    let counts = [2_u64.to_le_bytes(), 0_u64.to_le_bytes()].concat();
    let file = [&b"GGUF\x03\0\0\0"[..], &counts, &tensor(b"a"), &tensor(b"b"), &[0; 256]].concat();
    assert!(check_refused("m.gguf", &file).contains("a and b overlap"));
}

#[test]
fn files_beside_the_weights_that_lie_are_refused() {
    check_refused("config.json", b"{}");
    check_refused("config.json", b"\xff");
    check_refused("tokenizer.json", b"{}");
    check_refused("tokenizer.json", b"not json");
    check_refused("model.safetensors.index.json", br#"{"weight_map": {"a": "../../../etc/passwd.safetensors"}}"#);
    check_refused("model.safetensors.index.json", br#"{"weight_map": {"a": "gone.safetensors"}}"#);
}

#[test]
fn single_files_that_lie_are_refused() {
    check_refused("m.gguf", b"");
    check_refused("m.gguf", b"GGUF\x03\0\0\0");
    let counts = |tensors: u64, entries: u64| {
        [&b"GGUF\x03\0\0\0"[..], &tensors.to_le_bytes(), &entries.to_le_bytes(), &[0; 64]].concat()
    };
    check_refused("m.gguf", &counts(u64::MAX, 0));
    check_refused("m.gguf", &counts(0, u64::MAX));
    check_refused("m.gguf", &counts(0, 0));
}

#[test]
fn a_single_file_that_ends_early_is_refused_wherever_it_ends() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("m.gguf");
    gguf(&path, GgmlDType::Q8_0);
    let whole = std::fs::read(&path).unwrap();
    for part in 1..20 {
        std::fs::write(&path, &whole[..whole.len() * part / 20]).unwrap();
        assert_eq!(Source::open(&path).err().unwrap().exit_code(), 66, "{part}");
    }
}

/// A model of a few kilobytes, most of it what says how the rest is read.
fn least() -> (Config, BTreeMap<String, Tensor>) {
    let sizes = Config { hidden_size: 4, intermediate_size: 4, num_hidden_layers: 1, ..tiny::config() };
    let config = Config { num_attention_heads: 1, num_key_value_heads: 1, ..sizes };
    let weights = crate::model::random(&config, 5).unwrap();
    (config, weights)
}

/// Spoils one file of a model, as often as the readers of the core are tried: read whole, or refused as a wrong model.
fn spoil(name: &str, seeds: &[&[u8]]) {
    let (config, weights) = least();
    let dir = TempDir::new().unwrap();
    let model = dir.path().join("model");
    whole(&model, |part| save_folder(part, &config, &weights, &tiny::text())).unwrap();
    let kept = std::fs::read(model.join(name));
    let seeds: Vec<&[u8]> = seeds.iter().copied().chain(kept.iter().map(Vec::as_slice)).collect();
    let path = if name.ends_with(".gguf") { model.join(name) } else { model.clone() };
    crate::fuzz::spoil(name, &seeds, |bytes| {
        std::fs::write(model.join(name), bytes).unwrap();
        let read = Source::open(&path).and_then(|mut source| {
            source.text()?.encode("a \u{e9}")?;
            source.tensors()
        });
        read.map_or_else(
            |error| {
                assert_eq!(error.exit_code(), 66, "{error}");
                error.to_string()
            },
            |_| "read".to_owned(),
        )
    });
}

#[test]
fn spoilt_folders_are_read_or_refused() {
    for name in ["model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json"] {
        spoil(name, &[]);
    }
}

#[test]
fn spoilt_single_files_are_read_or_refused() {
    let (config, weights) = least();
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("m.gguf");
    let files = [GgmlDType::F32, GgmlDType::F16].map(|kind| {
        gguf::write(&path, &config, &tiny::text(), kind, |name| Ok(weights[name].clone())).unwrap();
        std::fs::read(&path).unwrap()
    });
    assert!(files.iter().all(|file| file.len() < 16 << 10), "longer than what is spoilt");
    spoil("m.gguf", &files.each_ref().map(Vec::as_slice));
}
