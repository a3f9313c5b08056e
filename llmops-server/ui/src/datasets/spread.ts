/** What a report says of how values are spread: which columns drifted from the version before, which numbers are not exact. Pure. */
import type { Wire } from '@/api/types'

type Column = Wire<'ColumnStatistics'>

/** The values below which so many of 100 lie, as keys of texts. */
export const quantilesOf = ({ numbers, lengths }: Pick<Column, 'numbers' | 'lengths'>) =>
  (numbers ?? lengths)?.quantiles.map(({ q, value }) => ({ id: `q${Math.round(q * 100)}`, value })) ?? []

/** What of a column's numbers is an estimate, as keys of texts, each with the error that is stated for it. */
export function estimatesOf(column: Column): { id: 'distinct' | 'sampled' | 'sampledWithin' | 'frequent'; share?: number }[] {
  const spread = column.numbers ?? column.lengths
  const found: ReturnType<typeof estimatesOf> = []
  if (!column.distinctExact) found.push({ id: 'distinct', share: column.distinctError ?? 0.01 })
  if (spread?.sampled) found.push(spread.rankError == null ? { id: 'sampled' } : { id: 'sampledWithin', share: spread.rankError })
  if (!column.topValuesExact && column.topValues.some(({ count }) => count > 1)) found.push({ id: 'frequent' })
  return found
}

/** Scripts with their share of the rows that have one. */
export function scriptShares(scripts: Wire<'ScriptShare'>[]) {
  const all = scripts.reduce((sum, { rows }) => sum + rows, 0)
  return scripts.map((one) => ({ ...one, share: one.rows / Math.max(1, all) }))
}
