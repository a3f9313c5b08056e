//! What the columns of two versions hold, beside each other.

use std::collections::BTreeMap;

use super::super::{ColumnChange, ColumnComparison, ColumnShape, ColumnStatistics, DatasetStatistics};

/// Frequent values that are shown.
const TOP: usize = 5;

/// The columns of both, those of the later version first, in their order.
pub(super) fn compare(before: DatasetStatistics, after: DatasetStatistics) -> Vec<ColumnComparison> {
    let (rows_before, rows_after) = (before.rows, after.rows);
    let mut old: BTreeMap<String, ColumnShape> =
        before.columns.into_iter().map(|column| (column.name.clone(), shape(column, rows_before))).collect();
    let mut columns: Vec<ColumnComparison> = Vec::new();
    for column in after.columns {
        let name = column.name.clone();
        let (before, after) = (old.remove(&name), shape(column, rows_after));
        let change = match &before {
            None => ColumnChange::Added,
            Some(before) if before.column_type != after.column_type => ColumnChange::TypeChanged,
            Some(_) => ColumnChange::None,
        };
        let drifted = before.as_ref().is_some_and(|before| *before != after);
        columns.push(ColumnComparison { name, change, drifted, before, after: Some(after) });
    }
    let gone = |(name, before)| ColumnComparison {
        name,
        change: ColumnChange::Removed,
        drifted: false,
        before: Some(before),
        after: None,
    };
    columns.extend(old.into_iter().map(gone));
    columns
}

fn shape(column: ColumnStatistics, rows: u64) -> ColumnShape {
    let of_lengths = column.numbers.is_none() && column.lengths.is_some();
    let spread = column.numbers.or(column.lengths);
    let number = |of: fn(&super::super::ValueDistribution) -> f64| spread.as_ref().map(of);
    ColumnShape {
        column_type: column.column_type,
        missing_share: if rows == 0 { 0.0 } else { column.nulls as f64 / rows as f64 },
        distinct: column.distinct,
        distinct_exact: column.distinct_exact,
        of_lengths,
        min: number(|spread| spread.min),
        max: number(|spread| spread.max),
        mean: number(|spread| spread.mean),
        std_dev: number(|spread| spread.std_dev),
        quantiles: spread.as_ref().map(|spread| spread.quantiles.clone()).unwrap_or_default(),
        top_values: column.top_values.into_iter().take(TOP).collect(),
    }
}
