import { MessagesSquare } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/chat', name: 'chat', component: () => import('./ChatPage.vue'), meta: { texts: ['chat'], nav: { group: 'ml', order: 5, icon: MessagesSquare, keys: 'g c', op: 'gateway.chat' } } },
]
