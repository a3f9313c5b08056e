/** What the pages know of models: columns, filters, the card's parts. */
import type { Wire } from '@/api/types'
import type { Option } from '@/atoms/UiSelect.vue'
import type { Column, Filter } from '@/lists/types'
import type { Change } from './ChangeTable.vue'

export type Model = Wire<'Model'>

export const STATUSES = ['draft', 'under_review', 'approved', 'rejected', 'deprecated'] as const
export const TYPES = ['base', 'fine-tuned', 'external'] as const

export const columns: Column<Model>[] = [
  { id: 'name', label: 'models.name', width: 'minmax(240px, 2fr)', sort: 'name', text: (model) => model.name },
  { id: 'version', label: 'models.version', width: '90px', text: (model) => model.version },
  { id: 'status', label: 'models.status', width: '140px' },
  { id: 'type', label: 'models.type', width: '110px' },
  { id: 'family', label: 'models.family', width: '110px', text: (model) => model.modelFamily },
  { id: 'team', label: 'models.team', width: 'minmax(100px, 1fr)', text: (model) => model.ownerTeam },
  { id: 'tags', label: 'models.tags', width: 'minmax(120px, 1fr)' },
  { id: 'score', label: 'models.score', width: '150px', right: true },
  { id: 'createdBy', label: 'models.createdBy', width: '130px', extra: true, text: (model) => model.createdBy },
  { id: 'created', label: 'models.created', width: '120px', right: true, sort: 'createdAt', extra: true },
  { id: 'updated', label: 'models.updated', width: '120px', right: true, sort: 'updatedAt' },
]

export const filtersOf = (families: Option[]): Filter[] => [
  { id: 'text', label: 'models.byName', kind: 'text' },
  { id: 'status', label: 'models.status', kind: 'choice', options: STATUSES.map((value) => ({ value, label: `atoms.status.${value}` })) },
  { id: 'type', label: 'models.type', kind: 'choice', options: TYPES.map((value) => ({ value, label: `models.types.${value}` })) },
  { id: 'family', label: 'models.family', kind: 'choice', options: families },
  { id: 'tag', label: 'models.tag', kind: 'word' },
  { id: 'ownerTeam', label: 'models.team', kind: 'word' },
]

/** The parts that a card must hold before review. */
export const CARD = ['purpose', 'scope', 'contact', 'license'] as const

export const missingOf = (model: Model) => CARD.filter((part) => !String(model.metadata[part] ?? '').trim())

/** What says where an external model is reached: it has a place of its own. */
const CONNECTION = ['provider', 'modelName', 'baseUrl', 'credentialId', 'apiKey']
export const takenOf = ({ type }: Pick<Model, 'type'>) => (type === 'external' ? CONNECTION : [])

/** The card as it is read and written: without the connection. */
export const cardOf = ({ type, metadata }: Pick<Model, 'type' | 'metadata'>): Record<string, unknown> =>
  type === 'external' ? Object.fromEntries(Object.entries(metadata).filter(([key]) => !CONNECTION.includes(key))) : metadata

/** The newest evaluation's first score, for a list. */
export function headline(model: Model): { name: string; value: number; on: string } | undefined {
  const all = Object.entries(model.evaluationSummary ?? {}) as [string, { completedAt?: string; metrics?: Record<string, number> }][]
  const [on, newest] = all.sort(([, a], [, b]) => (b.completedAt ?? '').localeCompare(a.completedAt ?? ''))[0] ?? []
  const [name, value] = Object.entries(newest?.metrics ?? {})[0] ?? []
  return on && name !== undefined && value !== undefined ? { name, value, on } : undefined
}

/** The lines of a comparison as a table shows them. */
export function linesOf(comparison: Wire<'ModelComparison'> | undefined, say: { bytes: (n: number) => string; score: (n: number) => string; of: (kind: string) => string }) {
  const plain = (value: unknown) => (value == null ? undefined : typeof value === 'string' ? value : JSON.stringify(value))
  const size = (value: number | null | undefined) => (value == null ? undefined : say.bytes(value))
  const value = (number: number | null | undefined) => (number == null ? undefined : say.score(number))
  const fields: Change[] = (comparison?.fields ?? []).map(({ field, a, b }) => ({ name: field.replace(/^metadata\./, ''), a: plain(a), b: plain(b) }))
  const files: Change[] = (comparison?.files ?? []).map(({ path, difference, bytesA, bytesB }) => ({ name: path, a: size(bytesA), b: size(bytesB), note: say.of(difference) }))
  const scores: Change[] = (comparison?.scores ?? []).map(({ dataset, metric, a, b, difference }) => ({
    name: `${metric} · ${dataset}`, a: value(a), b: value(b), note: difference == null ? undefined : `${difference > 0 ? '+' : ''}${say.score(difference)}`,
  }))
  return { fields, files, scores }
}
