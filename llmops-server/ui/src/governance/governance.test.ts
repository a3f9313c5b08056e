import { expect, test } from 'vitest'
import { filters, lookFor, sinceOf } from './audit'
import { endOf, type Key, stateOf } from './key'

const now = Date.parse('2026-11-25T12:00:30Z')

test('a period begins on a minute, so that a list stays what it is', () => {
  expect(sinceOf('24', now)).toBe('2026-11-24T12:00:00.000Z')
  expect(sinceOf('24', now + 20_000)).toBe(sinceOf('24', now))
  expect(sinceOf('', now)).toBeUndefined()
})

test('an entry is looked for at its instant', () => {
  expect(lookFor('2026-11-25T12:00:30.123456Z')).toMatchObject({ from: '2026-11-25T12:00:30.123456Z', to: '2026-11-25T12:00:30.124Z' })
})

test('a key is active until it is revoked or ends', () => {
  const key = (more: Partial<Key>) => stateOf({ expiresAt: null, revokedAt: null, ...more } as Key, now)
  expect([key({}), key({ expiresAt: '2026-11-25T12:00:00Z' }), key({ revokedAt: '2026-11-25T11:00:00Z' })]).toEqual(['active', 'expired', 'revoked'])
  expect(endOf('1', now)).toBe('2026-11-26T12:00:30.000Z')
  expect(endOf('', now)).toBeUndefined()
})

test('one looks for what people do, and for what the platform does by itself', () => {
  const actions = filters.find(({ id }) => id === 'action')!.options!.map(({ value }) => value)
  for (const known of ['catalog.create_model', 'training.finish_job', 'trash.purge']) expect(actions).toContain(known)
  expect(actions).not.toContain('catalog.list_models')
  expect(new Set(actions).size).toBe(actions.length)
})
