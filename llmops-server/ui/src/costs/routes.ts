import { CircleDollarSign } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/governance/costs', name: 'costs', component: () => import('./CostsPage.vue'), meta: { texts: ['costs'], nav: { group: 'governance', order: 4, icon: CircleDollarSign, keys: 'g o' } } },
]
