/** All routes: each folder's `routes.ts` brings its own, so that a new page touches its folder only. */
import type { Component } from 'vue'
import { createRouter, createWebHistory, type RouteLocation, type RouteMeta, type RouteRecordRaw } from 'vue-router'
import { knowSession, may } from '@/api/session'
import type { OpId } from '@/api/types'
import { mayLeave } from '@/forms/leaving'
import { isNotLoaded, notLoaded } from '@/use/lazy'
import { loadTexts } from '@/use/texts'

declare module 'vue-router' {
  interface RouteMeta {
    /** Folders whose texts the page shows. */
    texts?: string[]
    /** Shows the route in the sidebar, by `shell.nav.<name of the route>`; with `op` to who may carry that out. */
    nav?: { group: Group; order: number; icon: Component; keys?: string; op?: OpId }
    /** Shown without being signed in. */
    open?: boolean
    /** Offered as an action, by `shell.actions.<name of the route>`, to who may carry out this operation. */
    action?: OpId
  }
}

export const GROUPS = ['start', 'catalog', 'ml', 'governance', 'operations', 'admin'] as const
export type Group = (typeof GROUPS)[number]

export type Hit = { path: string; label: string; more?: string; icon: Component }
/** Finds things by a part of their name or by the end of their id, for the command palette; with `one` also what is too old for that, by its whole id. */
export type Finder = {
  op: OpId
  find: (text: string) => Promise<Hit[]>
  one?: (id: string) => Promise<Hit>
}

const modules = import.meta.glob<{ routes: RouteRecordRaw[]; finders?: Finder[] }>('../*/routes.ts', { eager: true })
const routes = Object.values(modules).flatMap((module) => module.routes)
export const finders = Object.values(modules).flatMap((module) => module.finders ?? [])

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...routes,
    { path: '/:rest(.*)*', name: 'nowhere', component: () => import('@/shell/NowherePage.vue') },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? {} : { top: 0 }),
})

/** What is shown: another tab of a page, or the page without its form, takes a form away as another page does. */
const shownAt = ({ path, query }: Pick<RouteLocation, 'path' | 'query'>) => JSON.stringify([path, query.tab, query.edit])
router.beforeEach((to, from) => shownAt(to) === shownAt(from) || mayLeave())

router.beforeEach(async (to) => {
  // A server that cannot be reached has not signed anybody out: the page comes and says so itself.
  const [known] = await Promise.all([knowSession().catch(() => 'unreachable' as const), loadTexts(to.meta.texts ?? [])])
  if (known || to.meta.open) return true
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})

router.onError((thrown, to) => {
  if (isNotLoaded(thrown)) void notLoaded(() => void router.push(to.fullPath), () => location.assign(router.resolve(to.fullPath).href))
})
addEventListener('unhandledrejection', (event) => isNotLoaded(event.reason) && event.preventDefault())

/** Whether a page is for who is signed in. */
export const isFor = ({ meta }: { meta: RouteMeta }) => !meta.nav?.op || may(meta.nav.op)

/** The pages of the sidebar, by group. */
export const navigation = GROUPS.map((group) => ({
  group,
  pages: router.getRoutes().filter((route) => route.meta.nav?.group === group)
    .sort((a, b) => (a.meta.nav?.order ?? 0) - (b.meta.nav?.order ?? 0)),
})).filter(({ pages }) => pages.length > 0)

if (!routes.some((route) => route.path === '/')) router.addRoute({ path: '/', redirect: () => navigation[0].pages[0].path })
