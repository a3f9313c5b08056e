//! Prices by time and the arithmetic of charges. Amounts are integers in billionths of a unit, so that sums are exact.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::{CostPriceList, CostPriceVersion, CostUsage};
use crate::base::{Error, Money, Result, Timestamp};

/// Tokens that a token price is for.
const TOKENS: i128 = 1_000_000;
/// Milliseconds that the price of a CPU hour is for.
const HOUR_MILLIS: i128 = 3_600_000;
/// A denominator common to both.
const COMMON: i128 = 18_000_000;
/// The highest price there may be, in whole units.
const HIGHEST: i64 = 1_000_000;

/// The prices of a platform: versions by the time from which they hold.
///
/// The default is version `local-1`: 0.04 USD for an hour of CPU time, about what a rented core costs, and nothing for the
/// tokens of any model, because the CPU time of the process that serves it is charged already. Who reaches models
/// elsewhere sets their token prices by name.
///
/// ```
/// # use std::collections::BTreeMap;
/// # use llmops_core::{base::Timestamp, cost::{CostUsage, PriceTable}};
/// let table = PriceTable::default();
/// let hour = BTreeMap::from([(CostUsage::CpuMillis, 3_600_000)]);
/// let priced = table.price(&hour, None, Timestamp::from_micros(0));
/// assert_eq!(priced.amount.map(|money| money.amount).as_deref(), Some("0.04"));
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PriceTable {
    versions: Vec<PriceVersion>,
}

/// The prices that hold from an instant until the next version's.
#[derive(Debug, Clone, PartialEq)]
pub struct PriceVersion {
    /// What charges call it.
    pub version: String,
    /// From when it holds.
    pub since: Timestamp,
    /// ISO 4217, as `USD`.
    pub currency: String,
    /// An hour of CPU time, in billionths.
    pub cpu_hour: Option<i64>,
    /// A million tokens by kind, in billionths, by the name of the model; `*` stands for any other.
    pub models: BTreeMap<String, BTreeMap<CostUsage, i64>>,
}

/// What some use costs.
#[derive(Debug, Clone, PartialEq)]
pub struct Priced {
    /// The amount; nothing when a price is not known.
    pub amount: Option<Money>,
    /// The version of the prices; empty when none held yet.
    pub version: String,
    /// Its currency.
    pub currency: String,
}

impl Default for PriceTable {
    fn default() -> Self {
        let kinds = [CostUsage::InputTokens, CostUsage::CachedInputTokens, CostUsage::OutputTokens];
        let free = kinds.into_iter().map(|kind| (kind, 0)).collect();
        let local = PriceVersion {
            version: "local-1".into(),
            since: Timestamp::from_micros(0),
            currency: "USD".into(),
            cpu_hour: Some(40_000_000),
            models: BTreeMap::from([("*".to_owned(), free)]),
        };
        Self { versions: vec![local] }
    }
}

impl PriceTable {
    /// A table of these versions, in any order.
    ///
    /// # Errors
    /// `invalid` when there is none, or two have one name or one beginning.
    pub fn new(mut versions: Vec<PriceVersion>) -> Result<Self> {
        versions.sort_by_key(|version| version.since);
        if versions.is_empty() {
            return Err(Error::invalid("prices", "must hold at least one version"));
        }
        let mut names: Vec<&str> = versions.iter().map(|version| version.version.as_str()).collect();
        names.sort_unstable();
        let twice = names.windows(2).any(|pair| pair[0] == pair[1]);
        if twice || versions.windows(2).any(|pair| pair[0].since == pair[1].since) {
            return Err(Error::invalid("prices", "must not hold two versions of one name or one beginning"));
        }
        Ok(Self { versions })
    }

    /// Its versions, the oldest first.
    pub fn versions(&self) -> &[PriceVersion] {
        &self.versions
    }

    /// Reads a table from its settings: one version, or `{"versions": [..]}`, each
    /// `{"version", "since"?, "currency"?, "cpuHour"?, "models"?: {NAME: {"input"?, "cachedInput"?, "output"?}}}`.
    ///
    /// Prices are decimal numbers, as text or not, of an hour of CPU time and of a million tokens. The model `*` is any
    /// other. What has no price is unknown, not free.
    ///
    /// # Errors
    /// `invalid`, naming the field.
    pub fn parse(settings: &Value) -> Result<Self> {
        let listed = settings.get("versions").is_some();
        let versions = if listed { read::<Listed>(settings)?.versions } else { vec![read::<Version>(settings)?] };
        Self::new(versions.into_iter().map(Version::build).collect::<Result<_>>()?)
    }

    /// What this use costs at an instant. Use of nothing needs no price.
    pub fn price(&self, usage: &BTreeMap<CostUsage, u64>, model: Option<&str>, at: Timestamp) -> Priced {
        let Some(version) = self.at(at) else {
            return Priced { amount: None, version: String::new(), currency: String::new() };
        };
        let amount = version.cost(usage, model).map(|nanos| Money::from_nanos(nanos, &version.currency));
        Priced { amount, version: version.version.clone(), currency: version.currency.clone() }
    }

    /// The table for people, the newest version first.
    pub fn show(&self, now: Timestamp) -> CostPriceList {
        let in_force = self.at(now).map(|version| version.since);
        let versions = self.versions.iter().rev().map(|version| version.show(in_force == Some(version.since)));
        CostPriceList { versions: versions.collect() }
    }

    fn at(&self, at: Timestamp) -> Option<&PriceVersion> {
        self.versions.iter().rev().find(|version| version.since <= at)
    }
}

