import { Trash2 } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/trash', name: 'trash', component: () => import('./TrashPage.vue'), meta: { texts: ['trash'], nav: { group: 'catalog', order: 7, icon: Trash2, keys: 'g t' } } },
]
