/** Names of the models and datasets that rows know by their ids only: the newest of both, read once for all rows. */
import { computed } from 'vue'
import { useRead } from '@/api/query'

const MOST = 500

export function useThingNames() {
  const models = useRead('catalog.list_models', { limit: MOST, sort: '-updatedAt' })
  const datasets = useRead('datasets.list_datasets', { limit: MOST, sort: '-createdAt' })
  const names = computed(() => new Map([...(models.data.value?.items ?? []), ...(datasets.data.value?.items ?? [])].map(({ id, name, version }) => [id, `${name} ${version}`])))
  return (id: string) => names.value.get(id)
}