impl PriceVersion {
    /// Rounded once, half up, over all kinds together.
    fn cost(&self, usage: &BTreeMap<CostUsage, u64>, model: Option<&str>) -> Option<i64> {
        let mut sum = 0_i128;
        for (kind, quantity) in usage.iter().filter(|(_, quantity)| **quantity > 0) {
            let (price, per) = match kind {
                CostUsage::CpuMillis => (self.cpu_hour?, HOUR_MILLIS),
                tokens => (self.token_price(*tokens, model)?, TOKENS),
            };
            let scaled = i128::from(price) * (COMMON / per);
            sum = sum.saturating_add(i128::from(*quantity).saturating_mul(scaled));
        }
        let rounded = sum.saturating_add(COMMON / 2) / COMMON;
        Some(i64::try_from(rounded).unwrap_or(i64::MAX))
    }

    fn token_price(&self, kind: CostUsage, model: Option<&str>) -> Option<i64> {
        let named = model.and_then(|name| self.models.get(name));
        named.or_else(|| self.models.get("*"))?.get(&kind).copied()
    }

    fn show(&self, in_force: bool) -> CostPriceVersion {
        let money = |nanos: &i64| Money::from_nanos(*nanos, &self.currency);
        let models = self.models.iter().map(|(name, prices)| {
            let prices = prices.iter().map(|(kind, nanos)| (*kind, money(nanos)));
            (name.clone(), prices.collect())
        });
        CostPriceVersion {
            version: self.version.clone(),
            since: self.since,
            in_force,
            cpu_hour: self.cpu_hour.as_ref().map(money),
            models: models.collect(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Listed {
    versions: Vec<Version>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Version {
    version: String,
    since: Option<String>,
    currency: Option<String>,
    #[serde(alias = "cpu_hour")]
    cpu_hour: Option<Value>,
    #[serde(default)]
    models: BTreeMap<String, TokenPrices>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenPrices {
    input: Option<Value>,
    #[serde(alias = "cached_input")]
    cached_input: Option<Value>,
    output: Option<Value>,
}

impl Version {
    fn build(self) -> Result<PriceVersion> {
        if self.version.is_empty() || self.version.chars().count() > 64 {
            return Err(Error::invalid("prices.version", "must have 1 to 64 characters"));
        }
        let currency = self.currency.unwrap_or_else(|| "USD".into());
        if currency.len() != 3 || !currency.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(Error::invalid("prices.currency", "must be a currency of ISO 4217").hint("for example USD"));
        }
        let since = match &self.since {
            Some(text) => instant("prices.since", text, Edge::Begins)?,
            None => Timestamp::from_micros(0),
        };
        let models = self.models.into_iter().map(|(name, prices)| {
            let prices = prices.build(&name)?;
            Ok((name, prices))
        });
        let models = models.collect::<Result<_>>()?;
        let cpu_hour = self.cpu_hour.map(|price| nanos("prices.cpuHour", &price)).transpose()?;
        Ok(PriceVersion { version: self.version, since, currency, cpu_hour, models })
    }
}

impl TokenPrices {
    fn build(self, model: &str) -> Result<BTreeMap<CostUsage, i64>> {
        let kinds = [
            ("input", CostUsage::InputTokens, self.input),
            ("cachedInput", CostUsage::CachedInputTokens, self.cached_input),
            ("output", CostUsage::OutputTokens, self.output),
        ];
        let given = kinds.into_iter().filter_map(|(name, kind, price)| Some((name, kind, price?)));
        given.map(|(name, kind, price)| Ok((kind, nanos(&format!("prices.models.{model}.{name}"), &price)?))).collect()
    }
}

fn read<T: serde::de::DeserializeOwned>(settings: &Value) -> Result<T> {
    serde_path_to_error::deserialize(settings).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { "prices".to_owned() } else { format!("prices.{path}") };
        Error::invalid(field, format!("cannot be read: {}", error.into_inner())).hint(
            r#"for example {"version": "2026-11", "cpuHour": "0.04", "models": {"*": {"input": "0", "output": "0"}}}"#,
        )
    })
}

/// A decimal number of units as billionths, exactly.
fn nanos(field: &str, price: &Value) -> Result<i64> {
    let refuse = || {
        Error::invalid(
            field,
            format!("must be a decimal number from 0 to {HIGHEST} with at most 9 digits after the point"),
        )
    };
    let text = match price {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return Err(refuse()),
    };
    let (units, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if units.is_empty() || units.len() > 7 || fraction.len() > 9 || !digits(units) || !digits(fraction) {
        return Err(refuse());
    }
    let units: i64 = units.parse().map_err(|_| refuse())?;
    let fraction: i64 = format!("{fraction:0<9}").parse().map_err(|_| refuse())?;
    Some(units * 1_000_000_000 + fraction).filter(|nanos| *nanos <= HIGHEST * 1_000_000_000).ok_or_else(refuse)
}

/// Which end of a day is meant.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Where it begins.
    Begins,
    /// Where it is over.
    Ends,
}

/// An instant written as such or as a day.
pub(super) fn instant(field: &str, text: &str, edge: Edge) -> Result<Timestamp> {
    if let Ok(day) = chrono::NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        let begin = day.and_time(chrono::NaiveTime::MIN).and_utc().timestamp_micros();
        let days = i64::from(edge == Edge::Ends);
        return Ok(Timestamp::from_micros(begin).plus_seconds(days * 86_400));
    }
    chrono::DateTime::parse_from_rfc3339(text)
        .map(|instant| Timestamp::from_micros(instant.timestamp_micros()))
        .map_err(|_| {
            Error::invalid(field, "must be a day or an instant").hint("for example 2026-11-24 or 2026-11-24T12:00:00Z")
        })
}
