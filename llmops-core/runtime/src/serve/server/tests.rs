use std::collections::BTreeMap;

use candle_core::{Device, Tensor};
use clap::Parser;

use super::*;
use crate::files::{save_folder, whole};
use crate::serve::tests::tiny::{config, text, weights};

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    args: ServeArgs,
}

fn args(line: &str) -> ServeArgs {
    Line::parse_from(format!("serve {line}").split(' ')).args
}

#[test]
fn a_model_is_named_after_its_folder_or_file() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("tiny-1.0.2")).unwrap();
    std::fs::write(dir.path().join("small.v2.gguf"), "").unwrap();
    let named = |more: &str| args(&format!("--model {}/{more}", dir.path().display())).model_name();
    assert_eq!(named("tiny-1.0.2"), "tiny-1.0.2");
    assert_eq!(named("tiny-1.0.2/."), "tiny-1.0.2");
    assert_eq!(named("small.v2.gguf"), "small.v2");
    assert_eq!(named("tiny-1.0.2 --name other"), "other");
}

#[test]
fn an_address_that_another_took_over_stays() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("addr");
    let first = AddrFile::write(&path, "127.0.0.1:1".parse().unwrap()).unwrap();
    let second = AddrFile::write(&path, "127.0.0.1:2".parse().unwrap()).unwrap();
    drop(first);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "127.0.0.1:2\n");
    drop(second);
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}

/// What the model of a folder says after three tokens, with an adapter whose second matrix holds `value` everywhere.
fn logits_with(value: f32) -> Vec<f32> {
    let dir = tempfile::tempdir().unwrap();
    let (model, adapter) = (dir.path().join("model"), dir.path().join("adapter"));
    whole(&model, |part| save_folder(part, &config(), &weights(), &text())).unwrap();
    let name = |part: &str| format!("base_model.model.model.layers.0.self_attn.q_proj.{part}.weight");
    let full = |value: f32, shape: (usize, usize)| Tensor::full(value, shape, &Device::Cpu).unwrap();
    let thin = BTreeMap::from([(name("lora_A"), full(1.0, (2, 32))), (name("lora_B"), full(value, (32, 2)))]);
    let settings = AdapterSettings { rank: 2, alpha: 4.0, targets: vec!["q_proj".into()] };
    settings.save(&adapter, &thin, "tiny").unwrap();
    let line = format!("--model {} --adapter {}", model.display(), adapter.display());
    let (loaded, template) = load(&args(&line)).unwrap();
    assert!(template.is_ok());
    let mut kv = crate::model::Kv::new(loaded.model.config());
    loaded.model.step(&mut [(&[1, 2, 3], &mut kv)]).unwrap().to_vec2().unwrap().remove(0)
}

#[test]
fn an_adapter_of_nothing_changes_nothing_and_another_does() {
    let mut kv = crate::model::Kv::new(&config());
    let plain = Model::from_named(config(), &weights()).unwrap();
    let plain: Vec<Vec<f32>> = plain.step(&mut [(&[1, 2, 3], &mut kv)]).unwrap().to_vec2().unwrap();
    assert_eq!(logits_with(0.0), plain[0]);
    assert_ne!(logits_with(0.5), plain[0]);
}
