/** Who is signed in, and what he may do. */
import { computed, reactive, readonly } from 'vue'
import { listen, OURS, ROOT, tell } from './client'
import { type ApiError, errorOf, unreachable } from './error'
import { OPERATIONS } from './operations'
import { queries } from './query'
import type { OpId } from './types'

export type Principal = { name: string; project: string; allProjects: boolean; permissions: string[] }

/** How often a page that is looked at opens its session anew; left alone, a session ends after half an hour. */
const RENEW_MS = 10 * 60_000

const state = reactive({ principal: undefined as Principal | undefined, asked: false })
export const session = readonly(state)

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
/** Changes whenever the session does: all pages share one, and the others hear of it. */
const CHANGED = 'llmops.session'
const tellOthers = () => localStorage.setItem(CHANGED, String(Math.random()))

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

export async function signIn(secret: string) {
  state.principal = await ask('POST', { secret })
  localStorage.setItem(MARK, 'yes')
  state.asked = true
  queries.clear()
  tellOthers()
}

/** Goes to another project with all pages that are open: they share one session. */
export async function switchProject(project: string) {
  state.principal = await ask('POST', { project })
  tellOthers()
}

export async function signOut() {
  await ask('DELETE')
  forget()
}

function forget() {
  localStorage.removeItem(MARK)
  state.principal = undefined
  state.asked = true
  queries.clear()
  tellOthers()
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
  if (state.principal && !document.hidden) void ask('POST').catch(() => undefined)
}, RENEW_MS)

addEventListener('storage', async ({ key }) => {
  if (key !== CHANGED) return
  const now = await ask('GET').catch((error: ApiError) => (error.status === 401 ? undefined : state.principal))
  // What was read for one person is not for the next.
  if (now?.name !== state.principal?.name) queries.clear()
  state.principal = now
})

listen({
  failed: (error) => {
    if (error.status === 401 && state.principal) forget()
  },
})
