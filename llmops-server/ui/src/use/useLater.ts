/**
 * Does something once nothing else was wanted for a while, and never once somebody goes on: said late, a word about the address of
 * this page would end the way to the next one.
 */
import { onScopeDispose } from 'vue'
import { isNavigationFailure, NavigationFailureType, onBeforeRouteLeave, useRouter } from 'vue-router'

export function useLater(ms: number) {
  let timer: ReturnType<typeof setTimeout> | undefined
  let isGoing = false
  const stop = () => clearTimeout(timer)
  onBeforeRouteLeave(() => {
    stop()
    isGoing = true
  })
  // Who was asked whether to leave may have stayed.
  const forget = useRouter().afterEach((_to, _from, failure) => {
    if (isNavigationFailure(failure, NavigationFailureType.aborted)) isGoing = false
  })
  onScopeDispose(() => {
    stop()
    forget()
  })
  const later = (run: () => void) => {
    stop()
    if (!isGoing) timer = setTimeout(run, ms)
  }
  return { later, stop }
}
