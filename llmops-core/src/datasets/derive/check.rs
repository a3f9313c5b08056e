//! What is asked for, held against the dataset before any work begins.

use super::super::{
    ColumnType, ConvertRows, DataFormat, Dataset, DatasetColumn, DedupeRows, DerivedBy, FilterRows, MapRows,
    RedactRows, SampleRows, SplitRows, TokenRows,
};
use super::template;
use crate::base::{Error, Result};

/// The one operation of a request.
#[derive(Debug, Clone)]
pub(in super::super) enum Operation {
    Split(SplitRows),
    Filter(FilterRows),
    Map(MapRows),
    Dedupe(DedupeRows),
    Redact(RedactRows),
    Sample(SampleRows),
    Convert(ConvertRows),
    Tokens(TokenRows),
}

impl Operation {
    /// The one that is given.
    pub(in super::super) fn of(by: &DerivedBy) -> Result<Self> {
        let given = [
            by.split.clone().map(Self::Split),
            by.filter.clone().map(Self::Filter),
            by.map.clone().map(Self::Map),
            by.dedupe.clone().map(Self::Dedupe),
            by.redact.clone().map(Self::Redact),
            by.sample.clone().map(Self::Sample),
            by.convert.clone().map(Self::Convert),
            by.tokens.clone().map(Self::Tokens),
        ];
        let mut given = given.into_iter().flatten();
        match (given.next(), given.next()) {
            (Some(one), None) => Ok(one),
            (first, _) => {
                let rule = if first.is_none() { "is missing" } else { "is given twice" };
                Err(Error::invalid(
                    "operation",
                    format!(
                        "{rule}: exactly one of split, filter, map, dedupe, redact, sample, convert and tokens must be \
                         given"
                    ),
                )
                .hint("derive in several steps if you want several"))
            }
        }
    }

    /// Its name.
    pub(in super::super) fn name(&self) -> &'static str {
        match self {
            Self::Split(_) => "split",
            Self::Filter(_) => "filter",
            Self::Map(_) => "map",
            Self::Dedupe(_) => "dedupe",
            Self::Redact(_) => "redact",
            Self::Sample(_) => "sample",
            Self::Convert(_) => "convert",
            Self::Tokens(_) => "tokens",
        }
    }

    /// Whether the rows are read once before they are written.
    pub(super) fn looks_first(&self) -> bool {
        match self {
            Self::Split(split) => split.stratify_by.is_some(),
            Self::Dedupe(_) => true,
            _ => false,
        }
    }

    /// The parts that it makes; one without a name if it makes none.
    pub(in super::super) fn parts(&self) -> Vec<Option<String>> {
        match self {
            Self::Split(split) => parts(split).into_iter().map(|(name, _)| Some(name.to_owned())).collect(),
            _ => vec![None],
        }
    }
}

/// The parts of a split that have a share.
pub(super) fn parts(split: &SplitRows) -> Vec<(&'static str, f64)> {
    let all = [("train", Some(split.train)), ("validation", split.validation), ("test", split.test)];
    all.into_iter().filter_map(|(name, share)| Some((name, share.filter(|share| *share > 0.0)?))).collect()
}

/// Refuses what cannot be done with this dataset.
pub(in super::super) fn check(operation: &Operation, dataset: &Dataset) -> Result<()> {
    let columns = &dataset.schema;
    match operation {
        Operation::Split(split) => check_split(split, columns),
        Operation::Filter(filter) => {
            template::Condition::new(&template::environment(), &filter.condition, columns).map(drop)
        }
        Operation::Map(map) => super::rewrite::Mapper::new(&template::environment(), map, columns).map(drop),
        Operation::Tokens(keep) => match (keep.min, keep.max) {
            (None, None) => Err(Error::invalid("tokens.min", "or `max` must be given").hint("as max 2048")),
            (Some(min), Some(max)) if min > max => {
                Err(Error::invalid("tokens.min", format!("must be at most `max`, which is {max}"))
                    .hint("exchange them"))
            }
            _ => check_columns("tokens.columns", keep.columns.as_deref(), columns),
        },
        Operation::Dedupe(dedupe) => check_columns("dedupe.columns", dedupe.columns.as_deref(), columns),
        Operation::Redact(redact) => check_columns("redact.columns", redact.columns.as_deref(), columns),
        Operation::Sample(sample) => match (sample.rows, sample.share) {
            (Some(rows), None) if rows <= dataset.rows => Ok(()),
            (None, Some(_)) => Ok(()),
            (Some(_), None) => {
                Err(Error::invalid("sample.rows", format!("must be at most the {} rows there are", dataset.rows))
                    .hint("ask for fewer"))
            }
            _ => Err(Error::invalid("sample.rows", "and `share`: exactly one of them must be given")
                .hint("leave the other one out")),
        },
        Operation::Convert(convert) => {
            if convert.to == DataFormat::Text {
                return Err(
                    Error::invalid("convert.to", "must be `csv` or `jsonl`").hint("map the rows to one column instead")
                );
            }
            // A table can be made from a table, to be opened safely.
            let safe = convert.to == DataFormat::Csv && convert.safe_cells.unwrap_or(true);
            if dataset.format == Some(convert.to) && !safe {
                return Err(Error::invalid("convert.to", "is the format that the dataset has")
                    .hint("choose the other one, or `csv` without `safeCells: false`"));
            }
            Ok(())
        }
    }
}

fn check_split(split: &SplitRows, columns: &[DatasetColumn]) -> Result<()> {
    let parts = parts(split);
    let sum: f64 = parts.iter().map(|(_, share)| share).sum();
    if parts.len() < 2 || (sum - 1.0).abs() > 1e-6 {
        return Err(Error::invalid(
            "split",
            format!("must have at least two shares that add up to 1, and they add up to {sum}"),
        )
        .hint("as train 0.8, validation 0.1, test 0.1"));
    }
    if split.stratify_by.is_some() && split.group_by.is_some() {
        return Err(Error::invalid("split.groupBy", "cannot be given with `stratifyBy`").hint("leave one of them out"));
    }
    check_columns("split.stratifyBy", split.stratify_by.as_ref().map(std::slice::from_ref), columns)?;
    check_columns("split.groupBy", split.group_by.as_ref().map(std::slice::from_ref), columns)
}

/// Refuses the name of a column that is not there.
pub(in super::super) fn check_columns(field: &str, asked: Option<&[String]>, columns: &[DatasetColumn]) -> Result<()> {
    for name in asked.into_iter().flatten() {
        if !columns.iter().any(|column| column.name == *name) {
            return Err(unknown_column(field, name, columns));
        }
    }
    Ok(())
}

/// Says which columns there are.
pub(super) fn unknown_column(field: &str, name: &str, columns: &[DatasetColumn]) -> Error {
    let known: Vec<&str> = columns.iter().take(50).map(|column| column.name.as_str()).collect();
    let name: String = name.chars().take(60).collect();
    Error::invalid(field, format!("names `{name}`, which is no column of this dataset"))
        .code("unknown_column")
        .hint(format!("its columns are {}", known.join(", ")))
}

/// Whether values of a table's column of this type are numbers.
pub(super) fn is_number(column: ColumnType) -> bool {
    matches!(column, ColumnType::Integer | ColumnType::Number)
}
