//! Money as integers: nano-units of a currency, so that sums are exact.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An amount in billionths of a currency unit, with its decimal rendering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Money {
    /// Billionths of the unit: 1,500,000,000 is 1.5.
    pub nanos: i64,
    /// The same as a decimal number in text, as `0.000012`.
    pub amount: String,
    /// ISO 4217, as `USD`.
    pub currency: String,
}

impl Money {
    /// This many billionths of a unit of `currency`.
    pub fn from_nanos(nanos: i64, currency: &str) -> Self {
        Self { nanos, amount: decimal(nanos), currency: currency.to_owned() }
    }
}

fn decimal(nanos: i64) -> String {
    let sign = if nanos < 0 { "-" } else { "" };
    let magnitude = nanos.unsigned_abs();
    let (units, rest) = (magnitude / 1_000_000_000, magnitude % 1_000_000_000);
    let digits = format!("{rest:09}");
    let fraction = digits.trim_end_matches('0');
    if fraction.is_empty() { format!("{sign}{units}") } else { format!("{sign}{units}.{fraction}") }
}
