//! What a column becomes as JSON, found once from the schema.

use std::collections::HashSet;
use std::sync::Arc;

use parquet::basic::{ConvertedType, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::schema::types::{SchemaDescriptor, Type};

use super::{foreign, too_much, unreadable};
use crate::base::Result;
use crate::datasets::format::{DEPTH, ROW_BYTES};

/// The longest name of a column, in bytes: it stands in every element of a list.
const NAME_BYTES: usize = 256;
/// The most bytes of a decimal, which has no more than `DIGITS`.
pub(super) const DECIMAL_BYTES: usize = 63;
/// Digits of a decimal.
const DIGITS: i32 = 150;

/// What becomes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Shape {
    /// What its own kind says.
    Plain,
    /// A time of day or of history, counted in parts of a second: so many of them, and whether it is UTC.
    Clock { moment: bool, parts: i64, utc: bool },
    /// Twelve bytes: nanoseconds of a day, and the Julian day.
    OldMoment,
    /// Bytes that are text.
    Text,
    /// Sixteen bytes.
    Uuid,
    /// An object.
    Group(Vec<(String, Self)>),
    /// A list.
    List(Box<Self>),
    /// A list of which the library makes a list within a list: as it was written before lists had three levels.
    OldList(Box<Self>),
    /// An object of these values, if its keys are text; else a list of keys and values.
    Map { text: bool, key: Box<Self>, value: Box<Self> },
}

/// The columns of a file and what becomes of each.
///
/// # Errors
/// `invalid` for a schema that cannot be read, and one that nests deeper than JSON may.
pub(super) fn columns(schema: &Type) -> Result<Vec<(String, Shape)>> {
    group(schema, 1)
}

fn group(of: &Type, depth: usize) -> Result<Vec<(String, Shape)>> {
    let mut names = HashSet::new();
    let mut found = Vec::new();
    for field in of.get_fields() {
        if field.name().len() > NAME_BYTES {
            return Err(too_much(&format!("has names of more than {NAME_BYTES} bytes"), "name its columns shorter"));
        }
        if field.name().is_empty() || !names.insert(field.name()) {
            let rule = format!("a column is named `{}`, which another is too, or it has no name", field.name());
            return Err(unreadable(&rule));
        }
        found.push((field.name().to_owned(), shape(field, depth)?));
    }
    if found.is_empty() {
        return Err(unreadable("a column of columns has none"));
    }
    Ok(found)
}

fn shape(field: &Type, depth: usize) -> Result<Shape> {
    if depth > DEPTH {
        let rule = format!("nests deeper than {DEPTH} levels");
        return Err(too_much(&rule, "put the deepest parts into a column as JSON"));
    }
    let info = field.get_basic_info();
    let repeated = info.has_repetition() && info.repetition() == Repetition::REPEATED;
    if field.is_primitive() {
        let one = leaf(field)?;
        return Ok(if repeated { Shape::List(Box::new(one)) } else { one });
    }
    match info.converted_type() {
        ConvertedType::LIST if !repeated => list(field, depth),
        ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE if !repeated => map(field, depth),
        ConvertedType::LIST | ConvertedType::MAP | ConvertedType::MAP_KEY_VALUE => {
            Err(unreadable("it has lists as they have not been written for long"))
        }
        _ if repeated => Ok(Shape::List(Box::new(Shape::Group(group(field, depth + 2)?)))),
        _ => Ok(Shape::Group(group(field, depth + 1)?)),
    }
}

/// The one field within a list or a map, which repeats.
fn repeating(field: &Type) -> Result<&Arc<Type>> {
    match field.get_fields() {
        [one] if one.get_basic_info().has_repetition() && one.get_basic_info().repetition() == Repetition::REPEATED => {
            Ok(one)
        }
        _ => Err(unreadable(&format!("the list or map `{}` is none", field.name()))),
    }
}

fn list(field: &Type, depth: usize) -> Result<Shape> {
    let inner = repeating(field)?;
    if is_element(inner) {
        let element = if inner.is_primitive() { leaf(inner)? } else { Shape::Group(group(inner, depth + 2)?) };
        return Ok(Shape::OldList(Box::new(element)));
    }
    match inner.get_fields() {
        [element] => Ok(Shape::List(Box::new(shape(element, depth + 1)?))),
        _ => Err(unreadable(&format!("the elements of the list `{}` are not one column", field.name()))),
    }
}

/// Whether what repeats is the element itself, by the rules for files of old writers.
fn is_element(inner: &Type) -> bool {
    let lone =
        |of: &Type| matches!(of.get_fields(), [one] if one.get_basic_info().repetition() == Repetition::REPEATED);
    if inner.is_primitive() {
        return true;
    }
    let listed = inner.get_basic_info().converted_type() == ConvertedType::LIST || lone(inner);
    !listed && (inner.get_fields().len() > 1 || inner.name() == "array" || inner.name().ends_with("_tuple"))
}

