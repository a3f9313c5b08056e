/** The present, for ages: one timer for all, at rest while nobody looks. */
import { onScopeDispose, ref } from 'vue'

const now = ref(Date.now())
let [users, timer] = [0, 0 as unknown as ReturnType<typeof setInterval>]

export function useNow() {
  if (users++ === 0) timer = setInterval(() => document.hidden || (now.value = Date.now()), 10_000)
  onScopeDispose(() => --users === 0 && clearInterval(timer))
  return now
}
