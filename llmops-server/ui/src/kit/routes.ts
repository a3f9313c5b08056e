import { Shapes } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

/** The kit is there for who builds pages: in development builds only. */
export const routes: RouteRecordRaw[] = import.meta.env.DEV
  ? [{ path: '/dev/kit', name: 'kit', component: () => import('./KitPage.vue'), meta: { texts: ['files', 'forms', 'lineage'], nav: { group: 'admin', order: 99, icon: Shapes } } }]
  : []
