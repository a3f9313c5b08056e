/** Which columns of a list are shown, kept in this browser. The first always is. */
import { computed } from 'vue'
import { kept } from '@/use/kept'
import type { Column } from './types'

export function useColumns<T>(list: string, columns: () => Column<T>[]) {
  /** Those whose state differs from the usual, so that a column that is added later shows as it should. */
  const turned = kept<string>(`columns.${list}`, '', () => true)
  const set = computed(() => new Set(turned.value.split(',').filter(Boolean)))
  const isShown = (column: Column<T>) => Boolean(column.extra) === set.value.has(column.id)
  const all = computed(() => columns().map((column, at) => ({ id: column.id, label: column.label, shown: at === 0 || isShown(column), fixed: at === 0 })))
  const shown = computed(() => columns().filter((column, at) => at === 0 || isShown(column)))
  function toggle(id: string) {
    const next = new Set(set.value)
    if (!next.delete(id)) next.add(id)
    turned.value = [...next].join(',')
  }
  return { all, shown, toggle }
}
