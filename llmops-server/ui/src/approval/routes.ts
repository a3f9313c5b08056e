import { ClipboardCheck } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/approval-policy', name: 'approval', component: () => import('./ApprovalPage.vue'), meta: { texts: ['approval', 'policies', 'models', 'evaluation', 'forms'], nav: { group: 'catalog', order: 6, icon: ClipboardCheck, keys: 'g p' } } },
]
