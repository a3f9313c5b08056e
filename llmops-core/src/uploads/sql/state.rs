//! What is known of a file that comes in parts without looking further: how many it has, which are missing, what may be done with
//! it and how long it is kept.

use sea_orm::{ColumnTrait, Condition};

use super::super::rows::{part, upload};
use super::super::{PartRange, Upload, UploadId, UploadKind, UploadPart, UploadState};
use crate::base::{Error, Result, Timestamp};
use crate::blob::Stored;
use crate::store::count::unsigned;

/// The fewest bytes of a part; more where there would be too many parts.
const PART_BYTES: u64 = 8 << 20;
/// The most parts of a file, which is a bucket's limit.
const PARTS: u64 = 10_000;
/// How long an upload waits for its next part, and how long one is told about that is complete.
const WEEK: i64 = 7 * 24 * 3600 * 1_000_000;
const DAY: i64 = 24 * 3600 * 1_000_000;
/// The state of an upload that is to be forgotten; nobody sees it.
pub(super) const ABORTED: &str = "aborted";

impl UploadState {
    const ALL: [Self; 4] = [Self::Receiving, Self::Completing, Self::Complete, Self::Failed];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Completing => "completing",
            Self::Complete => "complete",
            Self::Failed => "failed",
        }
    }

    /// The state of this row; none of one that is to be forgotten.
    pub(super) fn of(row: &upload::Model) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == row.state)
    }

    /// How long an upload is kept in this state, in microseconds; one that is being put together is kept.
    fn kept(self) -> Option<i64> {
        match self {
            Self::Receiving | Self::Failed => Some(WEEK),
            Self::Completing => None,
            Self::Complete => Some(DAY),
        }
    }
}

/// What the loop of a kind has to do with: what is complete but for its check, and what is to be forgotten.
pub(super) fn due(kind: &UploadKind, now: i64) -> Condition {
    let state = |state: UploadState| upload::Column::State.eq(state.name());
    let stale = UploadState::ALL.into_iter().filter_map(|of| {
        let kept = of.kept()?;
        Some(Condition::all().add(state(of)).add(upload::Column::UpdatedAt.lt(now - kept)))
    });
    let always = Condition::any().add(state(UploadState::Completing)).add(upload::Column::State.eq(ABORTED));
    Condition::all().add(upload::Column::Kind.eq(kind.thing)).add(stale.fold(always, Condition::add))
}

/// Whether the row is to be forgotten.
pub(super) fn is_over(row: &upload::Model, now: i64) -> bool {
    UploadState::of(row).is_none_or(|state| state.kept().is_some_and(|kept| row.updated_at < now - kept))
}

/// How many bytes the parts of a file have.
pub(super) fn part_bytes(bytes: u64) -> u64 {
    PART_BYTES.max(bytes.div_ceil(PARTS).next_multiple_of(1 << 20))
}

/// The parts that are not among these, which are in order.
pub(super) fn gaps(there: &[part::Model], parts: u64) -> Vec<PartRange> {
    let mut missing = Vec::new();
    let mut next = 0;
    for number in there.iter().map(|part| unsigned(part.number)).chain([parts]) {
        if number > next {
            missing.push(PartRange { first: next, last: number - 1 });
        }
        next = number + 1;
    }
    missing
}

pub(super) fn check_open(row: &upload::Model) -> Result<()> {
    if UploadState::of(row) == Some(UploadState::Receiving) { Ok(()) } else { Err(closed(row)) }
}

pub(super) fn closed(row: &upload::Model) -> Error {
    Error::conflict(format!("the upload of `{}` takes no more parts", row.path))
        .code("upload_closed")
        .hint("look at its state; begin another one if it failed")
}

pub(super) fn differs(number: u64) -> Error {
    Error::conflict(format!("part {number} came before with other bytes"))
        .code("part_differs")
        .field("number")
        .hint("abort the upload and begin another one if the file changed")
}

/// A call that brings bytes brought none.
pub fn no_part() -> Error {
    Error::invalid("file", "is required: the call holds no part").hint("send the part's bytes")
}

/// A SHA-256 as it is written down.
///
/// # Errors
/// `invalid` when it is none.
pub fn check_digest(text: &str) -> Result<String> {
    let hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let rule = || Error::invalid("sha256", "must be 64 hexadecimal digits").hint("as `sha256sum` prints it");
    hex.then(|| text.to_ascii_lowercase()).ok_or_else(rule)
}

/// Refuses other bytes than were said.
///
/// # Errors
/// `checksum_mismatch`.
pub fn check_said(said: Option<&str>, came: &Stored) -> Result<()> {
    if said.is_none_or(|said| said.eq_ignore_ascii_case(&came.digest)) {
        return Ok(());
    }
    let rule = format!("is not that of the bytes that came, which is {}", came.digest);
    Err(Error::invalid("sha256", rule).code("checksum_mismatch").hint("send the file again"))
}

pub(super) fn to_part(row: part::Model) -> UploadPart {
    UploadPart { number: unsigned(row.number), bytes: unsigned(row.bytes), sha256: row.sha256 }
}

pub(super) fn to_upload(row: upload::Model, received: i64) -> Result<Upload> {
    let state = UploadState::of(&row).ok_or_else(|| Error::not_found("upload", row.id))?;
    let (bytes, part_bytes) = (unsigned(row.bytes), unsigned(row.part_bytes));
    Ok(Upload {
        id: UploadId(row.id),
        owner: row.owner_id,
        kept_as: row.kept_as.unwrap_or_else(|| row.path.clone()),
        path: row.path,
        told: row.told,
        replace: row.replace,
        bytes,
        sha256: row.sha256,
        state,
        part_bytes,
        parts: bytes.div_ceil(part_bytes),
        received_bytes: unsigned(received),
        missing: None,
        refusal: row.error.and_then(|text| serde_json::from_str(&text).ok()),
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        expires_at: Timestamp::from_micros(row.updated_at + state.kept().unwrap_or(WEEK)),
    })
}