fn map(field: &Type, depth: usize) -> Result<Shape> {
    let inner = repeating(field)?;
    if inner.is_primitive() {
        return Err(unreadable(&format!("the map `{}` is none", field.name())));
    }
    match inner.get_fields() {
        [key] => Ok(Shape::List(Box::new(shape(key, depth + 1)?))),
        [key, value] => {
            let text = is_text(key);
            let depth = if text { depth + 1 } else { depth + 2 };
            Ok(Shape::Map { text, key: Box::new(shape(key, depth)?), value: Box::new(shape(value, depth)?) })
        }
        _ => Err(unreadable(&format!("the map `{}` is none", field.name()))),
    }
}

/// Whether a column holds text.
fn is_text(field: &Type) -> bool {
    let kinds = [ConvertedType::UTF8, ConvertedType::ENUM, ConvertedType::JSON];
    field.is_primitive()
        && field.get_physical_type() == Physical::BYTE_ARRAY
        && kinds.contains(&field.get_basic_info().converted_type())
}

fn leaf(field: &Type) -> Result<Shape> {
    let Type::PrimitiveType { basic_info, physical_type, type_length, scale, precision } = field else {
        return Err(unreadable("a column is none"));
    };
    if *physical_type == Physical::FIXED_LEN_BYTE_ARRAY && !(1..=ROW_BYTES as i64).contains(&i64::from(*type_length)) {
        return Err(too_much(&format!("`{}` has values of {type_length} bytes", field.name()), "send shorter ones"));
    }
    if basic_info.converted_type() == ConvertedType::DECIMAL && !(*precision <= DIGITS && (0..=DIGITS).contains(scale))
    {
        let rule = format!("the decimals of `{}` have more than {DIGITS} digits", field.name());
        return Err(foreign(&rule, "write them as text"));
    }
    let fixed = *physical_type == Physical::FIXED_LEN_BYTE_ARRAY;
    if basic_info.converted_type() == ConvertedType::DECIMAL && fixed && *type_length > DECIMAL_BYTES as i32 + 1 {
        return Err(foreign(
            &format!("the decimals of `{}` have {type_length} bytes", field.name()),
            "write them as text",
        ));
    }
    if is_text(field) {
        return Ok(Shape::Text);
    }
    let (moment, utc, unit) = match basic_info.logical_type_ref() {
        Some(LogicalType::Timestamp(at)) => (true, at.is_adjusted_to_u_t_c, at.unit),
        Some(LogicalType::Time(at)) => (false, at.is_adjusted_to_u_t_c, at.unit),
        Some(LogicalType::Uuid) => return Ok(Shape::Uuid),
        _ => match (physical_type, basic_info.converted_type()) {
            (Physical::INT96, _) => return Ok(Shape::OldMoment),
            // Before it could be said, moments were those of UTC.
            (_, ConvertedType::TIMESTAMP_MILLIS) => (true, true, TimeUnit::MILLIS),
            (_, ConvertedType::TIMESTAMP_MICROS) => (true, true, TimeUnit::MICROS),
            (_, ConvertedType::TIME_MILLIS) => (false, false, TimeUnit::MILLIS),
            (_, ConvertedType::TIME_MICROS) => (false, false, TimeUnit::MICROS),
            _ => return Ok(Shape::Plain),
        },
    };
    let parts = match unit {
        TimeUnit::MILLIS => 1_000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    };
    Ok(Shape::Clock { moment, parts, utc: utc && moment })
}

/// The same schema in which values that the library does not know, does not keep whole, or copies each time that they stand there,
/// are the bytes that they are.
/// `None`: there are none.
pub(super) fn bare_schema(schema: &Type) -> Result<Option<SchemaDescriptor>> {
    let (bare, changed) = bare(schema)?;
    Ok(changed.then(|| SchemaDescriptor::new(bare)))
}

fn bare(of: &Type) -> Result<(Arc<Type>, bool)> {
    let failed = |e: parquet::errors::ParquetError| unreadable("its schema does not hold together").caused_by(e);
    let info = of.get_basic_info();
    match of {
        Type::PrimitiveType { physical_type, .. }
            if *physical_type == Physical::INT96 || info.converted_type() == ConvertedType::INTERVAL =>
        {
            let bytes = Type::primitive_type_builder(of.name(), Physical::FIXED_LEN_BYTE_ARRAY)
                .with_length(12)
                .with_repetition(info.repetition());
            Ok((Arc::new(bytes.build().map_err(failed)?), true))
        }
        Type::PrimitiveType { .. } if is_text(of) => {
            let bytes =
                Type::primitive_type_builder(of.name(), Physical::BYTE_ARRAY).with_repetition(info.repetition());
            Ok((Arc::new(bytes.build().map_err(failed)?), true))
        }
        Type::PrimitiveType { .. } => Ok((Arc::new(of.clone()), false)),
        Type::GroupType { fields, .. } => {
            let inner = fields.iter().map(|field| bare(field)).collect::<Result<Vec<_>>>()?;
            let changed = inner.iter().any(|(_, changed)| *changed);
            let mut group = Type::group_type_builder(of.name())
                .with_converted_type(info.converted_type())
                .with_logical_type(info.logical_type_ref().cloned())
                .with_fields(inner.into_iter().map(|(field, _)| field).collect());
            if info.has_repetition() {
                group = group.with_repetition(info.repetition());
            }
            Ok((Arc::new(group.build().map_err(failed)?), changed))
        }
    }
}
