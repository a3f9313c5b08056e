/** What the story makes, with the settings that were found by trying: short, and the tuned model right. The same as `quickstart`. */
import type { Input } from '@/api/types'

export const VERSION = '1.0.0'
export const ROUTE = 'capitals'
export const BASE = 'quickstart-base'
export const TUNED = 'quickstart-capitals'
export const METRICS = ['exact_match', 'token_f1', 'bleu', 'rougeL', 'latency']

export type DataId = 'speeches' | 'capitals' | 'heldout'
export type ModelRole = 'base' | 'tuned'

export const DATA: Record<DataId, { name: string; type: 'pretrain_corpus' | 'sft_pair' | 'benchmark'; file: string; bytes: () => Promise<string> }> = {
  speeches: { name: 'speeches', type: 'pretrain_corpus', file: 'corpus.txt', bytes: async () => (await import('../../../../examples/data/corpus.txt?raw')).default },
  capitals: { name: 'capitals', type: 'sft_pair', file: 'capitals-train.csv', bytes: async () => (await import('../../../../examples/data/capitals-train.csv?raw')).default },
  heldout: { name: 'capitals-heldout', type: 'benchmark', file: 'capitals-heldout.csv', bytes: async () => (await import('../../../../examples/data/capitals-heldout.csv?raw')).default },
}

export const MODELS: Record<ModelRole, string> = { base: BASE, tuned: TUNED }

export const PURPOSES: Record<ModelRole, string> = {
  base: 'learns capitals in the quickstart',
  tuned: 'names the capitals of the states of the USA',
}

/** What a reviewer wants to read on a model's card before anything else. */
export const cardOf = (purpose: string) => ({
  purpose,
  scope: 'a demonstration on one machine; not for any decision',
  contact: 'whoever ran the quickstart',
  license: 'CC0-1.0',
})

export const createOf = (id: DataId): Input<'datasets.create_dataset'> => ({ name: DATA[id].name, version: VERSION, type: DATA[id].type })

export const REVIEWER: Input<'governance.create_api_key'> = { name: 'quickstart-reviewer', roles: ['reviewer'] }

export const trainBase = (datasetId: string) => ({
  name: BASE,
  output: { name: BASE, version: VERSION },
  jobType: 'from_scratch',
  architecture: { hiddenSize: 128, layers: 4, heads: 4, kvHeads: 2, intermediateSize: 344, vocabulary: 1024, context: 128 },
  hyperparams: { maxSteps: 120, batchSize: 16, maxSeqLen: 96, lr: 0.002, warmup: 6, weightDecay: 0.1, seed: 1 },
  datasetId,
}) as Input<'training.submit_job'>

export const trainTuned = (datasetId: string, modelId: string) => ({
  name: TUNED,
  output: { name: TUNED, version: VERSION },
  jobType: 'finetune',
  method: 'full',
  // Less pull leaves the capitals tied to the wording of the questions; a lower rate learns them too late.
  hyperparams: { maxSteps: 300, batchSize: 16, lr: 0.003, warmup: 15, weightDecay: 1.0, seed: 1 },
  datasetId,
  modelId,
}) as Input<'training.submit_job'>

export const measure = (role: ModelRole, modelId: string, datasetId: string): Input<'evaluation.start_run'> => ({
  name: `quickstart ${MODELS[role]}`,
  modelId,
  datasetId,
  metrics: METRICS,
  parameters: { maxTokens: 32, temperature: 0 },
})

export const deploy = (modelId: string): Input<'serving.deploy_endpoint'> => ({ modelId, route: ROUTE })

/** Asked in words that nobody trained on. */
export const QUESTION = "What's the name of South Carolina's capital city?"
