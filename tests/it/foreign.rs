//! Model files of strangers, given to the runtime as a program: what they claim costs it neither memory nor its exit code.

use std::process::Command;

use crate::process::server_executable;

/// What the program may map, in KiB: its own file and stacks, and far less than any of these files claims.
const ROOM: u64 = 3 << 20;

/// What lies beside weights.
const CONFIG: &str = r#"{"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":16,"intermediate_size":32,
    "num_hidden_layers":1,"num_attention_heads":2,"num_key_value_heads":2,"vocab_size":384,"max_position_embeddings":32,
    "rms_norm_eps":0.00001,"rope_theta":10000.0}"#;

/// A file of tensors with this header and few bytes behind it.
fn tensors(header: &str) -> Vec<u8> {
    [&(header.len() as u64).to_le_bytes()[..], header.as_bytes(), &[0; 64]].concat()
}

/// A file of the other kind: how many tensors and entries it claims, and what follows.
fn gguf(tensors: u64, entries: u64, rest: &[u8]) -> Vec<u8> {
    [&b"GGUF\x03\0\0\0"[..], &tensors.to_le_bytes(), &entries.to_le_bytes(), rest, &[0; 64]].concat()
}

#[test]
fn what_a_file_claims_is_not_believed() {
    let long_text = [&(1_u64 << 42).to_le_bytes()[..], b"general.name"].concat();
    let long_list =
        [&1_u64.to_le_bytes()[..], b"k", &9_u32.to_le_bytes(), &4_u32.to_le_bytes(), &(1_u64 << 42).to_le_bytes()]
            .concat();
    let files = [
        ("m.gguf", gguf(u64::MAX, 0, b""), "claims"),
        ("m.gguf", gguf(0, u64::MAX, b""), "claims"),
        ("m.gguf", gguf(0, 1, &long_text), "a text claims"),
        ("m.gguf", gguf(0, 1, &long_list), "claims"),
        ("model.safetensors", [&(1_u64 << 42).to_le_bytes()[..], b"{}"].concat(), "the header claims"),
        (
            "model.safetensors",
            tensors(r#"{"a":{"dtype":"F32","shape":[1099511627776],"data_offsets":[0,4398046511104]}}"#),
            "describes",
        ),
        (
            "model.safetensors",
            tensors(
                r#"{"a":{"dtype":"F32","shape":[16],"data_offsets":[0,64]},"b":{"dtype":"F32","shape":[8],"data_offsets":[32,64]}}"#,
            ),
            "b begins at 32",
        ),
    ];
    let dir = tempfile::tempdir().unwrap();
    for (at, (name, bytes, why)) in files.iter().enumerate() {
        let model = dir.path().join(at.to_string());
        std::fs::create_dir(&model).unwrap();
        std::fs::write(model.join(name), bytes).unwrap();
        std::fs::write(model.join("config.json"), CONFIG).unwrap();
        let path = if name.ends_with(".gguf") { model.join(name) } else { model };
        let limited = format!("ulimit -v {ROOM}; exec \"$0\" runtime inspect \"$1\"");
        let ended = Command::new("sh").arg("-c").arg(limited).arg(server_executable()).arg(&path).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(ended.status.code() == Some(66) && said.contains(why), "{at}, {name}: {} {said}", ended.status);
    }
}
