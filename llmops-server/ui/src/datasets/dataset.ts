/** What the pages know of datasets: columns, filters, what comes next. */
import type { Wire } from '@/api/types'
import type { Column, Filter } from '@/lists/types'

export type Dataset = Wire<'Dataset'>

export const STATUSES = ['draft', 'under_review', 'approved', 'rejected', 'deprecated'] as const
export const TYPES = ['sft_pair', 'pretrain_corpus', 'benchmark', 'rag_qa', 'rlhf_pair', 'other'] as const
export const PII = ['pending', 'clean', 'failed'] as const

/** The columns that each type needs; a dataset may map its own names to them. */
export const ROLES: Record<(typeof TYPES)[number], (keyof Wire<'ColumnRoles'>)[]> = {
  sft_pair: ['prompt', 'response'],
  benchmark: ['prompt', 'response'],
  pretrain_corpus: ['text'],
  rag_qa: ['question', 'context', 'answer'],
  rlhf_pair: ['prompt', 'chosen', 'rejected'],
  other: [],
}

export const columns: Column<Dataset>[] = [
  { id: 'name', label: 'datasets.name', width: 'minmax(240px, 2fr)', sort: 'name', text: (dataset) => dataset.name },
  { id: 'version', label: 'datasets.version', width: '90px', text: (dataset) => dataset.version },
  { id: 'status', label: 'datasets.status', width: '140px' },
  { id: 'type', label: 'datasets.type', width: 'minmax(120px, 1fr)' },
  { id: 'rows', label: 'datasets.rows', width: '80px', right: true },
  { id: 'bytes', label: 'datasets.bytes', width: '90px', right: true },
  { id: 'quality', label: 'datasets.quality', width: '140px' },
  { id: 'pii', label: 'datasets.pii', width: '130px' },
  { id: 'team', label: 'datasets.team', width: 'minmax(100px, 1fr)', text: (dataset) => dataset.ownerTeam, extra: true },
  { id: 'createdBy', label: 'datasets.createdBy', width: '130px', extra: true, text: (dataset) => dataset.createdBy },
  { id: 'created', label: 'datasets.created', width: '120px', right: true, sort: 'createdAt' },
]

export const filters: Filter[] = [
  { id: 'text', label: 'datasets.byName', kind: 'text' },
  { id: 'status', label: 'datasets.status', kind: 'choice', options: STATUSES.map((value) => ({ value, label: `atoms.status.${value}` })) },
  { id: 'type', label: 'datasets.type', kind: 'choice', options: TYPES.map((value) => ({ value, label: `datasets.types.${value}` })) },
  { id: 'piiScanStatus', label: 'datasets.pii', kind: 'choice', options: PII.map((value) => ({ value, label: `datasets.piiStates.${value}` })) },
  { id: 'version', label: 'datasets.version', kind: 'word' },
  { id: 'ownerTeam', label: 'datasets.team', kind: 'word' },
  { id: 'minQuality', label: 'datasets.minQuality', kind: 'word' },
  { id: 'maxQuality', label: 'datasets.maxQuality', kind: 'word' },
]

/** The parts of a card that are asked for first; none of them has to be there. */
export const CARD = ['pretty_name', 'license', 'language', 'task_categories', 'size_categories'] as const

/** What to do next, or why it waits: the key of a text. */
export function nextOf(dataset: Dataset): string | undefined {
  if (dataset.status === 'approved') return undefined
  if (dataset.status !== 'draft') return `datasets.why.${dataset.status}`
  if (!dataset.digest) return 'datasets.why.draftFiles'
  const { validation } = dataset
  if (!validation) return 'datasets.why.draftCheck'
  if (validation === 'queued' || validation === 'running') return 'datasets.why.checking'
  if (validation !== 'succeeded' || (dataset.qualityScore ?? 0) < 70) return 'datasets.why.draftMend'
  if (dataset.piiScanStatus === 'clean') return 'datasets.why.draft'
  return dataset.piiWaiver ? 'datasets.why.draftWaived' : 'datasets.why.draftMend'
}

/** Whether a draft is ready for a reviewer: nothing is to be mended, or somebody lets it pass. */
export const isReady = (dataset: Dataset) => ['datasets.why.draft', 'datasets.why.draftWaived'].includes(nextOf(dataset) ?? '')

/** Whether it may be validated, once or again. */
export const mayValidate = ({ status }: Pick<Dataset, 'status'>) => status === 'draft' || status === 'rejected'

/** Files change only while nobody has found the version sound. */
export const takesFiles = (dataset: Dataset) => dataset.status === 'draft' && nextOf(dataset) !== 'datasets.why.draft'

/** The page that compares two versions; of another dataset by its id. */
export const compareTo = (id: string, a: string, b: string, key: string[] = []) => ({ name: 'dataset-compare', params: { id }, query: { a, b, key } })

/** The column that most likely says which rows are the same one: an id, or what is asked. */
export function likelyKey({ schema, columns }: Dataset): string[] {
  const candidates = ['id', columns.prompt ?? 'prompt', columns.question ?? 'question']
  const found = candidates.find((name) => schema.some((column) => column.name === name))
  return found ? [found] : []
}

/** A value of a row as a cell says it. */
export const said = (value: unknown) => (value === null || value === undefined ? '–' : typeof value === 'string' ? value : JSON.stringify(value))
