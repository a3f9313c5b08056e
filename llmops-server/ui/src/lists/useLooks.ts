/** Keeps pages of a list fresh while somebody looks at them: each is read again with its own cursor. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, watch } from 'vue'
import { keyOf, useRead } from '@/api/query'
import type { Input, Item, ListOp } from '@/api/types'
import { MOST_PAGES } from './rows'

export type PageOf<O extends ListOp> = { items: Item<O>[]; page: { nextCursor?: string | null; total?: number | null } }
/** A page as it is asked for: its input has its cursor. */
export type Ask<O extends ListOp> = { cursor: string; input: Input<O> }

/** Pages that were told of, or that are where they are shown from. */
const known = new WeakSet<object>()

export function useLooks<O extends ListOp>(op: O, asks: () => Ask<O>[], every: MaybeRefOrGetter<number>, changed: (page: PageOf<O>, cursor: string) => void) {
  const client = useQueryClient()
  const now = computed(asks)
  /** A look of its own for each page that may be in sight; what is not needed asks for nothing. */
  const looks = Array.from({ length: MOST_PAGES }, (_, at) =>
    useRead(op, () => now.value[at]?.input ?? ({ limit: 0 } as unknown as Input<O>), { enabled: () => at < now.value.length, every }),
  )
  watch([now, ...looks.map(({ data }) => data)], () => {
    for (const { cursor, input } of now.value) {
      const page = client.getQueryData(keyOf(op, input)) as unknown as PageOf<O> | undefined
      if (!page || known.has(page)) continue
      known.add(page)
      changed(page, cursor)
    }
  })
  /** Says that a page was read elsewhere. It is read again when it is looked at after a while. */
  function took({ input }: Ask<O>, page: PageOf<O>) {
    known.add(client.setQueryData(keyOf(op, input), page as never) as object)
  }
  const used = computed(() => looks.slice(0, now.value.length))
  return {
    took,
    error: computed(() => used.value.map(({ error }) => error.value).find(Boolean) ?? null),
    age: computed(() => Math.max(0, ...used.value.map(({ dataUpdatedAt }) => dataUpdatedAt.value))),
    refetch: () => Promise.all(used.value.map((look) => look.refetch())),
  }
}
