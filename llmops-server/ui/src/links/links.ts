/** Where a thing of the platform has its page: by its kind. Pages that do not exist yet have none. */
import { Box, CloudDownload, CloudUpload, Cpu, Database, FlaskConical, Gauge, Rocket } from '@lucide/vue'
import type { Component } from 'vue'
import { type RouteLocationRaw, useRouter } from 'vue-router'

export type Kind = 'model' | 'dataset' | 'job' | 'evaluation' | 'endpoint' | 'run' | 'import' | 'export'

const PAGES: Record<Kind, { route: string; icon: Component }> = {
  model: { route: 'model', icon: Box },
  dataset: { route: 'dataset', icon: Database },
  job: { route: 'training-job', icon: Cpu },
  evaluation: { route: 'evaluation-run', icon: Gauge },
  endpoint: { route: 'endpoint', icon: Rocket },
  run: { route: 'experiment-run', icon: FlaskConical },
  import: { route: 'import', icon: CloudDownload },
  export: { route: 'export', icon: CloudUpload },
}

export const iconOf = (kind: string): Component => PAGES[kind as Kind]?.icon ?? Box

/** The page of a thing, if there is one. Every such route names its parameter `id`. */
export function usePageOf() {
  const router = useRouter()
  return (kind: string, id: string): RouteLocationRaw | undefined => {
    const name = PAGES[kind as Kind]?.route
    return name && router.hasRoute(name) ? { name, params: { id } } : undefined
  }
}

/** A page by its name, if it exists. */
export function useRouteIf() {
  const router = useRouter()
  return (name: string, query: Record<string, string> = {}): RouteLocationRaw | undefined => (router.hasRoute(name) ? { name, query } : undefined)
}
