import { Rocket } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Finder } from '@/router'

const texts = ['serving', 'forms']

export const routes: RouteRecordRaw[] = [
  { path: '/serving/endpoints', name: 'serving', component: () => import('./EndpointsPage.vue'), meta: { texts, nav: { group: 'ml', order: 4, icon: Rocket, keys: 'g s' } } },
  { path: '/serving/endpoints/deploy', name: 'endpoint-deploy', component: () => import('./EndpointDeployPage.vue'), meta: { texts, action: 'serving.deploy_endpoint' } },
  { path: '/serving/endpoints/:id', name: 'endpoint', component: () => import('./EndpointPage.vue'), props: true, meta: { texts } },
]

export const finders: Finder[] = [
  {
    op: 'serving.list_endpoints',
    find: async (text) => {
      const { items } = await call('serving.list_endpoints', { limit: 200 })
      const fitting = items.filter((one) => `${one.route} ${one.modelName}`.toLowerCase().includes(text.toLowerCase())).slice(0, 5)
      return fitting.map((one) => ({ path: `/serving/endpoints/${one.id}`, label: one.route, more: one.environment, icon: Rocket }))
    },
  },
]
