import { FlaskConical } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import { namedLike } from '@/links/usePick'
import type { Wire } from '@/api/types'
import type { Finder } from '@/router'
import { isLike, mayBeId } from '@/shell/like'

const texts = ['experiments']

export const routes: RouteRecordRaw[] = [
  { path: '/experiments', name: 'experiments', component: () => import('./RunsPage.vue'), meta: { texts, nav: { group: 'ml', order: 2, icon: FlaskConical, keys: 'g e', op: 'experiments.search_runs' } } },
  { path: '/experiments/compare', name: 'experiment-compare', component: () => import('./ComparePage.vue'), meta: { texts } },
  { path: '/experiments/:id', name: 'experiment-run', component: () => import('./RunPage.vue'), props: true, meta: { texts } },
]

const hit = (run: Pick<Wire<'Run'>, 'id' | 'name' | 'startedAt'>) => ({ path: `/experiments/${run.id}`, label: run.name, more: run.startedAt.slice(0, 10), icon: FlaskConical })

export const finders: Finder[] = [
  {
    op: 'experiments.search_runs',
    find: async (text) => {
      // The filter knows no id: the newest are looked through.
      const { items } = await call('experiments.search_runs', mayBeId(text) ? { limit: 200 } : { filter: namedLike(text), limit: 5 })
      return items.filter(isLike(text)).slice(0, 5).map(hit)
    },
    one: async (runId) => hit(await call('experiments.get_run', { runId })),
  },
]
