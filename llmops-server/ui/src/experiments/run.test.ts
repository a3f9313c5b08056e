import { expect, test } from 'vitest'
import { groupsOf, metricRows, paramRows, type Run, statusOf } from './run'

test('a parameter differs when a run has another value or none', () => {
  expect(paramRows([{ params: { lr: '1', seed: '2' } }, { params: { lr: '1', seed: '3' } }])).toEqual([
    { name: 'lr', values: ['1', '1'], differs: false },
    { name: 'seed', values: ['2', '3'], differs: true },
  ])
  expect(paramRows([{ params: { a: '1' } }, { params: {} }])).toEqual([{ name: 'a', values: ['1', undefined], differs: true }])
})

test('a parameter that is JSON stands by its parts', () => {
  const of = (architecture: string) => ({ params: { architecture } })
  expect(paramRows([of('{"layers":2,"rope":{"base":1e4},"tied":true}'), of('{"layers":4,"rope":{},"tied":true}'), of('{not json')])).toEqual([
    { name: 'architecture', values: [undefined, undefined, '{not json'], differs: true },
    { name: 'architecture › layers', values: ['2', '4', undefined], differs: true },
    { name: 'architecture › rope', values: [undefined, '{}', undefined], differs: true },
    { name: 'architecture › rope › base', values: ['10000', undefined, undefined], differs: true },
    { name: 'architecture › tied', values: ['true', 'true', undefined], differs: true },
  ])
})

const run = (metrics: Record<string, number | 'NaN'>) => ({ metrics: Object.fromEntries(Object.entries(metrics).map(([name, last]) => [name, { last, min: 1, max: 9, points: 1, step: 1 }])) }) as unknown as Run

test('the best loss is the least, the best score the greatest, and of others there is none', () => {
  const rows = metricRows([run({ loss: 2, f1: 0.5, tokens: 3 }), run({ loss: 1, f1: 0.7, tokens: 4 })], 'last')
  expect(rows.map(({ name, best }) => [name, best])).toEqual([['f1', 0.7], ['loss', 1], ['tokens', undefined]])
})

test('what is no number is nothing, and equal values have no best', () => {
  expect(metricRows([run({ loss: 'NaN' }), run({ loss: 1 })], 'last')[0]).toEqual({ name: 'loss', values: [null, 1], best: undefined })
  expect(metricRows([run({ loss: 2 }), run({ loss: 3 })], 'min')[0].best).toBeUndefined()
})

test('losses share a chart', () => {
  expect(groupsOf(['eval_loss', 'grad_norm', 'loss', 'loss_ema'])).toEqual([['eval_loss', 'loss', 'loss_ema'], ['grad_norm']])
})

test('a run of a job ended as its job says', () => {
  expect([{ jobId: 'j', status: 'killed' }, { jobId: 'j', status: 'failed' }, { status: 'killed' }].map((run) => statusOf(run as Run))).toEqual(['cancelled', 'failed', 'killed'])
})
