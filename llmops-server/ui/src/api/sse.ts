/** Server-sent events over `fetch`: they carry our errors, and go on after the last id when the line was cut. */
import { urlOf } from './client'
import { ours } from './headers'
import { apiError, ApiError, asApiError, errorOf, unreachable } from './error'
import { signedIn } from './hold'
import { lost } from './link'
import type { Input, OpId, Output } from './types'

export type Frame = { event: string; data: string; id?: string }

/** Cuts a text stream into frames; what is not yet whole stays in it. */
export class Frames {
  private rest = ''

  push(text: string): Frame[] {
    const parts = (this.rest + text).replaceAll('\r\n', '\n').split('\n\n')
    this.rest = parts.pop() ?? ''
    return parts.map(frameOf).filter((frame) => frame.data !== '')
  }
}

function frameOf(text: string): Frame {
  const frame: Frame = { event: 'message', data: '' }
  const data: string[] = []
  for (const line of text.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (name === 'data') data.push(value)
    else if (name === 'event') frame.event = value
    else if (name === 'id') frame.id = value
  }
  frame.data = data.join('\n')
  return frame
}

export type Follower<T> = {
  item: (item: T) => void
  /** `open` when items come, `waiting` while it tries again, `ended` when the server has no more. */
  state?: (state: 'open' | 'waiting' | 'ended') => void
  failed?: (error: ApiError) => void
}

/** Follows a stream until it ends, is refused, or the returned function is called. Rests while the page is hidden. */
export function follow<O extends OpId>(op: O, input: Input<O>, to: Follower<Output<O>>): () => void {
  let [stopped, lastId, pause] = [false, undefined as string | undefined, 500]
  let cut = new AbortController()
  const visible = () => void (document.hidden ? cut.abort() : run())
  const stop = () => {
    stopped = true
    cut.abort()
    document.removeEventListener('visibilitychange', visible)
  }
  const finish = (error?: ApiError) => {
    stop()
    if (error) to.failed?.(error)
    to.state?.('ended')
  }

  async function run(): Promise<void> {
    if (stopped || document.hidden) return
    cut.abort()
    const mine = (cut = new AbortController())
    try {
      await signedIn(() => read(mine.signal), mine.signal)
      finish()
    } catch (thrown) {
      if (stopped || mine.signal.aborted) return
      const error = asApiError(thrown)
      if (!error.isNetwork && !error.more.retryable) return finish(error)
      if (error.isNetwork) lost()
      to.state?.('waiting')
      setTimeout(() => mine === cut && run(), pause)
      pause = Math.min(pause * 2, 8000)
    }
  }

  async function read(signal: AbortSignal): Promise<void> {
    const resume: Record<string, string> = lastId === undefined ? {} : { 'Last-Event-ID': lastId }
    for await (const frame of frames(urlOf(op, input), resume, signal, () => to.state?.('open'))) {
      if (frame.event === 'error') throw apiError(200, JSON.parse(frame.data))
      lastId = frame.id ?? lastId
      pause = 500
      to.item(JSON.parse(frame.data))
    }
  }

  document.addEventListener('visibilitychange', visible)
  void run()
  return stop
}

async function* frames(url: string, headers: Record<string, string>, signal: AbortSignal, opened: () => void) {
  const asked = { headers: { Accept: 'text/event-stream', ...ours(), ...headers }, signal }
  const response = await fetch(url, asked).catch((thrown) => {
    throw signal.aborted ? thrown : unreachable()
  })
  if (!response.ok || !response.body) throw await errorOf(response)
  opened()
  const [reader, cutter] = [response.body.pipeThrough(new TextDecoderStream()).getReader(), new Frames()]
  while (true) {
    const { done, value } = await reader.read().catch((thrown) => {
      throw signal.aborted ? thrown : unreachable()
    })
    if (done) return
    yield* cutter.push(value)
  }
}
