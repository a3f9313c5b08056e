// A session that ends under a page, and the ways on: the same person, somebody else, nobody.
import { beforeEach, expect, test, vi } from 'vitest'

type Server = { who?: { actor: string; project: string }; asked: string[]; refuses?: number }
const server: Server = { asked: [] }
const ANN = { actor: 'ann', project: 'default' }

vi.stubGlobal('fetch', async (input: Request | string, init: RequestInit = {}) => {
  const request = input instanceof Request ? input : new Request(input, { ...init, signal: undefined })
  const [path, body] = [new URL(request.url).pathname.replace('/llm-ops/v1', ''), await request.text()]
  server.asked.push(`${request.method} ${path}`)
  const answer = (status: number, said: object) => new Response(JSON.stringify(said), { status })
  const secret = request.headers.get('authorization')?.replace('Bearer ', '')
  if (path === '/session') {
    if (request.method === 'DELETE' && server.refuses) return answer(server.refuses, {})
    if (request.method === 'DELETE') server.who = undefined
    if (secret) server.who = { actor: secret, project: 'default' }
    if (server.who && body) server.who = { ...server.who, project: JSON.parse(body).project }
    if (request.method === 'DELETE') return answer(200, { data: {} })
  }
  if (!server.who) return answer(401, { error: { kind: 'unauthenticated', message: 'an API key is needed' } })
  return answer(200, { data: path === '/session' ? { ...server.who, allProjects: true, permissions: ['*'] } : { by: server.who.actor, in: request.headers.get('x-llmops-project') ?? server.who.project } })
})
const { call } = await import('./client')
const { queries } = await import('./query')
const { giveUp, session, signIn, signOut, switchProject } = await import('./session')

const rest = () => new Promise((done) => setTimeout(done, 5))
const ask = (signal?: AbortSignal) => call('catalog.get_model', { modelId: 'm' }, { signal }) as Promise<unknown>
const asks = () => server.asked.filter((one) => one.includes('models')).length
const fromOther = (what: string) => dispatchEvent(new StorageEvent('storage', { key: 'llmops.session', newValue: `${what} 1` }))

beforeEach(async () => {
  Object.assign(server, { who: undefined, refuses: undefined })
  await signIn('ann', { isAnybody: true })
  server.asked.length = 0
})

test('what was refused as the session ended goes on once the same person is back, where he was', async () => {
  await switchProject('other')
  server.who = undefined
  const [first, second] = [ask(), ask()]
  await rest()
  expect([session.ended, session.principal?.name, asks()]).toEqual([true, 'ann', 2])
  const third = ask()
  await rest()
  expect(asks(), 'what is asked meanwhile waits').toBe(2)
  await signIn('ann')
  const found = { by: 'ann', in: 'other' }
  expect([await first, await second, await third]).toEqual([found, found, found])
  expect([session.ended, session.isOthers, session.principal?.project]).toEqual([false, false, 'other'])
})

test('nothing of it goes on for somebody else, and the page is to begin anew', async () => {
  server.who = undefined
  const mine = ask()
  await rest()
  await signIn('ben')
  const meanwhile = ask()
  await rest()
  expect([session.isOthers, session.principal?.name, asks()]).toEqual([true, 'ann', 1])
  await signIn('ben', { isAnybody: true })
  await expect(mine).rejects.toThrow('somebody else')
  await expect(meanwhile).rejects.toThrow('somebody else')
  expect([session.isOthers, session.principal?.name]).toEqual([false, 'ben'])
})

test('who signs in on another page is back on this one as well', async () => {
  server.who = undefined
  const mine = ask()
  await rest()
  server.who = ANN
  fromOther('in')
  expect(await mine).toMatchObject({ by: 'ann' })
  server.who = { ...ANN, actor: 'ben' }
  fromOther('in')
  await rest()
  expect(session.isOthers).toBe(true)
})

test('who signs out is asked for nothing any more, and what was under way is cut', async () => {
  const cut = vi.fn()
  void queries.fetchQuery({ queryKey: ['slow'], queryFn: ({ signal }) => new Promise((_, fail) => signal.addEventListener('abort', () => (cut(), fail(signal.reason)))) }).catch(() => {})
  const out = signOut()
  const late = ask()
  await out
  await rest()
  expect([cut.mock.calls.length, session.principal, session.ended, asks()]).toEqual([1, undefined, false, 0])
  await signIn('ann')
  await expect(late).rejects.toThrow('somebody else')
  fromOther('out')
  expect(session.principal, 'all pages share one session').toBeUndefined()
})

test('who could not be signed out goes on', async () => {
  server.refuses = 503
  const out = signOut()
  const late = ask()
  await expect(out).rejects.toThrow()
  expect(await late).toMatchObject({ by: 'ann' })
  expect(session.principal?.name).toBe('ann')
})

test('what nobody waits for any more is not asked, and who gives up is out', async () => {
  server.who = undefined
  const cut = new AbortController()
  const mine = ask(cut.signal)
  await rest()
  cut.abort()
  await expect(mine).rejects.toThrow()
  giveUp()
  expect([session.ended, session.principal, asks()]).toEqual([false, undefined, 1])
})

test('another page that goes elsewhere takes nothing of this one along before it hears of it', async () => {
  server.who = { ...ANN, project: 'other' }
  expect(await ask()).toEqual({ by: 'ann', in: 'default' })
  fromOther('in')
  await rest()
  expect(await ask()).toEqual({ by: 'ann', in: 'other' })
})
