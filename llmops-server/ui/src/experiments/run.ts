/** What the pages know of runs: columns, the grammar's examples, and what differs between some. Pure. */
import type { Wire } from '@/api/types'
import type { Column } from '@/lists/types'
import { betterOf, finite } from './series'

export type Run = Wire<'Run'>
export type Choice = 'last' | 'min' | 'max'

export const columns: Column<Run>[] = [
  { id: 'name', label: 'experiments.name', width: 'minmax(220px, 2fr)', sort: 'name', text: (run) => run.name },
  { id: 'status', label: 'experiments.status', width: '116px' },
  { id: 'loss', label: 'experiments.metrics.loss', width: '90px', right: true, sort: 'metrics.loss' },
  { id: 'eval_loss', label: 'experiments.metrics.eval_loss', width: '116px', right: true, sort: 'metrics.eval_loss' },
  { id: 'params', label: 'experiments.params', width: 'minmax(240px, 2fr)' },
  { id: 'job', label: 'experiments.job', width: 'minmax(130px, 1fr)' },
  { id: 'by', label: 'experiments.by', width: '120px', text: (run) => run.createdBy, extra: true },
  { id: 'duration', label: 'experiments.duration', width: '90px', right: true },
  { id: 'started', label: 'experiments.started', width: '110px', right: true, sort: 'startedAt' },
]

/** Filters to begin with; each is whole and can be changed. */
export const EXAMPLES = ["status = 'running'", 'metrics.loss < 3', "params.method = 'lora'", "name ILIKE '%base%'", "tags.jobType = 'finetune' AND metrics.loss < 3"]

/** How it ended, in the words of its job where it has one: both pages tell of the same thing. */
const AS_JOB: Partial<Record<Run['status'], string>> = { finished: 'succeeded', killed: 'cancelled' }
export const statusOf = ({ jobId, status }: Pick<Run, 'jobId' | 'status'>): string => (jobId && AS_JOB[status]) || status

/** Parameters that say something of a run at a glance. */
const TELLING = ['method', 'lr', 'batchSize', 'maxSteps', 'rank', 'seed']
export const tellingOf = (run: Run) => TELLING.filter((name) => run.params[name] !== undefined).map((name) => ({ name, value: run.params[name] }))

/** The names of runs; where two have the same, the ends of their ids tell them apart. */
export const toldApart = (runs: Pick<Run, 'id' | 'name'>[]): string[] =>
  runs.map(({ id, name }) => (runs.some((other) => other.id !== id && other.name === name) ? `${name} ${id.slice(-4)}` : name))

export type ParamRow = { name: string; values: (string | undefined)[]; differs: boolean }
type Params = Record<string, string>

/** Between the name of a parameter and that of a part of it. */
export const PART = ' › '

/** A parameter that is JSON by its parts, each under its own name: what differs in it is seen, and no line is as long as all of it. */
function partsOf(name: string, value: string): [string, string][] {
  const parts = value.startsWith('{') ? objectIn(value) : undefined
  if (!parts) return [[name, value]]
  return Object.entries(parts).flatMap(([part, inner]) => partsOf(name + PART + part, typeof inner === 'string' ? inner : JSON.stringify(inner)))
}

/** An empty one has no parts. */
function objectIn(text: string): object | undefined {
  try {
    const found = JSON.parse(text)
    return Object.keys(found).length ? found : undefined
  } catch {
    return undefined
  }
}

/** Every parameter of some runs by name: what each has, and whether they differ. */
export function paramRows(runs: Pick<Run, 'params'>[]): ParamRow[] {
  const all: Params[] = runs.map(({ params }) => Object.fromEntries(Object.entries(params).flatMap(([name, value]) => partsOf(name, value))))
  const names = [...new Set(all.flatMap(Object.keys))].sort()
  return names.map((name) => {
    const values = all.map((params) => params[name] as string | undefined)
    return { name, values, differs: new Set(values).size > 1 }
  })
}

export type MetricRow = { name: string; values: (number | null)[]; best?: number }

/** Every metric of some runs: its last, least or greatest value in each, and which is the best where its name tells what is good. */
export function metricRows(runs: Pick<Run, 'metrics'>[], choice: Choice): MetricRow[] {
  const names = [...new Set(runs.flatMap(({ metrics }) => Object.keys(metrics)))].sort()
  return names.map((name) => {
    const values = runs.map(({ metrics }) => finite(metrics[name]?.[choice]))
    const known = values.filter((value) => value !== null)
    const better = betterOf(name)
    const best = better && new Set(known).size > 1 ? (better === 'low' ? Math.min(...known) : Math.max(...known)) : undefined
    return { name, values, best }
  })
}

/** The metrics of a run as charts: losses together, the others one by one. */
export function groupsOf(names: string[]): string[][] {
  const losses = names.filter((name) => /(^|_)loss(_|$)/.test(name))
  return [...(losses.length ? [losses] : []), ...names.filter((name) => !losses.includes(name)).map((name) => [name])]
}
