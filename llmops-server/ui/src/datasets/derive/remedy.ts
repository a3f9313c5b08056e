/** The derivation that a recommendation of a report asks for, filled in with what the report found. Pure. */
import type { LocationQueryRaw } from 'vue-router'
import type { Wire } from '@/api/types'
import { type Kind, KINDS, PII_TYPES, type Values, empty } from './derive'

const WORDS = ['and', 'or', 'not', 'in', 'is', 'if', 'else', 'true', 'false', 'none', 'row', 'loop', 'self']
/** A column as a condition names it. */
export const named = (column: string) => (/^[A-Za-z_]\w*$/.test(column) && !WORDS.includes(column.toLowerCase()) ? column : `row[${JSON.stringify(column)}]`)

/** The query of the form's address, if the recommendation is to derive. */
export function remedyOf(advice: string, report: Wire<'ValidationReport'>): LocationQueryRaw | undefined {
  const kind = KINDS.find((one) => advice.includes(`\`derive_dataset\` with \`${one}\``))
  if (kind === 'redact') return { kind, pii: report.pii.counts.map(({ type }) => type) }
  if (kind === 'filter') return { kind, condition: report.statistics.columns.filter(({ nulls }) => nulls > 0).map(({ name }) => `${named(name)} is not none`).join(' and ') }
  return kind && { kind }
}

/** The form as an address fills it in. */
export function valuesIn(query: { kind: string; condition: string; pii: string[] }): Values {
  const kind = KINDS.find((one) => one === query.kind) ?? ('split' satisfies Kind)
  return { ...empty(), kind, condition: query.condition, piiTypes: PII_TYPES.filter((type) => query.pii.includes(type)) }
}
