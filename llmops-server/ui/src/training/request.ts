/** The submit form and the request it stands for, both ways. Pure. */
import type { Input } from '@/api/types'
import type { Job } from './job'

export type Request = Input<'training.submit_job'>
export type JobType = Request['jobType']
export type Method = NonNullable<Request['method']>

export const METHODS = ['full', 'lora', 'qlora'] as const
export const TARGETS = ['q_proj', 'k_proj', 'v_proj', 'o_proj', 'gate_proj', 'up_proj', 'down_proj'] as const

/** Fields of numbers by the part of the request they stand in; the form has each under its own name. */
export const NUMBERS = {
  architecture: ['hiddenSize', 'layers', 'heads', 'kvHeads', 'intermediateSize', 'vocabulary', 'context'],
  hyperparams: ['maxSteps', 'numEpochs', 'batchSize', 'lr', 'maxSeqLen', 'seed', 'warmup', 'weightDecay', 'clip'],
  lora: ['rank', 'alpha'],
  evaluation: ['every', 'split'],
  resources: ['cpu'],
  retryPolicy: ['maxRetries', 'backoffSeconds'],
  request: ['checkpointEvery', 'maxDurationSeconds', 'priority'],
} as const
type Part = Exclude<keyof typeof NUMBERS, 'request'>
export type NumberName = (typeof NUMBERS)[keyof typeof NUMBERS][number]
const PARTS = Object.keys(NUMBERS).filter((part) => part !== 'request') as Part[]

export type Values = Record<NumberName, string> & {
  jobType: JobType
  datasetId: string
  modelId: string
  name: string
  method: Method
  modelFamily: string
  targets: string[]
  outputName: string
  outputVersion: string
  useGpu: boolean
  gpuFallback: boolean
}

const numbers = Object.fromEntries(Object.values(NUMBERS).flat().map((name) => [name, ''])) as Record<NumberName, string>
/** A shape that trains in minutes on one core. */
export const SMALL = { hiddenSize: '128', layers: '4', heads: '4', kvHeads: '2', intermediateSize: '', vocabulary: '1024', context: '128' }
export const EMPTY: Values = {
  ...numbers, ...SMALL, jobType: 'finetune', datasetId: '', modelId: '', name: '', method: 'full', modelFamily: 'llama', targets: [],
  outputName: '', outputVersion: '', useGpu: false, gpuFallback: false,
}

const numberOf = (text: string) => (text.trim() && Number.isFinite(Number(text)) ? Number(text) : undefined)
/** What is not said is left to the platform. */
function clean<T extends object>(object: T): T | undefined {
  const said = Object.entries(object).filter(([, value]) => value !== undefined && value !== '' && value !== false && !(Array.isArray(value) && !value.length))
  return said.length ? (Object.fromEntries(said) as T) : undefined
}

export function requestOf(values: Values): Request {
  const part = (name: Part) => clean(Object.fromEntries(NUMBERS[name].map((field) => [field, numberOf(values[field])])))
  const tuned = values.jobType === 'finetune'
  const withLora = tuned && values.method !== 'full'
  const lora = withLora ? clean({ ...part('lora'), targets: values.targets }) : undefined
  return clean({
    jobType: values.jobType,
    name: values.name.trim(),
    datasetId: values.datasetId,
    modelId: tuned ? values.modelId : '',
    method: tuned ? values.method : undefined,
    modelFamily: tuned ? undefined : values.modelFamily,
    architecture: tuned ? undefined : part('architecture'),
    hyperparams: part('hyperparams'),
    lora,
    evaluation: values.every.trim() || values.split.trim() ? part('evaluation') : undefined,
    output: clean({ name: values.outputName.trim(), version: values.outputVersion.trim() }),
    resources: part('resources'),
    useGpu: values.useGpu,
    gpuFallback: values.useGpu && values.gpuFallback,
    retryPolicy: part('retryPolicy'),
    ...Object.fromEntries(NUMBERS.request.map((field) => [field, numberOf(values[field])])),
  }) as unknown as Request
}

/** The form that stands for a request. What the request does not say is empty. */
export function valuesOf(request: Partial<Request>): Values {
  const said = (value: unknown) => (value === undefined || value === null ? '' : String(value))
  const values: Values = { ...EMPTY, ...numbers }
  for (const part of PARTS) for (const name of NUMBERS[part]) values[name] = said((request[part] as Record<string, unknown> | null | undefined)?.[name])
  for (const name of NUMBERS.request) values[name] = said(request[name])
  for (const name of ['datasetId', 'modelId', 'name'] as const) values[name] = said(request[name])
  return Object.assign(values, {
    jobType: request.jobType ?? 'finetune',
    method: request.method ?? 'full',
    modelFamily: request.modelFamily ?? 'llama',
    targets: [...(request.lora?.targets ?? [])],
    outputName: said(request.output?.name),
    outputVersion: said(request.output?.version),
    useGpu: request.useGpu === true,
    gpuFallback: request.gpuFallback === true,
  })
}

/** The request that asks for the same job again; its version is a new one. */
export function requestOfJob({ name, jobType, datasetId, modelId, spec }: Job): Request {
  const tuned = jobType === 'finetune'
  return clean({
    jobType, name, datasetId,
    modelId: modelId ?? undefined,
    method: tuned ? spec.method : undefined,
    modelFamily: tuned ? undefined : spec.modelFamily,
    architecture: spec.architecture ?? undefined,
    hyperparams: spec.hyperparams,
    lora: spec.lora ?? undefined,
    evaluation: spec.evaluation ?? undefined,
    output: clean({ name: spec.output.name }),
    resources: { cpu: spec.cpuMillis / 1000 },
    useGpu: spec.useGpu,
    retryPolicy: spec.retryPolicy,
    checkpointEvery: spec.checkpointEvery,
    maxDurationSeconds: spec.maxDurationSeconds,
    priority: spec.priority,
  }) as unknown as Request
}

/** Whether it says enough to be estimated. */
export const isWhole = (request: Request) => Boolean(request.datasetId && (request.jobType === 'finetune' ? request.modelId : request.architecture))

/** The form's name of the field that an error is of. */
export function fieldOf(path: string | undefined): keyof Values | undefined {
  const [part, inner] = (path ?? '').split('.')
  if (part === 'output' && inner) return inner === 'version' ? 'outputVersion' : 'outputName'
  return (inner ?? part).replace(/\[.*/, '') as keyof Values
}

/** Fields of a request as it was typed that the form has no place for: they are misspelt or not known. */
export function strays(typed: Record<string, unknown>): string[] {
  const paths = (value: unknown, before = ''): string[] =>
    value && typeof value === 'object' && !Array.isArray(value) ? Object.entries(value).flatMap(([key, inner]) => paths(inner, before ? `${before}.${key}` : key)) : [before]
  const known = new Set(['jobType', 'datasetId', 'modelId', 'name', 'method', 'modelFamily', 'useGpu', 'gpuFallback', 'lora.targets', 'output.name', 'output.version', ...NUMBERS.request, ...PARTS.flatMap((part) => NUMBERS[part].map((name) => `${part}.${name}`))])
  return paths(typed).filter((path) => path && !known.has(path))
}
