/** Names of things in a lineage that are known by their ids only. */
import { useQueries } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { call } from '@/api/client'
import { keyOf } from '@/api/query'
import type { Node } from './layout'

const MOST = 40

const READ: Record<string, (id: string) => { queryKey: unknown[]; queryFn: () => Promise<unknown> }> = {
  model: (id) => ({ queryKey: keyOf('catalog.get_model', { modelId: id }), queryFn: () => call('catalog.get_model', { modelId: id }) }),
  dataset: (id) => ({ queryKey: keyOf('datasets.get_dataset', { datasetId: id }), queryFn: () => call('datasets.get_dataset', { datasetId: id }) }),
  job: (id) => ({ queryKey: keyOf('training.get_job', { jobId: id }), queryFn: () => call('training.get_job', { jobId: id }) }),
}

export function useNames(nodes: MaybeRefOrGetter<Node[]>) {
  const unnamed = computed(() => toValue(nodes).filter((node) => !node.name && node.kind in READ).slice(0, MOST))
  const found = useQueries({ queries: computed(() => unnamed.value.map((node) => READ[node.kind](node.id))) })
  return computed(() => {
    const names = new Map(unnamed.value.map((node, at) => [node.id, nameOf(found.value[at]?.data)]))
    return toValue(nodes).map((node) => ({ ...node, name: node.name ?? names.get(node.id) }))
  })
}

function nameOf(thing: unknown): string | undefined {
  const { name, version } = (thing ?? {}) as { name?: string; version?: string }
  return name && version ? `${name} ${version}` : name
}
