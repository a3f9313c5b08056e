/** Whether the server can be reached, and what follows when it can again. */
import { reactive, readonly } from 'vue'
import { listen, ROOT } from './client'

const state = reactive({ lost: false, back: 0 })

/** `lost` while the server is away; `back` counts how often it came back. */
export const link = readonly(state)

const again = new Set<() => void>()
let timer: ReturnType<typeof setTimeout> | undefined

/** Calls `then` each time the server is back after it was away. */
export function whenBack(then: () => void): () => void {
  again.add(then)
  return () => again.delete(then)
}

/** Says that a call or a stream could not reach the server. */
export function lost() {
  if (state.lost) return
  state.lost = true
  wait(1000)
}

function wait(ms: number) {
  clearTimeout(timer)
  timer = setTimeout(async () => {
    const there = await fetch(`${ROOT}/healthz`, { cache: 'no-store' }).then((response) => response.ok, () => false)
    if (there) reached()
    else wait(Math.min(ms * 1.5, 8000))
  }, ms)
}

function reached() {
  if (!state.lost) return
  clearTimeout(timer)
  state.lost = false
  state.back += 1
  for (const then of again) then()
}

listen({ reached, failed: (error) => error.isNetwork && lost() })
