import { expect, test } from 'vitest'
import { type Job, leftOf, shareOf, stepsOf, tookOf } from './job'
import { said } from './logs'

const job = (more: Partial<Job>) => ({ status: 'running', timeline: [], ...more }) as unknown as Job
const [start, now] = ['2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:01:40Z')]

test('a job is as far as its steps, and done when it succeeded', () => {
  expect([job({}), job({ progress: { step: 1, steps: 4, tokens: 0 } }), job({ status: 'succeeded' })].map(shareOf)).toEqual([0, 0.25, 1])
})

test('what is left goes on as what was', () => {
  const half = job({ startedAt: start, progress: { step: 1, steps: 4, tokens: 0 } })
  expect([tookOf(half, now), leftOf(half, now), leftOf(job({ startedAt: start }), now)]).toEqual([100_000, 300_000, undefined])
})

test('the last moment is under way as long as the job is', () => {
  const timeline = [{ at: start, status: 'queued', reason: 'a' }, { at: start, status: 'running', reason: 'b' }] as Job['timeline']
  expect(stepsOf(job({ timeline }), () => '').map(({ state }) => state)).toEqual(['done', 'now'])
  expect(stepsOf(job({ timeline, status: 'succeeded' }), () => '').map(({ state }) => state)).toEqual(['done', 'done'])
})

test('what is said twice in a row happened once', () => {
  const moment = (at: string, status: string, reason: string) => ({ at, status, reason })
  const timeline = [moment('1', 'queued', 'a'), moment('2', 'running', 'b'), moment('3', 'cancelled', 'c'), moment('4', 'cancelled', 'c')] as Job['timeline']
  expect(stepsOf(job({ timeline, status: 'cancelled' }), (at, before) => `${before}-${at}`).map(({ title, text }) => [title, text])).toEqual([['a', 'undefined-1'], ['b', '1-2'], ['c', '2-3']])
})

test('an event is read as words, a text as it is', () => {
  const line = (line: string) => ({ attempt: 2, channel: 'events' as const, line })
  expect(said(line('{"event":"step","loss":1.23456789,"x":null}'), true)).toBe('#2 step       loss=1.2346')
  expect(said(line('no json'), false)).toBe('no json')
  expect(said({ attempt: 1, channel: 'text', line: '{"a":1}' }, false)).toBe('{"a":1}')
})
