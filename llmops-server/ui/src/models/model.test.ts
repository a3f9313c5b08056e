import { expect, test } from 'vitest'
import { headline, missingOf, type Model } from './model'

test('what a card lacks is named', () => {
  expect(missingOf({ metadata: { purpose: 'p', scope: ' ', contact: 'c' } } as unknown as Model)).toEqual(['scope', 'license'])
})

test('the newest evaluation is the one in the list', () => {
  const evaluationSummary = { old: { completedAt: '2026-01-01', metrics: { a: 1 } }, new: { completedAt: '2026-02-01', metrics: { b: 2 } } }
  expect(headline({ evaluationSummary } as unknown as Model)).toEqual({ name: 'b', value: 2, on: 'new' })
  expect(headline({ evaluationSummary: {} } as Model)).toBeUndefined()
})
