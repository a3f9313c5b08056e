//! Where an evaluation stands, for people and for its loop.

use super::EvaluationStatus;
use crate::base::{Error, Result};

impl EvaluationStatus {
    const ALL: [Self; 5] = [Self::Queued, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// As `queued`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing more happens.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    pub(super) fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|status| status.name() == name);
        found.ok_or_else(|| Error::unexpected(format!("an evaluation has the unknown status `{name}`")))
    }
}

/// What its loop does next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Waits for cores.
    Waiting,
    /// Brings the samples into one file.
    Preparing,
    /// Starts the process.
    Starting,
    /// Looks at the process until it ends.
    Following,
    /// Takes the process's answers in.
    Collecting,
    /// Asks the endpoint.
    Asking,
    /// Scores the answers.
    Scoring,
    /// Removes what it no longer needs.
    Archiving,
    /// Does nothing more.
    Resting,
}

impl Stage {
    const ALL: [Self; 9] = [
        Self::Waiting,
        Self::Preparing,
        Self::Starting,
        Self::Following,
        Self::Collecting,
        Self::Asking,
        Self::Scoring,
        Self::Archiving,
        Self::Resting,
    ];
    /// Those in which the loop has something to do.
    pub const BUSY: [Self; 7] = [
        Self::Preparing,
        Self::Starting,
        Self::Following,
        Self::Collecting,
        Self::Asking,
        Self::Scoring,
        Self::Archiving,
    ];

    /// As `waiting`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Preparing => "preparing",
            Self::Starting => "starting",
            Self::Following => "following",
            Self::Collecting => "collecting",
            Self::Asking => "asking",
            Self::Scoring => "scoring",
            Self::Archiving => "archiving",
            Self::Resting => "resting",
        }
    }

    pub fn from_name(name: &str) -> Result<Self> {
        let found = Self::ALL.into_iter().find(|stage| stage.name() == name);
        found.ok_or_else(|| Error::unexpected(format!("an evaluation is in the unknown stage `{name}`")))
    }
}
