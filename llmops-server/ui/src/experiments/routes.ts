import { FlaskConical } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import { namedLike } from '@/links/usePick'
import type { Finder } from '@/router'

const texts = ['experiments']

export const routes: RouteRecordRaw[] = [
  { path: '/experiments', name: 'experiments', component: () => import('./RunsPage.vue'), meta: { texts, nav: { group: 'ml', order: 2, icon: FlaskConical, keys: 'g e' } } },
  { path: '/experiments/compare', name: 'experiment-compare', component: () => import('./ComparePage.vue'), meta: { texts } },
  { path: '/experiments/:id', name: 'experiment-run', component: () => import('./RunPage.vue'), props: true, meta: { texts } },
]

export const finders: Finder[] = [
  {
    op: 'experiments.search_runs',
    find: async (text) => {
      const { items } = await call('experiments.search_runs', { filter: namedLike(text), limit: 5 })
      return items.map((run) => ({ path: `/experiments/${run.id}`, label: run.name, more: run.startedAt.slice(0, 10), icon: FlaskConical }))
    },
  },
]
