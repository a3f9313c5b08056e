import { Box } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Wire } from '@/api/types'
import type { Finder } from '@/router'
import { likeIn } from '@/shell/like'

const texts = ['models', 'cards', 'files', 'reviews', 'lineage', 'forms', 'trash', 'approval']

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/models', name: 'models', component: () => import('./ModelsPage.vue'), meta: { texts, nav: { group: 'catalog', order: 1, icon: Box, keys: 'g m' } } },
  { path: '/catalog/models/new', name: 'model-create', component: () => import('./ModelCreatePage.vue'), meta: { texts, action: 'catalog.create_model' } },
  // Where a registry has the page of a repository: who comes from a platform that exported to this one finds its model.
  { path: '/:project/:repo/tree/:revision', redirect: ({ params }) => ({ name: 'models', query: { text: params.repo } }) },
  { path: '/catalog/models/:id', name: 'model', component: () => import('./ModelPage.vue'), props: true, meta: { texts } },
]

const hit = (model: Wire<'Model'>) => ({ path: `/catalog/models/${model.id}`, label: model.name, more: model.version, icon: Box })

export const finders: Finder[] = [
  {
    op: 'catalog.list_models',
    find: async (text) => (await likeIn(text, 5, (how) => call('catalog.list_models', how))).map(hit),
    one: async (modelId) => hit(await call('catalog.get_model', { modelId })),
  },
]
