//! What columns hold.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ColumnType, DatasetId};

/// Asks for the statistics of a dataset.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetDatasetStatistics {
    /// Of which dataset.
    pub dataset_id: DatasetId,
}

/// What a dataset holds, column by column.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DatasetStatistics {
    /// The digest of the bytes they are about.
    pub digest: String,
    /// Rows.
    pub rows: u64,
    /// Column by column.
    pub columns: Vec<ColumnStatistics>,
}

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ColumnStatistics {
    /// Its name.
    pub name: String,
    /// What its values are.
    #[serde(rename = "type")]
    pub column_type: ColumnType,
    /// Rows that hold a value.
    pub count: u64,
    /// Rows that hold none.
    pub nulls: u64,
    /// Different values.
    pub distinct: u64,
    /// Whether `distinct` is exact; else it is an estimate by HyperLogLog.
    pub distinct_exact: bool,
    /// Of an estimate: its standard error as a share of `distinct`, 1.04 / sqrt(m) with m = 16,384 registers, which is 0.0081
    /// (Flajolet, Fusy, Gandouet and Meunier 2007). Two of three estimates are off by less, 95 of 100 by less than twice as
    /// much. Absent from what an earlier release counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distinct_error: Option<f64>,
    /// The most frequent values, at most ten.
    pub top_values: Vec<TopValue>,
    /// Whether `topValues` are exact; else a value may be missing or counted too low.
    pub top_values_exact: bool,
    /// Of the values, when they are numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numbers: Option<ValueDistribution>,
    /// Of the lengths in characters, when the values are text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lengths: Option<ValueDistribution>,
}

/// A frequent value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TopValue {
    /// The value, cut after 200 characters.
    pub value: String,
    /// How often.
    pub count: u64,
}

/// How numbers are spread.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValueDistribution {
    /// The smallest.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// The mean.
    pub mean: f64,
    /// The standard deviation of the population.
    pub std_dev: f64,
    /// The values below which 5, 25, 50, 75 and 95 of 100 lie; of counts of tokens 50, 90, 95 and 99.
    pub quantiles: Vec<ValueQuantile>,
    /// Bars of equal width from the smallest to the largest, at most 20. Their counts add up to all values; from what an earlier
    /// release sampled, to those that it drew.
    pub histogram: Vec<HistogramBar>,
    /// Of the values in the bars, those that lie far out: more than three quartile ranges beyond the quartiles. Of lengths
    /// by their logarithms.
    #[serde(default)]
    pub outliers: u64,
    /// Whether quantiles, bars and `outliers` are estimates: of a sketch (Karnin, Lang and Liberty 2016) that stands for all values.
    /// They are exact up to 10,000 values, fewer beyond 100 columns; of counts of tokens up to 100,000, fewer from 10 columns on.
    pub sampled: bool,
    /// Of an estimate: how far a quantile may be from its place, as a share of all values, with a certainty of 99 in 100 (by
    /// Hoeffding 1963, of what the sketch did). Of a million values 0.0008, where 10,000 are exact.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rank_error: Option<f64>,
}

/// One quantile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct ValueQuantile {
    /// 0 to 1.
    pub q: f64,
    /// The value, interpolated between its neighbours.
    pub value: f64,
}

/// One bar of a histogram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct HistogramBar {
    /// Where it begins.
    pub from: f64,
    /// Where it ends; the last bar holds its end.
    pub to: f64,
    /// How many values.
    pub count: u64,
}
