/** A list of which nothing may be left out: it is there when all its pages are. */
import { computed, type MaybeRefOrGetter } from 'vue'
import { usePages } from '@/api/pages'
import type { ReadOptions } from '@/api/query'
import type { Input, ListOp } from '@/api/types'

export function useWhole<O extends ListOp>(op: O, input: MaybeRefOrGetter<Input<O>>, options: ReadOptions = {}) {
  const { data, hasMore, error, isFetching, refetch } = usePages(op, input, { ...options, size: 1000, all: true })
  return { data: computed(() => (hasMore.value ? undefined : data.value)), error, isFetching, refetch }
}
