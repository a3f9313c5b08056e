//! Where models came from, what came from them, and what needs them.

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use futures::StreamExt;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use serde_json::Value;
use uuid::Uuid;

use super::super::rows::{learned, model};
use super::super::{Ancestor, Blocker, Model, ModelId, ModelStatus};
use super::SqlCatalog;
use super::models::to_lineage;
use crate::base::{Ctx, Events, Id, Result};
use crate::lineage::{LineageKind, LineageRelation, LineageRoom, Link, THINGS, Things, Way};

/// How far and how wide a graph is followed.
const GENERATIONS: usize = 64;
const MODELS: usize = 1000;

impl SqlCatalog {
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

    /// Models that came from this one and are not given up, the oldest first. Which of very many is no matter, so the database
    /// need not sort and finds them by their parent.
    async fn children(&self, ctx: &Ctx, of: ModelId) -> Result<Vec<Model>> {
        let select = model::Entity::find()
            .filter(model::Column::Project.eq(ctx.project()))
            .filter(model::Column::ParentId.eq(of.0))
            .filter(model::Column::Status.ne(ModelStatus::Deprecated.name()))
            .limit(MODELS as u64);
        let mut rows = select.all(&self.store.conn(ctx)).await?;
        rows.sort_by_key(|row| row.created_at);
        self.dress(ctx, rows).await
    }

    /// Everything that needs this model.
    pub(super) async fn blockers(&self, ctx: &Ctx, id: ModelId) -> Result<Vec<Blocker>> {
        let children = self.children(ctx, id).await?;
        let mut blockers: Vec<Blocker> = children
            .into_iter()
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

#[async_trait]
impl LineageRoom for SqlCatalog {
    async fn links(&self, ctx: &Ctx, way: Way, of: &Things) -> Result<Vec<Link>> {
        let models = of.of(LineageKind::Model);
        if way == Way::Before {
            let Some(ids) = models else { return Ok(Vec::new()) };
            return Ok(self.ancestors(ctx, &ids).await?.iter().flat_map(origins).collect());
        }
        let mut links = Vec::new();
        if let Some(ids) = models {
            let select = model::Entity::find()
                .select_only()
                .columns([model::Column::ParentId, model::Column::Id])
                .filter(model::Column::Project.eq(ctx.project()))
                .filter(model::Column::ParentId.is_in(ids))
                .limit(u64::from(THINGS));
            let rows: Vec<(Uuid, Uuid)> = select.into_tuple().all(&self.store.conn(ctx)).await?;
            let tuned = |(parent, id)| {
                Link::new((LineageKind::Model, parent), LineageRelation::TunedInto, (LineageKind::Model, id))
            };
            links.extend(rows.into_iter().map(tuned));
        }
        if let Some(ids) = of.of(LineageKind::Dataset) {
            let select = learned::Entity::find()
                .filter(learned::Column::Project.eq(ctx.project()))
                .filter(learned::Column::DatasetId.is_in(ids))
                .limit(u64::from(THINGS));
            let rows = select.all(&self.store.conn(ctx)).await?;
            links.extend(rows.into_iter().map(|row| trained(row.dataset_id, row.model_id)));
        }
        Ok(links)
    }

    async fn names(&self, ctx: &Ctx, of: &Things) -> Result<Vec<(Id, String)>> {
        let Some(ids) = of.of(LineageKind::Model) else { return Ok(Vec::new()) };
        let models = self.ancestors(ctx, &ids).await?;
        Ok(models.into_iter().map(|model| (model.id.0, model.name.replacen(':', " ", 1))).collect())
    }
}

fn trained(dataset: Id, model: Id) -> Link {
    Link::new((LineageKind::Dataset, dataset), LineageRelation::Trained, (LineageKind::Model, model))
}

/// What a model came from.
fn origins(model: &Ancestor) -> Vec<Link> {
    let (id, of) = ((LineageKind::Model, model.id.0), &model.lineage);
    let mut links: Vec<Link> = of.dataset_ids.iter().map(|dataset| trained(*dataset, model.id.0)).collect();
    let parent =
        of.parent_model_id.map(|parent| Link::new((LineageKind::Model, parent.0), LineageRelation::TunedInto, id));
    let job = of.training_job_id.map(|job| Link::new((LineageKind::Job, job), LineageRelation::Made, id));
    links.extend(parent.into_iter().chain(job));
    links
}
