/** Names of datasets and jobs in a lineage, which the catalog knows by their ids only. */
import { useQueries } from '@tanstack/vue-query'
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { call } from '@/api/client'
import { keyOf } from '@/api/query'
import type { Node } from './layout'

const MOST = 40

export function useNames(nodes: MaybeRefOrGetter<Node[]>) {
  const unnamed = computed(() => toValue(nodes).filter((node) => !node.name && (node.kind === 'dataset' || node.kind === 'job')).slice(0, MOST))
  const found = useQueries({
    queries: computed(() => unnamed.value.map((node) => (node.kind === 'dataset'
      ? {
          queryKey: keyOf('datasets.get_dataset', { datasetId: node.id }) as unknown[],
          queryFn: () => call('datasets.get_dataset', { datasetId: node.id }) as Promise<unknown>,
        }
      : {
          queryKey: keyOf('training.get_job', { jobId: node.id }) as unknown[],
          queryFn: () => call('training.get_job', { jobId: node.id }) as Promise<unknown>,
        }))),
  })
  return computed(() => {
    const names = new Map(unnamed.value.map((node, at) => [node.id, nameOf(found.value[at]?.data)]))
    return toValue(nodes).map((node) => ({ ...node, name: node.name ?? names.get(node.id) }))
  })
}

function nameOf(thing: unknown): string | undefined {
  const { name, version, output, jobType } = (thing ?? {}) as { name?: string; version?: string; output?: { name?: string }; jobType?: string }
  if (name) return version ? `${name} ${version}` : name
  return output?.name ?? jobType
}
