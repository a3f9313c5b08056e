/** The columns that are shown, of those that a dataset has: in the address, and the same for preview and statistics. */
import { computed } from 'vue'
import { useUrlList } from '@/use/useUrl'
import type { Dataset } from './dataset'

export function useShownColumns(dataset: () => Dataset) {
  const asked = useUrlList('column')
  const names = computed(() => dataset().schema.map(({ name }) => name))
  /** None chosen means all. An address may name columns that are gone. */
  const chosen = computed({ get: () => names.value.filter((name) => asked.value.includes(name)), set: (list) => (asked.value = list) })
  const shown = computed(() => (chosen.value.length ? chosen.value : names.value))
  return { names, chosen, shown }
}
