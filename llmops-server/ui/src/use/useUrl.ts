/** State that lives in the address: filters, sort, tab, place. */
import { computed, type WritableComputedRef } from 'vue'
import { type LocationQuery, type LocationQueryRaw, useRoute, useRouter } from 'vue-router'

type How = 'push' | 'replace'

/**
 * The query of the page that asks. On the way to another page it stays what it was: the page that goes has no use for the next one's,
 * and what it sets too late would be taken for the next one's.
 */
function useOwnQuery() {
  const [route, router] = [useRoute(), useRouter()]
  const here = route.path
  const query = computed<LocationQuery>((before) => (route.path === here || !before ? route.query : before))
  const go = async (query: LocationQueryRaw, how: How = 'replace') => void (route.path === here && (await router[how]({ query })))
  return { query, go }
}

const first = (value: unknown) => (Array.isArray(value) ? value[0] : value) as string | undefined

/** One value of the query. Setting it to `otherwise` or nothing takes it out; others stay. */
export function useUrlValue(name: string, otherwise = '', how: How = 'replace'): WritableComputedRef<string> {
  const { query, go } = useOwnQuery()
  return computed({
    get: () => first(query.value[name]) ?? otherwise,
    set: (value) => void go(without({ ...query.value, [name]: value }, name, otherwise), how),
  })
}

/** A list in the query, as `key=a&key=b`: its words may hold any sign. */
export function useUrlList(name: string): WritableComputedRef<string[]> {
  const { query, go } = useOwnQuery()
  return computed({
    get: () => [query.value[name] ?? []].flat().flatMap((value) => value || []),
    set: (values) => void go({ ...query.value, [name]: values }),
  })
}

/** Several values of the query, changed together. */
export function useUrlValues(names: () => string[]) {
  const { query, go } = useOwnQuery()
  const values = computed(() => {
    const given = names().map((name) => [name, first(query.value[name])] as const)
    return Object.fromEntries(given.filter(([, value]) => value)) as Record<string, string>
  })
  const set = (changes: Record<string, string | undefined>) => {
    const next: LocationQueryRaw = { ...query.value, ...changes }
    for (const name of Object.keys(changes)) without(next, name, '')
    return go(next)
  }
  return { values, set }
}

function without(query: LocationQueryRaw, name: string, otherwise: string): LocationQueryRaw {
  if (!query[name] || query[name] === otherwise) delete query[name]
  return query
}
