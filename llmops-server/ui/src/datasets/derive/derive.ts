/** The form of a derivation and the request it stands for, both ways. Pure. */
import type { Input, Wire } from '@/api/types'

export type Request = Input<'datasets.derive_dataset'>
export type Operation = Wire<'DerivedBy'>
export type Derivation = Wire<'DatasetDerivation'>
export type PiiType = Wire<'PiiType'>

export const KINDS = ['split', 'filter', 'map', 'dedupe', 'redact', 'sample', 'convert', 'tokens'] as const
export type Kind = (typeof KINDS)[number]
export const PARTS = ['train', 'validation', 'test'] as const
export const PII_TYPES: PiiType[] = ['email', 'phone', 'credit_card', 'kr_resident_number', 'us_ssn', 'iban', 'ip_address', 'url_credentials', 'secret', 'passport', 'us_drivers_license', 'kr_drivers_license', 'person_name', 'custom']

/** The fields of all operations, in the order in which they are said. */
export const FIELDS = ['train', 'validation', 'test', 'stratifyBy', 'groupBy', 'condition', 'columns', 'near', 'keep', 'policy', 'piiTypes', 'minConfidence', 'rows', 'share', 'seed', 'to', 'safeCells', 'modelId', 'min', 'max', 'tokenizer']

export type Mapped = { name: string; template: string; json: boolean }
export type Values = {
  kind: Kind
  train: string
  validation: string
  test: string
  spread: 'chance' | 'stratifyBy' | 'groupBy'
  spreadBy: string
  condition: string
  mapped: Mapped[]
  keep: boolean
  /** Of `dedupe`, `redact` and `tokens`; none chosen means all, or those that hold text. */
  columns: string[]
  /** Of `dedupe`. */
  near: boolean
  piiTypes: PiiType[]
  policy: string
  minConfidence: string
  by: 'rows' | 'share'
  rows: string
  share: string
  seed: string
  to: 'csv' | 'jsonl'
  safeCells: boolean
  modelId: string
  min: string
  max: string
  name: string
  version: string
  changeLog: string
}

export const empty = (): Values => ({
  kind: 'split', train: '0.8', validation: '0.1', test: '0.1', spread: 'chance', spreadBy: '', condition: '',
  mapped: [{ name: '', template: '', json: false }], keep: false, columns: [], near: false, piiTypes: [], policy: '', minConfidence: '', by: 'rows', rows: '', share: '',
  seed: '', to: 'jsonl', safeCells: true, modelId: '', min: '', max: '', name: '', version: '', changeLog: '',
})

const numberOf = (text: string) => (text.trim() && Number.isFinite(Number(text)) ? Number(text) : undefined)
const some = <T>(list: T[]) => (list.length ? [...list] : undefined)

const OPERATIONS: { [K in Kind]: (values: Values) => Operation[K] } = {
  split: ({ train, validation, test, spread, spreadBy, seed }) => ({
    train: numberOf(train) ?? 0, validation: numberOf(validation), test: numberOf(test), ...(spread !== 'chance' && { [spread]: spreadBy || undefined }), seed: numberOf(seed),
  }),
  filter: ({ condition }) => ({ condition: condition.trim() }),
  map: ({ mapped, keep }) => ({ columns: mapped.map(({ name, template, json }) => ({ name: name.trim(), template, json: json || undefined })), keep: keep || undefined }),
  dedupe: ({ columns, near }) => ({ columns: some(columns), near: near || undefined }),
  redact: ({ columns, policy, piiTypes, minConfidence }) => ({ columns: some(columns), policy: policy.trim() || undefined, piiTypes: some(piiTypes), minConfidence: numberOf(minConfidence) }),
  sample: ({ by, rows, share, seed }) => ({ [by]: numberOf(by === 'rows' ? rows : share), seed: numberOf(seed) }),
  convert: ({ to, safeCells }) => ({ to, safeCells: to === 'csv' && !safeCells ? false : undefined }),
  tokens: ({ modelId, columns, min, max }) => ({ modelId, columns: some(columns), min: numberOf(min), max: numberOf(max) }),
}

export function requestOf(datasetId: string, values: Values): Request {
  const said = (text: string) => text.trim() || undefined
  const request = { datasetId, [values.kind]: OPERATIONS[values.kind](values), name: said(values.name), version: said(values.version), changeLog: said(values.changeLog) }
  // What is not said is left to the platform, in the call as it is shown too.
  return JSON.parse(JSON.stringify(request)) as Request
}

export const kindOf = (operation: Operation): Kind => KINDS.find((kind) => operation[kind]) ?? 'split'

/** The form that stands for an operation. A tokenizer is the one that the model has when it is asked again. */
export function valuesOf(operation: Operation): Values {
  const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
  const { split, filter, map, dedupe, redact, sample, convert, tokens } = operation
  const values: Values = { ...empty(), kind: kindOf(operation), seed: text(split?.seed ?? sample?.seed), columns: [...((dedupe ?? redact ?? tokens)?.columns ?? [])] }
  if (split) {
    for (const part of PARTS) values[part] = text(split[part])
    values.spread = split.stratifyBy ? 'stratifyBy' : split.groupBy ? 'groupBy' : 'chance'
    values.spreadBy = text(split.stratifyBy ?? split.groupBy)
  }
  if (filter) values.condition = filter.condition
  if (map) Object.assign(values, { keep: map.keep === true, mapped: map.columns.map(({ name, template, json }) => ({ name, template, json: json === true })) })
  if (dedupe) values.near = dedupe.near === true
  if (redact) Object.assign(values, { piiTypes: [...(redact.piiTypes ?? [])], policy: text(redact.policy), minConfidence: text(redact.minConfidence) })
  if (sample) Object.assign(values, { by: sample.share == null ? 'rows' : 'share', rows: text(sample.rows), share: text(sample.share) })
  if (convert) Object.assign(values, { to: convert.to, safeCells: convert.safeCells !== false })
  if (tokens) Object.assign(values, { modelId: tokens.modelId, min: text(tokens.min), max: text(tokens.max) })
  return values
}

