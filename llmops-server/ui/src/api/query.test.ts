import { QueryClient, VueQueryPlugin } from '@tanstack/vue-query'
import { mount } from '@vue/test-utils'
import { expect, test, vi } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Follower } from './sse'

const { call, follow } = vi.hoisted(() => ({ call: vi.fn(), follow: vi.fn() }))
vi.mock('./client', async (original) => ({ ...(await original<object>()), call }))
vi.mock('./sse', () => ({ follow }))
const { useLive, useRead } = await import('./query')

const rest = () => new Promise((resolve) => setTimeout(resolve))

test('an answer that was on its way does not undo what came live', async () => {
  const answers: ((status: string) => void)[] = []
  call.mockImplementation(() => new Promise((resolve) => answers.push((status) => resolve({ status }))))
  let live: Follower<unknown> | undefined
  follow.mockImplementation((_op, _input, to) => ((live = to), () => {}))
  const client = new QueryClient()
  const input = { jobId: 'a' }
  const page = mount(
    defineComponent(() => {
      const job = useRead('training.get_job', input)
      useLive('training.watch_job', input, 'training.get_job', (now) => now)
      return () => h('p', job.data.value?.status)
    }),
    { global: { plugins: [[VueQueryPlugin, { queryClient: client }]] } },
  )
  answers[0]('running')
  await rest()
  void client.invalidateQueries({ queryKey: ['training.get_job'] })
  await rest()
  live!.item({ status: 'cancelled' })
  await rest()
  answers[1]('running')
  await rest()
  expect(page.text()).toBe('cancelled')
  live!.state!('ended')
  await rest()
  expect(answers).toHaveLength(3)
})
