//! A Parquet file's footer, looked through before it is built: how many columns, how deep, how many parts.

use super::thrift::{Walk, kind};
use super::{foreign, format, too_much, unreadable};
use crate::base::Result;
use crate::datasets::format::COLUMNS;

/// Elements of all lists together; a column of a row group has five or so.
const ELEMENTS: usize = 1_000_000;
/// Nodes of a schema, and how deep they lie; a list takes two of its levels.
const NODES: usize = 10_000;
const LEVELS: usize = 200;
/// Columns of all row groups together.
const CHUNKS: usize = 100_000;

/// What a footer claims.
#[derive(Default)]
struct Claims {
    nodes: usize,
    leaves: usize,
    /// The columns of each row group that are written.
    chunks: usize,
    groups: usize,
    deep: bool,
    torn: bool,
    encrypted: bool,
    elsewhere: bool,
}

/// Refuses a footer that takes more room than it should, before anything is built from it.
///
/// # Errors
/// `invalid` with the rule that it breaks.
pub(super) fn check(footer: &[u8]) -> Result<()> {
    let sound = format::check(&mut Walk::new(footer, ELEMENTS), format::FILE);
    let claims = sound.and_then(|()| walk(footer)).ok_or_else(|| unreadable("its footer is spoilt"))?;
    if claims.encrypted {
        return Err(foreign("it is encrypted", "write it without encryption"));
    }
    if claims.elsewhere {
        return Err(foreign("its columns lie in other files", "write it as one file"));
    }
    if claims.leaves > COLUMNS {
        let rule = format!("has {} columns, counting those within columns; at most {COLUMNS} can be", claims.leaves);
        return Err(too_much(&rule, "leave columns out, or put what belongs together into one column as JSON"));
    }
    if claims.deep || claims.nodes > NODES {
        return Err(too_much("has a schema that nests too deeply", "put the deepest parts into a column as JSON"));
    }
    if claims.torn {
        return Err(unreadable("its schema does not hold together"));
    }
    if claims.chunks > CHUNKS {
        let rule = format!("has {} row groups of {} columns, more than {CHUNKS}", claims.groups, claims.leaves);
        return Err(too_much(&rule, "write it with larger row groups, or as several files"));
    }
    if claims.chunks != claims.groups * claims.leaves {
        return Err(unreadable("a row group does not have the columns of the schema"));
    }
    Ok(())
}

fn walk(footer: &[u8]) -> Option<Claims> {
    let mut claims = Claims::default();
    let mut schema = false;
    Walk::new(footer, ELEMENTS).fields(&mut |walk, field, kind| match (field, kind) {
        (2, kind::LIST) => {
            schema = true;
            nodes(walk, &mut claims).map(|()| true)
        }
        (4, kind::LIST) => {
            let (kind, count) = walk.list()?;
            claims.groups = count;
            for _ in 0..count {
                (kind == kind::STRUCT).then_some(())?;
                group(walk, &mut claims)?;
            }
            Some(true)
        }
        (8, _) => {
            claims.encrypted = true;
            Some(false)
        }
        _ => Some(false),
    })?;
    schema.then_some(claims)
}

/// The schema: its nodes in order, each with the number of those within it.
fn nodes(walk: &mut Walk<'_>, claims: &mut Claims) -> Option<()> {
    let (kind, count) = walk.list()?;
    claims.nodes = count;
    let mut open: Vec<usize> = Vec::new();
    for at in 0..count {
        let mut children = 0;
        (kind == kind::STRUCT).then_some(())?;
        walk.fields(&mut |walk, field, kind| match (field, kind) {
            (5, 5) => {
                children = walk.number()?;
                Some(true)
            }
            _ => Some(false),
        })?;
        claims.torn |= (at > 0 && open.is_empty()) || children < 0 || children > i64::try_from(count).ok()?;
        if let Some(left) = open.last_mut() {
            *left -= 1;
        }
        match usize::try_from(children) {
            Ok(0) if at > 0 => claims.leaves += 1,
            Ok(children) if open.len() < LEVELS => open.push(children),
            _ => claims.deep = true,
        }
        while open.last() == Some(&0) {
            open.pop();
        }
    }
    claims.torn |= !open.is_empty() || claims.leaves == 0;
    Some(())
}

fn group(walk: &mut Walk<'_>, claims: &mut Claims) -> Option<()> {
    walk.fields(&mut |walk, field, kind| {
        if (field, kind) != (1, kind::LIST) {
            return Some(false);
        }
        let (kind, count) = walk.list()?;
        claims.chunks += count;
        for _ in 0..count {
            (kind == kind::STRUCT).then_some(())?;
            walk.fields(&mut |walk, field, kind| match (field, kind) {
                (1, kind::BINARY) => {
                    claims.elsewhere |= !walk.binary()?.is_empty();
                    Some(true)
                }
                (8 | 9, _) => {
                    claims.encrypted = true;
                    Some(false)
                }
                _ => Some(false),
            })?;
        }
        Some(true)
    })
}
