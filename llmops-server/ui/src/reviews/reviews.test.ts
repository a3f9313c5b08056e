import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { loadTexts } from '@/use/texts'

const call = vi.hoisted(() => vi.fn())
vi.mock('@/api/client', async (original) => ({ ...(await original<object>()), call }))
const { default: ReviewsTab } = await import('@/datasets/ReviewsTab.vue')

const reviews = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => ({ id: String(from + at), decision: 'approve', reviewer: 'r', createdAt: '2026-01-01T00:00:00Z' }))

test('a list that has more than is shown leads to the rest, and says so no longer once all is there', async () => {
  call.mockImplementation((_op, { cursor, limit }) =>
    Promise.resolve(cursor ? { items: reviews(limit, limit + 3), page: {} } : { items: reviews(0, limit), page: { nextCursor: 'c1' } }),
  )
  await loadTexts(['atoms', 'lists', 'reviews'])
  const view = mount(ReviewsTab, { props: { datasetId: 'd' }, global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } })
  const more = () => view.findAll('button').find((button) => button.text() === 'Show more')
  await vi.waitFor(() => expect(more()).toBeDefined())
  const shown = view.findAll('li').length
  expect(view.text()).toContain(`${shown} shown`)
  await more()!.trigger('click')
  await vi.waitFor(() => expect(view.findAll('li')).toHaveLength(shown + 3))
  expect(more()).toBeUndefined()
})
