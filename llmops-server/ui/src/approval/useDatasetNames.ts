/** Names of the dataset versions that a policy wants evaluations over. */
import { computed, type MaybeRefOrGetter, toValue } from 'vue'
import { useNames } from '@/links/useNames'
import type { Required } from './approval'

export function useDatasetNames(evaluations: MaybeRefOrGetter<Required[]>) {
  const ids = computed(() => [...new Set(toValue(evaluations).flatMap(({ datasetId }) => datasetId ?? []))])
  const named = useNames(() => ids.value.map((id) => ({ kind: 'dataset', id })))
  return (datasetId: string) => named.value.find(({ id }) => id === datasetId)?.name ?? undefined
}
