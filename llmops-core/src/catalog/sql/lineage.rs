//! Where models came from, what came from them, and what needs them.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::super::rows::model;
use super::super::{Ancestor, Blocker, LineageEdge, LineageGraph, LineageNode, Model, ModelId, ModelStatus};
use super::SqlCatalog;
use super::models::to_lineage;
use crate::base::{Ctx, Events, Result};

/// How far and how wide a graph is followed.
const GENERATIONS: usize = 64;
const MODELS: usize = 1000;

impl SqlCatalog {
    pub(super) async fn lineage(&self, ctx: &Ctx, id: ModelId) -> Result<LineageGraph> {
        let start = self.get(ctx, id).await?;
        let (mut models, mut truncated) = (vec![start.clone()], false);
        let mut above = start.lineage.parent_model_id;
        for _ in 0..GENERATIONS {
            let Some(parent) = above else { break };
            match self.get(ctx, parent).await {
                Ok(model) => {
                    above = model.lineage.parent_model_id;
                    models.push(model);
                }
                Err(_) => break, // deleted since; its id stays in the edge
            }
        }
        truncated |= above.is_some() && models.len() > GENERATIONS;
        let mut generation = vec![id.0];
        for _ in 0..GENERATIONS {
            let children = self.children(ctx, &generation).await?;
            if children.is_empty() || models.len() > MODELS {
                truncated |= !children.is_empty();
                break;
            }
            generation = children.iter().map(|model| model.id.0).collect();
            models.extend(children);
        }
        Ok(graph(&models, truncated))
    }

    /// Each of these models with those it came from, nearest first, in one read a generation. What is not there is not in
    /// the answer.
    pub async fn ancestry(&self, ctx: &Ctx, of: &[ModelId]) -> Result<BTreeMap<ModelId, Vec<Ancestor>>> {
        let mut known: BTreeMap<Uuid, Ancestor> = BTreeMap::new();
        let mut generation: BTreeSet<Uuid> = of.iter().map(|id| id.0).collect();
        for _ in 0..GENERATIONS {
            let ids: Vec<Uuid> = std::mem::take(&mut generation).into_iter().collect();
            for ids in ids.chunks(MODELS) {
                for ancestor in self.ancestors(ctx, ids).await? {
                    generation.extend(ancestor.lineage.parent_model_id.map(|id| id.0));
                    known.insert(ancestor.id.0, ancestor);
                }
            }
            generation.retain(|id| !known.contains_key(id));
            if generation.is_empty() {
                break;
            }
        }
        let chain = |id: &ModelId| {
            let next = |one: &&Ancestor| one.lineage.parent_model_id.and_then(|parent| known.get(&parent.0));
            let chain = std::iter::successors(known.get(&id.0), next);
            chain.take(GENERATIONS).cloned().collect::<Vec<Ancestor>>()
        };
        let found = of.iter().map(|id| (*id, chain(id)));
        Ok(found.filter(|(_, chain)| !chain.is_empty()).collect())
    }

    async fn ancestors(&self, ctx: &Ctx, ids: &[Uuid]) -> Result<Vec<Ancestor>> {
        let select = model::Entity::find()
            .select_only()
            .columns([model::Column::Id, model::Column::Name, model::Column::Version, model::Column::Lineage])
            .filter(model::Column::Project.eq(ctx.project()))
            .filter(model::Column::Id.is_in(ids.iter().copied()));
        let rows: Vec<(Uuid, String, String, Value)> = select.into_tuple().all(&self.store.conn(ctx)).await?;
        let ancestor = |(id, name, version, lineage): (Uuid, String, String, Value)| {
            Ok(Ancestor { id: ModelId(id), name: format!("{name}:{version}"), lineage: to_lineage(lineage)? })
        };
        rows.into_iter().map(ancestor).collect()
    }

    async fn children(&self, ctx: &Ctx, of: &[Uuid]) -> Result<Vec<Model>> {
        let select = model::Entity::find()
            .filter(model::Column::Project.eq(ctx.project()))
            .filter(model::Column::ParentId.is_in(of.iter().copied()))
            .order_by_asc(model::Column::CreatedAt)
            .limit(MODELS as u64);
        let rows = select.all(&self.store.conn(ctx)).await?;
        self.dress(ctx, rows).await
    }

    /// Everything that needs this model.
    pub(super) async fn blockers(&self, ctx: &Ctx, id: ModelId) -> Result<Vec<Blocker>> {
        let children = self.children(ctx, &[id.0]).await?;
        let alive = children.into_iter().filter(|child| child.status != ModelStatus::Deprecated);
        let mut blockers: Vec<Blocker> = alive
            .map(|child| Blocker {
                kind: "model".into(),
                id: child.id.to_string(),
                name: format!("{} {}", child.name, child.version),
            })
            .collect();
        let aliases = self.aliases_of(ctx, id).await?.into_iter();
        blockers.extend(aliases.map(|alias| Blocker {
            kind: "alias".into(),
            id: alias.id.to_string(),
            name: format!("{} of {}", alias.alias, alias.name),
        }));
        for room in self.users() {
            blockers.extend(room.uses_of(ctx, id).await?);
        }
        Ok(blockers)
    }

    pub(super) async fn watch(&self, ctx: &Ctx, id: ModelId) -> Result<Events<Model>> {
        let mut changes = self.store.signals().listen(format!("catalog/{id}"));
        let mut seen = self.get(ctx, id).await?;
        let (ctx, room) = (ctx.clone(), self.reader());
        let events = async_stream::try_stream! {
            yield seen.clone();
            loop {
                changes.changed().await;
                match room.get(&ctx, id).await {
                    Ok(now) if now != seen => {
                        seen = now.clone();
                        yield now;
                    }
                    Ok(_) => {}
                    Err(gone) => Err(gone)?,
                }
            }
        };
        Ok(events.boxed())
    }
}

fn graph(models: &[Model], truncated: bool) -> LineageGraph {
    let mut nodes: Vec<LineageNode> = Vec::new();
    let mut edges: Vec<LineageEdge> = Vec::new();
    let mut known: BTreeSet<Uuid> = BTreeSet::new();
    for model in models {
        if known.insert(model.id.0) {
            let name = Some(format!("{} {}", model.name, model.version));
            nodes.push(LineageNode { kind: "model".into(), id: model.id.0, name });
        }
    }
    let mut link = |kind: &str, from: Uuid, to: Uuid, relation: &str| {
        if known.insert(from) {
            nodes.push(LineageNode { kind: kind.into(), id: from, name: None });
        }
        edges.push(LineageEdge { from, to, relation: relation.into() });
    };
    for model in models {
        if let Some(parent) = model.lineage.parent_model_id {
            link("model", parent.0, model.id.0, "tuned_into");
        }
        for dataset in &model.lineage.dataset_ids {
            link("dataset", *dataset, model.id.0, "trained");
        }
        if let Some(job) = model.lineage.training_job_id {
            link("job", job, model.id.0, "made");
        }
    }
    LineageGraph { nodes, edges, truncated }
}
