//! Families of models, and the architectures that each has.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use super::{FamilyPurpose, ModelFamily};
use crate::base::{Error, Result};

/// The file that says how a model is built.
pub(super) const CONFIG: &str = "config.json";

/// A family that everybody knows.
struct Known {
    name: &'static str,
    purpose: FamilyPurpose,
    /// Whether the runtime that comes with the platform trains and runs it.
    own: bool,
    /// The names that `config.json` has for its architectures.
    architectures: &'static [&'static str],
}

const KNOWN: [Known; 7] = [
    Known {
        name: "bert",
        purpose: FamilyPurpose::Embed,
        own: false,
        architectures: &[
            "BertModel",
            "BertForMaskedLM",
            "BertForPreTraining",
            "BertForSequenceClassification",
            "BertForTokenClassification",
            "DistilBertModel",
            "DistilBertForMaskedLM",
            "ModernBertModel",
            "ModernBertForMaskedLM",
            "NomicBertModel",
            "RobertaModel",
            "RobertaForMaskedLM",
            "XLMRobertaModel",
            "XLMRobertaForMaskedLM",
        ],
    },
    Known {
        name: "gemma",
        purpose: FamilyPurpose::Generate,
        own: false,
        architectures: &[
            "GemmaForCausalLM",
            "Gemma2ForCausalLM",
            "Gemma3ForCausalLM",
            "Gemma3ForConditionalGeneration",
            "Gemma3nForConditionalGeneration",
        ],
    },
    Known {
        name: "gpt2",
        purpose: FamilyPurpose::Generate,
        own: false,
        architectures: &["GPT2LMHeadModel", "GPT2Model"],
    },
    Known {
        name: "llama",
        purpose: FamilyPurpose::Generate,
        own: true,
        architectures: &["LlamaForCausalLM", "LLaMAForCausalLM", "Llama4ForCausalLM", "Llama4ForConditionalGeneration"],
    },
    Known {
        name: "mistral",
        purpose: FamilyPurpose::Generate,
        own: true,
        architectures: &["MistralForCausalLM", "MixtralForCausalLM", "Mistral3ForConditionalGeneration"],
    },
    Known {
        name: "phi",
        purpose: FamilyPurpose::Generate,
        own: false,
        architectures: &[
            "PhiForCausalLM",
            "Phi3ForCausalLM",
            "Phi3SmallForCausalLM",
            "Phi3VForCausalLM",
            "PhiMoEForCausalLM",
        ],
    },
    Known {
        name: "qwen",
        purpose: FamilyPurpose::Generate,
        own: false,
        architectures: &[
            "QWenLMHeadModel",
            "Qwen2ForCausalLM",
            "Qwen2MoeForCausalLM",
            "Qwen2VLForConditionalGeneration",
            "Qwen2_5_VLForConditionalGeneration",
            "Qwen3ForCausalLM",
            "Qwen3MoeForCausalLM",
            "Qwen3NextForCausalLM",
        ],
    },
];

/// The families that the runtime which comes with the platform trains and runs.
pub(crate) fn own_families() -> impl Iterator<Item = &'static str> {
    KNOWN.iter().filter(|known| known.own).map(|known| known.name)
}

/// The families that models may be of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Families(BTreeMap<String, Vec<String>>);

impl Default for Families {
    fn default() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self(KNOWN.iter().map(|known| (known.name.to_owned(), owned(known.architectures))).collect())
    }
}

impl Families {
    /// Each of them, by name, and what is known of it.
    pub(super) fn told(&self) -> Vec<ModelFamily> {
        let told = |(name, architectures): (&String, &Vec<String>)| {
            let known = KNOWN.iter().find(|known| known.name == name);
            let own = known.is_some_and(|known| known.own);
            ModelFamily {
                name: name.clone(),
                architectures: architectures.clone(),
                purpose: known.map(|known| known.purpose),
                trainable: own,
                servable: own,
            }
        };
        self.0.iter().map(told).collect()
    }

