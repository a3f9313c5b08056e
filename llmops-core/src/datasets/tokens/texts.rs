//! The texts of a row whose tokens are counted.

use serde_json::Value;

use super::super::contamination::Columns;
use super::super::format::{Cell, Row};
use super::super::walk::Slots;
use super::super::{ColumnType, Dataset, conversation, roles};
use super::counter::{Count, Counter};
use crate::base::Result;

/// The columns whose tokens are counted when nobody names any: those that hold text, and the one with conversations.
pub(in super::super) fn text_columns(dataset: &Dataset) -> Vec<String> {
    let resolved = roles::resolve(dataset.dataset_type, &dataset.columns, &dataset.schema).unwrap_or_default();
    let is_text = |kind: ColumnType| matches!(kind, ColumnType::Text | ColumnType::Mixed);
    let counted = dataset
        .schema
        .iter()
        .filter(|column| is_text(column.column_type) || resolved.messages.as_ref() == Some(&column.name));
    counted.map(|column| column.name.clone()).collect()
}

/// Counts the tokens of rows, column by column.
pub(in super::super) struct Rows {
    counter: Counter,
    columns: Columns,
    slots: Slots,
}

impl Rows {
    pub(in super::super) fn new(counter: Counter, columns: Columns) -> Self {
        Self { counter, columns, slots: Slots::default() }
    }

    /// What became of each column of a row, in their order; `None` where a row holds no text.
    pub(in super::super) fn count(&mut self, row: &Row, places: &[usize]) -> Result<Vec<Option<Count>>> {
        self.slots.set(places);
        let Self { counter, columns, slots } = self;
        let cells = columns.named.iter().map(|(_, place)| (slots.cell(row, *place), columns.chat == Some(*place)));
        cells.map(|(cell, chat)| cell.map_or(Ok(None), |cell| of_cell(counter, cell, chat))).collect()
    }

    pub(in super::super) fn columns(&self) -> &Columns {
        &self.columns
    }
}

fn of_cell(counter: &mut Counter, cell: &Cell, chat: bool) -> Result<Option<Count>> {
    if cell.kind().is_none() {
        return Ok(None);
    }
    if !chat {
        return cell.text().map(|text| counter.count(&text)).transpose();
    }
    let messages = match conversation::of(cell) {
        Ok(messages) => messages,
        Err(why) => return Ok(Some(Count::Not(why))),
    };
    if conversation::beyond_text(&messages).is_some() {
        return Ok(Some(Count::Not("the conversation has parts that are no text".into())));
    }
    let mut texts: Vec<String> = Vec::new();
    for message in messages.as_array().into_iter().flatten().filter_map(Value::as_object) {
        conversation::texts(message, &mut |text| texts.push(text.to_owned()));
    }
    let mut total: u64 = 0;
    for text in texts {
        match counter.count(&text)? {
            Count::Tokens(tokens) => total += tokens,
            not => return Ok(Some(not)),
        }
    }
    Ok(Some(Count::Tokens(total)))
}

/// The longest text a model takes, in tokens, if its files state it: `config.json` (also within the part of a model that
/// reads more than text), else `tokenizer_config.json`, where a number beyond all means that none is stated.
pub(in super::super) fn context_length(config: Option<&Value>, settings: Option<&Value>) -> Option<u64> {
    let in_config = ["/max_position_embeddings", "/n_positions", "/text_config/max_position_embeddings"];
    let stated = config.and_then(|config| in_config.iter().find_map(|at| config.pointer(at).and_then(Value::as_u64)));
    let stated = stated.or_else(|| settings?.get("model_max_length").and_then(Value::as_u64));
    stated.filter(|tokens| (1..=LONGEST_CONTEXT).contains(tokens))
}

/// No model reads more than a thousand million tokens.
const LONGEST_CONTEXT: u64 = 1_000_000_000;
