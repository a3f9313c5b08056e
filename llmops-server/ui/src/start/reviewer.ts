/** The other person of the story: nobody approves his own work. His key is made when it is needed and kept in this page's memory. */
import { call, OURS, placed, ROOT } from '@/api/client'
import { ApiError, errorOf, unreachable } from '@/api/error'
import type { Input, OpId } from '@/api/types'
import { REVIEWER } from './plan'

let secret: string | undefined

async function key(): Promise<string> {
  if (secret) return secret
  const made = await call('governance.create_api_key', REVIEWER)
  if (!made.secret) throw new ApiError(0, 'unexpected', 'a new key came without its secret')
  return (secret = made.secret)
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
