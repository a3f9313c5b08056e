/** Sends files with progress, which `fetch` cannot tell. */
import { tell, urlOf } from './client'
import { apiError, type ApiError, unreachable } from './error'
import { ours } from './headers'
import { signedIn } from './hold'
import type { Input, OpId, Output } from './types'

export type Upload<O extends OpId> = { done: Promise<Output<O>>; stop: () => void }

/** Sends one file as a form; `progress` hears the share that is sent, 0 to 1. */
export function upload<O extends OpId>(
  op: O,
  input: Input<O>,
  file: File,
  path: string,
  progress: (share: number) => void,
): Upload<O> {
  const stopped = new AbortController()
  const send = () => sent(urlOf(op, input), file, path, progress, stopped.signal) as Promise<Output<O>>
  return { done: signedIn(send, stopped.signal), stop: () => stopped.abort() }
}

async function sent(url: string, file: File, path: string, progress: (share: number) => void, stopped: AbortSignal): Promise<unknown> {
  const request = new XMLHttpRequest()
  const done = new Promise<unknown>((resolve, reject) => {
    const fail = (error: ApiError) => {
      tell('failed', error)
      reject(error)
    }
    request.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total)
    request.onload = () => {
      const body = parsed(request.responseText)
      if (request.status < 300) {
        progress(1)
        resolve(body?.data)
      } else fail(body?.error ? apiError(request.status, body.error) : unreachable())
    }
    request.onerror = () => fail(unreachable())
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'))
  })
  stopped.throwIfAborted()
  const stop = () => request.abort()
  stopped.addEventListener('abort', stop)
  request.open('POST', url)
  for (const [name, value] of Object.entries(ours())) request.setRequestHeader(name, value)
  const form = new FormData()
  form.append('file', file, path)
  request.send(form)
  return done.finally(() => stopped.removeEventListener('abort', stop))
}

function parsed(text: string) {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
