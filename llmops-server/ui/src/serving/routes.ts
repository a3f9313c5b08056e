import { Rocket } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Wire } from '@/api/types'
import { endpointsLike } from '@/links/endpoints'
import type { Finder } from '@/router'

const texts = ['serving', 'forms']

export const routes: RouteRecordRaw[] = [
  { path: '/serving/endpoints', name: 'serving', component: () => import('./EndpointsPage.vue'), meta: { texts, nav: { group: 'ml', order: 4, icon: Rocket, keys: 'g s' } } },
  { path: '/serving/endpoints/deploy', name: 'endpoint-deploy', component: () => import('./EndpointDeployPage.vue'), meta: { texts, action: 'serving.deploy_endpoint' } },
  { path: '/serving/endpoints/:id', name: 'endpoint', component: () => import('./EndpointPage.vue'), props: true, meta: { texts } },
]

const hit = (one: Wire<'Endpoint'>) => ({ path: `/serving/endpoints/${one.id}`, label: one.route, more: one.environment, icon: Rocket })

export const finders: Finder[] = [
  {
    op: 'serving.list_endpoints',
    find: async (text) => (await endpointsLike(text, 5)).map(hit),
    one: async (endpointId) => hit(await call('serving.get_endpoint', { endpointId })),
  },
]
