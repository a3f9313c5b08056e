/** Fetches a list page by page, watches its head, and keeps it for the way back. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { call } from '@/api/client'
import { type ApiError, asApiError } from '@/api/error'
import { keyOf, useRead } from '@/api/query'
import { session } from '@/api/session'
import type { Input, Item, ListOp } from '@/api/types'
import { added, none, patched, type Rows } from './rows'

const LIMIT = 200
const HEAD = 50
const REMEMBERED = 12
/** How long somebody has only just come back to a list, in milliseconds. */
const JUST = 2_000
/** By who looked at them, and where: nobody is shown what another saw. */
const remembered = new Map<string, { list: Rows<unknown>; top: number }>()

export type ListOptions<O extends ListOp> = {
  op: O
  /** Filters and order; the list begins anew when they change. */
  input: () => Record<string, unknown>
  /** The cursor of the page to begin with, once. */
  from?: string
  total?: boolean
  idOf: (row: Item<O>) => string
  /** Whether a row is about to change by itself; then the head is looked at more often. */
  moving?: (row: Item<O>) => boolean
}

export function useList<O extends ListOp>(options: ListOptions<O>) {
  const client = useQueryClient()
  const list = shallowRef<Rows<Item<O>>>(none())
  const [known, isFetching, fresh, start, top] = [ref(false), ref(false), ref(0), ref(options.from ?? ''), ref(0)]
  const error = shallowRef<ApiError | null>(null)
  const { principal } = session
  const key = computed(() => JSON.stringify([principal?.name, principal?.project, options.op, options.input()]))
  /** Of which filters and order the rows are. */
  let kept = key.value
  /** With every page: a cursor holds for the very request that gave it out. */
  const total = options.total ? { includeTotal: true } : {}
  let [cut, isStuck] = [new AbortController(), false]

  async function more(): Promise<void> {
    if (isFetching.value || (known.value && !list.value.next)) return
    isStuck = false
    const cursor = known.value ? list.value.next! : start.value
    const ask = { ...options.input(), limit: LIMIT, cursor: cursor || undefined, ...total }
    const mine = cut
    isFetching.value = true
    try {
      const page = await call(options.op, ask as unknown as Input<O>, { signal: mine.signal })
      if (mine.signal.aborted) return
      list.value = added(list.value, page as never, cursor)
      ;[known.value, error.value, isStuck] = [true, null, false]
    } catch (thrown) {
      if (mine.signal.aborted) return
      ;[error.value, isStuck] = [asApiError(thrown), true]
      // An address may hold the place of a list that was filtered otherwise.
      if (!known.value && start.value && error.value.more.code === 'invalid_cursor') void begin()
    } finally {
      if (mine === cut) isFetching.value = false
    }
  }

  function begin(from = '') {
    kept = key.value
    cut.abort()
    cut = new AbortController()
    list.value = none()
    ;[known.value, isFetching.value, fresh.value, error.value, start.value, top.value] = [false, false, 0, null, from, 0]
    // What was asked of the head before is about the rows that were.
    void client.cancelQueries({ queryKey: keyOf(options.op, headInput.value), exact: true })
    void client.invalidateQueries({ queryKey: [options.op], refetchType: 'none' })
    return more()
  }

  function keep() {
    if (!known.value) return
    remembered.delete(kept)
    remembered.set(kept, { list: list.value, top: top.value })
    if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value!)
  }

  const before = remembered.get(key.value)
  const cameBack = before ? Date.now() : 0
  if (before) {
    list.value = before.list as Rows<Item<O>>
    ;[known.value, top.value] = [true, before.top]
  } else void more()
  watch(key, () => {
    keep()
    void begin()
  })
  onScopeDispose(() => {
    keep()
    cut.abort()
  })

  const moving = computed(() => list.value.rows.slice(0, HEAD).some((row) => options.moving?.(row)))
  const headInput = computed(() => ({ ...options.input(), limit: HEAD }) as unknown as Input<O>)
  const head = useRead(options.op, headInput, {
    enabled: computed(() => known.value && !start.value),
    every: computed(() => (moving.value ? 3_000 : 15_000)),
  })
  watch(head.data, (now) => {
    if (!now || !known.value || start.value) return
    const { items } = now as unknown as { items: Item<O>[] }
    const next = patched(list.value, items, options.idOf, { isWhole: items.length < HEAD, isFixed: !options.input().sort && !options.input().order })
    ;[list.value, fresh.value] = [next.rows, next.fresh]
    // Nothing jumps that somebody is reading: not where there was nothing, nor where he just came back to the beginning.
    if (next.fresh && (!list.value.rows.length || (Date.now() - cameBack < JUST && top.value === 0))) void begin()
  })
  watch(head.error, (failed) => failed && (error.value = asApiError(failed)))
  watch(head.dataUpdatedAt, () => isStuck || (error.value = null))

  const data = computed(() => (known.value ? list.value.rows : undefined))
  const age = computed(() => head.dataUpdatedAt.value)
  const refetch = () => (known.value && !isStuck ? head.refetch() : more())
  return { data, list, error, isFetching, refetch, more, begin, fresh, start, top, age }
}
