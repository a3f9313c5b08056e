/** What a job writes, line by line, gathered so that the page is not drawn anew for each. */
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import type { ApiError } from '@/api/error'
import { follow } from '@/api/sse'
import type { Wire } from '@/api/types'

type Line = Wire<'JobLogLine'>
/** The newest that are kept. */
const MOST = 50_000

export function useJobLogs(jobId: () => string, channel: () => Line['channel'] | undefined) {
  const lines = shallowRef<Line[]>()
  const error = shallowRef<ApiError | null>(null)
  const isFetching = ref(true)
  let [waiting, anew, timer, stop] = [[] as Line[], true, undefined as ReturnType<typeof setTimeout> | undefined, () => {}]

  function flush() {
    timer = undefined
    lines.value = [...(anew ? [] : (lines.value ?? [])), ...waiting].slice(-MOST)
    ;[waiting, anew] = [[], false]
  }
  const soon = () => (timer ??= setTimeout(flush, 150))

  function begin() {
    stop()
    ;[waiting, anew, error.value, isFetching.value] = [[], true, null, true]
    stop = follow('training.stream_job_logs', { jobId: jobId(), channel: channel(), follow: true }, {
      item: (line) => {
        waiting.push(line)
        soon()
      },
      state: (now) => {
        isFetching.value = now === 'waiting'
        // Each connection begins with the first line: what was there stays until the new lines are.
        if (now === 'open') [waiting, anew] = [[], true]
        if (now === 'open' || now === 'ended') soon()
      },
      failed: (failed) => (error.value = failed),
    })
  }
  watch([jobId, channel], begin, { immediate: true })
  onScopeDispose(() => {
    stop()
    clearTimeout(timer)
  })
  return { data: lines, error, isFetching, refetch: begin }
}
