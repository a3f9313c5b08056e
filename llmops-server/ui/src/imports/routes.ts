import { CloudDownload } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

const texts = ['transfers', 'imports']
const way = 'imports'

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/imports', name: 'imports', component: () => import('@/transfers/TransfersPage.vue'), props: { way }, meta: { texts, nav: { group: 'catalog', order: 3, icon: CloudDownload, keys: 'g i' } } },
  { path: '/catalog/imports/new', name: 'model-import', component: () => import('./ImportCreatePage.vue'), meta: { texts, action: 'catalog.import_model' } },
  { path: '/catalog/imports/:id', name: 'import', component: () => import('@/transfers/TransferPage.vue'), props: ({ params }) => ({ way, id: params.id }), meta: { texts } },
]
