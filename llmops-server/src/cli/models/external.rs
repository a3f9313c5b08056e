//! What is said of a model that somebody else runs.

use std::path::PathBuf;

use clap::Args;
use llmops_core::base::Result;
use serde_json::{Map, Value};

use super::super::secret;

/// Who runs an external model, and how he is asked.
#[derive(Debug, Args)]
#[command(next_help_heading = "External models")]
pub(super) struct External {
    /// Who runs it: openai, openai-compatible, ollama, anthropic, gemini, azure-openai or bedrock.
    #[arg(long)]
    provider: Option<String>,
    /// Its name there.
    #[arg(long)]
    model_name: Option<String>,
    /// Where the provider answers, if that does not go without saying.
    #[arg(long)]
    base_url: Option<String>,
    /// The file with the key that is needed there; `-` is standard input. The key is sealed and shown to nobody.
    #[arg(long, value_name = "FILE")]
    api_key_file: Option<PathBuf>,
}

impl External {
    /// The card with what was said.
    pub(super) fn add_to(self, mut card: Map<String, Value>) -> Result<Map<String, Value>> {
        let given = [("provider", self.provider), ("modelName", self.model_name), ("baseUrl", self.base_url)];
        for (key, value) in given {
            if let Some(value) = value {
                card.insert(key.into(), value.into());
            }
        }
        if let Some(file) = self.api_key_file {
            card.insert("apiKey".into(), secret::read(&file)?.expose().into());
        }
        Ok(card)
    }
}
