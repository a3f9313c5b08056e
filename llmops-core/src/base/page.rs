//! Pages of a list: a limit and an opaque cursor, never an offset.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Error, Limits, Result};

/// One page of a list.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "{T}Page")]
pub struct Page<T> {
    /// What is on this page, in the order asked for.
    pub items: Vec<T>,
    /// How to go on.
    pub page: PageInfo,
}

/// Where a page ends.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    /// Give it as `cursor` for the next page; absent on the last one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next_cursor: Option<String>,
    /// The most items this page could hold.
    pub limit: u32,
    /// How many there are in all, when `includeTotal` asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub total: Option<u64>,
}

/// Which page is asked for. Flattening is avoided (it defeats the refusal of unknown fields), so requests carry
/// `limit` and `cursor` themselves and build this from them.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// The most items of the page.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<String>,
}

impl PageRequest {
    /// Checks the limit: 1 to 1000, 50 when absent.
    pub fn new(limit: Option<u32>, cursor: Option<String>) -> Result<Self> {
        let limit = limit.unwrap_or(Limits::PAGE_DEFAULT);
        if !(1..=Limits::PAGE).contains(&limit) {
            return Err(Error::invalid("limit", "must be between 1 and 1000").hint("leave it out for 50"));
        }
        Ok(Self { limit, cursor })
    }
}
