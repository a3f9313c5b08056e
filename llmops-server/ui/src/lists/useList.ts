/** Fetches a list page by page, watches its head and what somebody looks at, and keeps it for the way back. */
import { useQueryClient } from '@tanstack/vue-query'
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue'
import { call } from '@/api/client'
import { type ApiError, asApiError } from '@/api/error'
import { whenBack } from '@/api/link'
import { keyOf, useRead } from '@/api/query'
import { session } from '@/api/session'
import type { Input, Item, ListOp } from '@/api/types'
import { refDebounced } from '@/use/refDebounced'
import { added, between, cursorsIn, isFixed, joined, none, patched, type Rows, type Span } from './rows'
import { type PageOf, useLooks } from './useLooks'

const LIMIT = 200
const HEAD = 50
const REMEMBERED = 12
/** How long somebody has only just come back to a list, in milliseconds. */
const JUST = 2_000
/** How long somebody looks at rows before they are read again, in milliseconds: who scrolls past does not. */
const LOOKS = 300
/** By who looked at them, and where: nobody is shown what another saw. */
const remembered = new Map<string, { list: Rows<unknown>; top: number }>()

export type ListOptions<O extends ListOp> = {
  op: O
  /** Filters and order; the list begins anew when they change. */
  input: () => Record<string, unknown>
  /** The order, as the page's address has it. */
  sort: () => string
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
  /** What looks found that belongs between rows, by the cursor of its page: it comes in when somebody wants it. */
  const found = shallowRef(new Map<string, { items: Item<O>[]; isWhole: boolean; count: number }>())
  const [known, isFetching, fresh, start, top] = [ref(false), ref(false), ref(0), ref(options.from ?? ''), ref(0)]
  const error = shallowRef<ApiError | null>(null)
  const { principal } = session
  const key = computed(() => JSON.stringify([principal?.name, principal?.project, options.op, options.input()]))
  /** Of which filters and order the rows are. */
  let kept = key.value
  const asked = shallowRef({ input: options.input(), sort: options.sort() })
  /** With every page: a cursor holds for the very request that gave it out. */
  const total = options.total ? { includeTotal: true } : {}
  const askFor = (cursor: string) => ({ cursor, input: { ...asked.value.input, limit: LIMIT, cursor: cursor || undefined, ...total } as unknown as Input<O> })
  let [cut, isStuck] = [new AbortController(), false]

  async function more(): Promise<void> {
    if (isFetching.value || (known.value && !list.value.next)) return
    isStuck = false
    const cursor = known.value ? list.value.next! : start.value
    const ask = askFor(cursor)
    const mine = cut
    isFetching.value = true
    try {
      const page = await call(options.op, ask.input, { signal: mine.signal })
      if (mine.signal.aborted) return
      looks.took(ask, page as unknown as PageOf<O>)
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
    asked.value = { input: options.input(), sort: options.sort() }
    cut.abort()
    cut = new AbortController()
    list.value = none()
    found.value = new Map()
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
    ;[known.value, top.value, start.value] = [true, before.top, list.value.pages[0]?.cursor ?? '']
  } else void more()
  watch(key, () => {
    keep()
    void begin()
  })
  // Pages are asked for here, not by vue-query: what did not come while the server was away is asked for again.
  const forget = whenBack(() => void ((!known.value || isStuck) && more()))
  onScopeDispose(() => {
    forget()
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
    const next = patched(list.value, items, options.idOf, { isWhole: items.length < HEAD, isFixed: isFixed(options.op, asked.value.sort) })
    ;[list.value, fresh.value] = [next.rows, next.fresh]
    // Nothing jumps that somebody is reading: not where there was nothing, nor where he just came back to the beginning.
    if (next.fresh && (!list.value.rows.length || (Date.now() - cameBack < JUST && top.value === 0))) void begin()
  })

  // What is seen is read again where it stands. The head is looked at anyway, less the rows in it that wait to be shown.
  const seen = ref<Span>({ first: 0, last: 0 })
  const rested = refDebounced(seen, LOOKS)
  const asks = () => (known.value ? cursorsIn(list.value, rested.value, HEAD - fresh.value).map(askFor) : [])
  const changing = computed(() => list.value.rows.slice(rested.value.first, rested.value.last).some((row) => options.moving?.(row)))
  const looks = useLooks(options.op, asks, () => (changing.value ? 3_000 : 15_000), ({ items, page }, cursor) => {
    const at = list.value.pages.find((page) => page.cursor === cursor)?.at ?? 0
    const fixed = isFixed(options.op, asked.value.sort)
    const order = { isFixed: fixed, isWhole: !page.nextCursor && (fixed || !cursor) }
    list.value = patched(list.value, items, options.idOf, order, at).rows
    // What is new at the head is counted there.
    const fresh = between(list.value, items, options.idOf, !page.nextCursor).filter((row) => cursor || items.indexOf(row) >= HEAD)
    found.value = new Map([...found.value].filter(([of]) => of !== cursor))
    if (fresh.length) found.value.set(cursor, { items, isWhole: !page.nextCursor, count: fresh.length })
    if (!list.value.rows.length && (list.value.next || start.value)) void begin()
  })

  watch([head.error, looks.error], ([first, second]) => (first || second) && (error.value = asApiError(first ?? second)))
  watch([head.dataUpdatedAt, looks.age], () => isStuck || (error.value = null))

  const waiting = computed(() => fresh.value + [...found.value.values()].reduce((sum, { count }) => sum + count, 0))
  /** Puts what waits between the rows there. What waits at the head wants the list to begin anew. */
  function put(): boolean {
    if (fresh.value) return false
    for (const [cursor, { items, isWhole }] of found.value) {
      const at = list.value.pages.find((page) => page.cursor === cursor)?.at ?? 0
      list.value = joined(list.value, items, options.idOf, isWhole, at)
    }
    found.value = new Map()
    return true
  }

  const data = computed(() => (known.value ? list.value.rows : undefined))
  const age = computed(() => Math.max(start.value ? 0 : head.dataUpdatedAt.value, looks.age.value))
  const look = () => Promise.all([start.value ? undefined : head.refetch(), looks.refetch()])
  const refetch = () => (known.value && !isStuck ? look() : more())
  return { data, list, error, isFetching, refetch, more, begin, put, fresh: waiting, start, top, seen, age }
}
