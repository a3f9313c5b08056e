import { expect, test } from 'vitest'
import { betterOf, colorsOf, grown, joined, smoothed } from './series'

const point = (step: number, value: number | 'NaN') => ({ step, value, time: '2026-01-01T00:00:00Z' })

test('smoothing begins at the first value and leaves gaps', () => {
  expect(smoothed([2, null, 2, 2], 0.9)).toEqual([2, null, 2, expect.closeTo(2)])
  expect(smoothed([1, 3], 0)).toEqual([1, 3])
  expect(smoothed([0, 1], 0.5)[1]).toBeCloseTo(2 / 3)
})

test('curves share one axis, with gaps where one has nothing', () => {
  const curves = [{ name: 'a', points: [point(1, 5), point(3, 'NaN')] }, { name: 'b', points: [point(2, -1), point(3, 4)] }]
  expect(joined(curves)).toEqual({ at: [1, 2, 3], lines: [{ name: 'a', values: [5, null, null] }, { name: 'b', values: [null, -1, 4] }] })
  expect(joined(curves, { log: true }).lines[1].values).toEqual([null, null, 4])
})

test('a series grows by what is new, and by a metric that was not there', () => {
  const before = { runId: 'r', series: [{ name: 'loss', total: 1, points: [point(1, 5)] }] }
  const after = grown(before, [{ name: 'loss', ...point(1, 5) }, { name: 'loss', ...point(2, 4) }, { name: 'eval_loss', ...point(2, 6) }])
  expect(after.series.map(({ name, total, points }) => [name, total, points.map(({ step }) => step)])).toEqual([['eval_loss', 1, [2]], ['loss', 2, [1, 2]]])
})

test('a run keeps its colour, and eight runs have eight', () => {
  const ids = Array.from({ length: 8 }, (_, at) => `run-${at}`)
  expect(new Set(colorsOf(ids)).size).toBe(8)
  expect(colorsOf(['x', 'y'])[0]).toBe(colorsOf(['x', 'z'])[0])
})

test.each([['eval_loss', 'low'], ['token_f1', 'high'], ['tokens', undefined]])('of %s the better end is %s', (metric, end) => expect(betterOf(metric)).toBe(end))
