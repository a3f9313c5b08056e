//! What a project searches its datasets for, and what it lets pass.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::PiiType;
use crate::base::Timestamp;

/// Writes a policy for personal data. Other content than the newest version's makes the next version; the old ones stay.
/// A dataset validated without the name of a policy is held to the one called `default`, once there is one. Honours
/// `If-Match`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PutPiiPolicy {
    /// Its name: small letters, digits, `-`, `_` and `.`, at most 64 characters, a letter first.
    #[schemars(length(max = 64))]
    pub name: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// The kinds that are searched for; all that there are when it is written, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 32))]
    pub kinds: Option<Vec<PiiKind>>,
    /// Rules of the project's own.
    #[serde(default)]
    #[schemars(length(max = 50))]
    pub rules: Vec<PiiRule>,
    /// Whether a reviewer may waive what was found; no if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waivers: Option<bool>,
    /// The least quality that may be approved, 0 to 100; 70 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub min_quality: Option<f64>,
}

/// A kind of personal data that is searched for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PiiKind {
    /// The kind; `custom` is what detectors of the host program find under names of their own.
    #[serde(rename = "type")]
    pub pii_type: PiiType,
    /// Findings of less confidence count for nothing; 0.5 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_confidence: Option<f64>,
    /// How many findings a clean dataset may have; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0_i64, max = 1_000_000_000_i64))]
    pub allowed: Option<u64>,
}

/// A rule of the project's own. What it finds has the type `custom` and the rule's name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PiiRule {
    /// Its name, unique in the policy: small letters, digits, `-` and `_`, a letter first.
    #[schemars(length(max = 64))]
    pub name: String,
    /// What it finds, in the syntax of the `regex` crate: no look-around, no back-references, time linear in the text. It
    /// must not match an empty text.
    #[schemars(length(max = 500))]
    pub pattern: String,
    /// How sure a finding is; 0.9 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence: Option<f64>,
    /// Words, letter case aside, of which one must stand within 50 characters, or in the name of the column, for a finding to
    /// be that sure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 20), inner(length(min = 1, max = 64)))]
    pub context: Option<Vec<String>>,
    /// How sure a finding is without any of these words; 0.3 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub confidence_alone: Option<f64>,
    /// Findings of less confidence count for nothing; 0.5 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub min_confidence: Option<f64>,
    /// How many findings a clean dataset may have, at most 999, for no more than 1,000 are counted in a value; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 999))]
    pub allowed: Option<u64>,
}

/// One version of a policy for personal data. What was not said when it was written is filled in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PiiPolicy {
    /// Its name.
    pub name: String,
    /// Which version, from 1.
    pub version: u32,
    /// The project it belongs to.
    pub project: String,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The kinds that are searched for.
    pub kinds: Vec<PiiKind>,
    /// Rules of the project's own.
    pub rules: Vec<PiiRule>,
    /// Whether a reviewer may waive what was found.
    pub waivers: bool,
    /// The least quality that may be approved.
    pub min_quality: f64,
    /// Who wrote this version.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// Send it as `If-Match` to change just what was read.
    pub etag: String,
}

/// Asks for a policy for personal data.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GetPiiPolicy {
    /// Its name.
    #[schemars(length(max = 64))]
    pub name: String,
    /// Which version; the newest if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub version: Option<u32>,
}

/// Asks for the policies of the project, the newest version of each, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ListPiiPolicies {
    /// The most of a page, 1 to 1000; 50 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 1000))]
    pub limit: Option<u32>,
    /// Where the page before ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub cursor: Option<String>,
}
