//! Roles: named sets of permissions.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the holder of a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Looks at everything but keys.
    Viewer,
    /// Makes models, data, trainings and evaluations.
    Researcher,
    /// Approves and rejects.
    Reviewer,
    /// Deploys, scales, stops.
    Operator,
    /// Talks to deployed models, nothing else.
    Service,
    /// Everything.
    Admin,
}

impl Role {
    /// As `viewer`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Researcher => "researcher",
            Self::Reviewer => "reviewer",
            Self::Operator => "operator",
            Self::Service => "service",
            Self::Admin => "admin",
        }
    }

    /// The role of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Viewer, Self::Researcher, Self::Reviewer, Self::Operator, Self::Service, Self::Admin]
            .into_iter()
            .find(|role| role.name() == name)
    }

    /// The permissions of this role; `*` stands for any domain or any action.
    pub fn permissions(self) -> &'static [&'static str] {
        match self {
            Self::Viewer => &["*:read"],
            Self::Researcher => &[
                "*:read",
                "catalog:create",
                "catalog:update",
                "catalog:upload",
                "catalog:delete",
                "datasets:create",
                "datasets:update",
                "datasets:upload",
                "datasets:delete",
                "training:submit",
                "training:cancel",
                "experiments:write",
                "evaluation:run",
                "gateway:use",
            ],
            Self::Reviewer => {
                &["*:read", "catalog:approve", "catalog:policy", "datasets:approve", "datasets:policy", "gateway:use"]
            }
            Self::Operator => {
                &["*:read", "catalog:export", "serving:deploy", "serving:operate", "training:cancel", "gateway:use"]
            }
            Self::Service => &["gateway:use", "gateway:read"],
            Self::Admin => &["*"],
        }
    }
}

/// Whoever holds a key may hold a session in its place.
pub(super) const OWN_SESSION: &str = "session:own";

/// The permissions of several roles together.
pub(super) fn permissions(roles: &[Role]) -> BTreeSet<String> {
    let own = std::iter::once(&OWN_SESSION);
    roles.iter().flat_map(|role| role.permissions()).chain(own).map(|permission| (*permission).to_owned()).collect()
}
