/** Who is signed in, and what he may do. */
import { computed, reactive, readonly } from 'vue'
import { listen, OURS, ROOT } from './client'
import { type ApiError, errorOf, unreachable } from './error'
import { OPERATIONS } from './operations'
import { queries } from './query'
import type { OpId } from './types'

export type Principal = { name: string; project?: string; roles: string[]; permissions: string[] }

const state = reactive({ principal: undefined as Principal | undefined, asked: false })
export const session = readonly(state)

async function ask(method: 'GET' | 'POST' | 'DELETE', body?: object): Promise<Principal | undefined> {
  const headers = body ? { ...OURS, 'Content-Type': 'application/json' } : OURS
  const response = await fetch(`${ROOT}/llm-ops/v1/session`, { method, headers, body: body && JSON.stringify(body) }).catch(() => {
    throw unreachable()
  })
  if (!response.ok) throw await errorOf(response)
  if (response.status === 204) return undefined
  const said = await response.json()
  return (said.data ?? said).principal
}

/** Asks the server once who is signed in. An unreachable server is not a sign-out: the error goes to the caller. */
export async function knowSession(): Promise<Principal | undefined> {
  if (state.asked) return state.principal
  state.principal = await ask('GET').catch((error: ApiError) => {
    if (error.status === 401) return undefined
    throw error
  })
  state.asked = true
  return state.principal
}

export async function signIn(secret: { key: string } | { token: string }) {
  state.principal = await ask('POST', secret)
  state.asked = true
  queries.clear()
}

export async function signOut() {
  await ask('DELETE')
  forget()
}

function forget() {
  state.principal = undefined
  state.asked = true
  queries.clear()
}

/** Whether the one who is signed in may carry out an operation. The server decides; this only spares a refused click. */
export function may(op: OpId): boolean {
  const needed: string = OPERATIONS[op][2]
  return needed === '' || (state.principal?.permissions.includes(needed) ?? false)
}

export const useMay = (op: OpId) => computed(() => may(op))

listen({
  failed: (error) => {
    if (error.status === 401 && state.principal) forget()
  },
})
