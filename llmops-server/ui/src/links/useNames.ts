/** Names of things that are known by their ids only: each is asked for once. */
import { useQueries } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { call } from '@/api/client'
import { keyOf } from '@/api/query'

export type Thing = { kind: string; id: string; name?: string | null }

/** The most that are asked for at a time. */
export const MOST_NAMES = 40

const READ: Record<string, (id: string) => { queryKey: unknown[]; queryFn: () => Promise<unknown> }> = {
  model: (id) => ({ queryKey: keyOf('catalog.get_model', { modelId: id }), queryFn: () => call('catalog.get_model', { modelId: id }) }),
  dataset: (id) => ({ queryKey: keyOf('datasets.get_dataset', { datasetId: id }), queryFn: () => call('datasets.get_dataset', { datasetId: id }) }),
  job: (id) => ({ queryKey: keyOf('training.get_job', { jobId: id }), queryFn: () => call('training.get_job', { jobId: id }) }),
  evaluation: (id) => ({ queryKey: keyOf('evaluation.get_run', { runId: id }), queryFn: () => call('evaluation.get_run', { runId: id }) }),
  endpoint: (id) => ({ queryKey: keyOf('serving.get_endpoint', { endpointId: id }), queryFn: () => call('serving.get_endpoint', { endpointId: id }) }),
}

export function useNames<T extends Thing>(things: MaybeRefOrGetter<T[]>) {
  const unnamed = computed(() => toValue(things).filter((thing) => !thing.name && thing.kind in READ).slice(0, MOST_NAMES))
  const found = useQueries({ queries: computed(() => unnamed.value.map((thing) => READ[thing.kind](thing.id))) })
  return computed(() => {
    const names = new Map(unnamed.value.map((thing, at) => [thing.id, nameOf(found.value[at]?.data)]))
    return toValue(things).map((thing) => ({ ...thing, name: thing.name ?? names.get(thing.id) }))
  })
}

/** What a thing is called: by its name and version, or by its route. */
export function nameOf(thing: unknown): string | undefined {
  const { name, version, route } = (thing ?? {}) as { name?: string; version?: string; route?: string }
  return name && version ? `${name} ${version}` : (name ?? route)
}
