import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import { ApiError } from '@/api/error'

const call = vi.hoisted(() => vi.fn())
vi.mock('@/api/client', async (original) => ({ ...(await original<object>()), call }))
const { useWhole } = await import('./useWhole')
const { endpointsLike } = await import('@/links/endpoints')

const rest = () => new Promise((resolve) => setTimeout(resolve))
const page = (ids: string[], nextCursor?: string) => ({ items: ids.map((id) => ({ id, route: `/${id}`, modelName: 'm' })), page: { nextCursor } })

/** Shows a list whose pages are answered one by one, by whoever calls `answer`. */
function shown() {
  const waiting: { resolve: (page: unknown) => void; reject: (error: unknown) => void }[] = []
  call.mockImplementation(() => new Promise((resolve, reject) => waiting.push({ resolve, reject })))
  const view = mount(
    defineComponent(() => {
      const whole = useWhole('serving.list_endpoints', {})
      return () => h('p', [whole.data.value?.map(({ id }) => id).join() ?? 'waiting', whole.error.value?.message ?? ''].join(' ').trim())
    }),
    { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient({ defaultOptions: { queries: { retry: false } } }) }]] } },
  )
  const answer = async (give: (to: (typeof waiting)[number]) => void) => {
    await vi.waitFor(() => expect(waiting.length).toBeGreaterThan(0))
    give(waiting.shift()!)
    await rest()
    await rest()
    return view.text()
  }
  return { answer, view }
}

test('a list is there when its last page is', async () => {
  const { answer } = shown()
  expect(await answer((to) => to.resolve(page(['a', 'b'], 'c1')))).toBe('waiting')
  expect(await answer((to) => to.resolve(page(['c'])))).toBe('a,b,c')
})

test('a list of which a page does not come is not there, and says why', async () => {
  const { answer } = shown()
  await answer((to) => to.resolve(page(['a'], 'c1')))
  expect(await answer((to) => to.reject(new ApiError(503, 'unavailable', 'not now')))).toBe('waiting not now')
})

test('an endpoint is found behind the first page, and no page is read for nothing', async () => {
  const pages: Record<string, unknown> = { '': page(['one', 'two'], 'c1'), c1: page(['three', 'thirty'], 'c2'), c2: page(['third']) }
  call.mockReset()
  call.mockImplementation((_op, { cursor = '' }) => Promise.resolve(pages[cursor]))
  expect((await endpointsLike(' THI', 1)).map(({ id }) => id)).toEqual(['thirty'])
  expect(call).toHaveBeenCalledTimes(2)
  expect((await endpointsLike('thi', 5)).map(({ id }) => id)).toEqual(['thirty', 'third'])
})
