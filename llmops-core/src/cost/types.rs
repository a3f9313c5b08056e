//! What callers send and get.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CostResource, CostUsage};
use crate::base::{Id, Money, Timestamp, id_type};

id_type! {
    /// The id of a charge in the ledger.
    CostEntryId
}

/// What charges are added up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CostGrouping {
    /// The name of the model at work.
    Model,
    /// The project that pays.
    Project,
    /// The day in UTC.
    Day,
    /// Who caused it.
    User,
}

/// Asks for sums of charges.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetCostAggregate {
    /// What to add up by.
    pub group_by: CostGrouping,
    /// The first instant or day (`2026-11-24`, in UTC) that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 40))]
    pub start_date: Option<String>,
    /// The instant before which charges count, or the last day that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 40))]
    pub end_date: Option<String>,
    /// Only charges for this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<CostResource>,
}

/// Charges added up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostAggregate {
    /// What they are added up by.
    pub group_by: CostGrouping,
    /// The groups by key, 1,000 at most; days the newest first.
    pub groups: Vec<CostGroup>,
    /// All charges together, also those of groups that are not shown.
    pub total: CostSums,
    /// Whether there are more groups than are shown.
    pub truncated: bool,
}

/// The charges of one group.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostGroup {
    /// The model's name, the project, the day or the user; absent for charges without a model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Their sums.
    pub sums: CostSums,
}

/// Sums over charges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostSums {
    /// Tokens of prompts that had to be computed.
    pub input_tokens: u64,
    /// Tokens of prompts that were in a cache.
    pub cached_input_tokens: u64,
    /// Tokens that models wrote.
    pub output_tokens: u64,
    /// CPU time in seconds.
    pub cpu_seconds: f64,
    /// What the priced charges cost, one amount for each currency.
    pub amounts: Vec<Money>,
    /// Charges.
    pub count: u64,
    /// Charges among them whose price is not known, so that they are in no amount.
    pub unpriced: u64,
}

/// Asks for charges.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListCostEntries {
    /// Only charges for this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<CostResource>,
    /// Only charges for the job, request, evaluation or endpoint of this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub resource_id: Option<String>,
    /// Only charges of this model version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<Id>,
    /// Only charges of models of this name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 256))]
    pub model: Option<String>,
    /// Only what this user caused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 128))]
    pub user: Option<String>,
    /// The first instant or day (`2026-11-24`, in UTC) that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 40))]
    pub start_date: Option<String>,
    /// The instant before which charges count, or the last day that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 40))]
    pub end_date: Option<String>,
    /// The most charges of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}

/// One charge.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostEntry {
    /// Its id.
    pub id: CostEntryId,
    /// For what.
    pub resource_type: CostResource,
    /// Its id.
    pub resource_id: String,
    /// The model version at work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model_id: Option<Id>,
    /// Its name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// Who caused it.
    pub user: String,
    /// Who pays.
    pub project: String,
    /// How much was used; kinds of which nothing was used are absent.
    pub usage: BTreeMap<CostUsage, u64>,
    /// The version of the prices it was reckoned with.
    pub price_version: String,
    /// What it costs; absent when a price is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// When.
    pub at: Timestamp,
}

/// Asks for the prices.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListCostPrices {}

/// The prices of this platform.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostPriceList {
    /// Prices by the time from which they hold, the newest first.
    pub versions: Vec<CostPriceVersion>,
}

/// The prices of one time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct CostPriceVersion {
    /// What charges call it.
    pub version: String,
    /// From when it holds.
    pub since: Timestamp,
    /// Whether it holds now.
    pub in_force: bool,
    /// The price of an hour of CPU time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu_hour: Option<Money>,
    /// The prices of a million tokens by kind, by the name of the model; `*` stands for any other model.
    pub models: BTreeMap<String, BTreeMap<CostUsage, Money>>,
}
