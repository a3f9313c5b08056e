/** What the pages know of comparisons: which columns differ, how a change is said. Pure. */
import type { Wire } from '@/api/types'
import { said } from '../dataset'

export type Comparison = Wire<'DatasetComparison'>
export type Report = Wire<'ComparisonReport'>
export type Column = Wire<'ColumnComparison'>
export type Shape = Wire<'ColumnShape'>
type Change = Wire<'ValueChange'>

export const differs = (column: Column) => column.change !== 'none' || column.drifted

/** What the two sides are called: versions of one name by their numbers. */
export const labelsOf = ({ a, b }: Comparison): [string, string] => (a.name === b.name ? [a.version, b.version] : [`${a.name} ${a.version}`, `${b.name} ${b.version}`])

/** The two values of a change as cells say them; such that look alike are told apart by how JSON writes them. */
export function pairOf({ before, after }: Change): [string, string] {
  const pair: [string, string] = [said(before), said(after)]
  return pair[0] === pair[1] ? [JSON.stringify(before) ?? '–', JSON.stringify(after) ?? '–'] : pair
}

/** Columns of rows that only one version has, in the order of its file where that is known. */
export function columnsOf(rows: Wire<'ComparedRow'>[], order: string[]): string[] {
  const there = new Set(rows.flatMap(({ values }) => Object.keys(values)))
  return [...new Set([...order.filter((name) => there.has(name)), ...there])]
}

type Measure = { id: string; of: (shape: Shape) => number | null | undefined; share?: boolean }
const quantile = (q: number) => (shape: Shape) => shape.quantiles.find((one) => Math.abs(one.q - q) < 1e-9)?.value
export const MEASURES: Measure[] = [
  { id: 'missingShare', of: (shape) => shape.missingShare, share: true },
  { id: 'distinct', of: (shape) => shape.distinct },
  { id: 'mean', of: (shape) => shape.mean },
  { id: 'stdDev', of: (shape) => shape.stdDev },
  { id: 'min', of: (shape) => shape.min },
  ...[5, 25, 50, 75, 95].map((q) => ({ id: `q${q}`, of: quantile(q / 100) })),
  { id: 'max', of: (shape) => shape.max },
]
