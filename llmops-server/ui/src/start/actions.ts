/** What each step does, taking up what is there from before. A training goes on by itself: its step ends with handing it in. */
import { call } from '@/api/client'
import { ApiError } from '@/api/error'
import { upload } from '@/api/upload'
import type { Wire } from '@/api/types'
import { cardOf, createOf, DATA, type DataId, deploy, measure, type ModelRole, PURPOSES, trainBase, trainTuned } from './plan'
import { callAsReviewer } from './reviewer'
import type { Seen, StepId } from './story'

export type Stage = 'creating' | 'uploading' | 'validating' | 'submitting' | 'approving' | 'sending'
type Say = (stage: Stage) => void

const rest = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

async function bringIn(id: DataId, there: Wire<'Dataset'> | undefined, say: Say) {
  say('creating')
  let dataset = there ?? (await call('datasets.create_dataset', createOf(id)))
  const of = { datasetId: dataset.id }
  if (!dataset.digest) {
    say('uploading')
    const file = new File([await DATA[id].bytes()], DATA[id].file)
    await upload('datasets.upload_dataset_files', of, file, DATA[id].file, () => {}).done
  }
  if (dataset.validation !== 'succeeded') {
    say('validating')
    if (dataset.validation !== 'queued' && dataset.validation !== 'running') await call('datasets.validate_dataset', of)
    dataset = await validated(dataset.id)
  }
  if (dataset.status === 'draft') {
    say('submitting')
    dataset = await call('datasets.set_dataset_status', { ...of, status: 'under_review' })
  }
  if (dataset.status === 'under_review') {
    say('approving')
    await callAsReviewer('datasets.review_dataset', { ...of, version: dataset.version, decision: 'approve', digest: dataset.digest })
  }
}

async function validated(datasetId: string): Promise<Wire<'Dataset'>> {
  while (true) {
    const { state, error } = await call('datasets.get_dataset_validation', { datasetId })
    if (state === 'failed') throw new ApiError(0, 'invalid', error ?? 'the validation failed')
    if (state === 'succeeded') return call('datasets.get_dataset', { datasetId })
    await rest(400)
  }
}

async function approve(role: ModelRole, there: Wire<'Model'>, say: Say) {
  let model = there
  const of = { modelId: model.id }
  if (model.status === 'draft') {
    say('submitting')
    await call('catalog.update_model', { ...of, metadata: cardOf(PURPOSES[role]) })
    model = await call('catalog.set_model_status', { ...of, status: 'under_review' })
  }
  if (model.status === 'under_review') {
    say('approving')
    await callAsReviewer('catalog.review_model', { ...of, version: model.version, decision: 'approve', digest: model.digest })
  }
}

async function bringUp(endpoint: Wire<'Endpoint'> | undefined, modelId: string) {
  if (!endpoint) await call('serving.deploy_endpoint', deploy(modelId))
  else if (endpoint.status === 'failed') await call('serving.redeploy_endpoint', { endpointId: endpoint.id })
  else await call('serving.update_endpoint', { endpointId: endpoint.id, status: 'running' })
}

/** Carries a step out. Steps are only offered once what they need is there. */
export async function carryOut(id: StepId, { datasets, models, endpoint }: Seen, say: Say): Promise<void> {
  if (id === 'speeches' || id === 'capitals' || id === 'heldout') return bringIn(id, datasets[id], say)
  if (id === 'approveBase') return approve('base', models.base!, say)
  if (id === 'approveTuned') return approve('tuned', models.tuned!, say)
  say('sending')
  if (id === 'train') await call('training.submit_job', trainBase(datasets.speeches!.id))
  else if (id === 'tune') await call('training.submit_job', trainTuned(datasets.capitals!.id, models.base!.id))
  else if (id === 'measureBase') await call('evaluation.start_run', measure('base', models.base!.id, datasets.heldout!.id))
  else if (id === 'measureTuned') await call('evaluation.start_run', measure('tuned', models.tuned!.id, datasets.heldout!.id))
  else if (id === 'deploy') await bringUp(endpoint, models.tuned!.id)
}
