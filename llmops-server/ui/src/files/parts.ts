/** Large files of a model or a dataset, sent in parts: what is broken off goes on where it was, also after the page was closed. */
import { call } from '@/api/client'
import { ApiError, asApiError } from '@/api/error'
import type { Input, Wire } from '@/api/types'
import { upload, type Upload } from '@/api/upload'
import type { Taker, Taking } from './taking'

/** What this browser remembers of an upload; `said` is what was said of the file, as text. */
type Begun = { id: string; bytes: number; changed: number; said?: string }
type Seen = Wire<'ModelUpload'> | Wire<'DatasetUpload'>

/** Files of more bytes than this go in parts, where the browser can hash one. */
const LARGE = 8 * 1024 * 1024
const AT_ONCE = 3
/** How often a part is sent that does not arrive: a server that is away for half a minute is waited for. */
const TRIES = 8

export const isLarge = (file: File) => file.size > LARGE && Boolean(globalThis.crypto?.subtle)

export function uploadInParts<T extends Taking>(of: Taker<T>, file: File, path: string, progress: (share: number) => void): Upload<T['whole']> {
  const stops = new Set<() => void>()
  const abort = new AbortController()
  const stop = () => {
    abort.abort(new DOMException('stopped', 'AbortError'))
    for (const one of stops) one()
  }
  return { done: send({ of, file, path, progress, stops, signal: abort.signal }) as Upload<T['whole']>['done'], stop }
}

type Sending = { of: Taker; file: File; path: string; progress: (share: number) => void; stops: Set<() => void>; signal: AbortSignal }

async function send(sending: Sending) {
  const { of, file, path, progress, signal } = sending
  const begun = await begin(sending)
  const at = { uploadId: begun.id }
  const numbers = (begun.missing ?? []).flatMap(({ first, last }) => Array.from({ length: last - first + 1 }, (_, n) => first + n))
  const going = new Map<number, number>()
  let arrived = begun.receivedBytes
  const tell = () => progress((arrived + [...going.values()].reduce((sum, bytes) => sum + bytes, 0)) / file.size)
  tell()
  const work = async () => {
    for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
      const part = file.slice(number * begun.partBytes, (number + 1) * begun.partBytes)
      const hear = (share: number) => void (going.set(number!, share * part.size), tell())
      await patiently(signal, async () => sendPart(sending, { ...at, number: number!, sha256: await digestOf(part) }, part, hear))
      going.delete(number)
      arrived += part.size
      tell()
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  let now = await patiently(signal, () => ask(of, 'complete', at))
  for (let pause = 50; now.state === 'completing'; pause = Math.min(2 * pause, 1000)) {
    await rest(pause, signal)
    now = await patiently(signal, () => ask(of, 'get', at))
  }
  forget(of, path)
  if (!now.file) throw new ApiError(422, now.error?.kind ?? 'conflict', now.error?.message ?? 'the upload was given up', { code: now.error?.code, hint: now.error?.hint ?? undefined })
  return { files: [now.file] }
}

/** Asks about an upload. Of models and datasets alike the words are the same but for whose it is. */
const ask = (of: Taker, what: 'create' | 'get' | 'complete', input: Record<string, unknown>): Promise<Seen> =>
  call(of.taking[what], { ...input, [of.taking.field]: of.id } as Input<Taking['get']>)

async function sendPart({ of, stops }: Sending, at: { uploadId: string; number: number; sha256: string }, part: Blob, hear: (share: number) => void) {
  const sent = upload(of.taking.part, { ...at, [of.taking.field]: of.id } as Input<Taking['part']>, new File([part], 'part'), 'part', hear)
  stops.add(sent.stop)
  await sent.done.finally(() => stops.delete(sent.stop))
}

/** The upload that this browser began of this very file, of which it said the same; or a new one. */
async function begin({ of, file, path }: Sending): Promise<Seen> {
  const said = JSON.stringify(of.said)
  const known = remembered(of, path)
  if (known?.bytes === file.size && known.changed === file.lastModified && known.said === said) {
    const found = await ask(of, 'get', { uploadId: known.id }).catch((thrown) => {
      if (asApiError(thrown).status === 404) return undefined
      throw thrown
    })
    if (found && (found.state === 'receiving' || found.state === 'completing')) return found
  }
  const made = await ask(of, 'create', { ...of.said, path, bytes: file.size })
  localStorage.setItem(keyOf(of, path), JSON.stringify({ id: made.id, bytes: file.size, changed: file.lastModified, said } satisfies Begun))
  return made
}

const keyOf = ({ id }: Taker, path: string) => `llmops.upload ${id} ${path}`
const forget = (of: Taker, path: string) => localStorage.removeItem(keyOf(of, path))

function remembered(of: Taker, path: string): Begun | undefined {
  try {
    return JSON.parse(localStorage.getItem(keyOf(of, path)) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}

async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    signal.throwIfAborted()
    try {
      return await work()
    } catch (thrown) {
      const error = thrown instanceof DOMException ? undefined : asApiError(thrown)
      if (!error || tried === TRIES || !(error.status === 0 || error.status >= 500 || error.status === 429)) throw thrown
      await rest(Math.min(250 * 2 ** tried, 8000), signal)
    }
  }
}

const rest = (ms: number, signal: AbortSignal) =>
  new Promise<void>((resolve, reject) => {
    const late = setTimeout(resolve, ms)
    signal.addEventListener('abort', () => (clearTimeout(late), reject(signal.reason)), { once: true })
  })

async function digestOf(part: Blob): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', await part.arrayBuffer())
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
