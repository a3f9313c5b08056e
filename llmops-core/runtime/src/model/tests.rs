use std::collections::BTreeMap;

use candle_core::{Device, Tensor, Var};

use super::ops::{CausalSoftmax, CrossEntropy, FrozenLinear, RmsNorm, Rope, SwiGlu};
use super::*;

pub(crate) fn tiny() -> Config {
    Config {
        vocab_size: 48,
        hidden_size: 16,
        intermediate_size: 24,
        num_hidden_layers: 2,
        num_attention_heads: 4,
        num_key_value_heads: 2,
        head_dim: None,
        max_position_embeddings: 64,
        rms_norm_eps: 1e-5,
        rope_theta: 10_000.0,
        rope_scaling: None,
        tie_word_embeddings: true,
        bos_token_id: None,
        eos_token_id: vec![],
    }
}

/// Weights large enough that every part of the model matters.
fn weights(config: &Config) -> BTreeMap<String, Tensor> {
    let scaled = |tensor: Tensor| if tensor.rank() > 1 { (tensor * 12.0).unwrap() } else { tensor };
    random(config, 7).unwrap().into_iter().map(|(name, tensor)| (name, scaled(tensor))).collect()
}

fn model(config: Config) -> Model {
    let weights = weights(&config);
    Model::from_named(config, &weights).unwrap()
}

fn tokens(many: u32) -> Vec<u32> {
    (0..many).map(|i| (i * 17 + 5) % 48).collect()
}

/// The largest difference between two tensors.
fn apart(a: &Tensor, b: &Tensor) -> f32 {
    (a - b).unwrap().abs().unwrap().flatten_all().unwrap().max(0).unwrap().to_scalar().unwrap()
}

fn values(shape: &[usize], seed: f32) -> Var {
    let many: usize = shape.iter().product();
    let values: Vec<f32> = (0..many).map(|i| ((i as f32 + seed) * 1.7).sin()).collect();
    Var::from_tensor(&Tensor::from_vec(values, shape, &Device::Cpu).unwrap()).unwrap()
}

/// Compares the gradient of a weighted sum of `f`'s outputs with differences of that sum, number by number.
fn check_gradient(inputs: &[Var], f: impl Fn(&[Var]) -> Tensor) {
    let sum = |output: Tensor| {
        let weights = values(output.dims(), 0.3);
        (output * weights.as_tensor()).unwrap().sum_all().unwrap()
    };
    let grads = sum(f(inputs)).backward().unwrap();
    const STEP: f32 = 1e-2;
    for input in inputs {
        let grad: Vec<f32> = grads.get(input).unwrap().flatten_all().unwrap().to_vec1().unwrap();
        let before: Vec<f32> = input.flatten_all().unwrap().to_vec1().unwrap();
        for i in 0..before.len() {
            let at = |moved: f32| {
                let mut values = before.clone();
                values[i] += moved;
                input.set(&Tensor::from_vec(values, input.dims(), &Device::Cpu).unwrap()).unwrap();
                f64::from(sum(f(inputs)).to_scalar::<f32>().unwrap())
            };
            let difference = (at(STEP) - at(-STEP)) / (2.0 * f64::from(STEP));
            at(0.0);
            assert!(
                (difference - f64::from(grad[i])).abs() < 3e-3 * (1.0 + difference.abs()),
                "{i}: {difference} {}",
                grad[i]
            );
        }
    }
}

#[test]
fn causal_softmax_has_its_gradient() {
    check_gradient(&[values(&[2, 4, 4], 1.0)], |x| x[0].apply_op1(CausalSoftmax { scale: 0.5, length: 4 }).unwrap());
}

#[test]
fn causal_softmax_hides_what_comes_later() {
    let y = values(&[1, 3, 3], 1.0).apply_op1(CausalSoftmax { scale: 1.0, length: 3 }).unwrap();
    let y: Vec<Vec<f32>> = y.squeeze(0).unwrap().to_vec2().unwrap();
    assert_eq!((y[0][0], y[0][1], y[0][2], y[1][2]), (1.0, 0.0, 0.0, 0.0));
}

