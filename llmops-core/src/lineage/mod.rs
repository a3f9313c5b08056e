//! Where things came from and what came of them, across the rooms: each room tells what it knows of a generation of things, and
//! the walk puts it together. Rank 5.

mod walk;

pub use walk::{LineageGraphs, LineageQuestion};

use std::collections::BTreeSet;

use async_trait::async_trait;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::base::{Ctx, Id, PageInfo, Result};

/// How many things a lineage has at most, however many generations they are.
pub const THINGS: u32 = 10_000;

/// What a thing in a lineage is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineageKind {
    /// A version of a dataset.
    Dataset,
    /// A training job.
    Job,
    /// A version of a model.
    Model,
    /// An evaluation run.
    Evaluation,
    /// An endpoint.
    Endpoint,
}

/// How the later of two things came from the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum LineageRelation {
    /// A dataset became its next version.
    Became,
    /// A dataset was derived from another.
    Derived,
    /// A job learned from a dataset or began with a model, or an evaluation measured with a dataset.
    UsedBy,
    /// A model learned from a dataset.
    Trained,
    /// A model was tuned into another.
    TunedInto,
    /// A job made a model.
    Made,
    /// An evaluation measured a model, or an endpoint.
    EvaluatedBy,
    /// An endpoint serves a model, or did in an earlier revision.
    ServedBy,
}

/// A thing in a lineage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageNode {
    /// What it is.
    pub kind: LineageKind,
    /// Its id.
    pub id: Id,
    /// Its name, with its version if it has one; absent when it was deleted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many steps it is away from what was asked about: negative for what that came from.
    pub generation: i32,
}

/// One thing that came from another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageEdge {
    /// What was there first.
    pub from: Id,
    /// What came from it.
    pub to: Id,
    /// How.
    pub relation: LineageRelation,
}

/// What something came from and what came of it, to 10,000 things: a page of them, the nearest first, and
/// the lines between them and those of the pages before.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct LineageGraph {
    /// The things.
    pub nodes: Vec<LineageNode>,
    /// How they hang together; each is given once, with the later of its two things.
    pub edges: Vec<LineageEdge>,
    /// Whether there is more than `depth` or the limit of things shows, as far as that is known by this page.
    pub truncated: bool,
    /// How to go on.
    pub page: PageInfo,
}

/// A thing by its kind and id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Thing {
    /// What it is.
    pub kind: LineageKind,
    /// Its id.
    pub id: Id,
}

/// A thing and one that came from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// The earlier one.
    pub from: Thing,
    /// The later one.
    pub to: Thing,
    /// How it came from it.
    pub relation: LineageRelation,
}

impl Link {
    /// That `to` came from `from`.
    pub fn new(from: (LineageKind, Id), relation: LineageRelation, to: (LineageKind, Id)) -> Self {
        let thing = |(kind, id)| Thing { kind, id };
        Self { from: thing(from), to: thing(to), relation }
    }
}

/// Which way a lineage is followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Way {
    /// To what things came from.
    Before,
    /// To what came of them.
    After,
}

/// Things of several kinds that are looked at together.
#[derive(Debug, Clone, Default)]
pub struct Things(BTreeSet<Thing>);

impl Things {
    /// The ids of those of one kind, if there are any.
    pub fn of(&self, kind: LineageKind) -> Option<Vec<Id>> {
        let ids: Vec<Id> = self.0.iter().filter(|thing| thing.kind == kind).map(|thing| thing.id).collect();
        (!ids.is_empty()).then_some(ids)
    }
}

/// A room that knows how some things came from others. Everything is of the caller's project.
#[async_trait]
pub trait LineageRoom: Send + Sync + 'static {
    /// The links one step from these things, as far as this room knows them: one read for each kind, of at most `THINGS` rows.
    async fn links(&self, ctx: &Ctx, way: Way, of: &Things) -> Result<Vec<Link>>;

    /// The names of those that are this room's and there.
    async fn names(&self, ctx: &Ctx, of: &Things) -> Result<Vec<(Id, String)>>;
}
