/** The one client: carries out any operation by its id. */
import createClient from 'openapi-fetch'
import { asApiError, type ApiError, errorIn, unreachable } from './error'
import { ours } from './headers'
import { signedIn } from './hold'
import { OPERATIONS } from './operations'
import type { paths } from './schema'
import type { Input, OpId, Output } from './types'

/** Where the server is: where the page came from. */
export const ROOT = location.origin

type Told = { reached?: () => void; failed?: (error: ApiError) => void }
const listeners: Told[] = []

/** Hears of every call that reached the server or failed: the link does. */
export function listen(told: Told) {
  listeners.push(told)
}

export type CallOptions = { signal?: AbortSignal; ifMatch?: string; idempotencyKey?: string }

const client = createClient<paths>({
  baseUrl: ROOT,
  // Looked up at each call, so that tests may put another in its place.
  fetch: (request) => globalThis.fetch(request),
})

/** Path, query and body out of the one object an operation takes. */
export function placed(op: OpId, input: Record<string, unknown>) {
  const [verb, path] = OPERATIONS[op]
  const inPath: Record<string, string> = {}
  const rest: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(input)) {
    if (path.includes(`{${name}}`)) inPath[name] = String(value)
    else if (value !== undefined) rest[name] = value
  }
  const hasBody = verb !== 'GET' && verb !== 'DELETE'
  const query = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null && value !== ''))
  return { verb, path, params: { path: inPath, query: hasBody ? {} : query }, body: hasBody ? rest : undefined }
}

/** Carries out an operation and gives what its envelope holds; a list gives `{items, page}`. */
export function call<O extends OpId>(op: O, input: Input<O>, options: CallOptions = {}): Promise<Output<O>> {
  return signedIn(() => once(op, input, options), options.signal)
}

async function once<O extends OpId>(op: O, input: Input<O>, options: CallOptions): Promise<Output<O>> {
  const { verb, path, params, body } = placed(op, input as Record<string, unknown>)
  const headers = { ...ours() }
  if (options.ifMatch) headers['If-Match'] = options.ifMatch
  if (options.idempotencyKey) headers['Idempotency-Key'] = options.idempotencyKey
  try {
    const request = client.request as unknown as (verb: string, path: string, init: object) => Promise<{ response: Response; error?: unknown }>
    const { response, error } = await request(verb.toLowerCase(), path, {
      params, body, headers, signal: options.signal, parseAs: 'stream',
    }).catch((thrown) => {
      throw options.signal?.aborted ? thrown : unreachable()
    })
    if (!response.ok) throw errorIn(response, error)
    tell('reached')
    return opened(await response.json()) as Output<O>
  } catch (thrown) {
    if (!options.signal?.aborted) tell('failed', asApiError(thrown))
    throw thrown
  }
}

/** The address of an operation that is no JSON call: a download, a stream, an upload, whose fields go into the query. */
export function urlOf<O extends OpId>(op: O, input: Input<O>): string {
  const { path, params, body } = placed(op, input as Record<string, unknown>)
  const inPath = (_: string, name: string) => (params.path[name] ?? '').split('/').map(encodeURIComponent).join('/')
  const given = Object.entries({ ...params.query, ...body }).filter(([, value]) => value !== undefined && value !== '')
  const query = new URLSearchParams(given.flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, String(one)]))).toString()
  return ROOT + path.replace(/\{(\w+)\}/g, inPath) + (query ? `?${query}` : '')
}

export function tell(what: 'reached' | 'failed', error?: ApiError) {
  for (const told of listeners) {
    if (what === 'reached') told.reached?.()
    else if (error) told.failed?.(error)
  }
}

function opened(envelope: { data?: unknown; page?: unknown }): unknown {
  return envelope.page && Array.isArray(envelope.data) ? { items: envelope.data, page: envelope.page } : envelope.data
}
