//! What datasets are told of models, put together from those who know parts of it: the catalog its models, training its jobs.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use async_trait::async_trait;

use crate::base::{Ctx, Id, Result};
use crate::catalog::{ModelId, SqlCatalog};
use crate::datasets::{DatasetId, LearnedFrom, ModelData, ModelPart, ModelTokenizer};
use crate::training::JobUses;

/// The catalog and the jobs of one database.
pub(super) struct Lineages {
    pub(super) catalog: Arc<SqlCatalog>,
    pub(super) jobs: Arc<JobUses>,
}

#[async_trait]
impl ModelData for Lineages {
    async fn learned_from(&self, ctx: &Ctx, models: &[Id]) -> Result<BTreeMap<Id, LearnedFrom>> {
        let ids: Vec<ModelId> = models.iter().map(|id| ModelId(*id)).collect();
        let found = self.catalog.ancestry(ctx, &ids).await?;
        let jobs: BTreeSet<Id> =
            found.values().flatten().filter_map(|ancestor| ancestor.lineage.training_job_id).collect();
        let jobs: Vec<Id> = jobs.into_iter().collect();
        let mut read: BTreeMap<Id, (DatasetId, String)> = BTreeMap::new();
        for (job, dataset, digest) in self.jobs.read_by(ctx, &jobs).await? {
            read.insert(job, (dataset, digest));
        }
        let mut learned = BTreeMap::new();
        for (id, chain) in found {
            let mut of = LearnedFrom {
                name: chain.first().map(|first| first.name.clone()).unwrap_or_default(),
                truncated: chain.last().is_some_and(|last| last.lineage.parent_model_id.is_some()),
                ..LearnedFrom::default()
            };
            for ancestor in chain {
                for dataset in ancestor.lineage.dataset_ids {
                    of.datasets.entry(DatasetId(dataset)).or_default();
                }
                let Some((dataset, digest)) = ancestor.lineage.training_job_id.and_then(|job| read.get(&job)) else {
                    continue;
                };
                of.datasets.entry(*dataset).or_default().push(digest.clone());
            }
            learned.insert(id.0, of);
        }
        Ok(learned)
    }

    async fn tokenizer_of(&self, ctx: &Ctx, model: Id) -> Result<Option<ModelTokenizer>> {
        let paths @ [tokenizer, config, settings] = ["tokenizer.json", "config.json", "tokenizer_config.json"];
        let Some((name, files)) = self.catalog.files_at(ctx, ModelId(model), &paths).await? else { return Ok(None) };
        let at = |path: &str| {
            let file = files.iter().find(|file| file.path == path)?;
            Some(ModelPart { digest: file.sha256.clone(), bytes: file.bytes })
        };
        Ok(Some(ModelTokenizer { name, tokenizer: at(tokenizer), config: at(config), settings: at(settings) }))
    }
}
