/** The derivation that a recommendation of a report asks for, filled in with what the report found. Pure. */
import type { LocationQueryRaw } from 'vue-router'
import type { Wire } from '@/api/types'
import { type Kind, KINDS, PII_TYPES, type Values, empty } from './derive'

const WORDS = ['and', 'or', 'not', 'in', 'is', 'if', 'else', 'true', 'false', 'none', 'row', 'loop', 'self']
/** A column as a condition names it. */
export const named = (column: string) => (/^[A-Za-z_]\w*$/.test(column) && !WORDS.includes(column.toLowerCase()) ? column : `row[${JSON.stringify(column)}]`)

/** The query of the form's address, if the recommended call is to derive. */
export function remedyOf({ name, parameters }: Wire<'RecommendedOperation'>): LocationQueryRaw | undefined {
  const kind = KINDS.find((one) => parameters[one] != null)
  if (name !== 'datasets.derive_dataset' || !kind) return undefined
  const { piiTypes, policy, condition, columns, near } = parameters[kind] as { piiTypes?: string[]; policy?: string; condition?: string; columns?: string[]; near?: boolean }
  return { kind, ...(piiTypes && { pii: piiTypes }), ...(policy && { policy }), ...(condition && { condition }), ...(columns && { column: columns }), ...(near && { near: 'yes' }) }
}

type Query = { kind: string; condition?: string; pii?: string[]; policy?: string; columns?: string[]; near?: string; modelId?: string; max?: string }

/** The form as an address fills it in. */
export function valuesIn(query: Query): Values {
  const kind = KINDS.find((one) => one === query.kind) ?? ('split' satisfies Kind)
  return { ...empty(), kind, condition: query.condition ?? '', piiTypes: PII_TYPES.filter((type) => query.pii?.includes(type)), policy: query.policy ?? '', columns: [...(query.columns ?? [])], near: query.near === 'yes', modelId: query.modelId ?? '', max: query.max ?? '' }
}
