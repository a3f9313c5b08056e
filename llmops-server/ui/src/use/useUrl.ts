/** State that lives in the address: filters, sort, tab, place. */
import { computed, type WritableComputedRef } from 'vue'
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router'

const first = (value: unknown) => (Array.isArray(value) ? value[0] : value) as string | undefined

/** One value of the query. Setting it to `otherwise` or nothing takes it out; others stay. */
export function useUrlValue(name: string, otherwise = '', how: 'push' | 'replace' = 'replace'): WritableComputedRef<string> {
  const [route, router] = [useRoute(), useRouter()]
  return computed({
    get: () => first(route.query[name]) ?? otherwise,
    set: (value) => void router[how]({ query: without({ ...route.query, [name]: value }, name, otherwise) }),
  })
}

/** Several values of the query, changed together. */
export function useUrlValues(names: () => string[]) {
  const [route, router] = [useRoute(), useRouter()]
  const values = computed(() => {
    const given = names().map((name) => [name, first(route.query[name])] as const)
    return Object.fromEntries(given.filter(([, value]) => value)) as Record<string, string>
  })
  const set = (changes: Record<string, string | undefined>) => {
    const query: LocationQueryRaw = { ...route.query, ...changes }
    for (const name of Object.keys(changes)) without(query, name, '')
    return router.replace({ query })
  }
  return { values, set }
}

function without(query: LocationQueryRaw, name: string, otherwise: string): LocationQueryRaw {
  if (!query[name] || query[name] === otherwise) delete query[name]
  return query
}
