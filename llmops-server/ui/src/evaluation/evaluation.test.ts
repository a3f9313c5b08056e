import { expect, test } from 'vitest'
import type { Wire } from '@/api/types'
import { adviceOf, EMPTY, moreOf, optionsOf, placeOf, requestOf, verdictOf } from './evaluation'

test('a request says who answers, and only what was chosen', () => {
  const values = { ...EMPTY, modelId: 'm', endpointId: 'e', datasetId: 'd', metrics: ['bleu', 'chrf'], options: { bleu: '{"tokenizer":"intl"}', chrf: '{}' }, limit: '8', temperature: '0' }
  expect(requestOf(values)).toEqual({ modelId: 'm', datasetId: 'd', metrics: [{ name: 'bleu', options: { tokenizer: 'intl' } }, 'chrf'], limit: 8, parameters: { temperature: 0 } })
  expect(requestOf({ ...values, of: 'endpoint' })).toMatchObject({ endpointId: 'e' })
  expect(requestOf({ ...values, of: 'endpoint' })).not.toHaveProperty('modelId')
})

test('options are a JSON object or nothing', () => {
  expect([optionsOf(''), optionsOf('{"a":1}'), optionsOf('[1]'), optionsOf('{')]).toEqual([{}, { a: 1 }, undefined, undefined])
})

test('a score stands on a scale that holds it', () => {
  const score = (value: number, low: number, high: number) => ({ name: 'x', value, parts: {}, confidence: { low, high, level: 0.95, method: 'bootstrap' } }) as Wire<'MetricScore'>
  expect(placeOf(score(0.5, 0.4, 0.6))).toMatchObject({ low: 0.4, value: 0.5, high: 0.6, to: 1 })
  expect(placeOf(score(50, 40, 60))).toMatchObject({ low: 0.4, high: 0.6, to: 100 })
  expect(placeOf(score(0.5, 0.4, 0.6), 100)).toMatchObject({ value: 0.005, to: 100 })
  expect(placeOf(score(300, 100, 1000)).to).toBe(1100)
})

const paired = (difference: number, pValue: number) => ({ difference, pValue, low: 0, high: 0, wins: 0, ties: 0, losses: 0 })

test.each([
  [0.1, 0.01, true, 'better'],
  [0.1, 0.01, false, 'worse'],
  [-0.1, 0.01, false, 'better'],
  [0.1, 0.2, true, 'chance'],
] as const)('%d at p %d, higher better %s: %s', (difference, p, higher, verdict) => expect(verdictOf(paired(difference, p), higher)).toBe(verdict))

test('the advice follows what is no chance', () => {
  const comparison = (tests: [number, number][]) => ({
    runs: [{ id: 'a', name: 'A' }, { id: 'b', name: 'B' }],
    metrics: tests.map(([difference, p]) => ({ name: 'm', higherIsBetter: true, againstFirst: [{ runId: 'b', test: paired(difference, p) }] })),
  }) as unknown as Wire<'EvaluationComparison'>
  expect(adviceOf(comparison([[0.1, 0.01], [0.1, 0.5]]))).toEqual({ kind: 'other', run: 'B' })
  expect(adviceOf(comparison([[-0.1, 0.01]]))).toEqual({ kind: 'first', run: 'A' })
  expect(adviceOf(comparison([[0.1, 0.5]])).kind).toBe('open')
})

test('a warning leads to what says more, if that is there still', () => {
  const more = (name: string, parameters: Record<string, unknown>) => moreOf({ code: 'contaminated_dataset', text: '', operation: { name, parameters } })
  expect(more('catalog.get_model_lineage', { modelId: 'm' })).toEqual({ name: 'model', params: { id: 'm' }, query: { tab: 'lineage' } })
  expect(more('datasets.get_contamination_check', { datasetId: 'd', checkId: 'c' })).toEqual({ name: 'contamination-check', params: { id: 'd', checkId: 'c' } })
  expect([more('datasets.get_contamination_check', { datasetId: 'd' }), more('else', { modelId: 'm' }), moreOf({ code: 'trained_on_dataset', text: '' })]).toEqual([undefined, undefined, undefined])
})
