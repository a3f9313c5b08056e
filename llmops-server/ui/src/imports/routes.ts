import { CloudDownload } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

const texts = ['imports']

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/imports', name: 'imports', component: () => import('./ImportsPage.vue'), meta: { texts, nav: { group: 'catalog', order: 3, icon: CloudDownload, keys: 'g i' } } },
  { path: '/catalog/imports/new', name: 'model-import', component: () => import('./ImportCreatePage.vue'), meta: { texts, action: 'catalog.import_model' } },
  { path: '/catalog/imports/:id', name: 'import', component: () => import('./ImportPage.vue'), props: true, meta: { texts } },
]