/** An operation in short, in no language: what a line of a list has room for. */
export function gistOf({ split, filter, map, dedupe, redact, sample, convert, tokens }: Operation): string {
  if (split) return PARTS.map((part) => split[part]).filter(Boolean).join(' / ')
  if (map) return map.columns.map(({ name }) => name).join(', ')
  if (tokens) return tokens.max == null ? `≥ ${tokens.min}` : tokens.min == null ? `≤ ${tokens.max}` : `${tokens.min} – ${tokens.max}`
  const columns = [dedupe?.near && '≈', (dedupe ?? redact)?.columns?.join(', ')].filter(Boolean).join(' ') || undefined
  return filter?.condition ?? convert?.to ?? columns ?? String(sample?.rows ?? sample?.share ?? '')
}

/** What will be made, and of how many rows where that is known. */
export function outcomeOf(values: Values, { name, rows }: { name: string; rows: number }): { name: string; rows?: number }[] {
  const called = values.name.trim() || name
  if (values.kind === 'split') {
    const parts = PARTS.filter((part) => (numberOf(values[part]) ?? 0) > 0)
    return parts.map((part) => ({ name: `${called}-${part}`, rows: Math.round(rows * Number(values[part])) }))
  }
  if (values.kind === 'sample') return [{ name: called, rows: values.by === 'rows' ? numberOf(values.rows) : Math.round(rows * (numberOf(values.share) ?? 0)) || undefined }]
  return [{ name: called, rows: ['map', 'redact', 'convert'].includes(values.kind) ? rows : undefined }]
}

/** What the shares of a split add up to, free of the noise of sums. */
export const sumOf = (values: Values) => Math.round(PARTS.reduce((sum, part) => sum + (numberOf(values[part]) ?? 0), 0) * 1e6) / 1e6

/** What is wrong with a form before it is sent: keys of texts by field. */
export function wrongIn(values: Values): Record<string, string> {
  const wrong: Record<string, string> = {}
  const check = (field: string, fails: boolean, key: string) => fails && !wrong[field] && (wrong[field] = key)
  const share = (text: string) => text.trim() !== '' && !(Number(text) >= 0 && Number(text) <= 1)
  const whole = (text: string) => text.trim() !== '' && !/^\d+$/.test(text.trim())
  if (values.kind === 'split') {
    for (const part of PARTS) check(part, share(values[part]), 'datasets.derive.shareWrong')
    const parts = PARTS.filter((part) => (numberOf(values[part]) ?? 0) > 0)
    check('split', parts.length < 2, 'datasets.derive.twoParts')
    check('split', sumOf(values) !== 1, 'datasets.derive.sumWrong')
    check('spreadBy', values.spread !== 'chance' && !values.spreadBy, 'forms.needed')
  }
  if (values.kind === 'filter') check('condition', !values.condition.trim(), 'forms.needed')
  if (values.kind === 'map') values.mapped.forEach(({ name }, at) => check(`mapped.${at}.name`, !name.trim(), 'forms.needed'))
  if (values.kind === 'redact') check('minConfidence', share(values.minConfidence), 'datasets.derive.shareWrong')
  if (values.kind === 'sample') {
    const given = values[values.by]
    check(values.by, !given.trim(), 'forms.needed')
    check('rows', values.by === 'rows' && (whole(given) || Number(given) < 1), 'datasets.derive.rowsWrong')
    check('share', values.by === 'share' && share(given), 'datasets.derive.shareWrong')
  }
  if (values.kind === 'tokens') {
    check('modelId', !values.modelId, 'forms.needed')
    for (const bound of ['min', 'max'] as const) check(bound, whole(values[bound]), 'datasets.derive.tokensWrong')
    check('min', !values.min.trim() && !values.max.trim(), 'datasets.derive.boundNeeded')
    check('min', Boolean(values.min.trim() && values.max.trim()) && Number(values.min) > Number(values.max), 'datasets.derive.boundsWrong')
  }
  if (values.kind === 'split' || values.kind === 'sample') check('seed', whole(values.seed), 'datasets.derive.seedWrong')
  return wrong
}

/** The form's name of the field that the server's error is of. */
export function fieldOf(path: string | undefined): string | undefined {
  const [, at, inner] = /^map\.columns\[(\d+)\](?:\.(\w+))?/.exec(path ?? '') ?? []
  if (at !== undefined) return `mapped.${at}.${inner ?? 'name'}`
  const [first, second] = (path ?? '').split(/[.[]/)
  if (second === 'stratifyBy' || second === 'groupBy') return 'spreadBy'
  return (KINDS as readonly string[]).includes(first) ? (second ?? first) : first || undefined
}
