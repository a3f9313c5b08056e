import { expect, test } from 'vitest'
import type { Wire } from '@/api/types'
import { estimatesOf, quantilesOf, scriptShares } from './spread'

const spread = { histogram: [], min: 0, max: 9, mean: 1, stdDev: 1, outliers: 0, quantiles: [0.05, 0.25, 0.5, 0.75, 0.95].map((q) => ({ q, value: q * 100 })) }
const column = (more: object) => ({ name: 'c', type: 'text', count: 5, nulls: 0, distinct: 5, distinctExact: true, topValues: [], topValuesExact: true, ...more }) as Wire<'ColumnStatistics'>

test('quantiles are of the numbers, of texts of their lengths, of others not there', () => {
  expect(quantilesOf(column({ numbers: { ...spread, sampled: false } })).map(({ id }) => id)).toEqual(['q5', 'q25', 'q50', 'q75', 'q95'])
  expect(quantilesOf(column({ lengths: { ...spread, sampled: false } })).at(-1)).toEqual({ id: 'q95', value: 95 })
  expect(quantilesOf(column({}))).toEqual([])
})

test('an estimate states its error, and what is exact states none', () => {
  expect(estimatesOf(column({ numbers: { ...spread, sampled: false } }))).toEqual([])
  const rough = column({ distinctExact: false, topValuesExact: false, topValues: [{ value: 'a', count: 9 }], lengths: { ...spread, sampled: true, rankError: 0.0163 } })
  expect(estimatesOf(rough)).toEqual([{ id: 'distinct', share: 0.01 }, { id: 'sampledWithin', share: 0.0163 }, { id: 'frequent' }])
  expect(estimatesOf(column({ numbers: { ...spread, sampled: true } }))).toEqual([{ id: 'sampled' }])
})

test('scripts are shares of the rows that have one', () => {
  expect(scriptShares([{ script: 'latin', rows: 3 }, { script: 'hangul', rows: 1 }]).map(({ share }) => share)).toEqual([0.75, 0.25])
  expect(scriptShares([])).toEqual([])
})
