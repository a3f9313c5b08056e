/** The other person of the story: nobody approves his own work. His key is made when it is needed and kept in this page's memory. */
import { call, placed, ROOT } from '@/api/client'
import { OURS } from '@/api/headers'
import { ApiError, errorOf, unreachable } from '@/api/error'
import { session } from '@/api/session'
import type { Input, OpId } from '@/api/types'
import { REVIEWER } from './plan'

/** By project: a key is good for one. */
const secrets = new Map<string, string>()

async function key(): Promise<string> {
  const project = session.principal?.project ?? ''
  const known = secrets.get(project)
  if (known) return known
  const made = await call('governance.create_api_key', REVIEWER)
  if (!made.secret) throw new ApiError(0, 'unexpected', 'a new key came without its secret')
  secrets.set(project, made.secret)
  return made.secret
}

/** Carries out an operation as the reviewer, whoever is signed in. */
export async function callAsReviewer<O extends OpId>(op: O, input: Input<O>): Promise<void> {
  const { verb, path, params, body } = placed(op, input as Record<string, unknown>)
  const url = ROOT + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params.path[name] ?? ''))
  const headers = { ...OURS, 'Content-Type': 'application/json', Authorization: `Bearer ${await key()}` }
  const response = await fetch(url, { method: verb, headers, body: JSON.stringify(body), credentials: 'omit' }).catch(() => {
    throw unreachable()
  })
  if (!response.ok) throw await errorOf(response)
}
