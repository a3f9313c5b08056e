import { Gauge } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Finder } from '@/router'
import { isLike } from '@/shell/like'

const texts = ['evaluation', 'forms']

export const routes: RouteRecordRaw[] = [
  { path: '/evaluations', name: 'evaluation', component: () => import('./EvaluationsPage.vue'), meta: { texts, nav: { group: 'ml', order: 3, icon: Gauge, keys: 'g v', op: 'evaluation.list_runs' } } },
  { path: '/evaluations/new', name: 'evaluation-create', component: () => import('./EvaluationCreatePage.vue'), meta: { texts, action: 'evaluation.start_run' } },
  { path: '/evaluations/compare', name: 'evaluation-compare', component: () => import('./ComparePage.vue'), meta: { texts } },
  { path: '/evaluations/:id', name: 'evaluation-run', component: () => import('./EvaluationPage.vue'), props: true, meta: { texts } },
]

export const finders: Finder[] = [
  {
    op: 'evaluation.list_runs',
    // Their list knows no text: the newest are looked through.
    find: async (text) => {
      const { items } = await call('evaluation.list_runs', { limit: 200 })
      return items.filter(isLike(text)).slice(0, 5).map((run) => ({ path: `/evaluations/${run.id}`, label: run.name, more: run.createdAt.slice(0, 10), icon: Gauge }))
    },
  },
]
