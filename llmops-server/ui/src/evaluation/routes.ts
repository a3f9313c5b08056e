import { Gauge } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

const texts = ['evaluation', 'forms']

export const routes: RouteRecordRaw[] = [
  { path: '/evaluations', name: 'evaluation', component: () => import('./EvaluationsPage.vue'), meta: { texts, nav: { group: 'ml', order: 3, icon: Gauge, keys: 'g v' } } },
  { path: '/evaluations/new', name: 'evaluation-create', component: () => import('./EvaluationCreatePage.vue'), meta: { texts, action: 'evaluation.start_run' } },
  { path: '/evaluations/compare', name: 'evaluation-compare', component: () => import('./ComparePage.vue'), meta: { texts } },
  { path: '/evaluations/:id', name: 'evaluation-run', component: () => import('./EvaluationPage.vue'), props: true, meta: { texts } },
]