#[test]
fn rms_norm_has_its_gradients() {
    let inputs = [values(&[5, 6], 2.0), values(&[6], 3.0)];
    check_gradient(&inputs, |x| x[0].apply_op2(&x[1], RmsNorm { eps: 1e-5 }).unwrap());
}

#[test]
fn rope_has_its_gradient() {
    let (cos, sin) = rotary::angles(&[1.0, 0.1], 0..3);
    let rope = Rope { cos: cos.into(), sin: sin.into(), length: 3 };
    check_gradient(&[values(&[1, 2, 3, 4], 1.0)], |x| x[0].apply_op1(rope.clone()).unwrap());
}

#[test]
fn swiglu_has_its_gradients() {
    check_gradient(&[values(&[3, 4], 1.0), values(&[3, 4], 9.0)], |x| x[0].apply_op2(&x[1], SwiGlu).unwrap());
}

#[test]
fn cross_entropy_has_its_gradient() {
    check_gradient(&[values(&[4, 5], 1.0)], |x| x[0].apply_op1(CrossEntropy::mean(vec![0, 3, 4, 4])).unwrap());
}

#[test]
fn a_frozen_layer_has_its_gradient() {
    let weight = values(&[3, 4], 5.0);
    check_gradient(&[values(&[2, 4], 1.0)], |x| FrozenLinear::apply(&x[0], &weight).unwrap());
}

#[test]
fn the_whole_model_has_its_gradients() {
    let config = Config {
        hidden_size: 8,
        intermediate_size: 8,
        vocab_size: 7,
        num_attention_heads: 2,
        num_key_value_heads: 1,
        ..tiny()
    };
    let vars: BTreeMap<String, Var> =
        weights(&config).into_iter().map(|(name, tensor)| (name, Var::from_tensor(&tensor).unwrap())).collect();
    let tensors = vars.iter().map(|(name, var)| (name.clone(), var.as_tensor().clone())).collect();
    let model = Model::from_named(config, &tensors).unwrap();
    let ids = learn::ids(vec![1, 4, 2, 6, 0, 3], 2).unwrap();
    let checked =
        ["model.layers.0.self_attn.q_proj.weight", "model.layers.1.mlp.down_proj.weight", "model.embed_tokens.weight"];
    let checked: Vec<Var> = checked.iter().map(|name| vars[*name].clone()).collect();
    check_gradient(&checked, |_| {
        let logits = model.learn_head(&model.learn(&ids, false).unwrap(), false).unwrap();
        logits.apply_op1(CrossEntropy::mean(vec![4, 2, 5, 0, 3, 1])).unwrap()
    });
}

#[test]
fn a_cached_decode_equals_one_pass() {
    let model = model(tiny());
    let tokens = tokens(40);
    let at_once = model.step_all(&mut [(&tokens, &mut Kv::new(model.config()))]).unwrap();
    let mut kv = Kv::new(model.config());
    let mut rows = vec![model.step_all(&mut [(&tokens[..17], &mut kv)]).unwrap()];
    for token in &tokens[17..] {
        rows.push(model.step(&mut [(&[*token], &mut kv)]).unwrap());
    }
    assert_eq!(kv.len(), 40);
    assert!(apart(&at_once, &Tensor::cat(&rows, 0).unwrap()) < 1e-4);
}

#[test]
fn a_graph_gives_what_inference_gives() {
    let model = model(tiny());
    let tokens = tokens(20);
    let inferred = model.step_all(&mut [(&tokens, &mut Kv::new(model.config()))]).unwrap();
    for frozen in [false, true] {
        let learnt = model.learn(&learn::ids(tokens.clone(), 1).unwrap(), frozen).unwrap();
        assert!(apart(&inferred, &model.learn_head(&learnt, frozen).unwrap()) < 1e-4);
    }
}

