//! Trains a byte-level BPE tokenizer.

use tokenizers::models::TrainerWrapper;
use tokenizers::models::bpe::{BPE, BpeTrainer};
use tokenizers::pre_tokenizers::byte_level::ByteLevel;
use tokenizers::{AddedToken, Tokenizer};

use crate::error::{Error, Result};
use crate::files::Text;

/// Between texts, and to pad.
pub(crate) const END_OF_TEXT: &str = "<|endoftext|>";
/// Before a message.
const MESSAGE_START: &str = "<|im_start|>";
/// After a message.
pub(crate) const MESSAGE_END: &str = "<|im_end|>";
/// The ChatML template.
pub(crate) const TEMPLATE: &str = "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] \
+ '<|im_end|>' + '\\n' }}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
/// The 256 bytes and the markers.
pub(crate) const FEWEST_TOKENS: usize = 259;
/// The largest vocabulary that is trained here.
pub(crate) const MOST_TOKENS: usize = 262_144;

/// A tokenizer of at most `vocabulary` tokens whose merges are those that `texts` use most. Every byte is a token, so that
/// any text can be encoded; the chat markers are special tokens, which no text of a user can spell.
pub(crate) fn train<S: AsRef<str> + Send + Sync>(texts: &[S], vocabulary: usize) -> Result<Text> {
    if !(FEWEST_TOKENS..=MOST_TOKENS).contains(&vocabulary) {
        return Err(Error::usage(format!(
            "the vocabulary must be from {FEWEST_TOKENS} to {MOST_TOKENS}, not {vocabulary}"
        )));
    }
    let special = [END_OF_TEXT, MESSAGE_START, MESSAGE_END].map(|text| AddedToken::from(text, true));
    let mut trainer: TrainerWrapper = BpeTrainer::builder()
        .vocab_size(vocabulary)
        .min_frequency(2)
        .show_progress(false)
        .special_tokens(special.to_vec())
        .initial_alphabet(ByteLevel::alphabet().into_iter().collect())
        .build()
        .into();
    let bytes = ByteLevel::new(false, true, true);
    let mut tokenizer = Tokenizer::new(BPE::default());
    tokenizer.with_pre_tokenizer(Some(bytes));
    tokenizer.with_decoder(Some(bytes));
    let trained = tokenizer.train(&mut trainer, texts.iter().map(AsRef::as_ref));
    trained.map_err(|error| Error::bad_data(format!("no tokenizer can be trained of this text: {error}")))?;
    let json = tokenizer.to_string(false).map_err(Error::internal)?.into_bytes();
    Ok(with_markers(tokenizer, json))
}

/// A tokenizer that [`train`] made, from its JSON.
pub(crate) fn restore(json: &[u8]) -> Result<Text> {
    let tokenizer = Tokenizer::from_bytes(json).map_err(Error::bad_model)?;
    Ok(with_markers(tokenizer, json.to_vec()))
}

fn with_markers(tokenizer: Tokenizer, json: Vec<u8>) -> Text {
    let ends = [END_OF_TEXT, MESSAGE_END].iter().filter_map(|text| tokenizer.token_to_id(text)).collect();
    Text {
        tokenizer,
        json,
        template: Some(TEMPLATE.to_string()),
        bos: String::new(),
        eos: MESSAGE_END.to_string(),
        ends,
    }
}
