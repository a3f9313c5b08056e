//! What the tensors are called here and there.

use crate::model::Config;

/// Names of the parts of a layer, in Hugging Face's layout and in this format.
const PARTS: [(&str, &str); 9] = [
    ("self_attn.q_proj", "attn_q"),
    ("self_attn.k_proj", "attn_k"),
    ("self_attn.v_proj", "attn_v"),
    ("self_attn.o_proj", "attn_output"),
    ("mlp.gate_proj", "ffn_gate"),
    ("mlp.up_proj", "ffn_up"),
    ("mlp.down_proj", "ffn_down"),
    ("input_layernorm", "attn_norm"),
    ("post_attention_layernorm", "ffn_norm"),
];

/// The stored name of a tensor of Hugging Face's layout.
pub(super) fn stored(name: &str) -> Option<String> {
    match name {
        "model.embed_tokens.weight" => return Some("token_embd.weight".into()),
        "model.norm.weight" => return Some("output_norm.weight".into()),
        "lm_head.weight" => return Some("output.weight".into()),
        _ => {}
    }
    let (layer, part) = name.strip_prefix("model.layers.")?.split_once('.')?;
    let part = part.strip_suffix(".weight")?;
    let (_, stored) = PARTS.iter().find(|(ours, _)| *ours == part)?;
    Some(format!("blk.{layer}.{stored}.weight"))
}

/// The number of heads of a weight whose rows stand in another order.
pub(super) fn turned(name: &str, config: &Config) -> Option<usize> {
    if name.ends_with("q_proj.weight") {
        Some(config.num_attention_heads)
    } else if name.ends_with("k_proj.weight") {
        Some(config.num_key_value_heads)
    } else {
        None
    }
}
