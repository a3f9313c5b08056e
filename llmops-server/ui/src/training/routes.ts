import { Cpu } from '@lucide/vue'
import type { RouteRecordRaw } from 'vue-router'
import { call } from '@/api/client'
import type { Wire } from '@/api/types'
import type { Finder } from '@/router'
import { likeIn } from '@/shell/like'

const texts = ['training', 'experiments', 'forms']

export const routes: RouteRecordRaw[] = [
  { path: '/training/jobs', name: 'training', component: () => import('./JobsPage.vue'), meta: { texts, nav: { group: 'ml', order: 1, icon: Cpu, keys: 'g j', op: 'training.list_jobs' } } },
  { path: '/training/jobs/submit', name: 'training-submit', component: () => import('./JobSubmitPage.vue'), meta: { texts, action: 'training.submit_job' } },
  { path: '/training/jobs/:id', name: 'training-job', component: () => import('./JobPage.vue'), props: true, meta: { texts: [...texts, 'models', 'cards', 'files'] } },
]

const hit = (job: Wire<'TrainingJob'>) => ({ path: `/training/jobs/${job.id}`, label: job.name, more: job.submittedAt.slice(0, 10), icon: Cpu })

export const finders: Finder[] = [
  {
    op: 'training.list_jobs',
    find: async (text) => (await likeIn(text, 5, (how) => call('training.list_jobs', how))).map(hit),
    one: async (jobId) => hit(await call('training.get_job', { jobId })),
  },
]
