import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { beforeEach, expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'

const call = vi.hoisted(() => vi.fn())
vi.mock('@/api/client', async (original) => ({ ...(await original<object>()), call }))
const { useList } = await import('./useList')
const { lost } = await import('@/api/link')

type Row = { id: string; status: string }
/** What is on the server, and where each page begins. */
let rows: Row[] = []
const PLACES: Record<string, number> = { '': 0, second: 200, third: 400 }
const NEXT: Record<string, string | undefined> = { '': 'second', second: 'third' }
const first = Array.from({ length: 450 }, (_, at) => ({ id: `r${at}`, status: 'draft' }))
const asked: string[] = []

beforeEach(() => {
  vi.useFakeTimers()
  ;[rows, asked.length] = [first, 0]
  call.mockImplementation((_op, { limit, cursor = '' }: { limit: number; cursor?: string }) => {
    asked.push(limit === 200 ? `page ${cursor}` : 'head')
    // A cursor says after which row a page begins, whatever became of it.
    const before = new Set(first.slice(0, PLACES[cursor]).map(({ id }) => id))
    const items = rows.slice(rows.findLastIndex(({ id }) => before.has(id)) + 1).slice(0, limit)
    return Promise.resolve({ items, page: { nextCursor: items.length === limit ? NEXT[cursor] : undefined, total: rows.length } })
  })
})

/** A list of 38 px rows that begins at `from`, filtered by its own name so that nothing is remembered from another. */
function shown(name: string, from?: string) {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: 5_000 } } })
  let list!: ReturnType<typeof useList<'catalog.list_models'>>
  const sort = ref('')
  const page = mount(
    defineComponent(() => {
      list = useList({ op: 'catalog.list_models', input: () => ({ name }), sort: () => sort.value, from, idOf: ({ id }) => id })
      return () => h('p')
    }),
    { global: { plugins: [[VueQueryPlugin, { queryClient: client }]] } },
  )
  const rest = (ms = 0) => vi.advanceTimersByTimeAsync(ms)
  const look = async (first: number) => {
    list.seen.value = { first, last: first + 20 }
    await rest(400)
    asked.length = 0
  }
  /** What a change that is told makes of it. */
  const tell = async () => {
    void client.invalidateQueries({ queryKey: ['catalog.list_models'] })
    await rest(100)
    return asked.splice(0).sort()
  }
  const at = (place: number) => list.list.value.rows[place]
  return { list, rest, look, tell, at, page }
}

test('only the page that is seen is read again, and what is gone leaves', async () => {
  const { list, rest, look, tell, at } = shown('middle')
  await rest()
  for (let time = 0; time < 2; time += 1) await list.more()
  expect(list.list.value.rows).toHaveLength(450)
  await look(250)
  rows = first.filter(({ id }) => id !== 'r210').map((row) => (row.id === 'r255' ? { ...row, status: 'approved' } : row))
  expect(await tell()).toEqual(['head', 'page second'])
  expect([list.list.value.rows.length, at(254), at(199).id, at(399).id]).toEqual([449, { id: 'r255', status: 'approved' }, 'r199', 'r400'])
  await look(390)
  expect(await tell()).toEqual(['head', 'page second', 'page third'])
  await look(10)
  expect(await tell()).toEqual(['head'])
  await look(100)
  expect(await tell()).toEqual(['head', 'page '])
})

test('a list that begins in the middle is fresh without its head', async () => {
  const { list, rest, look, tell, at, page } = shown('deep', 'third')
  await rest()
  await look(0)
  rows = first.filter(({ id }) => id !== 'r401').map((row) => (row.id === 'r420' ? { ...row, status: 'approved' } : row))
  expect(await tell()).toEqual(['page third'])
  expect([list.list.value.rows.length, at(19)]).toEqual([49, { id: 'r420', status: 'approved' }])
  await rest(15_000)
  expect(asked, 'where nothing is told it is looked at now and then').toEqual(['page third'])
  page.unmount()
})

test('what did not come while the server was away is asked for once it is back', async () => {
  vi.stubGlobal('fetch', () => Promise.resolve({ ok: true }))
  const away = () => {
    call.mockImplementationOnce(() => Promise.reject(new Error('away')))
    lost()
  }
  away()
  const { list, rest, page } = shown('away')
  await rest()
  expect([list.data.value, list.error.value?.message]).toEqual([undefined, 'away'])
  await rest(1_100)
  expect([list.list.value.rows.length, list.error.value]).toEqual([200, null])
  away()
  await list.more()
  expect(list.error.value?.message).toBe('away')
  await rest(1_100)
  expect([list.list.value.rows.length, list.error.value]).toEqual([400, null])
  page.unmount()
  asked.length = 0
  lost()
  await rest(1_100)
  expect(asked, 'who left is not asked for').toEqual([])
})

test('what is new between rows in sight waits, and comes in where it belongs when somebody wants it', async () => {
  const { list, rest, look, tell, at, page } = shown('between')
  await rest()
  for (let time = 0; time < 2; time += 1) await list.more()
  await look(250)
  rows = [...first.slice(0, 260), { id: 'new', status: 'draft' }, ...first.slice(260)]
  await tell()
  expect([list.fresh.value, list.list.value.rows.length, at(260).id]).toEqual([1, 450, 'r260'])
  expect(list.put()).toBe(true)
  expect([list.fresh.value, list.list.value.rows.length, at(259).id, at(260).id, at(261).id]).toEqual([0, 451, 'r259', 'new', 'r260'])
  await tell()
  expect([list.fresh.value, list.list.value.rows.length]).toEqual([0, 451])
  rows = [{ id: 'first', status: 'draft' }, ...rows]
  await tell()
  expect([list.fresh.value, list.put()], 'what is new at the head wants the list to begin anew').toEqual([1, false])
  page.unmount()
})
