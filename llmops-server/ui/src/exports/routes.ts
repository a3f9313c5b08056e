import { CloudUpload } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'

const texts = ['transfers', 'exports']
const way = 'exports'

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/exports', name: 'exports', component: () => import('@/transfers/TransfersPage.vue'), props: { way }, meta: { texts, nav: { group: 'catalog', order: 4, icon: CloudUpload, keys: 'g x' } } },
  { path: '/catalog/exports/new', name: 'model-export', component: () => import('./ExportCreatePage.vue'), meta: { texts, action: 'catalog.export_model' } },
  { path: '/catalog/exports/:id', name: 'export', component: () => import('@/transfers/TransferPage.vue'), props: ({ params }) => ({ way, id: params.id }), meta: { texts } },
]
