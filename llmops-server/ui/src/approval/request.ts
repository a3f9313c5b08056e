/** The form of the approval policy and the request it stands for, both ways. Pure. */
import type { Input } from '@/api/types'
import { type Content, MEASURABLE, type Required } from './approval'

export type Request = Input<'catalog.put_model_approval_policy'>
export type Row = { metric: string; options: string; datasetId: string; atLeast: string; atMost: string; minSamples: string; base: boolean; tuned: boolean }
export type Values = { description: string; evaluations: Row[]; licenses: string; approvals: string; allowWarnings: boolean }

export const EVALUATIONS = 32
const [LICENSES, LICENSE, SAMPLES, VALUE] = [200, 100, 100_000, 1e12]

export const emptyRow = (): Row => ({ metric: '', options: '', datasetId: '', atLeast: '', atMost: '', minSamples: '', base: true, tuned: true })

/** The form that stands for a policy; without one, of the first version. */
export function valuesOf(policy?: Content): Values {
  const text = (value?: number | null) => (value == null ? '' : String(value))
  const row = (of: Required): Row => ({
    metric: of.metric,
    options: Object.keys(of.options ?? {}).length ? JSON.stringify(of.options) : '',
    datasetId: of.datasetId ?? '',
    atLeast: text(of.atLeast),
    atMost: text(of.atMost),
    minSamples: text(of.minSamples),
    base: (of.modelTypes ?? MEASURABLE).includes('base'),
    tuned: (of.modelTypes ?? MEASURABLE).includes('fine-tuned'),
  })
  return { description: policy?.description ?? '', evaluations: policy?.evaluations.map(row) ?? [], licenses: (policy?.licenses ?? []).join('\n'), approvals: text(policy?.approvals), allowWarnings: policy?.allowWarnings ?? false }
}

const numberOf = (text: string) => (text.trim() && Number.isFinite(Number(text)) ? Number(text) : undefined)
export const licensesIn = (text: string) => text.split('\n').map((name) => name.trim()).filter(Boolean)

/** The options of a metric as they were typed; nothing if they are no JSON object. */
export function optionsIn(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text.trim() || '{}')
    return value && typeof value === 'object' && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined
  } catch {
    return undefined
  }
}

export function requestOf(values: Values): Request {
  const evaluation = (row: Row) => {
    const options = optionsIn(row.options) ?? {}
    const types = [...(row.base ? ['base'] : []), ...(row.tuned ? ['fine-tuned'] : [])]
    return {
      metric: row.metric,
      options: Object.keys(options).length ? options : undefined,
      datasetId: row.datasetId || undefined,
      atLeast: numberOf(row.atLeast),
      atMost: numberOf(row.atMost),
      minSamples: numberOf(row.minSamples),
      modelTypes: types.length === MEASURABLE.length ? undefined : types,
    }
  }
  const licenses = licensesIn(values.licenses)
  const request = {
    description: values.description.trim() || undefined,
    evaluations: values.evaluations.map(evaluation),
    licenses: licenses.length ? licenses : undefined,
    approvals: numberOf(values.approvals),
    allowWarnings: values.allowWarnings || undefined,
  }
  // What is not said is left to the platform, in the call as it is shown too.
  return JSON.parse(JSON.stringify(request)) as Request
}

/** What a request comes to once the platform filled it in: to show what it would change. */
export function contentOf({ description, evaluations, licenses, approvals, allowWarnings }: Request): Content {
  const filled = (of: Required): Required => ({ ...of, options: of.options ?? {}, minSamples: of.minSamples ?? 1, modelTypes: of.modelTypes ?? [...MEASURABLE] })
  return { description, evaluations: (evaluations ?? []).map(filled), licenses, approvals: approvals ?? 1, allowWarnings: allowWarnings ?? false }
}

/** What is wrong with a form before it is sent: keys of texts by field. */
export function wrongIn(values: Values): Record<string, string> {
  const wrong: Record<string, string> = {}
  const check = (field: string, fails: boolean, key: string) => fails && !wrong[field] && (wrong[field] = key)
  const isNumber = (text: string) => !text.trim() || Math.abs(Number(text)) <= VALUE
  const isWhole = (text: string, most: number) => !text.trim() || (/^\d+$/.test(text.trim()) && Number(text) >= 1 && Number(text) <= most)
  const licenses = licensesIn(values.licenses)
  check('approvals', !isWhole(values.approvals, 10), 'approval.approvalsWrong')
  check('licenses', licenses.length > LICENSES || licenses.some((name) => [...name].length > LICENSE), 'approval.licensesWrong')
  check('licenses', new Set(licenses.map((name) => name.toLowerCase())).size < licenses.length, 'approval.licensesTwice')
  values.evaluations.forEach((row, at) => {
    const field = (name: keyof Row) => `evaluations.${at}.${name}`
    check(field('metric'), !row.metric, 'forms.needed')
    check(field('options'), !optionsIn(row.options), 'approval.optionsWrong')
    check(field('atLeast'), !isNumber(row.atLeast), 'approval.valueWrong')
    check(field('atMost'), !isNumber(row.atMost), 'approval.valueWrong')
    check(field('atLeast'), (numberOf(row.atLeast) ?? -Infinity) > (numberOf(row.atMost) ?? Infinity), 'approval.boundsWrong')
    check(field('minSamples'), !isWhole(row.minSamples, SAMPLES), 'approval.samplesWrong')
    check(field('base'), !row.base && !row.tuned, 'approval.typesWrong')
  })
  return wrong
}

/** The form's name of the field that the server's error is of. */
export function fieldOf(path: string | undefined): string | undefined {
  const [, at, inner] = /^evaluations\[(\d+)\](?:\.(\w+))?/.exec(path ?? '') ?? []
  if (at) return `evaluations.${at}.${inner === 'modelTypes' ? 'base' : (inner ?? 'metric')}`
  return path?.split(/[.[]/)[0]
}
