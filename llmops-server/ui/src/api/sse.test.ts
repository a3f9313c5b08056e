import { afterEach, expect, test, vi } from 'vitest'
import { follow, Frames } from './sse'

const stream = (text: string) => new Response(new Blob([text]).stream(), { status: 200, headers: { 'content-type': 'text/event-stream' } })
afterEach(() => vi.restoreAllMocks())

test('frames come whole, however the bytes are cut', () => {
  const frames = new Frames()
  expect(frames.push('id: 1\nda')).toEqual([])
  expect(frames.push('ta: {"a":1}\n\n: ping\n\nevent: error\r\ndata: x\r\n')).toEqual([{ event: 'message', data: '{"a":1}', id: '1' }])
  expect(frames.push('\r\n')).toEqual([{ event: 'error', data: 'x' }])
})

test('a stream that is cut goes on after its last id', async () => {
  const asked: (string | null)[] = []
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    if (String(input).includes('healthz')) return new Response('ok')
    const headers = new Headers(init?.headers)
    asked.push(headers.get('last-event-id'))
    if (asked.length === 1) return stream('id: 7\ndata: {"n":1}\n\nevent: error\ndata: {"kind":"unavailable","message":"going","retryable":true}\n\n')
    return stream('id: 8\ndata: {"n":2}\n\n')
  })
  const items: unknown[] = []
  const states: string[] = []
  await new Promise<void>((done) => {
    follow('catalog.watch_model', { modelId: 'm' }, {
      item: (item) => items.push(item),
      state: (state) => (states.push(state), state === 'ended' && done()),
    })
  })
  expect(items).toEqual([{ n: 1 }, { n: 2 }])
  expect(asked).toEqual([null, '7'])
  expect(states).toEqual(['open', 'waiting', 'open', 'ended'])
})

test('a refusal ends it and is told', async () => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response(JSON.stringify({ error: { kind: 'not_found', message: 'gone' } }), { status: 404 }))
  const error = await new Promise<Error>((failed) => follow('catalog.watch_model', { modelId: 'm' }, { item: () => {}, failed }))
  expect(error.message).toBe('gone')
})
