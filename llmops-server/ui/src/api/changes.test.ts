import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'
import type { Follower } from './sse'

const { call, follow } = vi.hoisted(() => ({ call: vi.fn(), follow: vi.fn() }))
vi.mock('./client', async (original) => ({ ...(await original<object>()), call }))
vi.mock('./sse', () => ({ follow }))
vi.mock('./session', () => ({ session: { principal: { name: 'ann', project: 'default' } } }))
const { concerns, gathered, untold, useChanges } = await import('./changes')
const { useRead } = await import('./query')

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

test('changes are followed while something is to be fresh, and what they concern is read again', async () => {
  vi.useFakeTimers()
  let [stream, stopped] = [undefined as Follower<{ domains: string[] }> | undefined, 0]
  follow.mockImplementation((_op, _input, to) => ((stream = to), () => (stopped += 1)))
  call.mockImplementation(() => Promise.resolve({ items: [] }))
  const [client, shown] = [new QueryClient(), ref<'one' | 'jobs'>('one')]
  const One = defineComponent(() => (useRead('training.get_job', { jobId: 'a' }), () => h('p')))
  const Jobs = defineComponent(() => (useRead('training.list_jobs', {}, { every: 15_000 }), () => h('p')))
  const App = defineComponent(() => (useChanges(client), () => h(shown.value === 'one' ? One : Jobs)))
  const page = mount(App, { global: { plugins: [[VueQueryPlugin, { queryClient: client }]] } })
  await vi.advanceTimersByTimeAsync(1_000)
  expect(follow).not.toHaveBeenCalled()
  shown.value = 'jobs'
  await vi.advanceTimersByTimeAsync(1_000)
  expect(follow).toHaveBeenCalledTimes(1)
  const asked = () => call.mock.calls.filter(([op]) => op === 'training.list_jobs').length
  expect(asked()).toBe(1)
  stream!.state!('open')
  stream!.item({ domains: ['catalog', 'training'] })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(asked(), 'what was read before it was followed may be old').toBe(2)
  stream!.item({ domains: ['catalog'] })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(asked()).toBe(2)
  stream!.item({ domains: ['training'] })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(asked()).toBe(3)
  stream!.state!('ended')
  expect(untold.value, 'pages ask by themselves').toBe(true)
  shown.value = 'one'
  await vi.advanceTimersByTimeAsync(1_000)
  expect(untold.value).toBe(false)
  expect(stopped).toBeGreaterThan(0)
  expect(follow).toHaveBeenCalledTimes(1)
  page.unmount()
  vi.useRealTimers()
})
