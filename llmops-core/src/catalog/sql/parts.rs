//! What is known of a file that comes in parts without looking further: how many it has and where they lie, which are missing,
//! what may be done with it and how long it is kept.

use sea_orm::{ColumnTrait, Condition};

use super::super::rows::{upload, upload_part};
use super::super::{ModelId, ModelUpload, ModelUploadPart, PartRange, UploadId, UploadState};
use crate::base::{Error, Result, Timestamp};
use crate::blob::Place;

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

/// What the loop has to do with: what is complete but for its check, and what is to be forgotten.
pub(super) fn due(now: i64) -> Condition {
    let state = |state: UploadState| upload::Column::State.eq(state.name());
    let stale = UploadState::ALL.into_iter().filter_map(|of| {
        let kept = of.kept()?;
        Some(Condition::all().add(state(of)).add(upload::Column::UpdatedAt.lt(now - kept)))
    });
    let always = Condition::any().add(state(UploadState::Completing)).add(upload::Column::State.eq(ABORTED));
    stale.fold(always, Condition::add)
}

/// Whether the row is to be forgotten.
pub(super) fn is_over(row: &upload::Model, now: i64) -> bool {
    UploadState::of(row).is_none_or(|state| state.kept().is_some_and(|kept| row.updated_at < now - kept))
}

/// How many bytes the parts of a file have.
pub(super) fn part_bytes(bytes: u64) -> u64 {
    PART_BYTES.max(bytes.div_ceil(PARTS).next_multiple_of(1 << 20))
}

/// How many parts the file has.
pub(super) fn count(row: &upload::Model) -> u64 {
    unsigned(row.bytes).div_ceil(unsigned(row.part_bytes))
}

pub(super) fn place(row: &upload::Model, number: u64) -> Result<Place> {
    let parts = count(row);
    if number >= parts {
        return Err(Error::invalid("number", format!("must be 0 to {}", parts - 1)).hint("parts are counted from 0"));
    }
    let start = number * unsigned(row.part_bytes);
    let bytes = unsigned(row.part_bytes).min(unsigned(row.bytes) - start);
    Ok(Place { index: usize::try_from(number).unwrap_or(usize::MAX), start, bytes })
}

/// The parts that are not among these, which are in order.
pub(super) fn gaps(there: &[upload_part::Model], parts: u64) -> Vec<PartRange> {
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

pub(super) fn no_file() -> Error {
    Error::invalid("file", "is required: the call holds no part").hint("send the part's bytes")
}

pub(super) fn check_digest(text: &str) -> Result<String> {
    let hex = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let rule = || Error::invalid("sha256", "must be 64 hexadecimal digits").hint("as `sha256sum` prints it");
    hex.then(|| text.to_ascii_lowercase()).ok_or_else(rule)
}

pub(super) fn to_part(row: upload_part::Model) -> ModelUploadPart {
    ModelUploadPart { number: unsigned(row.number), bytes: unsigned(row.bytes), sha256: row.sha256 }
}

pub(super) fn to_upload(row: upload::Model, received: i64) -> Result<ModelUpload> {
    let state = UploadState::of(&row).ok_or_else(|| Error::not_found("upload", row.id))?;
    let kept = state.kept().unwrap_or(WEEK);
    Ok(ModelUpload {
        id: UploadId(row.id),
        model_id: ModelId(row.model_id),
        bytes: unsigned(row.bytes),
        part_bytes: unsigned(row.part_bytes),
        parts: count(&row),
        received_bytes: unsigned(received),
        missing: None,
        file: None,
        path: row.path,
        sha256: row.sha256,
        state,
        error: row.error.and_then(|text| serde_json::from_str(&text).ok()),
        created_by: row.created_by,
        created_at: Timestamp::from_micros(row.created_at),
        updated_at: Timestamp::from_micros(row.updated_at),
        expires_at: Timestamp::from_micros(row.updated_at + kept),
    })
}

pub(super) fn signed(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

pub(super) fn unsigned(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
