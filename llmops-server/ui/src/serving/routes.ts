import { Rocket } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { endpointsLike } from '@/links/endpoints'
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
    find: async (text) => (await endpointsLike(text, 5)).map((one) => ({ path: `/serving/endpoints/${one.id}`, label: one.route, more: one.environment, icon: Rocket })),
  },
]
