import { expect, test } from 'vitest'
import { headline, missingOf, type Model, partsOf, patchOf } from './model'

test('a card is shown its needed parts first, its data apart', () => {
  const { texts, data } = partsOf({ note: 'n', purpose: 'p', training: { lr: 1 }, scope: '' })
  expect([texts.map(({ key }) => key), data]).toEqual([['purpose', 'note'], { training: { lr: 1 } }])
})

test('a card that is edited is sent as what changed', () => {
  expect(patchOf({ a: '1', b: '2', c: '3' }, { a: '1', b: ' ', c: '4', d: '5', e: '' })).toEqual({ b: null, c: '4', d: '5' })
})

test('what a card lacks is named', () => {
  expect(missingOf({ metadata: { purpose: 'p', scope: ' ', contact: 'c' } } as unknown as Model)).toEqual(['scope', 'license'])
})

test('the newest evaluation is the one in the list', () => {
  const evaluationSummary = { old: { completedAt: '2026-01-01', metrics: { a: 1 } }, new: { completedAt: '2026-02-01', metrics: { b: 2 } } }
  expect(headline({ evaluationSummary } as unknown as Model)).toEqual({ name: 'b', value: 2, on: 'new' })
  expect(headline({ evaluationSummary: {} } as Model)).toBeUndefined()
})
