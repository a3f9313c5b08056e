/** Who is signed in, and what he may do. */
import { computed, reactive, readonly, watchSyncEffect } from 'vue'
import { ROOT, tell } from './client'
import { type ApiError, errorOf, unreachable } from './error'
import { goInto, OURS } from './headers'
import { hold, isHeld, release, signedIn, whenLapsed } from './hold'
import { OPERATIONS } from './operations'
import { queries } from './query'
import type { OpId } from './types'

export type Principal = { name: string; project: string; allProjects: boolean; permissions: string[] }

/** How often a page that is looked at opens its session anew; left alone, a session ends after half an hour. */
const RENEW_MS = 10 * 60_000

const state = reactive({
  principal: undefined as Principal | undefined,
  asked: false,
  /** Whether the session ended without a sign-out: what is shown stays, and waits for the same person. */
  ended: false,
  /** Whether somebody else is signed in than the one for whom this page was shown: it must begin anew. */
  isOthers: false,
})
export const session = readonly(state)
watchSyncEffect(() => goInto(state.principal?.project))

/** The session of the cookie, or, with a POST, a new one in place of a key, of a link's secret or of the one of the cookie. */
async function ask(method: 'GET' | 'POST' | 'DELETE', { secret, project }: { secret?: string; project?: string } = {}): Promise<Principal> {
  const headers: Record<string, string> = { ...OURS }
  if (secret) headers.Authorization = `Bearer ${secret}`
  if (project) headers['Content-Type'] = 'application/json'
  const body = project ? JSON.stringify({ project }) : undefined
  const response = await fetch(`${ROOT}/llm-ops/v1/session`, { method, headers, body }).catch(() => {
    tell('failed', unreachable())
    throw unreachable()
  })
  if (!response.ok) throw await errorOf(response)
  const { actor, permissions, ...told } = (await response.json()).data
  return { name: actor, project: told.project, allProjects: told.allProjects, permissions }
}

/** The cookie is out of a script's sight: whether there may be one, so that nobody is asked for a session he never had. */
const MARK = 'llmops.signedIn'
/** Changes whenever somebody signs in or out: all pages share one session, and the others hear of it. */
const CHANGED = 'llmops.session'
const tellOthers = (what: 'in' | 'out') => localStorage.setItem(CHANGED, `${what} ${Math.random()}`)

/** Asks the server once who is signed in. An unreachable server is not a sign-out: the error goes to the caller. */
export async function knowSession(): Promise<Principal | undefined> {
  if (state.asked || !localStorage.getItem(MARK)) return state.principal
  state.principal = await ask('GET').catch((error: ApiError) => {
    if (error.status === 401) return undefined
    throw error
  })
  state.asked = true
  return state.principal
}

/** Signs in. Where no page is shown that belongs to somebody, it need not be who was here before. */
export async function signIn(secret: string, { isAnybody = false } = {}) {
  const now = await ask('POST', { secret })
  localStorage.setItem(MARK, 'yes')
  state.asked = true
  if (isAnybody && state.principal?.name !== now.name) forget()
  await take(now)
  tellOthers('in')
}

/** Goes to another project with all pages that are open: they share one session. */
export async function switchProject(project: string) {
  state.principal = await signedIn(() => ask('POST', { project }))
  tellOthers('in')
}

/** What is asked meanwhile waits: it would be refused, and nobody is there any more to see it. */
export async function signOut() {
  hold()
  await queries.cancelQueries()
  try {
    await ask('DELETE')
  } catch (thrown) {
    // Whose session had ended is out.
    if ((thrown as ApiError).status !== 401) {
      release(true)
      void queries.invalidateQueries()
      throw thrown
    }
  }
  localStorage.removeItem(MARK)
  forget()
  tellOthers('out')
}

/** Nobody is signed in here any more. What waits goes on waiting, until it is given up for whoever comes next. */
function forget() {
  hold()
  Object.assign(state, { principal: undefined, asked: true, ended: false })
  queries.clear()
}

/** Does without the one whose session ended. */
export const giveUp = () => state.ended && forget()

/** The session ended by itself: its key was revoked or expired, or it was left alone for too long. */
function lapse() {
  if (!state.principal || isHeld()) return
  hold()
  state.ended = true
  localStorage.removeItem(MARK)
}

/** Somebody is signed in: the one for whom the page was shown, who goes on in the project where he was, or somebody else. */
async function take(now: Principal) {
  const before = state.principal
  state.isOthers = before !== undefined && before.name !== now.name
  if (state.isOthers) return hold()
  const isBack = state.ended && before
  const there = isBack && before.project !== now.project ? await ask('POST', { project: before.project }).catch(() => now) : now
  Object.assign(state, { principal: there, ended: false })
  // What was read for one person is not for the next.
  if (!before) queries.clear()
  if (isBack) void queries.invalidateQueries()
  release(before !== undefined)
}

/** Whether the one who is signed in may carry out an operation. The server decides; this only spares a refused click. */
export function may(op: OpId): boolean {
  const needed: string = OPERATIONS[op][2]
  const [domain, action] = needed.split(':')
  const held = state.principal?.permissions ?? []
  return needed === '' || ['*', needed, `${domain}:*`, `*:${action}`].some((one) => held.includes(one))
}

export const useMay = (op: OpId) => computed(() => may(op))

setInterval(() => {
  if (state.principal && !isHeld() && !document.hidden) void ask('POST').catch(({ status }: ApiError) => status === 401 && lapse())
}, RENEW_MS)

addEventListener('storage', async ({ key, newValue }) => {
  if (key !== CHANGED) return
  if (newValue?.startsWith('out')) return forget()
  const now = await ask('GET').catch(() => undefined)
  if (now) await take(now)
})

whenLapsed(lapse)
