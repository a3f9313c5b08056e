import { expect, test, vi } from 'vitest'
import { concerns, gathered } from './changes'

test('a change concerns what reads its domain, and what reads it beside its own', () => {
  const training = new Set(['training'])
  expect(concerns('training.list_jobs', training)).toBe(true)
  expect(concerns('catalog.list_models', training)).toBe(false)
  expect(concerns('governance.list_audit_logs', training)).toBe(true)
  expect(concerns('catalog.get_model_gates', training)).toBe(false)
  expect(concerns('catalog.get_model_gates', new Set(['evaluation']))).toBe(true)
})

test('a change is handed on at once, and those of the next two seconds together', () => {
  vi.useFakeTimers()
  const seen: string[][] = []
  const tell = gathered(2_000, (domains) => seen.push([...domains]))
  tell(['training'])
  tell(['cost'])
  tell(['training', 'cost'])
  expect(seen).toEqual([['training']])
  vi.advanceTimersByTime(2_000)
  expect(seen).toEqual([['training'], ['cost', 'training']])
  vi.advanceTimersByTime(60_000)
  expect(seen).toHaveLength(2)
  tell(['serving'])
  expect(seen[2]).toEqual(['serving'])
  vi.useRealTimers()
})
