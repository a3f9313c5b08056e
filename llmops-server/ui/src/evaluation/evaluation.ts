/** What the pages know of evaluations: columns, filters, requests, and what a comparison says. */
import type { RouteLocationRaw } from 'vue-router'
import type { Input, Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'

export type Evaluation = Wire<'EvaluationRun'>
export type Sample = Wire<'EvaluationSample'>
export type Request = Input<'evaluation.start_run'>

export const STATUSES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const

export const columns: Column<Evaluation>[] = [
  { id: 'name', label: 'evaluation.name', width: 'minmax(240px, 2fr)', text: (run) => run.name },
  { id: 'status', label: 'evaluation.status', width: '116px' },
  { id: 'progress', label: 'evaluation.progress', width: '132px', extra: true },
  { id: 'model', label: 'evaluation.model', width: 'minmax(140px, 1fr)', text: (run) => run.model },
  { id: 'dataset', label: 'evaluation.dataset', width: 'minmax(140px, 1fr)', text: (run) => run.dataset },
  { id: 'scores', label: 'evaluation.scores', width: 'minmax(260px, 2fr)' },
  { id: 'samples', label: 'evaluation.samples', width: '80px', right: true },
  { id: 'cost', label: 'evaluation.cost', width: '90px', right: true, extra: true },
  { id: 'by', label: 'evaluation.by', width: '120px', extra: true, text: (run) => run.runBy },
  { id: 'created', label: 'evaluation.created', width: '100px', right: true },
]

export const filters: Filter[] = [
  { id: 'text', label: 'evaluation.byName', kind: 'text' },
  { id: 'status', label: 'evaluation.status', kind: 'choice', options: STATUSES.map((value) => ({ value, label: `atoms.status.${value}` })) },
  { id: 'runBy', label: 'evaluation.by', kind: 'word' },
  { id: 'modelId', label: 'evaluation.model', kind: 'word' },
  { id: 'datasetId', label: 'evaluation.dataset', kind: 'word' },
  { id: 'endpointId', label: 'evaluation.endpoint', kind: 'word' },
]

export const isMoving = (run: Evaluation) => run.status === 'queued' || run.status === 'running'
export const shareOf = ({ status, progress }: Evaluation) => (status === 'succeeded' ? 1 : progress.total ? progress.done / progress.total : 0)

/** Where a value and its interval stand on a scale of 0 to 1: that of the metric if it has a best value, one that holds them otherwise. */
export function placeOf({ value, confidence: { low, high } }: Wire<'MetricScore'>, highest?: number | null): { low: number; value: number; high: number; from: number; to: number } {
  const most = Math.max(value, high)
  const to = highest ?? (most <= 1 ? 1 : most <= 100 ? 100 : most * 1.1)
  const at = (number: number) => Math.min(1, Math.max(0, number / to))
  return { low: at(Math.min(low, value)), value: at(value), high: at(Math.max(high, value)), from: 0, to }
}

export type Values = {
  of: 'model' | 'endpoint'
  modelId: string
  endpointId: string
  datasetId: string
  name: string
  metrics: string[]
  options: Record<string, string>
  limit: string
  maxTokens: string
  temperature: string
  seed: string
  concurrency: string
}
export const EMPTY: Values = {
  of: 'model', modelId: '', endpointId: '', datasetId: '', name: '', metrics: ['exact_match', 'token_f1'], options: {}, limit: '', maxTokens: '', temperature: '', seed: '', concurrency: '',
}

const numberOf = (text: string) => (text.trim() && Number.isFinite(Number(text)) ? Number(text) : undefined)

/** The options of a metric as they were typed; nothing if they are no JSON object. */
export function optionsOf(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text || '{}')
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export function requestOf(values: Values): Request {
  const parameters = Object.fromEntries((['maxTokens', 'temperature', 'seed'] as const).map((name) => [name, numberOf(values[name])]).filter(([, value]) => value !== undefined))
  const metrics = values.metrics.map((name) => {
    const options = optionsOf(values.options[name])
    return options && Object.keys(options).length ? { name, options } : name
  })
  const all = {
    ...(values.of === 'model' ? { modelId: values.modelId } : { endpointId: values.endpointId }),
    datasetId: values.datasetId,
    metrics,
    name: values.name.trim() || undefined,
    limit: numberOf(values.limit),
    concurrency: numberOf(values.concurrency),
    parameters: Object.keys(parameters).length ? parameters : undefined,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Request
}

/** What chance has to do with a difference from the first. */
export function verdictOf(test: Wire<'PairedTest'>, higherIsBetter: boolean): 'better' | 'worse' | 'chance' {
  if (test.pValue >= 0.05 || test.difference === 0) return 'chance'
  return test.difference > 0 === higherIsBetter ? 'better' : 'worse'
}

/** Which evaluation the comparison speaks for: the one that beats the first in most metrics, if chance does not explain it. */
export function adviceOf({ metrics, runs }: Wire<'EvaluationComparison'>): { kind: 'other' | 'first' | 'open'; run: string } {
  const sums = new Map<string, number>()
  for (const metric of metrics) {
    for (const { runId, test } of metric.againstFirst) {
      const verdict = verdictOf(test, metric.higherIsBetter)
      sums.set(runId, (sums.get(runId) ?? 0) + (verdict === 'better' ? 1 : verdict === 'worse' ? -1 : 0))
    }
  }
  const nameOf = (id?: string) => runs.find((run) => run.id === id)?.name ?? ''
  const [best, sum] = [...sums].sort(([, a], [, b]) => b - a)[0] ?? [undefined, 0]
  if (sum > 0) return { kind: 'other', run: nameOf(best) }
  return sum < 0 ? { kind: 'first', run: runs[0]?.name ?? '' } : { kind: 'open', run: '' }
}

/** The form that asks for the same evaluation again. */
export function valuesOf(run: Evaluation): Values {
  const said = (value: unknown) => (value === undefined || value === null ? '' : String(value))
  const specs = run.requestedMetrics.map((spec) => (typeof spec === 'string' ? { name: spec, options: {} } : spec))
  return {
    of: run.endpointId ? 'endpoint' : 'model',
    modelId: run.endpointId ? '' : said(run.modelId),
    endpointId: said(run.endpointId),
    datasetId: run.datasetId,
    name: '',
    metrics: specs.map(({ name }) => name),
    options: Object.fromEntries(specs.filter(({ options }) => Object.keys(options ?? {}).length).map(({ name, options }) => [name, JSON.stringify(options)])),
    limit: said(run.limit),
    maxTokens: said(run.parameters.maxTokens),
    temperature: said(run.parameters.temperature),
    seed: said(run.parameters.seed),
    concurrency: said(run.concurrency),
  }
}

/** The page of what a warning says more of. */
export function moreOf({ operation }: Wire<'EvaluationWarning'>): RouteLocationRaw | undefined {
  const { modelId, datasetId, checkId } = (operation?.parameters ?? {}) as Record<string, string | undefined>
  if (operation?.name === 'catalog.get_model_lineage' && modelId) return { name: 'model', params: { id: modelId }, query: { tab: 'lineage' } }
  if (operation?.name === 'datasets.get_contamination_check' && datasetId && checkId) return { name: 'contamination-check', params: { id: datasetId, checkId } }
  return undefined
}