    /// Refuses a family that is not on the list.
    pub(super) fn check(&self, family: &str) -> Result<()> {
        if self.0.contains_key(family) {
            return Ok(());
        }
        let known: Vec<&str> = self.0.keys().map(String::as_str).collect();
        Err(Error::invalid("modelFamily", format!("must be one of {}", known.join(", ")))
            .hint("choose the nearest architecture, or let an administrator add the family with `model_families`"))
    }

    /// Refuses architectures of which none is the family's. Files that name none say nothing.
    pub(super) fn check_architectures(&self, family: &str, named: &[String]) -> Result<()> {
        let own = self.0.get(family).map(Vec::as_slice).unwrap_or_default();
        if named.is_empty() || named.iter().any(|name| own.contains(name)) {
            return Ok(());
        }
        let other = self.of(named).map_or_else(String::new, |other| format!(" It is of the family `{other}`."));
        let rule = format!(
            "names the architecture {}, and the family `{family}` has {}.{other}",
            named.join(", "),
            own.join(", ")
        );
        Err(Error::invalid("config.json", rule.trim_end_matches('.')).code("architecture_mismatch").hint(
            "set `modelFamily` to that of the architecture with `update_model`, or send the model's own config.json",
        ))
    }

    /// The family of an architecture.
    pub(super) fn of(&self, named: &[String]) -> Option<&str> {
        self.0.iter().find(|(_, own)| named.iter().any(|name| own.contains(name))).map(|(family, _)| family.as_str())
    }
}

/// JSON, as `{"mamba": ["MambaForCausalLM"]}`: families beside those that everybody knows, or in their place.
impl FromStr for Families {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let given: BTreeMap<String, Vec<String>> = serde_json::from_str(text).map_err(|e| {
            Error::invalid("model_families", format!("must be JSON: families, each with a list of architectures: {e}"))
                .hint(r#"for example {"mamba": ["MambaForCausalLM"]}"#)
        })?;
        let mut all = Self::default();
        all.0.extend(given);
        Ok(all)
    }
}

impl fmt::Display for Families {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.keys().map(String::as_str).collect::<Vec<_>>().join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn an_architecture_belongs_to_its_family() {
        let families = Families::default();
        families.check_architectures("llama", &names(&["LlamaForCausalLM"])).unwrap();
        families.check_architectures("llama", &[]).unwrap();
        let error = families.check_architectures("llama", &names(&["Qwen3ForCausalLM"])).unwrap_err();
        assert_eq!((error.stable_code(), error.field_name()), ("architecture_mismatch", Some("config.json")));
        assert!(
            error.message().contains("It is of the family `qwen`") && error.message().contains("LlamaForCausalLM"),
            "{error}"
        );
        let unknown = families.check_architectures("llama", &names(&["MambaForCausalLM"])).unwrap_err();
        assert!(!unknown.message().contains("It is of"), "{unknown}");
    }

    #[test]
    fn no_architecture_is_of_two_families() {
        let mut all: Vec<&str> = KNOWN.iter().flat_map(|known| known.architectures.iter().copied()).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }

    #[test]
    fn families_are_added_and_replaced() {
        let families: Families = r#"{"mamba": ["MambaForCausalLM"], "llama": ["MyLlama"]}"#.parse().unwrap();
        let told = families.told();
        let of = |name: &str| told.iter().find(|family| family.name == name).unwrap().clone();
        assert_eq!((told.len(), of("llama").architectures, of("llama").trainable), (8, names(&["MyLlama"]), true));
        assert_eq!((of("bert").purpose, of("bert").servable), (Some(FamilyPurpose::Embed), false));
        assert_eq!((of("mamba").purpose, of("mamba").trainable), (None, false));
        families.check("mamba").unwrap();
        families.check_architectures("llama", &names(&["MyLlama"])).unwrap();
        assert!(families.check_architectures("llama", &names(&["LlamaForCausalLM"])).is_err());
        families.check("qwen").unwrap();
        assert_eq!(families.check("other").unwrap_err().field_name(), Some("modelFamily"));
        for bad in ["", "[]", r#"{"a": "b"}"#] {
            assert!(bad.parse::<Families>().is_err(), "{bad}");
        }
    }
}
