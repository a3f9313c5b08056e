//! The metrics in words.

use serde::Serialize;
use serde_json::{Map, Value};

use super::metric::{BleuOptions, ChrfOptions, METRICS, RougeOptions, metric, parse};
use super::{EvaluationMetric, EvaluationMetrics};
use crate::base::Result;

/// Every metric that can be computed.
pub(super) fn describe() -> Result<EvaluationMetrics> {
    let items = METRICS.iter().map(|name| {
        let capability = metric(name, &Map::new())?.capability();
        Ok(EvaluationMetric {
            name: (*name).to_owned(),
            description: words(name).to_owned(),
            needs: capability.needs,
            higher_is_better: capability.higher_is_better,
            highest: capability.highest,
            options: settled(name, &Map::new())?.1,
        })
    });
    Ok(EvaluationMetrics { items: items.collect::<Result<_>>()? })
}

fn words(name: &str) -> &'static str {
    match name {
        "exact_match" => "The share of answers that equal a reference, after SQuAD's normalisation.",
        "token_f1" => "The overlap of words with the best reference, as in SQuAD.",
        "bleu" => "N-gram precision over the whole corpus with a brevity penalty, as sacrebleu computes it.",
        "chrf" => "F-score of character n-grams, as sacrebleu computes it.",
        "rouge1" => "Overlap of words as F-measure, as rouge-score computes it.",
        "rouge2" => "Overlap of word pairs as F-measure, as rouge-score computes it.",
        "rougeL" => "Longest common subsequence as F-measure, as rouge-score computes it.",
        "rougeLsum" => "Longest common subsequence over the sentences of a summary, as rouge-score computes it.",
        "perplexity" => "Between how many tokens the model hesitates on average; depends on its tokenizer.",
        "bits_per_byte" => "How many bits the model needs for a byte of the reference, or of the text.",
        "latency" => "How long an answer takes, in milliseconds.",
        _ => "",
    }
}

/// A metric's own name and all its options, those that are not given as they are by default: two that are settled alike
/// compute alike.
pub(super) fn settled(name: &str, options: &Map<String, Value>) -> Result<(String, Map<String, Value>)> {
    let name = metric(name, options)?.name().to_owned();
    let options = match name.as_str() {
        "bleu" => encoded(&parse::<BleuOptions>(options)?)?,
        "chrf" => encoded(&parse::<ChrfOptions>(options)?)?,
        "rouge1" | "rouge2" | "rougeL" | "rougeLsum" => encoded(&parse::<RougeOptions>(options)?)?,
        _ => Map::new(),
    };
    Ok((name, options))
}

fn encoded(options: &impl Serialize) -> Result<Map<String, Value>> {
    Ok(match crate::op::encode(options)? {
        Value::Object(options) => options,
        _ => Map::new(),
    })
}
