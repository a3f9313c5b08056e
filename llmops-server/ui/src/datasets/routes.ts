import { Database } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Wire } from '@/api/types'
import type { Finder } from '@/router'
import { likeIn } from '@/shell/like'

const texts = ['datasets', 'cards', 'files', 'reviews', 'lineage', 'forms', 'trash']

export const routes: RouteRecordRaw[] = [
  { path: '/catalog/datasets', name: 'datasets', component: () => import('./DatasetsPage.vue'), meta: { texts, nav: { group: 'catalog', order: 2, icon: Database, keys: 'g d' } } },
  { path: '/catalog/datasets/new', name: 'dataset-create', component: () => import('./DatasetCreatePage.vue'), meta: { texts, action: 'datasets.create_dataset' } },
  { path: '/catalog/datasets/:id/compare', name: 'dataset-compare', component: () => import('./compare/ComparePage.vue'), props: true, meta: { texts } },
  { path: '/catalog/datasets/:id/derive', name: 'dataset-derive', component: () => import('./derive/DerivePage.vue'), props: true, meta: { texts } },
  { path: '/catalog/datasets/:id/derivations/:derivationId', name: 'dataset-derivation', component: () => import('./derive/DerivationPage.vue'), props: true, meta: { texts } },
  { path: '/catalog/datasets/:id/contamination/new', name: 'contamination-new', component: () => import('./contamination/CheckCreatePage.vue'), props: true, meta: { texts } },
  { path: '/catalog/datasets/:id/contamination/:checkId', name: 'contamination-check', component: () => import('./contamination/CheckPage.vue'), props: true, meta: { texts } },
  { path: '/catalog/datasets/:id/tokens/new', name: 'token-count-new', component: () => import('./tokens/CountCreatePage.vue'), props: true, meta: { texts } },
  { path: '/catalog/datasets/:id/tokens/:countId', name: 'token-count', component: () => import('./tokens/CountPage.vue'), props: true, meta: { texts } },
  { path: '/catalog/datasets/:id', name: 'dataset', component: () => import('./DatasetPage.vue'), props: true, meta: { texts } },
]

const hit = (dataset: Wire<'Dataset'>) => ({ path: `/catalog/datasets/${dataset.id}`, label: dataset.name, more: dataset.version, icon: Database })

export const finders: Finder[] = [
  {
    op: 'datasets.list_datasets',
    find: async (text) => (await likeIn(text, 5, (how) => call('datasets.list_datasets', how))).map(hit),
    one: async (datasetId) => hit(await call('datasets.get_dataset', { datasetId })),
  },
]
