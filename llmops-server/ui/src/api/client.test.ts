import { afterEach, expect, test, vi } from 'vitest'
import { call, placed, urlOf } from './client'
import { ApiError } from './error'

const answer = (status: number, body: unknown) => new Response(typeof body === 'string' ? body : JSON.stringify(body), { status })
afterEach(() => vi.restoreAllMocks())

test('the fields of an operation go into path, query and body', () => {
  expect(placed('catalog.list_models', { text: 'a b', status: '', limit: 5 })).toMatchObject({ verb: 'GET', params: { path: {}, query: { text: 'a b', limit: 5 } }, body: undefined })
  expect(placed('catalog.update_model', { modelId: 'm', tags: ['x'], ownerTeam: null })).toMatchObject({ verb: 'PATCH', params: { path: { modelId: 'm' }, query: {} }, body: { tags: ['x'], ownerTeam: null } })
})

test('a path keeps its slashes in an address, and nothing else', () => {
  expect(urlOf('catalog.download_model_file', { modelId: 'm', path: 'a b/c?.json' })).toContain('/catalog/models/m/files/a%20b/c%3F.json')
})

test('an answer comes out of its envelope, a list with how to go on', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer(200, { status: 'success', data: [{ id: '1' }], page: { limit: 50, nextCursor: 'c' } }))
  expect(await call('catalog.list_models', { text: 'x' })).toEqual({ items: [{ id: '1' }], page: { limit: 50, nextCursor: 'c' } })
  const request = fetched.mock.calls[0][0] as Request
  expect([request.method, new URL(request.url).search, request.headers.get('x-requested-with')]).toEqual(['GET', '?text=x', 'llmops'])
})

test('a change says what it is bound to', async () => {
  const fetched = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer(200, { data: {} }))
  await call('catalog.update_model', { modelId: 'a/b', tags: [] }, { ifMatch: '"r1"' })
  const request = fetched.mock.calls[0][0] as Request
  expect([request.method, new URL(request.url).pathname, request.headers.get('if-match')]).toEqual(['PATCH', '/llm-ops/v1/catalog/models/a%2Fb', '"r1"'])
})

test.each([
  [409, { error: { kind: 'conflict', code: 'x', message: 'no', hint: 'do', requestId: 'r' } }, 'conflict', 'do'],
  [502, '<html>bad gateway</html>', 'network', undefined],
  [404, 'nothing', 'unexpected', undefined],
])('a refusal of %i is an error with its kind', async (status, body, kind, hint) => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async () => answer(status, body))
  const error = await call('catalog.get_model', { modelId: 'm' }).catch((thrown) => thrown)
  expect(error).toBeInstanceOf(ApiError)
  expect([error.kind, error.more.hint]).toEqual([kind, hint])
})

test('a server that is away is told as that', async () => {
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input) => {
    if (String(input instanceof Request ? input.url : input).includes('healthz')) return answer(200, 'ok')
    throw new TypeError('failed to fetch')
  })
  const error = await call('catalog.get_model', { modelId: 'm' }).catch((thrown) => thrown)
  expect(error.isNetwork).toBe(true)
})
