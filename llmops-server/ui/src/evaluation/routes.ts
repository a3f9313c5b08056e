import { Gauge } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Wire } from '@/api/types'
import type { Finder } from '@/router'
import { likeIn } from '@/shell/like'

const texts = ['evaluation', 'forms']

export const routes: RouteRecordRaw[] = [
  { path: '/evaluations', name: 'evaluation', component: () => import('./EvaluationsPage.vue'), meta: { texts, nav: { group: 'ml', order: 3, icon: Gauge, keys: 'g v', op: 'evaluation.list_runs' } } },
  { path: '/evaluations/new', name: 'evaluation-create', component: () => import('./EvaluationCreatePage.vue'), meta: { texts, action: 'evaluation.start_run' } },
  { path: '/evaluations/compare', name: 'evaluation-compare', component: () => import('./ComparePage.vue'), meta: { texts } },
  { path: '/evaluations/:id', name: 'evaluation-run', component: () => import('./EvaluationPage.vue'), props: true, meta: { texts } },
]

const hit = (run: Pick<Wire<'EvaluationRun'>, 'id' | 'name' | 'createdAt'>) => ({ path: `/evaluations/${run.id}`, label: run.name, more: run.createdAt.slice(0, 10), icon: Gauge })

export const finders: Finder[] = [
  {
    op: 'evaluation.list_runs',
    find: async (text) => (await likeIn(text, 5, (how) => call('evaluation.list_runs', how))).map(hit),
    one: async (runId) => hit(await call('evaluation.get_run', { runId })),
  },
]
