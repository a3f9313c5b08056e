import { Box } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Finder } from '@/router'

const texts = ['models', 'cards', 'files', 'reviews', 'lineage', 'forms', 'trash', 'approval']

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/models', name: 'models', component: () => import('./ModelsPage.vue'), meta: { texts, nav: { group: 'catalog', order: 1, icon: Box, keys: 'g m' } } },
  { path: '/catalog/models/new', name: 'model-create', component: () => import('./ModelCreatePage.vue'), meta: { texts, action: 'catalog.create_model' } },
  // Where a registry has the page of a repository: who comes from a platform that exported to this one finds its model.
  { path: '/:project/:repo/tree/:revision', redirect: ({ params }) => ({ name: 'models', query: { text: params.repo } }) },
  { path: '/catalog/models/:id', name: 'model', component: () => import('./ModelPage.vue'), props: true, meta: { texts } },
]

export const finders: Finder[] = [
  {
    op: 'catalog.list_models',
    find: async (text) => {
      const { items } = await call('catalog.list_models', { text, limit: 5 })
      return items.map((model) => ({ path: `/catalog/models/${model.id}`, label: model.name, more: model.version, icon: Box }))
    },
  },
]
