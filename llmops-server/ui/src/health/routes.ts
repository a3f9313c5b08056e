import { HeartPulse } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/admin/health', name: 'health', component: () => import('./HealthPage.vue'), meta: { texts: ['health'], nav: { group: 'admin', order: 3, icon: HeartPulse, keys: 'g l' } } },
]
