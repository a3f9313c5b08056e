import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { defineComponent, h, ref } from 'vue'

const call = vi.hoisted(() => vi.fn())
vi.mock('@/api/client', async (original) => ({ ...(await original<object>()), call }))
const { useThingNames } = await import('./useThingNames')
const { nameOf } = await import('./useNames')

const model = (id: string) => ({ id, name: `model-${id}`, version: '1.0.0' })
beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Rows that name models by their ids; of the models the newest are those of `newest`. */
async function rowsOf(ids: string[], newest: string[], nextCursor?: string) {
  call.mockReset()
  call.mockImplementation((op, { modelId }) => (op === 'catalog.get_model' ? Promise.resolve(model(modelId)) : Promise.resolve({ items: newest.map(model), page: { nextCursor } })))
  const shown = ref(ids)
  const page = mount(
    defineComponent(() => {
      const nameOf = useThingNames('model')
      return () => h('p', shown.value.map((id) => nameOf('model', id) ?? id).join())
    }),
    { global: { plugins: [[VueQueryPlugin, { queryClient: new QueryClient() }]] } },
  )
  const rest = () => vi.advanceTimersByTimeAsync(1_000)
  await rest()
  const asked = () => call.mock.calls.filter(([op]) => op === 'catalog.get_model').map(([, { modelId }]) => modelId)
  return { shown, page, rest, asked }
}

test('a name that is not among the newest is asked for by its id, once', async () => {
  const { shown, page, rest, asked } = await rowsOf(['new', 'old', 'old'], ['new'], 'more')
  expect([page.text(), asked()]).toEqual(['model-new 1.0.0,model-old 1.0.0,model-old 1.0.0', ['old']])
  shown.value = ['older', 'new']
  await rest()
  shown.value = ['old', 'older']
  await rest()
  expect([page.text(), asked()]).toEqual(['model-old 1.0.0,model-older 1.0.0', ['old', 'older']])
})

test('what is not among all there are is gone, and nobody asks for it', async () => {
  const { page, asked } = await rowsOf(['new', 'gone'], ['new'])
  expect([page.text(), asked()]).toEqual(['model-new 1.0.0,gone', []])
})

test('of many names the last are asked for first, and then the others', async () => {
  const ids = Array.from({ length: 60 }, (_, at) => `m${at}`)
  const { page, rest, asked } = await rowsOf(ids, [], 'more')
  expect(asked().slice(0, 40)).toEqual(ids.slice(20))
  await rest()
  expect(asked()).toHaveLength(60)
  expect(page.text()).toBe(ids.map((id) => nameOf(model(id))).join())
})
