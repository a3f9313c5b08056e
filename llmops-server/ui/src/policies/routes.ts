import { ShieldCheck } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Finder } from '@/router'
import { pathOf } from './policy'

const texts = ['policies', 'datasets']

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/policies', name: 'policies', component: () => import('./PoliciesPage.vue'), meta: { texts, nav: { group: 'catalog', order: 5, icon: ShieldCheck, keys: 'g y' } } },
  { path: '/catalog/policies/new', name: 'policy-create', component: () => import('./PolicyCreatePage.vue'), meta: { texts, action: 'datasets.put_pii_policy' } },
  { path: '/catalog/policies/:name', name: 'policy', component: () => import('./PolicyPage.vue'), props: true, meta: { texts } },
]

export const finders: Finder[] = [
  {
    op: 'datasets.list_pii_policies',
    // A project has at most a hundred, and their list knows no text: it is looked for here.
    find: async (text) => {
      const { items } = await call('datasets.list_pii_policies', { limit: 100 })
      const hits = items.filter(({ name }) => name.includes(text.toLowerCase())).slice(0, 5)
      return hits.map(({ name, version }) => ({ path: pathOf(name), label: name, more: `v${version}`, icon: ShieldCheck }))
    },
  },
]
