//! The life of a model: which status may follow which.

use super::ModelStatus;
use crate::base::{Error, Result};

impl ModelStatus {
    /// Every status.
    pub const ALL: [Self; 5] = [Self::Draft, Self::UnderReview, Self::Approved, Self::Rejected, Self::Deprecated];

    /// As `under_review`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::UnderReview => "under_review",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Deprecated => "deprecated",
        }
    }

    /// The status of this name, as the table keeps it.
    pub(super) fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|status| status.name() == name);
        found.ok_or_else(|| Error::unexpected(format!("a model has the unknown status `{name}`")))
    }
}
