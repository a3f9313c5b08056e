/** The curves of a run, growing while it runs. */
import { useQueries } from '@tanstack/vue-query'
import { computed, watch } from 'vue'
import { call } from '@/api/client'
import { pace } from '@/api/changes'
import { keyOf, useLive, useRead } from '@/api/query'
import { colorsOf, type Curve, grown } from './series'

export function useRunSeries(runId: () => string | null | undefined, running: () => boolean) {
  const input = () => ({ runId: runId() ?? '' })
  const there = () => Boolean(runId())
  // Now and then the whole again: thinned anew, so that a long run stays light.
  const series = useRead('experiments.get_series', input, { enabled: there, poll: () => (running() ? 60_000 : false) })
  const state = useLive('experiments.watch_run', input, 'experiments.get_series', (event, before) => before && grown(before, event.points), () => there() && running() && series.data.value !== undefined)
  // What was recorded between the reading and the following, and the last of it.
  watch(state, (now) => now !== 'waiting' && void series.refetch())
  return series
}

export type CurveOf = { id: string; name: string; running?: boolean }

/** One metric of several runs. Those that run are read again. */
export function useCurves(runs: () => CurveOf[], metrics: () => string[], maxPoints = 1000) {
  const inputs = computed(() => runs().map(({ id }) => ({ runId: id, metrics: metrics(), maxPoints })))
  const found = useQueries({
    queries: computed(() =>
      inputs.value.map((input, at) => ({
        queryKey: keyOf('experiments.get_series', input),
        queryFn: () => call('experiments.get_series', input),
        enabled: input.metrics.length > 0,
        meta: { fresh: runs()[at].running && 'light' },
        refetchInterval: pace(runs()[at].running ? 5_000 : false),
      })),
    ),
  })
  const colors = computed(() => colorsOf(runs().map(({ id }) => id)))
  const curves = computed(() =>
    runs().map(({ name }, at): Curve => {
      const { series = [] } = found.value[at]?.data ?? {}
      const one = metrics().map((metric) => series.find(({ name }) => name === metric)).find(Boolean)
      return { name, color: colors.value[at], points: one?.points ?? [] }
    }),
  )
  const isFetching = computed(() => found.value.some((query) => query.isPending && query.fetchStatus !== 'idle'))
  return { curves, isFetching, error: computed(() => found.value.find((query) => query.error)?.error ?? null) }
}
