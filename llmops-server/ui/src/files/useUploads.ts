/** A queue of uploads: two at a time, each with its progress, its digest checked by the server, and its error kept to be read. */
import { computed, onScopeDispose, reactive } from 'vue'
import { type ApiError, asApiError } from '@/api/error'
import type { Input, OpId } from '@/api/types'
import { upload, type Upload } from '@/api/upload'

export type Sending = {
  id: number
  path: string
  bytes: number
  share: number
  /** One that asks found other bytes under its path: somebody decides whether it takes their place. */
  state: 'waiting' | 'sending' | 'done' | 'failed' | 'stopped' | 'asks'
  error?: ApiError
  sha256?: string
  /** Somebody decided so. */
  replace?: boolean
}

const AT_ONCE = 2
/** Hashing needs all of a file in memory; beyond this the server's digest has to do. */
const HASHED = 64 * 1024 * 1024

/** Sends one file in a way of its own, or not at all. */
type Otherwise<O extends OpId> = (file: File, one: Readonly<Sending>, progress: (share: number) => void) => Upload<O> | undefined

export function useUploads<O extends OpId>(op: O, input: () => Record<string, unknown>, done: () => void, otherwise?: Otherwise<O>) {
  const list = reactive<Sending[]>([])
  const files = new Map<number, File>()
  const stops = new Map<number, () => void>()
  let next = 1

  function add(given: { file: File; path: string }[]) {
    for (const { file, path } of given) {
      const id = next++
      files.set(id, file)
      list.push({ id, path, bytes: file.size, share: 0, state: 'waiting' })
    }
    pump()
  }

  function pump() {
    const free = AT_ONCE - list.filter((one) => one.state === 'sending').length
    for (const one of list.filter((one) => one.state === 'waiting').slice(0, free)) void send(one)
  }

  async function send(one: Sending) {
    const file = files.get(one.id)!
    Object.assign(one, { state: 'sending', error: undefined, share: 0 })
    try {
      const sending = otherwise?.(file, one, (share) => (one.share = share)) ?? (await form(one, file))
      stops.set(one.id, sending.stop)
      const answer = (await sending.done) as { files?: { sha256: string }[] }
      one.sha256 = answer.files?.[0]?.sha256 ?? one.sha256
      one.state = 'done'
      done()
    } catch (thrown) {
      const stopped = thrown instanceof DOMException && thrown.name === 'AbortError'
      Object.assign(one, stopped ? { state: 'stopped' } : refused(asApiError(thrown)))
    } finally {
      stops.delete(one.id)
      pump()
    }
  }

  async function form(one: Sending, file: File) {
    one.sha256 = await digestOf(file)
    const fields = { ...input(), ...(one.sha256 ? { sha256: one.sha256 } : {}), ...(one.replace ? { replace: true } : {}) } as Input<O>
    return upload(op, fields, file, one.path, (share) => (one.share = share))
  }

  function again(one: Sending) {
    one.state = 'waiting'
    pump()
  }
  function replace(...those: Sending[]) {
    for (const one of those) Object.assign(one, { state: 'waiting', replace: true })
    pump()
  }
  /** What is stored stays, and the file is not sent. */
  const leave = (one: Sending) => list.splice(list.indexOf(one), 1)
  const stop = (one: Sending) => (one.state === 'waiting' ? (one.state = 'stopped') : stops.get(one.id)?.())
  const clear = () => list.splice(0, list.length, ...list.filter((one) => one.state === 'sending' || one.state === 'waiting'))
  const busy = computed(() => list.some((one) => one.state === 'sending' || one.state === 'waiting'))

  const warn = (event: BeforeUnloadEvent) => busy.value && event.preventDefault()
  addEventListener('beforeunload', warn)
  onScopeDispose(() => {
    removeEventListener('beforeunload', warn)
    for (const stopOne of stops.values()) stopOne()
  })
  return { list, add, again, replace, leave, stop, clear, busy }
}

/** Nothing is replaced unasked: the server refuses, and the page asks. */
const refused = (error: ApiError): Pick<Sending, 'state' | 'error'> => ({ state: error.more.code === 'already_exists' ? 'asks' : 'failed', error })

async function digestOf(file: File): Promise<string | undefined> {
  if (file.size > HASHED || !globalThis.crypto?.subtle) return undefined
  const hash = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
