/** State that lives in the address: filters, sort, tab, place. */
import { computed, type WritableComputedRef } from 'vue'
import { type LocationQuery, type LocationQueryRaw, useRoute, useRouter } from 'vue-router'

type How = 'push' | 'replace'

/** What the query is about to be: who changes more of it meanwhile adds to that. */
let going: LocationQueryRaw | undefined

/**
 * The query of the page that asks. On the way to another page it stays what it was: the page that goes has no use for the next one's,
 * and what it sets too late would be taken for the next one's.
 */
function useOwnQuery() {
  const [route, router] = [useRoute(), useRouter()]
  const here = route.path
  const query = computed<LocationQuery>((before) => (route.path === here || !before ? route.query : before))
  async function go(changed: (query: LocationQueryRaw) => LocationQueryRaw, how: How = 'replace') {
    if (route.path !== here) return
    const next = changed({ ...(going ?? query.value) })
    going = next
    await router[how]({ query: next }).finally(() => {
      if (going === next) going = undefined
    })
  }
  return { query, go }
}

const first = (value: unknown) => (Array.isArray(value) ? value[0] : value) as string | undefined

/** One value of the query. Setting it to `otherwise` or nothing takes it out; others stay. */
export function useUrlValue(name: string, otherwise = '', how: How = 'replace'): WritableComputedRef<string> {
  const { query, go } = useOwnQuery()
  return computed({
    get: () => first(query.value[name]) ?? otherwise,
    set: (value) => void go((query) => without({ ...query, [name]: value }, name, otherwise), how),
  })
}

/** A list in the query, as `key=a&key=b`: its words may hold any sign. */
export function useUrlList(name: string): WritableComputedRef<string[]> {
  const { query, go } = useOwnQuery()
  return computed({
    get: () => [query.value[name] ?? []].flat().flatMap((value) => value || []),
    set: (values) => void go((query) => ({ ...query, [name]: values })),
  })
}

/** A few ids in the query, as `key=a,b`: none of them holds a comma. */
export function useUrlIds(name: string): WritableComputedRef<string[]> {
  const ids = useUrlValue(name)
  return computed({ get: () => ids.value.split(',').filter(Boolean), set: (now) => (ids.value = now.join(',')) })
}

/** What a part of a page calls its values in the query, where another part has values of the same names. */
export const scoped = (scope: string | undefined, name: string) => (scope ? `${scope}.${name}` : name)

/** Several values of the query, changed together. */
export function useUrlValues(names: () => string[], scope?: string) {
  const { query, go } = useOwnQuery()
  const values = computed(() => {
    const given = names().map((name) => [name, first(query.value[scoped(scope, name)])] as const)
    return Object.fromEntries(given.filter(([, value]) => value)) as Record<string, string>
  })
  const set = (changes: Record<string, string | undefined>) => {
    const given = Object.entries(changes).map(([name, value]) => [scoped(scope, name), value] as const)
    return go((query) => given.reduce((next, [name, value]) => without({ ...next, [name]: value }, name, ''), query))
  }
  return { values, set }
}

function without(query: LocationQueryRaw, name: string, otherwise: string): LocationQueryRaw {
  if (!query[name] || query[name] === otherwise) delete query[name]
  return query
}
