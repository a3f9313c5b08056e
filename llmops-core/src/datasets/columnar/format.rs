//! How Parquet's footers and page headers are written, field by field: number and kind of each, as parquet.thrift says. The library
//! goes by the number alone; so a known field of another kind, which both would read in different ways, is refused.

use super::thrift::Walk;

/// The kinds of values.
pub(super) enum Kind {
    Bool,
    I8,
    I16,
    I32,
    I64,
    Double,
    Binary,
    Struct(&'static [Field]),
    List(&'static Kind),
}

/// A field's number and its kind.
type Field = (i64, Kind);

use Kind::{Binary, Bool, Double, I8, I16, I32, I64, List, Struct};

const STATISTICS: &[Field] =
    &[(1, Binary), (2, Binary), (3, I64), (4, I64), (5, Binary), (6, Binary), (7, Bool), (8, Bool)];

/// The header of a page.
pub(super) const PAGE: &[Field] = &[
    (1, I32),
    (2, I32),
    (3, I32),
    (4, I32),
    (5, Struct(&[(1, I32), (2, I32), (3, I32), (4, I32), (5, Struct(STATISTICS))])),
    (6, Struct(&[])),
    (7, Struct(&[(1, I32), (2, I32), (3, Bool)])),
    (8, Struct(&[(1, I32), (2, I32), (3, I32), (4, I32), (5, I32), (6, I32), (7, Bool), (8, Struct(STATISTICS))])),
];

const UNIT: &[Field] = &[(1, Struct(&[])), (2, Struct(&[])), (3, Struct(&[]))];
const CLOCK: &[Field] = &[(1, Bool), (2, Struct(UNIT))];
const LOGICAL: &[Field] = &[
    (1, Struct(&[])),
    (2, Struct(&[])),
    (3, Struct(&[])),
    (4, Struct(&[])),
    (5, Struct(&[(1, I32), (2, I32)])),
    (6, Struct(&[])),
    (7, Struct(CLOCK)),
    (8, Struct(CLOCK)),
    (10, Struct(&[(1, I8), (2, Bool)])),
    (11, Struct(&[])),
    (12, Struct(&[])),
    (13, Struct(&[])),
    (14, Struct(&[])),
    (15, Struct(&[])),
    (16, Struct(&[(1, I8)])),
    (17, Struct(&[(1, Binary)])),
    (18, Struct(&[(1, Binary), (2, I32)])),
];
const NODE: &[Field] = &[
    (1, I32),
    (2, I32),
    (3, I32),
    (4, Binary),
    (5, I32),
    (6, I32),
    (7, I32),
    (8, I32),
    (9, I32),
    (10, Struct(LOGICAL)),
];
const PAIR: &[Field] = &[(1, Binary), (2, Binary)];
const BOX: &[Field] =
    &[(1, Double), (2, Double), (3, Double), (4, Double), (5, Double), (6, Double), (7, Double), (8, Double)];
const COLUMN: &[Field] = &[
    (1, I32),
    (2, List(&I32)),
    (3, List(&Binary)),
    (4, I32),
    (5, I64),
    (6, I64),
    (7, I64),
    (8, List(&Struct(PAIR))),
    (9, I64),
    (10, I64),
    (11, I64),
    (12, Struct(STATISTICS)),
    (13, List(&Struct(&[(1, I32), (2, I32), (3, I32)]))),
    (14, I64),
    (15, I32),
    (16, Struct(&[(1, I64), (2, List(&I64)), (3, List(&I64))])),
    (17, Struct(&[(1, Struct(BOX)), (2, List(&I32))])),
];
const CHUNK: &[Field] =
    &[(1, Binary), (2, I64), (3, Struct(COLUMN)), (4, I64), (5, I32), (6, I64), (7, I32), (9, Binary)];
const GROUP: &[Field] = &[
    (1, List(&Struct(CHUNK))),
    (2, I64),
    (3, I64),
    (4, List(&Struct(&[(1, I32), (2, Bool), (3, Bool)]))),
    (5, I64),
    (6, I64),
    (7, I16),
];

/// The footer of a file.
pub(super) const FILE: &[Field] = &[
    (1, I32),
    (2, List(&Struct(NODE))),
    (3, I64),
    (4, List(&Struct(GROUP))),
    (5, List(&Struct(PAIR))),
    (6, Binary),
    (7, List(&Struct(&[(1, Struct(&[])), (2, Struct(&[]))]))),
    (9, Binary),
];

/// Walks over a structure whose known fields are of the kinds that they should be; those that nobody knows may be of any.
pub(super) fn check(walk: &mut Walk<'_>, fields: &'static [Field]) -> Option<()> {
    walk.fields(&mut |walk, number, kind| match fields.iter().find(|(known, _)| *known == number) {
        Some((_, wanted)) => value(walk, wanted, kind).map(|()| true),
        None => Some(false),
    })
}

fn value(walk: &mut Walk<'_>, wanted: &'static Kind, kind: u8) -> Option<()> {
    match (wanted, kind) {
        (Bool, 1 | 2) => {}
        (I8, 3) | (Double, 7) => walk.skip(kind)?,
        (I16, 4) => drop(i16::try_from(walk.number()?).ok()?),
        (I32, 5) => drop(i32::try_from(walk.number()?).ok()?),
        (I64, 6) => drop(walk.number()?),
        (Binary, 8) => drop(walk.binary()?),
        (Struct(fields), 12) => check(walk, fields)?,
        (List(of), 9) => {
            let (kind, count) = walk.list()?;
            for _ in 0..count {
                value(walk, of, kind)?;
            }
        }
        _ => return None,
    }
    Some(())
}
