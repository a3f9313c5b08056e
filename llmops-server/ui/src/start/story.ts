/** Where the story stands, told by what the server has. Pure. */
import type { Wire } from '@/api/types'
import type { DataId, ModelRole } from './plan'

export type Seen = {
  datasets: Partial<Record<DataId, Wire<'Dataset'>>>
  jobs: Partial<Record<ModelRole, Wire<'TrainingJob'>>>
  models: Partial<Record<ModelRole, Wire<'Model'>>>
  runs: Partial<Record<ModelRole, Wire<'EvaluationRun'>>>
  endpoint?: Wire<'Endpoint'>
  chatted: boolean
}

export const STEPS = ['speeches', 'capitals', 'heldout', 'train', 'approveBase', 'measureBase', 'tune', 'measureTuned', 'approveTuned', 'deploy', 'chat'] as const
export type StepId = (typeof STEPS)[number]

/** `done` along with all it needs; `ready` to be done or gone on with; `waiting` for steps before it; `busy` on the server. */
export type State = 'done' | 'ready' | 'waiting' | 'busy' | 'failed'
export type StoryStep = { id: StepId; state: State; needs: StepId[]; /** How far, 0 to 1. */ share?: number; why?: string }

const NEEDS: Record<StepId, StepId[]> = {
  speeches: [],
  capitals: [],
  heldout: [],
  train: ['speeches'],
  approveBase: ['train'],
  measureBase: ['train', 'heldout'],
  tune: ['approveBase', 'capitals'],
  measureTuned: ['tune', 'heldout'],
  approveTuned: ['tune'],
  deploy: ['approveTuned'],
  chat: ['deploy'],
}

type Own = { state: Exclude<State, 'waiting'>; share?: number; why?: string }
const ready: Own = { state: 'ready' }

function dataset(it?: Wire<'Dataset'>): Own {
  if (!it) return ready
  if (it.status === 'approved') return { state: 'done' }
  if (it.status === 'rejected' || it.status === 'deprecated') return { state: 'failed' }
  return it.validation === 'queued' || it.validation === 'running' ? { state: 'busy' } : ready
}

function training(model?: Wire<'Model'>, job?: Wire<'TrainingJob'>): Own {
  // Files of the model come one after another: it is whole once its job has ended.
  if (model && (model.status !== 'draft' || (model.digest && (!job || job.status === 'succeeded')))) return { state: 'done' }
  if (!job) return ready
  if (job.status === 'queued') return { state: 'busy', why: job.statusReason }
  if (job.status === 'running' || job.status === 'succeeded') return { state: 'busy', share: job.progress ? job.progress.step / Math.max(1, job.progress.steps) : 0 }
  return { state: 'failed', why: job.statusReason }
}

function approval(model?: Wire<'Model'>): Own {
  if (model?.status === 'approved') return { state: 'done' }
  return model && (model.status === 'rejected' || model.status === 'deprecated') ? { state: 'failed' } : ready
}

function measuring(run?: Wire<'EvaluationRun'>): Own {
  if (!run) return ready
  if (run.status === 'succeeded') return { state: 'done' }
  if (run.status === 'failed' || run.status === 'cancelled') return { state: 'failed', why: run.statusReason }
  return { state: 'busy', share: run.progress.total ? run.progress.done / run.progress.total : 0 }
}

function deployment(endpoint?: Wire<'Endpoint'>): Own {
  if (!endpoint || endpoint.status === 'stopped') return ready
  if (endpoint.status === 'healthy' || endpoint.status === 'degraded') return { state: 'done' }
  return { state: endpoint.status === 'failed' ? 'failed' : 'busy', why: endpoint.statusReason }
}

export function stepsOf(seen: Seen): StoryStep[] {
  const own: Record<StepId, Own> = {
    speeches: dataset(seen.datasets.speeches),
    capitals: dataset(seen.datasets.capitals),
    heldout: dataset(seen.datasets.heldout),
    train: training(seen.models.base, seen.jobs.base),
    approveBase: approval(seen.models.base),
    measureBase: measuring(seen.runs.base),
    tune: training(seen.models.tuned, seen.jobs.tuned),
    measureTuned: measuring(seen.runs.tuned),
    approveTuned: approval(seen.models.tuned),
    deploy: deployment(seen.endpoint),
    chat: seen.chatted ? { state: 'done' } : ready,
  }
  const done = new Set<StepId>()
  return STEPS.map((id) => {
    const needs = NEEDS[id].filter((need) => !done.has(need))
    const { state } = own[id]
    if (state === 'done' && !needs.length) done.add(id)
    return { id, needs, ...own[id], state: needs.length && (state === 'ready' || state === 'done') ? 'waiting' : state }
  })
}

/** What most likely comes next: the first that can be done; what the server is busy with does not hold up what does not need it. */
export const nextOf = (steps: StoryStep[]): StoryStep | undefined => steps.find((step) => step.state === 'failed' || step.state === 'ready')
export const isMoving = (steps: StoryStep[]) => steps.some((step) => step.state === 'busy')
/** The newest of a name that counts: one that goes on or went well before one that did not. */
export function jobOf(jobs: Wire<'TrainingJob'>[], name: string) {
  const named = jobs.filter((job) => job.name === name)
  return named.find((job) => ['queued', 'running', 'succeeded'].includes(job.status)) ?? named[0]
}
export const runOf = (runs: Wire<'EvaluationRun'>[]) => runs.find((run) => ['queued', 'running', 'succeeded'].includes(run.status)) ?? runs[0]
