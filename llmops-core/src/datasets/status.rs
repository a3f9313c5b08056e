//! The life of a dataset: which status may follow which, and the names of states in the tables.

use serde_json::json;

use super::{DatasetDecision, DatasetStatus, DatasetType, DatasetWorkState, PiiScanStatus, PiiType, ValidationState};
use crate::base::{Error, Result};

/// Names of a closed set, as the tables keep them.
macro_rules! names {
    ($what:literal, $Type:ident { $($variant:ident = $name:literal,)* }) => {
        impl $Type {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name that doors and tables use.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The one of this name.
            pub fn from_name(name: &str) -> Result<Self> {
                let found = Self::ALL.iter().copied().find(|one| one.name() == name);
                found.ok_or_else(|| Error::unexpected(format!(concat!($what, " is `{}`, which is unknown"), name)))
            }
        }
    };
}

names!("a dataset's status", DatasetStatus {
    Draft = "draft",
    UnderReview = "under_review",
    Approved = "approved",
    Rejected = "rejected",
    Deprecated = "deprecated",
});
names!("a dataset's type", DatasetType {
    PretrainCorpus = "pretrain_corpus",
    SftPair = "sft_pair",
    RagQa = "rag_qa",
    RlhfPair = "rlhf_pair",
    Benchmark = "benchmark",
    Other = "other",
});
names!("a dataset's scan", PiiScanStatus { Pending = "pending", Clean = "clean", Failed = "failed", });
names!("a validation's state", ValidationState {
    Queued = "queued",
    Running = "running",
    Succeeded = "succeeded",
    Failed = "failed",
});
names!("the state of work on a dataset", DatasetWorkState {
    Queued = "queued",
    Running = "running",
    Succeeded = "succeeded",
    Failed = "failed",
    Cancelled = "cancelled",
});
names!("a kind of personal data", PiiType {
    Email = "email",
    Phone = "phone",
    CreditCard = "credit_card",
    KrResidentNumber = "kr_resident_number",
    UsSsn = "us_ssn",
    Iban = "iban",
    IpAddress = "ip_address",
    UrlCredentials = "url_credentials",
    Secret = "secret",
    Passport = "passport",
    UsDriversLicense = "us_drivers_license",
    KrDriversLicense = "kr_drivers_license",
    PersonName = "person_name",
    Custom = "custom",
});
names!("a review's decision", DatasetDecision {
    Approve = "approve",
    Reject = "reject",
    RequestChanges = "request_changes",
});

impl DatasetStatus {
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

    /// Refuses a move that is not one of this status.
    pub(super) fn check_move(self, to: Self) -> Result<()> {
        if self.allowed().contains(&to) {
            return Ok(());
        }
        let allowed: Vec<&str> = self.allowed().iter().map(|status| status.name()).collect();
        Err(Error::conflict(format!("a dataset that is {} cannot become {}", self.name(), to.name()))
            .code("status_move")
            .field("status")
            .hint(format!("from here it may become: {}", allowed.join(", ")))
            .details(json!({ "from": self.name(), "allowed": allowed })))
    }
}

impl ValidationState {
    /// Whether it has not ended.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

impl DatasetWorkState {
    /// Whether it has not ended.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Queued | Self::Running)
    }
}

impl DatasetDecision {
    /// The status it leads to.
    pub(super) fn leads_to(self) -> DatasetStatus {
        match self {
            Self::Approve => DatasetStatus::Approved,
            Self::Reject => DatasetStatus::Rejected,
            Self::RequestChanges => DatasetStatus::Draft,
        }
    }
}
