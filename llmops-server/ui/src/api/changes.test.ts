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

test('a change is handed on at once, and those of the next two seconds together', async () => {
  vi.useFakeTimers()
  const seen: string[][] = []
  const tell = gathered(2_000, (domains) => seen.push([...domains]))
  tell(['training'])
  tell(['cost'])
  tell(['training', 'cost'])
  expect(seen).toEqual([['training']])
  await vi.advanceTimersByTimeAsync(2_000)
  expect(seen).toEqual([['training'], ['cost', 'training']])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(seen).toHaveLength(2)
  tell(['serving'])
  expect(seen[2]).toEqual(['serving'])
  vi.useRealTimers()
})

test('what takes long is dealt with before more is handed on', async () => {
  vi.useFakeTimers()
  const [seen, ends]: [string[][], (() => void)[]] = [[], []]
  const tell = gathered(2_000, (domains) => (seen.push([...domains]), new Promise<void>((done) => ends.push(done))))
  tell(['training'])
  tell(['cost'])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(seen).toEqual([['training']])
  ends[0]()
  await vi.advanceTimersByTimeAsync(2_000)
  expect(seen).toEqual([['training'], ['cost']])
  vi.useRealTimers()
})
