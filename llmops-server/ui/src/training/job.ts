/** What the pages know of jobs: columns, filters, how far one is and how long it took. */
import type { Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'
import type { Step } from '@/atoms/UiSteps.vue'

export type Job = Wire<'TrainingJob'>

export const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const
export const TYPES = ['finetune', 'pretrain', 'from_scratch'] as const

export const columns: Column<Job>[] = [
  { id: 'name', label: 'training.name', width: 'minmax(188px, 2fr)', text: (job) => job.name },
  { id: 'status', label: 'training.status', width: '116px' },
  { id: 'progress', label: 'training.progress', width: '112px' },
  { id: 'type', label: 'training.type', width: 'minmax(100px, 1fr)' },
  { id: 'model', label: 'training.model', width: 'minmax(108px, 1fr)' },
  { id: 'dataset', label: 'training.dataset', width: 'minmax(120px, 1fr)' },
  // What the server tells of a job's loss is smoothed, unlike the last loss of its run.
  { id: 'loss', label: 'experiments.metrics.loss_ema', width: '108px', right: true },
  { id: 'cost', label: 'training.cost', width: '90px', right: true },
  { id: 'duration', label: 'training.duration', width: '86px', right: true },
  { id: 'by', label: 'training.by', width: '130px', extra: true, text: (job) => job.submittedBy },
  { id: 'submitted', label: 'training.submitted', width: '100px', right: true },
]

export const filters: Filter[] = [
  { id: 'text', label: 'training.byName', kind: 'text' },
  { id: 'status', label: 'training.status', kind: 'choice', options: STATUSES.map((value) => ({ value, label: `atoms.status.${value}` })) },
  { id: 'jobType', label: 'training.type', kind: 'choice', options: TYPES.map((value) => ({ value, label: `training.types.${value}` })) },
  { id: 'submittedBy', label: 'training.by', kind: 'word' },
  { id: 'datasetId', label: 'training.dataset', kind: 'word' },
  { id: 'modelId', label: 'training.base', kind: 'word' },
]

export const isMoving = (job: Job) => job.status === 'queued' || job.status === 'running'

/** The share of its steps that is done. */
export const shareOf = ({ status, progress }: Job) => (status === 'succeeded' ? 1 : progress?.steps ? progress.step / progress.steps : 0)

/** Milliseconds since its first attempt began, until its end or now. */
export function tookOf(job: Job, now: number): number | undefined {
  if (!job.startedAt) return undefined
  return Math.max(0, (job.completedAt ? Date.parse(job.completedAt) : now) - Date.parse(job.startedAt))
}

/** Milliseconds that the rest will take if it goes on as since `since`. */
export function leftOf(job: Job, now: number): number | undefined {
  const [share, took] = [shareOf(job), tookOf(job, now)]
  return job.status === 'running' && share > 0.02 && took ? (took / share) * (1 - share) : undefined
}

/** Its moments as steps; the last is under way while it is. */
export function stepsOf(job: Job, said: (at: string, before?: string) => string): Step[] {
  // What is said twice in a row happened once.
  const moments = job.timeline.filter(({ status, reason }, at, all) => status !== all[at - 1]?.status || reason !== all[at - 1]?.reason)
  return moments.map((moment, at) => ({
    id: String(at),
    title: moment.reason,
    text: said(moment.at, moments[at - 1]?.at),
    state: moment.status === 'failed' || moment.status === 'cancelled' ? 'failed' : at === moments.length - 1 && isMoving(job) ? 'now' : 'done',
  }))
}
