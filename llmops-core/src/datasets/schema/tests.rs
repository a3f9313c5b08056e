//! The index leads to the right place whatever the number of rows, and columns of several files become one list.

use proptest::prelude::*;

use super::*;

fn place(row: u64) -> Place {
    Place { offset: row * 10, line: row + 2 }
}

fn column(name: &str, column_type: ColumnType, nullable: bool) -> DatasetColumn {
    DatasetColumn { name: name.into(), column_type, nullable }
}

#[test]
fn the_index_stays_small() {
    let mut index = RowIndex::default();
    (0..2_000_000).for_each(|row| index.add(row, place(row)));
    assert!(index.points.len() <= POINTS && index.points.len() >= POINTS / 4, "{}", index.points.len());
}

#[test]
fn files_become_one_list_of_columns() {
    let a = vec![column("x", ColumnType::Integer, false), column("y", ColumnType::Text, false)];
    let b = vec![column("x", ColumnType::Number, true), column("z", ColumnType::Json, false)];
    let merged = merge(&[a, b], false);
    let wanted = [
        column("x", ColumnType::Number, true),
        column("y", ColumnType::Text, true),
        column("z", ColumnType::Json, true),
    ];
    assert_eq!(merged, wanted);
}

proptest! {
    #[test]
    fn the_place_found_is_of_a_row_before(rows in 0u64..600_000, asked in 0u64..700_000) {
        let mut index = RowIndex::default();
        (0..rows).for_each(|row| index.add(row, place(row)));
        match index.before(asked) {
            None => prop_assert_eq!(rows, 0),
            Some((row, at)) => {
                prop_assert!(row <= asked && row < rows);
                prop_assert_eq!(at, place(row));
                prop_assert!(asked >= rows || asked - row < index.stride);
            }
        }
    }
}
