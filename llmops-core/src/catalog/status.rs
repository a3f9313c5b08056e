//! The life of a model: which status may follow which.

use super::{ModelStatus, ReviewDecision};
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

    /// The moves from here.
    pub fn allowed(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::UnderReview],
            Self::UnderReview => &[Self::Approved, Self::Rejected, Self::Draft],
            Self::Approved => &[Self::Deprecated],
            Self::Rejected => &[Self::Draft],
            Self::Deprecated => &[Self::UnderReview],
        }
    }
}

impl ReviewDecision {
    /// As `request_changes`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Approve => "approve",
            Self::Reject => "reject",
            Self::RequestChanges => "request_changes",
        }
    }

    /// The status it leads to.
    pub(super) fn leads_to(self) -> ModelStatus {
        match self {
            Self::Approve => ModelStatus::Approved,
            Self::Reject => ModelStatus::Rejected,
            Self::RequestChanges => ModelStatus::Draft,
        }
    }

    pub(super) fn from_name(name: &str) -> Result<Self> {
        let all = [Self::Approve, Self::Reject, Self::RequestChanges];
        let found = all.into_iter().find(|decision| decision.name() == name);
        found.ok_or_else(|| Error::unexpected(format!("a review has the unknown decision `{name}`")))
    }
}
