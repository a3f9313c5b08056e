/** Names of things that rows know by their ids only: the newest of each kind, read once for all rows. */
import { computed } from 'vue'
import { useRead } from '@/api/query'

const MOST = 500
const versioned = ({ id, name, version }: { id: string; name: string; version: string }) => [id, `${name} ${version}`] as const
const plain = ({ id, name }: { id: string; name: string }) => [id, name] as const
const routed = ({ id, route }: { id: string; route: string }) => [id, route] as const

const READ = {
  model: () => namesOf(useRead('catalog.list_models', { limit: MOST, sort: '-updatedAt' }), versioned),
  dataset: () => namesOf(useRead('datasets.list_datasets', { limit: MOST, sort: '-createdAt' }), versioned),
  job: () => namesOf(useRead('training.list_jobs', { limit: MOST }), plain),
  evaluation: () => namesOf(useRead('evaluation.list_runs', { limit: MOST }), plain),
  endpoint: () => namesOf(useRead('serving.list_endpoints', { limit: MOST }), routed),
}

function namesOf<T>(read: { data: { value: { items: T[] } | undefined } }, named: (thing: T) => readonly [string, string]) {
  return () => (read.data.value?.items ?? []).map(named)
}

export function useThingNames(...kinds: (keyof typeof READ)[]) {
  const lists = kinds.map((kind) => READ[kind]())
  const names = computed(() => new Map(lists.flatMap((list) => list())))
  return (id: string) => names.value.get(id)
}