#[test]
fn a_batch_equals_its_members() {
    let model = model(tiny());
    let texts = [tokens(3), tokens(31)[10..].to_vec(), tokens(12)];
    let mut kvs: Vec<Kv> = texts.iter().map(|_| Kv::new(model.config())).collect();
    let mut parts: Vec<(&[u32], &mut Kv)> = texts.iter().map(Vec::as_slice).zip(&mut kvs).collect();
    let together = model.step(&mut parts).unwrap();
    for (row, text) in texts.iter().enumerate() {
        let alone = model.step(&mut [(text, &mut Kv::new(model.config()))]).unwrap();
        assert!(apart(&together.narrow(0, row, 1).unwrap(), &alone) < 1e-4);
    }
}

#[test]
fn a_prefix_goes_on_as_the_whole_did() {
    let model = model(tiny());
    let tokens = tokens(30);
    let mut whole = Kv::new(model.config());
    model.step(&mut [(&tokens[..29], &mut whole)]).unwrap();
    let mut prefix = whole.prefix(11).unwrap();
    let rest = model.step(&mut [(&tokens[11..], &mut prefix)]).unwrap();
    let last = model.step(&mut [(&tokens[29..], &mut whole)]).unwrap();
    assert!(apart(&rest, &last) < 1e-4);
    assert!(Kv::bytes_for(model.config(), 30) == whole.bytes());
}

#[test]
fn a_long_sequence_outgrows_its_first_block() {
    let model = model(tiny());
    let tokens = tokens(150);
    let mut kv = Kv::new(model.config());
    model.step(&mut [(&tokens[..120], &mut kv)]).unwrap();
    let grown = model.step(&mut [(&tokens[120..], &mut kv)]).unwrap();
    let at_once = model.step(&mut [(&tokens, &mut Kv::new(model.config()))]).unwrap();
    assert!(apart(&grown, &at_once) < 1e-4);
}

/// One layer, one head of two dimensions, and weights of which the answer follows on paper: the embedding of token `i` is
/// `e_i`, attention and feed-forward add nothing, so the logits are the normalized embedding times the embeddings.
#[test]
fn logits_are_what_the_formulas_say() {
    let config = Config {
        vocab_size: 3,
        hidden_size: 2,
        intermediate_size: 2,
        num_hidden_layers: 1,
        num_attention_heads: 1,
        num_key_value_heads: 1,
        ..tiny()
    };
    let mut weights: BTreeMap<String, Tensor> =
        random(&config, 1).unwrap().into_iter().map(|(name, t)| (name, t.zeros_like().unwrap())).collect();
    let set = |weights: &mut BTreeMap<String, Tensor>, name: &str, values: &[f32]| {
        let shape = weights[name].shape().clone();
        weights.insert(name.into(), Tensor::from_slice(values, shape, &Device::Cpu).unwrap());
    };
    set(&mut weights, "model.embed_tokens.weight", &[3.0, 4.0, 1.0, 0.0, 0.0, 2.0]);
    set(&mut weights, "model.norm.weight", &[1.0, 2.0]);
    set(&mut weights, "model.layers.0.input_layernorm.weight", &[1.0, 1.0]);
    let mut plain = weights.clone();
    let model = Model::from_named(config.clone(), &weights).unwrap();
    let logits: Vec<Vec<f32>> = model.step(&mut [(&[0], &mut Kv::new(&config))]).unwrap().to_vec2().unwrap();
    // The root of the mean square of (3, 4) is sqrt(12.5); times the weights (1, 2): (0.8485, 2.2627).
    for (logit, said) in logits[0].iter().zip([11.5966, 0.848_528, 4.525_483]) {
        assert!((logit - said).abs() < 1e-4, "{logit} {said}");
    }
    // With values let through, the second token sees the mean of both tokens' values, since all scores are zero.
    set(&mut plain, "model.layers.0.self_attn.v_proj.weight", &[1.0, 0.0, 0.0, 1.0]);
    set(&mut plain, "model.layers.0.self_attn.o_proj.weight", &[1.0, 0.0, 0.0, 1.0]);
    let model = Model::from_named(config.clone(), &plain).unwrap();
    let logits: Vec<Vec<f32>> = model.step(&mut [(&[0, 1], &mut Kv::new(&config))]).unwrap().to_vec2().unwrap();
    // (1, 0) + mean((0.848528, 1.131371), (1.414214, 0)) = (2.131371, 0.565685), normalized (1.366880, 0.362785).
    for (logit, said) in logits[0].iter().zip([7.002_92, 1.366_88, 1.451_14]) {
        assert!((logit - said).abs() < 1e-3, "{logit} {said}");
    }
}

