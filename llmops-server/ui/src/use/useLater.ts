/**
 * Does something once nothing else was wanted for a while, and never once somebody goes on: said late, a word about the address of
 * this page would end the way to the next one.
 */
import { onScopeDispose } from 'vue'
import { onBeforeRouteLeave } from 'vue-router'

export function useLater(ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  const stop = () => clearTimeout(timer)
  onBeforeRouteLeave(stop)
  onScopeDispose(stop)
  const later = (run: () => void) => {
    stop()
    timer = setTimeout(run, ms)
  }
  return { later, stop }
}
