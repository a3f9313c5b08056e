/** What a picker offers: things of a kind whose name holds what was typed, and the one that is chosen. */
import { useQuery } from '@tanstack/vue-query'
import { computed } from 'vue'
import { call } from '@/api/client'
import { endpointsLike } from './endpoints'

export type Picked = { id: string; name: string; more?: string }
type Source = { list: (text: string, more: object) => Promise<Picked[]>; one: (id: string) => Promise<Picked> }

const named = ({ id, name, version }: { id: string; name: string; version: string }): Picked => ({ id, name: `${name} ${version}`, more: id.slice(-8) })
const begun = ({ id, name, startedAt }: { id: string; name: string; startedAt: string }): Picked => ({ id, name, more: `${startedAt.slice(0, 10)} ${id.slice(-8)}` })
/** The filter for runs whose name holds a text. */
export const namedLike = (text: string) => (text.trim() ? `name ILIKE '%${text.trim().replaceAll("'", "''")}%'` : undefined)
const routed = (it: { id: string; route: string; modelName: string }): Picked => ({ id: it.id, name: it.route, more: it.modelName })

const SOURCES = {
  model: {
    list: async (text, more) => (await call('catalog.list_models', { text, limit: 20, ...more })).items.map(named),
    one: async (id) => named(await call('catalog.get_model', { modelId: id })),
  },
  dataset: {
    list: async (text, more) => (await call('datasets.list_datasets', { text, limit: 20, ...more })).items.map(named),
    one: async (id) => named(await call('datasets.get_dataset', { datasetId: id })),
  },
  run: {
    list: async (text, more) => (await call('experiments.search_runs', { filter: namedLike(text), limit: 20, ...more })).items.map(begun),
    one: async (id) => begun(await call('experiments.get_run', { runId: id })),
  },
  endpoint: {
    list: async (text, more) => (await endpointsLike(text, 20, more)).map(routed),
    one: async (id) => routed(await call('serving.get_endpoint', { endpointId: id })),
  },
} satisfies Record<string, Source>

export type Pickable = keyof typeof SOURCES

export function usePick(kind: () => Pickable, id: () => string, text: () => string, more: () => object) {
  const list = useQuery({
    queryKey: computed(() => ['pick', kind(), text(), more()]),
    queryFn: () => SOURCES[kind()].list(text(), more()),
    placeholderData: (before: Picked[] | undefined) => before,
  })
  const one = useQuery({
    queryKey: computed(() => ['picked', kind(), id()]),
    queryFn: () => SOURCES[kind()].one(id()),
    enabled: computed(() => id() !== ''),
  })
  return { options: computed(() => list.data.value ?? []), chosen: one.data, isFetching: list.isFetching }
}
