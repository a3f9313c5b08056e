//! Projects: who works on what, apart from one another.
//!
//! Everything that is made belongs to one project and is seen within it alone. A key works in one; the keys of administrators of
//! the whole platform may go to each of them, and do what concerns all.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Timestamp, id_type};

/// The header by which a caller says in which project he works, where it is not the key's own.
pub const PROJECT_HEADER: &str = "x-llmops-project";

id_type! {
    /// The id of a project.
    ProjectId
}

/// Asks for a project.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CreateProject {
    /// What it is called by: letters, digits, `-`, `_`, `.` and `/` between parts, at most 128 characters. It stays.
    #[schemars(length(min = 1, max = 128))]
    pub name: String,
    /// What it is for, in at most 1,000 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
}

/// A project.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Project {
    /// Its id.
    pub id: ProjectId,
    /// What it is called by.
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whether the call was made in it.
    pub current: bool,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
}

/// Asks for the projects that the caller may work in.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListProjects {
    /// The most projects of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}
