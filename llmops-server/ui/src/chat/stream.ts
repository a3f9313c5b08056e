/** Asks a model and gives its answer piece by piece. */
import { placed, ROOT, tell } from '@/api/client'
import { apiError, asApiError, errorOf, unreachable } from '@/api/error'
import { ours } from '@/api/headers'
import { signedIn } from '@/api/hold'
import { type Frame, Frames } from '@/api/sse'
import type { Input } from '@/api/types'
import type { Chunk } from './talk'

export async function* answers(input: Input<'gateway.chat_stream'>, signal: AbortSignal): AsyncGenerator<Chunk> {
  const { path, params, body } = placed('gateway.chat_stream', input as Record<string, unknown>)
  const url = ROOT + path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params.path[name] ?? ''))
  const cutOr = (thrown: unknown) => {
    throw signal.aborted ? thrown : unreachable()
  }
  try {
    const asked = await signedIn(async () => {
      const response = await fetch(url, { method: 'POST', headers: { ...ours(), 'Content-Type': 'application/json', Accept: 'text/event-stream' }, body: JSON.stringify(body), signal }).catch(cutOr)
      if (!response.ok || !response.body) throw await errorOf(response)
      return response.body
    }, signal)
    tell('reached')
    const [reader, cutter] = [asked.pipeThrough(new TextDecoderStream()).getReader(), new Frames()]
    while (true) {
      const { done, value } = await reader.read().catch(cutOr)
      if (done) return
      yield* chunksOf(cutter.push(value))
    }
  } catch (thrown) {
    if (!signal.aborted) tell('failed', asApiError(thrown))
    throw thrown
  }
}

/** The pieces in frames; a frame may carry an error instead. */
export function* chunksOf(frames: Frame[]): Generator<Chunk> {
  for (const { event, data } of frames) {
    if (event === 'error') throw apiError(200, JSON.parse(data))
    if (data !== '[DONE]') yield JSON.parse(data)
  }
}
