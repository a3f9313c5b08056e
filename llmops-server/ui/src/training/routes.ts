import { Cpu } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

const texts = ['training', 'experiments', 'forms']

export const routes: RouteRecordRaw[] = [
  { path: '/training/jobs', name: 'training', component: () => import('./JobsPage.vue'), meta: { texts, nav: { group: 'ml', order: 1, icon: Cpu, keys: 'g j' } } },
  { path: '/training/jobs/submit', name: 'training-submit', component: () => import('./JobSubmitPage.vue'), meta: { texts, action: 'training.submit_job' } },
  { path: '/training/jobs/:id', name: 'training-job', component: () => import('./JobPage.vue'), props: true, meta: { texts: [...texts, 'models', 'cards', 'files'] } },
]
