/** A list read page by page and kept fresh as one: for a table within a page. A list that is a page of its own is `lists/useList`. */
import { useInfiniteQuery } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, ref, toValue, watch } from 'vue'
import { call } from './client'
import type { ApiError } from './error'
import { freshness, keyOf, type ReadOptions } from './query'
import type { Input, Item, ListOp } from './types'

type PageOf<O extends ListOp> = { items: Item<O>[]; page: { nextCursor?: string | null } }

export function usePages<O extends ListOp>(op: O, input: MaybeRefOrGetter<Input<O>>, options: ReadOptions & { /** Rows of a page. */ size?: number; /** Whether all pages are read, as nothing may be left out. */ all?: boolean } = {}) {
  const found = useInfiniteQuery<PageOf<O>, ApiError, PageOf<O>[], unknown[], string>({
    queryKey: computed(() => [...keyOf(op, toValue(input)), 'pages']),
    queryFn: async ({ signal, pageParam }) => (await call(op, { ...toValue(input), limit: options.size ?? 200, cursor: pageParam || undefined } as Input<O>, { signal })) as unknown as PageOf<O>,
    initialPageParam: '',
    getNextPageParam: ({ page }) => page.nextCursor ?? undefined,
    select: ({ pages }) => pages,
    enabled: computed(() => toValue(options.enabled) ?? true),
    ...freshness(options),
  })
  // Whoever asks while what is there is looked at again gets the next page after that, also when that look cuts his own short.
  const asked = ref(false)
  let before: number | undefined
  watch([asked, found.isFetching], ([asks, busy]) => {
    if (!asks || busy) return
    const pages = found.data.value?.length ?? 0
    const isDone = before !== undefined && (pages > before || found.error.value !== null)
    if (isDone || !found.hasNextPage.value) {
      ;[asked.value, before] = [false, undefined]
      return
    }
    before = pages
    void found.fetchNextPage()
  })
  if (options.all) watch([found.hasNextPage, found.isFetching], ([has]) => has && !found.error.value && (asked.value = true), { immediate: true })
  return {
    data: computed(() => found.data.value?.flatMap(({ items }) => items)),
    hasMore: found.hasNextPage,
    more: () => void (asked.value = true),
    error: found.error, isFetching: found.isFetching, refetch: found.refetch,
  }
}
