/** The two datasets that are compared: versions of the list, or by their ids any others. */
import { computed } from 'vue'
import { useRead } from '@/api/query'
import type { Dataset } from '../dataset'

const ID = /^[0-9a-f]{8}-[0-9a-f-]{27}$/

export function useSides(versions: () => Dataset[] | undefined, asked: () => [string?, string?]) {
  const side = (at: 0 | 1) => {
    const listed = computed(() => versions()?.find((one) => one.version === asked()[at] || one.id === asked()[at]))
    const other = useRead('datasets.get_dataset', () => ({ datasetId: asked()[at] ?? '' }), { enabled: () => versions() !== undefined && !listed.value && ID.test(asked()[at] ?? '') })
    return () => listed.value ?? other.data.value
  }
  const [a, b] = [side(0), side(1)]
  return computed(() => ({ a: a(), b: b() }))
}
