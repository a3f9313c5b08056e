/** The families that models may be of, as a choice: all of them, or those of which something is so. */
import { computed } from 'vue'
import { useRead } from '@/api/query'
import type { Wire } from '@/api/types'

export function useFamilies(wanted: (family: Wire<'ModelFamily'>) => boolean = () => true) {
  const found = useRead('catalog.list_model_families', {})
  return computed(() => (found.data.value?.items ?? []).filter(wanted).map(({ name }) => ({ value: name, label: name })))
}
