/** Names of things that rows know by their ids only: the newest of each kind at once, and older ones by their ids as they come into sight. */
import { computed, onScopeDispose, shallowReactive, shallowRef, watch } from 'vue'
import { useRead } from '@/api/query'
import { MOST_NAMES, nameOf, type Thing, useNames } from './useNames'

const MOST = 500
/** How long rows are in sight before one asks for what is in them, in milliseconds. */
const SIGHT = 300

const NEWEST = {
  model: () => useRead('catalog.list_models', { limit: MOST, sort: '-updatedAt' }),
  dataset: () => useRead('datasets.list_datasets', { limit: MOST, sort: '-createdAt' }),
  job: () => useRead('training.list_jobs', { limit: MOST }),
  evaluation: () => useRead('evaluation.list_runs', { limit: MOST }),
  endpoint: () => useRead('serving.list_endpoints', { limit: MOST }),
}
type Kind = keyof typeof NEWEST

export function useThingNames(...kinds: Kind[]) {
  const lists = new Map(kinds.map((kind) => [kind, NEWEST[kind]().data]))
  const newest = computed(() => new Map([...lists.values()].flatMap((list) => (list.value?.items ?? []).map((thing) => [thing.id, nameOf(thing)] as const))))
  const [older, asking] = [shallowReactive(new Map<string, string>()), shallowRef<Thing[]>([])]
  const named = useNames(asking)
  watch(named, (things) => things.forEach(({ id, name }) => name && older.set(id, name)))

  const [wanted, asked] = [new Map<string, Thing>(), new Set<string>()]
  let timer: ReturnType<typeof setTimeout> | undefined
  /** Who scrolls on wants what he sees last. */
  function ask() {
    timer = undefined
    asking.value = [...wanted.values()].slice(-MOST_NAMES)
    wanted.clear()
    for (const { id } of asking.value) asked.add(id)
  }
  function want(kind: Kind, id: string) {
    // Where all things of a kind are known, this one is gone.
    if (asked.has(id) || !lists.get(kind)?.value?.page.nextCursor) return
    wanted.delete(id)
    wanted.set(id, { kind, id })
    timer ??= setTimeout(ask, SIGHT)
  }
  onScopeDispose(() => clearTimeout(timer))
  return (kind: Kind, id: string) => {
    const name = newest.value.get(id) ?? older.get(id)
    if (!name) want(kind, id)
    return name
  }
}