/// The angle of the pair `i` at position `p` is `p * 10000^(-2i/d)`, and the pair is `(i, i + d/2)`.
#[test]
fn rotation_is_by_halves() {
    let config = tiny();
    let frequencies = rotary::frequencies(&config);
    assert_eq!(frequencies, [1.0, 0.01]);
    let (cos, sin) = rotary::angles(&frequencies, 2..3);
    let x = Tensor::new(&[[[[1f32, 0.0, 0.0, 1.0]]]], &Device::Cpu).unwrap();
    let y: Vec<f32> = x
        .apply_op1(Rope { cos: cos.into(), sin: sin.into(), length: 1 })
        .unwrap()
        .flatten_all()
        .unwrap()
        .to_vec1()
        .unwrap();
    let said = [2f32.cos(), -0.02f32.sin(), 2f32.sin(), 0.02f32.cos()];
    assert!(y.iter().zip(said).all(|(y, said)| (y - said).abs() < 1e-6), "{y:?}");
}

#[test]
fn weights_of_another_shape_are_refused() {
    let mut weights = weights(&tiny());
    weights.insert("model.norm.weight".into(), Tensor::zeros(15, candle_core::DType::F32, &Device::Cpu).unwrap());
    let error = Model::from_named(tiny(), &weights).err().unwrap();
    assert_eq!(error.exit_code(), 66);
}

fn config_error(changes: serde_json::Value) -> String {
    let mut json = tiny().to_json().unwrap();
    json.as_object_mut().unwrap().extend(changes.as_object().unwrap().clone());
    let error = Config::from_json(&json).unwrap_err();
    assert_eq!(error.exit_code(), 66);
    error.to_string()
}

#[test]
fn a_configuration_comes_back() {
    let config = Config { eos_token_id: vec![3, 4], head_dim: Some(8), ..tiny() };
    assert_eq!(Config::from_json(&config.to_json().unwrap()).unwrap(), config);
}

#[test]
fn a_configuration_that_cannot_be_built_is_refused() {
    assert!(config_error(serde_json::json!({"num_key_value_heads": 3})).contains("multiple of num_key_value_heads"));
    assert!(config_error(serde_json::json!({"hidden_size": 1_000_000_000_000u64})).contains("hidden_size"));
    assert!(config_error(serde_json::json!({"num_hidden_layers": -1})).contains("does not describe"));
    assert!(config_error(serde_json::json!({"rms_norm_eps": 0.0})).contains("rms_norm_eps"));
    assert!(config_error(serde_json::json!({"model_type": "gemma3"})).contains("gemma3"));
    assert!(config_error(serde_json::json!({"attention_bias": true})).contains("attention_bias"));
    assert!(config_error(serde_json::json!({"rope_scaling": {"rope_type": "yarn"}})).contains("yarn"));
    assert!(config_error(serde_json::json!({"eos_token_id": [1, 48]})).contains("token 48"));
}

#[test]
fn the_number_of_parameters_is_that_of_the_layout() {
    let config = Config { tie_word_embeddings: false, ..tiny() };
    let counted: usize = layout(&config).iter().map(|(_, shape)| shape.iter().product::<usize>()).sum();
    assert_eq!(config.parameters(), counted as u64);
}
