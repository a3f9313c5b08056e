import { mount } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { defineComponent, h } from 'vue'
import { createMemoryHistory, createRouter } from 'vue-router'
import { useUrlIds, useUrlList, useUrlValue, useUrlValues } from './useUrl'

/** A page at `path` that has `use`, and the router that shows it. */
async function at<T>(path: string, use: () => T) {
  const page = defineComponent({ render: () => h('p') })
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/:rest(.*)*', component: page }] })
  await router.push(path)
  let used!: T
  mount(defineComponent(() => ((used = use()), () => h('p'))), { global: { plugins: [router] } })
  return { used, router, now: () => router.currentRoute.value.fullPath }
}
const settled = () => new Promise((done) => setTimeout(done))

test('a value is read, set, and taken out where it is the usual one; others stay', async () => {
  const { used, now } = await at('/list?a=1&tab=files', () => useUrlValue('tab', 'card'))
  expect(used.value).toBe('files')
  used.value = 'rows'
  await settled()
  expect([used.value, now()]).toEqual(['rows', '/list?a=1&tab=rows'])
  used.value = 'card'
  await settled()
  expect([used.value, now()]).toEqual(['card', '/list?a=1'])
})

test('a list holds any word, and several values change at once', async () => {
  const { used, now } = await at('/list?key=a,b&key=c&from=x', () => ({ keys: useUrlList('key'), ...useUrlValues(() => ['state', 'from']) }))
  expect([used.keys.value, used.values.value]).toEqual([['a,b', 'c'], { from: 'x' }])
  await used.set({ state: 'draft', from: undefined })
  expect(now()).toBe('/list?key=a,b&key=c&state=draft')
  used.keys.value = []
  await settled()
  expect(now()).toBe('/list?state=draft')
})

test('ids stand together, and parts of a page keep their values apart', async () => {
  const { used, now } = await at('/trash?model.from=x&from=y&selected=a,b', () => ({ ids: useUrlIds('selected'), ...useUrlValues(() => ['from'], 'model') }))
  expect([used.ids.value, used.values.value]).toEqual([['a', 'b'], { from: 'x' }])
  await used.set({ from: undefined })
  used.ids.value = ['b', 'c']
  await settled()
  expect(now()).toBe('/trash?from=y&selected=b,c')
})

test('what is set at the same time holds together', async () => {
  const { used, now } = await at('/list?selected=a&state=draft', () => ({ ids: useUrlIds('selected'), ...useUrlValues(() => ['state']) }))
  used.ids.value = []
  await used.set({ state: 'ready' })
  expect(now()).toBe('/list?state=ready')
  await used.set({ state: undefined })
  expect(now()).toBe('/list')
})

test('what a page sets after it was left changes nothing, and it keeps what it had', async () => {
  const use = () => ({ from: useUrlValue('from'), keys: useUrlList('key'), ...useUrlValues(() => ['state']) })
  const { used, router, now } = await at('/list?state=draft', use)
  expect(used.values.value).toEqual({ state: 'draft' })
  await router.push('/list/one?tab=files')
  used.from.value = 'cursor'
  used.keys.value = ['a']
  await used.set({ state: undefined })
  await settled()
  expect([now(), used.values.value]).toEqual(['/list/one?tab=files', { state: 'draft' }])
})
