/** What the replicas of an endpoint write, followed; only the newest lines are kept. */
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { ApiError } from '@/api/error'
import { follow } from '@/api/sse'
import type { Wire } from '@/api/types'

export type LogLine = Wire<'EndpointLogLine'>
export const KEPT = 20_000

/** Puts lines behind the others and drops the oldest beyond `KEPT`. */
export const appended = (lines: LogLine[], more: LogLine[], kept = KEPT): LogLine[] => [...lines, ...more].slice(-kept)

export function useLogs(endpointId: () => string) {
  const data = shallowRef<LogLine[]>()
  const error = shallowRef<ApiError | null>(null)
  const isFetching = ref(true)
  let [stop, pending, isAnew] = [() => {}, [] as LogLine[], false]
  let timer: ReturnType<typeof setTimeout> | undefined
  // Many lines come at once: they are put into the page together. A stream that was cut begins with the oldest line again.
  const flush = () => {
    timer = undefined
    data.value = appended(isAnew ? [] : (data.value ?? []), pending)
    ;[pending, isAnew] = [[], false]
  }
  function begin() {
    stop()
    ;[data.value, pending, error.value, isFetching.value] = [undefined, [], null, true]
    stop = follow('serving.stream_endpoint_logs', { endpointId: endpointId(), follow: true }, {
      item: (line) => {
        pending.push(line)
        timer ??= setTimeout(flush, 100)
      },
      state: (now) => {
        isFetching.value = now === 'waiting'
        if (now !== 'open') return
        ;[pending, isAnew] = [[], true]
        data.value ??= []
      },
      failed: (thrown) => (error.value = thrown),
    })
  }
  watch(endpointId, begin, { immediate: true })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })
  return { data, error, isFetching, refetch: begin }
}
