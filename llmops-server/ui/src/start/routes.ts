import { BookOpen } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

export const routes: RouteRecordRaw[] = [
  { path: '/', name: 'start', component: () => import('./StartPage.vue'), meta: { texts: ['start'], nav: { group: 'start', order: 1, icon: BookOpen, keys: 'g h' } } },
]
